"""A claim says that a function of a framework computes an equation; an adapter is a module full of claims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Function = Callable[..., Any]
CLAIM = "__gaugeblock_claim__"


@dataclass(frozen=True)
class Claim:
    """One equation that a framework says it has."""

    equation: str
    function: Function
    modes: tuple[str, ...]


def implements(equation: str, *, modes: tuple[str, ...] = ()) -> Callable[[Function], Claim]:
    """Claim that the decorated function computes the equation of this name.

    It takes the framework's own tensors in the reference's argument order, numbers by keyword as the reference does,
    and gives a tensor, or a tuple of them in the order of the equation's outputs.
    """

    def claim(function: Function) -> Claim:
        return Claim(equation, function, modes)

    return claim
