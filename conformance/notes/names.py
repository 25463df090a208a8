"""A name is a letter or a word with its accent, its indices and its primes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from conformance.notes.cursor import Cursor
from conformance.notes.places import LETTERS
from conformance.notes.tokens import CLOSE, OPEN, Token
from conformance.notes.tree import Node, Unreadable, shown
from conformance.notes.vocabulary import APPLIED, COORDINATES, FONTS, WORDS

TRANSPOSED = frozenset(["T", r"\top", r"\intercal", '"T'])
ALWAYS = frozenset(
    ["f", "g", "F", "G", "H", "J", "L", "D", "R", "phi", "psi", "sigma", "Phi", "Psi", "ell"]
)  # functions, whatever stands in the brackets
STRIDES, LENGTHS = frozenset("ds"), frozenset("kfn")  # times one less than a length, and no function of it


ENDS = ("softmax", "relu", "sigmoid")  # of words for functions


class Names(Cursor):
    """Reads what stands after a letter: indices below, labels and powers above, arguments in brackets."""

    def scripts(self, base: Node) -> Node:
        """The base with everything that hangs on it."""
        if self.at and self.row[self.at - 1].text == ")" and (self.text(), self.text(1)) == ("^", "+"):
            self.at += 2  # what is above 0 of it
            return Node("call", "relu", (base,), base.start, self.row[self.at - 1].end)
        indices: list[Node] = []
        powers: list[Node] = []
        name = base.value if base.kind == "sym" else ""
        transposed = False
        end = base.end
        while self.text() in ("_", "^", "'", r"\prime", "!"):
            sign = self.text()
            self.at += 1
            if sign in ("'", r"\prime"):
                name += "'"
            elif sign == "!":
                base = Node("factorial", None, (base,), base.start, self.row[self.at - 1].end)
            elif sign == "_":
                name, found = self.below(name, base)
                indices += found
            else:
                name, index, power, turned = self.above(name, base)
                indices += index
                powers += power
                transposed |= turned
            end = self.row[self.at - 1].end
        if base.kind == "sym":
            base = Node("sym", name, (*base.parts, *indices), base.start, end)
        elif indices and base.kind == "set":
            return base._replace(end=end)
        elif name:
            base = Node("primed", name, (base, *indices), base.start, end)
        elif indices and base.kind in ("sqrt", "div", "pow", "num", "add", "sub", "mul", "neg", "abs", "int", "sum"):
            raise Unreadable("an index on what is no name", indices[0].start)
        elif indices:
            base = Node("index", None, (base, *indices), base.start, end)
        if transposed:
            base = Node("transpose", None, (base,), base.start, end)
        for exponent in powers:
            base = Node("pow", None, (base, exponent), base.start, end)
        return base

    def below(self, name: str, base: Node) -> tuple[str, list[Node]]:
        """Indices, or a label that belongs to the name."""
        inside = self.braced()
        said = "".join(t.text.lstrip('"') for t in inside)
        letters = all(len(t.text) == 1 and t.text.isalpha() and t.text.isascii() for t in inside)
        if base.kind == "sym" and len(inside) > 2 and inside[0].text[0] == '"' and inside[1].text == ",":
            return f"{name}_{inside[0].text[1:]}", self.listed(inside[2:])  # a label, and what it is counted with
        if base.kind == "sym" and (
            any(t.text[0] == '"' for t in inside) or [t.text for t in inside] in ([r"\min"], [r"\max"])
        ):
            said = said.lstrip("\\")
            return f"{name}_{said}", []
        if letters and len(inside) > 1 and base.kind == "sym":
            if (
                said in WORDS
                or len(inside) > 3
                or (len(inside) == 3 and not set(said) <= set("bijklmnchwdots"))
                or (len(inside) == 2 and said[0].isupper())
                or said in ("ih", "hh", "xh")
            ):
                return f"{name}_{said}", []
            return name, [Node("sym", t.text, (), t.start, t.end) for t in inside]  # x_{ij} has two indices
        if all((len(t.text) == 1 and t.text.isalpha()) or t.text.isdigit() for t in inside) and len(inside) > 1:
            return name, [self._single(t.text, t.start, t.end) for t in inside]
        found = self.listed(inside)
        if any(n.kind in ("rel", "and") for n in found):
            return f"{name}_({shown(found[0])})", []
        several = len(found) > 1
        found = [p for n in found for p in (_beside(n, once=several) if _side_by_side(n) else [n])]
        return name, [p for n in found for p in (n.parts if n.kind == "tuple" else (n,))]

    def _single(self, text: str, start: int, end: int) -> Node:
        return Node("num", int(text), (), start, end) if text.isdigit() else Node("sym", text, (), start, end)

    def above(self, name: str, base: Node) -> tuple[str, list[Node], list[Node], bool]:
        """A power, a label such as that of W^Q, the number of a sample in brackets, a transposition."""
        inside = self.braced()
        texts = [t.text for t in inside]
        if not texts:
            raise Unreadable("nothing stands above", self.here())
        if all(t in ("'", r"\prime") for t in texts):
            return name + "'" * len(texts), [], [], False
        if len(texts) > 1 and texts[0] in FONTS and (texts := [t for t in texts[1:] if t not in "{}"]):
            inside = inside[-1:] if len(texts) == 1 else inside
        if len(texts) == 1 and texts[0] in TRANSPOSED:
            return name, [], [], True
        if texts[0] in ("*", r"\star", r"\dagger", "+", "-") and len(texts) == 1:
            return name + texts[0], [], [], False
        if (
            texts[0] in ("(", "[", r"\langle")
            and texts[-1] in (")", "]", r"\rangle")
            and len(texts) > 2
            and base.kind == "sym"
        ):
            return name, self.listed(inside[1:-1]), [], False
        label = "".join(t.lstrip('"') for t in texts)
        if base.kind == "sym" and ((texts[0][0] == '"' and len(texts) == 1) or (len(texts) > 1 and label in WORDS)):
            return f"{name}^{label}", [], [], False
        if base.kind == "sym" and name != "e" and len(label) == len(texts) > 2 and label.isalpha():
            return f"{name}^{label}", [], [], False
        if base.kind == "sym" and len(texts) == 1 and texts[0] in ("Q", "K", "V", "O") and name[:1].isalpha():
            return f"{name}^{label}", [], [], False
        if base.kind == "set":
            return name, [Node("text", "", (), base.end, base.end)], [], False
        found = self.listed(inside)
        if len(found) != 1:
            raise Unreadable("a power with a comma", inside[0].start)
        return name, [], found, False

    def applied(self, base: Node) -> Node:
        """A function with its arguments, where the brackets after a letter are no product."""
        if base.kind != "sym" or self.text() not in ("(", "[") or self.at not in self.close:
            return base
        inside = self.row[self.at + 1 : self.close[self.at]]
        if not inside or not self.applies(base, [t.text for t in inside]):
            return base
        bracket = self.text()
        self.at = self.close[self.at] + 1
        arguments = self.listed(_before_parameters(inside))
        end = self.row[self.at - 1].end
        counted = bracket == "[" and (len(base.value) == 1 or all(t.text.isdigit() for t in inside))
        letters = all(t.text in LETTERS or t.text == "," for t in inside)
        kind = "sym" if counted or (base.parts and letters) else "apply"
        if kind == "sym":
            return self.scripts(Node("sym", base.value, (*base.parts, *arguments), base.start, end))
        made = Node("apply", base.value, (*base.parts, *arguments), base.start, end)
        return self.scripts(made) if self.text() in ("_", "^") else made

    def applies(self, base: Node, inside: list[str]) -> bool:
        name = base.value.split(" ")[-1].rstrip("'*")
        name = name.split("_")[0]
        coordinates = all(t.lstrip("\\") in COORDINATES or t.isdigit() or t in "+-,;" for t in inside)
        if self.text() == "[":
            if all(t.isdigit() for t in inside):
                return True
            return (coordinates and len(name) == 1) or name == "RMS"
        if base.value.endswith(ENDS):
            return True
        if len(name) > 1 and name not in APPLIED and "\\" not in base.value and name.isascii() and not base.parts:
            return not name.islower() or name in ("loss", "cost", "head")
        less = any(a in "+-" and b.isdigit() for a, b in pairwise(inside))
        if name in ALWAYS and not (name in ("D", "R", "F", "G", "H") and less and inside[0] != "1"):
            return True
        if len(name) == 1 and _between_brackets(inside) & {",", ";"} and not self.gap():
            return True  # of several, which nothing is multiplied with
        if inside[0] == "1" and len(inside) > 2 and inside[1] in "+-":
            return False
        if name in STRIDES and less and inside[0] in LENGTHS:
            return False
        if name in APPLIED and not self.gap():
            return True
        lone = all(t.lstrip("\\") in COORDINATES - {"x", "y", "z"} or t.isdigit() or t in "+-," for t in inside)
        return lone and not self.gap() and not base.parts and len(name) == 1 and (len(inside) < 4 or "," in inside)


def _before_parameters(inside: Sequence[Token]) -> Sequence[Token]:
    """What a function is taken of, without the parameters that follow a semicolon."""
    depth = 0
    for k, token in enumerate(inside):
        depth += (token.text in OPEN) - (token.text in CLOSE)
        if depth == 0 and token.text == ";" and k:
            return inside[:k]
    return inside


def _between_brackets(texts: list[str]) -> set[str]:
    """What stands outside of all brackets."""
    depth, found = 0, set()
    for text in texts:
        depth += (text in OPEN) - (text in CLOSE)
        if depth == 0:
            found.add(text)
    return found


def _side_by_side(node: Node) -> bool:
    """Names in a row under a name are several indices."""
    return node.kind == "mul" and node.value == "" and all(n.kind == "sym" for n in _factors(node))


def _beside(node: Node, *, once: bool) -> list[Node]:
    """Indices in a row; what stands on a diagonal, as in G_{t,ii}, has one number."""
    letters = _factors(node)
    return letters[:1] if once and len({n.value for n in letters}) == 1 else letters


def _factors(node: Node) -> list[Node]:
    if node.kind == "mul" and node.value == "":
        return [*_factors(node.parts[0]), *_factors(node.parts[1])]
    return [node]
