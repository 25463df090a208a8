"""What is computed from numbers of one dtype is of that dtype, and so is what is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from conformance.calling.computing import Misshapen, Raised, raw
from conformance.judging.expected import Expected, all_expected
from conformance.verdict.ending import brief, settle
from reference.domain import Array, Lane
from reference.number_systems.rounded import Rounded

if TYPE_CHECKING:
    from conformance.plan import Case

SCENARIOS = 3


def applies(case: Case) -> bool:
    """Whether the adapter can name the dtype of a tensor, and the equation has reals."""
    claim = case.adapter.claims[case.equation]
    return (
        case.dtype != "exact"
        and case.adapter.knows_dtypes
        and not claim.random
        and bool(case.entry.domain.real_arrays())
    )


def test_dtypes(case: Case) -> None:
    """Every real output has the dtype of the inputs; whole numbers may be counted in any."""
    for what in all_expected(case)[:SCENARIOS]:
        try:
            outputs = raw(case, what.scenario.values)
        except (Raised, Misshapen):  # said by the value property
            continue
        for name, output in zip(case.entry.outputs, outputs, strict=False):
            if (isinstance(output, int | float) and not isinstance(output, np.generic)) or _counts(case, what, name):
                continue
            found = case.adapter.dtype_of(output)
            if found != case.dtype:
                settle(
                    case, "failed", f"{case}: {name} is {found}, though every input is {case.dtype}, for {brief(what)}"
                )
            case.evidence.judged += 1
        case.evidence.scenarios += 1
    case.evidence.outcome = "passed" if case.evidence.judged else "not offered"


def _counts(case: Case, what: Expected, name: str) -> bool:
    """Whether an output is a whole number by its nature: a label, a count, a decision."""
    argument = case.entry.domain.get(name)
    if isinstance(argument, Lane | Array) and argument.kind.integer:
        return True
    i = case.entry.outputs.index(name)
    if not isinstance(what.outputs()[i], Rounded):
        return True
    return not case.entry.differentiable and all(_whole(one.outputs()[i].midpoint) for one in all_expected(case))


def _whole(numbers: np.ndarray) -> bool:
    return bool(np.all(numbers == np.round(numbers)))
