"""A slip that makes one right form of an equation another one of the catalogue is no slip: a half that goes, a mean.

The checker says which form it is. That it does not say so of anything that it can read somehow, each name has to be
read as in the original, and no index may come free that was counted with there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conformance.notes.check import _understood
from conformance.notes.extract import pieces
from conformance.notes.forms import rows_of
from conformance.notes.judging import Match
from conformance.notes.lines import Line, block_of, title_of, words_of
from conformance.notes.tree import Node, symbols
from tests.notes.statements import Statement


def catalogued(latex: str, statement: Statement) -> bool:
    """Whether a changed statement is another form of its equation, read as the original is."""
    before, after = list(readings(statement, statement.latex)), list(readings(statement, latex))
    if not before or len(before) != len(after) or any(way is None for _, way in [*before, *after]):
        return False
    was, is_ = ([(line, way) for line, way in ways if way is not None] for ways in (before, after))
    if any(way.stated.form.equation != statement.equation for _, way in is_):
        return False
    alike = (_read_alike(a, b) and _free(one) >= _free(two) for (one, a), (two, b) in zip(was, is_, strict=True))
    forms, others = (_forms([way for _, way in ways]) for ways in (was, is_))
    return bool(others) and forms.isdisjoint(others) and all(alike)


def _forms(ways: list[Match]) -> set[str]:
    """The dialects of which all lines are rows; what a line says may be said in several."""
    rows = rows_of(ways[0].stated.form.equation)
    each = ({row.form.dialect for row in rows if row.says == way.stated.says} for way in ways)
    return set.intersection(*each)


def readings(statement: Statement, latex: str) -> Iterator[tuple[Line, Match | None]]:
    """Each line of a statement with how it is right, if it is."""
    note, start = statement.note(latex), statement.start
    for piece in pieces(note):
        if piece.start <= start + len(latex) and piece.start + len(piece.text) > start:
            block = block_of(piece)
            stating = [line for line in block.lines if line.states]
            known = _understood(replace(block, lines=stating, words=words_of(piece), title=title_of(piece)), stating)
            yield from ((line, known.taken.get(id(line))) for line in stating)


def _read_alike(one: Match, other: Match) -> bool:
    """Whether no name stands for another thing, where both forms have what it stood for."""
    mine, theirs = ({name: to[0] for name, to in way.leading.names.items()} for way in (one, other))
    able = set(theirs.values()) | set(other.stated.atoms)
    return all(theirs.get(name, to) == to for name, to in mine.items() if to in able)


def _free(line: Line) -> set[str]:
    """The letters that stand below names of the right side, and that nothing counts with."""
    rel = line.raw
    if rel is None or rel.kind != "rel":
        return set()
    left = {name for name, _ in _indices(rel.parts[0], frozenset())}
    return {name for side in rel.parts[1:] for name, bound in _indices(side, frozenset()) if name not in bound} - left


def _indices(node: Node, bound: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    inner = bound | set(node.value) if node.kind in ("sum", "prod", "max", "min") and node.value else bound
    for part in node.parts:
        if isinstance(part, Node):
            if node.kind == "sym":
                yield from ((name, inner) for name in symbols(part))
            yield from _indices(part, inner)
