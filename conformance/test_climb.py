"""Hypothesis climbs towards the largest strain that it can find, in each mode with scenarios of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings, target
from hypothesis import strategies as st

from conformance.calling.computing import Misshapen, Raised, fatal
from conformance.judging.expected import BASE, Expected, algorithm_of, all_expected, format_of
from conformance.judging.seen import seen
from conformance.judging.strain import Strains, letter, saying
from conformance.scenarios.draw import NothingFits, Recipe, Scenario, draw, is_elementwise
from conformance.scenarios.layouts import other_layouts
from conformance.scenarios.regions import ORDINARY, REGIONS
from conformance.scenarios.shared import as_many, generator
from conformance.verdict.accepted import waived_away, waivers_of
from conformance.verdict.dialects import left_open, spoken_forms
from conformance.verdict.ending import settle
from conformance.verdict.values import Worst, fail
from reference.catalogue import CATALOGUE, Equation
from reference.domain import Array, Lane
from reference.number_systems.rounded.format import FORMATS, Format

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.plan import Case

EXAMPLES = {"quick": 0, "standard": 16, "exhaustive": 400}
NOWHERE = -1  # the number of a place where no climb starts
UNEQUAL = 20  # the power of two by which some arrays are larger and others smaller
LANES = {"float64": 8}  # whose expected values are carried in balls; 24 elsewhere


Seen = list[tuple[str, int, Strains]]  # layout, number of the output, its strains


def applies(case: Case) -> bool:
    """Whether there is anything to climb, at this effort."""
    claim = case.adapter.claims[case.equation]
    return bool(EXAMPLES[case.choice.effort]) and not claim.random and not case.slow and case.dtype != "exact"


def test_climb(case: Case) -> None:
    """No input that the search can find exceeds its bound, in the form that the framework speaks."""
    if whole := [w for w in waivers_of(case, "value") if not (w.where or w.layouts)]:
        case.evidence.waiver = {"reason": whole[0].reason, "url": whole[0].url}
        settle(case, "waived", f"every input is waived: {whole[0].reason} ({whole[0].url})")
    search = Search(case)
    _climb(case, search)
    if search.said_nothing:
        any(search.visit(what) >= 0 for what in _from_here(case))
    top, evidence = search.top, case.evidence
    evidence.strain, evidence.letter = top.strain, letter(top.strain, algorithm_of(case))
    if top.strain > 1:
        fail(case, top, search.alive[0] if search.alive else BASE)
    if evidence.judged and search.said_nothing:
        settle(case, "undecided", "no bound was small enough, or what was found is waived")
    evidence.outcome = "passed"


def _climb(case: Case, search: Search) -> None:
    """Steps up, from scenarios of all regions: each array goes by powers of two.

    Few climbs start where every other array is far larger than the rest: the two such places are always visited.
    """
    reals = movable(case.entry)
    known = case.equation, case.dtype, format_of(case), algorithm_of(case)

    @seed(case.choice.seed)
    @settings(
        max_examples=as_many(EXAMPLES[case.choice.effort], case.dtype), deadline=None, database=None,
        phases=[Phase.generate, Phase.target], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(
        st.integers(0, 2**16), st.sampled_from([None, *REGIONS]), st.booleans(),
        st.lists(st.integers(-24, 24), min_size=len(reals), max_size=len(reals)),
    )  # fmt: skip
    def climb(number: int, region: Any, plain: bool, shifts: list[int]) -> None:
        what = place(*known, number, region, plain, tuple(shifts))
        if what is not None:
            target(min(search.visit(what), 1e6))

    for shift in (UNEQUAL, -UNEQUAL) if len(reals) > 1 else ():
        shifts = tuple(shift * (-1) ** i for i in range(len(reals)))
        if (what := place(*known, NOWHERE, ORDINARY, False, shifts)) is not None:
            search.visit(what)
    climb()


@dataclass
class Search:
    """What the places say that a climb has come by."""

    case: Case
    alive: list[str] = field(default_factory=list)  # what nothing has told apart yet, once the equation has failed
    top: Worst = field(default_factory=Worst)

    def visit(self, what: Expected) -> float:
        """How far off the framework is where a bound says something; -1 where none does."""
        try:
            found = self.judged(what)
        except (Raised, Misshapen):  # said by the value property
            return -1.0
        for layout, i, one in found:
            self.case.evidence.judged += one.strain.size
            self.case.evidence.undecided += int(one.strain.size - one.decided.sum())
            if one.worst > self.top.strain:
                self.top = Worst(one.worst, what, layout, i, one.place)
        self.case.evidence.scenarios += what.scenario.lanes if is_elementwise(self.case.entry.domain) else 1
        return max(float(np.max(one.strain, where=one.decided | (one.strain > 1), initial=-1.0)) for _, _, one in found)

    def judged(self, what: Expected) -> Seen:
        """The strains of the first form that is still alive."""
        found = strained(self.case, what, self.alive[0]) if self.alive else _as_stated(self.case, what)
        if found is None:
            self.alive = spoken_forms(self.case)
            found = strained(self.case, what, self.alive[0])
        while _worst(found) > 1 and len(self.alive) > 1:
            self.alive.pop(0)
            found = strained(self.case, what, self.alive[0])
        return found

    @property
    def said_nothing(self) -> bool:
        return self.top.strain <= 1 and self.case.evidence.judged == self.case.evidence.undecided


def _from_here(case: Case) -> Iterator[Expected]:
    """Where nothing that a climb came by says anything: from what says something in the plan, uphill from there."""
    reals = movable(case.entry)
    for what in all_expected(case):
        if any(saying(o).any() for o in what.outputs()):
            for name in reals:
                for shift in (1, -1):
                    near = shifted(case.entry, FORMATS[case.dtype], what.scenario, {name: shift})
                    yield Expected(case.equation, near, format_of(case), algorithm_of(case))
            yield what


def strained(case: Case, what: Expected, form: str) -> Seen:
    """One scenario judged against one form in every layout, without what is accepted."""
    found, values = [], what.scenario.values
    for layout in ("contiguous", *other_layouts(case.adapter.layouts, values)):
        if layout == "contiguous" or not fatal(case, values, layout):
            strains = waived_away(case, values, seen(case, what, layout, form)[0], layout)
            found += [(layout, i, one) for i, one in enumerate(strains)]
    return found


def _as_stated(case: Case, what: Expected) -> Seen | None:
    """One scenario judged against the equation itself, or None where another form may be what is spoken."""
    try:
        found = strained(case, what, BASE)
    except Misshapen:
        return None
    return None if _worst(found) > 1 or left_open(case, what) else found


def _worst(found: Seen) -> float:
    return max((one.worst for _, _, one in found), default=0.0)


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
    starts *= number != NOWHERE
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
