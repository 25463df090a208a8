"""A row of tokens is read from left to right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from conformance.notes.tokens import Token, partners
from conformance.notes.tree import Node, Unreadable
from conformance.notes.vocabulary import FONTS, RELATIONS, WORDS

DEEPEST = 30  # brackets in brackets: Python's own stack ends beyond, and no formula comes close
SPLITS = frozenset([",", ";", "|", ":"])
Known = dict[tuple[int, ...], tuple[Sequence[Token], list[Node]]]  # what brackets hold, by the tokens in them


class Cursor:
    """A place in a row of tokens, and what the levels of the grammar ask of one another."""

    def __init__(self, row: Sequence[Token], depth: int = 0, known: Known | None = None) -> None:
        if depth > DEEPEST:
            raise Unreadable("brackets in brackets, too deep to be read", row[0].start if row else 0)
        self.row, self.depth, self.at = list(row), depth, 0
        self.known: Known = {} if known is None else known
        self.close = partners(self.row)
        self.inside_bars = self.inside_norm = False

    # what the levels of the grammar are to each other
    def conditions(self) -> Node:
        raise NotImplementedError

    def sum(self) -> Node:
        raise NotImplementedError

    def prefix(self) -> Node:
        raise NotImplementedError

    def power(self) -> Node:
        raise NotImplementedError

    def atom(self) -> Node:
        raise NotImplementedError

    def text(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.row[at].text if at < len(self.row) else ""

    def phrase(self, ahead: int = 0) -> str:
        """The words that stand here in a text command."""
        found = self.text(ahead)
        return found[1:] if found[:1] == '"' else ""

    def done(self) -> bool:
        return self.at >= len(self.row)

    def here(self) -> int:
        if self.at < len(self.row):
            return self.row[self.at].start
        return self.row[-1].end if self.row else 0

    def gap(self) -> bool:
        return not self.done() and self.row[self.at].gap

    def inner(self, row: Sequence[Token]) -> Cursor:
        return type(self)(row, self.depth + 1, self.known)

    def listed(self, row: Sequence[Token]) -> list[Node]:
        """What stands in brackets, cut at commas: the same tokens at the same depth are read once."""
        key = (self.depth, *map(id, row))
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = row, self.inner(row).several()  # the row is kept, so that its ids stay its own
        return list(found[1])

    @contextmanager
    def deeper(self) -> Iterator[None]:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unreadable("too deep to be read", self.here())
        yield
        self.depth -= 1

    def braced(self) -> Sequence[Token]:
        """The tokens in the braces that open here, or the one token."""
        if self.done():
            raise Unreadable("the formula ends where something is missing", self.here())
        opened = self.at
        if self.text() != "{":
            self.at += 1
            if self.row[opened].text in FONTS and not self.done():  # the font of what is set in it
                inside = self.braced()
                return [self.row[opened], *inside]
            return self.row[opened : opened + 1]
        close = self.close.get(opened)
        if close is None:
            raise Unreadable("a brace that does not close", self.here())
        self.at = close + 1
        return self.row[opened + 1 : close]

    def several(self) -> list[Node]:
        """Everything to the end of the row, cut at commas."""
        if self.done():
            raise Unreadable("empty brackets", self.here())
        found = []
        bars = [k for k, token in enumerate(self.row) if token.text == "|" and not self._inside(k)]
        self.inside_bars |= len(bars) == 1  # one bar alone says what is given
        while True:
            found.append(self.conditions())
            if self.done():
                return found
            if self.text() not in SPLITS:
                raise Unreadable(f"{self.row[self.at].source!r} is not expected here", self.here())
            self.at += 1
            if self.done():
                return found

    def _inside(self, k: int) -> bool:
        """Whether a place is inside some brackets of the row."""
        return any(first < k < last for first, last in self.close.items())

    def run(self) -> int:
        """How many letters stand here without anything between them."""
        n = 0
        while len(self.text(n)) == 1 and self.text(n).isalpha() and self.text(n).isascii():
            if n and self.row[self.at + n].gap:
                break
            n += 1
        return n

    def word(self) -> str:
        """The word that the letters here make, if it is one that is known, or too long for a product."""
        n = self.run()
        said = "".join(self.text(k) for k in range(n))
        if said in WORDS or n >= 5 or (n > 2 and self.at == 0 and self.text(n) in ("=", "(")):
            return said
        return next((said[:k] for k in (3, 2) if said[:k] in ("log", "ln", "exp", "max", "min") and k < n), "")

    def related(self) -> bool:
        return self.text() in RELATIONS
