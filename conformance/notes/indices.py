"""How a note writes its indices: of what it defines, of time, and of what its sums count with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from conformance.notes.extent import inside, name_end, whole_end
from conformance.notes.parse import parse
from conformance.notes.places import BINDERS, offset
from conformance.notes.tokens import OPEN, Token
from conformance.notes.tree import Node, Unreadable, walk
from conformance.notes.vocabulary import RELATIONS

SUMS = frozenset([r"\sum", r"\prod", r"\max", r"\min"])


def left_index(row: Sequence[Token]) -> list[str]:
    """The index of what a row defines, as it is written: below, or in brackets above."""
    try:
        node = tree_of(tuple(row))
    except Unreadable:
        return []
    left = node.parts[0] if node.kind == "rel" else node
    at = next((k for k, t in enumerate(row) if t.start == left.start), len(row))
    if left.kind != "sym" or not left.parts or at == len(row):
        return []
    last = name_end(row, inside(row, at, str(left.value)), left)
    return [t.text for t in row[last : whole_end(row, last)]]


def lost_from(row: Sequence[Token]) -> list[tuple[str, ...]]:
    """The letters of the left's index that stand nowhere on the right, if others do."""
    asked = [t for t in left_index(row) if t.isalpha()]
    relation = next((k for k, t in enumerate(row) if t.text in RELATIONS), 0)
    given = {t.text for t in row[relation:]}
    lost: list[tuple[str, ...]] = [(t,) for t in asked if t not in given]
    return lost if len(lost) < len(asked) else []


def by_position(theirs: Node, row: Sequence[Token]) -> list[tuple[str, str]]:
    """The indices of what is defined: those of a formula, each with the note's at the same place."""
    try:
        mine = tree_of(tuple(row))
    except Unreadable:
        return []
    lefts = [node.parts[0].parts for node in (theirs, mine) if node.kind == "rel" and node.parts[0].kind == "sym"]
    if len(lefts) < 2 or len(lefts[0]) != len(lefts[1]):
        return []
    pairs = zip(*lefts, strict=True)
    return [(a.value, b.value) for a, b in pairs if a.kind == b.kind == "sym" and not a.parts and not b.parts]


@lru_cache(maxsize=256)
def tree_of(row: tuple[Token, ...]) -> Node:
    """The tree of a row, which is asked for by every formula that it is held against."""
    return parse(row)


def stepped_above(rows: Sequence[Sequence[Token]]) -> str:
    """The bracket in which a note writes its steps of time above its names, if it does."""
    for row in rows:
        texts = [t.text for t in row]
        for k in range(len(texts) - 3):
            if texts[k : k + 2] == ["^", "{"] and texts[k + 2] in ("(", r"\langle") and texts[k + 3] == "t":
                return texts[k + 2]
    return ""


def step_above(bracket: str, index: Node, shift: int) -> list[str]:
    """An index of time in brackets above a name."""
    at = offset(index)
    step = (at[1] if at else 0) - shift
    later = ["+" if step > 0 else "-", str(abs(step))] if step else []
    return ["^", "{", bracket, "t", *later, OPEN[bracket], "}"]


def timely(index: Node) -> bool:
    """Whether an index is a step of time."""
    at = offset(index)
    return at is not None and at[0] == "t"


def under_sums(row: Sequence[Token], bound: Mapping[str, str]) -> dict[int, tuple[int, list[str]]]:
    """The letters that sums count with, where they stand below their signs."""
    found: dict[int, tuple[int, list[str]]] = {}
    for k, token in enumerate(row):
        if token.text in SUMS and row[k + 1 : k + 2] and row[k + 1].text == "_":
            for at in range(k + 2, whole_end(row, k + 1)):
                name = row[at].text.lstrip("\\")
                if name in bound:
                    found[at] = at + 1, [bound[name]]
    return found


def computed(index: Node) -> bool:
    """Whether an index is made of several names, any of which may have slipped."""
    return offset(index) is None and index.kind in ("add", "sub", "mul")


def bound_in(node: Node) -> list[str]:
    found: dict[str, None] = {}
    for n in walk(node):
        if n.kind in BINDERS and n.value:
            found.update(dict.fromkeys(n.value))
        elif n.kind == "int":
            found[n.value] = None
    return list(found)


def bound_of(row: Sequence[Token]) -> list[str]:
    try:
        return [name if len(name) == 1 else "\\" + name for name in bound_in(tree_of(tuple(row)))]
    except Unreadable:
        return []
