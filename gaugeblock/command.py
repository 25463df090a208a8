"""The command: the catalogue and the certificates in a terminal."""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from collections.abc import Sequence

import gaugeblock
from gaugeblock.noting import add_notes, notes
from gaugeblock.reporting import add_report, report

WIDTH = 120


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the result is its exit code."""
    parser = argparse.ArgumentParser(
        prog="gaugeblock", description="The reference standard for deep learning, in a terminal."
    )
    parser.add_argument("--version", action="version", version=f"gaugeblock {gaugeblock.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    listing = commands.add_parser("list", help="every equation: its name, its dialects, what it says about the world")
    listing.add_argument("chapter", nargs="?", help="only this chapter, such as optimizers")
    listing.add_argument("--names", action="store_true", help="only the names, one a line")
    explaining = commands.add_parser("explain", help="one equation: formula, code, dialects, sources, laws, proofs")
    explaining.add_argument("name", help="its name, such as adam")
    add_report(commands)
    add_notes(commands)
    options = parser.parse_args(arguments)
    try:
        if options.command == "list":
            return _list(options.chapter, names_only=options.names)
        if options.command == "notes":
            return notes(options)
        return report(options) if options.command == "report" else _explain(options.name)
    except BrokenPipeError:  # somebody looked at the first lines only
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _list(chapter: str | None, *, names_only: bool) -> int:
    from reference.catalogue import CATALOGUE, chapters

    if chapter is not None and chapter not in chapters():
        return _complain(f"no chapter is called {chapter!r}; the chapters are {', '.join(chapters())}")
    entries = [e for e in CATALOGUE.values() if chapter in (None, e.chapter)]
    if names_only:
        print("\n".join(e.name for e in entries))
        return 0
    widest = max(len(e.name) for e in entries)
    current = ""
    for entry in entries:
        if entry.chapter != current:
            print(("\n" if current else "") + entry.chapter)
            current = entry.chapter
        fact = (entry.function.__doc__ or "").strip().splitlines()[0]
        print(_beside(f"  {entry.name:<{widest}}  ", fact))
        if entry.dialects:
            print(_beside(" " * (widest + 4), "dialects: " + ", ".join(entry.dialects)))
    dialects, claims = sum(len(e.dialects) for e in entries), sum(len(e.claims) for e in entries)
    print(f"\n{len(entries)} equations, {dialects} dialects, {claims} laws and closed forms")
    return 0


def _beside(margin: str, text: str) -> str:
    """Text to the right of a name, on as many lines as it needs."""
    return textwrap.fill(text, WIDTH, initial_indent=margin, subsequent_indent=" " * len(margin))


def _explain(name: str) -> int:
    from gaugeblock.explaining import explain
    from reference.catalogue import CATALOGUE, UnknownEquation

    try:
        entry = CATALOGUE[name]
    except UnknownEquation as unknown:
        return _complain(str(unknown))
    for line in explain(entry):
        print(line)
    return 0


def _complain(message: str) -> int:
    print(f"gaugeblock: {message}", file=sys.stderr)
    return 2
