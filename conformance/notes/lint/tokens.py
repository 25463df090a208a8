"""The tokens of a formula: a command, a letter, a number, or a sign, each with its place in the note."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from conformance.notes.model import Edit, Finding, Piece

TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\[\s\S]|\\|[0-9]+|\s+|[\s\S]")
TEXTS = r"""\text \textrm \textbf \textit \mathrm \operatorname \operatorname* \mbox \label \tag \ref \eqref \begin \end
    \mathsf \mathtt \textnormal \hbox \color \rm \cite \href \url"""
WORDED = frozenset(TEXTS.split())
BLANKS = re.compile(r"(\\[A-Za-z]+)\s+(?=[A-Za-z])|\s+")
THIN = frozenset([r"\,", r"\!", r"\;", r"\:"])
Group = tuple[int, int]  # the tokens from the first to before the last


def named(names: str) -> frozenset[str]:
    """Commands and letters, from a text in which blanks part them."""
    return frozenset(names.split())


class Formula:
    """A piece of mathematics as tokens; a brace knows its partner."""

    def __init__(self, piece: Piece) -> None:
        self.piece = piece
        matches = list(TOKEN.finditer(piece.text))
        self.tokens = [m[0] for m in matches]
        self.begins = [piece.start + m.start() for m in matches]
        self.partner: dict[int, int] = {}
        self.lonely: list[int] = []
        stack: list[int] = []
        for i, token in enumerate(self.tokens):
            if token == "{":  # noqa: S105 - a token of TeX
                stack.append(i)
            elif token == "}":  # noqa: S105
                if stack:
                    self.partner[i] = stack.pop()
                    self.partner[self.partner[i]] = i
                else:
                    self.lonely.append(i)
        self.lonely = sorted(self.lonely + stack)

    def __len__(self) -> int:
        return len(self.tokens)

    def begin(self, i: int) -> int:
        """Where a token begins in the note; after the last one, where the piece ends."""
        return self.begins[i] if i < len(self.begins) else self.piece.end

    def end(self, i: int) -> int:
        return self.begins[i] + len(self.tokens[i])

    def skip(self, i: int) -> int:
        """The next token that is no blank."""
        while i < len(self.tokens) and self.tokens[i].isspace():
            i += 1
        return i

    def back(self, i: int) -> int:
        """The last token before this one that is no blank; -1 where there is none."""
        i -= 1
        while i >= 0 and self.tokens[i].isspace():
            i -= 1
        return i

    def token(self, i: int) -> str:
        return self.tokens[i] if 0 <= i < len(self.tokens) else ""

    def argument(self, i: int) -> tuple[Group, int]:
        """What TeX takes as an argument from here: a group without its braces, or one token; and what comes after."""
        i = self.skip(i)
        if self.token(i) == "{":
            close = self.partner.get(i, len(self))
            return (i + 1, close), close + 1
        return (i, min(i + 1, len(self))), i + 1

    def scripts(self, i: int) -> tuple[dict[str, Group], int]:
        """Subscript and superscript of what ends before token i, and the token after them."""
        found: dict[str, Group] = {}
        while (k := self.skip(i)) < len(self) and self.tokens[k] in ("_", "^", r"\limits", r"\nolimits", "'"):
            if self.tokens[k] in ("_", "^"):
                if self.tokens[k] in found:
                    break
                found[self.tokens[k]], i = self.argument(k + 1)
            else:
                i = k + 1
        return found, i

    def said(self, group: Group) -> str:
        """The tokens of a group without blanks, which mean nothing in mathematics but after a command's name."""
        said = "".join(" " if t in THIN else t for t in self.tokens[slice(*group)])
        return BLANKS.sub(lambda m: f"{m[1]} " if m[1] else "", said)

    @cached_property
    def words(self) -> list[bool]:
        """Which tokens are in a text within the formula, whose letters are no symbols."""
        inside = [False] * len(self)
        until = -1
        for i, token in enumerate(self.tokens):
            if i >= until and token in WORDED:
                _, until = self.argument(i + 1)
            inside[i] = i < until
        return inside

    def commands(self, names: Sequence[str]) -> Iterator[int]:
        return (i for i, token in enumerate(self.tokens) if token in names)

    def finding(self, rule: str, first: int, last: int, reason: str, *edits: Edit) -> Finding:
        """What is wrong with the tokens from the first to before the last."""
        end = self.end(last - 1) if last > first else self.begin(first)
        return Finding(self.begin(first), end, "lint", reason, rule=rule, edits=edits)

    def change(self, first: int, last: int, text: str) -> Edit:
        """Other text in place of some tokens."""
        return Edit(self.begin(first), self.begin(first) if last <= first else self.end(last - 1), text)
