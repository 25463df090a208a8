"""An option that an equation has no name for leaves a sample without a meaning there."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any


class Unfit(Exception):
    """The sample has options that the equation has not."""


def needs(*facts: Any) -> None:
    """Whether a sample fits."""
    if not all(facts):
        raise Unfit


def pair(x: Any, number: int = 2) -> tuple[int, ...]:
    """One size for every axis."""
    if isinstance(x, str):
        raise Unfit
    found = (x,) * number if isinstance(x, int) else tuple(x) * (number if len(x) == 1 else 1)
    needs(len(found) == number)
    return found


def same(x: Any, number: int = 2) -> int:
    """One size, if that of every axis is the same."""
    found = pair(x, number)
    needs(len(set(found)) == 1)
    return found[0]


def options(function: Callable[..., Any], sample: Any) -> dict[str, Any]:
    """All arguments of a function by name."""
    try:
        bound = signature(function).bind(sample.input, *sample.args, **sample.kwargs)
    except TypeError:
        raise Unfit from None
    bound.apply_defaults()
    return dict(bound.arguments)


def run(op: Any, sample: Any) -> Any:
    return op(sample.input, *sample.args, **sample.kwargs)
