"""The gradient that a framework gives lies within the bound that the equation's own derivative derives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from conformance.calling.computing import Misshapen, Raised, fatal, gradients
from conformance.counterexample.replay import encoded, replayed
from conformance.counterexample.shrink import Small, shrunk
from conformance.counterexample.smaller import size
from conformance.counterexample.snippet import gradient_program
from conformance.judging.expected import BASE, Expected, all_expected, expected, format_of
from conformance.judging.seen import counted
from conformance.judging.strain import Strains, letter, shown, strains
from conformance.scenarios.carry import over_balls, over_bounds
from conformance.scenarios.draw import Scenario
from conformance.scenarios.layouts import other_layouts
from conformance.scenarios.shared import as_many, generator, quantized
from conformance.verdict.accepted import taken_out, told_by, waivers_of
from conformance.verdict.crashing import crashes
from conformance.verdict.dialects import shaped_form, spoken_form
from conformance.verdict.ending import accepted, raised, settle, undecided
from reference.number_systems.balls import Balls
from reference.number_systems.rounded import Rounded
from reference.number_systems.rounded.format import FORMATS
from reference.number_systems.tape import gradient
from reference.statements import Kink

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.plan import Case

SCENARIOS = {"quick": 3, "standard": 8, "exhaustive": 60}
STEPS = 9  # of time, or words of a sentence, that are differentiated
SLOWLY_TAPED = ("recurrent", "attention")  # a step is many steps of the tape, and each word looks at each
FEWER = {"quick": 2, "standard": 5, "exhaustive": 40}  # scenarios of those
FAR = 8  # of the scenarios beyond those, one in so many
SLOWLY = 2  # scenarios in a mode that is built anew for each shape
MOST = {"float64": 300, "float32": 1000, "bfloat16": 1000, "float16": 1000}  # numbers in all inputs together


@dataclass
class Worst:
    """The worst gradient that was seen, and how it was asked for."""

    strain: float = 0.0
    what: Expected | None = None
    layout: str = "contiguous"
    alone: int | None = None
    argument: str = ""
    place: tuple[int, ...] = ()


def applies(case: Case) -> bool:
    """Whether the equation has a derivative and the framework takes one."""
    claim = case.adapter.claims[case.equation]
    return bool(case.entry.differentiable) and case.adapter.judges_gradients and not (claim.random or claim.steps)


def test_gradient(case: Case) -> None:
    """Of the equation or one of its dialects: for random cotangents of all outputs, and for one output alone."""
    evidence = case.evidence
    known = waivers_of(case, "gradient")
    worst, waived = Worst(), dict.fromkeys(range(len(known)), 0.0)
    form = shaped_form(case)
    for what, layout, alone in _every(case):
        try:
            found = judged(case, what, layout, alone, form)
        except Raised as error:
            raised(case, what, layout, error)
            return
        if found is None:
            settle(case, "not offered", f"{case}: the claim's outputs carry no gradient")
            return
        found = dict(zip(found, taken_out(case, known, waived, what, layout, list(found.values())), strict=True))
        worst = max(worst, *_worsts(found, what, layout, alone), key=lambda w: w.strain)
        evidence.scenarios += 1
        evidence.regions.update(what.scenario.regions)
        for one in found.values():
            counted(evidence, one)
    if worst.strain > 1 and form == BASE:
        form, worst = _nearest(case, worst)
    evidence.strain, evidence.letter = worst.strain, letter(worst.strain)
    if form != BASE:
        evidence.dialect = {"spoken": form if worst.strain <= 1 else "none", "nearest": form}
    if worst.strain > 1:
        _fail(case, worst, form)
    for row in case.entry.kinks if form == BASE else ():
        _bent(case, row)
    accepted(case, known, waived)
    crashes(case, program_of)
    undecided(case)
    evidence.outcome = "passed"


def program_of(case: Case, values: Mapping[str, Any], layout: str, says: str) -> str:
    """The program that takes the gradient with ones for cotangents."""
    ones = [np.ones(np.shape(o)) for o in expected(case, values).outputs()]
    return gradient_program(case, values, layout, ones, says)


def _bent(case: Case, row: Kink) -> None:
    """At a kink each slope may be one of many, but not all of them at once."""
    reals = case.entry.domain.real_arrays()
    given = {n: np.asarray(v, dtype=float) if n in reals else v for n, v in row.given.items()}
    values = quantized(case.entry.domain, given, FORMATS[case.dtype])
    ones = [np.ones(np.shape(o)) for o in expected(case, values).outputs()]
    try:
        slopes = gradients(case, values, case.entry.differentiable, ones)
    except Raised as error:
        raised(case, expected(case, values), "contiguous", error)
        return
    if slopes is None:
        return
    left, right = row.sides(slopes)
    case.evidence.judged += 1
    if not np.array_equal(left, right):
        says = f"{row.sentence}: {np.asarray(left).tolist()} is not {np.asarray(right).tolist()}"
        program = gradient_program(case, values, "contiguous", ones, says)
        case.evidence.counterexample = {
            "values": encoded(values), "layout": "contiguous", "form": BASE, "says": says, "snippet": program,
            "elements": max(np.size(v) for v in values.values()),
        }  # fmt: skip
        settle(case, "failed", f"{case}: {says}\n\n{program}")


def _every(case: Case) -> Iterator[tuple[Expected, str, int | None]]:
    """Scenarios small enough to differentiate, in every layout, and now and then one output alone."""
    for waiver in waivers_of(case, "gradient"):
        if waiver.input:
            yield expected(case, told_by(case, waiver)), (waiver.layouts or ("contiguous",))[0], None
    chosen = [e for e in all_expected(case) if size(e.scenario.values)[1] <= MOST[case.dtype]]
    chosen = [e for e in chosen if not fatal(case, e.scenario.values, backwards=True)]
    most = SLOWLY if case.slow else as_many(SCENARIOS[case.choice.effort], case.dtype)
    if case.entry.chapter in SLOWLY_TAPED:
        most = min(most, FEWER[case.choice.effort])
        chosen = [e for e in chosen if max(e.scenario.sizes.values(), default=0) <= STEPS]
    far = [] if case.slow else chosen[most::FAR]  # sizes and numbers far out
    chosen, most = chosen[:most] + far + chosen[most:], most + len(far)
    number = len(case.entry.outputs)
    for k, what in enumerate(replayed(case) or chosen):
        if k >= most and case.evidence.undecided < case.evidence.judged:
            return  # until something is decided there are more
        yield what, "contiguous", None
        others = other_layouts(case.adapter.layouts, what.scenario.values)[: 1 if case.slow else None]
        others = [one for one in others if not fatal(case, what.scenario.values, one, backwards=True)]
        yield from ((what, layout, None) for layout in others)
        if number > 1 and k % 3 == 2:
            yield what, [*others, "contiguous"][0], k % number


def judged(
    case: Case, what: Expected, layout: str, alone: int | None, form: str = BASE, derived: dict[str, Any] | None = None
) -> dict[str, Strains] | None:
    """The strain of each gradient, or None where the framework gives none."""
    shapes = [np.shape(o) for o in what.outputs(form)]
    weights = cotangents(case, shapes, alone)
    found = gradients(case, what.scenario.values, case.entry.differentiable, weights, layout)
    if found is None:
        return None
    want = derived or slopes(case, what, alone, form)
    wrong = {n: (found[n].shape, np.shape(want[n])) for n in want if found[n].shape != np.shape(want[n])}
    if wrong:
        raise Misshapen(f"gave gradients of other shapes than their arguments: {wrong}")
    return {name: strains(found[name], want[name]) for name in want}


def cotangents(case: Case, shapes: list[tuple[int, ...]], alone: int | None) -> list[np.ndarray]:
    """Weights of the outputs: of ordinary size, or zero for all but one output."""
    fmt = format_of(case)
    assert fmt is not None
    g = generator("cotangent", case.equation, case.dtype)
    drawn = [fmt.quantize(g.normal(size=shape)) for shape in shapes]
    return [c if alone is None or i == alone else np.zeros_like(c) for i, c in enumerate(drawn)]


def slopes(case: Case, what: Expected, alone: int | None, form: str) -> dict[str, Any]:
    """The gradients with their bounds, made once for all modes and layouts."""
    key = f"gradient of {form}, {alone}"
    if key not in what.found:
        assert what.fmt is not None
        carried = over_bounds(case.entry.domain, what.scenario.values, what.fmt)
        weights = cotangents(case, [np.shape(o) for o in what.outputs(form)], alone)
        over = tuple(Rounded.of(c, what.fmt) for c in weights)
        with np.errstate(all="ignore"):
            what.found[key] = (gradient(_stated(case, form), carried, case.entry.differentiable, over),)
    return what.found[key][0]  # type: ignore[no-any-return]


def _stated(case: Case, form: str) -> Any:
    """The equation or the dialect itself, which knows the forms of its gradient."""
    return case.entry if form == BASE else case.entry.dialects[form]


def _worsts(found: dict[str, Strains], what: Expected, layout: str, alone: int | None) -> list[Worst]:
    return [Worst(s.worst, what, layout, alone, n, s.place if s.worst > 0 else ()) for n, s in found.items()]


def _nearest(case: Case, worst: Worst) -> tuple[str, Worst]:
    """The gradient of the dialect that the framework's values speak, where they speak one and it is nearer."""
    best = (BASE, worst)
    for form in {spoken_form(case)} - {BASE}:
        here = Worst()
        try:
            for what, layout, alone in _every(case):
                found = judged(case, what, layout, alone, form) or {}
                found = {n: s for n, s in found.items() if not _covered(case, what, layout)}
                here = max(here, *_worsts(found, what, layout, alone), Worst(), key=lambda w: w.strain)
        except (Raised, Misshapen, ValueError):
            continue
        best = (form, here)
    return best


def _covered(case: Case, what: Expected, layout: str) -> bool:
    return any(bool(np.any(w.mask(what.scenario.values, layout))) for w in waivers_of(case, "gradient"))


def _fail(case: Case, worst: Worst, form: str) -> None:
    """Confirm with enclosures, make it small, and say it."""
    assert worst.what is not None
    alone = worst.alone
    if not _confirmed(case, worst.what.scenario.values, worst.layout, alone, form):
        settle(case, "undecided", f"{case}: a failure of {worst.strain:.4g} was not confirmed by rigorous enclosures")
    least = min(worst.strain, 8.0)

    def fails(values: Mapping[str, Any], layout: str) -> bool:
        try:
            what = expected(case, values)
            found = judged(case, what, layout, alone, form)
        except (Raised, Misshapen, ValueError, IndexError):  # sizes beyond their ranges need not fit together
            return False
        if found is None or _covered(case, what, layout):
            return False
        strain = max(s.worst for s in found.values())
        return strain > 1 and strain >= least

    small = shrunk(
        case, Scenario(worst.what.scenario.values, sizes=worst.what.scenario.sizes), worst.layout, fails, worst.place
    )
    says = _said(case, small, alone, form)
    weights = cotangents(case, [np.shape(o) for o in expected(case, small.values).outputs(form)], alone)
    program = gradient_program(case, small.values, small.layout, weights, says)
    case.evidence.counterexample = {
        "values": encoded(small.values), "layout": small.layout, "form": form, "says": says, "snippet": program,
        "elements": max(np.size(v) for v in small.values.values()),
    }  # fmt: skip
    nearly = "" if form == BASE else f", even against the nearest dialect, {form!r}"
    settle(
        case, "failed",
        f"{case}: a gradient is off by {shown(worst.strain)} what honest rounding explains{nearly}\n"
        f"{says}\n\n{program}",
    )  # fmt: skip


def _said(case: Case, small: Small, alone: int | None, form: str) -> str:
    what = expected(case, small.values)
    weights = cotangents(case, [np.shape(o) for o in what.outputs(form)], alone)
    try:
        found = judged(case, what, small.layout, alone, form) or {}
        got = gradients(case, small.values, case.entry.differentiable, weights, small.layout) or {}
    except (Raised, Misshapen) as error:
        return str(error)
    name = max(found, key=lambda n: found[n].worst)
    want, place = slopes(case, what, alone, form)[name], found[name].place
    return (
        f"the gradient in {name}{list(place) or ''} is {float(got[name][place])!r}, want "
        f"{float(want.midpoint[place])!r} ± {float(want.bound[place]):.3g}: strain {found[name].worst:.4g} "
        f"({letter(found[name].worst)})"
    )


def _confirmed(case: Case, values: Mapping[str, Any], layout: str, alone: int | None, form: str) -> bool:
    """Whether enclosures of the gradient leave no doubt."""
    what = expected(case, values)
    weights = cotangents(case, [np.shape(o) for o in what.outputs(form)], alone)
    got = gradients(case, values, case.entry.differentiable, weights, layout)
    bounds = slopes(case, what, alone, form)
    with np.errstate(all="ignore"):
        carried = over_balls(case.entry.domain, values)
        truth = gradient(_stated(case, form), carried, case.entry.differentiable, tuple(Balls(c) for c in weights))
    for name, exact in truth.items():
        g, bound = (got or {})[name], bounds[name].bound
        finite = np.isfinite(g)
        gap = exact - np.where(finite, g, 0.0) if isinstance(exact, Balls) else Balls(exact - np.where(finite, g, 0.0))
        with np.errstate(all="ignore"):
            least = np.abs(gap.midpoints()) - gap.radii()
            beyond = np.where(finite, ~np.isfinite(gap.radii()) | (least > bound), np.isfinite(bound))
        if bool(np.any(beyond)):
            return True
    return False
