r"""A displayed equation states what its neighbours and its section say that it states.

`corpus/right` holds notes in which each display follows a comment that names its catalogue equation, and, after a
colon, the form of it: a dialect's name, or "derivative". `corpus/foreign` holds right displays of other subjects.
`corpus/others` and `corpus/strangers` hold the same two, by authors who did not know the checker. They came in four
rounds; what a round showed was counted, and mended before the next. `corpus/slips` holds right displays of the last
one, each with one or two slips that its author put in by hand.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CORPUS = Path(__file__).resolve().parent / "corpus"
DISPLAY = re.compile(r"\$\$(?P<dollars>.*?)\$\$|\\\[(?P<brackets>.*?)\\\]", re.DOTALL)
TAG = re.compile(r"<!--\s*(?P<name>\w+)(?::\s*(?P<form>[^>]*?))?\s*-->\n")
HEADING = re.compile(r"^(#+)\s+(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Statement:
    """A display with what surrounds it."""

    name: str  # the file and the number in it
    latex: str  # between the delimiters, as it stands
    delimiters: tuple[str, str]
    headings: tuple[str, ...]  # outermost first, with their hashes
    before: str
    after: str
    equation: str = ""  # of the catalogue; empty for a foreign one
    form: str = ""

    def note(self, latex: str | None = None) -> str:
        """A little note that holds only this statement, or another in its place."""
        opening, closing = self.delimiters
        display = opening + (self.latex if latex is None else latex) + closing
        parts = [*self.headings, self.before, display + ("\n" + self.after if self.after else "")]
        return "\n\n".join(part for part in parts if part) + "\n"

    @property
    def start(self) -> int:
        """Where the LaTeX begins in the little note."""
        return self.note().index(self.delimiters[0] + self.latex) + len(self.delimiters[0])


def statements(text: str, source: str) -> list[Statement]:
    """Every display of a note."""
    found = []
    path: list[str] = []
    end = 0
    for number, match in enumerate(DISPLAY.finditer(text), 1):
        between, end = text[end : match.start()], match.end()
        for heading in HEADING.finditer(between):
            depth = len(heading[1])
            path = [h for h in path if h.index(" ") < depth] + [heading[0].strip()]
        tag = TAG.search(between)
        words = TAG.sub("", HEADING.sub("\0", between)).rpartition("\0")[2]
        before = words.strip().rpartition("\n\n")[2] if number == 1 or "\0" in HEADING.sub("\0", between) else ""
        after = re.match(r"\n(?!\$\$|\\\[|<|#)([^\n]+)\n", text[match.end() :])
        dollars = match["dollars"] is not None
        found.append(
            Statement(
                f"{source}-{number}",
                match["dollars"] if dollars else match["brackets"],
                ("$$", "$$") if dollars else (r"\[", r"\]"),
                tuple(path),
                before,
                after[1].strip() if after else "",
                tag["name"] if tag else "",
                (tag["form"] or "") if tag else "",
            )
        )
    return found


@cache
def corpus(kind: str) -> tuple[Statement, ...]:
    """Every statement of "right" or of "foreign", in the order of the files' names."""
    files = sorted((CORPUS / kind).glob("*.md"))
    return tuple(s for path in files for s in statements(path.read_text(encoding="utf-8"), path.stem))


@cache
def by_hand() -> tuple[tuple[Statement, str, int], ...]:
    """Right displays, each with what a person made of it, and in how many slips."""
    files = sorted((CORPUS / "slips").glob("*.jsonl"))
    found = [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    return tuple(
        (
            Statement(d["id"], d["right"], ("$$", "$$"), (d["heading"],), d["before"], "", d["equation"]),
            d["wrong"],
            d["slips"],
        )
        for d in found
    )
