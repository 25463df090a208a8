"""The same input gives the same bits: twice, in any company, and however much is computed at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from conformance.calling.computing import Misshapen, Raised, arguments, arrays, computed, function, parts, running
from conformance.counterexample.replay import encoded
from conformance.counterexample.shrink import shrunk
from conformance.judging.expected import Expected, all_expected, expected
from conformance.scenarios.draw import is_elementwise
from conformance.scenarios.shared import generator
from conformance.verdict.accepted import waivers_of
from conformance.verdict.ending import brief, settle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.plan import Case

SCENARIOS = 4

Outputs = tuple[np.ndarray, ...]


def applies(case: Case) -> bool:
    """Whether the claim is a function of its inputs alone."""
    return not case.adapter.claims[case.equation].random and case.dtype != "exact" and not case.slow


def test_determinism(case: Case) -> None:
    """Repeating a call repeats its bits; an element does not depend on the elements beside it."""
    elementwise = is_elementwise(case.entry.domain)
    chosen = sorted(all_expected(case), key=lambda e: -e.scenario.lanes)[:SCENARIOS]
    for what in chosen:
        try:
            once, again = _twice(case, what)
            if _differing(case, once, again) is not None:
                _again(case, what, once, again)
            if elementwise and what.scenario.lanes > 1:
                _independent(case, what, once)
        except (Raised, Misshapen):  # said by the value property
            continue
        case.evidence.judged += sum(o.size for o in once)
        case.evidence.scenarios += what.scenario.lanes
    case.evidence.outcome = "passed"


def _twice(case: Case, what: Expected) -> tuple[Outputs, Outputs]:
    """Two calls with the same tensors, which hold afterwards what they held before."""
    values = what.scenario.values
    if case.adapter.claims[case.equation].steps:
        return computed(case, values), computed(case, values)
    positional, named = arguments(case, values, "contiguous")
    before = {n: case.adapter.array(t).copy() for n, t in positional.items() if isinstance(values[n], np.ndarray)}
    found = []
    for _ in range(2):
        outputs = parts(running(case, lambda: function(case)(*positional.values(), **named)))
        found.append(tuple(a.copy() for a in arrays(case, outputs)))
    for name, kept in before.items():
        after = case.adapter.array(positional[name])
        if not np.array_equal(after, kept, equal_nan=True):
            settle(case, "failed", f"{case}: the call changes its argument {name}, for {brief(what)}")
    return found[0], found[1]


def _again(case: Case, what: Expected, once: Outputs, again: Outputs) -> None:
    """The smallest input that was found of which a second call makes something else."""
    found = [(what, once, again)]

    def fails(values: Mapping[str, Any], _: str) -> bool:
        small = expected(case, values)
        try:
            one, two = _twice(case, small)
        except (Raised, Misshapen, ValueError, IndexError):  # sizes beyond their ranges need not fit together
            return False
        if _differing(case, one, two) is None:
            return False
        found.append((small, one, two))
        return True

    if not waivers_of(case, "determinism"):
        shrunk(case, what.scenario, "contiguous", fails, (_differing(case, once, again) or ("", ()))[1])
    what, once, again = found[-1]
    _same(case, what, once, again, "a second call with the same input gives other bits", what.scenario.values)


def _independent(case: Case, what: Expected, whole: Outputs) -> None:
    """Lanes in another order and lanes left alone: each stays within its bound, and what has no bound stays what it is.

    An honest kernel may round a lane in its tail otherwise than one in its body, but never by what its neighbours hold:
    so lanes are exchanged for others of the same place.
    """
    values = what.scenario.values
    lanes = what.scenario.lanes
    g = generator("neighbours", case.equation, case.dtype)
    other = {n: _exchanged(v, lanes) for n, v in values.items()}
    kept = g.random(lanes) < 0.5
    mixed = {n: np.where(kept, v, other[n]) if _is_lane(v, lanes) else v for n, v in values.items()}
    found = computed(case, mixed)
    parts = tuple(np.where(kept, f, w) if f.shape == (lanes,) else w for f, w in zip(found, whole, strict=True))
    _same(case, what, whole, parts, "an element changes with the elements beside it", mixed)


def _exchanged(value: Any, lanes: int) -> Any:
    return value[::-1].copy() if _is_lane(value, lanes) else value


def _is_lane(value: Any, lanes: int) -> bool:
    return isinstance(value, np.ndarray) and value.shape == (lanes,)


def _differing(case: Case, one: Outputs, two: Outputs) -> tuple[str, tuple[int, ...]] | None:
    """The first output of which the bits differ, and where; nowhere if its shapes do."""
    for name, a, b in zip(case.entry.outputs, one, two, strict=False):
        if a.shape != b.shape:
            return name, ()
        alike = ((a == b) & (np.signbit(a) == np.signbit(b))) | (np.isnan(a) & np.isnan(b))
        if not alike.all():
            return name, tuple(int(i) for i in np.argwhere(~alike)[0])
    return None


def _same(case: Case, what: Expected, one: Outputs, two: Outputs, says: str, values: Mapping[str, Any]) -> None:
    if (found := _differing(case, one, two)) is None:
        return
    name, place = found
    a, b = (outputs[case.entry.outputs.index(name)] for outputs in (one, two))
    pair = (float(a[place]), float(b[place])) if a.shape == b.shape else (a.shape, b.shape)
    case.evidence.counterexample = {"values": encoded(values), "layout": "contiguous", "says": says}
    settle(case, "failed", f"{case}: {says}: {name}{list(place)} is {pair[0]!r} and {pair[1]!r}, for {brief(what)}")
