"""The same statement is written with many indices or few; what says nothing is left out before anything is compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from operator import is_not

from conformance.notes.places import TIME, Places, mapped, occurrences, offset, without_idle_indices
from conformance.notes.plainness import plainly
from conformance.notes.tree import Node, same, walk
from conformance.notes.vocabulary import EQUALS

BEFORE, AFTER = frozenset(["old", "prev", "k-1"]), frozenset(["new", "next"])
LEARNED = frozenset(["w", "W", "theta", "Theta", "b"])


def normal(rows: Sequence[Node], *, timed: bool = True) -> list[Node]:
    """The rows of one block, as they are compared."""
    found = [plainly(row) for row in rows]
    places = occurrences(found)
    for step in (_squares, _labelled, *([_timed] if timed else []), without_idle_indices):
        made = step(found, places)
        if any(map(is_not, made, found)):
            found, places = made, occurrences(made)
    return found


def _squares(rows: list[Node], places: Places) -> list[Node]:
    """A deviation that occurs only squared is a name for a variance."""
    if not any("sigma" in name for name in places):
        return rows
    every: dict[str, int] = {}
    squared: dict[str, int] = {}
    for row in rows:
        for n in walk(row):
            if n.kind == "sym" and "sigma" in n.value:
                every[n.value] = every.get(n.value, 0) + 1
            if n.kind == "pow" and n.parts[0].kind == "sym" and n.parts[1].kind == "num" and n.parts[1].value == 2:
                squared[n.parts[0].value] = squared.get(n.parts[0].value, 0) + 1
    names = {name for name, count in every.items() if squared.get(name) == count}
    if not names:
        return rows

    def change(n: Node) -> Node:
        if n.kind == "pow" and n.parts[0].kind == "sym" and n.parts[0].value in names:
            base: Node = n.parts[0]
            return base._replace(value=f"{base.value}²", end=n.end)
        return n

    return [mapped(row, change) for row in rows]


def _labelled(rows: list[Node], places: Places) -> list[Node]:
    """W_x beside x_t is one of several W, and no W that is counted; so are x_i and x_j where nothing counts i and j."""
    bases = {name for name, found in places.items() if any(n.kind == "sym" and n.parts for n, _ in found)}
    tied = {name for found in places.values() for _, inside in found for name in inside} | {TIME}
    letters: dict[str, set[str]] = {}
    counted: set[str] = set()
    stepped: set[str] = set()
    steps: dict[str, set[int]] = {}
    for name, found in places.items():
        for n, bound in found:
            if n.kind != "sym":
                continue
            lone = len(n.parts) == 1 and n.parts[0].kind == "sym" and not n.parts[0].parts
            if lone and n.parts[0].value not in bound and n.parts[0].value != TIME:
                letters.setdefault(name, set()).add(n.parts[0].value)
            elif n.parts:
                counted.add(name)
            plain = (lone and n.parts[0].value not in bound) or (len(n.parts) == 1 and n.parts[0].kind == "num")
            at = offset(n.parts[0]) if len(n.parts) == 1 else None
            if at is not None and at[0] == TIME:
                steps.setdefault(name, set()).add(at[1])
            elif n.parts and not plain:
                stepped.add(name)
    stepped |= {name for name, found in steps.items() if len(found) > 1}
    several = {name for name, found in letters.items() if len(found) > 1 and name not in counted}
    started = {
        name for name, found in places.items()
        if name not in stepped
        and (name in steps or any(n.kind == "sym" and (not n.parts or n.parts[0].kind == "sym") for n, _ in found))
    }  # fmt: skip

    bound_somewhere = {name for found in places.values() for _, inside in found for name in inside}

    def fold(n: Node) -> Node:
        if n.kind == "sym" and n.value in started and len(n.parts) == 1 and n.parts[0].kind == "num":
            return n._replace(value=f"{n.value}_{n.parts[0].value}", parts=())
        if n.kind != "sym" or not n.parts or not all(p.kind == "sym" and not p.parts for p in n.parts):
            return n
        names = [p.value for p in n.parts]
        if len(names) == 1 and names[0] in LEARNED and names[0] not in bound_somewhere:
            return n._replace(value=f"{n.value}_{names[0]}", parts=())  # a mean or a step of its own
        near = all if len(names) == 1 else any
        if (near(name in bases and name != n.value for name in names) and not tied & set(names)) or n.value in several:
            return n._replace(value=f"{n.value}_{''.join(names)}", parts=())
        return n

    if all(fold(n) is n for found in places.values() for n, _ in found):
        return rows
    return [mapped(row, fold) for row in rows]


def _timed(rows: list[Node], places: Places) -> list[Node]:
    """What is primed, new or assigned anew is at t, and what it was before is at t - 1."""
    names = {name for name, found in places.items() if any(n.kind == "sym" for n, _ in found)}
    changed = {
        name[:-1]: {len(n.parts) for n, _ in places[name]}
        for name in names if name.endswith("'") and not name.endswith("''") and name[:-1] in names
    }  # fmt: skip
    labelled = {n.rsplit("_", 1)[0] for n in names if n.rsplit("_", 1)[-1] in AFTER}
    labelled |= {n.rsplit("^", 1)[0] for n in names if n.rsplit("^", 1)[-1] in AFTER}
    found = [mapped(row, lambda n: _dated(n, changed, labelled)) if changed or labelled else row for row in rows]
    made = [_assigned(row) for row in found]
    anew = {row.parts[0].value: k for k, (row, was) in enumerate(zip(made, found, strict=True)) if row is not was}
    return [mapped(row, partial(_since, anew=anew, row=k)) for k, row in enumerate(made)] if anew else made


def _since(node: Node, anew: Mapping[str, int], row: int) -> Node:
    """What is assigned anew in one row is new in the rows after it, and what it was in those before."""
    if node.kind != "sym" or node.parts or node.value not in anew or anew[node.value] == row:
        return node
    now = Node("sym", TIME, (), node.start, node.end)
    return node._replace(parts=(now if anew[node.value] < row else _earlier(now),))


def _dated(node: Node, changed: Mapping[str, set[int]], labelled: set[str]) -> Node:
    if node.kind != "sym":
        return node
    now = Node("sym", TIME, (), node.start, node.end)
    if node.value.endswith("'") and node.value[:-1] in changed:
        return node._replace(value=node.value[:-1], parts=(*node.parts, now))
    if node.value in labelled or (node.value in changed and len(node.parts) in changed[node.value]):
        return node._replace(parts=(*node.parts, _earlier(now)))
    for sign in ("_", "^"):
        base, _, label = node.value.rpartition(sign)
        if base in labelled and label in AFTER | BEFORE:
            return node._replace(value=base, parts=(*node.parts, now if label in AFTER else _earlier(now)))
    return node


def _earlier(now: Node) -> Node:
    return Node("sub", None, (now, Node("num", 1, (), now.start, now.end)), now.start, now.end)


def _assigned(row: Node) -> Node:
    """w = w - ...: the left is what it becomes."""
    if row.kind != "rel" or len(row.parts) != 2 or row.value[0] not in EQUALS:
        return row
    left, right = row.parts
    if left.kind != "sym" or not any(_alike(n, left) for n in walk(right)):
        return row
    timed = [part for part in left.parts if any(n.kind == "sym" and n.value == TIME for n in walk(part))]
    if timed and (row.value[0] == "=" or any(part.kind != "sym" for part in timed)):
        return row  # it says when, and so says that nothing changes
    now = Node("sym", TIME, (), left.start, left.end)
    others = tuple(part for part in left.parts if not (part.kind == "sym" and part.value == TIME))
    before = mapped(right, lambda n: n._replace(parts=(*others, _earlier(now))) if _alike(n, left) else n)
    return row._replace(parts=(left._replace(parts=(*others, now)), before))


def _alike(one: Node, other: Node) -> bool:
    return one.kind == "sym" and one.value == other.value and same(one, other)
