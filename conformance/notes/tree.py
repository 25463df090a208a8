"""An equation is a tree whose every node knows which part of the note it was read from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple


class Node(NamedTuple):
    """What was read: its kind, a name or number, its parts, and where it stands in the note.

    num(value)  sym(name, indices)  call(function, arguments)  add sub mul div neg pow sqrt abs norm transpose
    sum prod max min: value are the bound names, parts (from, to, condition, body)  int: value the variable
    expect(body)  slope(variable, body)  gradient: value its function, parts (argument,)  cases tuple set matrix
    rel: value are the signs, parts the sides  where(value, condition, else)  label: value what it is called  text
    """

    kind: str
    value: Any
    parts: tuple[Any, ...]
    start: int
    end: int


class Unreadable(Exception):
    """What cannot be read is not guessed at; it says where it stands."""

    def __init__(self, reason: str, start: int = 0) -> None:
        super().__init__(reason)
        self.start = start


def walk(node: Node | None) -> Iterator[Node]:
    """Each node of a tree, from the top."""
    stack = [] if node is None else [node]
    while stack:
        at = stack.pop()
        yield at
        for part in at.parts[::-1]:
            if part.__class__ is Node:
                stack.append(part)  # noqa: PERF401 -- a list of its own for one or two parts takes longer


def same(one: Node | None, other: Node | None) -> bool:
    """Trees that say the same wherever they stand."""
    if one is None or other is None:
        return one is other
    return (
        one.kind == other.kind and one.value == other.value and len(one.parts) == len(other.parts)
        and all(same(a, b) for a, b in zip(one.parts, other.parts, strict=True))
    )  # fmt: skip


def shown(node: Node | None) -> str:
    """A tree in one line, for errors and tests."""
    if node is None:
        return "·"
    if node.kind in ("num", "text"):
        return str(node.value)
    inside = ", ".join(shown(part) for part in node.parts)
    if node.kind == "sym":
        return f"{node.value}[{inside}]" if inside else str(node.value)
    named = f"{node.kind}:{node.value}" if node.value is not None else node.kind
    return f"{named}({inside})"


def unordered(node: Node) -> str:
    """A tree in one line in which the order of terms and of factors makes no difference."""
    if node.kind in ("add", "sub", "neg"):
        return "sum(" + ", ".join(sorted(_terms(node, "+"))) + ")"
    if node.kind == "mul":
        return "mul(" + ", ".join(sorted(_factors(node))) + ")"
    inside = ", ".join(unordered(part) if isinstance(part, Node) else "·" for part in node.parts)
    return f"{node.kind}:{node.value}({inside})"


def _terms(node: Node, sign: str) -> list[str]:
    other = {"+": "-", "-": "+"}[sign]
    if node.kind == "add":
        return [*_terms(node.parts[0], sign), *_terms(node.parts[1], sign)]
    if node.kind == "sub":
        return [*_terms(node.parts[0], sign), *_terms(node.parts[1], other)]
    if node.kind == "neg":
        return _terms(node.parts[0], other)
    return [sign + unordered(node)]


def _factors(node: Node) -> list[str]:
    if node.kind == "mul":
        return [*_factors(node.parts[0]), *_factors(node.parts[1])]
    return [unordered(node)]


def symbols(node: Node | None) -> dict[str, None]:
    """The names that occur in a tree and are not bound in it, in order."""
    found: dict[str, None] = {}
    _free(node, frozenset(), found)
    return found


def _free(at: Node | None, bound: frozenset[str], found: dict[str, None]) -> None:
    if at is None:
        return
    if at.kind == "sym" and at.value not in bound:
        found[at.value] = None
    inside, inner = len(at.parts), bound  # from which part on more is bound
    if at.kind in ("sum", "prod", "max", "min", "argmax", "int") and at.value:
        inside, inner = 2, bound.union((at.value,) if at.kind == "int" else at.value)
    for k, part in enumerate(at.parts):
        if part.__class__ is Node:
            _free(part, inner if k >= inside else bound, found)
