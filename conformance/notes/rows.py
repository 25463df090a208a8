"""A display holds several statements: in rows, beside each other, and with a legend after them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from conformance.notes.tokens import BREAK, CLOSE, OPEN, WIDE, Token, partners
from conformance.notes.vocabulary import EQUALS, RELATIONS

SHELLS = frozenset(
    ["align", "aligned", "split", "gather", "gathered", "equation", "eqnarray", "multline", "alignat", "alignedat"]
)
ENDINGS = frozenset([",", ".", ";", WIDE, ":", "&", r"\dots"])


@dataclass(frozen=True)
class Row:
    """The tokens of one statement, or of one line of a legend."""

    tokens: tuple[Token, ...]
    legend: bool = False  # a sign, a colon, and what it means
    condition: bool = False  # where the statement before it holds


def rows(found: Sequence[Token]) -> list[Row]:
    """The statements of a piece, in order."""
    made: list[Row] = []
    for line in _continued(_lines(_without_shells(found))):
        for segment in _segments(line):
            row = _trimmed(segment)
            if row:
                made.append(_kind(row, first=all(_draws(other.tokens) for other in made)))
    return made


def _continued(lines: Iterable[list[Token]]) -> list[list[Token]]:
    """Lines, of which one that begins with a sign of a sum, and says nothing else, belongs to the one before."""
    made: list[list[Token]] = []
    for line in lines:
        stated = made and any(t.text in EQUALS for t in _outer(made[-1]))
        if stated and line and line[0].text in ("+", "-") and not any(t.text in RELATIONS for t in _outer(line)):
            made[-1] = [*made[-1], *line]
        else:
            made.append(line)
    return made


def _without_shells(found: Sequence[Token]) -> list[Token]:
    """Environments that only align are dropped, with the columns that they declare."""
    kept: list[Token] = []
    i = 0
    while i < len(found):
        if found[i].text in (r"\begin", r"\end") and i + 1 < len(found) and found[i + 1].text == "{":
            close = i + 2
            while close < len(found) and found[close].text != "}":
                close += 1
            name = "".join(t.text.lstrip('"') for t in found[i + 2 : close]).rstrip("*")
            if name in SHELLS or (name == "array" and not kept):
                i = close + 1
                if name in ("array", "alignat", "alignedat") and i < len(found) and found[i].text == "{":
                    while i < len(found) and found[i].text != "}":
                        i += 1
                    i += 1
                continue
        kept.append(found[i])
        i += 1
    return kept


def _lines(found: Sequence[Token]) -> Iterator[list[Token]]:
    line: list[Token] = []
    depth = tables = 0
    for token in found:
        tables += (token.text == r"\begin") - (token.text == r"\end")
        depth += (token.text == "{") - (token.text == "}")
        if token.text == BREAK and tables == 0 and depth <= 0:
            yield line
            line, depth = [], 0
        elif token.text != "&" or tables > 0:
            line.append(token)
    yield line


def _segments(line: Sequence[Token]) -> Iterator[list[Token]]:
    """Cuts at commas and wide spaces between statements; a continued line belongs to the one before."""
    cuts = [-1]
    depth = tables = 0
    for i, token in enumerate(line):
        tables += (token.text == r"\begin") - (token.text == r"\end")
        depth += (token.text in OPEN) - (token.text in CLOSE)
        words = token.text[0] == '"' and token.text[1:].strip(" ,.") in (
            "and",
            "where",
            "with",
            "then",
            "or",
            "for",
            "if",
        )
        if depth <= 0 and tables == 0 and (token.text in (",", ";", WIDE) or (words and i > 0)):
            cuts.append(i)
    cuts.append(len(line))
    parts = [list(line[a + 1 : b]) for a, b in pairwise(cuts)]
    joined: list[list[Token]] = []
    for found, cut in zip(parts, cuts, strict=False):
        part = _remark(found) if joined and cut >= 0 and line[cut].text == WIDE else found
        signed = any(t.text in RELATIONS for t in _outer(part)) or any(t.text == ":" for t in _outer(part))
        if joined and part and not signed and cut >= 0 and line[cut].text == WIDE:
            joined[-1] += part  # a wide space in the middle of a formula
        else:
            joined.append(part)
    yield from joined


def _remark(part: list[Token]) -> list[Token]:
    """What stands in brackets of its own behind a statement: when that holds, if it says so, and nothing else."""
    texts = [t.text for t in part]
    if texts[:1] != ["("] or texts[-1] != ")" or partners(part).get(0) != len(part) - 1:
        return part
    inside = part[1:-1]
    if not any(text in RELATIONS or text == ":" or text[0] == '"' for text in texts):
        return part
    return [] if any(text in EQUALS or text == ":" for text in texts) else inside


def _outer(row: Sequence[Token]) -> Iterator[Token]:
    depth = 0
    for token in row:
        depth += (token.text in OPEN) - (token.text in CLOSE)
        if depth <= 0:
            yield token


REMARKS = frozenset(
    ["where", "and", "Given", "given", "with", "if", "then", "or", "so", "let", "Let", "hence", "thus", "here"]
)


def _trimmed(row: Sequence[Token]) -> list[Token]:
    row = [t for t in row if t.text != WIDE]
    while row and (row[-1].text in ENDINGS or (row[-1].text[0] == '"' and not row[-1].text[1:].strip())):
        row.pop()
    while row and row[0].text in (",", ";", "&", r"\Rightarrow", r"\implies", r"\iff", r"\therefore", r"\because"):
        row.pop(0)
    while len(row) > 2 and row[-1].text[0] == '"' and " " in row[-1].text and "else" not in row[-1].text:
        row.pop()  # a remark
    while (
        len(row) > 2
        and row[0].text[0] == '"'
        and (" " in row[0].text or row[0].text[1:2].islower())
        and row[1].text not in RELATIONS | {"_", "(", "^"}
    ):
        row.pop(0)
    word = ""
    while len(word) < len(row) and len(row[len(word)].text) == 1 and row[len(word)].text.isalpha():
        if word and row[len(word)].gap:
            break
        word += row[len(word)].text
    return row[len(word) :] if word in REMARKS else row


def _draws(row: Sequence[Token]) -> bool:
    """Whether a row says what something is drawn from, which is a statement where nothing else is one."""
    texts = [t.text for t in row]
    if r"\sim" not in texts:
        return False
    ahead = texts[texts.index(r"\sim") + 1 :][:5]
    behind = [t for t in ahead if t not in ("{", "}", r"\mathcal", r"\mathrm", r"\left")]
    return behind[:1] in (["N"], ["U"], ['"N'], ['"U'])


def _kind(row: list[Token], *, first: bool) -> Row:
    """What stands before a colon is a title where a statement follows, and else a sign that is explained."""
    depth = 0
    for i, token in enumerate(row):
        depth += (token.text in OPEN) - (token.text in CLOSE)
        if token.text == ":" and depth <= 0:
            after = row[i + 1 :]
            if any(t.text in EQUALS for t in row[:i]):
                return Row(tuple(row[:i]))
            if any(t.text in EQUALS for t in after):
                return Row(tuple(after))
            return Row(tuple(row), legend=True)
        if token.text in EQUALS:
            break
    equals = any(t.text in EQUALS for t in _outer(row)) or (first and _draws(row))
    return Row(tuple(row), condition=not equals and any(t.text in RELATIONS for t in _outer(row)))
