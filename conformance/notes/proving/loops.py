"""Sums, products and extrema go over the indices that are written under them, or over a whole axis."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from conformance.notes.proving.given import Given, Outside, Unknown, labelled, whole
from conformance.notes.proving.left import Definition, plain
from conformance.notes.tree import Node, walk

FARTHEST = 40  # how far a name is counted that has to fulfil a condition and numbers no array


class Loops:
    """Goes through the numbers that a bound name takes."""

    given: Given
    values: Mapping[str, Any]
    bound: dict[str, Any]
    rows: dict[str, list[Definition]]
    active: set[tuple[int, tuple[Any, ...]]]

    def value(self, node: Node) -> Any:
        raise NotImplementedError

    def found(self, name: str, index: tuple[Any, ...], node: Node) -> Any:
        raise NotImplementedError

    def of_time(self, node: Node) -> bool:
        raise NotImplementedError

    def over(self, node: Node) -> list[Any]:
        """The terms of a sum, or of whatever else is taken over a name."""
        _, _, condition, body = node.parts
        kept, terms = dict(self.bound), []
        try:
            for place in itertools.product(*self.ranges(node)):
                self.bound.update(zip(node.value, place, strict=True))
                if condition is None or self.holds(condition):
                    try:
                        terms.append(self.value(body))
                    except Outside:
                        if node.kind in ("sum", "prod"):
                            raise
        finally:
            self.bound = kept
        return terms

    def ranges(self, node: Node) -> list[range]:
        low, high, condition, body = node.parts
        found = []
        for name in node.value:
            first = self.value(low) if low is not None else -math.inf
            last = self.value(high) if high is not None else math.inf
            if math.isinf(first) or math.isinf(last):
                length = self.length(name, body, condition)
                start = self.given.base if length is not None else 0 if condition is not None else None
                if start is None:
                    raise Unknown(f"how far {name} goes")
                stop = start + (length if length is not None else FARTHEST)
            else:
                start, stop = whole(first), whole(last) + 1
            if not isinstance(start, int) or not isinstance(stop, int):
                raise Unknown(f"a limit of {name} is no whole number")
            found.append(range(start, stop))
        return found

    def length(self, letter: str, *bodies: Node | None) -> int | None:  # noqa: C901 - arrays, and arrays that rows define
        """How long the axis is that a letter numbers by itself."""
        for body in bodies:
            for n in walk(body):
                if n.kind not in ("sym", "apply") or labelled(n) in self.values:
                    continue
                whole_index = n.value in self.given.timed or n.value in self.rows
                parts = [p for p in n.parts if whole_index or not self.of_time(p)]
                for k, part in enumerate(parts):
                    if not plain(part) or part.value != letter:
                        continue
                    if n.value in self.rows and not self.rows[n.value][0].indices:
                        held = self.found(n.value, (), n._replace(parts=()))
                        if np.ndim(held) > k:
                            return int(np.shape(held)[k])
                    elif n.value in self.rows:
                        row = self.rows[n.value][-1]
                        inner = row.indices[k] if k < len(row.indices) else None
                        if inner is not None and plain(inner) and (id(row), ()) not in self.active:
                            self.active.add((id(row), ()))
                            found = self.length(inner.value, row.right)
                            self.active.discard((id(row), ()))
                            if found is not None:
                                return found
                    elif n.value in self.values and np.ndim(self.values[n.value]) > k:
                        return int(np.shape(self.values[n.value])[k])
        return None

    def holds(self, node: Node) -> bool:
        """Whether a condition is fulfilled."""
        if node.kind == "text":
            return True
        if node.kind in ("and", "or"):
            return (all if node.kind == "and" else any)(self.holds(part) for part in node.parts)
        if node.kind != "rel":
            raise Unknown(f"{node.kind} is no condition")
        sides = [self.value(part) for part in node.parts]
        return all(SIGNS[s](a, b) for s, a, b in zip(node.value, sides, sides[1:], strict=False))


SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b), r"\ne": lambda a, b: bool(a != b), "<": lambda a, b: bool(a < b),
    ">": lambda a, b: bool(a > b), r"\le": lambda a, b: bool(a <= b), r"\ge": lambda a, b: bool(a >= b),
}  # fmt: skip
