"""The number and the words of a caption belong to one picture, so that a text can speak of it by either."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from conformance.notes.model import Finding
from conformance.notes.reading import Lines
from conformance.notes.regions import regions

LABELS = "math|img|image|fig|figure|table|eq|equation|그림|수식|식|표|사진"
CAPTION = re.compile(
    rf"(?mi)^[ \t>]*(?:\*\*|__|\*)?\[(?P<label>{LABELS})\b\.?[ \t]*(?:(?P<main>\d+)(?:[-.](?P<sub>\d+))?)?[ \t]*[.:)]?"
    r"[ \t]*(?P<said>[^\[\]\r\n]*)\](?!\(|\[|:)"
)
PICTURE = re.compile(r"!\[[^\]\r\n]*\]\(([^()\s]*)|<img\b[^>]*\bsrc\s*=\s*[\"']?([^\"'\s>]*)", re.IGNORECASE)
FORMULAS = frozenset({"math", "eq", "equation", "수식", "식"})


@dataclass(frozen=True)
class Caption:
    """A caption with the picture that it stands under."""

    start: int
    end: int
    line: int
    label: str
    main: int | None
    sub: int
    said: str
    picture: str  # the last one since the caption before
    right_below: bool

    @property
    def number(self) -> str:
        return f"{self.label} {self.main}{f'-{self.sub}' if self.sub else ''}"


def captions(text: str) -> list[Finding]:
    """Numbers and words that two captions share, numbers that are left out, and a picture that is called a formula."""
    known = list(_captions(text))
    return [*_twice(known), *_left_out(known), *_misnamed(known)]


def _captions(text: str) -> Iterator[Caption]:
    matches = list(CAPTION.finditer(text))
    if not matches:
        return
    hidden = [(p.begin, p.end) for p in regions(text) if p.end - p.begin > 1]
    begins = [begin for begin, _ in hidden]
    pictures = [(m.start(), m.end(), m[1] or m[2] or "") for m in PICTURE.finditer(text)]
    places = [place for place, _, _ in pictures]
    lines, last = Lines(text), 0
    for match in matches:
        start = match.start("label") - 1
        k = bisect_right(begins, start) - 1
        if k >= 0 and hidden[k][0] <= start < hidden[k][1]:
            continue
        above = bisect_right(places, start) - 1
        near = above >= 0 and pictures[above][0] >= last
        between = text[pictures[above][1] : match.start()].split(")", 1)[-1] if near else ""
        main = None if match["main"] is None else int(match["main"][:9])
        below = near and not between.strip(" \t\r\n>/*")
        yield Caption(
            start, match.end(), lines.place(start)[0], match["label"].lower(), main, int((match["sub"] or "0")[:9]),
            " ".join(match["said"].split()), pictures[above][2] if near else "", below
        )  # fmt: skip
        last = match.end()


def _finding(caption: Caption, reason: str) -> Finding:
    return Finding(caption.start, caption.end, "lint", reason, rule="caption")


def _twice(known: list[Caption]) -> Iterator[Finding]:
    numbers: dict[tuple[str, int, int], Caption] = {}
    words: dict[tuple[str, str], Caption] = {}
    for caption in known:
        said = []
        first = numbers.get((caption.label, caption.main or 0, caption.sub)) if caption.main is not None else None
        if first:
            said.append(f"{caption.number} is on line {first.line} already")
        same = words.get((caption.label, caption.said))
        if same and caption.said and caption.picture and same.picture and caption.picture != same.picture:
            said.append(f"the words {caption.said!r} belong to another picture, on line {same.line}")
        if said:
            yield _finding(caption, "; ".join(said))
        if caption.main is not None:
            numbers.setdefault((caption.label, caption.main, caption.sub), caption)
        words.setdefault((caption.label, caption.said), caption)


def _left_out(known: list[Caption]) -> Iterator[Finding]:
    """Numbers between others that no caption has; of whole numbers, that no caption of any kind has."""
    mains = {c.main for c in known if c.main is not None}
    seen: set[int] = set()
    for caption in known:
        if caption.main is None or caption.main in seen or caption.sub:
            continue
        between = range(min(mains), min(caption.main, min(mains) + 1000))
        missing = [n for n in between if n not in mains and n not in seen]
        seen |= {caption.main, *missing}
        if missing:
            yield _finding(caption, f"before {caption.number} there is no {_listed(caption.label, missing)}")
    parts: dict[tuple[str, int | None], set[int]] = {}
    for caption in known:
        parts.setdefault((caption.label, caption.main), set()).add(caption.sub)
    for caption in known:
        there = parts[caption.label, caption.main]
        missing = [n for n in range(1, min(caption.sub, 100)) if n not in there]
        there |= set(missing)
        if missing:
            names = ", ".join(f"{caption.label} {caption.main}-{n}" for n in missing[:5])
            yield _finding(caption, f"before {caption.number} there is no {names}")


def _listed(label: str, numbers: list[int]) -> str:
    return ", ".join(f"{label} {n}" for n in numbers[:5])


def _misnamed(known: list[Caption]) -> Iterator[Finding]:
    if any(c.label not in FORMULAS and c.picture for c in known):
        for caption in known:
            if caption.label in FORMULAS and caption.right_below:
                yield _finding(caption, f"{caption.number} stands under a picture and calls it a formula")
