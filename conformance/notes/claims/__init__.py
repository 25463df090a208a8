"""Prose makes claims too, and of a few of them the catalogue can say whether they are true."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from conformance.notes.claims.counts import classes, columns, puzzles, updates
from conformance.notes.claims.facts import facts
from conformance.notes.claims.prose import Prose
from conformance.notes.model import Finding
from conformance.notes.regions import Region

KINDS: tuple[Callable[[Prose], Iterator[Finding]], ...] = (updates, columns, classes, puzzles, facts)


def claims(text: str, parts: Sequence[Region] | None = None) -> list[Finding]:
    """Claims in Korean and in English, each with numbers that the catalogue's equations gave; few and certain."""
    prose = Prose(text, parts)
    return sorted((finding for kind in KINDS for finding in kind(prose)), key=lambda f: (f.start, f.end))
