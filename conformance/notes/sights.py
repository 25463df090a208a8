"""What is looked at in a formula, whoever it is compared with: its names, where they stand, and its time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from conformance.notes.forms import Stated, atoms, numbered_name
from conformance.notes.places import offset
from conformance.notes.tree import Node, symbols, walk

BESIDE = 2  # how much it counts what a name is multiplied with


def resemblance(one: Counter[str], other: Counter[str]) -> float:
    """How much two formulas are made of the same."""
    if len(one) > len(other):
        one, other = other, one
    common = sum(min(count, other[name]) for name, count in one.items() if name in other)
    every = one.total() + other.total() - common
    return common / every if every else 0.0


def places(node: Node) -> dict[str, Counter[str]]:
    """For each name where in the tree it stands."""
    found: dict[str, Counter[str]] = {}

    def visit(at: Node, path: tuple[str, ...]) -> None:
        if at.kind in ("sym", "apply"):
            name = at.value
            numbered = at.parts and all(p.kind == "num" for p in at.parts)
            for key in (name, numbered_name(at)) if numbered and at.kind == "sym" else (name,):
                bag = found.setdefault(key, Counter())
                for depth in (1, 2, 3):
                    bag["<".join(path[-depth:])] += 1
                bag[f"arity {len(at.parts)}"] += 1
        for k, part in enumerate(at.parts):
            if isinstance(part, Node):
                kind = at.kind
                if kind in ("add", "sub", "neg"):
                    minus = kind == "neg" or (kind == "sub" and k == 1)
                    before = path[-1] if path and path[-1] in ("plus", "minus") else ""
                    step = "minus" if minus != (before == "minus") else "plus"
                    visit(part, (*path[:-1], step) if before else (*path, step))
                    continue
                if kind == "mul":
                    step = kind
                    if k == 1:
                        _beside(at.parts[0], part, found)
                elif kind == "rel":
                    step = "left" if k == 0 else "right"
                elif kind == "call":
                    step = str(at.value)
                elif kind == "sym":
                    step = "index"
                else:
                    step = f"{kind}{k}"
                same = path and path[-1] == step and kind in ("add", "mul")
                visit(part, path if same else (*path, step))

    visit(node, ())
    return found


def _beside(one: Node, other: Node, found: dict[str, Counter[str]]) -> None:
    """What is multiplied with what it was a step before is no likely name for what is multiplied with what is now."""
    while one.kind == "mul":
        one = one.parts[1]
    while other.kind == "mul":
        other = other.parts[0]
    if one.kind == other.kind == "sym":
        steps = [at[1] for part in other.parts if (at := offset(part)) is not None and at[0]]
        found.setdefault(one.value, Counter())[f"beside {steps or 0}"] += BESIDE


@dataclass(frozen=True, eq=False)
class Sight:
    """What is looked at in a tree whoever it is compared with: its names, where they stand, its time."""

    node: Node
    atoms: tuple[str, ...]
    places: Mapping[str, Counter[str]]
    time: str
    offsets: Mapping[str, set[int]]
    targets: Mapping[str, tuple[str, tuple[object, ...]]]
    counting: frozenset[str] = frozenset()  # names that stand nowhere but in indices
    alone: str = ""  # what is defined, if its name stands nowhere else
    sloping: bool = False  # whether a gradient is taken somewhere
    shares: tuple[float, ...] = ()  # decimals between 0 and 1
    names: frozenset[str] = frozenset()  # that stand anywhere, with what counts


SIGHTS: WeakKeyDictionary[Stated, Sight] = WeakKeyDictionary()


@lru_cache(maxsize=1 << 11)
def sight(node: Node) -> Sight:
    """What is looked at in a tree, which is looked at again wherever a block is read again."""
    time = _time(node)
    targets: dict[str, tuple[str, tuple[object, ...]]] = {}
    for n in walk(node):
        if n.kind == "sym" and n.parts and all(p.kind == "num" for p in n.parts):
            targets[numbered_name(n)] = n.value, tuple(p.value for p in n.parts)
    every = list(walk(node))
    decimals = (n.value for n in every if n.kind == "num" and isinstance(n.value, float))
    return Sight(
        node, atoms(node), places(node), time, _offsets(node, time), targets, _counting(node), _alone(node, every),
        any(n.kind == "gradient" for n in every), tuple(x for x in decimals if 0 < x < 1),
        frozenset(str(n.value) for n in every if n.kind in ("sym", "apply")),
    )  # fmt: skip


def _alone(node: Node, every: Sequence[Node]) -> str:
    """The name of what a row defines, if it stands nowhere else."""
    if node.kind != "rel":
        return ""
    left = node.parts[0]
    while left.kind in ("label", "index", "primed", "pow") and left.parts:
        left = left.parts[0]
    often = sum(n.kind in ("sym", "apply") and n.value == left.value for n in every)
    if left.kind not in ("sym", "apply") or often != 1:
        return ""
    numbered = left.kind == "sym" and left.parts and all(p.kind == "num" for p in left.parts)
    return numbered_name(left) if numbered else str(left.value)


def _counting(node: Node) -> frozenset[str]:
    """The names that stand nowhere but in indices."""
    inside: set[str] = set()
    outside: set[str] = set()

    def visit(at: Node, *, index: bool) -> None:
        if at.kind in ("sym", "apply"):
            (inside if index else outside).add(at.value)
        for k, part in enumerate(at.parts):
            if isinstance(part, Node):
                visit(part, index=index or at.kind == "sym" or (at.kind == "index" and k > 0))

    visit(node, index=False)
    return frozenset(inside - outside)


def sight_of(ref: Stated) -> Sight:
    found = SIGHTS.get(ref)
    if found is None:
        found = SIGHTS[ref] = sight(ref.node)
    return found


def _time(node: Node) -> str:
    """The index that steps: the one that occurs with and without a number added."""
    found: Counter[str] = Counter()
    for n in walk(node):
        if n.kind == "sym" and n.parts:
            for part in n.parts:
                at = offset(part)
                if at is not None and at[0]:
                    found[at[0]] += 2 if at[1] else 1
    free = symbols(node)
    if "t" in free and "t" in found:
        return "t"
    steps = [name for name, count in found.items() if name in free and any(
        offset(part) not in (None, (name, 0)) and (offset(part) or ("",))[0] == name
        for n in walk(node) if n.kind == "sym" for part in n.parts)]  # fmt: skip
    if steps:
        return steps[0]
    return "t" if "t" in free else ""


def _offsets(node: Node, time: str) -> dict[str, set[int]]:
    """For each name how far from now its indices are."""
    found: dict[str, set[int]] = {}
    for n in walk(node):
        if n.kind == "sym" and n.parts:
            for part in n.parts:
                at = offset(part)
                if at is not None and at[0] == time and time:
                    base = n.value
                    found.setdefault(base, set()).add(at[1])
    return found
