"""`gaugeblock notes check`: each note is read, checked, mended if that was asked for, and told about."""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import gaugeblock
from gaugeblock.noting.showing import clean, closing, shown

if TYPE_CHECKING:
    from conformance.notes.errata import Note

LITTER = 100_000  # objects that are made between two searches for circles of them
LONG = 20  # files, of which a log wants to hear one by one
BAD = 2


def check(options: argparse.Namespace) -> int:
    """What was asked for, of every note; the exit code says whether something is wrong."""
    from conformance.notes.folder import INPUT, notes_in
    from conformance.notes.reading import NoteError

    paths, errors = notes_in(options.paths)
    alone = [options.diff, options.json, options.sarif == "-", options.html == "-"]
    if sum(alone) > 1:
        raise NoteError("two things would both be printed; give --sarif and --html a file, or ask for one of them")
    if options.fix and INPUT in paths:
        raise NoteError("standard input cannot be mended in place; --diff prints its repairs")
    found: list[Note] = []
    mended = 0
    with _seldom_tidied():
        for path in _progressing(paths):
            note, repairs, error = _one(path, fix=options.fix, diff=options.diff)
            mended += repairs
            errors += [error] if error else []
            if note is not None:
                found.append(note)
                if not any(alone):
                    print("".join(shown(note, every=options.all)), end="")
    _written(options, found)
    for error in errors:
        print(f"gaugeblock: {' '.join(error.split())}", file=sys.stderr)
    if found and not any(alone):
        print(closing(found, mended))
    return BAD if errors else int(any(note.wrong for note in found))


@contextmanager
def _seldom_tidied() -> Iterator[None]:
    """Trees come and go by the thousand, and few hold circles: looking for those often takes a tenth of a run."""
    was = gc.get_threshold()
    gc.set_threshold(LITTER, *was[1:])
    try:
        yield
    finally:
        gc.set_threshold(*was)


def _one(path: str, *, fix: bool, diff: bool) -> tuple[Note | None, int, str]:
    """One note, how many repairs were written, and what went wrong."""
    from conformance.notes.errata import checked
    from conformance.notes.folder import read
    from conformance.notes.mending import difference, write_repairs
    from conformance.notes.reading import NoteError

    note, repairs = None, 0
    try:
        note = checked(read(path))
        if diff:
            _put(difference(_beside(note.source.name), note))
        if fix:
            repairs = write_repairs(Path(path), note)
            note = checked(read(path)) if repairs else note
    except NoteError as error:
        return note, repairs, str(error)
    return note, repairs, ""


def _written(options: argparse.Namespace, found: Sequence[Note]) -> None:
    """What goes into files, or is the one thing that is printed."""
    from conformance.notes.errata import as_rows

    if options.json:
        _put(_json([row for note in found for row in as_rows(note, every=options.all)]))
    if options.sarif:
        from conformance.export.sarif import log
        from conformance.notes.telling import sarif_rows

        _put(_json(log([row for note in found for row in sarif_rows(note)], gaugeblock.__version__)), options.sarif)
    if options.html:
        from conformance.report import render_errata

        _put(render_errata(found), options.html)


def _progressing(paths: Sequence[str]) -> Iterator[str]:
    """Each path in turn, named to a terminal or, where there are many, to a log."""
    terminal = sys.stderr.isatty() and len(paths) > 1
    for number, path in enumerate(paths, 1):
        if terminal:
            print(f"\r\x1b[K{number}/{len(paths)} {clean(path)[-60:]}", end="", file=sys.stderr, flush=True)
        elif len(paths) >= LONG:
            print(f"{number}/{len(paths)} {clean(path)}", file=sys.stderr)
        yield path
        if terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _beside(name: str) -> str:
    """A path as a patch that is applied here wants it."""
    path, here = Path(name), Path.cwd()
    return str(path.relative_to(here)) if path.is_absolute() and path.is_relative_to(here) else name


def _json(data: object) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _put(text: str, place: str = "-") -> None:
    """Text as UTF-8 with the line ends that it has, in a file or printed."""
    from conformance.certificate.files import replace_text

    if place != "-":
        replace_text(Path(place), text)
        return
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    buffer.write(text.encode("utf-8", "backslashreplace"))
    buffer.flush()
