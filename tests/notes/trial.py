"""One statement before a judge: whether it was flagged, and whether the repair gives back what was meant."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import islice, product
from typing import Any

from conformance.notes.model import Edit, Finding, patched
from tests.notes.equivalent import same
from tests.notes.mutator import plain
from tests.notes.statements import Statement

FLAGS = ("wrong", "incomplete", "lint")
ORDER = ("wrong", "incomplete", "lint", "no opinion", "dialect", "right")
MOST = 64  # ways to combine choices


@dataclass(frozen=True)
class Said:
    """What a judge made of one statement."""

    verdict: str  # the gravest
    flagged: bool
    repaired: bool  # to the original, or to what is equivalent
    other: bool  # to what the judge calls right, but is not the original
    repairs: tuple[str, ...]
    equation: str
    dialect: str
    reason: str
    seconds: float


@cache
def named(path: str) -> Callable[..., Any]:
    """What module:name means."""
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


def findings(text: str, judge: str, pieces: str) -> list[Finding]:
    """What the judge finds in a note."""
    return list(named(judge)(text, named(pieces)(text)))


def gravest(found: Sequence[Finding]) -> str:
    """The one verdict on a display: right only where nothing worse is said, and something is."""
    verdicts = {f.verdict for f in found}
    if verdicts & {"right", "dialect"} and verdicts <= {"right", "dialect", "no opinion"}:
        return "dialect" if "dialect" in verdicts else "right"
    return next((v for v in ORDER if v in verdicts), "no opinion")


def ways(found: Sequence[Finding]) -> list[tuple[Edit, ...]]:
    """Every way to take the repairs of all findings together."""
    each = [f.choices or ((f.edits,) if f.edits else ()) for f in found if f.verdict in FLAGS]
    combined = product(*(choices for choices in each if choices))
    return [tuple(dict.fromkeys(e for edits in way for e in edits)) for way in islice(combined, MOST) if way]


def said(statement: Statement, latex: str, *, judge: str, pieces: str) -> Said:
    """The judge's word on a statement with this LaTeX in its place."""
    note, start = statement.note(latex), statement.start
    tail = len(note) - start - len(latex)
    begun = time.perf_counter()
    try:
        every = findings(note, judge, pieces)
    except Exception as error:  # noqa: BLE001 -- a crash is a result
        verdict = f"stopped: {type(error).__name__}"
        return Said(verdict, False, False, False, (), "", "", str(error)[:200], time.perf_counter() - begun)
    seconds = time.perf_counter() - begun
    found = [f for f in every if f.start < start + len(latex) and f.end > start]
    repairs, repaired, other = [], False, False
    for edits in ways(found):
        text = patched(note, edits)
        repair = text[start : len(text) - tail]
        repairs.append(repair)
        if plain(repair) == plain(statement.latex):
            repaired = True
        elif not repaired:
            again = gravest([f for f in findings(text, judge, pieces) if f.end > start]) in ("right", "dialect")
            repaired = again and same(statement.latex, repair, statement.equation)
            other = other or again
    worst = next((f for v in ORDER for f in found if f.verdict == v), None)
    verdict = gravest(found)
    flagged = any(f.verdict in FLAGS for f in found)
    about = (worst.equation, worst.dialect, worst.reason) if worst else ("", "", "")
    return Said(verdict, flagged, repaired, other and not repaired, tuple(repairs), *about, seconds)
