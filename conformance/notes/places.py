"""Where each name of a block stands, and with which index; an index that is everywhere the same says nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from operator import is_not

from conformance.notes.tree import Node, walk

Places = dict[str, list[tuple[Node, frozenset[str]]]]  # where each name stands, with what is bound there
BINDERS = frozenset(["sum", "prod", "max", "min", "argmax"])
TIME = "t"
LETTERS = frozenset("ijklmn")  # that number
GRADIENTS = ("∇", "∂", "g", "grad", "dw", "dW", "nabla")


def mapped(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with every node changed, from the bottom; what does not change stays the same object."""
    kept = node.parts
    if kept:
        parts = tuple([mapped(part, change) if part.__class__ is Node else part for part in kept])
        if any(map(is_not, parts, kept)):
            node = Node(node.kind, node.value, parts, node.start, node.end)
    return change(node)


def occurrences(rows: Iterable[Node]) -> Places:
    """Each name with the places where it stands and what is bound there."""
    found: Places = {}
    for row in rows:
        _occurring(row, frozenset(), found)
    return found


def _occurring(at: Node, bound: frozenset[str], found: Places) -> None:
    if at.kind in ("sym", "apply"):
        found.setdefault(at.value, []).append((at, bound))
    if at.kind in BINDERS and at.value:
        bound = bound | set(at.value)
    elif at.kind == "int":
        bound = bound | {at.value}
    for part in at.parts:
        if part.__class__ is Node:
            _occurring(part, bound, found)


def without_idle_indices(rows: list[Node], found: Places) -> list[Node]:
    """An index that a name has everywhere, free and the same, says nothing."""
    idle: dict[str, list[int]] = {}
    now = {step for row in rows for step in _steps(row)}
    alone = _out_of_time(rows, found) | {row.parts[0].value for row in rows if _late(row)}
    for name, places in found.items():
        if name in alone:
            continue
        arity = {len(node.parts) for node, _ in places if node.kind == "sym"}
        if len(arity) != 1 or any(node.kind != "sym" for node, _ in places):
            continue
        drop = [p for p in range(arity.pop()) if _idle([(node.parts[p], bound) for node, bound in places], name, now)]
        if drop:
            idle[name] = drop
    if not idle:
        return rows
    return [
        mapped(row, lambda n: n._replace(parts=tuple(x for p, x in enumerate(n.parts) if p not in idle[n.value]))
               if n.kind == "sym" and n.value in idle else n)
        for row in rows
    ]  # fmt: skip


def _out_of_time(rows: list[Node], found: Places) -> set[str]:
    """The names that nothing is made of and that a row defines for another step than each of the others its own."""
    defined = [(row.parts[0].value, _steps(row)) for row in rows if row.kind == "rel" and row.parts[0].kind == "sym"]
    every = Counter(step for _, steps in defined for step in steps)
    usual = {step for step, count in every.items() if count > 1 and count == every.total() - 1}
    return {name for name, steps in defined if usual and steps and not steps & usual and len(found[name]) == 1}


def _late(row: Node) -> bool:
    """Whether a row defines for one step what it computes from the number of another."""
    if row.kind != "rel" or row.parts[0].kind != "sym":
        return False
    counted = {step for side in row.parts[1:] for step in _counted(side)}
    return bool(counted) and not _steps(row) <= counted


def _counted(node: Node) -> set[int]:
    """The steps whose numbers are values in a formula, and no index there."""
    at = offset(node)
    if at is not None:
        return {at[1]} if at[0] == TIME else set()
    if node.kind in ("sym", "apply"):
        return set()
    return {step for part in node.parts if isinstance(part, Node) for step in _counted(part)}


def _steps(row: Node) -> set[int]:
    """When what a row defines is: how far from t; a gradient is one of the weights before it, too."""
    left = row.parts[0] if row.kind == "rel" else row
    parts = left.parts if left.kind == "sym" else ()
    found = {at[1] for part in parts if (at := offset(part)) is not None and at[0] == TIME}
    return found | {step - 1 for step in found if left.value in GRADIENTS}


def _idle(places: list[tuple[Node, frozenset[str]]], name: str, now: set[int]) -> bool:
    """Whether an index is the same everywhere, and free; of time, whether it is now, or that of a gradient."""
    first = offset(places[0][0])
    if first is None or first[0] == "":
        return False
    if not all(offset(node) == first and first[0] not in bound for node, bound in places):
        return False
    if name.startswith(GRADIENTS[:2]):  # of the weights as they were: what is new is not known yet
        known = {step - 1 for step in now} | {step for step in now if not any(at > 0 for at in now)}
        return first[0] != TIME or not now or first[1] in known
    if name in GRADIENTS:
        return first[0] != TIME or not now or first[1] <= max(now)
    return first[1] == 0 or (first[0] == TIME and first[1] in now)


def taken_at(row: Node) -> dict[str, set[int]]:
    """At which steps a row takes each gradient, and under an empty name what it defines."""
    found: dict[str, set[int]] = {"": _steps(row)}
    for side in row.parts[1:] if row.kind == "rel" else ():
        for node in walk(side):
            if node.kind == "sym" and node.value in GRADIENTS:
                steps = {at[1] for part in node.parts if (at := offset(part)) is not None and at[0] == TIME}
                found.setdefault(node.value, set()).update(steps)
    return found


def out_of_step(rows: Sequence[Node]) -> set[int]:
    """The rows that take a gradient at another step than most rows do; of two, than what they define."""
    each = [taken_at(row) for row in rows]
    found: set[int] = set()
    for name in {name for steps in each for name in steps if name}:
        counts = Counter(step for steps in each for step in steps.get(name, ()))
        usual = max(counts, key=lambda step: (counts[step], step in each[0][""], -abs(step)), default=0)
        found |= {k for k, steps in enumerate(each) if steps.get(name, set()) - {usual}}
    return found


def foretells(note: Node) -> bool:
    """Whether what is defined for one step is made of something of a later one."""
    if note.kind != "rel" or note.parts[0].kind != "sym":
        return False
    mine = [at[1] for p in note.parts[0].parts if (at := offset(p)) is not None and at[0] == TIME]
    names = (n for side in note.parts[1:] for n in walk(side) if n.kind == "sym" and n.value not in GRADIENTS)
    theirs = [at[1] for n in names for p in n.parts if (at := offset(p)) is not None and at[0] == TIME]
    return bool(mine and theirs) and max(theirs) > mine[0]


def offset(node: Node) -> tuple[str, int] | None:
    """The name and the number of an index such as t - 1; a number has no name; anything else is none of these."""
    if node.kind == "sym" and not node.parts:
        return node.value, 0
    if node.kind == "num" and isinstance(node.value, int):
        return "", node.value
    if node.kind in ("add", "sub"):
        name, number = node.parts
        if name.kind == "sym" and not name.parts and number.kind == "num" and isinstance(number.value, int):
            return name.value, number.value * (1 if node.kind == "add" else -1)
    return None
