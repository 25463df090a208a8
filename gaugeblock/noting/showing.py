"""A finding in a terminal: its place, what is wrong, the statement, numbers that show it, and the statement mended."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.notes.errata import Note
    from conformance.notes.model import Finding

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
LINES, LETTERS = 8, 600  # of a statement that are shown
ORDER = ("wrong", "lint", "incomplete", "dialect", "right", "no opinion")


def shown(note: Note, *, every: bool) -> Iterator[str]:
    """The blocks of one note."""
    from conformance.notes.errata import SILENT

    for finding in note.findings:
        if every or finding.verdict not in SILENT:
            yield _block(note, finding)


def _block(note: Note, finding: Finding) -> str:
    from conformance.notes.errata import corrected, plain

    line, column = note.source.lines.place(finding.start)
    about = f" ({finding.equation}{f', {finding.dialect}' if finding.dialect else ''})" if finding.equation else ""
    lines = [f"{clean(note.source.name)}:{line}:{column}: {finding.verdict}: {clean(finding.reason)}{about}"]
    lines.append(_indented(note.text[finding.start : finding.end], "    "))
    if finding.counterexample:
        lines.append(f"  counterexample: {_numbers(plain(finding.counterexample))}")
    if (mended := corrected(note.text, finding)) is not None:
        lines += ["  corrected:", _indented(mended, "    ")]
    for choice in finding.choices:
        lines += ["  corrected, perhaps:", _indented(corrected(note.text, finding, choice) or "", "    ")]
    return "\n".join(lines) + "\n\n"


def _numbers(numbers: Mapping[str, Any]) -> str:
    return ", ".join(f"{clean(name)} = {clean(str(value))}" for name, value in numbers.items())


def _indented(text: str, margin: str) -> str:
    cut = text[:LETTERS] + ("…" if len(text) > LETTERS else "")
    lines = cut.splitlines()
    lines = [*lines[:LINES], "…"] if len(lines) > LINES else lines
    return "\n".join(margin + clean(line) for line in lines)


def clean(text: str) -> str:
    """Without what a terminal would obey."""
    return CONTROL.sub("", text)


def closing(notes: Sequence[Note], mended: int) -> str:
    """How many of each kind there are."""
    found: Counter[str] = Counter(finding.verdict for note in notes for finding in note.findings)
    counts = [f"{found[verdict]} {verdict}" for verdict in ORDER if found[verdict]]
    files = f"{len(notes)} {'file' if len(notes) == 1 else 'files'}"
    certain = sum(len(note.mended) for note in notes)
    said = f"{files}: {', '.join(counts) if counts else 'nothing to say'}"
    said += f"; {mended} repairs written" if mended else ""
    return said + (f"; {certain} certain repairs, which --fix writes" if certain else "")
