"""Mathematics in Markdown stands between marks, in code, or bare in a sentence; each has a place of its own."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from conformance.notes.headings import headings
from conformance.notes.model import Kind, Piece
from conformance.notes.plain import equations, is_equation
from conformance.notes.reading import Lines
from conformance.notes.regions import Region, masked, regions

AROUND = 400  # characters that are looked at on either side
QUOTED = re.compile(r"(?m)(^[ \t]*)((?:>[ \t]?)+)")
BEGINS = re.compile(r"(?:[ \t]*>)*[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?:<[^<>]*>[ \t]*)*$")
ENDS = re.compile(r"[ \t]*(?:<[^<>]*>[ \t]*)*$")


def pieces(text: str, parts: Sequence[Region] | None = None) -> list[Piece]:
    """Everything in a note that may be an equation, in its order.

    In a quotation the marks of the quotation are no part of the mathematics: they are blanks in the piece's text, which
    keeps every offset what it is.
    """
    parts = regions(text) if parts is None else parts
    lines = Lines(text)
    sections = headings(text, parts, lines)
    starts = [offset for offset, _ in sections]

    def piece(part: Region, kind: Kind) -> Piece | None:
        inside = _unquoted(text, part, lines)
        shown = inside.strip()
        start = part.start + len(inside) - len(inside.lstrip())
        above = bisect_right(starts, part.begin)
        names = sections[above - 1][1] if above else ()
        return Piece(shown, start, kind, names, _before(text, part.begin), _after(text, part.end)) if shown else None

    found = [piece(part, kind) for part, kind in _marked(text, parts, lines)]
    bare = masked(text, list(parts), by="\0")
    found += [piece(Region("math", a, a, b, b), "plain") for a, b in equations(bare, lines)]
    return sorted(filter(None, found), key=lambda p: p.start)


def _marked(text: str, parts: Sequence[Region], lines: Lines) -> Iterator[tuple[Region, Kind]]:
    for part in parts:
        if part.what == "math":
            yield part, "inline" if _inline(text, part, lines) else "display"
        elif part.what == "code" and is_equation(text[part.start : part.stop]):
            yield part, "code"


def _inline(text: str, part: Region, lines: Lines) -> bool:
    """Two dollars in the middle of a sentence are kramdown's way to write what others write with one."""
    if part.opener in ("$", r"\$$", r"\(", r"\\("):
        return True
    if part.opener != "$$" or "\n" in text[part.begin : part.end] or "\r" in text[part.begin : part.end]:
        return False
    first, last = lines.span(lines.number(part.begin))
    return not (BEGINS.match(text[first : part.begin]) and ENDS.match(text[part.end : last]))


def _unquoted(text: str, part: Region, lines: Lines) -> str:
    """The text of a piece with the marks of the quotation that it stands in painted over."""
    inside = text[part.start : part.stop]
    first, _ = lines.span(lines.number(part.begin))
    depth = QUOTED.match(text[first : part.begin])
    if depth is None or "\n" not in inside.replace("\r", "\n"):
        return inside
    most = depth[2].count(">")

    def blank(mark: re.Match[str]) -> str:
        seen = 0
        shown = []
        for letter in mark[0]:
            seen += letter == ">"
            shown.append(" " if letter == ">" and seen <= most else letter)
        return "".join(shown)

    head, *rest = re.split(r"(\r\n|\n|\r)", inside)
    return head + "".join(QUOTED.sub(blank, part, count=1) for part in rest)


def _before(text: str, begin: int) -> str:
    shown = [line.strip() for line in re.split(r"[\r\n]+", text[max(0, begin - AROUND) : begin]) if line.strip(" \t>")]
    return "\n".join(shown[-2:])


def _after(text: str, end: int) -> str:
    shown = [line.strip() for line in re.split(r"[\r\n]+", text[end : end + AROUND]) if line.strip(" \t>")]
    return "\n".join(shown[:2])
