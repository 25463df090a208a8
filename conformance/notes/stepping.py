"""One line that is out of step with its block makes others wrong, and is the one to be mended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.notes.change import Change
from conformance.notes.family import family
from conformance.notes.judging import Match, matches
from conformance.notes.lines import Block, Line, odd, versions
from conformance.notes.parse import parse
from conformance.notes.spelling import group
from conformance.notes.tokens import Token
from conformance.notes.tree import Unreadable

STEPPED = range(2, 9)  # lines of a block in which one may be out of step with all others
TIMES = ("t", "t-1", "t+1")


def all_but_one(
    stating: Sequence[Line], astray: Sequence[Line], block: Block, context: frozenset[str]
) -> tuple[str, dict[int, Match]] | None:
    """How a block is right but for the one line in which a step of time has slipped, if there is one such line."""
    ways: list[tuple[Line, tuple[str, dict[int, Match]]]] = []
    for line in astray:
        for change in steps(line.row):
            way = _with(line, change, stating, astray, block, context)
            if way is not None:
                ways.append((line, way))
                break
    if len(ways) > 1:  # what stands at another step where it is defined, or else where it is used
        found = [(line, way) for line, way in ways if odd(line.row, [o.row for o in stating if o is not line])]
        ways = found or ways[-1:]
    return ways[0][1] if len(ways) == 1 else None


def once_mended(place: int, row: Sequence[Token], stating: Sequence[Line]) -> list[Line]:
    """The lines of a block with one of them as it should be; none if that cannot be read."""
    try:
        lines = [Line(tuple(row), parse(row)) if k == place else again(line) for k, line in enumerate(stating)]
    except Unreadable:
        return []
    versions([line for line in lines if line.raw is not None and not line.why])
    for line in lines:
        if line.raw is not None and line.why:
            versions([line])
    _remembered(lines, stating)
    return lines


def _remembered(lines: Sequence[Line], before: Sequence[Line]) -> None:
    """A line that says in its block what it said before is right in the ways that are known."""
    for line, was in zip(lines, before, strict=True):
        if line.versions == was.versions:
            line.ways = was.ways


def again(line: Line) -> Line:
    """The same line, to be read beside others."""
    return Line(line.row, line.raw, line.why, line.where, line.filled)


def steps(row: Sequence[Token]) -> Iterator[Change]:
    """Each index of time with the other steps in its place."""
    texts = [t.text for t in row]
    for k, text in enumerate(texts[:-1]):
        if text == "_":
            inside, end = group(texts, k + 1)
            core = "".join(inside)
            for other in TIMES if core in TIMES else ():
                if other != core:
                    yield Change(1.0, ((k + 1, end, ("{", *other, "}")),))


def _with(
    slipped: Line,
    change: Change,
    stating: Sequence[Line],
    astray: Sequence[Line],
    block: Block,
    context: frozenset[str],
) -> tuple[str, dict[int, Match]] | None:
    """How the rest of a block is right once a line is changed, if all of it is."""
    row = change.applied(slipped.row)
    try:
        lines = [Line(tuple(row), parse(row)) if line is slipped else Line(line.row, line.raw) for line in stating]
    except Unreadable:
        return None
    if any(line.amiss for line in lines):
        return None
    versions(lines)
    _remembered(lines, stating)
    wrong = {id(line) for line in astray}
    if not all(matches(lines[k], block.words, context) for k, line in enumerate(stating) if id(line) in wrong):
        return None
    found = [(line, matches(line, block.words, context)) for line in lines]
    equation, taken = family(found, block, context)
    if not all(id(line) in taken and taken[id(line)].stated.form.equation == equation for line in lines):
        return None
    return equation, {
        id(mine): taken[id(line)] for mine, line in zip(stating, lines, strict=True) if mine is not slipped
    }
