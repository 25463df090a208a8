"""Where a part of a tree stands among the signs of its row, and what it costs that it slipped."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.notes.chains import Part, Way
from conformance.notes.tokens import CLOSE, OPEN, Token
from conformance.notes.tree import Node

SIGN, NAME, NUMBER, FUNCTION, ROOT, POWER, FLIP = 1.0, 1.0, 1.0, 1.0, 1.1, 1.0, 1.1  # what one slip costs
AROUND = 1.2  # what it costs that a function or a sum's sign is missing around something, or too much
MARK = 0.25  # what the sign of a term adds
AGAIN = 0.1  # what it costs that a slip is one of several
ANOTHER = 9.0  # what is no slip


class Stretches:
    """The signs of a statement and of a formula, and where parts of their trees stand."""

    def __init__(self, mine: Sequence[Token], theirs: Sequence[Token], empty: frozenset[int] = frozenset()) -> None:
        self.mine, self.theirs = [t.text for t in mine], [t.text for t in theirs]
        self.empty = empty  # where nothing stands that says something, but anything may

    def way(self, a: Node, b: Node) -> Way:
        """What the fewest slips cost that lead from one part to the other, and which they are."""
        raise NotImplementedError

    def place(self, a: Node) -> tuple[int, int]:
        """From where to where a part of the statement stands, without the power above it."""
        return bare(self.mine, a)

    def end(self, a: Node) -> int:
        """Where a part ends, with the power above it."""
        return core(self.mine, a)[1]

    def text(self, b: Node, *, tight: bool = False) -> tuple[str, ...]:
        """How the formula writes a part, in brackets where it needs them."""
        some = self.theirs[slice(*core(self.theirs, b))]
        loose = b.kind in ("add", "sub", "neg") and not (some[:1] == ["("] and one_group(some))
        return ("(", *some, ")") if tight and loose else tuple(some)


def complement(node: Node) -> bool:
    """Whether something is one less something."""
    return bool(node.kind == "sub" and node.parts[0].kind == "num" and node.parts[0].value == 1)


def exponent(node: Node) -> Node | None:
    """What a power of e is to."""
    if node.kind == "call" and node.value == "exp":
        only: Node = node.parts[0]
        return only
    above: Node | None = node.parts[1] if node.kind == "pow" and node.parts[0].value == "e" else None
    return above


def limits(node: Node) -> tuple[object, ...]:
    """With what a sum counts, and which of its limits are given."""
    return node.value, *(part is None for part in node.parts[:2])


def core(texts: Sequence[str], node: Node) -> tuple[int, int]:
    """From where to where something stands within braces that are its own."""
    first, last = node.start, node.end
    while texts[first] == "{" and last - first > 2 and one_group(texts[first:last]):
        first, last = first + 1, last - 1
    return first, last


def bare(texts: Sequence[str], node: Node) -> tuple[int, int]:
    """From where to where something stands, without the power that belongs to it or to what it is in."""
    first, last = core(texts, node)
    depth = 0
    for k in range(first, last) if node.kind in ("sym", "pow", "transpose", "apply") else ():
        if depth == 0 and k > first and texts[k] == "^" and texts[k + 1 : k + 3] != ["{", "("]:
            return first, k
        depth += (texts[k] in OPEN) - (texts[k] in CLOSE)
    return first, last


def one_group(some: Sequence[str]) -> bool:
    """Whether what opens first closes last."""
    depth = 0
    for k, text in enumerate(some):
        depth += (text in OPEN) - (text in CLOSE)
        if depth == 0:
            return k == len(some) - 1
    return False


def lone(node: Node) -> bool:
    """Whether something is one name or number, with its index and its power."""
    power = node.kind == "pow" and all(part.kind in ("sym", "num") for part in node.parts)
    return power or size(node) == 1


def size(node: Node) -> int:
    """How many names, numbers and signs there are."""
    if node.kind in ("sym", "num", "text"):
        return 1
    inside = sum(size(part) for part in node.parts if isinstance(part, Node))
    return inside + (node.kind not in ("mul", "rel"))


def too_much(node: Node) -> float:
    """What it costs that something is too much."""
    return 0.75 + 0.25 * size(node)


def lacking(node: Node) -> float:
    """What it costs that something is missing, which is one thing, however long."""
    much = size(node)
    return 0.75 + 0.25 * min(much, 3) + 0.025 * max(0, much - 3)


def edit(cost: float, part: Part) -> Way:
    return cost, ((cost, (part,)),)


def total(ways: Sequence[Way]) -> Way:
    return sum(way[0] for way in ways), tuple(edit for way in ways for edit in way[1])
