"""An erratum is a place, what stands there, numbers that refute it, and what should stand there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from conformance.notes.errata import SILENT, Note, corrected, is_wrong, plain, statement
from conformance.notes.lint import TIDINESS
from conformance.notes.model import Finding

WORDS = {"wrong": "wrong", "lint": "notation", "incomplete": "incomplete", "dialect": "dialect", "caption": "caption"}
MARKS = {
    "wrong": ("D", "✗"), "lint": ("B", "!"), "incomplete": ("waived", "…"), "dialect": ("N", "d"),
    "caption": ("undecided", "c"),
}  # fmt: skip


@dataclass(frozen=True)
class Erratum:
    """One finding, as the page shows it."""

    note: Note
    finding: Finding

    @property
    def place(self) -> tuple[int, int]:
        return self.note.source.lines.place(self.finding.start)

    @property
    def kind(self) -> str:
        return "caption" if self.finding.rule in TIDINESS else self.finding.verdict

    @property
    def word(self) -> str:
        return WORDS.get(self.kind, self.kind)

    @property
    def mark(self) -> tuple[str, str]:
        return MARKS.get(self.kind, ("undecided", "?"))

    @property
    def text(self) -> str:
        return self.note.text[self.finding.start : self.finding.end]

    @property
    def numbers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in plain(self.finding.counterexample).items()]

    def before(self) -> list[tuple[str, str]]:
        return [(kind, part) for kind, part in statement(self.note.text, self.finding) if kind != "added"]

    def after(self) -> list[tuple[str, str]]:
        return [(kind, part) for kind, part in statement(self.note.text, self.finding) if kind != "dropped"]

    @property
    def choices(self) -> list[str]:
        found = (corrected(self.note.text, self.finding, choice) for choice in self.finding.choices)
        return [text for text in found if text is not None]


class Errata:
    """What the template of the page may ask."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self.notes = list(notes)

    def of(self, note: Note) -> Iterator[Erratum]:
        """What is not right in a note, in its order."""
        return (Erratum(note, finding) for finding in note.findings if finding.verdict not in SILENT)

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(erratum.word for note in self.notes for erratum in self.of(note))

    @property
    def tally(self) -> list[tuple[tuple[str, str], str, int]]:
        return [(MARKS[key], word, self.counts[word]) for key, word in WORDS.items() if self.counts[word]]

    @property
    def wrong(self) -> bool:
        return any(note.wrong for note in self.notes)

    @property
    def verdict(self) -> str:
        return "Something is wrong" if self.wrong else "Nothing is wrong"

    @property
    def sentence(self) -> str:
        known = Counter(finding.verdict for note in self.notes for finding in note.findings)
        files = f"{len(self.notes)} {'file' if len(self.notes) == 1 else 'files'}"
        wrong = sum(is_wrong(finding) for note in self.notes for finding in note.findings)
        repairs = sum(len(note.mended) for note in self.notes)
        said = f"{files}, {wrong} things that are wrong"
        said += f", {repairs} certain repairs" if repairs else ""
        said += f"; {known['right']} statements are right" if known["right"] else ""
        return said + (f", and of {known['no opinion']} nothing is known." if known["no opinion"] else ".")

    @staticmethod
    def numbers_of(pairs: Sequence[tuple[str, Any]]) -> str:
        return ", ".join(f"{name} = {value}" for name, value in pairs)
