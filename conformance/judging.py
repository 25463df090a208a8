"""A property's way with a case: run every scenario, judge it, find the dialect, and say what was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from conformance.adjudication import adjudicated
from conformance.computing import Misshapen, Raised, computed, fitting
from conformance.expected import BASE, NARROW, Expected, all_expected, expected, forms, layouts
from conformance.judge import Strains, apart, histogram, letter, shown, strains
from conformance.plan import Case
from conformance.replay import replayed
from conformance.scenarios.shared import is_elementwise, quantized
from conformance.shrink import smallest
from conformance.snippet import counterexample
from conformance.waivers import Waiver
from reference.number_systems.rounded.format import FORMATS

FEW = 6  # scenarios of a mode that is slow to build
MANY = 64  # scenarios that show which dialect is spoken


@dataclass
class Worst:
    """The worst that was seen of one form."""

    strain: float = 0.0
    scenario: Expected | None = None
    layout: str = "contiguous"
    output: int = 0
    place: tuple[int, ...] = ()


def seen(case: Case, what: Expected, layout: str, form: str = BASE) -> tuple[list[Strains], tuple[np.ndarray, ...]]:
    """One scenario, computed and judged."""
    got = computed(case, what.scenario.values, layout)
    want = what.outputs(form)
    fitting(got, want)
    return [strains(g, w) for g, w in zip(got, want, strict=True)], got


def every(case: Case) -> Iterator[tuple[Expected, str]]:
    """Every scenario of a case, in the plain layout and, in turn, in one of the others; a waiver's input first."""
    for waiver in waivers_of(case, "value"):
        if waiver.input:
            yield expected(case, told_by(case, waiver)), (waiver.layouts or ("contiguous",))[0]
    other = layouts(case)
    chosen = all_expected(case)[-FEW:] if case.slow else all_expected(case)
    for what in replayed(case) or chosen:
        yield what, "contiguous"
        if case.slow:
            continue
        if (layout := next(other)) != "contiguous" and not fatal(case, what, layout, "value"):
            yield what, layout


def fatal(case: Case, what: Expected, layout: str, property_name: str) -> bool:
    """Whether an input is known to end the process, and accepted as that."""
    known = [w for w in waivers_of(case, property_name) if w.crashes]
    return any(bool(np.any(w.mask(what.scenario.values, layout))) for w in known)


def told_by(case: Case, waiver: Waiver) -> dict[str, Any]:
    """The telling input of a waiver, in the case's dtype."""
    arrays = {n: np.asarray(v) if isinstance(v, list) else v for n, v in waiver.input.items()}
    return quantized(case.entry.domain, arrays, FORMATS["float64" if case.dtype == "exact" else case.dtype])


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
    spoken, told = BASE, _told_apart(case, BASE)
    if worst.strain > 1:
        spoken, worst = nearest(case, worst)
        evidence.strain, evidence.letter, told = worst.strain, letter(worst.strain), _told_apart(case, spoken)
    if len(told) or spoken != BASE:
        evidence.dialect = {"spoken": spoken if worst.strain <= 1 else "none", "nearest": spoken, "told apart": told}
    if worst.strain > 1:
        fail(case, worst, spoken)
    accepted(case, waivers, waived)
    if evidence.judged and evidence.undecided == evidence.judged:
        settle(case, "undecided", f"{case}: undecided, no bound was small enough to say anything")
    evidence.outcome = "passed"


def taken_out(
    case: Case, waivers: list[Waiver], waived: dict[int, float], what: Expected, layout: str, found: list[Strains]
) -> list[Strains]:
    """What is left of the strains without what is accepted; `waived` remembers how much each waiver covered."""
    for i, waiver in enumerate(waivers):
        if all(s.worst <= 1 for s in found):
            break  # nothing to accept
        mask = covered(case, waiver, what.scenario.values, layout)
        left = [s.without(mask) for s in found]
        waived[i] = max([waived[i], *(s.worst for s, r in zip(found, left, strict=True) if s.worst > r.worst)])
        found = left
    return found


def accepted(case: Case, waivers: list[Waiver], waived: Mapping[int, float]) -> None:
    """Without a failure beside them: each waiver still covers a deviation, or is out of date."""
    if not waivers:
        return
    stale = [w for i, w in enumerate(waivers) if waived[i] <= 1 and not (w.sometimes or w.crashes)]
    seen_again = [w for i, w in enumerate(waivers) if waived[i] > 1]
    first = (stale or seen_again or waivers)[0]
    case.evidence.waiver = {"reason": first.reason, "url": first.url, "where": first.where}
    if stale and case.choice.effort != "quick":
        settle(case, "stale waiver", f"{case} passes, so its waiver is out of date: {first.reason} ({first.url})")
    worst = max(waived.values())
    if worst > 1:
        case.evidence.strain, case.evidence.letter = worst, letter(worst)
        settle(case, "waived", f"{first.reason} ({first.url})")
    case.evidence.waiver = {}


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


def waivers_of(case: Case, property_name: str) -> list[Waiver]:
    """The accepted deviations of a case, where their conditions hold."""
    return [w for w in case.adapter.waivers if w.covers(str(case), property_name) and w.holds(case.adapter.version)]


def covered(case: Case, waiver: Waiver, values: Mapping[str, Any], layout: str) -> bool | np.ndarray:
    """What a waiver takes out: lanes of an elementwise equation, else the whole scenario."""
    mask = waiver.mask(values, layout)
    return mask if is_elementwise(case.entry.domain) else bool(np.any(mask))


def waived_away(
    case: Case, values: Mapping[str, Any], found: list[Strains], layout: str = "contiguous"
) -> list[Strains]:
    """Strains without what the value property's waivers cover."""
    for waiver in waivers_of(case, "value"):
        if any(one.worst > 1 for one in found):
            mask = covered(case, waiver, values, layout)
            found = [one.without(mask) for one in found]
    return found


def fail(case: Case, worst: Worst, form: str) -> None:
    """Confirm a failure with rigorous enclosures, make it small, and say it."""
    what = worst.scenario
    if what is None:
        raise AssertionError("a failure without a scenario")
    if not adjudicated(case, what.scenario.values, worst.layout, form):
        case.evidence.message = "a failure that rigorous enclosures did not confirm was dropped"
        case.evidence.outcome = "undecided"
        settle(case, "undecided", f"{case}: a failure of {worst.strain:.4g} was not confirmed by rigorous enclosures")
    small = smallest(case, what.scenario, worst.layout, form, worst.place)
    case.evidence.counterexample = counterexample(case, small, form)
    shown_as = case.evidence.counterexample
    nearly = "" if form == BASE else f", even against the nearest dialect, {form!r}"
    settle(
        case,
        "failed",
        f"{case} is off by {shown(worst.strain)} what honest rounding explains{nearly}\n"
        f"{shown_as.get('says', '')}\n\n{shown_as.get('snippet', '')}",
    )


def unanswered(case: Case, what: Expected, layout: str, error: Raised | Misshapen) -> None:
    """There is nothing to judge: an error was raised, or what came is not what the equation has."""
    if isinstance(error, Raised):
        raised(case, what, layout, error)
    settle(case, "adapter", f"{case}: the claim {error}, for {brief(what)}")


def raised(case: Case, what: Expected, layout: str, error: Raised) -> None:
    """A framework that raises for an input of the domain has failed, unless it says that it does not have this."""
    cause = error.__cause__
    if cause is not None and case.adapter.absent(cause):
        settle(case, "not offered", str(error))
    settle(case, "raised", f"{case} raised {error}\nfor {brief(what)}, tensors {layout}")


def settle(case: Case, outcome: str, message: str) -> None:
    """End a test with an outcome. A failure that somebody has accepted for this property is waived."""
    known = waivers_of(case, case.property_name) if outcome in ("failed", "raised") else []
    if known and case.property_name not in ("value", "gradient"):
        case.evidence.waiver = {"reason": known[0].reason, "url": known[0].url}
        outcome, message = "waived", f"{known[0].reason} ({known[0].url})"
    case.evidence.outcome, case.evidence.message = outcome, message
    if outcome == "waived":
        pytest.xfail(message)
    if outcome in ("not offered", "not run") or (outcome == "undecided" and case.property_name == "climb"):
        pytest.skip(message)  # of a search that decided nothing the value property says what it could decide
    pytest.fail(message, pytrace=False)


def brief(what: Expected) -> str:
    """A scenario in a line or two."""
    shown = [
        f"{n}={np.array2string(np.asarray(v), threshold=12, edgeitems=2)}" for n, v in what.scenario.values.items()
    ]
    return ", ".join(shown)[:700]


def _at(found: Strains, what: Expected, layout: str, output: int) -> Worst:
    worst = found.worst
    return Worst(worst, what, layout, output, found.place if worst > 0 else ())


def _count(case: Case, what: Expected, found: list[Strains]) -> None:
    evidence = case.evidence
    evidence.scenarios += what.scenario.lanes if what.scenario.regions else 1
    evidence.regions.update(what.scenario.regions or {"telling": 1})
    for one in found:
        evidence.judged += int(one.strain.size)
        evidence.undecided += int(one.strain.size - one.decided.sum())
        evidence.histogram.update(histogram(one))


def _told_apart(case: Case, spoken: str) -> dict[str, int]:
    """On how many numbers each other form differs from the spoken one by more than both bounds."""
    told: dict[str, int] = {}
    for form in forms(case.entry):
        if form != spoken:
            told[form] = sum(_differ(what, spoken, form) for what in all_expected(case))
    return told


def _differ(what: Expected, one: str, other: str) -> int:
    key = f"{one} | {other}"
    if key not in what.found:
        pair = zip(what.outputs(one), what.outputs(other), strict=False)
        same = [np.shape(a) == np.shape(b) for a, b in zip(what.outputs(one), what.outputs(other), strict=False)]
        number = sum(int(np.sum(apart(a, b))) for (a, b), fits in zip(pair, same, strict=True) if fits)
        what.found[key] = (number + sum(not fits for fits in same),)
    return int(what.found[key][0])


def spoken_form(case: Case) -> str:
    """The form that fails in the fewest scenarios: the equation itself, unless a dialect does better."""
    return spoken_forms(case)[0]


def spoken_forms(case: Case) -> list[str]:
    """The forms that fail in as few scenarios as any, the equation first."""
    failures = dict.fromkeys(forms(case.entry), 0)
    if len(failures) == 1:
        return [BASE]
    for what in all_expected(case)[:MANY]:
        for form in failures:
            try:
                found, _ = seen(case, what, "contiguous", form)
            except (Raised, Misshapen):
                continue
            failures[form] += any(s.worst > 1 for s in waived_away(case, what.scenario.values, found))
    return [form for form in failures if failures[form] == min(failures.values())]
