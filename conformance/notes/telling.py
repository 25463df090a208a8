"""A code host shows a finding beside its line, and offers the repair as a click."""

from __future__ import annotations

from typing import Any

from conformance.notes.errata import SILENT, Note, as_rows, is_wrong


def sarif_rows(note: Note) -> list[dict[str, Any]]:
    """The findings as the rows of `conformance.export.sarif.log`, each with where it ends and what mends it."""
    told = [finding for finding in note.findings if finding.verdict not in SILENT]
    place = note.source.lines.place
    rows = []
    for row, finding in zip(as_rows(note), told, strict=True):
        changes = [(place(edit.start), place(edit.end), edit.text) for edit in finding.edits]
        level = "error" if finding.verdict == "wrong" else "warning" if is_wrong(finding) else "note"
        name = f"notation/{finding.rule.replace(' ', '-')}" if finding.rule else finding.verdict
        rows.append(row | {"end": place(finding.end), "replacements": changes, "rule": name, "level": level})
    return rows
