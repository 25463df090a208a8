"""A dollar is a sum of money or the edge of a formula, and only what stands between two of them tells which."""

from __future__ import annotations

import re

LONGEST = 20000  # characters of a formula in a line
TEX = re.compile(r"\\[A-Za-z{},;:!|]|[\^_{}]")
RELATION = re.compile(r"[=<>≤≥≈∈←→+]")
AMOUNT = re.compile(r"\s*\d[\d,.]*+\s*(?:[kKmMbB]|[a-z]{2,}|[가-힣]|[-–—]\s*$|[|,.;:!?)])")
WORDS = re.compile(
    r"(?<![\\A-Za-z])(?:[A-Za-z]{2,}\s+[A-Za-z]{2,}|[A-Za-z]{3,}[,.]\s+[A-Za-z]{3,})(?![A-Za-z(])|[가-힣]+\s+[가-힣]+"
)
STOPS = re.compile(
    r"\$|(?:\r\n|\n|\r)(?:[ \t]*>)*[ \t]*(?=\r|\n|#{1,6}\s|[-*+]\s+\S|\d{1,9}[.)]\s|```|~~~|\|)|\\[\s\S]"
)


def inline_end(text: str, start: int, end: int) -> int:
    """Where the formula that a dollar opens ends; -1 where it opens none."""
    if start >= end:
        return -1
    at = start
    end = min(end, start + LONGEST)
    while match := STOPS.search(text, at, end):
        if match[0] == "$":
            return match.start() if _is_formula(text, start, match.start()) else -1
        if match[0][0] != "\\":
            return -1
        at = match.end()
    return -1


def mathematical(text: str) -> bool:
    """Whether a paragraph is one of a formula, as opposed to prose between the formulas."""
    return not text.strip() or bool(TEX.search(text) or not WORDS.search(text))


def _is_formula(text: str, start: int, stop: int) -> bool:
    inside = text[start:stop]
    before = "" if text[max(0, start - 3) : start - 1] == r"\$" else text[max(0, start - 2) : start - 1]
    after = text[stop + 1 : stop + 2]
    strong = bool(TEX.search(inside))
    if not inside.strip() or "$" in (before, after) or (after.isdigit() and not strong):
        return False  # nothing, half of a display, or the next price
    if "\\" in inside and strong:
        return True
    leads, trails = inside[0].isspace(), inside[-1].isspace()
    sure = strong or bool(RELATION.search(inside))
    if WORDS.search(inside) or (AMOUNT.match(inside) and (trails or not sure)):
        return False
    runs_on = after.isascii() and after.isalnum() and len(inside.strip()) > 3  # into the next word
    return (sure and not trails) or (not runs_on and (sure or leads == trails))
