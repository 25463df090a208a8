"""What is wrong with a note: the mathematics first, then what its prose claims, then its notation."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from conformance.notes.claims import claims
from conformance.notes.extract import pieces
from conformance.notes.lint import TIDINESS, lint
from conformance.notes.model import Edit, Finding, Piece, patched
from conformance.notes.reading import Source
from conformance.notes.regions import regions

REPAIRED = frozenset({"wrong", "lint"})  # what is written into a file; what is incomplete is right under its condition
LONGEST = 20_000  # characters of a statement of which notation may be a part
SILENT = frozenset({"right", "no opinion"})


@dataclass(frozen=True)
class Note:
    """A note with what is known about it, in its order."""

    source: Source
    findings: tuple[Finding, ...]

    @property
    def text(self) -> str:
        return self.source.text

    @property
    def wrong(self) -> bool:
        return any(map(is_wrong, self.findings))

    @cached_property
    def mended(self) -> list[Finding]:
        """What has a certain repair; where two would change the same, the mathematics goes before the notation."""
        known: list[Finding] = []
        taken: list[tuple[int, int]] = []  # sorted, and none within another
        for finding in sorted(self.findings, key=lambda f: f.verdict == "lint"):
            spans = [(edit.start, edit.end) for edit in finding.edits]
            if spans and finding.verdict in REPAIRED and not any(_taken(span, taken) for span in spans):
                known.append(finding)
                for span in spans:
                    insort(taken, span)
        return known

    @property
    def repairs(self) -> list[Edit]:
        """The edits of what is mended, in their order."""
        return sorted((edit for finding in self.mended for edit in finding.edits), key=lambda e: (e.start, e.end))

    @property
    def repaired(self) -> str:
        return patched(self.text, self.repairs)


def is_wrong(finding: Finding) -> bool:
    """Whether a finding makes a note wrong: a caption's number does not, and neither does a missing condition."""
    return finding.verdict == "wrong" or (finding.verdict == "lint" and finding.rule not in TIDINESS)


def checked(source: Source) -> Note:
    """Everything that can be said about a note."""
    text = source.text
    parts = regions(text)
    known = pieces(text, parts)
    deep = [*_judged(text, known), *claims(text, parts)]
    spoken = sorted((f for f in deep if f.verdict not in SILENT), key=lambda f: f.start)
    starts = [finding.start for finding in spoken]
    shallow = [finding for finding in lint(text, known) if not _covered(finding, spoken, starts)]
    order = {"lint": 1}
    return Note(source, tuple(sorted(deep + shallow, key=lambda f: (f.start, order.get(f.verdict, 0), f.end))))


def _judged(text: str, known: Sequence[Piece]) -> list[Finding]:
    """The mathematics, where it is installed."""
    from importlib import import_module

    try:
        check = import_module("conformance.notes.check")
    except ModuleNotFoundError as missing:
        if missing.name != "conformance.notes.check":
            raise
        return []
    return list(check.judged(text, known))


def _covered(notation: Finding, deep: Sequence[Finding], starts: Sequence[int]) -> bool:
    """Whether the mathematics speaks of the same thing: of the same span, or by mending what the notation is about."""
    about = [(edit.start, edit.end) for edit in notation.edits] or [(notation.start, notation.end)]
    for finding in deep[bisect_left(starts, notation.start - LONGEST) : bisect_left(starts, notation.end)]:
        if finding.end <= notation.start:
            continue
        mended = [(edit.start, edit.end) for edits in (finding.edits, *finding.choices) for edit in edits]
        same = (finding.start, finding.end) == (notation.start, notation.end)
        if same or any(_meet(m, a) for m in mended for a in about):
            return True
    return False


def _taken(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    """Whether an edit meets one of the others, which are sorted and apart."""
    place = bisect_left(others, span)
    return any(_meet(span, other) for other in others[max(0, place - 1) : place + 1])


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two edits are at the same place, so that only one of them can be made."""
    return one[0] == other[0] or (one[0] < other[1] and other[0] < one[1])


def statement(text: str, finding: Finding, edits: Sequence[Edit] | None = None) -> list[tuple[str, str]]:
    """A statement in parts that are kept, dropped or added by a repair."""
    edits = sorted(finding.edits if edits is None else edits, key=lambda e: (e.start, e.end))
    at = min([finding.start, *(e.start for e in edits)])
    end = max([finding.end, *(e.end for e in edits)])
    found: list[tuple[str, str]] = []
    for edit in edits:
        found += [("kept", text[at : edit.start]), ("dropped", text[edit.start : edit.end]), ("added", edit.text)]
        at = edit.end
    return [(kind, part) for kind, part in [*found, ("kept", text[at:end])] if part]


def corrected(text: str, finding: Finding, edits: Sequence[Edit] | None = None) -> str | None:
    """A statement after its repair; nothing where there is none."""
    if not (finding.edits if edits is None else edits):
        return None
    return "".join(part for kind, part in statement(text, finding, edits) if kind != "dropped")


def as_rows(note: Note, *, every: bool = False) -> list[dict[str, Any]]:
    """The findings as data; those that are right, and those without an opinion, only if every one is asked for."""
    rows = []
    for finding in note.findings:
        if every or finding.verdict not in SILENT:
            line, column = note.source.lines.place(finding.start)
            rows.append({
                "file": note.source.name, "line": line, "column": column,
                "text": note.text[finding.start : finding.end], "verdict": finding.verdict,
                "equation": finding.equation, "dialect": finding.dialect, "reason": finding.reason,
                "counterexample": plain(finding.counterexample), "corrected": corrected(note.text, finding),
            })  # fmt: skip
    return rows


def plain(value: Any) -> Any:
    """Numbers and texts as JSON has them; what it has not becomes its text."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if hasattr(value, "items"):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else str(value)  # infinity and NaN are no JSON
    return str(value)
