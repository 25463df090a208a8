"""Every output of an equation lies within the bound that the equation itself derives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.verdict.values import judge_values

if TYPE_CHECKING:
    from conformance.plan import Case


def applies(case: Case) -> bool:
    """Whether the framework can be told what to draw."""
    return not case.adapter.claims[case.equation].random


def test_value(case: Case) -> None:
    """The framework speaks the equation, or one of its dialects, in every region, layout and size."""
    judge_values(case)
