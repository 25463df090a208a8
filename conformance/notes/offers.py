"""What is tried for a statement: slips undone one by one, and what leads to a form of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from conformance.notes.aligning import aligned
from conformance.notes.arranging import arrangements
from conformance.notes.borrowing import Names, as_another, borrowed, meant, names_in, strange, written_names
from conformance.notes.change import Change, is_letter, written
from conformance.notes.dearness import Target
from conformance.notes.edits import changes
from conformance.notes.habits import habits
from conformance.notes.indices import lost_from
from conformance.notes.lines import Line
from conformance.notes.manners import among
from conformance.notes.spelling import spelled
from conformance.notes.stretches import AGAIN
from conformance.notes.tokens import Token
from conformance.notes.towards import towards
from conformance.notes.vocabulary import RELATIONS

LIKELY = 3  # targets whose letters are tried everywhere
LOST = 0.1  # how much likelier it is that an index returns which is asked for and nowhere given
LED = 10  # formulas that are compared part by part
BRACKETS = frozenset("()[]")
LOOSED = 3  # brackets that may have slipped beside something else


def offered(
    row: Sequence[Token], targets: Sequence[Target], rest: Sequence[Sequence[Token]]
) -> tuple[list[Change], list[Change], list[list[str]]]:
    """Small changes: those that people's slips need, those that lead to a form of the catalogue, and such forms."""
    letters = dict.fromkeys(t.text for t in row if is_letter(t))
    guided: list[Change] = []
    led: list[list[str]] = []
    for k, target in enumerate(targets):
        known = habits(target.node, row, target.stated, target.leading) | target.known_as
        goal = spelled(target.stated, target.leading, row, rest, known)
        goals = arrangements(goal, row, rest)[: 2 if k < LIKELY else 1]
        goals += among(goals[0], [t.text for t in row])
        led += goals
        if k < LIKELY:
            letters.update(dict.fromkeys(t for t in goals[0] if is_letter(written(t))))
        guided += [c for goal in goals for c in towards(row, goal, whole=target.known or target.about)]
    for goal in as_another(row, rest) if any(target.known for target in targets) else ():
        guided += towards(row, goal, whole=True)
    blind = changes(row, list(letters)[:16])
    lost = lost_from(row)
    names = names_in(led[0] if led else [])
    made = [_priced(some, row, rest, names) for some in (blind, guided)]
    made[0] = [replace(c, cost=c.cost - LOST) if c.parts[0][2] in lost else c for c in made[0]]
    made[0] += [*meant(row, names)]
    return [*made[0], *borrowed(row, rest)], made[1], led


def led(
    line: Line, targets: Sequence[Target], rest: Sequence[Sequence[Token]], blind: Sequence[Change],
    goals: Sequence[Sequence[str]], most: float,
) -> list[Change]:  # fmt: skip
    """What leads to one of some formulas part by part, in whatever order those are; a bracket may have slipped, too."""
    plainly = (spelled(t.stated, t.leading, line.row, rest, plainly=True) for t in targets[:LIKELY])
    plain = [_as_on_left(line.row, goal) for goal in plainly]
    different = list(dict.fromkeys(tuple(goal) for goal in (*goals[:2], *plain, *goals[2:])))[:LED]
    found = []
    for cost, row in _rows(line, blind, different):
        for goal in different[: None if row is line.row or row is line.filled else LOOSED]:
            for change in aligned(row, goal, most - cost, missing=row is line.filled):
                parts = change.parts if row is line.row else _between(line.row, change.applied(row))
                found.append(Change(cost + change.cost, parts, guided=True))
    priced = _priced(found, line.row, rest, names_in(goals[0] if goals else []))
    return sorted(priced, key=lambda change: change.cost)


def _as_on_left(row: Sequence[Token], goal: Sequence[str]) -> list[str]:
    """A formula of what a row defines."""
    here, there = (next((k for k, text in enumerate(some) if text in RELATIONS), 0)
                   for some in ([t.text for t in row], goal))  # fmt: skip
    return [*(t.text for t in row[:here]), *goal[there:]]


def _rows(
    line: Line, blind: Sequence[Change], goals: Sequence[Sequence[str]]
) -> Iterator[tuple[float, Sequence[Token]]]:
    """The line, or what it is with something where something is missing; the same with other brackets."""
    yield 0.0, line.filled or line.row
    if line.why or any(token.start < 0 for token in line.row):
        return
    loosed = [c for c in blind if all(_bracket(c, line.row, part) for part in c.parts)]
    matchers = [SequenceMatcher(None, [], list(goal), autojunk=False) for goal in goals[:LOOSED]]
    scored = []
    for change in loosed:
        texts = [t.text for t in change.applied(line.row)]
        for matcher in matchers:
            matcher.set_seq1(texts)
        scored.append((max((m.ratio() for m in matchers), default=0.0), change))
    for _, change in sorted(scored, key=lambda s: -s[0])[:LOOSED]:
        yield change.cost + AGAIN, change.applied(line.row)


def _bracket(change: Change, row: Sequence[Token], part: tuple[int, int, tuple[str, ...]]) -> bool:
    first, last, new = part
    return len(change.parts) > 1 and BRACKETS.issuperset((*new, *(t.text for t in row[first:last])))


def _between(row: Sequence[Token], made: Sequence[Token]) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    """What was changed in a row of which the signs that are left stand where they did."""
    at = {token.start: k for k, token in enumerate(row)}
    parts: list[tuple[int, int, tuple[str, ...]]] = []
    new: list[str] = []
    k = 0
    for place, text in (*((at.get(t.start, -1), t.text) for t in made), (len(row), "")):
        if place < 0:
            new.append(text)
            continue
        if place > k or new:
            parts.append((k, place, tuple(new)))
        new, k = [], place + 1
    return tuple(parts)


def _priced(
    some: Iterable[Change], row: Sequence[Token], rest: Sequence[Sequence[Token]], names: Names
) -> list[Change]:
    """Changes at what they cost if they bring what the note does not have."""
    known = written_names((row, *rest)) if rest else {}
    signs = frozenset(text for name in known for text in name)
    dearer = ((change, strange(change, row, known, names, signs)) for change in some)
    return [replace(change, cost=change.cost + by) if by else change for change, by in dearer]
