"""A matrix stands before what it is taken of in a whole block, or behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from conformance.notes.tree import Node, walk

MATRICES = frozenset("AUVW")
OFTEN = 3  # places where one order is no chance


def orders(row: Node) -> Iterator[bool]:
    """For each product of a matrix and a vector whether the matrix comes first."""
    for node in walk(row):
        if node.kind != "mul" or node.value != "":
            continue
        first, second = node.parts
        while first.kind == "mul":
            first = first.parts[1]
        while second.kind == "mul":
            second = second.parts[0]
        if first.kind == second.kind == "sym" and (first.value in MATRICES) != (second.value in MATRICES):
            other = second.value if first.value in MATRICES else first.value
            if len(other) == 1 and other.islower():
                yield first.value in MATRICES


def mixed(row: Node) -> bool:
    """Whether one row has a matrix before what it is taken of, and another one behind it, and neither is turned."""
    found = set()
    for node in walk(row):
        parts = node.parts if node.kind != "mul" else ()
        for part in parts:
            if isinstance(part, Node) and part.kind == "mul" and all(p.kind == "sym" for p in part.parts):
                found |= set(orders(part))
    return len(found) > 1


def usual(rows: Sequence[Node]) -> bool | None:
    """Whether matrices come first in a block, if in all places, or in all but one, they do, or do not."""
    counts = Counter(first for row in rows for first in orders(row))
    most = max(counts.values(), default=0)
    if most < OFTEN or counts.total() - most > 1:
        return None
    return counts[True] == most


def turned(row: Node, first: bool | None) -> bool:
    """Whether a matrix stands elsewhere than everywhere else."""
    return first is not None and any(other != first for other in orders(row))
