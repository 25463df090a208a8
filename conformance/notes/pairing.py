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


def pairs(
    changes: Sequence[Change], row: Sequence[Token], goals: Sequence[Sequence[str]], most: float
) -> Iterator[Iterator[Change]]:
    """Exchanges of two signs; any two changes or exchanges, first those that lead nearest, then the smallest.

    What costs more than `most` is none of them.
    """
    texts = [t.text for t in row]
    lone = _first({c.parts: c for c in reversed(changes) if len(c.parts) == 1 and c.cost <= FIRM}.values(), SLIPS)
    lone = [c for c in lone if c.cost + lone[0].cost + AGAIN <= most]
    exchanges = _first({c.parts: c for c in changes if len(c.parts) == 2 and _exchanges(c, texts)}.values(), SWAPS)
    exchanges = [c for c in exchanges if lone and c.cost + lone[0].cost + AGAIN <= most]
    nearer = _gains([*lone, *exchanges], row, texts, goals)
    couples = [*itertools.combinations(lone, 2), *itertools.product(lone, exchanges)]
    found = [
        (a.cost + b.cost, nearer[id(a)] + nearer[id(b)], a, b)
        for a, b in couples if a.cost + b.cost + AGAIN <= most and _apart(a, b)
    ]  # fmt: skip
    found.sort(key=lambda f: f[0])
    two = (_both(a, b) for _, _, a, b in found if len(a.parts) == len(b.parts) == 1)
    yield (both for both in two if _exchanges(both, texts))
    yield (_both(a, b) for _, _, a, b in sorted(found, key=lambda f: -f[1]))
    yield (_both(a, b) for _, _, a, b in found)


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


def _gains(
    changes: Sequence[Change], row: Sequence[Token], texts: Sequence[str], goals: Sequence[Sequence[str]]
) -> dict[int, float]:
    """How much nearer each change leads to the formula to which it leads nearest."""
    matchers = [SequenceMatcher(None, list(texts), list(goal), autojunk=False) for goal in goals[:GOALS]]
    before = [matcher.ratio() for matcher in matchers]
    gains: dict[int, float] = {}
    for change in changes:
        made = [t.text for t in change.applied(row)]
        for matcher, was in zip(matchers, before, strict=True):
            matcher.set_seq1(made)
            gains[id(change)] = max(gains.get(id(change), -1.0), matcher.ratio() - was)
    return gains if matchers else dict.fromkeys(map(id, changes), 0.0)
