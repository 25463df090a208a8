"""From its initial state an optimizer walks the path of the equation, counting its own steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.calling.computing import fitting
from conformance.calling.stepping import Stepping, is_step
from conformance.judging.expected import BASE, forms
from conformance.judging.strain import letter, shown, strains
from conformance.judging.trajectories import Journey, expected_path, journey, start
from conformance.scenarios.shared import generator
from conformance.verdict.ending import settle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.plan import Case

STEPS = 6
SHORTER = 24  # journeys of two steps that are tried where a longer one fails
FAR = 2**24  # where a count in float32 stands still


def applies(case: Case) -> bool:
    """Whether the claim is an object that keeps its state between steps."""
    return case.adapter.claims[case.equation].steps and is_step(case.entry)


def test_trajectory(case: Case) -> None:
    """Every weight and its state, at every step, in the equation's form or one dialect's throughout."""
    found: dict[str, list[Place]] = {form: [] for form in forms(case.entry)}
    for k, first in enumerate((1, 1, FAR) if "t" in case.entry.domain else (1, 1)):
        g = generator("trajectory", case.equation, case.dtype, case.choice.seed, k)
        path = journey(case, g, ((1,), (33,)), STEPS)
        if first > 1:  # where a moment that forgets slowly still tells one count from the next
            path.hyper.update({n: 1 - 2.0**-26 for n in ("beta1", "beta2") if n in path.hyper})
        walked = _walk(case, path, first)
        for form in found:
            found[form] += _places(case, path, walked, form, first)
        case.evidence.scenarios += 34 * STEPS
    worst = {form: max((p.strain for p in places), default=0.0) for form, places in found.items()}
    form = BASE if worst[BASE] <= 1 else min(worst, key=lambda name: worst[name])
    case.evidence.strain, case.evidence.letter = worst[form], letter(worst[form])
    if worst[form] > 1:
        _fail(case, _least(p for p in (*found[form], *_shorter(case, form)) if p.strain > 1), form)
    case.evidence.dialect = {"spoken": form}
    case.evidence.outcome = "passed"


@dataclass(frozen=True)
class Place:
    """How far off one output of one weight is at one step."""

    strain: float
    steps: int
    weight: int
    name: str
    path: Journey
    first: int

    @property
    def elements(self) -> int:
        return int(self.path.weights[self.weight].size)


def _least(places: Iterable[Place]) -> Place:
    """The one after the fewest steps, of the smallest weight."""
    return min(places, key=lambda p: (p.steps, p.elements, -p.strain))


def _shorter(case: Case, form: str) -> list[Place]:
    """The same question over two steps of one number, of several journeys, on which every other gradient falls to 0."""
    places = []
    for k in range(SHORTER):
        path = journey(case, generator("shorter", case.equation, case.dtype, case.choice.seed, k), ((1,),), 2)
        if k % 2:
            path.gradients[1] = [0 * g for g in path.gradients[1]]
        places += _places(case, path, _walk(case, path, 1), form, 1)
    return places


def _fail(case: Case, place: Place, form: str) -> None:
    """Where it shows first, and what led there."""
    i, path = place.weight, place.path
    where = f"{place.name} of weight {i} at step {place.first + place.steps - 1}"
    nearly = "" if form == BASE else f", even against the nearest dialect, {form!r}"
    says = f"along a trajectory {where} is off by {shown(place.strain)} what honest rounding explains{nearly}"
    case.evidence.counterexample = {"elements": place.elements, "steps": place.steps, "says": says}
    gradients = [g[i].tolist() for g in path.gradients[: place.steps]]
    led = f"\n{path.hyper}, weight {path.weights[i].tolist()}, gradients {gradients}" if place.elements == 1 else ""
    settle(case, "failed", f"{case}: {says}{led}")


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


def _places(case: Case, path: Journey, found: list[list[dict[str, object]]], form: str, first: int) -> list[Place]:
    """Every output of every weight at every step, against one form."""
    places = []
    for i, weight in enumerate(path.weights):
        want = expected_path(case, weight, [g[i] for g in path.gradients], path.hyper, form, first)
        for t, outputs in enumerate(want):
            got = [found[t][i][name] for name in case.entry.outputs]
            fitting(got, outputs)  # type: ignore[arg-type]
            for name, g, w in zip(case.entry.outputs, got, outputs, strict=True):
                one = strains(g, w)  # type: ignore[arg-type]
                case.evidence.judged += one.strain.size
                case.evidence.undecided += int(one.strain.size - one.decided.sum())
                places.append(Place(one.worst, t + 1, i, name, path, first))
    return places
