"""Notes lie in folders among much else: hidden folders and installed packages hold nobody's notes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from conformance.notes.reading import NoteError, Source, decoded

SUFFIXES = frozenset({".md", ".markdown"})
SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__"})
INPUT = "-"  # what is read is then what is typed or piped in


def notes_in(paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """The files to read, each once, in the order in which they were named; and sentences about what cannot be read."""
    found: dict[str, str] = {}
    errors = []
    for path in paths:
        try:
            for file in _files(path):
                found.setdefault(file if file == INPUT else os.path.realpath(file), file)
        except NoteError as error:
            errors.append(str(error))
    return list(found.values()), errors


def _files(path: str) -> Iterator[str]:
    if path == INPUT:
        yield path
    elif Path(path).is_dir():
        files = list(_walked(path))
        if not files:
            raise NoteError(f"{path} holds no Markdown (*.md, *.markdown)")
        yield from files
    elif Path(path).exists():
        yield path
    else:
        raise NoteError(f"{path}: there is no such file or folder")


def _walked(folder: str) -> Iterator[str]:
    def refuse(error: OSError) -> None:
        raise NoteError(f"{error.filename or folder} cannot be read: {error.strerror or error}")

    for here, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in SKIPPED)
        for name in sorted(files):
            file = Path(here) / name
            if file.suffix.lower() in SUFFIXES and not name.startswith(".") and file.is_file():
                yield str(file)


def read(path: str) -> Source:
    """The source of a note; standard input is a note too."""
    try:
        raw = sys.stdin.buffer.read() if path == INPUT else Path(path).read_bytes()
    except OSError as error:
        raise NoteError(f"{path} cannot be read: {error.strerror or error}") from None
    return decoded("<stdin>" if path == INPUT else path, raw)
