"""A claim is made in a paragraph or in an item of a list, under a heading that may say what it is about."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from conformance.notes.headings import headings
from conformance.notes.model import Edit, Finding, Verdict
from conformance.notes.reading import Lines
from conformance.notes.regions import Region, masked, regions

PARTS = re.compile(r"(?:\r\n|\n|\r)(?:[ \t>]*(?=[\r\n])|(?=[ \t>]*(?:[-*+]|\d{1,3}[.)]|#{1,6})[ \t]))")


@dataclass(frozen=True)
class Unit:
    """A paragraph or an item, with what is no prose in it painted over."""

    start: int
    text: str
    headings: tuple[str, ...]


class Prose:
    """The prose of a note in its units; offsets are those of the note."""

    def __init__(self, text: str, parts: Sequence[Region] | None = None) -> None:
        self.source = text
        self.parts = regions(text) if parts is None else list(parts)
        self.text = masked(text, list(self.parts)).replace("**", "  ").replace("__", "  ")
        self.low = self.text.lower()

    @cached_property
    def units(self) -> list[Unit]:
        sections = headings(self.source, self.parts, Lines(self.source))
        starts = [offset for offset, _ in sections]
        found, at = [], 0
        breaks = [match.span() for match in PARTS.finditer(self.text)]
        for end, after in [*breaks, (len(self.text), len(self.text))]:
            if self.text[at:end].strip():
                above = bisect_right(starts, at)
                found.append(Unit(at, self.text[at:end], sections[above - 1][1] if above else ()))
            at = after
        return found

    def mentions(self, *words: str) -> bool:
        """Whether any of some words is anywhere, so that nothing more is looked for where it is not."""
        return any(word in self.low for word in words)

    def finding(
        self,
        unit: Unit,
        span: tuple[int, int],
        verdict: Verdict,
        reason: str,
        equation: str,
        numbers: Mapping[str, object],
        *edits: Edit,
    ) -> Finding:
        """A claim at a place of a unit; right ones have no counterexample to show."""
        start, end = unit.start + span[0], unit.start + span[1]
        shown = {} if verdict == "right" else numbers
        return Finding(start, end, verdict, reason, equation=equation, counterexample=shown, edits=edits)


def computed(equation: str, *arguments: object, **named: object) -> object:
    """What an equation of the catalogue gives."""
    from reference.catalogue import CATALOGUE

    return CATALOGUE[equation].function(*arguments, **named)


def whole(equation: str, **named: int) -> int:
    """What an equation that counts gives."""
    return int(computed(equation, **named))  # type: ignore[call-overload, no-any-return]
