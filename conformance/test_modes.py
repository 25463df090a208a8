"""Every path of execution speaks the same dialect, keeps the same dtypes, and refuses the same things."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from conformance.calling.computing import Misshapen, Raised, arrays, raw
from conformance.counterexample.replay import encoded
from conformance.counterexample.shrink import shrunk
from conformance.evidence import Evidence
from conformance.judging.expected import BASE, all_expected, expected, forms
from conformance.judging.strain import apart, strains
from conformance.verdict.ending import brief, settle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.judging.expected import Expected
    from conformance.plan import Case

SCENARIOS = 8


def applies(case: Case) -> bool:
    """Whether there is a first mode to compare with."""
    modes = case.adapter.modes_of(case.equation)
    return case.dtype != "exact" and case.mode != modes[0] and not case.adapter.claims[case.equation].random


def test_modes(case: Case) -> None:
    """What the bound of a value does not see is the same as in the first mode."""
    first = replace(case, cell=replace(case.cell, mode=case.adapter.modes_of(case.equation)[0]), evidence=Evidence())
    for what in all_expected(case)[:SCENARIOS]:
        if _apart(first, case, what) is not None:
            _fail(first, case, what)
        case.evidence.judged += sum(np.size(o) for o in what.outputs())
        case.evidence.scenarios += what.scenario.lanes
    case.evidence.outcome = "passed"


def _fail(first: Case, case: Case, what: Expected) -> None:
    """The smallest neighbour on which the modes are still at odds."""

    def fails(values: Mapping[str, Any], layout: str) -> bool:
        with suppress(ValueError, IndexError):  # sizes beyond their ranges need not fit together
            return layout == "contiguous" and _apart(first, case, expected(case, values)) is not None
        return False

    small = expected(case, shrunk(case, what.scenario, "contiguous", fails).values)
    says = _apart(first, case, small)
    values = small.scenario.values
    case.evidence.counterexample = {
        "values": encoded(values), "layout": "contiguous", "says": says, "elements": max(map(np.size, values.values())),
    }  # fmt: skip
    settle(case, "failed", f"{case}: {says}, for {brief(small)}")


def _apart(first: Case, case: Case, what: Expected) -> str | None:
    """What two modes do not do alike, or None."""
    one, other = _answer(first, what), _answer(case, what)
    if isinstance(one, str) != isinstance(other, str):
        raised, by = (one, first.mode) if isinstance(one, str) else (other, case.mode)
        return f"mode {by} raises {raised}, the other does not"
    if isinstance(one, str) or isinstance(other, str):
        return None
    if case.adapter.knows_dtypes and one[1] != other[1]:
        return f"gives {other[1]}, but mode {first.mode} gives {one[1]}"
    spoken, also = _spoken(case, what, one[0]), _spoken(case, what, other[0])
    if spoken and also and not spoken & also:
        return f"speaks {', '.join(sorted(also))}, but mode {first.mode} speaks {', '.join(sorted(spoken))}"
    return None


def _answer(case: Case, what: Expected) -> tuple[list[np.ndarray], list[str]] | str:
    """Outputs and their dtypes, or what was raised."""
    try:
        outputs = raw(case, what.scenario.values)
        kinds = [case.adapter.dtype_of(o) if not isinstance(o, int | float) else "number" for o in outputs]
        return arrays(case, outputs), kinds
    except (Raised, Misshapen) as error:
        return str(error).partition("\n")[0]


def _spoken(case: Case, what: Expected, got: list[np.ndarray]) -> set[str]:
    """The forms that these outputs satisfy, where the forms are told apart at all."""
    found = set()
    told = False
    for form in forms(case.entry):
        want = what.outputs(form)
        if [np.shape(w) for w in want] != [g.shape for g in got]:
            continue
        told |= form != BASE and any(apart(a, b).any() for a, b in zip(what.outputs(), want, strict=True))
        if all(strains(g, w).worst <= 1 for g, w in zip(got, want, strict=True)):
            found.add(form)
    return found if told else set()
