"""A letter means one thing in a statement: what is counted with on one side is not free on it, nor lost on the left."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.notes.places import BINDERS, LETTERS, TIME
from conformance.notes.tree import Node, symbols, walk


def shadowed(note: Node) -> bool:
    """Whether a letter of the right side is free and bound there, or an index of the left is bound there alone."""
    if note.kind != "rel":
        return False
    left, rights = note.parts[0], note.parts[1:]
    wanted = {n.value for part in left.parts if isinstance(part, Node) for n in walk(part) if n.kind == "sym"}
    free = {name for side in rights for name in symbols(side)}
    bound = {name for side in rights for n in walk(side) if n.kind in BINDERS for name in n.value or ()}
    if free & bound & LETTERS - wanted and not any(n.kind == "dots" for side in rights for n in walk(side)):
        return True
    return left.kind in ("sym", "index", "call") and bool(wanted) and _astray(left, rights, wanted, free, bound)


def _astray(left: Node, rights: Sequence[Node], wanted: set[str], free: set[str], bound: set[str]) -> bool:
    """Whether what has an index counts with it on the right, or has another one there."""
    if any(_counts_itself(n) for side in rights for n in walk(side)) or free & bound - wanted:
        return True
    if _one_for_both(left, rights):
        return True
    lonely = _lonely(rights, bound)
    stands = {n.value for side in rights for m in walk(side) if m.kind == "sym" for p in m.parts for n in walk(p)}
    if wanted & bound & LETTERS - free:
        return True
    counted = wanted <= LETTERS and not wanted & (stands - bound)
    return counted and any(n.value not in wanted for n in lonely)


def _one_for_both(left: Node, sides: Sequence[Node]) -> bool:
    """Whether of two indices of the left one alone stands on the right, on each of several names."""
    mine = [p.value for p in left.parts if p.kind == "sym" and not p.parts] if left.kind == "sym" else []
    others = [n for side in sides for n in walk(side) if n.kind == "sym" and n.parts and n.value != left.value]
    names = {n.value for n in others}
    letters = [p.value for n in others for p in n.parts if p.kind == "sym" and p.value in mine]
    plain = all(len(n.parts) == 1 for n in others)
    both = len(set(mine)) == len(mine) == 2
    return both and plain and len(names) > 1 and len(letters) == len(others) > len(set(letters)) == 1


def doubly_meant(note: Node) -> bool:
    """Whether a letter of a right side is free in one place and bound in another, though the left has it."""
    rights = note.parts[1:]
    free = {name for side in rights for name in symbols(side)}
    return bool(free & {name for side in rights for n in walk(side) if n.kind in BINDERS for name in n.value or ()})


def _counts_itself(node: Node) -> bool:
    """Whether a sum goes as far as what it counts with."""
    if node.kind not in BINDERS or not node.value:
        return False
    limits = [limit for limit in node.parts[:2] if isinstance(limit, Node)]
    return any(n.kind == "sym" and n.value in node.value for limit in limits for n in walk(limit))


def _lonely(sides: Sequence[Node], bound: set[str]) -> list[Node]:
    """The indices of the right that nothing binds, alone on their names."""
    found = {n.value: n for side in sides for m in walk(side) if m.kind == "sym" for n in m.parts if n.kind == "sym"}
    free = {name for side in sides for name in symbols(side)}
    inside = {id(p) for side in sides for m in walk(side) if m.kind == "sym" for p in m.parts}
    elsewhere = {n.value for side in sides for n in walk(side) if n.kind in ("sym", "apply") and id(n) not in inside}
    return [
        node for name, node in found.items()
        if name not in bound and name in free and name not in elsewhere and len(name) == 1 and name.islower()
        and name != TIME and not node.parts
    ]  # fmt: skip


def unshadowed(note: Node) -> Node:
    """The same with the index of the left for the letter that is free and bound, or with a free one on the left."""
    left, rights = note.parts[0], note.parts[1:]
    every = [n for part in left.parts if isinstance(part, Node) for n in walk(part) if n.kind == "sym"]
    index = next((n for n in every if left.kind != "apply" or n.value in LETTERS), None)
    if index is None:
        return note
    bound = {name for side in rights for n in walk(side) if n.kind in BINDERS for name in n.value or ()}
    free = {name for side in rights for name in symbols(side)}
    lonely = _lonely(rights, bound)
    if not free & bound and lonely:
        wanted = {n.value for part in left.parts if isinstance(part, Node) for n in walk(part) if n.kind == "sym"}
        other = next((n for n in lonely if n.value not in wanted), lonely[0])
        left = _renamed(left, (wanted & bound) or wanted, other)
        return Node("rel", note.value, (left, *rights), note.start, note.end)
    bound -= {n.value for part in left.parts if isinstance(part, Node) for n in walk(part) if n.kind == "sym"}
    return Node("rel", note.value, (left, *(_renamed(s, bound, index) for s in rights)), note.start, note.end)


def _renamed(node: Node, names: set[str], to: Node) -> Node:
    """A tree with another letter for those that are free in it."""
    if node.kind == "sym" and node.value in names and not node.parts:
        return to
    if node.kind in BINDERS and node.value:
        names = names - set(node.value)
    parts = tuple(_renamed(p, names, to) if isinstance(p, Node) else p for p in node.parts)
    return Node(node.kind, node.value, parts, node.start, node.end)
