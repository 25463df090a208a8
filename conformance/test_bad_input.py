"""What has no meaning is refused, and a refusal leaves everything as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from conformance.calling.computing import Raised, raw
from conformance.calling.stepping import Stepping, is_step
from conformance.judging.expected import Expected, all_expected
from conformance.judging.trajectories import hyper, start
from conformance.scenarios.shared import generator
from conformance.verdict.ending import brief, settle
from reference.domain import Array, Kind, Labels, Mask

if TYPE_CHECKING:
    from conformance.plan import Case

OUTSIDE = {"lr": -1.0, "eps": -1.0, "beta1": 1.0, "beta2": 1.0, "rho": -0.5, "momentum": -0.5, "weight_decay": -1.0}


def applies(case: Case) -> bool:
    """Whether there is something to refuse: an optimizer's hyperparameters, or arrays whose sizes have to agree."""
    if case.adapter.claims[case.equation].random or case.dtype == "exact" or case.slow:
        return False
    labelled = any(isinstance(argument, Labels) for argument in case.entry.domain.values())
    return is_step(case.entry) or labelled or bool(_shared_axes(case))


def test_bad_input(case: Case) -> None:
    """A rate below zero, a decay of one, sizes that do not fit: an error, and nothing has moved."""
    if is_step(case.entry) and case.adapter.claims[case.equation].steps:
        _refuses_numbers(case)
        _refuses_shapes_of_gradients(case)
    elif not is_step(case.entry):
        _refuses_sizes(case)
    _refuses_labels(case)
    case.evidence.outcome = "passed"


def _refuses_labels(case: Case) -> None:
    """A class, or a word, beyond the last one. On a card that is said too late for anybody to hear it."""
    if case.device != "cpu" or case.mode in case.adapter.slow:
        return
    what = all_expected(case)[-1]
    if any(isinstance(argument, Mask) for argument in case.entry.domain.values()):
        return  # a masked label may be anything
    for name, argument in case.entry.domain.items():
        if isinstance(argument, Labels) and what.scenario.values[name].size and not _optional(case, name):
            labels = what.scenario.values[name].copy()
            labels.reshape(-1)[0] = 10_000
            case.evidence.judged += 1
            try:
                raw(case, what.scenario.values | {name: labels})
            except Raised:
                continue
            settle(case, "failed", f"{case}: {name} = 10000 is accepted, beyond the last, for {brief(what)}")


def _optional(case: Case, name: str) -> bool:
    """Whether the equation itself leaves such a label out."""
    values = dict(all_expected(case)[-1].scenario.values)
    labels = values[name].copy()
    labels.reshape(-1)[0] = 10_000
    return _has_meaning(case, values | {name: labels})


def _refuses_numbers(case: Case) -> None:
    g = generator("bad input", case.equation)
    usual = hyper(case, g, plain=True)
    weight = np.ones(3)
    for name, bad in OUTSIDE.items():
        kind = case.entry.domain.get(name)
        if name not in usual or not isinstance(kind, Kind) or kind.holds(bad):
            continue
        case.evidence.judged += 1
        try:
            stepping = Stepping(case, [([weight], usual | {name: bad})])
            stepping.set([start(case, weight)])
            stepping.step([np.full(3, 0.5)])
        except Raised:
            continue
        settle(case, "failed", f"{case}: {name} = {bad} is accepted, and a step is taken with it")


def _refuses_shapes_of_gradients(case: Case) -> None:
    """A gradient of another shape than its weight, and the weight as it was after the refusal."""
    weight = np.array([1.0, 2.0, 3.0])
    stepping = Stepping(case, [([weight, weight], hyper(case, generator("bad input", case.equation), plain=True))])
    stepping.set([start(case, weight), start(case, weight)])
    case.evidence.judged += 1
    try:
        stepping.step([np.full(3, 0.5), np.full(2, 0.5)])
    except Raised:
        for i, state in enumerate(stepping.read()):
            after = case.adapter.array(state["w"])
            if not np.array_equal(after, weight):
                says = f"a gradient of 2 elements is refused for the second weight of 3, but weight {i} is now {after}"
                settle(case, "failed", f"{case}: {says}")
        return
    settle(case, "failed", f"{case}: a gradient of 2 elements is accepted for a weight of 3")


def _shared_axes(case: Case) -> list[tuple[str, int]]:
    """Arrays, and the axis of each that another array has too and that no broadcasting may stretch."""
    shapes = {n: s for n, s in case.entry.domain.shapes().items() if isinstance(case.entry.domain[n], Array)}
    found = []
    for name, axes in shapes.items():
        for i, axis in enumerate(axes):
            if axis.isidentifier() and any(axis in other for n, other in shapes.items() if n != name):
                found.append((name, i))
    return found


def _refuses_sizes(case: Case) -> None:
    """One array a size longer than the others say. Where broadcasting or a batch explains it, that is no error."""
    what = next((e for e in all_expected(case) if _ample(case, e)), None)
    if what is None:
        return
    for name, axis in _shared_axes(case):
        values = dict(what.scenario.values)
        longer = np.concatenate([values[name], np.take(values[name], [0], axis=axis)], axis=axis)
        values[name] = longer
        if _has_meaning(case, values):
            continue
        case.evidence.judged += 1
        try:
            outputs = raw(case, values)
        except Raised:
            continue
        shapes = [np.shape(case.adapter.array(o)) for o in outputs if not isinstance(o, int | float)]
        settle(
            case, "failed", f"{case}: {name} of shape {longer.shape} is accepted, and gives {shapes}, for {brief(what)}"
        )


def _ample(case: Case, what: Expected) -> bool:
    """Whether no shared size is one, which broadcasting would stretch."""
    return all(np.shape(what.scenario.values[n])[i] > 1 for n, i in _shared_axes(case))


def _has_meaning(case: Case, values: dict[str, Any]) -> bool:
    """Whether the equation itself makes sense of these sizes, as where a batch may be larger."""
    try:
        with np.errstate(all="ignore"):
            case.entry.function(**values)
    except (ValueError, IndexError, TypeError):
        return False
    return True
