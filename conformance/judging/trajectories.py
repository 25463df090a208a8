"""A trajectory starts where an optimizer starts; its gradients peak, fall to zero and come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from conformance.calling.computing import by_position, parts
from conformance.calling.stepping import state_names
from conformance.judging.expected import format_of, forms
from conformance.plan import Case
from conformance.scenarios.numbers import DEFAULTS, number
from conformance.scenarios.regions import BY_NAME, drawn
from reference.domain import Choice, Kind, real
from reference.number_systems.rounded import Rounded
from reference.number_systems.rounded.format import FORMATS


@dataclass(frozen=True)
class Journey:
    """First weights, the gradients of every step, and two sets of hyperparameters."""

    weights: list[np.ndarray]
    gradients: list[list[np.ndarray]]
    hyper: dict[str, Any]
    other: dict[str, Any]


def journey(case: Case, g: np.random.Generator, shapes: Sequence[tuple[int, ...]], steps: int) -> Journey:
    """Gradients of all sizes: a peak at the second step, zeros at the third."""
    fmt = FORMATS[case.dtype]
    weights = [drawn(real, BY_NAME["ordinary"], g, s, fmt) for s in shapes]
    gradients = []
    for t in range(steps):
        region = BY_NAME["zeros"] if t == 2 else BY_NAME["ordinary"]
        scale = 16.0 if t == 1 else 0.0 if t == 3 else 1.0
        gradients.append([fmt.quantize(scale * drawn(real, region, g, s, fmt)) for s in shapes])
    return Journey(weights, gradients, hyper(case, g, plain=True), hyper(case, g, plain=False))


def hyper(case: Case, g: np.random.Generator, *, plain: bool) -> dict[str, Any]:
    """Hyperparameters: the customary ones, or others of ordinary size."""
    _, named = by_position(case.entry, dict.fromkeys(case.entry.domain))
    found = {}
    for name in named:
        kind = case.entry.domain[name]
        assert isinstance(kind, Kind | Choice)
        usual = number(name, kind, g, plain=True)
        if not plain and isinstance(kind, Kind) and not kind.integer and name in DEFAULTS:
            usual = 0.5 * usual if usual and kind.holds(0.5 * usual) else 0.5 if kind.holds(0.5) else usual
        found[name] = usual
    return found


def start(case: Case, weight: np.ndarray) -> dict[str, Any]:
    """Where an optimizer starts: everything that it remembers is zero, and the first step is number 1."""
    state: dict[str, Any] = {name: np.zeros(weight.shape) for name in state_names(case.entry)}
    if "t" in case.entry.domain:
        state["t"] = 1
    return state


def expected_path(
    case: Case,
    weight: np.ndarray,
    gradients: Sequence[np.ndarray],
    numbers: Mapping[str, Any],
    form: str,
    first: int = 1,
) -> list[tuple[Any, ...]]:
    """The outputs of the equation at every step, over numbers with bounds that are carried along."""
    fmt = format_of(case)
    assert fmt is not None
    state: dict[str, Any] = {n: Rounded.of(v, fmt) for n, v in start(case, weight).items() if n != "t"}
    w: Any = Rounded.of(weight, fmt)
    scalars = {n: Rounded.scalar(v, fmt) if isinstance(v, float) else v for n, v in numbers.items()}
    found = []
    for t, gradient in enumerate(gradients, start=first):
        values = {"w": w, "g": Rounded.of(gradient, fmt), **state, "t": t} | scalars
        positional = {n: values[n] for n in case.entry.domain}
        with np.errstate(all="ignore"):
            outputs = parts(forms(case.entry)[form](**positional))
        found.append(outputs)
        settled = [o.settled() if isinstance(o, Rounded) else o for o in outputs]
        w, state = settled[0], dict(zip(state_names(case.entry), settled[1:], strict=True))
    return found
