"""What repairs give is read once more: with one line mended, another may be seen to be wrong, or the same one still."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from conformance.notes.model import Edit, Finding, Piece, moved, patched

ROUNDS = 3  # two slips in a line take one more than one does, and lines that are mended by others again one
Judge = Callable[[Piece], list[Finding]]


def settled(piece: Piece, found: list[Finding], judge: Judge) -> list[Finding]:
    """The findings of a piece, with all the repairs that it takes until nothing in it is wrong any more."""
    known = found
    for _ in range(ROUNDS):
        made = sorted((e for finding in known for e in finding.edits), key=lambda e: (e.start, e.end))
        if not made:
            return known
        local = [Edit(e.start - piece.start, e.end - piece.start, e.text) for e in made]
        after = judge(replace(piece, text=patched(piece.text, local), start=0))
        if len(after) != len(known):
            return found
        if not any(finding.edits for finding in after):
            return known
        known = [_both(piece, first, second, local) for first, second in zip(known, after, strict=True)]
    return found  # it never comes to rest


def _both(piece: Piece, first: Finding, second: Finding, made: Sequence[Edit]) -> Finding:
    """What was found in a line, with what was found in it after all lines were mended."""
    if first.choices or not second.edits:
        return first
    edits = _composed(piece.text, moved(first, -piece.start).edits, made, second.edits)
    if not edits:
        return first  # it would be as it was
    said = first if first.verdict == "wrong" else second
    here = replace(said, start=first.start - piece.start, end=first.end - piece.start, edits=edits)
    return moved(here, piece.start)


def _composed(before: str, mine: Sequence[Edit], made: Sequence[Edit], then: Sequence[Edit]) -> tuple[Edit, ...]:
    """A line's edits, and those of what all lines' edits gave, as edits of the text before: one where they meet."""
    text, placed = patched(before, made), _placed(made)
    spans = [(start, end) for start, end, edit in placed if edit in mine] + [(e.start, e.end) for e in then]
    found = []
    for start, end in _joined(spans):
        inside = [Edit(e.start - start, e.end - start, e.text) for e in then if start <= e.start and e.end <= end]
        first = start - sum(_grown(edit) for begin, _, edit in placed if begin < start)
        last = end - sum(_grown(edit) for _, stop, edit in placed if stop <= end)
        new = patched(text[start:end], inside)
        if before[first:last] != new:
            found.append(Edit(first, last, new))
    return tuple(found)


def _placed(made: Sequence[Edit]) -> list[tuple[int, int, Edit]]:
    """Edits, with where what they put in begins and ends in the text that they give."""
    found, shift = [], 0
    for edit in made:
        start = edit.start + shift
        found.append((start, start + len(edit.text), edit))
        shift += _grown(edit)
    return found


def _grown(edit: Edit) -> int:
    """How much longer a text is after an edit."""
    return len(edit.text) - (edit.end - edit.start)


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of which those that meet are one."""
    found: list[tuple[int, int]] = []
    for span in sorted(spans):
        if found and span[0] <= found[-1][1]:
            start, end = found.pop()
            found.append((start, max(end, span[1])))
        else:
            found.append(span)
    return found
