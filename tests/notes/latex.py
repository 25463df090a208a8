"""LaTeX is tokens, and groups within groups; who changes one token must know which group it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass

OPAQUE = ("text", "mathrm", "operatorname", "mathbf", "mathbb", "mathcal", "boldsymbol", "begin", "end", "hat", "tilde")
OPAQUE += ("bar", "dot", "vec", "mathsf", "textbf", "overline")  # a name and its argument are one token
TOKEN = re.compile(
    r"\\(?:" + "|".join(OPAQUE) + r")\b\*?\s*(?:\{(?:[^{}]|\{[^{}]*\})*\}|\\[a-zA-Z]+|[a-zA-Z])"
    r"|\\(?:left|right|[bB]igg?[lr]?)(?![a-zA-Z])\s*(?:\\[{}|]|\\[a-zA-Z]+|.)"
    r"|\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|'+|\S",
    re.DOTALL,
)
OPENING = {"{": "}", "(": ")", "[": "]", r"\{": r"\}", r"\lfloor": r"\rfloor", r"\lceil": r"\rceil"}
SPACES = {r"\,", r"\;", r"\:", r"\!", r"\ ", r"\quad", r"\qquad", "~"}
JOINTS = {r"\cdot", r"\odot", r"\times", r"\circ", r"\ast", "*"}
FUNCTIONS = {r"\log", r"\ln", r"\exp", r"\sin", r"\cos", r"\tanh", r"\max", r"\min", r"\nabla", r"\partial", r"\sigma"}
FUNCTIONS |= {r"\det", r"\sqrt", "d"}
APPLIED = re.compile(
    r"[A-Zfghs]|\\(?:sigma|ell|mathcal|mathrm|operatorname|text|mathbb|max|min|log|ln|exp|sin|cos|tanh|det).*"
)
RELATIONS = {"=", ":=", r"\leftarrow", r"\approx", r"\sim", r"\le", r"\ge", r"\leq", r"\geq", "<", ">", r"\in", r"\ne"}
ENDS = RELATIONS | {r"\\", "&", ",", ";", ":", ".", "|", r"\|", r"\mid", r"\to", r"\dots"}


@dataclass(frozen=True)
class Token:
    """One piece of LaTeX: its place, and what it is."""

    start: int
    end: int
    text: str

    @property
    def bracket(self) -> str:
        """The bracket that it is, without \\left or \\big."""
        return re.sub(r"^\\(?:left|right|[bB]igg?[lr]?)(?![a-zA-Z])\s*(?=.)", "", self.text)


class Formula:
    """The tokens of one display; `partner` says which bracket closes which."""

    def __init__(self, latex: str) -> None:
        self.latex = latex
        self.tokens = [Token(m.start(), m.end(), m[0]) for m in TOKEN.finditer(latex) if m[0] not in SPACES]
        self.partner: dict[int, int] = {}
        self.inside: list[int] = []  # for each token the bracket that it stands in, or -1
        open_ones: list[int] = []
        self.balanced = True
        for i, token in enumerate(self.tokens):
            bracket = token.bracket
            if open_ones and bracket == OPENING[self.tokens[open_ones[-1]].bracket]:
                first = open_ones.pop()
                self.partner[first], self.partner[i] = i, first
            self.inside.append(open_ones[-1] if open_ones else -1)
            if bracket in OPENING:
                open_ones.append(i)
            elif bracket in OPENING.values() and i not in self.partner:
                self.balanced = False
        self.balanced = self.balanced and not open_ones
        self.script = [self._script(i) for i in range(len(self.tokens))]

    def __len__(self) -> int:
        return len(self.tokens)

    def text(self, i: int) -> str:
        """The token at i; nothing outside."""
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def source(self, first: int, last: int) -> str:
        """The LaTeX from one token through another."""
        return self.latex[self.tokens[first].start : self.tokens[last].end]

    def group(self, i: int) -> int:
        """The last token of the group or the single token that begins at i."""
        return self.partner.get(i, i) if self.tokens[i].bracket in OPENING else i

    def _script(self, i: int) -> str:
        """Which of _ and ^ the token hangs under, at whatever depth; the innermost."""
        while i >= 0:
            if i and self.text(i - 1) in ("_", "^") and self.text(i - 1):
                return self.text(i - 1)
            i = self.inside[i]
        return ""

    def scripted(self, i: int) -> int:
        """The last token of the scripts and primes that follow the token i."""
        while self.text(i + 1) in ("_", "^") or self.text(i + 1).startswith("'"):
            i = i + 1 if self.text(i + 1).startswith("'") else self.group(min(i + 2, len(self) - 1))
        return i

    def atom(self, i: int) -> int:
        """The last token of the factor that begins at i: a letter, a number, a bracket, a fraction, an application."""
        text = self.text(i)
        if text in (r"\frac", r"\binom", r"\tfrac", r"\dfrac"):
            return self.scripted(self.group(self.group(i + 1) + 1))
        last = self.scripted(self.group(i))
        if text in FUNCTIONS and last + 1 < len(self):
            following = self.text(last + 1)
            if text == r"\sigma" and self.tokens[last + 1].bracket != "(":
                return last
            if following not in ENDS and following not in ("+", "-", "}", ")", *JOINTS):
                return self.atom(last + 1)
            return last
        if APPLIED.fullmatch(text) and last + 1 < len(self) and self.tokens[last + 1].bracket in ("(", "["):
            return self.scripted(self.group(last + 1))
        return last

    def chains(self) -> list[tuple[int, int]]:
        """Stretches of terms: from behind an opening bracket or a relation to the next relation or closing bracket."""
        found = []
        for i in range(-1, len(self)):
            begins = i < 0 or self.text(i) in ENDS or self.tokens[i].bracket in OPENING or self.text(i) == "/"
            if not begins:
                continue
            j = i + 1
            while j < len(self) and self.text(j) not in ENDS and self.tokens[j].bracket not in OPENING.values():
                j = self.group(j) + 1
            if j > i + 1:
                found.append((i + 1, j - 1))
        return found

    def terms(self, first: int, last: int) -> list[tuple[int, int]]:
        """The terms of a chain, each with the sign before it."""
        starts, i = [first], first
        while i <= last:
            if self.text(i) in ("+", "-") and i > first:
                starts.append(i)
            i = self.group(i) + 1
        return list(zip(starts, [*(s - 1 for s in starts[1:]), last], strict=True))

    def factors(self, first: int, last: int) -> list[tuple[int, int]]:
        """The factors of a term."""
        found, i = [], first
        while i <= last:
            if self.text(i) in ("+", "-", "/", *JOINTS) or self.text(i).startswith((r"\begin", r"\end")):
                i += 1
                continue
            end = self.atom(i)
            if end > last:
                return []
            found.append((i, end))
            i = end + 1
        return found
