"""What a formula is given: values for its names, and the way in which its author counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from conformance.notes.proving.left import plain
from conformance.notes.tree import Node


class Unknown(Exception):
    """The formula does not say what this is."""


class Outside(Unknown):
    """An array has no element there."""


@dataclass(frozen=True)
class Given:
    """What the names of a formula stand for, and how its author counts."""

    values: Mapping[str, Any]  # numbers and arrays by the formula's own names
    base: int = 1  # the number of an array's first element
    padded: frozenset[str] = frozenset()  # the arrays outside which there is 0
    timed: frozenset[str] = frozenset()  # names of arrays whose first axis is time
    now: int = 1  # the step that is taken
    timeless: bool = False  # t is no step
    made: Mapping[str, Any] = field(default_factory=dict)  # the state after the step, for formulas that leave it out
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)


def labelled(node: Node) -> str:
    """The name that a letter and its index make where the index is a label, as in β₁ and S_y."""
    parts = [str(p.value) for p in node.parts if plain(p) or p.kind == "num"]
    return f"{node.value}_{''.join(parts)}" if parts and len(parts) == len(node.parts) else ""


def known_by(index: tuple[Any, ...]) -> tuple[Any, ...]:
    """What tells arguments apart: their values, or for arrays that they are the same."""
    return tuple(id(i) if isinstance(i, np.ndarray) else i for i in index)


def whole(x: Any) -> Any:
    """A number as an integer where it is one."""
    if isinstance(x, int | str) and not isinstance(x, bool):
        return x
    return int(x) if np.ndim(x) == 0 and np.isreal(x) and float(np.real(x)).is_integer() else x
