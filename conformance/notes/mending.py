"""A repair changes the characters that are wrong, and no other byte of the file."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path

from conformance.notes.errata import Note
from conformance.notes.model import Edit, patched
from conformance.notes.reading import NoteError


def write_repairs(path: Path, note: Note) -> int:
    """The certain repairs go into the file in one move; how many there are is the result."""
    if not note.mended:
        return 0
    place = path.resolve()  # through a link to what it points at
    try:
        _replace(path, place, note.source.raw, note.source.encoded(note.repaired))
    except OSError as error:
        raise NoteError(f"{path} cannot be written: {error.strerror or error}") from None
    return len(note.mended)


def _replace(path: Path, place: Path, before: bytes, after: bytes) -> None:
    known = place.stat()
    if not os.access(place, os.W_OK):
        raise NoteError(f"{path} may not be written; nothing was changed")
    handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name[:100]}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(stat.S_IMODE(known.st_mode))
        _unchanged(path, place, before)
        Path(temporary).replace(place)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _unchanged(path: Path, place: Path, before: bytes) -> None:
    if place.read_bytes() != before:
        raise NoteError(f"{path} was changed by somebody else meanwhile; nothing was written, check it again")


def difference(name: str, note: Note) -> str:
    """The repairs as a unified diff of the changed lines alone."""
    hunks = "".join(_hunks(note.text, note.repairs, "\ufeff" if len(note.source.encoded("")) else ""))
    return f"--- {_named('a', name)}\n+++ {_named('b', name)}\n{hunks}" if hunks else ""


def _hunks(text: str, edits: Sequence[Edit], mark: str) -> list[str]:
    found: list[str] = []
    line, scanned, shift = 1, 0, 0
    for start, end, inside in _groups(text, edits):
        line += text.count("\n", scanned, start)
        scanned = start
        head = mark if start == 0 else ""
        old = _lines(head + text[start:end])
        new = _lines(head + patched(text[start:end], [Edit(e.start - start, e.end - start, e.text) for e in inside]))
        found.append(f"@@ -{_range(line, len(old))} +{_range(line + shift, len(new))} @@\n")
        found += [_shown("-", part) for part in old] + [_shown("+", part) for part in new]
        shift += len(new) - len(old)
    return found


def _groups(text: str, edits: Sequence[Edit]) -> list[tuple[int, int, list[Edit]]]:
    """The whole lines that edits change, those of neighbouring lines together."""
    found: list[tuple[int, int, list[Edit]]] = []
    for edit in edits:
        start = text.rfind("\n", 0, edit.start) + 1
        end = text.find("\n", edit.end)
        end = len(text) if end < 0 else end + 1
        if found and start <= found[-1][1]:
            first, last, inside = found[-1]
            found[-1] = (first, max(last, end), [*inside, edit])
        else:
            found.append((start, end, [edit]))
    return found


def _lines(text: str) -> list[str]:
    """Lines as a patch counts them: only a line feed ends one."""
    *whole, last = text.split("\n")
    return [*whole, last + "\0"] if last else whole


def _shown(sign: str, line: str) -> str:
    return f"{sign}{line[:-1]}\n\\ No newline at end of file\n" if line.endswith("\0") else f"{sign}{line}\n"


def _range(line: int, count: int) -> str:
    return f"{line if count else line - 1}" if count == 1 else f"{line if count else line - 1},{count}"


def _named(side: str, name: str) -> str:
    """The name of a file as patches have it."""
    shown = f"{side}/{Path(name).as_posix().lstrip('/')}"
    if any(letter in shown for letter in '"\\\n\t\r'):
        return '"' + shown.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
    return shown + ("\t" if " " in shown else "")
