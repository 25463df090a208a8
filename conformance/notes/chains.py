"""A sum is its terms with their signs, a product its factors above and below the line, in no order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from conformance.notes.tree import Node

MANY = 7  # parts of one sum or product that are tried against those of another
Part = tuple[int, int, tuple[str, ...]]
Edit = tuple[float, tuple[Part, ...]]  # what a slip costs, and what it changes in several places
Way = tuple[float, tuple[Edit, ...]]
T = TypeVar("T")


class Matched(NamedTuple):
    """Which parts are which, what that costs, which are too many and which are missing."""

    way: Way
    pairs: list[tuple[int, int]]
    lost: list[int]
    missing: list[int]


def terms(node: Node, sign: int = 1, at: int = -1) -> list[tuple[Node, int, int]]:
    """The terms of a sum, the sign of each, and where its sign stands; -1 where it has none."""
    if node.kind in ("add", "sub"):
        second = -sign if node.kind == "sub" else sign
        return [*terms(node.parts[0], sign, at), *terms(node.parts[1], second, node.parts[1].start - 1)]
    if node.kind == "neg":
        return terms(node.parts[0], -sign, node.parts[0].start - 1)
    return [(node, sign, at)]


def factors(node: Node, power: int = 1) -> list[tuple[Node, int]]:
    """The factors of a product, and whether each stands above the line or below it."""
    if node.kind == "mul" and node.value not in ("*", r"\star"):
        return [f for part in node.parts for f in factors(part, power)]
    if node.kind == "div":
        return [*factors(node.parts[0], power), *factors(node.parts[1], -power)]
    return [(node, power)]


def matched(
    mine: Sequence[T], theirs: Sequence[T], way: Callable[[T, T], Way], gone: Callable[[T], float],
    new: Callable[[T], float],
) -> Matched:  # fmt: skip
    """Which parts of one chain are which of another, so that what differs costs least."""
    ways = {(i, j): way(one, other) for i, one in enumerate(mine) for j, other in enumerate(theirs)}
    pairs: list[tuple[int, int]] = []
    for (i, j), (cost, _) in ways.items():
        if cost == 0.0 and all(i != a and j != b for a, b in pairs):
            pairs.append((i, j))
    here = [i for i in range(len(mine)) if all(i != a for a, _ in pairs)]
    there = [j for j in range(len(theirs)) if all(j != b for _, b in pairs)]
    pairs += _cheapest(tuple(here), tuple(there), {
        key: way[0] - gone(mine[key[0]]) - new(theirs[key[1]]) for key, way in ways.items()
    })[1] if max(len(here), len(there)) <= MANY else ()  # fmt: skip
    lost = [i for i in here if all(i != a for a, _ in pairs)]
    missing = [j for j in there if all(j != b for _, b in pairs)]
    found = [ways[pair] for pair in pairs]
    both = sum(w[0] for w in found), tuple(edit for w in found for edit in w[1])
    return Matched(both, pairs, lost, missing)


def _cheapest(
    here: tuple[int, ...], there: tuple[int, ...], gain: dict[tuple[int, int], float]
) -> tuple[float, list[tuple[int, int]]]:
    """The pairs by which most is saved, each part in one of them."""
    if not here:
        return 0.0, []
    best = _cheapest(here[1:], there, gain)
    for k, j in enumerate(there):
        if gain[here[0], j] < 0:
            cost, pairs = _cheapest(here[1:], (*there[:k], *there[k + 1 :]), gain)
            if cost + gain[here[0], j] < best[0]:
                best = cost + gain[here[0], j], [(here[0], j), *pairs]
    return best
