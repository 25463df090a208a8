"""A repair touches only what is wrong: the spaces, the braces and the line ends around it stay as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from conformance.notes.change import Change
from conformance.notes.model import Edit
from conformance.notes.tokens import CLOSE, OPEN, Token

SIZE = re.compile(r"\\(left|right|[bB]ig)")
SIZED = re.compile(r"\\(?:left|right|middle|[bB]igg?[lrm]?)\s*$")
BRACKETS = frozenset([*OPEN, *CLOSE, "|", r"\|"]) - {"{", "}"}
BRACKETED = [(bracket,) for bracket in BRACKETS]
WORD = re.compile(r"\\[A-Za-z]+$")


def edits(row: Sequence[Token], change: Change, text: str) -> tuple[Edit, ...]:
    """The change as edits of the note's text."""
    made = [_edit(row, first, last, new, text) for first, last, new in change.parts]
    return tuple(sorted(made, key=lambda e: e.start))


def _edit(row: Sequence[Token], first: int, last: int, new: tuple[str, ...], text: str) -> Edit:
    # what stays the same at both ends of the change is not touched
    while new and first < last and row[first].text == new[0]:
        first, new = first + 1, new[1:]
    while new and first < last and row[last - 1].text == new[-1]:
        last, new = last - 1, new[:-1]
    written = _written(new, row)
    if first < last:
        start, end = _from(row[first], new, text), row[last - 1].end
        if not written:
            return _without(row, first, last, text)
        # brackets keep their sizes: \left stays before an opening one
    else:
        start = end = row[first].start if first < len(row) else row[-1].end
        if first == len(row) or (first and not row[first].gap):
            start = end = row[first - 1].end if first else start
        elif first and (written[:1] in ("_", "^") or SIZE.search(text[row[first - 1].end : row[first].start])):
            start = end = row[first - 1].end  # a bracket keeps its size
    if WORD.search(text[:start]) and written[:1].isalpha():
        written = " " + written
    if WORD.search(written) and text[end : end + 1].isalpha():
        written += " "
    return Edit(start, end, written)


def _from(token: Token, new: Sequence[str], text: str) -> int:
    """Where a sign begins: with its size, if it is a bracket that goes."""
    sized = SIZED.search(text, 0, token.start) if token.text in BRACKETS and new[:1] not in BRACKETED else None
    return sized.start() if sized else token.start


def _without(row: Sequence[Token], first: int, last: int, text: str) -> Edit:
    """What is dropped takes the space before it along, where there is one on both sides."""
    start, end = _from(row[first], (), text), row[last - 1].end
    gap = 0
    while start - gap > 0 and text[start - gap - 1] == " ":
        gap += 1
    following = text[end : end + 1]
    if (
        gap
        and (following in (" ", "", "\n", "$") or row[first].text in "+-")
        and not (first and row[first - 1].text == "=")
    ):
        start -= gap
    elif following == " " and gap == 0:
        end += 1
    if WORD.search(text[:start]) and text[end : end + 1].isalpha():
        return Edit(start, end, " ")
    return Edit(start, end, "")


def _written(new: Sequence[str], row: Sequence[Token]) -> str:
    """Tokens as text; signs between terms have spaces if the note's have."""
    spaced = any(t.gap and t.text in ("+", "-", "=") for t in row)
    spelled = {t.text: t.source for t in reversed(row) if t.source}
    out = ""
    for token in new:
        text = spelled.get(token, token)
        said = rf"\text{{{token[1:]}}}" if text[:1] == '"' else text
        if WORD.search(out) and said[:1].isalpha():
            out += " "
        if text in ("+", "-") and spaced and out and out[-1] not in "{(^_[ ":
            out += f" {said} "
        else:
            out += said
    return out.rstrip(" ")
