"""Where a name begins and ends in a row of signs: with its accent, its label, its index."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.notes.change import is_letter
from conformance.notes.tokens import Token
from conformance.notes.tree import Node


def inside(row: Sequence[Token], first: int, name: str = "") -> int:
    """Where a name begins that stands in brackets of its own."""
    brackets = ("{",) if "*" in name else ("{", "(", "[")
    while first + 1 < len(row) and row[first].text in brackets:
        first += 1
    return first


def name_end(row: Sequence[Token], first: int, n: Node) -> int:
    """Where a name of a note ends before its indices: with all its letters, its label, its primes, its argument."""
    last = base_end(row, first)
    if "(" in str(n.value):
        end = next((k for k, t in enumerate(row) if t.start >= n.end), len(row))
        return _before_index(row, first, end) if n.parts else end
    while str(n.value).endswith("'") and row[last : last + 1] and row[last].text in ("'", r"\prime"):
        last += 1
    if n.kind != "apply" and (n.kind != "sym" or n.parts):
        return last
    if " " in str(n.value) and is_letter(row[first]) and row[first].text[0] != "\\":  # a name of several words
        return next((k for k, t in enumerate(row) if t.start >= n.end), len(row))
    letters = str(n.value).partition("_")[0]
    while last < len(row) and len("".join(t.text for t in row[first:last])) < len(letters) and letters.isalpha() and (
        row[last].text.isalpha()
    ):
        last += 1
    return whole_end(row, last) if "_" in str(n.value)[1:] and n.kind == "sym" else last


def _before_index(row: Sequence[Token], first: int, end: int) -> int:
    """Where the index begins with which a name ends; its end if it has none."""
    depth = 0
    for k in range(end - 1, first, -1):
        depth += (row[k].text == "}") - (row[k].text == "{")
        if depth == 0:
            return k - 1 if row[k - 1].text == "_" else end
    return end


def base_end(row: Sequence[Token], first: int) -> int:
    """Where a name ends before what hangs on it; one in brackets with them."""
    if row[first].text == r"\Delta" and first + 1 < len(row) and is_letter(row[first + 1]):
        return base_end(row, first + 1)  # a change is named after what changes
    k = first
    depth = 0
    opens, closes = ("{(", "})") if row[first].text == "(" else ("{", "}")
    while k < len(row):
        text = row[k].text
        depth += (text in opens) - (text in closes)
        k += 1
        if depth == 0 and not (text[:1] == "\\" and k < len(row) and row[k].text == "{" and text in _TAKING):
            break
    return k


_TAKING = frozenset(
    [r"\hat", r"\bar", r"\tilde", r"\mathcal", r"\mathbf", r"\mathrm", r"\boldsymbol", r"\mathbb", r"\vec"]
)


def whole_end(row: Sequence[Token], last: int) -> int:
    """Where the index of a name ends, be it below or, in brackets, above."""
    end = last
    for _ in range(2):  # below and above
        above = [t.text for t in row[end : end + 3]] in (["^", "{", "("], ["^", "{", r"\langle"])
        if end >= len(row) or not (row[end].text == "_" or above):
            break
        end, depth = end + 1, 0
        while end < len(row):
            depth += (row[end].text == "{") - (row[end].text == "}")
            end += 1
            if depth == 0:
                break
    return end
