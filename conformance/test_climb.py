"""Hypothesis climbs towards the largest strain that it can find, in each mode with scenarios of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings, target
from hypothesis import strategies as st

from conformance.calling.computing import Misshapen, Raised
from conformance.judging.expected import Expected, format_of
from conformance.judging.seen import seen
from conformance.judging.strain import letter
from conformance.scenarios.draw import NothingFits, Recipe, Scenario, draw, is_elementwise
from conformance.scenarios.regions import REGIONS
from conformance.scenarios.shared import generator
from conformance.verdict.accepted import waived_away
from conformance.verdict.dialects import spoken_forms
from conformance.verdict.ending import settle
from conformance.verdict.values import Worst, fail
from reference.domain import Array, Lane
from reference.number_systems.rounded.format import FORMATS

if TYPE_CHECKING:
    from conformance.plan import Case

EXAMPLES = {"quick": 0, "standard": 40, "exhaustive": 400}
LANES = 24


def applies(case: Case) -> bool:
    """Whether there is anything to climb, at this effort."""
    claim = case.adapter.claims[case.equation]
    return bool(EXAMPLES[case.choice.effort]) and not claim.random and not case.slow and case.dtype != "exact"


def test_climb(case: Case) -> None:
    """No input that the search can find exceeds its bound, in the form that the framework speaks."""
    alive = spoken_forms(case)  # those that nothing has told apart yet
    top = Worst()
    fmt = FORMATS[case.dtype]
    reals = [n for n, a in case.entry.domain.items() if isinstance(a, Lane | Array) and not a.kind.integer]

    @seed(case.choice.seed)
    @settings(
        max_examples=EXAMPLES[case.choice.effort], deadline=None, database=None, phases=[Phase.generate, Phase.target],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(
        st.integers(0, 2**16), st.sampled_from([None, *REGIONS]), st.booleans(),
        st.lists(st.integers(-24, 24), min_size=len(reals), max_size=len(reals)),
    )  # fmt: skip
    def climb(number: int, region: Any, plain: bool, shifts: list[int]) -> None:
        nonlocal top
        g = generator("climb", case.equation, case.dtype, number)
        try:
            scenario = draw(case.entry.domain, g, fmt, Recipe(region, "small", LANES, plain))
        except NothingFits:
            return
        scales = g.integers(-16, 17, size=len(reals)) * g.integers(
            2
        )  # where the climb starts; the shifts are its steps
        moved = shifted(case, scenario, dict(zip(reals, (scales + shifts).tolist(), strict=True)))
        what = Expected(case.equation, moved, format_of(case))
        try:
            found = waived_away(case, moved.values, seen(case, what, "contiguous", alive[0])[0])
            while max((s.worst for s in found), default=0.0) > 1 and len(alive) > 1:
                alive.pop(0)
                found = waived_away(case, moved.values, seen(case, what, "contiguous", alive[0])[0])
        except (Raised, Misshapen):  # said by the value property
            return
        for i, one in enumerate(found):
            case.evidence.judged += one.strain.size
            case.evidence.undecided += int(one.strain.size - one.decided.sum())
            if one.worst > top.strain:
                top = Worst(one.worst, what, "contiguous", i, one.place)
        case.evidence.scenarios += moved.lanes if is_elementwise(case.entry.domain) else 1
        target(min(max((one.worst for one in found), default=0.0), 1e6))

    climb()
    case.evidence.strain, case.evidence.letter = top.strain, letter(top.strain)
    if top.strain > 1:
        fail(case, top, alive[0])
    if case.evidence.judged and case.evidence.undecided == case.evidence.judged:
        settle(case, "undecided", "no bound was small enough, or what was found is waived")
    case.evidence.outcome = "passed"


def shifted(case: Case, scenario: Scenario, shifts: dict[str, int]) -> Scenario:
    """Each array times a power of two of its own, where that leaves it in the domain and in the dtype."""
    fmt = FORMATS[case.dtype]
    values = dict(scenario.values)
    for name, shift in shifts.items():
        argument = case.entry.domain[name]
        assert isinstance(argument, Lane | Array)
        with np.errstate(all="ignore"):
            moved = fmt.quantize(np.ldexp(values[name], shift))
        kind = argument.kind
        held = np.isfinite(moved) & (moved >= kind.low) & (moved <= kind.high)
        held &= ~((moved == kind.low) & kind.without_low | (moved == kind.high) & kind.without_high)
        values[name] = np.where(held, moved, values[name])
    return Scenario(values, scenario.regions, sizes=scenario.sizes)
