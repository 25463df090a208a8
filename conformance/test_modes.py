"""Every path of execution speaks the same dialect, keeps the same dtypes, and refuses the same things."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from conformance.calling.computing import Misshapen, Raised, arrays, raw
from conformance.evidence import Evidence
from conformance.judging.expected import BASE, all_expected, forms
from conformance.judging.strain import apart, strains
from conformance.verdict.ending import brief, settle

if TYPE_CHECKING:
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
        one, other = _answer(first, what), _answer(case, what)
        if isinstance(one, str) != isinstance(other, str):
            raised, by = (one, first.mode) if isinstance(one, str) else (other, case.mode)
            settle(case, "failed", f"{case}: mode {by} raises {raised}, the other does not, for {brief(what)}")
        if isinstance(one, str) or isinstance(other, str):
            continue
        if case.adapter.knows_dtypes and one[1] != other[1]:
            settle(case, "failed", f"{case}: gives {other[1]}, but mode {first.mode} gives {one[1]}, for {brief(what)}")
        spoken, also = _spoken(case, what, one[0]), _spoken(case, what, other[0])
        if spoken and also and not spoken & also:
            settle(
                case, "failed",
                f"{case}: speaks {', '.join(sorted(also))}, but mode {first.mode} speaks {', '.join(sorted(spoken))}, "
                f"for {brief(what)}",
            )  # fmt: skip
        case.evidence.judged += sum(o.size for o in other[0])
        case.evidence.scenarios += what.scenario.lanes
    case.evidence.outcome = "passed"


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
