"""What is defined at one step is used at that step, or is what it was a step before."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.notes.fitting import times
from conformance.notes.tree import Node, walk


def late(row: Node, others: Sequence[Node]) -> bool:
    """Whether what a row makes of its own last value is used elsewhere as if it were defined at another step."""
    places = _places(row, others)
    if places is None:
        return False
    defined, before, there = places
    return _fits(before + 1, before, there) > _fits(defined, defined - 1, there)


def fit(row: Node, others: Sequence[Node]) -> int:
    """How well what a row makes of its own last value is used elsewhere at the step at which it is defined."""
    places = _places(row, others)
    if places is None:
        return 0
    defined, before, there = places
    return _fits(defined, before, there) if defined == before + 1 else 0


def _places(row: Node, others: Sequence[Node]) -> tuple[int, int, int] | None:
    """At which step something is defined, of which value of its own, and at which one it is used elsewhere."""
    left = row.parts[0] if row.kind == "rel" else row
    if left.kind != "sym" or len(times(left)) != 1:
        return None
    name, (defined,) = left.value, times(left)
    own = _steps(name, row.parts[1:])
    used = _steps(name, others)
    if len(own) != 1 or len(used) != 1:
        return None
    return defined, own.pop(), used.pop()


def _steps(name: str, some: Sequence[Node]) -> set[int]:
    """The steps at which something stands in some formulas."""
    return {step for node in some for n in walk(node) if n.kind == "sym" and n.value == name for step in times(n)}


def _fits(defined: int, before: int, there: int) -> int:
    """How well what is defined at one step by what it was at another is used at a third."""
    return 2 if there == defined else 1 if there == before else 0
