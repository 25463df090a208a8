"""From its initial state an optimizer walks the path of the equation, counting its own steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.calling.computing import fitting
from conformance.calling.stepping import Stepping, is_step
from conformance.counterexample.replay import encoded
from conformance.judging.expected import BASE, forms
from conformance.judging.strain import letter, shown, strains
from conformance.judging.trajectories import Journey, expected_path, journey, start
from conformance.scenarios.shared import generator
from conformance.verdict.ending import settle

if TYPE_CHECKING:
    from conformance.plan import Case

STEPS = 6
FAR = 2**24  # where a count in float32 stands still


def applies(case: Case) -> bool:
    """Whether the claim is an object that keeps its state between steps."""
    return case.adapter.claims[case.equation].steps and is_step(case.entry)


def test_trajectory(case: Case) -> None:
    """Every weight and its state, at every step, in the equation's form or one dialect's throughout."""
    worst: dict[str, tuple[float, str]] = {}
    for k, first in enumerate((1, 1, FAR) if "t" in case.entry.domain else (1, 1)):
        path = journey(
            case, generator("trajectory", case.equation, case.dtype, case.choice.seed, k), ((1,), (33,)), STEPS
        )
        if first > 1:  # where a moment that forgets slowly still tells one count from the next
            path.hyper.update({n: 1 - 2.0**-26 for n in ("beta1", "beta2") if n in path.hyper})
        found = _walk(case, path, first)
        for form in forms(case.entry):
            worst[form] = max(worst.get(form, (0.0, "")), _strain(case, path, found, form, first))
        case.evidence.scenarios += 34 * STEPS
        case.evidence.counterexample = {"values": encoded({"w": path.weights[0]} | path.hyper), "layout": "contiguous"}
    form, (strain, where) = min(worst.items(), key=lambda item: item[1][0])
    form, (strain, where) = (BASE, worst[BASE]) if worst[BASE][0] <= 1 else (form, (strain, where))
    case.evidence.strain, case.evidence.letter = strain, letter(strain)
    if strain > 1:
        nearly = "" if form == BASE else f", even against the nearest dialect, {form!r}"
        settle(
            case,
            "failed",
            f"{case}: along a trajectory {where} is off by {shown(strain)} what honest rounding explains{nearly}",
        )
    case.evidence.counterexample = {}
    case.evidence.dialect = {"spoken": form}
    case.evidence.outcome = "passed"


def _walk(case: Case, path: Journey, first: int) -> list[list[dict[str, object]]]:
    """From nothing, or from nothing remembered at a late step."""
    stepping = Stepping(case, [(path.weights, path.hyper)])
    if first > 1:
        stepping.set([start(case, w) | {"t": first} for w in path.weights])
    found = []
    for gradients in path.gradients:
        stepping.step(gradients)
        found.append(stepping.numbers())
    return found  # type: ignore[return-value]


def _strain(
    case: Case, path: Journey, found: list[list[dict[str, object]]], form: str, first: int
) -> tuple[float, str]:
    worst = (0.0, "")
    for i, weight in enumerate(path.weights):
        want = expected_path(case, weight, [g[i] for g in path.gradients], path.hyper, form, first)
        for t, outputs in enumerate(want):
            got = [found[t][i][name] for name in case.entry.outputs]
            fitting(got, outputs)  # type: ignore[arg-type]
            for name, g, w in zip(case.entry.outputs, got, outputs, strict=True):
                one = strains(g, w)  # type: ignore[arg-type]
                case.evidence.judged += one.strain.size
                case.evidence.undecided += int(one.strain.size - one.decided.sum())
                worst = max(worst, (one.worst, f"{name} of weight {i} at step {t + first}"))
    return worst
