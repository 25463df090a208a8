"""`gaugeblock notes`: the wrong equations in somebody's Markdown."""

from __future__ import annotations

import argparse
import sys
from typing import Any

ABOUT = """\
Reads the equations in Markdown, and a few claims in its prose, and holds them against the catalogue.

Exit code 0: nothing is wrong.
          1: something is wrong: an equation, a claim, or a notation (unbalanced braces, invisible set braces, a list in
             a font, a glued or mistyped index, limits, a differential, a symbol that only the legend has).
          2: something cannot be read or written.
An equation that lacks a condition, one in a dialect, and a caption's number or words are shown and change no exit code.
With --fix the exit code is that of what is left."""


def add_notes(commands: Any) -> None:
    """The subcommand with its options."""
    notes = commands.add_parser("notes", help="the wrong equations in somebody's Markdown, with what mends them")
    kinds = notes.add_subparsers(dest="kind", required=True, metavar="WHAT")
    form = argparse.RawDescriptionHelpFormatter
    check = kinds.add_parser("check", help="what is wrong in files or folders", description=ABOUT, formatter_class=form)
    says = "Markdown, or a folder in which it is looked for; - is standard input"
    check.add_argument("paths", nargs="+", metavar="FILE|DIR", help=says)
    check.add_argument("--all", action="store_true", help="also what is right, and what nothing is known about")
    shown = check.add_mutually_exclusive_group()
    shown.add_argument("--diff", action="store_true", help="print the certain repairs as a unified diff alone")
    shown.add_argument("--json", action="store_true", help="print the findings as a JSON list alone")
    check.add_argument("--fix", action="store_true", help="write the certain repairs into the files; show what is left")
    check.add_argument("--sarif", metavar="OUT", help="write the findings as SARIF 2.1.0; - is the terminal")
    check.add_argument("--html", metavar="OUT", help="write a page of the errata; - is the terminal")


def notes(options: argparse.Namespace) -> int:
    """Do what was asked for; an error is a line, and what could be done is done."""
    from conformance.notes.reading import NoteError
    from gaugeblock.noting.checking import check

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return check(options)
    except BrokenPipeError:
        raise
    except NoteError as error:
        return complain(str(error))
    except OSError as error:
        return complain(f"{error.filename or 'a file'}: {error.strerror or error}")


def complain(message: str) -> int:
    """A line to whoever asked, and the exit code of what could not be done."""
    print(f"gaugeblock: {' '.join(message.split())}", file=sys.stderr)
    return 2
