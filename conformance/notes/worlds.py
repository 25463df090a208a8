"""A formula is looked at in a world in which its names are what it uses them as: numbers, sizes, signals, matrices."""

from __future__ import annotations

from collections import Counter

from conformance.notes.places import occurrences
from conformance.notes.tree import Node, walk
from conformance.notes.world import World, hash_of

PREFERRED = (3, 2, 4, 3, 2)  # how much is counted, in the order in which it is named

ORDER = frozenset([r"\le", r"\leq", r"\ge", r"\geq", "<", ">"])
LATE = 1  # of three worlds, in which time is beyond what limits it


def world_of(node: Node, seed: int) -> World:
    """A world in which the names of a tree are what they are used as."""
    whole: dict[str, int] = {"t": 3, "T": 5}
    turn = PREFERRED[seed % 3 :] + PREFERRED[: seed % 3]  # no size is another less one in every world
    sizes: dict[tuple[str, int], int] = {}
    arity: Counter[str] = Counter()
    kinds = {n.kind for n in walk(node)}
    matrices: frozenset[str] = frozenset()
    endless = False
    limits = _limits_of_time(node)
    whole.update(dict.fromkeys(limits, 5))
    if seed % 3 == LATE and (limits or any(n.kind == "call" and n.value in ("min", "max") for n in walk(node))):
        whole["t"] = 7  # beyond T, where another of two things is the smaller
    for n in walk(node):
        if n.kind in ("sum", "prod"):
            low, high, _, body = n.parts
            endless |= low is None and high is None and any(m.kind == "apply" and len(m.parts) > 1 for m in walk(body))
            for limit in (low, high):
                for m in walk(limit):
                    if m.kind == "sym" and not m.parts and m.value != "t":
                        whole.setdefault(m.value, turn[min(len(whole) - 2, 4)])
                    endless |= m.kind == "num" and m.value == float("inf")
            if high is not None and high.kind == "sym":
                for m in walk(body):
                    if m.kind == "sym":
                        for p, part in enumerate(m.parts):
                            if part.kind == "sym" and part.value in n.value:
                                sizes[m.value, p] = whole.get(high.value, 3)
        if n.kind == "sym":
            arity[n.value] = max(arity[n.value], len(n.parts))
            for part in n.parts:
                for m in walk(part):
                    if m.kind == "sym" and not m.parts and m.value not in whole:
                        whole[m.value] = (2, 3, 4, 2)[len(whole) % 4]
    for n in walk(node):
        if n.kind == "pow" and n.parts[0].kind == "num" and n.parts[0].value > 100:  # else it would be nothing, or all
            divisors = [m.parts[1] for m in walk(n.parts[1]) if m.kind == "div"]
            whole.update({m.value: (24, 32, 16)[seed % 3] for m in divisors if m.kind == "sym" and not m.parts})
    whole |= _equated(node, seed)
    if endless and "int" not in kinds:
        for n in walk(node):
            for m in (m for part in n.parts if n.kind == "apply" for m in walk(part)):
                if m.kind == "sym" and not m.parts:
                    whole.setdefault(m.value, (2, 3)[len(whole) % 2])  # none is its own square
    if "transpose" in kinds or (
        any(n.kind == "call" and n.value == "softmax" for n in walk(node)) and "index" not in kinds
    ):
        matrices = frozenset(
            name for name, places in occurrences([node]).items()
            if name[:1].isupper() and all(not n.parts for n, _ in places if n.kind == "sym")
        )  # fmt: skip
    return World(
        seed=seed, whole=whole, arity=dict(arity), sizes=sizes, sequence=endless, smooth="int" in kinds,
        mixed=seed % 3 == 2, chance="expect" in kinds, matrices=matrices,
    )  # fmt: skip


def _limits_of_time(node: Node) -> set[str]:
    """The names that time is compared with where cases are told apart, or what is smaller is asked for."""
    found: set[str] = set()
    for n in walk(node):
        if n.kind == "rel" and n is not node and set(n.value) <= ORDER and "t" in map(_bare, n.parts):
            found |= {*map(_bare, n.parts)} - {"", "t"}
        if n.kind == "call" and n.value in ("min", "max"):
            shares = (m.parts for part in n.parts for m in walk(part) if m.kind == "div")
            found |= {_bare(whole) for part, whole in shares if _bare(part) == "t"} - {""}
    return found


def _bare(node: Node) -> str:
    """The name that stands there alone, if it is one."""
    return str(node.value) if node.kind == "sym" and not node.parts else ""


def _equated(node: Node, seed: int) -> dict[str, int]:
    """What is asked to be equal to something is so in some worlds, and in others it is not."""
    asked = [n for n in walk(node) if n.kind == "rel" and n is not node and set(n.value) <= {"=", r"\ne"}]
    numbers = [part.value for n in asked for part in n.parts if part.kind == "num"] or [1, 2]
    names = [part.value for n in asked for part in n.parts if part.kind == "sym"]
    return {name: int(numbers[int(hash_of(seed, ("equal", name)) * len(numbers))]) for name in dict.fromkeys(names)}
