"""What stands in brackets is one thing: a group, a list, a rounding, a set, a fraction, a root, a table."""

from __future__ import annotations

from conformance.notes.names import Names
from conformance.notes.tokens import OPEN, Token
from conformance.notes.tree import Node, Unreadable

TABLES = frozenset(
    ["cases", "rcases", "matrix", "pmatrix", "bmatrix", "vmatrix", "Vmatrix", "array", "smallmatrix", "dcases"]
)


LIKELY = frozenset(["with probability", "with prob.", "with prob", "w.p.", "w. p.", "확률"])
DRAWN = "chance"  # as likely to be below any number between 0 and 1 as that number says


SUMMED = frozenset(["add", "sub", "neg"])  # what people put in brackets to be multiplied, and no element of a set


class Brackets(Names):
    """Reads groups."""

    def argument(self) -> Node:
        """What a command takes: a group in braces, or one sign."""
        if self.text() == "{":
            return self.group()
        if self.text() in ("+", "-"):
            start = self.here()
            negative = self.text() == "-"
            self.at += 1
            found = self.atom()
            return Node("neg", None, (found,), start, found.end) if negative else found
        if self.text().isdigit() and len(self.text()) > 1:  # \frac12 is a half
            token = self.row[self.at]
            first, rest = token.text[0], token.text[1:]
            self.row[self.at] = Token(rest, token.start + 1, token.end, source=rest)
            return Node("num", int(first), (), token.start, token.start + 1)
        return self.letter()

    def letter(self) -> Node:
        """One sign alone: the letter after it is no part of its name."""
        following = self.row[self.at : self.at + 1]
        if following and len(following[0].text) == 1 and following[0].text.isalpha():
            self.at += 1
            return Node("sym", following[0].text, (), following[0].start, following[0].end)
        return self.atom()

    def group(self) -> Node:
        opened = self.at
        sign = self.text()
        close = self.close.get(opened)
        if close is None:
            raise Unreadable(f"{self.row[opened].source!r} does not close", self.here())
        row = self.row[opened + 1 : close]
        start, end = self.row[opened].start, self.row[close].end
        self.at = close + 1
        if not row:
            if sign == "{":
                return Node("text", "", (), start, end)
            raise Unreadable("empty brackets", start)
        over = self._over(row)
        if over is not None:
            return over[0] if len(over) == 1 else Node("div", "frac", over, start, end)
        parts = self.listed(row)
        return self._bracketed(sign, self.row[close].text, parts, start, end)

    def _over(self, row: list[Token]) -> tuple[Node, ...] | None:
        r"""{a \over b} is a fraction."""
        cut = next((i for i, t in enumerate(row) if t.text == r"\over"), None)
        if cut is None:
            return None
        over, under = self.inner(row[:cut]), self.inner(row[cut + 1 :])
        return self._ratio(over.sum(), under.sum())

    def _bracketed(self, sign: str, closed: str, parts: list[Node], start: int, end: int) -> Node:
        if sign == r"\{" and len(parts) == 1 and parts[0].kind in SUMMED:
            return parts[0]._replace(start=start, end=end)  # a bracket within brackets
        if sign == r"\{":
            return Node("set", None, tuple(parts), start, end)
        if sign in (r"\lfloor", r"\lceil"):
            if len(parts) != 1:
                raise Unreadable("what is rounded", start)
            return Node("floor" if sign == r"\lfloor" else "ceil", None, tuple(parts), start, end)
        if len(parts) > 1 or sign == r"\langle":
            kind = "interval" if (sign, closed) in (("(", "]"), ("[", ")")) else "tuple"
            return Node(kind, sign, tuple(parts), start, end)
        inner = parts[0]
        if sign == "[" and inner.kind in ("rel", "and", "or"):
            return Node("holds", None, (inner,), start, end)
        return inner._replace(start=start, end=end)

    def fraction(self) -> Node:
        start = self.here()
        self.at += 1
        read = self._upper if self._both_straight() else self.argument
        over = read()
        under = read()
        made = self._ratio(over, under)
        if len(made) == 1:
            return made[0]._replace(start=start)
        return Node("div", "frac", made, start, made[1].end)

    def _both_straight(self) -> bool:
        """Whether a d stands above the bar and below it, as in dy/dx."""
        if self.text() != "{" or self.at not in self.close:
            return False
        below = self.close[self.at] + 1
        first = [self.row[k + 1].text for k in (self.at, below) if k + 1 < len(self.row) and self.row[k].text == "{"]
        return len(first) == 2 and all(text in ("d", '"d') for text in first)

    def _upper(self) -> Node:
        r"""A part of a fraction; the d of d/dx and of dy/dx is that of a differential."""
        if self.text() != "{":
            return self.argument()
        row = self.row[self.at + 1 : self.close.get(self.at, self.at + 1)]
        straight = [t.text for t in row[:1]] in (["d"], ['"d'])
        lone = straight and (len(row) == 1 or (len(row) < 12 and not any(t.text in "+-=" for t in row)))
        if not lone or "".join(t.text for t in row[:2]) == "d_":
            return self.argument()
        self.at = self.close[self.at] + 1
        if len(row) == 1:
            return Node("sym", "d", (), row[0].start, row[0].end)
        inner = self.inner(row[1:])
        found = inner.sum()
        return Node("d", "d", (found,), row[0].start, row[-1].end)

    def _ratio(self, over: Node, under: Node) -> tuple[Node, ...]:
        """Above and below the bar; of a derivative only what is derived by what."""
        raise NotImplementedError

    def root(self) -> Node:
        start = self.here()
        self.at += 1
        order = None
        if self.text() == "[" and self.at in self.close:
            order = self.group()
        body = self.argument()
        if order is None:
            return Node("sqrt", None, (body,), start, body.end)
        one = Node("num", 1, (), start, start)
        return Node("pow", None, (body, Node("div", None, (one, order), start, order.end)), start, body.end)

    def bars(self, sign: str) -> Node:
        """An absolute value or a norm, which close with what they open with."""
        start = self.here()
        self.at += 1
        was = self.inside_bars, self.inside_norm
        self.inside_bars, self.inside_norm = sign == "|", sign == r"\|"
        body = self.sum()
        self.inside_bars, self.inside_norm = was
        if self.text() != sign:
            raise Unreadable("a bar that does not close", start)
        end = self.row[self.at].end
        self.at += 1
        if sign == "|":
            return Node("abs", None, (body,), start, end)
        order: Node | None = None
        power: Node | None = None
        while self.text() in ("_", "^"):
            below = self.text() == "_"
            self.at += 1
            if below:
                order = self.argument()
            else:
                power = self.argument()
            end = self.row[self.at - 1].end
        made = Node("norm", None, (body, order or Node("num", 2, (), end, end)), start, end)
        return made if power is None else Node("pow", None, (made, power), start, end)

    def table(self) -> Node:
        r"""\begin{cases} and matrices: rows of cells."""
        start = self.here()
        self.at += 1
        name = "".join(t.text.lstrip('"') for t in self.braced())
        if name.rstrip("*") not in TABLES:
            raise Unreadable(f"an environment {name!r} inside a formula", start)
        if name == "array" and self.text() == "{":
            self.braced()
        rows: list[list[list[Token]]] = [[[]]]
        depth = 0
        while True:
            if self.done():
                raise Unreadable(f"the environment {name!r} does not end", start)
            text = self.text()
            if text == r"\end" and depth == 0:
                break
            depth += (text == r"\begin") - (text == r"\end")
            if text == r"\\" and depth == 0:
                rows.append([[]])
            elif text == "&" and depth == 0:
                rows[-1].append([])
            else:
                rows[-1][-1].append(self.row[self.at])
            self.at += 1
        self.at += 1
        self.braced()
        end = self.row[self.at - 1].end
        return self._table(name, [row for row in rows if any(row)], start, end)

    def _table(self, name: str, rows: list[list[list[Token]]], start: int, end: int) -> Node:
        read = [[self._cell(cell) for cell in row] for row in rows]
        if "cases" in name or (name == "array" and all(len(row) == 2 for row in read)):
            if not all(len(row) == 2 for row in read):
                raise Unreadable("a case without its condition", start)
            return Node("cases", None, tuple(cell for row in read for cell in row), start, end)
        width = len(read[0]) if read else 0
        if any(len(row) != width for row in read):
            raise Unreadable("rows of a matrix differ in length", start)
        return Node("matrix", (len(read), width), tuple(cell for row in read for cell in row), start, end)

    def _cell(self, row: list[Token]) -> Node:
        while row and row[-1].text in (",", ";", ".", r"\quad"):
            row = row[:-1]
        while row and (row[0].text == r"\quad" or row[0].text in ('"if', '"where', '"for', '"when')):
            row = row[1:]
        if not row:
            return Node("text", "", (), 0, 0)
        if row[0].text[0] == '"' and row[0].text[1:].strip().lower() in LIKELY and len(row) > 1:
            share = self.inner(row[1:])
            found = share.sum()
            if not share.done():
                raise Unreadable("a probability", row[0].start)
            drawn = Node("sym", DRAWN, (), row[0].start, row[0].end)
            return Node("rel", ("<",), (drawn, found), row[0].start, row[-1].end)
        if row[0].text[0] == '"':
            return Node("text", row[0].text[1:], (), row[0].start, row[-1].end)
        letters = "".join(t.text for t in row)
        if letters.startswith(("otherwise", "else")):
            return Node("text", "otherwise", (), row[0].start, row[-1].end)
        if letters.startswith("if") and len(row) > 2:
            row = row[2:]
        inner = self.inner(row)
        found = inner.conditions()
        if not inner.done() and inner.phrase() == "" and inner.text() not in (",", r"\quad"):
            raise Unreadable("a case", row[0].start)
        return found


__all__ = ["OPEN", "Brackets"]
