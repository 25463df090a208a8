"""A property's way with values: every scenario judged, the dialect found, a failure confirmed and made small."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.calling.computing import Misshapen, Raised, fatal
from conformance.counterexample.replay import replayed
from conformance.counterexample.shrink import Small, shrunk
from conformance.counterexample.snippet import counterexample
from conformance.evidence import Evidence
from conformance.judging.adjudication import adjudicated
from conformance.judging.curve import drawn_curve, tidied
from conformance.judging.expected import BASE, Expected, algorithm_of, all_expected, expected
from conformance.judging.seen import counted, seen
from conformance.judging.strain import Strains, letter, shown, strains
from conformance.plan import Case
from conformance.scenarios.layouts import other_layouts
from conformance.scenarios.shared import NARROW
from conformance.verdict.accepted import taken_out, told_by, waived_away, waivers_of
from conformance.verdict.crashing import crashes
from conformance.verdict.dialects import left_open, spoken_form, told_apart
from conformance.verdict.ending import accepted, settle, unanswered, undecided
from conformance.waivers import Waiver

FAR = 8.0  # a strain of this much stays as much while its input gets smaller
FEW = 6  # scenarios of a mode that is slow to build
SHOWN = 3  # one in so many scenarios is held against a kernel, too, which decides nothing


@dataclass
class Worst:
    """The worst that was seen of one form."""

    strain: float = 0.0
    scenario: Expected | None = None
    layout: str = "contiguous"
    output: int = 0
    place: tuple[int, ...] = ()


def every(case: Case) -> Iterator[tuple[Expected, str]]:
    """Every scenario of a case, in every layout in which its tensors can lie; a waiver's input first."""
    for waiver in waivers_of(case, "value"):
        if waiver.input:
            yield expected(case, told_by(case, waiver)), (waiver.layouts or ("contiguous",))[0]
    chosen = all_expected(case)
    chosen = chosen[:: max(1, len(chosen) // FEW)][:FEW] if case.slow else chosen
    for what in replayed(case) or chosen:
        yield what, "contiguous"
        for layout in () if case.slow else other_layouts(case.adapter.layouts, what.scenario.values):
            if not fatal(case, what.scenario.values, layout):
                yield what, layout


@dataclass
class Judged:
    """What all scenarios say about one form of an equation, with the numbers that were counted for it."""

    form: str
    waived: dict[int, float]
    worst: Worst = field(default_factory=Worst)
    counts: Evidence = field(default_factory=Evidence)
    silent: bool = False  # whether a dialect has an answer where the equation has none
    refused: tuple[Expected, str, Raised | Misshapen] | None = None

    @property
    def passes(self) -> bool:
        return self.refused is None and self.worst.strain <= 1


def judge_values(case: Case) -> None:
    """The framework speaks the equation, or one of its dialects, within the bound everywhere."""
    evidence, waivers = case.evidence, waivers_of(case, "value")
    found = judged_as(case, BASE, waivers)
    raised = found.refused is not None and isinstance(found.refused[2], Raised)
    if not raised and (found.refused or found.silent or found.worst.strain > 1):
        for form in {spoken_form(case)} - {BASE}:
            other = judged_as(case, form, waivers)
            if other.refused is None and (other.worst.strain <= 1 or not found.passes):
                found = other
    for name in ("judged", "undecided", "scenarios", "regions", "histogram", "kernel"):
        setattr(evidence, name, getattr(found.counts, name))
    evidence.curve = tidied(found.counts.curve)
    if found.refused is not None:
        unanswered(case, *found.refused)
    worst, told = found.worst, told_apart(case, found.form)
    evidence.strain, evidence.letter = worst.strain, letter(worst.strain, algorithm_of(case))
    if told:
        spoken = found.form if worst.strain <= 1 else "none"
        evidence.dialect = {"spoken": spoken, "nearest": found.form, "told apart": told}
    if worst.strain > 1:
        fail(case, worst, found.form)
    accepted(case, waivers, found.waived)
    crashes(case)
    undecided(case)
    evidence.outcome = "passed"


def judged_as(case: Case, form: str, waivers: list[Waiver]) -> Judged:
    """Every scenario against one form, until the framework refuses one."""
    all_ = Judged(form, dict.fromkeys(range(len(waivers)), 0.0))
    counts = all_.counts
    for what, layout in every(case):
        try:
            found, got = seen(case, what, layout, form)
        except (Raised, Misshapen) as error:
            all_.refused = what, layout, error
            break
        found = taken_out(case, waivers, all_.waived, what, layout, found)
        counts.scenarios += what.scenario.lanes if what.scenario.regions else 1
        counts.regions.update(what.scenario.regions or {"telling": 1})
        for one in found:
            counted(counts, one)
        drawn_curve(counts, what, layout, found)
        if case.dtype in NARROW and layout == "contiguous" and what.number % SHOWN == 0:
            once = [strains(g, w).worst for g, w in zip(got, what.kernel(form), strict=True)]
            counts.kernel = max([0.0 if math.isnan(counts.kernel) else counts.kernel, *once])
        all_.silent = all_.silent or (form == BASE and left_open(case, what))
        all_.worst = max(all_.worst, *(_at(s, what, layout, i) for i, s in enumerate(found)), key=lambda w: w.strain)
    return all_


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
