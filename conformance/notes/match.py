"""A note's names are led to those of a formula, so that both can be looked at with the same numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from conformance.notes import arithmetic  # noqa: F401  (gives each kind of node its meaning)
from conformance.notes.forms import Stated, atoms, numbered_name, shape
from conformance.notes.normal import offset
from conformance.notes.notation import affinity
from conformance.notes.tree import Node, same, symbols, walk
from conformance.notes.values import Evaluator, Reading, Undefined, World

SEEDS = (0, 1, 2)
OPTIONS = 4  # names that one name may be led to
CHOICES = 6  # maps that are tried
NOISE = 1e-8  # chosen, not derived: above the 1e-13 of a thousand roundings and the 1e-10 of a slope by differences
NOWHERE: Counter[str] = Counter()


@dataclass(frozen=True)
class Leading:
    """Which name is led to which, with how much the time is shifted, and how readily."""

    names: Mapping[str, tuple[str, tuple[object, ...], int]]
    time: str
    score: float
    forced: float = 0.0  # what is against it
    readers: dict[tuple[Stated, int], Evaluator] = field(default_factory=dict, compare=False, repr=False)

    def reader(self, ref: Stated, seed: int) -> Evaluator:
        """What reads a note's trees so in the world of a formula, at their beginning."""
        found = self.readers.get((ref, seed))
        if found is None:
            found = self.readers[ref, seed] = Evaluator(ref.world(seed), Reading(self.names, self.time))
        found.steps = 0
        return found


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


@dataclass(frozen=True, eq=False)
class Sight:
    """What is looked at in a tree whoever it is compared with: its names, where they stand, its time."""

    node: Node
    atoms: tuple[str, ...]
    places: Mapping[str, Counter[str]]
    time: str
    offsets: Mapping[str, set[int]]
    targets: Mapping[str, tuple[str, tuple[object, ...]]]


SIGHTS: WeakKeyDictionary[Stated, Sight] = WeakKeyDictionary()


def sight(node: Node) -> Sight:
    time = _time(node)
    targets: dict[str, tuple[str, tuple[object, ...]]] = {}
    for n in walk(node):
        if n.kind == "sym" and n.parts and all(p.kind == "num" for p in n.parts):
            targets[numbered_name(n)] = n.value, tuple(p.value for p in n.parts)
    return Sight(node, atoms(node), places(node), time, _offsets(node, time), targets)


def sight_of(ref: Stated) -> Sight:
    found = SIGHTS.get(ref)
    if found is None:
        found = SIGHTS[ref] = sight(ref.node)
    return found


def leadings(
    note: Sight, ref: Stated, known: Mapping[str, str] | None = None, context: frozenset[str] = frozenset(),
    *, by_place: float = 1.5, loose: bool = False,
) -> list[Leading]:  # fmt: skip
    """The likeliest ways of reading a note's names as those of a formula, best first."""
    other_sight = sight_of(ref)
    mine, theirs = note.atoms, other_sight.atoms
    if not mine or len(mine) > 14 or len(theirs) > 16 or len(mine) > len(theirs) + 4:
        return []
    given = _left(note, other_sight)
    if given is not None and given[0] in mine and given[1] in theirs:
        mine = tuple(name for name in mine if name != given[0])
        theirs = tuple(name for name in theirs if name != given[1])
    else:
        given = None
    table: list[list[tuple[float, str]]] = []
    for name in mine:
        here = note.places.get(name, NOWHERE)
        options = []
        for other in theirs:
            if (name == note.time) != (other == other_sight.time) and note.time and other_sight.time:
                continue
            score = affinity(name, other) + by_place * resemblance(here, other_sight.places.get(other, NOWHERE))
            if known and name in known:
                score += 1.5 if known[name] == other else -1.5
            if name != other and name in ref.form.names and other in context:
                score -= 1.5  # it would be renamed into another that is also there
            options.append((score, other))
        options.sort(reverse=True)
        table.append(options[:OPTIONS])
    made = []
    elsewhere = {other: name for name, other in (known or {}).items() if name not in mine}
    extra = 0.0 if given is None else 2.2 + 0.3 * affinity(*given)
    for points, taken in _assignments(mine, table):
        score = points + extra
        if given is not None:
            taken[given[0]] = given[1]
        for shifts in _shifts(note, other_sight, taken, loose=loose):
            names = {}
            for name, other in taken.items():
                base, fixed = other_sight.targets.get(other, (other, ()))
                names[name] = (base, fixed, shifts.get(name, 0))
            free = set(theirs) - set(taken.values())
            for other in free - set(mine):  # what the note does not name here is named as elsewhere, or as there
                base, fixed = other_sight.targets.get(other, (other, ()))
                names[elsewhere.get(other, other)] = (base, fixed, 0)
            made.append(Leading(names, note.time or "t", score - 0.05 * sum(map(abs, shifts.values()))))
    made.sort(key=lambda m: -m.score)
    return made[: CHOICES + 2]


def _left(note: Sight, ref: Sight) -> tuple[str, str] | None:
    """What is defined and occurs nowhere else may have any name."""
    found = []
    for seen in (note, ref):
        if seen.node.kind != "rel":
            return None
        left = seen.node.parts[0]
        while left.kind in ("label", "index", "primed", "pow") and left.parts:
            left = left.parts[0]
        if left.kind not in ("sym", "apply"):
            return None
        name = (
            numbered_name(left)
            if left.kind == "sym" and left.parts and all(p.kind == "num" for p in left.parts)
            else left.value
        )
        if sum(n.kind in ("sym", "apply") and n.value == left.value for n in walk(seen.node)) != 1:
            return None
        found.append(str(name))
    return found[0], found[1]


def _assignments(
    mine: Sequence[str], table: Sequence[Sequence[tuple[float, str]]]
) -> list[tuple[float, dict[str, str]]]:
    """The best ways of giving each name another one of its own."""
    order = sorted(range(len(mine)), key=lambda k: -(table[k][0][0] if table[k] else 0))
    rest = [0.0] * (len(order) + 1)
    for k in range(len(order) - 1, -1, -1):
        options = table[order[k]]
        rest[k] = rest[k + 1] + (options[0][0] if options else 0.0)
    found: list[tuple[float, dict[str, str]]] = []
    taken: dict[str, str] = {}
    used: set[str] = set()
    steps = 0

    def search(k: int, score: float) -> None:
        nonlocal steps
        steps += 1
        if steps > 600 or (len(found) >= CHOICES and score + rest[k] <= found[-1][0]):
            return
        if k == len(order):
            found.append((score, dict(taken)))
            found.sort(key=lambda f: -f[0])
            del found[CHOICES:]
            return
        name = mine[order[k]]
        for gain, other in table[order[k]]:
            if other not in used:
                taken[name] = other
                used.add(other)
                search(k + 1, score + gain)
                used.discard(other)
                del taken[name]
        search(k + 1, score - 0.6)

    search(0, 0.0)
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


def _shifts(note: Sight, ref: Sight, taken: Mapping[str, str], *, loose: bool = False) -> Iterator[dict[str, int]]:
    """How much later the note's time is: by one for all, or for the weights alone."""
    if not note.time or not ref.time:
        yield {}
        return
    common = [name for name in note.offsets if name in taken and taken[name] in ref.offsets]
    if not common:
        yield {}
        return
    left = note.node.parts[0] if note.node.kind == "rel" else note.node
    shifts = {name: max(ref.offsets[taken[name]]) - max(note.offsets[name]) for name in common}
    base = [*common, *([note.time] if note.time in taken else [])]
    tried = []
    for shift in dict.fromkeys((0, min(shifts.values()), max(shifts.values()))):
        if abs(shift) > 1:
            continue
        tried.append(dict.fromkeys(base, shift))
        # the weights alone may be counted one further, since the gradient at w_t makes w_{t+1}
        if left.kind == "sym" and left.value in common:
            tried += [
                dict.fromkeys(base, shift) | {left.value: shift + further}
                for further in (-1, 1)
                if abs(shift + further) <= 1 and (loose or shifts[left.value] == shift + further)
            ]
    yield from {tuple(sorted(t.items())): t for t in tried}.values()


def truth(ref: Stated, seed: int) -> object:
    """The value of a formula's right side; None where it has none."""
    if seed not in ref.truths:
        try:
            found = Evaluator(ref.world(seed)).value(ref.right)
            nothing = isinstance(found, int | float) and abs(found) < 1e-12
            ref.truths[seed] = None if nothing else found
        except Undefined:
            ref.truths[seed] = None
    return ref.truths[seed]


def close(one: Any, other: Any) -> bool:
    """Whether two numbers are one and the same but for rounding: what differs in meaning differs by far more."""
    if hasattr(one, "shape") or hasattr(other, "shape"):
        if getattr(one, "shape", ()) != getattr(other, "shape", ()):
            return False
        return bool(abs(one - other).max() <= NOISE * (abs(one).max() + abs(other).max()))
    if not isinstance(one, int | float) or not isinstance(other, int | float):
        return False
    if math.isnan(one) or math.isnan(other):
        return False
    if math.isinf(one) or math.isinf(other):
        return False
    return abs(one - other) <= NOISE * (1e-6 + abs(one) + abs(other))


def said(side: Node, ref: Stated, leading: Leading, seed: int) -> object:
    """What a side of a note is in the world of a formula."""
    return leading.reader(ref, seed).value(side)


def agrees(side: Node, ref: Stated, leading: Leading, seeds: Sequence[int] = SEEDS) -> bool:
    """Whether a side has the value of the formula wherever the formula has one."""
    seen = 0
    if side.kind == "dots":
        return True
    for seed in seeds:
        right = truth(ref, seed)
        if right is None:
            continue
        try:
            if not close(said(side, ref, leading, seed), right):
                return False
        except Undefined:
            return False
        seen += 1
    return seen > 0


def same_left(note: Node, ref: Stated, leading: Leading) -> bool:
    """Whether what is defined is what the formula defines."""
    mine, theirs = note.parts[0], ref.left
    while mine.kind == "label":
        mine = mine.parts[0]
    if mine.kind == "text":
        return True
    if mine.kind in ("sym", "apply") and theirs.kind in ("sym", "apply"):
        whole = numbered_name(mine) if mine.kind == "sym" else mine.value
        target = leading.names.get(whole) or leading.names.get(mine.value)
        if target is None:
            return False
        if theirs.kind == "sym" and mine.kind == "sym":
            reading = Evaluator(ref.world(0), Reading(leading.names, leading.time))
            try:
                return close(reading.name(mine), Evaluator(ref.world(0)).name(theirs))
            except Undefined:
                return False
        return bool(target[0] == theirs.value)
    if mine.kind in ("sym", "apply", "index", "call", "pow", "abs"):
        return theirs.kind in ("sym", "apply", "index", "call", "pow", "primed") and (
            mine.kind != "pow" or _same_power(mine, theirs, leading)
        )
    if agrees(mine, ref, leading):
        return True
    return (
        mine.kind not in ("add", "sub", "mul", "neg", "sqrt")
        and mine.kind != theirs.kind
        and any(name not in leading.names for name in atoms(mine))
    )


def _same_power(mine: Node, theirs: Node, leading: Leading) -> bool:
    """Whether a power is the same, or a way to write a name that occurs in no other way."""
    if theirs.kind == "pow":
        return same(mine.parts[1], theirs.parts[1])
    return not any(name in leading.names for name in atoms(mine.parts[0]))


def settled(note: Node, ref: Stated, leading: Leading) -> bool:
    """Whether a statement is a row of a formula: what it defines, and each side that speaks of it."""
    if not same_left(note, ref, leading):
        return False
    held = False
    for side in note.parts[1:]:
        if agrees(side, ref, leading):
            held = held or side.kind != "dots"
        elif not in_other_words(side, note, leading):
            return False
    return held


def in_other_words(side: Node, note: Node, leading: Leading) -> bool:
    """Whether a side has a word for what the others spell out."""
    if len(note.parts) < 3:
        return False
    if (side.kind == "mul" and side.value in ("*", r"\star")) or (side.kind == "apply" and "*" in side.value):
        return True  # a convolution, by its sign
    mine = [
        n.value for n in walk(side)
        if n.kind in ("sym", "apply") and len(n.value) > 2 and n.value.isalpha() and n.value[0].isupper()
    ]  # fmt: skip
    others = {n.value for part in note.parts if part is not side for n in walk(part) if n.kind in ("sym", "apply")}
    return any(name not in others and name not in leading.names for name in mine)


__all__ = [
    "Leading",
    "World",
    "agrees",
    "close",
    "leadings",
    "resemblance",
    "said",
    "same_left",
    "settled",
    "shape",
    "truth",
]
