"""An optimizer's state is all that it remembers: saved and loaded, it goes on as if nothing had happened."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from conformance.calling.computing import Raised
from conformance.calling.stepping import Stepping, is_step
from conformance.judging.trajectories import Journey, journey
from conformance.scenarios.shared import generator
from conformance.verdict.ending import settle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.plan import Case

    Check = Callable[[Case, Journey], None]

STEPS = 5
SIZES = ((17,), (17,), (3, 2), (1,), (17,), (17,), (17,))  # several of one shape, which must not share anything
SMALLER = [
    (sizes, steps)
    for steps in (2, 3, STEPS)
    for sizes in (((1,), (1,)), ((2,), (2,)), ((1,), (1,), (1,)), ((1,),) * len(SIZES))
]


class Differs(Exception):
    """Two ways that should give the same bits did not."""


def applies(case: Case) -> bool:
    """Whether the claim is an object with a state."""
    return case.adapter.claims[case.equation].steps and is_step(case.entry)


def test_state(case: Case) -> None:
    """Saving and loading, groups, late groups and missing gradients leave every weight its own path, to the bit."""
    for k in range(2):
        for check in _checks():
            path = _path(case, k, SIZES, STEPS)
            if (said := _said(case, check, path)) is not None:
                _fail(case, check, k, path, said)
        case.evidence.scenarios += len(SIZES) * STEPS
    case.evidence.outcome = "passed"


def _path(case: Case, k: int, sizes: Sequence[tuple[int, ...]], steps: int) -> Journey:
    """A journey; the second has the hyperparameters that are not customary."""
    path = journey(case, generator("state", case.equation, case.dtype, case.choice.seed, k), sizes, steps)
    return path if k == 0 else replace(path, hyper=path.other, other=path.hyper)


def _checks() -> tuple[Check, ...]:
    return _loaded, _grouped, _late, _waited, _untouched


def _said(case: Case, check: Check, path: Journey) -> str | None:
    """What differs, or None."""
    try:
        check(case, path)
    except Differs as error:
        return str(error)
    except Raised as error:
        settle(case, "raised", f"{case} raised {error}: a gradient came late or was missing")
    return None


def _fail(case: Case, check: Check, k: int, path: Journey, said: str) -> None:
    """The same question, or another, of fewer and smaller weights, over fewer steps: the first difference is shown."""
    for (sizes, steps), other in product(SMALLER, dict.fromkeys([check, *_checks(), _kept])):
        smaller = _path(case, k, sizes, steps)
        if (also := _said(case, other, smaller)) is not None:
            path, said = smaller, also
            break
    told = [f"weights {[w.tolist() for w in path.weights]}"]
    told += [f"gradients of step {t} {[g.tolist() for g in all_]}" for t, all_ in enumerate(path.gradients, start=1)]
    elements = max(w.size for w in path.weights)
    case.evidence.counterexample = {"elements": elements, "steps": len(path.gradients), "says": said}
    small = elements <= 2
    shown = "\n".join([str(path.hyper), *told]) if small else f"{path.hyper}, weights of sizes {SIZES}"
    settle(case, "failed", f"{case}: {said}\n{shown}")


def _walked(case: Case, path: Journey) -> list[list[dict[str, np.ndarray]]]:
    """All states after each step, with all weights in one group."""
    stepping = Stepping(case, [(path.weights, path.hyper)])
    found = []
    for gradients in path.gradients:
        stepping.step(gradients)
        found.append(stepping.numbers())
    return found


def _loaded(case: Case, path: Journey) -> None:
    """Stopped half way, saved, loaded into a new object with the weights of that moment, and continued."""
    whole, half = _walked(case, path), len(path.gradients) // 2
    first = Stepping(case, [(path.weights, path.hyper)])
    for gradients in path.gradients[:half]:
        first.step(gradients)
    saved = first.save()
    weights = [state["w"] for state in first.numbers()]
    first.step(path.gradients[0])  # a checkpoint does not go on with what it was taken of
    second = Stepping(case, [(weights, path.hyper)])
    second.load(saved)
    for i, gradients in enumerate(path.gradients[half:], start=half):
        second.step(gradients)
        _equal(case, second.numbers(), whole[i], f"after loading the state of step {half}, step {i + 1}")


def _kept(case: Case, path: Journey) -> None:
    """What was read after the first step is the same when more have been made."""
    stepping = Stepping(case, [(path.weights, path.hyper)])
    stepping.step(path.gradients[0])
    read = stepping.numbers()
    then = [{name: np.array(value) for name, value in state.items()} for state in read]
    for gradients in path.gradients[1:]:
        stepping.step(gradients)
    _equal(case, read, then, "after another step, what was read after step 1")


def _grouped(case: Case, path: Journey) -> None:
    """Each weight in a group of its own with the same hyperparameters, and the groups' own paths with others."""
    whole = _walked(case, path)
    apart = Stepping(case, [([w], path.hyper) for w in path.weights])
    for gradients in path.gradients:
        apart.step(gradients)
    _equal(case, apart.numbers(), whole[-1], "with a group for each weight, the last step")
    hypers = [path.other if i % 2 else path.hyper for i in range(len(path.weights))]
    mixed = Stepping(case, [([w], h) for w, h in zip(path.weights, hypers, strict=True)])
    alone = [Stepping(case, [([w], h)]) for w, h in zip(path.weights, hypers, strict=True)]
    for gradients in path.gradients:
        mixed.step(gradients)
        for one, gradient in zip(alone, gradients, strict=True):
            one.step([gradient])
    _equal(
        case,
        mixed.numbers(),
        [one.numbers()[0] for one in alone],
        "beside a group of other hyperparameters, the last step",
    )


def _late(case: Case, path: Journey) -> None:
    """A group that is added half way starts at its own first step."""
    half = len(path.gradients) // 2
    stepping = Stepping(case, [(path.weights[:1], path.hyper)])
    for gradients in path.gradients[:half]:
        stepping.step(gradients[:1])
    stepping.add([path.weights[1]], path.hyper)
    fresh = Stepping(case, [([path.weights[1]], path.hyper)])
    for gradients in path.gradients[half:]:
        stepping.step(gradients[:2])
        fresh.step([gradients[1]])
    _equal(case, stepping.numbers()[1:], fresh.numbers(), "in a group that was added late, the last step")


def _waited(case: Case, path: Journey) -> None:
    """A weight without a gradient stays as it is, state and all, and goes on from there."""
    missing = {0: 0, 1: 1}  # the first weight has none at first, the second none at the second step, the third all
    stepping = Stepping(case, [(path.weights[:3], path.hyper)])
    steady = [Stepping(case, [([w], path.hyper)]) for w in path.weights[:3]]
    for i, gradients in enumerate(path.gradients):
        stepping.step([None if missing.get(k) == i else g for k, g in enumerate(gradients[:3])])
        for k, one in enumerate(steady):
            if missing.get(k) != i:
                one.step([gradients[k]])
    want = [one.numbers()[0] for one in steady]
    _equal(case, stepping.numbers(), want, "after steps without a gradient, the last step")


def _untouched(case: Case, path: Journey) -> None:
    """The state is the optimizer's own: what becomes of the gradient afterwards does not reach it."""
    from conformance.calling.computing import running, tensor

    stepping, other = (Stepping(case, [(path.weights[:1], path.hyper)]) for _ in range(2))
    gradient = tensor(case, path.gradients[0][0])
    kept = case.adapter.array(gradient).copy()
    running(case, lambda: stepping.object.step([gradient]))
    if not np.array_equal(case.adapter.array(gradient), kept, equal_nan=True):
        raise Differs(f"a step changed the caller's gradient, from {kept} to {case.adapter.array(gradient)}")
    other.step([path.gradients[0][0]])
    before = other.numbers()
    try:
        gradient *= 0  # the caller reuses the buffer
        gradient += 7
    except (TypeError, ValueError, RuntimeError):
        return
    _equal(case, stepping.numbers(), before, "once the caller reuses the gradient's memory, the state")


def _equal(case: Case, got: list[dict[str, Any]], want: list[dict[str, Any]], when: str) -> None:
    for i, (one, other) in enumerate(zip(got, want, strict=True)):
        for name in case.entry.outputs:
            a, b = one[name], other[name]
            case.evidence.judged += a.size
            if a.shape == b.shape and np.array_equal(a, b, equal_nan=True):
                continue
            raise Differs(f"{when} gives other bits: weight {i}, {name}: {a.reshape(-1)[:4]}, not {b.reshape(-1)[:4]}")
