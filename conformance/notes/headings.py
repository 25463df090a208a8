"""A heading names what stands below it until the next one of its rank."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from conformance.notes.reading import Lines
from conformance.notes.regions import Region

SHARPS = re.compile(r"[ ]{0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
UNDERLINE = re.compile(r"[ ]{0,3}(=+|-{2,})[ \t]*$")
NO_TITLE = re.compile(r"[ ]{0,3}(?:[-*+>|#]|\d{1,9}[.)][ \t]|$)|\s*$|[ ]{4}")
DRESS = re.compile(r"\*\*|__|`|</?[A-Za-z][^<>]*>|!?\[([^\]\[]*)\]\([^()]*\)|\{[:#][^{}]*\}")


def headings(text: str, parts: Sequence[Region], lines: Lines) -> list[tuple[int, tuple[str, ...]]]:
    """Where each heading begins, and the titles that hold from there on, outermost first."""
    blocks = [(p.begin, p.end) for p in parts]
    begins = [begin for begin, _ in blocks]
    found: list[tuple[int, tuple[str, ...]]] = []
    above: list[tuple[int, str]] = []
    before = ""
    for number in range(len(lines)):
        start, end = lines.span(number)
        k = bisect_right(begins, start) - 1
        if k >= 0 and blocks[k][0] <= start < blocks[k][1]:
            before = ""
            continue
        line = text[start:end] if end - start < 1000 else ""
        rank, title, where = 0, "", start
        if sharps := SHARPS.match(line):
            rank, title = len(sharps[1]), sharps[2] or ""
        elif before and (under := UNDERLINE.match(line)):
            rank, title, where = (1 if under[1][0] == "=" else 2), before, lines.span(number - 1)[0]
        before = "" if rank or NO_TITLE.match(line) else line
        if rank:
            above = [*(a for a in above if a[0] < rank), (rank, " ".join(DRESS.sub(r"\1", title).split()))]
            found.append((where, tuple(name for _, name in above)))
    return found
