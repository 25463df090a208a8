"""The smallest parts of a formula: numbers, names, functions, brackets, derivatives and expectations."""

from __future__ import annotations

from conformance.notes.brackets import Brackets
from conformance.notes.tokens import OPEN
from conformance.notes.tree import Node, Unreadable, shown
from conformance.notes.vocabulary import ACCENTS, CURLED, FONTS, FUNCTIONS, LETTERS, TEXTS

MARKS = frozenset([r"\underbrace", r"\overbrace", r"\stackrel", r"\overset", r"\underset", r"\boxed", r"\cancel"])
BEGINS = (
    frozenset([*OPEN, r"\frac", r"\sqrt", r"\sum", r"\prod", r"\int", r"\nabla", r"\begin", r"\binom", r"\dots"])
    | {r"\top"} | LETTERS | FONTS | ACCENTS.keys() | TEXTS | MARKS | {name for name in FUNCTIONS if name[0] == "\\"}
) - {r"\}"}  # fmt: skip


class Atoms(Brackets):
    """Reads what binds tightest."""

    def begins(self) -> bool:
        """Whether something that is multiplied begins here."""
        text = self.text()
        if text == "|":
            return not self.inside_bars
        if text == r"\|":
            return not self.inside_norm
        if text[:1] == '"':
            return (
                text[1:].strip() != "" and " " not in text and not text[1:].startswith(("where", "else", "if", "for"))
            )
        return text in BEGINS or (text.isalnum() and text.isascii()) or text[:1].isdigit()

    def power(self) -> Node:
        if self.text() == "-":
            return self._negative()
        base = self.atom()
        if base.kind == "mul" and base.value in ("*", r"\star", r"\odot") and self.text() in ("(", "["):
            return self._convolved(base)
        behind = self.at
        made = self.scripts(self.applied(base))
        if made.kind == "sym" and self.at > behind and self.text() == "(":
            bare = made.parts and len(made.value) > 5  # LayerNorm_1(x) has arguments too
            called = self.applied(made._replace(parts=()) if bare else made)
            if bare:
                called = called._replace(parts=(*made.parts, *called.parts)) if called.kind == "apply" else made
            made = self.scripts(called)
        return made

    def _convolved(self, base: Node) -> Node:
        """(f * g)(t) is a function of its own."""
        if not all(part.kind == "sym" and not part.parts for part in base.parts):
            return base
        opened = self.at
        if opened not in self.close:
            return base
        inside = self.row[opened + 1 : self.close[opened]]
        self.at = self.close[opened] + 1
        name = "*".join(part.value for part in base.parts)
        return Node("apply", name, tuple(self.listed(inside)), base.start, self.row[self.at - 1].end)

    def _negative(self) -> Node:
        start = self.here()
        self.at += 1
        body = self.power()
        return Node("neg", None, (body,), start, body.end)

    def atom(self) -> Node:
        text, start = self.text(), self.here()
        if self.done():
            raise Unreadable("the formula ends where something is missing", start)
        end = self.row[self.at].end
        if text[0].isdigit():
            self.at += 1
            number = text.replace(",", "")
            return Node("num", float(number) if "." in number else int(number), (), start, end)
        if text in OPEN:
            return self.group()
        if text in ("|", r"\|"):
            return self.bars(text)
        reader = {
            r"\frac": self.fraction, r"\sqrt": self.root, r"\begin": self.table, r"\nabla": self.gradient,
            r"\partial": self.partial, r"\binom": self.binomial, r"\dots": self._dots,
        }.get(text)  # fmt: skip
        if reader is not None:
            return reader()
        if text in MARKS:
            return self.marked(text)
        if text in ACCENTS:
            self.at += 1
            inside = self.argument()
            return self._accented(ACCENTS[text], inside, start)
        if text in FONTS:
            return self._font(text, start)
        if text in FUNCTIONS or (text[0] == '"' and text[1:] in FUNCTIONS):
            self.at += 1
            return self.function(FUNCTIONS[text.lstrip('"')], start)
        if text[0] == '"':
            return self._said(text[1:], start, end)
        if text in LETTERS:
            self.at += 1
            if text == r"\infty":
                return Node("num", float("inf"), (), start, end)
            return self._delta(Node("sym", text[1:], (), start, end))
        if text.isalpha() and text.isascii():
            return self._letters(start)
        raise Unreadable(f"{self.row[self.at].source!r} is not known here", start)

    def _letters(self, start: int) -> Node:
        word = self.word()
        if word:
            self.at += len(word)
            end = self.row[self.at - 1].end
            if word in FUNCTIONS:
                return self.function(FUNCTIONS[word], start)
            following = self.word()
            if following and self.gap() and following not in FUNCTIONS:  # words in a row are one name
                self.at += len(following)
                word, end = f"{word} {following}", self.row[self.at - 1].end
            return Node("sym", word, (), start, end)
        token = self.row[self.at]
        self.at += 1
        if token.text == "E" and self.text() == "[":
            return self.expectation("E", start)
        return Node("sym", token.text, (), start, token.end)

    def _said(self, said: str, start: int, end: int) -> Node:
        if not said or " " in said or not said.replace("-", "").replace("_", "").isalnum() or not said.isascii():
            raise Unreadable(f"the words {said!r}", start)
        self.at += 1
        if (said in ("E", "Var", "var", "Cov") and self.text() in ("[", "(", "_")) or said in ("Var", "var"):
            return self.expectation("Var" if said.lower() == "var" else said, start)
        after = [t.text for t in self.row[self.at : self.at + 3]]
        if said in ("Bias", "bias") and (after[:1] in (["["], ["("]) or after == ["^", "2", "["]):
            return self.expectation("Bias", start)
        return Node("sym", said, (), start, end)

    def _font(self, text: str, start: int) -> Node:
        self.at += 1
        curl = CURLED.get(text, "")
        inside = self.row[self.at : self.at + 3]
        meant = [t.text for t in inside] == ["{", "E", "}"] and (curl == "bb" or self.text(3) == "[")
        if meant or (curl == "bb" and self.text() == "E"):
            self.braced()
            return self.expectation("E", start)
        if text in (r"\bf", r"\rm", r"\cal", r"\it"):
            return self.atom()
        made = self.argument()
        if made.kind == "num" and made.value == 1 and (condition := self.indicated()) is not None:
            return condition._replace(start=start)
        if made.kind == "sym" and curl:
            return self._delta(made._replace(value=f"{curl} {made.value}", start=start))
        if made.kind in ("sym", "num"):
            return self._delta(made._replace(start=start))
        return made._replace(start=start)

    def indicated(self) -> Node | None:
        """The condition of an indicator: a 1 with what it asks below it, or in brackets behind it."""
        asked = self.at
        if self.text() == "_":
            self.at += 1
            inside = self.braced()
        elif self.text() in ("[", "(", r"\{") and self.at in self.close:
            inside = self.row[self.at + 1 : self.close[self.at]]
            self.at = self.close[self.at] + 1
        else:
            return None
        if len(inside) > 2 and inside[0].text in ("[", "(", r"\{") and inside[-1].text in ("]", ")", r"\}"):
            inside = inside[1:-1]
        found = self.listed(inside)
        if len(found) == 1 and found[0].kind in ("rel", "and", "or"):
            return Node("holds", None, (found[0],), found[0].start, self.row[self.at - 1].end)
        self.at = asked
        return None

    def _accented(self, accent: str, inside: Node, start: int) -> Node:
        if inside.kind == "sym":
            return inside._replace(value=f"{accent} {inside.value}", start=start, end=self.row[self.at - 1].end)
        if inside.kind == "pow" and inside.parts[0].kind == "sym":  # \bar{x^2} is the mean of squares
            return Node("sym", f"{accent} {shown(inside)}", (), start, inside.end)
        raise Unreadable(f"a {accent} over what is no name", start)

    def _delta(self, made: Node) -> Node:
        """A change has the name of what changes."""
        if made.value != "Delta" or self.text() in ("_", "^", ""):
            return made
        at = self.at
        try:
            following = self.scripts(self.atom())
        except Unreadable:
            following = made
        if following.kind == "pow" and following.parts[0].kind == "sym":
            base = following.parts[0]._replace(value=f"Delta {following.parts[0].value}", start=made.start)
            return following._replace(parts=(base, following.parts[1]), start=made.start)
        if following.kind != "sym" or following is made:
            self.at = at
            return made
        return following._replace(value=f"Delta {following.value}", start=made.start)

    def marked(self, text: str) -> Node:
        """A part with something written over or under it: its label, or nothing that matters."""
        start = self.here()
        self.at += 1
        if text in (r"\boxed", r"\cancel"):
            return self.argument()
        if text in (r"\underbrace", r"\overbrace"):
            body = self.argument()
            label = ""
            if self.text() in ("_", "^"):
                self.at += 1
                label = _label(self.braced())
            return Node("label", label, (body,), start, self.row[self.at - 1].end)
        first, second = self.braced(), self.braced()
        if [t.text for t in second] == ["="]:
            raise Unreadable("a sign of relation with something over it", start)
        formula, said = (first, second) if _formula(first) >= _formula(second) else (second, first)
        inner = self.inner(formula)
        found = inner.sum()
        if not inner.done():
            raise Unreadable("what has something over it", inner.here())
        return Node("label", _label(said), (found,), start, self.row[self.at - 1].end)

    # what the calculus reads
    def function(self, name: str, start: int) -> Node:
        raise NotImplementedError

    def expectation(self, kind: str, start: int) -> Node:
        raise NotImplementedError

    def gradient(self) -> Node:
        raise NotImplementedError

    def partial(self) -> Node:
        raise NotImplementedError

    def binomial(self) -> Node:
        raise NotImplementedError

    def _dots(self) -> Node:
        start = self.here()
        self.at += 1
        return Node("dots", None, (), start, self.row[self.at - 1].end)


def _label(row: object) -> str:
    return "".join(getattr(t, "text", "").lstrip('"\\') for t in row)  # type: ignore[attr-defined]


def _formula(row: object) -> int:
    """How much of a formula a row of tokens is, rather than a word."""
    texts = [getattr(t, "text", "") for t in row]  # type: ignore[attr-defined]
    return sum(t[:1] == "\\" or t in ("(", "[", "-", "+", "=") for t in texts)
