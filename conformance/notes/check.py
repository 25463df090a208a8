"""A note is one more implementation: what it states is held against the catalogue, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from conformance.notes.again import settled
from conformance.notes.context import mentioned, named_by
from conformance.notes.counterexamples import counterexample
from conformance.notes.dearness import ABOUT, believed
from conformance.notes.family import family, kin
from conformance.notes.forms import atoms
from conformance.notes.judging import Match, matches, somehow
from conformance.notes.lines import Block, Line, block_of, title_of, words_of
from conformance.notes.model import Edit, Finding, Piece, moved
from conformance.notes.patching import edits
from conformance.notes.repair import TIE, Repair, repairs
from conformance.notes.stepping import STEPPED, all_but_one, once_mended
from conformance.notes.targets import targets

NEAR = 1.3  # what a repair costs beyond which another equation with the same right rows may be nearer
PAIR = 2  # lines of which one is right: in which dialect, the other would say
MENDED = 3  # lines of a block that may make others look wrong
ORDER = frozenset([r"\le", r"\ge", "<", ">"])


def judged(text: str, pieces: Sequence[Piece]) -> list[Finding]:
    """What is known about each statement of a note, in its order.

    A block that stands several times is read once; only the words around it differ then.
    """
    found: list[Finding] = []
    seen: dict[str, Block] = {}
    with np.errstate(all="ignore"):  # what has no value is found to have none
        for piece in pieces:
            block = seen.get(piece.text)
            if block is None:
                block = seen[piece.text] = block_of(piece)
            known = list(_judged(text, replace(block, words=words_of(piece), title=title_of(piece))))
            found += settled(piece, [moved(f, piece.start - block.piece.start) for f in known], _once)
    return found


def _once(piece: Piece) -> list[Finding]:
    """What is known about each statement of a piece as it stands."""
    return list(_judged(piece.text, block_of(piece)))


@dataclass(frozen=True)
class Understood:
    """How the statements of a block are read together: its equation, and which of them are right."""

    block: Block
    stating: Sequence[Line]
    context: frozenset[str]
    equation: str
    taken: Mapping[int, Match]
    held: Mapping[str, int]  # how many rows of the block are rows of a form, in any reading
    found: Sequence[tuple[Line, list[Match]]]  # every way in which a line is right

    @property
    def astray(self) -> list[int]:
        """The places of those that are not right."""
        return [k for k, line in enumerate(self.stating) if id(line) not in self.taken]

    def repairs(self, line: Line) -> list[Repair]:
        """The smallest repairs of a line, towards what it may be meant to be."""
        mine = sum(w.stated.form.equation == self.equation for w in self.taken.values())
        best = self._towards(line, self.equation if mine else "", self.taken, self.held)
        far = not best or best[0].cost > NEAR
        if far and mine and len(self.stating) > 1 and not line.amiss:
            for equation, taken in kin(self.found, self.equation, mine, self.block, self.context):
                other = self._towards(line, equation, taken, _held(self.found, equation))
                best = min((way for way in (best, other) if way), key=lambda way: way[0].cost, default=[])
        return best

    def _towards(
        self, line: Line, equation: str, taken: Mapping[int, Match], held: Mapping[str, int]
    ) -> list[Repair]:
        """The smallest repairs of a line in a block about an equation."""
        meant = targets(line, self.block, equation, taken, self.context, held)
        for others in self._forms(equation, taken):
            meant += targets(line, self.block, equation, others, self.context, held)
        meant.sort(key=lambda target: target.penalty)
        at = sum(not o.why for o in self.stating[: next(k for k, o in enumerate(self.stating) if o is line)])
        beside = [o.raw for o in self.stating if o is not line and o.raw is not None and not o.why]
        rest = [o.row for o in self.stating if o is not line]
        asked = tuple(target.asked for target in meant)
        if asked not in line.repairs:
            line.repairs[asked] = repairs(line, beside, at, meant, rest=rest) if meant else []
        found: list[Repair] = line.repairs[asked]
        if not found or not _credible(found[0], line):
            return []
        sure = any(w.stated.form.equation == equation and not w.stated.weak for w in taken.values())
        target = found[0].target
        told = (target.known and sure) or mentioned(target.stated.form.equation, self.block.title) >= ABOUT
        told = told or bool(named_by(line.word))
        return found if told or not somehow(line, self.block.words, self.context) else []

    def _forms(self, equation: str, taken: Mapping[int, Match]) -> Iterator[dict[int, Match]]:
        """How the one line that is right in a block of two is right in each other dialect of its equation."""
        mine = [(key, way) for key, way in taken.items() if way.stated.form.equation == equation]
        if len(mine) != 1 or len(self.stating) != PAIR:
            return
        key, dialects = mine[0][0], {mine[0][1].stated.form.dialect}
        for other in next((ways for line, ways in self.found if id(line) == key), []):
            if other.stated.form.equation == equation and other.stated.form.dialect not in dialects:
                dialects.add(other.stated.form.dialect)
                yield {**taken, key: other}


    def instead(self, line: Line, most: float) -> list[tuple[Line, Repair]]:
        """The repairs of the other of two lines that do not fit each other, where they cost no more."""
        others = [other for other in self.stating if other is not line]
        ways = next((ways for known, ways in self.found if known is line), [])
        mine = [way for way in ways if way.stated.form.equation == self.equation]
        if len(self.stating) != PAIR or len(self.astray) != 1 or not mine:
            return []
        turned = replace(self, taken={id(line): mine[0]})
        return [(others[0], repair) for repair in turned.repairs(others[0]) if repair.cost <= most]


def _understood(block: Block, stating: Sequence[Line]) -> Understood:
    context = frozenset(name for line in stating for node in line.versions for name in atoms(node))
    found = [(line, [] if line.amiss else matches(line, block.words, context)) for line in stating]
    equation, taken = family(found, block, context)
    astray = [line for line in stating if id(line) not in taken]
    if len(stating) in STEPPED and len(astray) > 1:
        equation, taken = all_but_one(stating, astray, block, context) or (equation, taken)
    return Understood(block, stating, context, equation, taken, _held(found, equation), found)


def _held(found: Sequence[tuple[Line, Sequence[Match]]], equation: str) -> Counter[str]:
    """How many rows of each form of an equation are rows of the block, in any reading, two lines not being one row."""
    lines: Counter[str] = Counter()
    rows: dict[str, set[int]] = {}
    for _, ways in found:
        mine = [way.stated for way in ways if way.stated.form.equation == equation]
        lines.update({row.form.latex for row in mine})
        for row in mine:
            rows.setdefault(row.form.latex, set()).add(row.row)
    return Counter({latex: min(count, len(rows[latex])) for latex, count in lines.items()})


def _judged(text: str, block: Block) -> Iterator[Finding]:
    stating = [line for line in block.lines if line.states]
    known = _understood(replace(block, lines=stating), stating)
    said: dict[int, Finding] = {}
    while len(said) < MENDED and len(known.astray) > 1 and len(stating) in STEPPED:
        place, after = _once_mended(known)
        if after is None:
            break
        said[place] = _wrong(text, known, known.stating[place])
        known = after
    for line in block.lines:
        if line.raw is None or (line.why and not line.states):
            yield Finding(line.start, line.end, "no opinion", f"it cannot be read: {line.why}")
        elif not line.states:
            yield Finding(line.start, line.end, "no opinion", "it does not say that something equals something")
        else:
            place = next(k for k, other in enumerate(stating) if other is line)
            here = known.stating[place]
            way = known.taken.get(id(here))
            yield said.get(place) or (_right(line, way, block) if way is not None else _wrong(text, known, here))


def _once_mended(known: Understood) -> tuple[int, Understood | None]:
    """The line whose repair is the smallest, and how the block is read with it: a slip makes others look wrong."""
    tried = [(k, known.repairs(known.stating[k])) for k in known.astray[:MENDED]]
    for place, best in sorted(((k, r) for k, r in tried if r), key=lambda way: way[1][0].cost):
        lines = once_mended(place, best[0].row, known.stating)
        if not lines:
            continue
        after = _understood(replace(known.block, lines=lines), lines)
        right = {k for k in range(len(lines)) if k not in after.astray}
        before = {k for k in range(len(lines)) if k not in known.astray}
        if (after.equation == known.equation or not known.taken) and before | {place} <= right:
            return place, after
    return -1, None


def _right(line: Line, way: Match, block: Block) -> Finding:
    form = way.stated.form
    if form.lacks and not _limited(way, block):
        return Finding(line.start, line.end, "incomplete", form.lacks, form.equation, form.dialect)
    if form.dialect:
        return Finding(
            line.start,
            line.end,
            "dialect",
            f"it is {form.equation} in the dialect {form.dialect!r}",
            form.equation,
            form.dialect,
        )
    return Finding(line.start, line.end, "right", f"it is {form.equation}", form.equation)


def _limited(way: Match, block: Block) -> bool:
    """Whether a note says of two of a statement's quantities how they have to lie, as in t ≤ T."""
    known = {name for name in way.leading.names if name in atoms(way.node) or name == way.leading.time}
    return any(
        len(known & {t.text for t in row.tokens}) > 1 and any(t.text in ORDER for t in row.tokens)
        for row in block.conditions
    )


def _wrong(text: str, known: Understood, line: Line) -> Finding:
    """What the line should be, if it is known what it is meant to be; no opinion otherwise."""
    best = known.repairs(line)
    if not best:
        why = f"it cannot be read: {line.why}" if line.why else "it is no equation of the catalogue"
        return Finding(line.start, line.end, "no opinion", why)
    first = best[0]
    form = first.target.stated.form
    shown = {} if line.why else counterexample(first.target.node, first.target.stated, first.target.leading)
    name = form.equation + (f" in the dialect {form.dialect!r}" if form.dialect else "")
    every = [*((line, repair) for repair in best), *known.instead(line, first.cost + TIE)]
    ways = _distinct(tuple(edits(other.row, repair.change, text) for other, repair in every))
    if len(ways) > 1:
        return Finding(
            line.start,
            line.end,
            "wrong",
            f"it is not {name}; several repairs are equally small",
            form.equation,
            form.dialect,
            counterexample=shown,
            choices=ways,
        )
    return Finding(
        line.start,
        line.end,
        "wrong",
        f"it is not {name}",
        form.equation,
        form.dialect,
        counterexample=shown,
        edits=ways[0],
    )


def _distinct(ways: tuple[tuple[Edit, ...], ...]) -> tuple[tuple[Edit, ...], ...]:
    return tuple(dict.fromkeys(ways))


def _credible(repair: Repair, line: Line) -> bool:
    """Whether what a repair gives is what was meant; a number that somebody chose is no slip."""
    if any(
        "." in token.text and not any("." in text for text in new)
        for first, last, new in repair.change.parts for token in line.row[first:last]
    ):  # fmt: skip
        return False
    return believed(repair.target, line, repair.row, repair.cost)


__all__ = ["judged"]
