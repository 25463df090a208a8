"""A property's way with values: every scenario judged, the dialect found, a failure confirmed and made small."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.calling.computing import Misshapen, Raised, fatal
from conformance.counterexample.replay import replayed
from conformance.counterexample.shrink import Small, shrunk
from conformance.counterexample.snippet import counterexample
from conformance.judging.adjudication import adjudicated
from conformance.judging.expected import BASE, NARROW, Expected, all_expected, expected, layouts
from conformance.judging.seen import counted, seen
from conformance.judging.strain import Strains, letter, shown, strains
from conformance.plan import Case
from conformance.verdict.accepted import taken_out, told_by, waived_away, waivers_of
from conformance.verdict.crashing import crashes
from conformance.verdict.dialects import spoken_form, told_apart
from conformance.verdict.ending import accepted, settle, unanswered, undecided

FAR = 8.0  # a strain of this much stays as much while its input gets smaller
FEW = 6  # scenarios of a mode that is slow to build


@dataclass
class Worst:
    """The worst that was seen of one form."""

    strain: float = 0.0
    scenario: Expected | None = None
    layout: str = "contiguous"
    output: int = 0
    place: tuple[int, ...] = ()


def every(case: Case) -> Iterator[tuple[Expected, str]]:
    """Every scenario of a case, in the plain layout and, in turn, in one of the others; a waiver's input first."""
    for waiver in waivers_of(case, "value"):
        if waiver.input:
            yield expected(case, told_by(case, waiver)), (waiver.layouts or ("contiguous",))[0]
    other = layouts(case)
    chosen = all_expected(case)
    chosen = chosen[:: max(1, len(chosen) // FEW)][:FEW] if case.slow else chosen
    for what in replayed(case) or chosen:
        yield what, "contiguous"
        if case.slow:
            continue
        if (layout := next(other)) != "contiguous" and not fatal(case, what.scenario.values, layout):
            yield what, layout


def judge_values(case: Case) -> None:
    """The framework speaks the equation, or one of its dialects, within the bound everywhere."""
    evidence = case.evidence
    waivers = waivers_of(case, "value")
    worst, waived = Worst(), dict.fromkeys(range(len(waivers)), 0.0)
    kernel = 0.0
    for what, layout in every(case):
        try:
            found, got = seen(case, what, layout)
        except (Raised, Misshapen) as error:
            refused = error
            break
        found = taken_out(case, waivers, waived, what, layout, found)
        _count(case, what, found)
        if case.dtype in NARROW:
            kernel = max([kernel, *(strains(g, w).worst for g, w in zip(got, what.kernel(), strict=True))])
            evidence.kernel = kernel
        worst = max(worst, *(_at(s, what, layout, i) for i, s in enumerate(found)), key=lambda w: w.strain)
    else:
        refused = None
    if refused is not None:
        unanswered(case, what, layout, refused)
    evidence.strain, evidence.letter = worst.strain, letter(worst.strain)
    spoken, told = BASE, told_apart(case, BASE)
    if worst.strain > 1:
        spoken, worst = nearest(case, worst)
        evidence.strain, evidence.letter, told = worst.strain, letter(worst.strain), told_apart(case, spoken)
    if len(told) or spoken != BASE:
        evidence.dialect = {"spoken": spoken if worst.strain <= 1 else "none", "nearest": spoken, "told apart": told}
    if worst.strain > 1:
        fail(case, worst, spoken)
    accepted(case, waivers, waived)
    crashes(case)
    undecided(case)
    evidence.outcome = "passed"


def nearest(case: Case, worst: Worst) -> tuple[str, Worst]:
    """The form that the framework speaks, or that it misses in the fewest scenarios."""
    best: tuple[str, Worst] = (BASE, worst)
    for form in {spoken_form(case)} - {BASE}:
        here = Worst()
        try:
            for what, layout in every(case):
                found, _ = seen(case, what, layout, form)
                found = waived_away(case, what.scenario.values, found, layout)
                here = max(here, *(_at(s, what, layout, i) for i, s in enumerate(found)), key=lambda w: w.strain)
        except Misshapen:
            continue
        best = (form, here)
    return best


def smallest(case: Case, worst: Worst, form: str) -> Small:
    """The smallest failing neighbour of the worst scenario."""
    assert worst.scenario is not None
    least = min(strain_of(case, worst.scenario.scenario.values, worst.layout, form), FAR)

    def fails(values: Mapping[str, Any], layout: str) -> bool:
        strain = strain_of(case, values, layout, form)
        return strain > 1 and strain >= least

    return shrunk(case, worst.scenario.scenario, worst.layout, fails, worst.place)


def strain_of(case: Case, values: Mapping[str, Any], layout: str, form: str = BASE) -> float:
    """The worst strain of one input against one form; an error of the framework is no strain."""
    try:
        found, _ = seen(case, expected(case, values), layout, form)
    except (Raised, Misshapen, ValueError, IndexError):  # sizes beyond their ranges need not fit together
        return 0.0
    return max((s.worst for s in waived_away(case, values, found, layout)), default=0.0)


def fail(case: Case, worst: Worst, form: str) -> None:
    """Confirm a failure with rigorous enclosures, make it small, and say it."""
    what = worst.scenario
    if what is None:
        raise AssertionError("a failure without a scenario")
    if not adjudicated(case, what.scenario.values, worst.layout, form):
        case.evidence.message = "a failure that rigorous enclosures did not confirm was dropped"
        case.evidence.outcome = "undecided"
        settle(case, "undecided", f"{case}: a failure of {worst.strain:.4g} was not confirmed by rigorous enclosures")
    small = smallest(case, worst, form)
    case.evidence.counterexample = counterexample(case, small, form)
    shown_as = case.evidence.counterexample
    nearly = "" if form == BASE else f", even against the nearest dialect, {form!r}"
    settle(
        case,
        "failed",
        f"{case} is off by {shown(worst.strain)} what honest rounding explains{nearly}\n"
        f"{shown_as.get('says', '')}\n\n{shown_as.get('snippet', '')}",
    )


def _at(found: Strains, what: Expected, layout: str, output: int) -> Worst:
    worst = found.worst
    return Worst(worst, what, layout, output, found.place if worst > 0 else ())


def _count(case: Case, what: Expected, found: list[Strains]) -> None:
    evidence = case.evidence
    evidence.scenarios += what.scenario.lanes if what.scenario.regions else 1
    evidence.regions.update(what.scenario.regions or {"telling": 1})
    for one in found:
        counted(evidence, one)
