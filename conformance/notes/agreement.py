"""A statement is a row of a formula if every side of it has the formula's value wherever both are looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from conformance.notes.context import named_by
from conformance.notes.forms import Stated, atoms, numbered_name
from conformance.notes.match import Leading
from conformance.notes.notation import LEARNED
from conformance.notes.tree import Node, same, shown, walk
from conformance.notes.values import Evaluator
from conformance.notes.world import Reading, Undefined

SEEDS = (0, 1, 2)
MANY = tuple(range(60))  # where there are cases, whose conditions differ in few places
BRANCHES = frozenset(["cases", "abs", "sign", "relu", "absolute"])
COMPUTED = frozenset(["add", "sub", "mul", "neg", "pow", "div", "sqrt", "call"])
NOISE = 1e-8  # chosen, not derived: above the 1e-13 of a thousand roundings and the 1e-10 of a slope by differences


def truth(ref: Stated, seed: int) -> object:
    """The value of a formula's right side; None where it has none."""
    if seed not in ref.truths:
        try:
            found = Evaluator(ref.world(seed)).value(ref.right)
            nothing = isinstance(found, int | float) and abs(found) < 1e-12 and not ref.branching
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
    for seed in MANY if ref.branching and seeds is SEEDS else seeds:
        right = truth(ref, seed)
        if right is None:
            continue
        try:
            if not close(said(side, ref, leading, seed), right):
                return False
        except Undefined:
            return False
        seen += 1
    if seen and seeds is SEEDS and not ref.branching and branches(side):
        return agrees(side, ref, leading, MANY)
    return seen > 0


def branches(side: Node) -> bool:
    """Whether what a side says depends on which of several things is larger."""
    return any(n.kind in BRANCHES or (n.kind == "call" and n.value in BRANCHES) for n in walk(side))


def same_left(note: Node, ref: Stated, leading: Leading) -> bool:
    """Whether what is defined is what the formula defines."""
    mine, theirs = note.parts[0], ref.left
    while mine.kind == "label":
        mine = mine.parts[0]
    if mine.kind == "text":
        return True
    if mine.kind == "apply" and any(p.kind in COMPUTED for p in mine.parts):
        return False  # a function is defined where it is asked for
    if mine.kind in ("sym", "apply") and theirs.kind in ("sym", "apply"):
        whole = numbered_name(mine) if mine.kind == "sym" else mine.value
        target = leading.names.get(whole) or leading.names.get(mine.value)
        if target is None:
            return False
        if theirs.kind == "sym" and mine.kind == "sym":
            reading = Evaluator(ref.world(0), Reading(leading.names, leading.time))
            try:
                return close(reading.value(mine), Evaluator(ref.world(0)).value(theirs))
            except Undefined:
                return False
        return bool(target[0] == theirs.value)
    if mine.kind == "partial" and not (mine.parts[0].kind in ("sym", "apply") and mine.parts[1].kind == "sym"):
        return False
    if mine.kind == "expect" and mine.parts[0].kind not in ("sym", "apply"):
        return agrees(mine, ref, leading) or (theirs.kind == "expect" and _same_chance(mine, ref, leading))
    lone = mine.kind == "expect" and mine.parts[0].kind in ("sym", "apply")
    if lone and not _speaks(note, str(mine.parts[0].value)):  # of what is only named here
        return theirs.kind == "sym" or (theirs.kind == "expect" and mine.value == theirs.value)
    if mine.kind == "call" and mine.value == "argmax":  # where something is largest, which is no function's value
        return theirs.kind == "call" and theirs.value == mine.value
    if mine.kind in ("sym", "apply", "index", "call", "pow", "abs"):
        return theirs.kind in ("sym", "apply", "index", "call", "pow", "primed") and (
            mine.kind != "pow" or _same_power(mine, theirs, leading)
        )
    if theirs.kind in ("mul", "add", "sub"):
        return _same_side(mine, ref, leading)
    if agrees(mine, ref, leading):
        return True
    return (
        mine.kind != "slope"
        and mine.kind not in ("add", "sub", "mul", "neg", "sqrt")
        and mine.kind != theirs.kind
        and any(name not in leading.names for name in atoms(mine))
    )


def _speaks(note: Node, name: str) -> bool:
    """Whether a name stands behind what is defined."""
    return any(n.value == name for side in note.parts[1:] for n in walk(side) if n.kind in ("sym", "apply"))


def _same_side(mine: Node, ref: Stated, leading: Leading) -> bool:
    """Whether what an equation in an unknown has on its left is the same."""
    try:
        return all(close(said(mine, ref, leading, k), Evaluator(ref.world(k)).value(ref.left)) for k in SEEDS)
    except Undefined:
        return False


def _same_chance(mine: Node, ref: Stated, leading: Leading) -> bool:
    """Whether it is the same of the same random thing, looked at once."""
    if mine.value != ref.left.value:
        return False
    one, other = mine.parts[0], ref.left.parts[0]
    try:
        return all(close(said(one, ref, leading, k), Evaluator(ref.world(k)).value(other)) for k in SEEDS)
    except Undefined:
        return False


def _same_power(mine: Node, theirs: Node, leading: Leading) -> bool:
    """Whether a power is the same, or a way to write a name that occurs in no other way."""
    if theirs.kind == "pow":
        return same(mine.parts[1], theirs.parts[1])
    return not any(name in leading.names for name in atoms(mine.parts[0]))


def settled(note: Node, ref: Stated, leading: Leading) -> bool:
    """Whether a statement is a row of a formula: what it defines, and each side that speaks of it."""
    if not same_left(note, ref, leading) or (idle(note) and not idle(ref.node)) or _of_another(note, leading):
        return False
    held = False
    for side in note.parts[1:]:
        if agrees(side, ref, leading):
            held = held or side.kind != "dots"
        elif not in_other_words(side, note, leading):
            return False
    return held


def _of_another(note: Node, leading: Leading) -> bool:
    """Whether a weight changes by the slope along another."""
    left = note.parts[0]
    if left.kind != "sym" or leading.names.get(left.value, ("", (), 0))[0] not in LEARNED:
        return False
    along = {n.value.rpartition("∂")[2] for n in walk(note) if n.kind == "sym" and n.value.startswith("∂")}
    return any(len(name) == len(left.value) == 1 and name != left.value for name in along)


def idle(node: Node) -> bool:
    """Whether a function is taken of a number, which is another number that nobody would write so."""
    return any(n.kind == "call" and n.parts and all(map(_in_numbers, n.parts)) for n in walk(node))


def _in_numbers(node: Node) -> bool:
    """Whether something is a number, or its root or power."""
    powered = node.kind in ("sqrt", "pow") and all(part.kind == "num" for part in node.parts)
    return node.kind == "num" or powered


def _convolves(side: Node, note: Node) -> bool:
    """Whether a convolution by its sign is of what the others convolve, and is looked at where the left is."""
    left, others = note.parts[0], [p for p in note.parts[1:] if p is not side]
    if side.kind == "mul":
        asked = {tuple(map(shown, part.parts)) for part in side.parts}
        there = all(part.kind in ("sym", "apply") for part in side.parts) and len(asked) == 1
        return there and (left.kind != "apply" or not any(p.kind == "apply" for p in side.parts))
    operands = side.value.split("*")
    applied = {n.value for other in others for n in walk(other) if n.kind == "apply" or (n.kind == "sym" and n.parts)}
    where = [shown(p) for p in left.parts] if left.kind in ("apply", "sym") else []
    here = not where or where == [shown(p) for p in side.parts]
    return here and set(operands) <= applied and len(set(operands)) == len(operands)


def _another_word(word: str, note: Node) -> bool:
    """Whether a word names one equation, and what is defined another."""
    left = note.parts[0]
    one, other = named_by(word), named_by(str(left.value)) if left.kind == "sym" else frozenset()
    return bool(one and other) and not one & other


def by_its_sign(side: Node) -> bool:
    """Whether a side says only by a sign that things are convolved."""
    return bool((side.kind == "mul" and side.value in ("*", r"\star")) or (side.kind == "apply" and "*" in side.value))


def in_other_words(side: Node, note: Node, leading: Leading) -> bool:
    """Whether a side has a word for what the others spell out."""
    if len(note.parts) < 3:
        return False
    if by_its_sign(side):
        return _convolves(side, note)
    left = note.parts[0]
    sloping = left.value.rstrip("'") if left.kind == "apply" and left.value.endswith("'") else None
    if sloping and any(n.kind == "apply" and n.value == sloping for n in walk(side)):
        return True  # a slope by the function itself
    mine = [
        n.value for n in walk(side)
        if n.kind in ("sym", "apply") and len(n.value) > 2 and n.value.isalpha() and n.value[0].isupper()
    ]  # fmt: skip
    word = side.parts[0] if side.kind == "neg" else side
    if word.kind == "sym" and _another_word(str(word.value), note):
        return False
    others = {n.value for part in note.parts if part is not side for n in walk(part) if n.kind in ("sym", "apply")}
    return any(name not in others and name not in leading.names for name in mine)
