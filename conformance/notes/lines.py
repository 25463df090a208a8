"""A block of a note is read row by row; what cannot be read says where, and the rest is read all the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from conformance.notes.change import is_letter
from conformance.notes.forms import Stated, likenesses, place_of, shape
from conformance.notes.match import Leading
from conformance.notes.model import Piece
from conformance.notes.normal import LEARNED, normal
from conformance.notes.order import turned, usual
from conformance.notes.parse import parse
from conformance.notes.places import TIME, offset, out_of_step
from conformance.notes.rows import Row, rows
from conformance.notes.shadows import shadowed, unshadowed
from conformance.notes.sights import Sight, sight
from conformance.notes.timing import levelled
from conformance.notes.tokens import CLOSE, Token, tokens
from conformance.notes.tree import Node, Unreadable, shown, walk
from conformance.notes.vocabulary import EQUALS, HOLE, LETTERS, RELATIONS

ENDINGS = CLOSE | RELATIONS | {"|", r"\|", ",", "+", "/", "&", r"\\"}
COMMAND = re.compile(r"\\[A-Za-z]+")
STARTS = RELATIONS | {"", "(", "{", "[", "+", "-", "&"}
PLACES = 12  # where what is missing may have stood
SHORT = 300  # signs of a row in which somebody can tell what is missing


@dataclass
class Line:
    """One statement of a block: its tokens, and its tree if it has one."""

    row: tuple[Token, ...]
    raw: Node | None
    why: str = ""
    where: int = 0
    filled: tuple[Token, ...] = ()  # with a sign where something is missing, if it cannot be read without
    versions: list[Node] = field(default_factory=list)  # as a part of its block, and alone
    timeless: int = -1  # the version in which a prime is no step of time, if that makes a difference
    usual: bool | None = None  # whether matrices come first in its block
    apart: Node | None = None  # read alone, where it takes what others define otherwise than they define it
    levelled: Node | None = None  # with what it takes at another step than the rest taken with the rest
    needs_nobody: bool = False  # whether its block reads it as it would be read alone
    ways: dict[object, tuple[Leading, Sight] | None] = field(default_factory=dict)  # how it is right, as it was asked
    repairs: dict[object, Any] = field(default_factory=dict)  # what makes it right, as it was asked

    @property
    def start(self) -> int:
        return self.row[0].start

    @property
    def end(self) -> int:
        return self.row[-1].end

    @property
    def amiss(self) -> bool:
        """Whether it is not even what it says: something is missing, or a letter means two things."""
        raw = self.raw
        return bool(self.why) or self.hollow or (raw is not None and (shadowed(raw) or turned(raw, self.usual)))

    @property
    def hollow(self) -> bool:
        """Whether something stood beside a 1 in a bracket."""
        return hollow(self.row)

    @property
    def states(self) -> bool:
        """Whether it says that something equals something."""
        return self.raw is not None and self.raw.kind == "rel" and all(sign in EQUALS for sign in self.raw.value)

    @cached_property
    def seen(self) -> list[tuple[Counter[str], Sight]]:
        """What each version is made of, and where its names stand."""
        return [(shape(node), sight(node)) for node in self.versions]

    @property
    def mendable(self) -> list[Sight]:
        """The same of each version that it may be in once it is mended."""
        others = [sight(node) for node in (self.apart, self.levelled) if node is not None]
        return [*(sight for _, sight in self.seen), *others]

    def as_it_is(self, node: Node) -> Node:
        """A version of it, but for the one that it is no more than read as."""
        return self.versions[0] if node is self.levelled else node

    @property
    def word(self) -> str:
        """The word by which what is defined is called, if it is one."""
        left = self.raw.parts[0] if self.raw is not None and self.raw.kind == "rel" else None
        return str(left.value) if left is not None and left.kind in ("sym", "apply") else ""

    def alike(self, row: Stated) -> float:
        """How much it resembles a row of the catalogue, in whichever version does so most."""
        return float(self.likenesses[place_of(row)])

    @cached_property
    def likenesses(self) -> Any:
        """The same for every row."""
        sides = [node._replace(parts=(node.parts[0], side)) for node in self.versions[:1] for side in node.parts[1:]]
        return likenesses([*(found for found, _ in self.seen), *(map(shape, sides) if len(sides) > 1 else ())])


@dataclass
class Block:
    """What one piece says, and the words around it."""

    piece: Piece
    lines: list[Line]
    legends: list[Row]
    words: str
    title: str = ""
    conditions: list[Row] = field(default_factory=list)  # under which what is said is meant


def block_of(piece: Piece) -> Block:
    """The statements of a piece, read."""
    lines: list[Line] = []
    legends, conditions = [], []
    for row in rows(tokens(piece.text, piece.start)):
        if row.legend:
            legends.append(row)
            continue
        if row.condition:
            conditions.append(row)
            continue
        try:
            lines.append(Line(row.tokens, parse(row.tokens)))
        except Unreadable as error:
            where = max(error.start, row.tokens[0].start)
            filled = _filled(row.tokens, where)
            lines.append(Line(row.tokens, parse(filled) if filled else None, str(error), where, filled=filled))
    versions([line for line in lines if line.raw is not None and not line.why])
    for line in lines:
        if line.raw is not None and line.why:
            versions([line])
    return Block(piece, lines, legends, words_of(piece), title_of(piece), conditions)


def _filled(row: Sequence[Token], where: int) -> tuple[Token, ...]:
    """A row as it would be read if something stood where a bracket or a side ends with nothing before its end."""
    places = [k for k in range(1, len(row) + 1) if k == len(row) or row[k].text in ENDINGS]
    places.sort(key=lambda k: abs(row[k - 1].end - where))
    for k in places[:PLACES] if len(row) <= SHORT else ():
        for missing in _missing(row, k):
            filled = (*row[:k], *(Token(text, -1, -1) for text in missing), *row[k:])
            with suppress(Unreadable):
                parse(filled)
                return filled
    return ()


def _missing(row: Sequence[Token], k: int) -> Iterator[tuple[str, ...]]:
    """What may be missing at a place: something, or the differential of an integral before it."""
    yield (HOLE,)
    texts = [t.text for t in row[:k]]
    if r"\int" in texts and "d" not in texts:
        for name in list(dict.fromkeys(t.text for t in row[texts.index(r"\int") + 1 : k] if is_letter(t)))[:5]:
            yield "d", name


def words_of(piece: Piece) -> str:
    """What is said around a piece and in it; the name of a letter is no word."""
    said = COMMAND.sub(lambda m: " " if m.group() in LETTERS else m.group(), piece.text)
    return " ".join((*piece.headings[-2:], piece.before[-200:], piece.after[:200], said))


def title_of(piece: Piece) -> str:
    """The headings under which a piece stands."""
    return " ".join(piece.headings[-2:])


def versions(lines: Sequence[Line]) -> None:
    """What each line says as a part of its block, and alone where it speaks of the rest as the rest does."""
    raw = [unshadowed(line.raw) if shadowed(line.raw) else line.raw for line in lines if line.raw is not None]
    together = normal(raw)
    defined = [_defined(node) for node in raw]
    astray = out_of_step(raw)
    first = usual([line.raw for line in lines if line.raw is not None])
    for k, (line, whole) in enumerate(zip(lines, together, strict=True)):
        line.versions, line.usual = [whole], first
        if (level := levelled(raw[k])) is not None:
            line.levelled = normal([level])[0]
        if k in astray:
            continue
        others = {name: index for j, (name, index) in enumerate(defined) if j != k and name}
        rest = [other.row for other in lines if other is not line]
        if len(rest) > 1 and odd(line.row, rest) and not _becomes(line.row):
            continue  # weights alone are often one step later than all else that is defined
        if not _as_defined(raw[k], others) or not all(
            _as_defined(node, dict([defined[k]])) for j, node in enumerate(raw) if j != k
        ):
            line.apart = normal([raw[k]])[0]
            continue
        alone = normal([raw[k]])[0]
        line.needs_nobody = repr(alone) == repr(whole)
        for other in (alone, normal([raw[k]], timed=False)[0]):
            if all(repr(other) != repr(version) for version in line.versions):
                line.timeless = -1 if other is alone else len(line.versions)
                line.versions.append(other)


def hollow(row: Sequence[Token]) -> bool:
    """Whether a bracket holds a 1 alone, as a factor: something else stood there, too."""
    texts = ["", *(t.text for t in row), ""]
    return any(
        texts[k : k + 3] == ["(", "1", ")"] and texts[k - 1] in STARTS and texts[k + 3] not in ENDINGS | {""}
        for k in range(1, len(texts) - 3)
    )


def odd(row: Sequence[Token], rest: Sequence[Sequence[Token]]) -> bool:
    """Whether what is defined has another index than everything else that the block defines."""

    def index(some: Sequence[Token]) -> tuple[str, ...]:
        left = [t.text for t in some[: _relation(some)]]
        return tuple(t for t in left[left.index("_") :] if t not in "{}") if "_" in left else ()

    others = {index(other) for other in rest}
    return len(others) == 1 and index(row) not in others and bool(index(row))


def _becomes(row: Sequence[Token]) -> bool:
    """Whether a row says what something is a step later, by what it was."""
    texts, right = [t.text for t in row], _relation(row)
    before = [texts[k - 1] for k in range(right, len(texts)) if texts[k] == texts[0]]
    return "-" not in texts[:right] and any(sign != "_" for sign in before)


def _relation(row: Sequence[Token]) -> int:
    """Where the left side ends."""
    return next((k for k, t in enumerate(row) if t.text in RELATIONS), 0)


def _defined(node: Node) -> tuple[str, str]:
    """What a row defines, and with which indices."""
    left = node.parts[0] if node.kind == "rel" else node
    counted = left.kind == "sym" and any(part.kind != "num" for part in left.parts)
    weights = counted and left.value in LEARNED and _takes_itself(node)  # others take them as they were
    return (left.value, shown(left)) if counted and not weights and not _in_turn(node) else ("", "")


def _in_turn(node: Node) -> bool:
    """Whether a row says how the next of several follows from one, which others take as it is."""
    left = node.parts[0] if node.kind == "rel" else node
    steps = [at for part in left.parts if (at := offset(part)) is not None and at[0] not in ("", TIME)]
    return bool(steps) and _takes_itself(node)


def _takes_itself(node: Node) -> bool:
    """Whether a row makes something of what it was."""
    left, rights = node.parts[0], node.parts[1:] if node.kind == "rel" else ()
    return any(n.kind == "sym" and n.value == left.value for side in rights for n in walk(side))


def in_step(row: Node, others: Sequence[Node]) -> bool:
    """Whether a row takes what others define as they define it."""
    return _as_defined(row, dict(entry for entry in map(_defined, others) if entry[0]))


def _as_defined(node: Node, defined: Mapping[str, str]) -> bool:
    """Whether a row takes what others define with the indices with which they define it."""
    return all(
        defined.get(n.value, shown(n)) == shown(n)
        for part in node.parts[1:] for n in walk(part) if n.kind == "sym" and n.parts
    )  # fmt: skip
