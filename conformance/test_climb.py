"""Hypothesis climbs towards the largest strain that it can find, in each mode with scenarios of its own."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings, target
from hypothesis import strategies as st

from conformance.calling.computing import Misshapen, Raised
from conformance.judging.expected import BASE, Expected, algorithm_of, format_of
from conformance.judging.seen import seen
from conformance.judging.strain import Strains, letter
from conformance.scenarios.draw import NothingFits, Recipe, Scenario, draw, is_elementwise
from conformance.scenarios.regions import REGIONS
from conformance.scenarios.shared import generator
from conformance.verdict.accepted import waived_away
from conformance.verdict.dialects import left_open, spoken_forms
from conformance.verdict.ending import settle
from conformance.verdict.values import Worst, fail
from reference.catalogue import CATALOGUE, Equation
from reference.domain import Array, Lane
from reference.number_systems.rounded.format import FORMATS, Format

if TYPE_CHECKING:
    from conformance.plan import Case

EXAMPLES = {"quick": 0, "standard": 40, "exhaustive": 400}
LANES = {"float64": 8}  # whose expected values are carried in balls; 24 elsewhere


def applies(case: Case) -> bool:
    """Whether there is anything to climb, at this effort."""
    claim = case.adapter.claims[case.equation]
    return bool(EXAMPLES[case.choice.effort]) and not claim.random and not case.slow and case.dtype != "exact"


def test_climb(case: Case) -> None:
    """No input that the search can find exceeds its bound, in the form that the framework speaks."""
    alive: list[str] = []  # the forms that nothing has told apart yet, once the equation itself has failed
    top = Worst()
    reals = movable(case.entry)

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
        nonlocal alive, top
        known = case.equation, case.dtype, format_of(case), algorithm_of(case)
        what = place(*known, number, region, plain, tuple(shifts))
        if what is None:
            return
        try:
            found = strained(case, what, alive[0]) if alive else _as_stated(case, what)
            if found is None:
                alive = spoken_forms(case)
                found = strained(case, what, alive[0])
            while _worst(found) > 1 and len(alive) > 1:
                alive.pop(0)
                found = strained(case, what, alive[0])
        except (Raised, Misshapen):  # said by the value property
            return
        for i, one in enumerate(found):
            case.evidence.judged += one.strain.size
            case.evidence.undecided += int(one.strain.size - one.decided.sum())
            if one.worst > top.strain:
                top = Worst(one.worst, what, "contiguous", i, one.place)
        case.evidence.scenarios += what.scenario.lanes if is_elementwise(case.entry.domain) else 1
        target(min(_worst(found), 1e6))

    climb()
    case.evidence.strain, case.evidence.letter = top.strain, letter(top.strain, algorithm_of(case))
    if top.strain > 1:
        fail(case, top, alive[0] if alive else BASE)
    if case.evidence.judged and case.evidence.undecided == case.evidence.judged:
        settle(case, "undecided", "no bound was small enough, or what was found is waived")
    case.evidence.outcome = "passed"


def strained(case: Case, what: Expected, form: str) -> list[Strains]:
    """One scenario judged against one form, without what is accepted."""
    return waived_away(case, what.scenario.values, seen(case, what, "contiguous", form)[0])


def _as_stated(case: Case, what: Expected) -> list[Strains] | None:
    """One scenario judged against the equation itself, or None where another form may be what is spoken."""
    try:
        found = strained(case, what, BASE)
    except Misshapen:
        return None
    return None if _worst(found) > 1 or left_open(case, what) else found


def _worst(found: list[Strains]) -> float:
    return max((one.worst for one in found), default=0.0)


def movable(entry: Equation) -> list[str]:
    """The arrays that a climb multiplies by powers of two."""
    return [n for n, a in entry.domain.items() if isinstance(a, Lane | Array) and not a.kind.integer]


@lru_cache(maxsize=256)
def place(
    equation: str,
    dtype: str,
    fmt: Format | None,
    algorithm: str,
    number: int,
    region: Any,
    plain: bool,
    shifts: tuple[int, ...],
) -> Expected | None:
    """What is expected where a climb has come; the modes of an equation meet at many places."""
    entry = CATALOGUE[equation]
    g = generator("climb", equation, dtype, number)
    try:
        scenario = draw(entry.domain, g, FORMATS[dtype], Recipe(region, "small", LANES.get(dtype, 24), plain))
    except NothingFits:
        return None
    starts = g.integers(-16, 17, size=len(shifts)) * g.integers(2)  # where the climb starts; the shifts are its steps
    moves = dict(zip(movable(entry), (starts + shifts).tolist(), strict=True))
    return Expected(equation, shifted(entry, FORMATS[dtype], scenario, moves), fmt, algorithm)


def shifted(entry: Equation, fmt: Format, scenario: Scenario, shifts: dict[str, int]) -> Scenario:
    """Each array times a power of two of its own, where that leaves it in the domain and in the dtype."""
    values = dict(scenario.values)
    for name, shift in shifts.items():
        argument = entry.domain[name]
        assert isinstance(argument, Lane | Array)
        with np.errstate(all="ignore"):
            moved = fmt.quantize(np.ldexp(values[name], shift))
        kind = argument.kind
        held = np.isfinite(moved) & (moved >= kind.low) & (moved <= kind.high)
        held &= ~((moved == kind.low) & kind.without_low | (moved == kind.high) & kind.without_high)
        values[name] = np.where(held, moved, values[name])
    return Scenario(values, scenario.regions, sizes=scenario.sizes)
