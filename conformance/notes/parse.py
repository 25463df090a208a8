"""What a formula says is the same whoever typed it: a row of tokens becomes a tree."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.notes.calculus import BIG, Calculus
from conformance.notes.chance import as_drawn
from conformance.notes.cursor import Known
from conformance.notes.tokens import Token
from conformance.notes.tree import Node, Unreadable
from conformance.notes.vocabulary import TIMES

LONGEST = 4000  # tokens: nobody states an equation at that length
MOST = 120  # terms of one sum
HIGHEST = 200  # nodes above each other: whatever goes through a tree goes down as deep
ENDS = frozenset(
    ["}", ")", "]", r"\}", r"\rfloor", r"\rceil", r"\rangle", ",", ";", r"\quad", ":", r"\end", r"\\", "&"]
)
JOINS = frozenset([r"\land", r"\wedge", r"\lor", r"\vee"])


def parse(row: Sequence[Token], known: Known | None = None) -> Node:
    """The tree of a whole row; Unreadable where it cannot be read to its end.

    Rows that share tokens share what is known of their brackets.
    """
    if not row:
        raise Unreadable("it is empty")
    if len(row) > LONGEST:
        raise Unreadable("it is too long for one statement", row[0].start)
    reader = Parser(row, known=known)
    try:
        found = reader.conditions()
    except RecursionError:
        raise Unreadable("too deep to be read", row[0].start) from None
    if not reader.done():
        raise Unreadable(f"{reader.row[reader.at].source!r} is not expected here", reader.here())
    if len(row) > HIGHEST and _height(found) > HIGHEST:
        raise Unreadable("too deep to be read", row[0].start)
    return found


def _height(node: Node) -> int:
    """How many nodes stand above each other in a tree."""
    level, height = [node], 0
    while level:
        level = [part for n in level for part in n.parts if isinstance(part, Node)]
        height += 1
    return height


class Parser(Calculus):
    """What binds loosely is read first: conditions, relations, sums, products."""

    def conditions(self) -> Node:
        left = self.relation()
        while self.text() in JOINS:
            kind = "and" if self.text() in (r"\land", r"\wedge") else "or"
            self.at += 1
            right = self.relation()
            left = Node(kind, None, (left, right), left.start, right.end)
        return left

    def relation(self) -> Node:
        with self.deeper():
            signs: list[str] = []
            sides = [Node("text", "", (), self.here(), self.here()) if self.related() else self.sum()]
            while self.related():
                self._one_more(len(signs))
                signs.append(self.text())
                self.at += 1
                if self.related():
                    raise Unreadable("two signs of relation in a row", self.here())
                if self.done() or self.text() in ENDS:
                    raise Unreadable("nothing stands after the sign", self.here())
                sides.append(self.sum())
            if not signs:
                return sides[0]
            return as_drawn(Node("rel", tuple(signs), tuple(sides), sides[0].start, sides[-1].end))

    def sum(self) -> Node:
        start = self.here()
        negative = False
        signed = self.text() in ("+", "-")
        while self.text() in ("+", "-"):
            negative ^= self.text() == "-"
            self.at += 1
        left = self._product()
        if signed and negative:
            left = Node("neg", None, (left,), start, left.end)
        terms = 1
        while self.text() in ("+", "-"):
            terms = self._one_more(terms)
            minus = False
            while self.text() in ("+", "-"):
                minus ^= self.text() == "-"
                self.at += 1
            right = self._product()
            left = Node("sub" if minus else "add", None, (left, right), left.start, right.end)
        return self._where(left)

    def _one_more(self, terms: int) -> int:
        if terms >= MOST:
            raise Unreadable(f"it is too long to be read: more than {MOST} terms in a row", self.here())
        return terms + 1

    def _where(self, value: Node) -> Node:
        """A value where a condition holds, and another elsewhere."""
        said = self.phrase()
        if not said.startswith("where"):
            return value
        self.at += 1
        condition = None
        if "exists" not in said:
            condition = self.conditions()
            self.at += self.text() == ","
            if "else" not in self.phrase():
                return Node("where", None, (value, condition), value.start, condition.end)
            self.at += 1
        other = self.sum()
        parts = (value, other) if condition is None else (value, condition, other)
        return Node("where", "exists" if condition is None else None, parts, value.start, other.end)

    def _product(self) -> Node:
        left = self.prefix()
        factors = 1
        while not self.done():
            factors = self._one_more(factors)
            sign = self.text()
            if sign in TIMES or sign in ("/", r"\div", r"\bmod"):
                self.at += 1
                right = self.prefix()
                kind = {"/": "div", r"\div": "div", r"\bmod": "mod"}.get(sign, "mul")
                if kind == "div" and left.kind == "d" and right.kind == "d" and left.parts and right.parts:
                    left = Node("partial", None, (left.parts[0], right.parts[0]), left.start, right.end)
                else:
                    left = Node(kind, sign if kind == "mul" else None, (left, right), left.start, right.end)
            elif self.begins():
                right = self.prefix()
                left = Node("mul", "", (left, right), left.start, right.end)
            else:
                break
        return left

    def _counts(self) -> bool:
        """Whether a capital sigma stands before something with an index, as a sum does."""
        return self.text(2) == "_" and len(self.text(1)) == 1 and self.text(1).isalpha()

    def prefix(self) -> Node:
        """What acts on everything after it in a product."""
        sign = self.text()
        if sign in ("-", "+"):
            start = self.here()
            self.at += 1
            body = self.prefix()
            return Node("neg", None, (body,), start, body.end) if sign == "-" else body
        if sign in BIG or (sign in (r"\max", r"\min") and self.text(1) == "_"):
            return self.big(BIG.get(sign, sign[1:]))
        if sign == r"\Sigma" and self._counts():
            return self.big("sum")
        if sign == r"\int":
            return self.integral()
        return self.power()
