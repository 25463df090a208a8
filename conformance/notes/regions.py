"""A character of Markdown belongs to whatever began first: a code span, a tag, a comment, a formula, or the prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from conformance.notes.dollars import inline_end, mathematical

What = Literal["skip", "math", "code"]
ENVIRONMENTS = "equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math|aligned|gathered|split|cases"
SILENT = "script|style|pre|code|textarea|svg|kbd|samp|template|iframe|title|math"
OPENS = re.compile(
    rf"""(?P<escape>\\[$`<>*_{{}}#|~!"'%&+./:;=?@^-])
    | (?P<round>\\\\?\() | (?P<square>(?<!\\)\\\\?\[)
    | (?P<environment>\\{{1,2}}begin\{{(?P<name>(?:{ENVIRONMENTS})\*?)\}})
    | (?P<dollars>\$+) | (?P<ticks>`+)
    | (?P<comment><!--) | (?P<silent><(?P<tag>{SILENT})\b(?=[\s/>]))
    | (?P<markup></?[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Za-z_:][\w:.-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*\s*/?>)
    | (?P<address><[A-Za-z][A-Za-z0-9+.-]{{1,31}}:[^<>\s]*>)
    | (?P<link>\]\() | (?P<definition>^[ ]{{0,3}}\[(?!\^)[^\]\n\r]{{1,200}}\]:[ \t]*\S+)
    | (?P<url>\b(?:https?|ftp|file)://[^\s<>()"'`]*(?:\([^\s<>()"'`]*\)[^\s<>()"'`]*)*)
    | (?P<liquid>\{{%)""",
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
FENCE = re.compile(r"^((?:[ \t]*+>)*+[ \t]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)?+)(`{3,}|~{3,})([^\r\n]*)$", re.MULTILINE)
SQUARE = re.compile(r"\\\[(?!\d|-)(?<!\\\\\[)|^\\\\\[(?!\d)", re.MULTILINE)  # another, not the gap of a line end
FORMULA, OPTIONS = re.compile(r"\s*(?:math|\{math\})\s*"), re.compile(r"(?:\s*^:[\w-]+:.*$)*\n?", re.MULTILINE)
FRONT = re.compile(r"(?:---|\+\+\+)[ \t]*(?:\r\n|\n|\r)")
TARGET = re.compile(r"""\]\([ \t]*(?:<[^<>\n\r]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)""")
BLANK = re.compile(r"(?:\r\n|\n|\r)(?:[ \t]*>)*[ \t]*(?:\r\n|\n|\r)")


@dataclass(frozen=True)
class Region:
    """A part of a note that is not prose: from begin to end, with what is said in it from start to stop."""

    what: What
    begin: int
    start: int
    stop: int
    end: int
    opener: str = ""


def regions(text: str) -> list[Region]:
    """The parts of a note in their order; they do not overlap."""
    found: list[Region] = []
    at = 0
    for block in _blocks(text):
        found += [*_Scan(text, at, block.begin).regions(), block]
        at = block.end
    return found + list(_Scan(text, at, len(text)).regions())


def masked(text: str, parts: list[Region], what: tuple[What, ...] = ("skip", "math", "code"), by: str = " ") -> str:
    """The text with some of its parts painted over; every other character stays where it is."""
    out, at = [], 0
    for part in parts:
        if part.what in what:
            out += [text[at : part.begin], re.sub(r"[^\r\n]", by, text[part.begin : part.end])]
            at = part.end
    return "".join([*out, text[at:]])


def _blocks(text: str) -> Iterator[Region]:
    """Front matter and what is fenced, which nothing in the text before can open or close; fenced math is no code."""
    at = 0
    opened: re.Match[str] | None = None
    plain = text.replace("\r", "\n")
    if front := FRONT.match(text):
        closes = re.compile(rf"^(?:{re.escape(text[:3])}|\.\.\.)[ \t]*$", re.MULTILINE)
        if close := closes.search(plain, front.end()):
            at = close.end()
            yield Region("skip", 0, 0, at, at)
    for match in FENCE.finditer(plain, at):
        marks, info = match[2], match[3]
        if opened is None:
            opened = None if marks[0] == "`" and "`" in info else match
        elif marks[0] == opened[2][0] and len(marks) >= len(opened[2]) and not info.strip():
            yield _fenced(plain, opened, match.start(), match.end())
            opened = None
    if opened is not None:
        yield _fenced(plain, opened, len(text), len(text))


def _fenced(text: str, opened: re.Match[str], stop: int, end: int) -> Region:
    if not FORMULA.fullmatch(opened[3]):
        return Region("skip", opened.start(), opened.start(), end, end)
    options = OPTIONS.match(text, opened.end())
    return Region("math", opened.start(), min(options.end() if options else opened.end(), stop), stop, end, opened[2])


class _Scan:
    """One walk from the left; whatever opens first is closed before anything else can open."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.at, self.end = text, start, end
        self.known: dict[str, tuple[int, int]] = {}  # from where something was sought, and where it is

    def regions(self) -> Iterator[Region]:
        while self.at < self.end and (match := OPENS.search(self.text, self.at, self.end)):
            kind = match.lastgroup if match.lastgroup not in ("name", "tag") else None
            kind = kind or ("environment" if match["environment"] else "silent")
            made: Region | None = getattr(self, f"_{kind}")(match)
            self.at = made.end if made else max(match.end(), self.at + 1)
            if made:
                yield made

    def find(self, what: str, start: int) -> int:
        """Where something stands next, -1 if nowhere; from wherever it is asked, a part is searched once."""
        since, place = self.known.get(what, (self.end + 1, 0))
        if not (since <= start and (place < 0 or start <= place)):
            place = self.text.find(what, start, self.end)
            self.known[what] = start, place
        return place

    def _skip(self, begin: int, end: int) -> Region:
        return Region("skip", begin, begin, end, end)

    def _escape(self, match: re.Match[str]) -> Region | None:
        r"""Nothing is opened; but with \$$ kramdown begins a formula in a line that would be a block of its own."""
        start = match.end() + 1
        if match[0] != r"\$" or self.text[match.end() : start] != "$":
            return None
        stop = self.find("$$", start)
        inside = self.text[start:stop] if stop >= 0 else "$"
        if "$" in inside or "\n" in inside or not inside.strip() or not mathematical(inside):
            return None
        return Region("math", match.start(), start, stop, stop + 2, r"\$$")

    def _delimited(self, match: re.Match[str], close: str) -> Region | None:
        """A formula between marks, in one paragraph; blank lines in it are those of a formula only if it has nothing
        else between them."""
        stop = self.find(close, match.end())
        if stop < 0 or not _of_a_formula(self.text[match.end() : stop]):
            return None
        return Region("math", match.start(), match.end(), stop, stop + len(close), match[0])

    def _round(self, match: re.Match[str]) -> Region | None:
        close = match[0][:-1] + ")"
        again, stop = self.find(match[0], match.end()), self.find(close, match.end())
        if stop < 0 or 0 <= again < stop or BLANK.search(self.text, match.end(), stop):
            return None
        return self._delimited(match, close)

    def _square(self, match: re.Match[str]) -> Region | None:
        close = match[0][:-1] + "]"
        stop = self.find(close, match.end())
        if stop < 0 or SQUARE.search(self.text, match.end(), stop):
            return None
        return self._delimited(match, close)

    def _environment(self, match: re.Match[str]) -> Region | None:
        slashes = match[0].partition("begin")[0]  # two where Markdown eats one
        close = f"{slashes}end{{{match['name']}}}"
        again, stop = self.find(match[0], match.end()), self.find(close, match.end())
        return None if stop < 0 or 0 <= again < stop else self._delimited(match, close)

    def _dollars(self, match: re.Match[str]) -> Region | None:
        if len(match[0]) == 2:
            return self._displayed(match)
        if len(match[0]) > 2:
            return None
        end = inline_end(self.text, match.end(), self.end)
        if end < 0:
            return None
        start, stop = match.end(), end
        if stop - start > 2 and self.text[start] == "`" == self.text[stop - 1]:
            start, stop = start + 1, stop - 1
        return Region("math", match.start(), start, stop, end + 1, "$")

    def _displayed(self, match: re.Match[str]) -> Region | None:
        stop = match.end()
        while (stop := self.find("$$", stop)) >= 0 and self.text[stop - 1] == "\\" and self.text[stop - 2] != "\\":
            stop += 1
        inside = self.text[match.end() : stop] if stop >= 0 else ""
        if not inside.strip() or not _of_a_formula(inside):
            return None
        return Region("math", match.start(), match.end(), stop, stop + 2, "$$")

    def _ticks(self, match: re.Match[str]) -> Region | None:
        marks = match[0]
        stop = match.end()
        while (stop := self.find(marks, stop)) >= 0:
            after = stop
            while after < self.end and self.text[after] == "`":
                after += 1
            if after - stop == len(marks):
                if BLANK.search(self.text, match.end(), stop):
                    return None
                return Region("code", match.start(), match.end(), stop, after, marks)
            stop = after
        return None

    def _comment(self, match: re.Match[str]) -> Region:
        close = self.find("-->", match.end())
        return self._skip(match.start(), self.end if close < 0 else close + 3)

    def _silent(self, match: re.Match[str]) -> Region | None:
        tag = match["tag"]
        close = self.find(f"</{tag}", match.end())
        close = close if close >= 0 else self.find(f"</{tag.lower()}", match.end())
        if close < 0:
            return None
        after = self.find(">", close)
        return self._skip(match.start(), self.end if after < 0 else after + 1)

    def _markup(self, match: re.Match[str]) -> Region:
        return self._skip(match.start(), match.end())

    _address = _definition = _url = _markup

    def _link(self, match: re.Match[str]) -> Region | None:
        target = TARGET.match(self.text, match.start(), self.end)
        return self._skip(match.start() + 1, target.end()) if target else None

    def _liquid(self, match: re.Match[str]) -> Region | None:
        close = self.find("%}", match.end())
        return self._skip(match.start(), close + 2) if close >= 0 else None


def _of_a_formula(inside: str) -> bool:
    """Whether what stands between two marks is one formula; a mark that was forgotten would enclose paragraphs."""
    return all(mathematical(paragraph) for paragraph in BLANK.split(inside))
