"""How a note writes its indices: of what it defines, of time, and of what its sums count with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from conformance.notes.change import with_scripts
from conformance.notes.extent import inside, name_end, whole_end
from conformance.notes.parse import parse
from conformance.notes.places import BINDERS, LETTERS, offset
from conformance.notes.tokens import OPEN, Token
from conformance.notes.tree import Node, Unreadable, walk
from conformance.notes.vocabulary import RELATIONS

STEP = frozenset(["t", "-", "+", "1", "{", "}", "_"])  # of which a step of time is made
SUMS = frozenset([r"\sum", r"\prod", r"\max", r"\min"])


def left_index(row: Sequence[Token]) -> list[str]:
    """The index of what a row defines, as it is written: below, or in brackets above."""
    left = left_side(row)
    if left is None:
        return []
    at = next((k for k, t in enumerate(row) if t.start == left.start), len(row))
    if left.kind != "sym" or not left.parts or at == len(row):
        return []
    last = name_end(row, inside(row, at, str(left.value)), left)
    return [t.text for t in row[last : whole_end(row, last)]]


def left_side(row: Sequence[Token]) -> Node | None:
    """What a row defines, be the rest of it readable or not."""
    relation = next((k for k, t in enumerate(row) if t.text in RELATIONS), len(row))
    try:
        return tree_of(tuple(row[:relation]))
    except Unreadable:
        return None


def asked_at(row: Sequence[Token]) -> dict[str, list[str]]:
    """How the functions of a row are written that are asked at one thing each: at that of what is defined, if it is."""
    left = left_side(row)
    try:
        functions = [n for n in walk(tree_of(tuple(row))) if n.kind == "apply" and n.start >= 0]
    except Unreadable:
        return {}
    at = {t.start: k for k, t in enumerate(row)}
    found: dict[str, set[tuple[str, ...]]] = {}
    argument: tuple[str, ...] = ()
    for n in functions:
        end = next((k for k, t in enumerate(row) if t.start >= n.end), len(row))
        opens = _opening(row, at[n.start], end) if n.start in at else end
        if left is not None and left.kind == "apply" and len(left.parts) == 1 and left.parts[0].kind == "sym":
            argument = argument or tuple(t.text for t in row[opens:end])  # that of what is defined, the first
        name = tuple(t.text for t in row[at.get(n.start, end) : opens])
        found.setdefault(str(n.value), set()).add((*name, *(argument or (t.text for t in row[opens:end]))))
    return {name: list(*ways) for name, ways in found.items() if len(ways) == 1}


def _opening(row: Sequence[Token], first: int, end: int) -> int:
    """Where the bracket opens that ends a name."""
    depth = 0
    for k in range(end - 1, first, -1):
        depth += (row[k].text == ")") - (row[k].text == "(")
        if depth == 0:
            return k
    return end


def lost_from(row: Sequence[Token]) -> list[tuple[str, ...]]:
    """The letters of the left's index that stand nowhere on the right, if others do."""
    asked = [t for t in left_index(row) if t.isalpha()]
    relation = next((k for k, t in enumerate(row) if t.text in RELATIONS), 0)
    given = {t.text for t in row[relation:]}
    lost: list[tuple[str, ...]] = [(t,) for t in asked if t not in given]
    return lost if len(lost) < len(asked) else []


def by_position(theirs: Node, row: Sequence[Token]) -> list[tuple[str, str]]:
    """The indices of what is defined: those of a formula, each with the note's at the same place."""
    mine = left_side(row)
    there = theirs.parts[0] if theirs.kind == "rel" else None
    lefts = [left.parts for left in (there, mine) if left is not None and left.kind == "sym"]
    if len(lefts) < 2 or len(lefts[0]) != len(lefts[1]):
        return []
    pairs = zip(*lefts, strict=True)
    return [(a.value, b.value) for a, b in pairs if a.kind == b.kind == "sym" and not a.parts and not b.parts]


@lru_cache(maxsize=256)
def tree_of(row: tuple[Token, ...]) -> Node:
    """The tree of a row, which is asked for by every formula that it is held against."""
    return parse(row)


def left_out(theirs: Node, row: Sequence[Token]) -> frozenset[str]:
    """The indices of what a formula defines that a note goes without."""
    mine = left_side(row)
    if mine is not None and mine.kind == "apply" and theirs.kind == "rel" and theirs.parts[0].kind == "sym":
        counted = any(p.kind == "sym" and p.value in LETTERS for p in mine.parts)
        return frozenset() if counted else frozenset(str(p.value) for p in theirs.parts[0].parts if p.kind == "sym")
    lefts = [left for left in (*theirs.parts[:1], mine) if left is not None and left.kind == "sym"]
    if len(lefts) < 2 or any(p.kind != "sym" or p.parts for left in lefts for p in left.parts):
        return frozenset()
    asked, given = ([str(p.value) for p in left.parts] for left in lefts)
    same = [name for name in asked if name in given]
    others = [name for name in asked if name not in given]
    more = len(given) - len(same)  # what stands last is rather what is counted than the example
    return frozenset(others[: len(others) - more] if len(given) < len(asked) else ())


def fewer(index: Sequence[str], less: frozenset[str], letters: Mapping[str, str]) -> list[str]:
    """An index without those that a note goes without, the others in its letters."""
    kept = [letters.get(text, text) for text in index if text not in less and text not in "_{},"]
    between = [","] if "," in index else []
    inside = [text for name in kept for text in (*between, name)][len(between) :]
    return ["_", "{", *inside, "}"] if len(inside) > 1 else ["_", *inside] if inside else []


def stepped(index: Sequence[str], by: int) -> list[str]:
    """An index with its time some steps later or earlier."""
    if "t" not in index or not by:
        return list(index)
    k = list(index).index("t")
    signed = len(index) > k + 2 and index[k + 1] in "+-" and index[k + 2].isdigit()
    step = by + (int(index[k + 1] + index[k + 2]) if signed else 0)
    written = ["t", *(["+" if step > 0 else "-", str(abs(step))] if step else [])]
    made = [*index[:k], *written, *index[k + (3 if signed else 1) :]]
    if made[:1] == ["_"] and made[1:2] != ["{"] and len(made) > 2:
        return ["_", "{", *made[1:], "}"]
    return ["_", "t"] if made == ["_", "{", "t", "}"] else made


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


def once_below(texts: Sequence[str]) -> list[str]:
    """What got two steps of time one behind the other, its own and a formula's, with the formula's."""
    every, made = list(texts), []
    k = 0
    while k < len(every):
        end = with_scripts(every, k) if every[k] == "_" else k
        if every[end : end + 1] == ["_"] and k < end and STEP.issuperset(every[k : with_scripts(every, end)]):
            k = end
            continue
        made.append(every[k])
        k += 1
    return made


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
    except Unreadable:  # what stands below the signs of sums is there all the same
        texts = [t.text for t in row]
        below = [texts[k + 2 : k + 5] for k, text in enumerate(texts) if text in SUMS and texts[k + 1 : k + 2] == ["_"]]
        return list(dict.fromkeys(some[1] if some[0] == "{" else some[0] for some in below if len(some) > 1))
