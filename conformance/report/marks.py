"""What became of a cell is told by a sign, a word and a pattern; colour only repeats it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Mark:
    """A kind of cell: how it is named in a style sheet, drawn, and said."""

    key: str
    sign: str
    word: str
    text: str


# from the worst to the best; of the properties of one case the worst is shown
MARKS = (
    Mark("crash", "!", "ended the process", "the process died, or ran past its time limit"),
    Mark("error", "E", "error of the suite", "the suite itself failed"),
    Mark("D", "D", "fails", "more than 8 times what honest rounding explains, or wrong where no bound has a say"),
    Mark("C", "C", "fails", "up to 8 times what honest rounding explains"),
    Mark("B", "B", "fails", "up to twice what honest rounding explains"),
    Mark("stale", "S", "stale waiver", "accepted, but the deviation is no longer there"),
    Mark("lost", "…", "lost", "the run ended before the case did"),
    Mark("notrun", "·", "not run", "the easiest input already failed, or it was not asked for"),
    Mark("undecided", "?", "undecided", "within bounds none of which was small enough to say anything"),
    Mark("waived", "w", "waived", "a known deviation that this adapter accepts, with its reason below"),
    Mark("N", "N", "passes in norm", "by an algorithm that is accurate in norm only"),
    Mark("A", "A", "passes", "every number within its own bound"),
    Mark("passed", "✓", "passes", "as it should be, where there is no strain to show"),
    Mark("absent", "–", "not offered", "the framework says that it does not have it"),
)
BY_KEY = {mark.key: mark for mark in MARKS}
ORDER = {mark.key: i for i, mark in enumerate(MARKS)}
OUTCOMES = {
    "crashed": "crash", "time limit": "crash", "error": "error", "adapter": "error", "stale waiver": "stale",
    "lost": "lost", "not run": "notrun", "undecided": "undecided", "waived": "waived", "not offered": "absent",
}  # fmt: skip
SEARCHES = ("climb",)  # that decide nothing now and then, which says nothing against a case
BAD = frozenset({"crash", "error", "D", "C", "B", "stale"})


def mark_of(row: Row) -> Mark:
    """The mark of one property of one case."""
    outcome, letter = str(row.get("outcome", "")), str(row.get("letter", ""))
    if outcome in OUTCOMES:
        return BY_KEY[OUTCOMES[outcome]]
    if outcome == "passed":
        return BY_KEY[letter if letter in ("A", "N") else "passed"]
    return BY_KEY[letter if letter in ("B", "C", "D") else "D"]


def joined(rows: Iterable[Row]) -> Mark:
    """The mark of a case: the worst of its properties, where a search that found nothing does not count."""
    found = [mark_of(r) for r in rows if not (r.get("property") in SEARCHES and r.get("outcome") == "undecided")]
    some = [mark for mark in found if mark.key != "absent"] or found or [BY_KEY["notrun"]]
    worst = min(some, key=lambda mark: ORDER[mark.key])
    if worst.key in ("passed", "A", "N"):  # of passes the letter says more than the tick
        return next((m for key in ("N", "A") for m in some if m.key == key), worst)
    return worst
