"""Hyperparameters: their customary values, their edges, and what lies between."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.domain import Choice, Kind

# What papers and frameworks take unless told otherwise; a counterexample that needs nothing else is the clearest.
DEFAULTS: dict[str, float] = {
    "lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "rho": 0.9, "momentum": 0.9, "dampening": 0.0, "decay": 0.01,
    "weight_decay": 0.01, "gamma": 0.5, "temperature": 0.5, "alpha": 0.1, "factor": 0.5, "threshold": 1e-4,
}  # fmt: skip
COUNTS = (
    1, 1, 2, 3, 7, 10, 100, 256, 1000, 2048, 10_000, 100_000, 2**24 - 1, 2**24, 2**24 + 1, 2**24 + 3, 2**26 + 1, 2**31,
)  # fmt: skip
DECAYS = (0.0, 2e-16, 1e-8, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 1 - 2.0**-24)
POSITIVES = (1e-16, 1e-12, 1e-8, 1e-6, 1e-3, 0.01, 0.05, 0.1, 0.5, 1.0, 2.0, 10.0, 1e3)


def number(
    name: str,
    kind: Kind | Choice,
    g: np.random.Generator,
    *,
    plain: bool,
    shape: Any = None,
    steps: Any = None,
    lasting: bool = False,
) -> Any:
    """One hyperparameter, or an array of whole numbers; after many steps, often a decay that has not yet died out, and
    always where it is to last."""
    if isinstance(kind, Choice):
        return kind.options[g.integers(len(kind.options))]
    if kind.name == "flag":
        return bool(g.integers(2))
    if kind.integer:
        return _whole(name, kind, g, shape)
    if plain and name in DEFAULTS and kind.holds(DEFAULTS[name]):
        return DEFAULTS[name]
    if isinstance(steps, int) and steps > 50 and decays(kind) and (lasting or g.random() < 0.5):
        return float(1 - g.choice([0.1, 0.5, 1.0, 3.0]) / steps)
    return float(_real(kind, g))


def decays(kind: Any) -> bool:
    """Whether powers of such a number die out."""
    return isinstance(kind, Kind) and not kind.integer and (kind.low, kind.high) == (0, 1)


def _whole(name: str, kind: Kind, g: np.random.Generator, shape: Any) -> Any:
    """A step counter visits the powers at which narrow counters stand still; other whole numbers stay small."""
    if name == "t" and kind.high == np.inf and shape is None:
        return int(g.choice(COUNTS))
    low = max(kind.low, -10)
    found = g.integers(int(low), int(min(kind.high, low + 10)) + 1, size=shape)
    return int(found) if shape is None else found


def _real(kind: Kind, g: np.random.Generator) -> float:
    if np.isfinite(kind.low) and np.isfinite(kind.high):
        if decays(kind):
            pool = [x for x in (*DECAYS, 1.0) if kind.holds(x)]
            return float(g.choice(pool)) if g.random() < 0.7 else _open(kind, g.uniform(0, 1))
        ends = [x for x in (kind.low, kind.high) if kind.holds(x)]
        return float(g.choice(ends)) if ends and g.random() < 0.3 else _open(kind, g.uniform(kind.low, kind.high))
    if np.isfinite(kind.low):
        pool = [kind.low + x for x in ((0.0,) if not kind.without_low else ()) + POSITIVES]
        return float(g.choice(pool)) if g.random() < 0.6 else float(kind.low + 10.0 ** g.uniform(-12, 3))
    return float(g.choice([0.0, 1.0, -1.0, 0.5])) if g.random() < 0.4 else float(g.normal() * 10.0 ** g.uniform(-3, 2))


def _open(kind: Kind, x: float) -> float:
    return float(x) if kind.holds(x) else 0.5 * (kind.low + kind.high)
