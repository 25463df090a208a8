"""A change replaces some tokens of a row by others, and costs the more the farther it leads from what was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from conformance.notes.tokens import Token
from conformance.notes.vocabulary import LETTERS


@dataclass(frozen=True)
class Change:
    """Tokens from one place to another are replaced by others; how far that is from what was written."""

    cost: float
    parts: tuple[tuple[int, int, tuple[str, ...]], ...]
    guided: bool = False  # towards a form of the catalogue
    arrives: bool = False  # and there, whatever is written there

    def applied(self, row: Sequence[Token]) -> list[Token]:
        made = list(row)
        for first, last, new in sorted(self.parts, reverse=True):
            made[first:last] = map(written, new)
        return made


@cache
def written(text: str) -> Token:
    """A token that stands in no note."""
    return Token(text, -1, -1, source=text)


def one(cost: float, first: int, last: int, *new: str) -> Change:
    return Change(cost, ((first, last, new),))


def is_letter(token: Token) -> bool:
    text = token.text
    return (len(text) == 1 and text.isalpha() and text.isascii()) or (
        text in LETTERS and text not in (r"\infty", r"\partial")
    )


def with_scripts(texts: list[str], end: int) -> int:
    """Where the first index or power behind a name ends."""
    if texts[end : end + 1] not in (["_"], ["^"]) or end + 1 >= len(texts):
        return end
    depth, unit = 0, end + 1
    while unit < len(texts):
        depth += (texts[unit] == "{") - (texts[unit] == "}")
        unit += 1
        if depth == 0:
            break
    return unit
