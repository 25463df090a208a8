"""What can become of a cell: a closed set, in which "did not run" is never "failed"."""

from __future__ import annotations

from typing import Any

OUTCOMES = (
    "passed",  # every output within its bound, and something was decided
    "failed",  # a deviation that honest rounding does not explain
    "undecided",  # within the bounds, none of which was small enough to say anything
    "waived",  # a deviation that is known and accepted
    "stale waiver",  # a waiver whose deviation is no longer there
    "raised",  # the framework raised an error for an input of the domain
    "adapter",  # the adapter gives the wrong number or shape of things, even for the easiest input
    "not offered",  # the framework says that it does not have it
    "not run",  # the smoke case failed, so that nothing else would mean anything
    "time limit",  # the case took longer than it may
    "crashed",  # the process died
    "lost",  # the run ended before the case did
    "error",  # the suite itself failed
)
FINE = ("passed", "waived", "not offered")


def fine(row: dict[str, Any]) -> bool:
    """Whether a cell leaves its equation conforming. A search that decided nothing says nothing against it."""
    return row["outcome"] in FINE or (row["outcome"], row.get("property")) == ("undecided", "climb")


def first_line(row: dict[str, Any], width: int = 110) -> str:
    """Why a cell is as it is, in one line that a terminal can show; the case itself is not said again."""
    lines = str(row.get("message", "")).strip().splitlines() or [""]
    said = "".join(c if c.isprintable() else " " for c in lines[0]).removeprefix(str(row.get("case", ""))).strip(" :")
    return said if len(said) <= width else said[: width - 1].rstrip() + "…"


def by_equation(rows: list[dict[str, Any]]) -> tuple[int, int]:
    """How many equations conform, and of how many: one that was not offered anywhere is not among them."""
    offered = {row["equation"] for row in rows if row["outcome"] != "not offered"}
    return len(offered - {row["equation"] for row in rows if not fine(row)}), len(offered)


def spoken(row: dict[str, Any]) -> str:
    """The dialect that a cell's framework speaks; nothing where it speaks the equation, or no known form."""
    found = str(row.get("dialect", {}).get("spoken", "none"))
    return "" if found in ("none", "the equation") else found
