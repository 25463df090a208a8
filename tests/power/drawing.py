"""Hypothesis draws what an engineer thinks of: ordinary numbers, edges, ties, large and tiny ones, NaN."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from conformance.scenarios.numbers import DEFAULTS
from reference.catalogue import Equation
from reference.domain import Choice, Kind, Labels, Lane, Mask, Simplex, evaluate, names_in

ATTEMPTS = 30
MOST = 4000  # elements of one array
SEEDS = st.integers(0, 2**32 - 1)
WIDE = (0, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 100, 257)
ORDINARY = (0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 0.1, 10.0)
COUNTS = (1, 2, 3, 10, 100, 255, 256, 257, 1000, 2048, 2049, 10_000, 100_000, 2**24 + 1)
TYPICAL = {"decay": (0.0, 0.1, 0.5, 0.9, 0.99, 0.999), "positive": (1e-3, 0.01, 0.1, 0.5, 1.0, 2.0)}
EDGES = {"decay": (0.0, 1e-8, 0.9999, 1 - 1e-6, 1.0), "positive": (0.0, 1e-12, 1e-8, 1e-6, 1e-3, 10.0, 100.0, 1e3)}

# name: how an array of any sign is drawn, from a draw function, a shape and a generator of the example's own
PROFILES: dict[str, Any] = {
    "normal": lambda draw, shape, g: g.standard_normal(shape),
    "range": lambda draw, shape, g: draw(hnp.arrays(np.float64, shape, elements=st.floats(-10, 10, width=32))),
    "ties": lambda draw, shape, g: draw(hnp.arrays(np.float64, shape, elements=st.sampled_from(ORDINARY))),
    "whole": lambda draw, shape, g: g.integers(-3, 4, shape).astype(float),
    "constant": lambda draw, shape, g: np.full(shape, draw(st.sampled_from((*ORDINARY, 1e3)))),
    "hundreds": lambda draw, shape, g: g.uniform(-300, 300, shape),
    "offset": lambda draw, shape, g: 1000 + g.standard_normal(shape),
    "large": lambda draw, shape, g: g.standard_normal(shape) * 1e4,
    "huge": lambda draw, shape, g: g.standard_normal(shape) * 1e15,
    "small": lambda draw, shape, g: g.standard_normal(shape) * 1e-5,
    "tiny": lambda draw, shape, g: g.standard_normal(shape) * 1e-20,
    "scales": lambda draw, shape, g: g.choice([-1.0, 1.0], shape) * 10 ** g.uniform(-12, 6, shape),
    "any": lambda draw, shape, g: draw(hnp.arrays(np.float64, shape, elements=st.floats(width=32, allow_nan=False))),
    "NaN": lambda draw, shape, g: np.where(g.random(shape) < 0.2, np.nan, g.standard_normal(shape)),
    "infinite": lambda draw, shape, g: np.where(
        g.random(shape) < 0.2, g.choice([np.nan, np.inf, -np.inf], shape), g.standard_normal(shape)
    ),
}
SPECIAL = ("NaN", "infinite")
ALONE = ("any", "infinite")  # for elementwise equations: in sums right forms overflow in different orders
GENTLE = ("normal", "ties", "whole")  # what a format of 16 bits can hold, sums and squares too


@st.composite
def arguments(draw: Any, entry: Equation, profile: str, style: str, dtype: str) -> dict[str, Any]:
    """Arguments of an equation inside its domain, the reals as float64 numbers of the dtype."""
    domain = entry.domain
    known: dict[str, Any] = {}
    for _ in range(ATTEMPTS):
        known = _sizes(draw, domain.sizes, style)
        known |= {n: _number(draw, n, a, style) for n, a in domain.items() if isinstance(a, Kind | Choice)}
        try:
            shapes = {n: tuple(int(evaluate(axis, known)) for axis in axes) for n, axes in domain.shapes().items()}
        except (ZeroDivisionError, KeyError):
            continue
        whole = [r for r in domain.where if names_in(r) <= set(known)]
        fits = all(size >= 0 for shape in shapes.values() for size in shape) and all(evaluate(r, known) for r in whole)
        if fits and all(np.prod(shape) <= MOST for shape in shapes.values()):
            break
    else:
        assume(False)
    lanes = draw(st.integers(1, 5) | st.sampled_from(WIDE)) if any(isinstance(a, Lane) for a in domain.values()) else 0
    g = np.random.default_rng(draw(SEEDS))
    values = {
        n: known[n] if n in known else _array(draw, a, shapes.get(n, (lanes,)), known, profile, g)
        for n, a in domain.items()
    }
    with np.errstate(all="ignore"):
        values = {n: rounded(v, dtype) for n, v in values.items()}
        assume(all(np.all(evaluate(r, known | values)) for r in domain.where))
    return values


@st.composite
def gradients(draw: Any, like: np.ndarray, profile: str, dtype: str) -> np.ndarray:
    """A further gradient of a weight; sometimes zeros."""
    if draw(st.integers(0, 5)) == 0:
        return np.zeros(like.shape)
    g = np.random.default_rng(draw(SEEDS))
    return rounded(PROFILES[profile](draw, like.shape, g), dtype)


def rounded(value: Any, dtype: str) -> Any:
    """Numbers of the dtype, as float64."""
    if not (isinstance(value, np.ndarray) and value.dtype.kind == "f") or dtype in ("float64", "exact"):
        return value
    if dtype == "float32":
        with np.errstate(over="ignore"):
            return value.astype(np.float32).astype(np.float64)
    import torch

    return torch.tensor(value).to(getattr(torch, dtype)).to(torch.float64).numpy()


def _sizes(draw: Any, sizes: Any, style: str) -> dict[str, int]:
    """Small sizes; one of them may be as wide as kernels like, or wider."""
    found = {n: draw(st.integers(low, high)) for n, (low, high) in sizes.items()}
    free = [n for n, (low, high) in sizes.items() if high > low]
    if free and draw(st.integers(0, 2)) == 2:
        found[draw(st.sampled_from(free))] = draw(st.sampled_from([w for w in WIDE if w]))
    return found


def _number(draw: Any, name: str, kind: Any, style: str) -> Any:  # noqa: PLR0911 - one for each kind of number
    """A hyperparameter: what is customary, or at the edge."""
    if isinstance(kind, Choice):
        return draw(st.sampled_from(kind.options))
    if kind.name == "flag":
        return draw(st.booleans())
    if kind.integer:
        low = int(max(kind.low, -10))
        if kind.high == np.inf and style != "typical":
            return draw(st.sampled_from([c for c in COUNTS if kind.holds(c)]) if name == "t" else st.integers(low, 60))
        return draw(st.integers(low, int(min(kind.high, low + 12))))
    if style != "edges" and name in DEFAULTS and kind.holds(DEFAULTS[name]) and draw(st.booleans()):
        return DEFAULTS[name]
    pools = EDGES if style == "edges" else TYPICAL
    if (kind.low, kind.high) == (0, 1):
        return draw(st.sampled_from([x for x in pools["decay"] if kind.holds(x)]) | st.floats(0.01, 0.99))
    if np.isfinite(kind.low) and np.isfinite(kind.high):
        ends = [x for x in (kind.low, kind.high) if kind.holds(x)] if style == "edges" else []
        inside = st.floats(kind.low, kind.high, exclude_min=True, exclude_max=True)
        return float(draw(st.sampled_from(ends) | inside if ends else inside))
    if np.isfinite(kind.low):
        pool = [kind.low + x for x in pools["positive"] if kind.holds(kind.low + x)]
        return draw(st.sampled_from(pool) | st.floats(kind.low + 0.01, kind.low + 10))
    return draw(st.sampled_from(ORDINARY) | st.floats(-10, 10))


def _array(draw: Any, argument: Any, shape: tuple[int, ...], known: Any, profile: str, g: Any) -> np.ndarray:
    match argument:
        case Labels(below=below):
            return draw(hnp.arrays(np.int64, shape, elements=st.integers(0, max(0, int(evaluate(below, known)) - 1))))
        case Mask():
            return g.random(shape) < draw(st.sampled_from([0.0, 0.5, 0.9, 1.0]))
        case Simplex():
            whole = draw(st.booleans())
            row = np.eye(shape[-1])[g.integers(shape[-1], size=shape[:-1])]
            return row if whole else g.dirichlet(np.ones(shape[-1]), size=shape[:-1])
    kind = argument.kind
    if kind.integer:
        low = max(kind.low, -10)
        drawn = g.integers(int(low), int(min(kind.high, low + 10)) + 1, size=shape)
        return drawn.astype(float) if isinstance(argument, Lane) else drawn
    each = profile if profile != "each" else draw(st.sampled_from([p for p in PROFILES if p not in (*SPECIAL, *ALONE)]))
    return _inside(kind, PROFILES[each](draw, shape, g), each)


def _inside(kind: Kind, x: np.ndarray, profile: str) -> np.ndarray:
    """Folded into the set; of an interval also its ends, where they belong to it."""
    if not np.isfinite(kind.low):
        return x
    with np.errstate(all="ignore"):
        if not np.isfinite(kind.high):
            x = kind.low + np.abs(x)
            return np.where(x == kind.low, kind.low + 1.0, x) if kind.without_low else x
        width = kind.high - kind.low
        inside = (x >= kind.low) & (x <= kind.high)
        x = np.where(inside | ~np.isfinite(x), x, kind.low + width / (1 + np.exp(-np.clip(x, -50, 50))))
    low = kind.low + 1e-6 * width if kind.without_low else kind.low
    high = kind.high - 1e-6 * width if kind.without_high else kind.high
    return np.clip(x, low, high)
