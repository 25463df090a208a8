"""What a wrong line was meant to be is a row that it resembles, of its block's equation or of what the words name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from conformance.notes.change import is_letter
from conformance.notes.context import mentioned
from conformance.notes.family import left_of, named, namesakes, reading, reading_of
from conformance.notes.forms import Stated, stated
from conformance.notes.judging import LEAST, Match, candidates, customary, ease
from conformance.notes.lines import Block, Line
from conformance.notes.match import Leading, by_analogy, leadings
from conformance.notes.sights import sight_of
from conformance.notes.tokens import Token
from conformance.notes.tree import Node

FAR = 0.45  # a formula of the catalogue that resembles less than this is not what was meant
ABOUT = 0.6  # of an equation's name: so much of it has to stand around what is called wrong
TARGETS = 10
READINGS = 4  # of the names, for one row that may be meant
ROWS = 5  # of one equation
DEAREST = 3.2  # what costs more is another statement, and no repair of this one
SLIP = 1.3  # what one slip costs at most
HEADED = 1.35  # what a slip may cost in a line under its equation's own heading


@dataclass(frozen=True)
class Target:
    """A row of the catalogue that may be meant, and how the note's names are read then."""

    stated: Stated
    leading: Leading
    penalty: float
    alone: bool  # whether the row is compared without its block
    node: Node  # the statement as it was read for that
    known: bool = False  # whether the rest of the block says that this row is meant
    about: bool = False  # whether the words around it, or its block, are about the equation
    dearest: float = DEAREST  # what a repair may cost so that anybody believes it
    closed: bool = False  # whether a repair with a letter that the line does not have is not believed
    timed: bool = True  # whether a prime is a step of time

    @property
    def asked(self) -> tuple[object, ...]:
        """All of it by which one search for repairs of a line differs from another."""
        names = tuple(sorted(self.leading.names.items()))
        way = self.alone, self.known, self.about, self.closed, self.timed
        return self.stated, names, self.penalty, self.dearest, way


def targets(
    line: Line,
    block: Block,
    equation: str,
    taken: Mapping[int, Match],
    context: frozenset[str],
    held: Mapping[str, int] | None = None,
) -> list[Target]:
    """The rows of the catalogue that may be meant, the likeliest first, with how the names are read.

    `held` is how many rows of the block are rows of a form, in any reading.
    """
    led: dict[str, str] = {}
    rows_taken: set[tuple[str, int]] = set()
    for way in taken.values():
        if way.stated.form.equation == equation:
            led |= reading_of(way)
            rows_taken.add((way.stated.form.latex, way.stated.row))
    scored: list[tuple[float, Target]] = []
    left, primed = left_of(line), any(t.text in ("'", r"\prime") for t in line.row)
    for near, row in _meant(line, block, equation):
        mine = row.form.equation == equation
        about = mentioned(row.form.equation, block.words) >= ABOUT
        most = held is None or held.get(row.form.latex, 0) == max(held.values(), default=-1)
        known = mine and namesakes(left, named(row.left), led) and most
        if (not mine and not about and not _telling(line, row)) or (
            not known and line.alike(row) < (LEAST if about else FAR)
        ):
            continue
        score = near + 0.3 * mine + 0.3 * known - (0.25 if (row.form.latex, row.row) in rows_taken else 0)
        score -= mine and not most and max((held or {}).values(), default=0) > 1  # the block is in another form
        for k, (_, sight) in enumerate(line.seen):
            if k == line.timeless and not primed:
                continue
            ways = leadings(sight, row, led if mine else None, context)[:3]
            ways += leadings(sight, row, led if mine else None, context, by_place=0.3, loose=True)[:2]
            alone = k > 0 or line.needs_nobody
            for leading in ways:
                if mine and _contradicts(reading(leading), led, sight_of(row).atoms):
                    continue
                target = Target(row, leading, 0.0, alone, sight.node, known, about or mine, timed=k != line.timeless)
                scored.append((score + ease(leading, sight), target))
    return [_bounded(target, line, block, equation) for target in _likeliest(scored, equation)]


def _contradicts(mine: Mapping[str, str], led: Mapping[str, str], theirs: Sequence[str]) -> bool:
    """Whether names are read otherwise than in the rest of the block, or otherwise than their likes are there."""
    if any(led.get(name, other) != other for name, other in mine.items()):
        return True
    alike = {by_analogy(other, led): other for other in theirs}
    return any(alike.get(name, other) != other for name, other in mine.items())


def _likeliest(scored: list[tuple[float, Target]], equation: str) -> list[Target]:
    """Each target once, the first few of them, with how much less likely it is than the first."""
    scored.sort(key=lambda s: -s[0])
    made: list[Target] = []
    same: set[tuple[object, ...]] = set()
    often: Counter[object] = Counter()
    for score, target in scored:
        penalty = 0.8 * (scored[0][0] - score)
        if penalty >= 1.2 or len(made) >= TARGETS:
            break
        key = target.stated.text, tuple(sorted(target.leading.names.items())), target.alone, target.timed
        row, of = target.stated.text, target.stated.form
        many = often[row] >= READINGS or (often[of.equation] >= ROWS and of.equation != equation)
        if key not in same and not many:
            same.add(key)
            often.update((row, of.equation))
            made.append(replace(target, penalty=penalty))
    return made


def _meant(line: Line, block: Block, equation: str) -> list[tuple[float, Stated]]:
    """The rows that a line may be: those that it resembles, and those of its block's equation."""
    found = candidates(line, block.words, 60)
    if equation:
        near = {id(row) for _, row in found}
        found += [
            (line.alike(row), row)
            for row in stated() if row.form.equation == equation and id(row) not in near and not row.trivial
        ]  # fmt: skip
    return found


def _telling(line: Line, row: Stated, leading: Leading | None = None) -> bool:
    """Whether so much is the same that it is no chance, whatever the words say."""
    if leading is not None and not customary(leading, line.seen[0][1]):
        return False
    return not row.weak and len(line.row) >= 18 and line.alike(row) >= 0.75


def _bounded(target: Target, line: Line, block: Block, equation: str) -> Target:
    """A target with what a repair towards it may cost: more where its block or its section is about it."""
    row, leading, sight = target.stated, target.leading, line.seen[0][1]
    alike = line.alike(row)
    if target.known:
        return target
    closed = False
    if alike < FAR or (row.weak and not customary(leading, sight)):
        dearest = 0.0
    elif equation and row.form.equation == equation:
        dearest = 2.6
    elif mentioned(row.form.equation, block.words) >= ABOUT and customary(leading, sight, 0.5):
        dearest = 1.5 + 1.2 * alike + 0.02 * max(0, len(line.row) - 20)
    else:
        dearest, closed = SLIP if _telling(line, row, leading) else 0.0, True
    dearest = min(dearest, SLIP) if row.weak else dearest
    headed = mentioned(row.form.equation, block.title) >= ABOUT and (not row.weak or customary(leading, sight, 0.7))
    if headed and (alike >= FAR or (alike >= LEAST and customary(leading, sight, 0.5))):  # under its own heading
        dearest, closed = max(dearest, HEADED + 0.02 * max(0, len(line.row) - 20)), False
    return replace(target, dearest=dearest, closed=closed)


def believed(target: Target, line: Line, row: Sequence[Token], cost: float) -> bool:
    """Whether a row is what somebody meant who wrote the line, at what it costs to come from one to the other."""
    if target.known:
        return True
    if cost > min(target.dearest, 0.4 + 0.11 * max(len(line.row), len(row))):
        return False
    return not target.closed or {t.text for t in row if t.start < 0 and is_letter(t)} <= {t.text for t in line.row}
