r"""Two formulas that give one number wherever their letters are drawn are one formula.

A small reader of LaTeX for that and nothing else: letters with their scripts are drawn at random, as numbers or as
2 x 2 matrices, sums run over three terms, and what it does not know is an opaque function of what it is given.
"""

from __future__ import annotations

import re
import zlib

import numpy as np

from tests.notes.latex import OPENING, SPACES, TOKEN, Formula

TERMS = 3
KNOWN = {r"\log": np.log, r"\ln": np.log, r"\exp": np.exp, r"\sin": np.sin, r"\cos": np.cos, r"\tanh": np.tanh}
CALLED = re.compile(r"[A-Zfgh]|\\(?:sigma|ell|mathcal|mathrm|operatorname|text|mathbb|det|nabla|partial).*")


class Unread(ValueError):
    """What the reader does not know."""


class Reader:
    """One side of an equation, evaluated as it is read."""

    def __init__(self, latex: str, seed: int, matrices: bool = False, bound: dict[str, int] | None = None) -> None:
        self.f = Formula(latex)
        self.seed, self.matrices, self.bound = seed, matrices, bound or {}
        self.i = 0

    def drawn(self, name: str) -> np.ndarray:
        """The value of a letter, the same wherever it stands."""
        random = np.random.default_rng([self.seed, zlib.crc32(name.encode())])
        matrix = self.matrices and re.match(r"[A-Z]|\\(mathbf|boldsymbol|hat|tilde)|[xhbcfiogrzn](\b|_)", name)
        return np.asarray(random.uniform(0.3, 1.7, (2, 2) if matrix else ()))

    @property
    def next(self) -> str:
        return self.f.text(self.i)

    def all(self) -> np.ndarray:
        """The whole of it; nothing may remain."""
        value = self.terms()
        if self.i < len(self.f):
            raise Unread(self.next)
        return value

    def terms(self) -> np.ndarray:
        value, sign = np.zeros(()), 1
        while True:
            while self.next in ("+", "-"):
                sign = -sign if self.next == "-" else sign
                self.i += 1
            value = value + sign * self.term()
            sign = 1
            if self.next not in ("+", "-"):
                return value

    def term(self) -> np.ndarray:
        value, how = None, ""
        while self.next not in ("", "+", "-") and self.f.tokens[self.i].bracket not in OPENING.values():
            if self.next in (r"\odot", r"\circ", "*", "/", r"\cdot", r"\times"):
                how, self.i = self.next, self.i + 1
                continue
            if self.next in (",", ".", "=", "&", r"\\", ":", ";", "<", ">"):
                raise Unread(self.next)
            new = self.factor()
            if value is None:
                value = new
            elif how == "/":
                value = value / new
            elif how in ("", r"\cdot", r"\times") and value.ndim == 2 and new.ndim == 2:
                value = value @ new
            else:
                value = value * new
            how = ""
        if value is None:
            raise Unread("nothing")
        return value

    def inner(self, first: int, last: int, bound: dict[str, int] | None = None) -> np.ndarray:
        """What the tokens from first through last give by themselves."""
        if last < first:
            raise Unread("nothing")
        return Reader(self.f.source(first, last), self.seed, self.matrices, self.bound | (bound or {})).all()

    def braced(self) -> np.ndarray:
        """An argument: a group or one token."""
        first, last = self.i, self.f.group(self.i)
        self.i = last + 1
        return self.inner(first + 1, last - 1) if last > first else self.inner(first, first)

    def scripts(self) -> tuple[str, str]:
        """What hangs below and above, with the values of the bound letters in their places."""
        below, above = "", ""
        while self.next in ("_", "^") or self.next.startswith("'"):
            which, self.i = self.next, self.i + 1
            if which.startswith("'"):
                below += which
                continue
            first, last = self.i, self.f.group(self.i)
            self.i = last + 1
            tokens = [t.text for t in self.f.tokens[first : last + 1] if t.text not in SPACES]
            words = [str(self.bound.get(t, t)) + " " * (t[0] == "\\" and t[-1].isalpha()) for t in tokens]
            text = "".join(words).removeprefix("{").removesuffix("}")
            below, above = (below + text, above) if which == "_" else (below, above + text)
        return _in_order(re.sub(r"\d+(?:[-+]\d+)+", lambda m: str(_sum(m[0])), below)), above

    def factor(self) -> np.ndarray:  # noqa: C901, PLR0911 -- a line for each thing that a factor may be
        text, first = self.next, self.i
        bracket = self.f.tokens[first].bracket
        if text in (r"\sum", r"\prod"):
            return self.series(text)
        if text in (r"\frac", r"\dfrac", r"\tfrac"):
            self.i += 1
            above = self.braced()
            return self.raised(above / self.braced())
        if text == r"\sqrt":
            self.i += 1
            return np.sqrt(self.braced() + 0j)
        if bracket in OPENING:
            last = self.f.group(first)
            self.i = last + 1
            value = self.inner(first + 1, last - 1)
            return self.raised(np.floor(value.real) if bracket == r"\lfloor" else value)
        self.i += 1
        if re.fullmatch(r"\d+(\.\d+)?", text):
            return self.raised(np.array(float(text)))
        if bracket in ("|", r"\|"):
            return self.raised(self.absolute(bracket))
        if text in (r"\max", r"\min") and self.next and self.f.tokens[self.i].bracket == "(":
            last = self.f.group(self.i)
            values = self.arguments(self.i + 1, last - 1)
            self.i = last + 1
            return self.raised((np.maximum if text == r"\max" else np.minimum)(*(v.real for v in values)))
        if text in KNOWN:
            _, above = self.scripts()
            if self.next and self.f.tokens[self.i].bracket == "(":  # what hangs on the bracket is of the value
                last = self.f.group(self.i)
                inside = self.inner(self.i + 1, last - 1)
                self.i = last + 1
                return self.raised(self.power(KNOWN[text](inside + 0j), above))
            value = KNOWN[text](self.factor() + 0j)
            return value ** float(above) if above else value
        if not TOKEN.fullmatch(text) or re.match(r"\\(begin|end|left|right|int|min|max)", text):
            raise Unread(text)
        if text == "e" and self.next == "^":
            self.i += 1
            return np.exp(self.braced() + 0j)
        return self.letter(text)

    def arguments(self, first: int, last: int) -> list[np.ndarray]:
        """What stands between commas."""
        cuts = [i for i in range(first, last + 1) if self.f.text(i) == "," and self.f.inside[i] == self.f.inside[first]]
        starts, ends = [first, *(c + 1 for c in cuts)], [*(c - 1 for c in cuts), last]
        return [np.asarray(self.inner(a, b)) for a, b in zip(starts, ends, strict=True)]

    def absolute(self, bar: str) -> np.ndarray:
        """What stands between bars, without its sign."""
        first = last = self.i
        while last < len(self.f) and self.f.tokens[last].bracket != bar:
            last = self.f.group(last) + 1
        self.i = last + 1
        return np.abs(self.inner(first, last - 1))

    def letter(self, text: str) -> np.ndarray:
        """A quantity, or a function that nothing is known of."""
        below, above = self.scripts()
        called = CALLED.fullmatch(text) and below not in ("in", "out")  # C_{out} is a number
        if called and self.next and self.f.tokens[self.i].bracket in ("(", "["):
            last = self.f.group(self.i)
            values = self.arguments(self.i + 1, last - 1)
            self.i = last + 1
            beyond, further = self.scripts()
            if text == r"\sigma" and not below + beyond and len(values) == 1:  # the logistic function
                return self.power(1 / (1 + np.exp(-values[0])), above or further)
            inside = self.drawn(text + below + beyond).mean()
            value = sum(np.sin(float(k) + inside + 3 * v) for k, v in enumerate(values, 1))
            return value ** float(above or further) if above or further else value
        value = self.drawn(str(self.bound.get(text, text)) + "_" + below)
        return self.power(value, above)

    def raised(self, value: np.ndarray) -> np.ndarray:
        """The value of a bracket or a number with what hangs on it."""
        below, above = self.scripts()
        return self.power(value * self.drawn("bracket " + below) if below else value, above)

    def power(self, value: np.ndarray, above: str) -> np.ndarray:
        """A transpose, a number, or a letter."""
        if above in ("T", r"\top"):
            return np.transpose(value)
        if not above or above.startswith(("(", r"\langle", "*", "Q", "K", "V", "O")):
            return value + 0j if not above else value * (1 + zlib.crc32(above.encode()) % 97 / 97)
        exponent = Reader(above, self.seed, False, self.bound).all()
        return (value + 0j) ** exponent

    def series(self, text: str) -> np.ndarray:
        """A sum or a product: over what its limits say, when they are drawn as small whole numbers."""
        self.i += 1
        limits = {}
        while self.next in ("_", "^"):
            which, first = self.next, self.i + 1
            last = self.f.group(first)
            limits[which] = self.f.source(first, last).strip("{} ")
            self.i = last + 1
        variable, _, lower = limits.get("_", "").partition("=")
        variable = variable.strip()
        start, end = _edge(lower or "1", self.bound), _edge(limits.get("^", "N"), self.bound)
        body, last = self.i, self.i
        while last < len(self.f) and self.f.tokens[last].bracket not in OPENING.values():
            if self.f.text(last) in ("+", "-") and last > body:
                j, depth = last + 1, self.f.inside[last]
                while j < len(self.f) and not (self.f.text(j) in ("+", "-") and self.f.inside[j] == depth):
                    j += 1
                name = re.escape(variable)
                carried = rf"_(?:\{{(?:[^}}]*[^A-Za-z}}])?)?{name}(?![A-Za-z])|\^\{{\({name}"
                if not re.search(carried, self.f.source(last, j - 1)):
                    break
            last = self.f.group(last) + 1
        self.i = last
        values = [self.inner(body, last - 1, {variable: k}) for k in range(start, end + 1)]
        if not values:
            return np.zeros(()) if text == r"\sum" else np.ones(())
        total = values[0]
        for value in values[1:]:
            total = total + value if text == r"\sum" else total * value
        return total


def _in_order(below: str) -> str:
    """The indices of a name, the terms of each in the order of the alphabet."""
    parts = below.split(",")
    return ",".join("+".join(sorted(p.split("+"))) if re.fullmatch(r"[\w+ ]+", p) else p for p in parts)


def _sum(text: str) -> int:
    return sum(int(n) for n in re.findall(r"[-+]?\d+", text))


def _edge(text: str, bound: dict[str, int]) -> int:
    """A limit as a whole number: N and its like are three, and what is added to them counts."""
    text = re.sub(r"[{}\s]", "", text)
    for letter, value in bound.items():
        text = re.sub(rf"\b{re.escape(letter)}\b", str(value), text)
    text = re.sub(r"\\infty", str(TERMS + 2), text)
    text = re.sub(r"\d*\s*(?:\\[a-zA-Z]+|[A-Za-z])", str(TERMS), text)
    if not re.fullmatch(r"[-+]?\d+(?:[-+]\d+)*", text):
        raise Unread(text)
    return _sum(text)
