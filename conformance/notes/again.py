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
    """One edit of the text before for all that meet: those of a line, and those of what all lines' edits gave."""
    text, placed, shift = patched(before, made), [], 0
    for edit in made:
        placed.append((edit.start + shift, edit.start + shift + len(edit.text), edit))
        shift += len(edit.text) - (edit.end - edit.start)
    spans = sorted([(s, e) for s, e, edit in placed if edit in mine] + [(e.start, e.end) for e in then])
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    found = []
    for start, end in joined:
        new = patched(text[start:end], [Edit(e.start - start, e.end - start, e.text)
                                        for e in then if start <= e.start and e.end <= end])
        first = start - sum(len(e.text) - (e.end - e.start) for s, _, e in placed if s < start)
        last = end - sum(len(e.text) - (e.end - e.start) for _, e_, e in placed if e_ <= end)
        if before[first:last] != new:
            found.append(Edit(first, last, new))
    return tuple(found)
