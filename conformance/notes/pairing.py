"""Two slips in one statement are undone by two changes, of which those come first that lead nearer to what is meant."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from conformance.notes.change import Change
from conformance.notes.tokens import Token

FIRM = 1.25  # what each of two changes may cost
SLIPS, SWAPS = 140, 50  # of how many changes at one place, and exchanges of two places, pairs are made
AGAIN = 0.1  # what it costs that they are two
GOALS = 3  # formulas that a change may lead nearer to


def pairs(changes: Sequence[Change], row: Sequence[Token], goals: Sequence[Sequence[str]]) -> Iterator[list[Change]]:
    """Exchanges of two signs; any two changes or exchanges, first those that lead nearest, then the smallest."""
    texts = [t.text for t in row]
    lone = _first({c.parts: c for c in reversed(changes) if len(c.parts) == 1 and c.cost <= FIRM}.values(), SLIPS)
    exchanges = _first({c.parts: c for c in changes if len(c.parts) == 2 and _exchanges(c, texts)}.values(), SWAPS)
    nearer = {id(c): _gain(c, row, texts, goals) for c in (*lone, *exchanges)}
    couples = [*itertools.combinations(lone, 2), *itertools.product(lone, exchanges)]
    found = [(nearer[id(a)] + nearer[id(b)], _both(a, b)) for a, b in couples if _apart(a, b)]
    yield sorted((c for _, c in found if len(c.parts) == 2 and _exchanges(c, texts)), key=lambda c: c.cost)
    yield [c for _, c in sorted(found, key=lambda f: (-f[0], f[1].cost))]
    yield sorted((c for _, c in found), key=lambda c: c.cost)


def _first(changes: Iterable[Change], most: int) -> list[Change]:
    return sorted(changes, key=lambda c: c.cost)[:most]


def _both(one: Change, other: Change) -> Change:
    return Change(one.cost + other.cost + AGAIN, (*one.parts, *other.parts))


def _apart(one: Change, other: Change) -> bool:
    """Whether two changes touch no place together."""
    return all(b <= c or d <= a for a, b, _ in one.parts for c, d, _ in other.parts)


def _exchanges(change: Change, texts: Sequence[str]) -> bool:
    """Whether two signs have changed places."""
    (first, last, new), (start, end, other) = change.parts
    return new == tuple(texts[start:end]) and other == tuple(texts[first:last])


def _gain(change: Change, row: Sequence[Token], texts: Sequence[str], goals: Sequence[Sequence[str]]) -> float:
    """How much nearer a change leads to the formula to which it leads nearest."""
    made = [t.text for t in change.applied(row)]
    gains = [_alike(made, goal) - _alike(texts, goal) for goal in goals[:GOALS]]
    return max(gains, default=0.0)


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    return SequenceMatcher(None, list(other), list(one), autojunk=False).ratio()
