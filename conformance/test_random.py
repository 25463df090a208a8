"""What a random layer drew is recovered from its output; the draws are judged by a rigorous bound on chance."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Any

import numpy as np

from conformance.calling.computing import arrays, function, running, tensor
from conformance.judging.expected import format_of
from conformance.scenarios.shared import generator
from conformance.verdict.ending import settle
from reference.number_systems.rounded import Format, Rounded

if TYPE_CHECKING:
    from conformance.plan import Case

FALSE_ALARM = 1e-12  # of one count; a run makes some hundreds of them
SHARES = (0.0, 0.1, 0.5, 0.75)
ROWS = 8  # of numbers that are judged one by one; all are counted
PLACES, CALLS = 9, 200
SIDE = {"quick": 200, "standard": 1000, "exhaustive": 2000}


def applies(case: Case) -> bool:
    """Whether the claim draws a mask of its own."""
    return case.adapter.claims[case.equation].random and not case.slow


def test_random(case: Case) -> None:
    """Each output is 0 or what the equation gives; elements are kept as often as p says, each by itself.

    Another call draws anew, and the gradient has the mask of its own output.
    """
    fmt = format_of(case)
    assert fmt is not None
    side = SIDE[case.choice.effort]
    for p in SHARES:
        x = fmt.quantize(generator("random", case.equation, p).uniform(1, 2, size=(side, side)))
        (y,) = arrays(case, [_drawn(case, x, p)])
        kept = y != 0
        _numbers(case, x[:ROWS], y[:ROWS], kept[:ROWS], p)
        _often(case, kept, 1 - p, f"with p = {p}, elements are kept")
        for lag in (1, side, side * side // 2):
            _often(case, _agreements(kept, lag), p * p + (1 - p) * (1 - p), f"with p = {p}, elements {lag} apart agree")
        if p:
            (again,) = arrays(case, [_drawn(case, x, p)])
            _often(case, kept == (again != 0), p * p + (1 - p) * (1 - p), f"with p = {p}, two calls agree")
        _gradient(case, x, p)
        case.evidence.judged += x.size
        case.evidence.scenarios += 1
    _places(case, fmt)
    case.evidence.outcome = "passed"


def _places(case: Case, fmt: Format) -> None:
    """Each place is dropped as often as any other, the first and the last too, over many calls."""
    x = fmt.quantize(np.ones(PLACES))
    kept = np.stack([arrays(case, [_drawn(case, x, 0.5)])[0] != 0 for _ in range(CALLS)])
    for place in range(PLACES):
        _often(case, kept[:, place], 0.5, f"of {PLACES} elements number {place} is kept, over {CALLS} calls,")


def _drawn(case: Case, x: np.ndarray, p: float) -> Any:
    """The output for one draw of the framework's own."""
    return running(case, lambda: function(case)(tensor(case, x), p=p))


def _numbers(case: Case, x: np.ndarray, y: np.ndarray, kept: np.ndarray, p: float) -> None:
    fmt = format_of(case)
    assert fmt is not None
    want = case.entry.function(Rounded.of(x, fmt), np.ones(x.shape, dtype=bool), p=Rounded.scalar(p, fmt))
    with np.errstate(all="ignore"):
        off = kept & ~(np.abs(y - want.midpoint) <= want.bound)
    if off.any():
        at = tuple(int(i) for i in np.argwhere(off)[0])
        due = f"{want.midpoint[at]!r} ± {want.bound[at]:.3g}"
        settle(case, "failed", f"{case}: of x = {x[at]!r} with p = {p} came {y[at]!r}, which is neither 0 nor {due}")


def _agreements(kept: np.ndarray, lag: int) -> np.ndarray:
    """Whether the two of each pair are alike; no element is in two pairs, so that the pairs are independent."""
    flat = kept.reshape(-1)
    blocks = flat[: flat.size // (2 * lag) * 2 * lag].reshape(-1, 2, lag)
    return np.asarray(blocks[:, 0] == blocks[:, 1])


def _often(case: Case, happened: np.ndarray, share: float, what: str) -> None:
    """How often independent events happened, against Hoeffding's bound on the chance to be so far from the mean."""
    n, seen = happened.size, int(happened.sum())
    if min(2 * exp(-2 * (seen - n * share) ** 2 / n), 1.0) < FALSE_ALARM:
        settle(case, "failed", f"{case}: {what} {seen} times of {n}, where {n * share:.0f} are due")


def _gradient(case: Case, x: np.ndarray, p: float) -> None:
    """The gradient passes where the output did: one draw decides both."""
    if not case.adapter.judges_gradients:
        return
    seen: list[Any] = []

    def watched(*inputs: Any, **options: Any) -> Any:
        made = function(case)(*inputs, **options)
        seen.append(made)
        return made

    ones = tensor(case, np.ones(x.shape))
    found = running(case, lambda: case.adapter.gradient(watched, {"x": tensor(case, x)}, {"p": p}, ["x"], [ones]))
    if found is None or not seen:
        return
    y, slope = arrays(case, [seen[-1], found[0]])
    differ = (y != 0) != (slope != 0)
    if differ.any():
        at = tuple(int(i) for i in np.argwhere(differ)[0])
        settle(
            case,
            "failed",
            f"{case}: element {at} has the output {y[at]!r} and the gradient {slope[at]!r}, with p = {p}",
        )
