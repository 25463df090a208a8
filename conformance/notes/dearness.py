"""How much a repair may cost depends on how surely it is known what was meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from conformance.notes.agreement import agrees
from conformance.notes.change import is_letter
from conformance.notes.context import called, mentioned
from conformance.notes.forms import Stated
from conformance.notes.habits import Habits
from conformance.notes.judging import LEAST, customary
from conformance.notes.lines import Block, Line
from conformance.notes.match import Leading
from conformance.notes.tokens import Token
from conformance.notes.tree import Node
from conformance.notes.vocabulary import RELATIONS

NEARLY = 0.55  # what nobody calls by its name resembles so much of what it is
FAR = 0.45  # a formula of the catalogue that resembles less than this is not what was meant
ABOUT = 0.6  # of an equation's name: so much of it has to stand around what is called wrong
DEAREST = 3.1  # what costs more is another statement, and no repair of this one
UNTOLD = 1.9  # what a repair may cost where one other line alone says what a line is about, and no word does
PAIR = 2  # lines of which one is right
NEARBY = 2.2  # what a repair may cost where words nearby name the equation, and no heading does
SLIP = 1.3  # what one slip costs at most
SMALL = 1.1  # what a small slip costs at most
HALF = 0.5  # of an equation's name, without which it is not called by it
CLEAR = 0.8  # so much of a long line says what it is, though no word does
SIDES = 2  # of an equation: whoever writes one of several resembles the whole less
CONFIRMED = 2 / 3  # so much of a line says what it is, where words alone are about its subject
LONG, LONGER = 20, 0.02  # signs of a short line; how much more a repair may cost for each that a line has beyond
EACH, EACH_NAMED = 0.14, 0.2  # how much a repair may cost for each sign of a line: more under its equation's name
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
    headed: bool = False  # whether it is what the heading is about
    closed: bool = False  # whether a repair with a letter that the line does not have is not believed
    timed: bool = True  # whether a prime is a step of time
    known_as: Habits = field(default_factory=dict, compare=False)  # how the block writes what the row speaks of

    @property
    def asked(self) -> tuple[object, ...]:
        """All of it by which one search for repairs of a line differs from another."""
        names = tuple(sorted(self.leading.names.items()))
        way = self.alone, self.known, self.about, self.headed, self.closed, self.timed, tuple(self.known_as.items())
        return self.stated, names, self.penalty, self.dearest, way


def telling(line: Line, row: Stated, leading: Leading | None = None, least: float = 0.65) -> bool:
    """Whether so much is the same that it is no chance, whatever the words say."""
    if leading is not None and not customary(leading, line.seen[0][1], least):
        return False
    return not row.weak and len(line.row) >= 18 and line.alike(row) >= 0.75


def bounded(target: Target, line: Line, block: Block, equation: str) -> Target:
    """A target with what a repair towards it may cost: more where its block or its section is about it."""
    row, leading, sight = target.stated, target.leading, line.seen[0][1]
    alike = line.alike(row)
    said = mentioned(row.form.equation, block.words) >= ABOUT
    if target.known and not said and sum(line.states for line in block.lines) <= PAIR:
        return replace(target, dearest=UNTOLD)
    if target.known or (not row.weak and _half_right(target)):
        return target
    closed = False
    if alike < FAR or (row.weak and not customary(leading, sight, 0.55 if said else 0.65)):
        dearest = 0.0
    elif equation and row.form.equation == equation:
        dearest = 2.6
    elif said and customary(leading, sight, 0.5):
        dearest = 1.5 + 1.2 * alike + LONGER * max(0, len(line.row) - LONG)
    else:
        dearest, closed = _told_by_itself(line, row, leading), True
    closed = closed and not line.why  # what is missing in any case may be a letter that stands nowhere
    dearest = min(dearest, SLIP) if row.weak else dearest
    if line.why and said and line.row[-1].text not in RELATIONS:  # something is missing in any case
        return replace(target, dearest=DEAREST, closed=False)
    headed = mentioned(row.form.equation, block.title) >= ABOUT and (not row.weak or customary(leading, sight, 0.7))
    if headed and (alike >= FAR or (alike >= LEAST and customary(leading, sight, 0.5))):  # under its own heading
        dearest, closed = max(dearest, HEADED + LONGER * max(0, len(line.row) - LONG)), False
    if said and customary(leading, sight, 0.5):
        named_there = mentioned(row.form.equation, block.title) >= ABOUT
        dearest, closed = max(dearest, DEAREST if named_there else NEARBY), False
    if row.form.equation != equation:
        dearest = min(dearest, _unnamed(row, alike, called(row.form.equation, block.words)))
    return replace(target, dearest=dearest, closed=closed, headed=headed)


def _told_by_itself(line: Line, row: Stated, leading: Leading) -> float:
    """What a repair may cost where a line alone tells what it is: the longer it is, the less that is chance."""
    if telling(line, row, leading):
        return SLIP + (2 * LONGER * max(0, len(line.row) - LONG) if line.alike(row) >= CLEAR else 0.0)
    return SMALL if telling(line, row, leading, 0.5) else 0.0


def _unnamed(row: Stated, alike: float, named: float) -> float:
    """What a repair may cost at most where words are about a subject, and the equation is not called by its name."""
    if named < ABOUT and _aside(row):
        return 0.0
    if named < HALF and alike < CONFIRMED and len(row.node.parts) == SIDES:
        return SLIP if alike >= NEARLY else 0.0
    return DEAREST


def _aside(row: Stated) -> bool:
    """Whether a row says little, and its form says more in others."""
    return row.weak and any(other.row != row.row for other in row.form.stated)


def _half_right(target: Target) -> bool:
    """Whether one of several sides is right, which shows what the others should be."""
    sides = target.node.parts[1:]
    return len(sides) > 1 and any(s.kind != "dots" and agrees(s, target.stated, target.leading) for s in sides)


def believed(target: Target, line: Line, row: Sequence[Token], cost: float) -> bool:
    """Whether a row is what somebody meant who wrote the line, at what it costs to come from one to the other."""
    if target.known and target.dearest >= DEAREST:
        return True
    each = EACH if target.dearest < DEAREST else EACH_NAMED
    if cost > min(target.dearest, 0.6 + each * max(len(line.row), len(row))):
        return False
    if not target.closed:
        return True
    new = {t.text for t in row if t.start < 0 and (is_letter(t) or t.text[:1] == '"')}
    return new <= {t.text for t in line.row} and _names(line.row) <= _names(row)


def _names(row: Sequence[Token]) -> set[str]:
    """The letters of a row that are no indices."""
    texts = ["", "", *(t.text for t in row)]
    below = [(texts[k], texts[k + 1]) == ("_", "{") or texts[k + 1] == "_" for k in range(len(row))]
    return {t.text for t, hanging in zip(row, below, strict=True) if is_letter(t) and not hanging}
