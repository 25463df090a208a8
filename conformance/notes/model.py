"""What is said about a note always says where: offsets into its text as it was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Kind = Literal["display", "inline", "plain", "code"]
Verdict = Literal["right", "dialect", "incomplete", "wrong", "no opinion", "lint"]


@dataclass(frozen=True)
class Piece:
    """Mathematics in a note: its source is the note's text from start to end, without the delimiters.

    The marks of a quotation that it stands in are blanks in it, so that every offset stays what it is.
    """

    text: str
    start: int
    kind: Kind
    headings: tuple[str, ...] = ()  # the sections that it stands in, outermost first
    before: str = ""  # the words right before it, a line or two
    after: str = ""  # the words right after it: a caption, an explanation

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class Edit:
    """The note's text from start to end is to be replaced."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Finding:
    """What is known about one statement of a note."""

    start: int
    end: int
    verdict: Verdict
    reason: str
    equation: str = ""
    dialect: str = ""
    rule: str = ""  # of what is said without mathematics: which rule it breaks
    counterexample: Mapping[str, Any] = field(default_factory=dict)  # numbers, and what each side gives
    edits: tuple[Edit, ...] = ()  # the one repair; empty where there is none, or where several are equally small
    choices: tuple[tuple[Edit, ...], ...] = ()  # several equally small repairs


def moved(finding: Finding, by: int) -> Finding:
    """The same of a text with so many more characters before it."""
    if not by:
        return finding

    def shifted(some: tuple[Edit, ...]) -> tuple[Edit, ...]:
        return tuple(Edit(e.start + by, e.end + by, e.text) for e in some)

    return replace(
        finding, start=finding.start + by, end=finding.end + by, edits=shifted(finding.edits),
        choices=tuple(shifted(c) for c in finding.choices),
    )  # fmt: skip


def patched(text: str, edits: Sequence[Edit]) -> str:
    """The text after the edits, which do not overlap."""
    for edit in sorted(edits, key=lambda e: (e.start, e.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1."""
    line = text.count("\n", 0, offset) + 1
    return line, offset - (text.rfind("\n", 0, offset) + 1) + 1
