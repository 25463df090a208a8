"""What leads from a statement's tree to a formula's are a few slips, in whatever order its terms and factors stand."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from conformance.notes.around import Around
from conformance.notes.chains import Edit, Way, factors, matched, terms
from conformance.notes.change import Change, written
from conformance.notes.parse import parse
from conformance.notes.stretches import (
    AGAIN,
    ANOTHER,
    MARK,
    SIGN,
    edit,
    exponent,
    lacking,
    limits,
    one_group,
    too_much,
    total,
)
from conformance.notes.tokens import OPEN, Token
from conformance.notes.tree import Node, Unreadable
from conformance.notes.vocabulary import RELATIONS, TIMES

EDITS = 7  # slips of which some lead to a formula, beyond which it is another one
CHOSEN = 4  # of them at most


def aligned(row: Sequence[Token], goal: Sequence[str], most: float, *, missing: bool = False) -> list[Change]:
    """Changes that lead from a row nearer to a formula, each slip alone and some together.

    Where something is missing, what stands in its place is in no note.
    """
    mine, here = _read(tuple(row))
    theirs, there = _read(tuple([written(text) for text in goal]))
    if here is None or there is None:
        return []
    empty = frozenset(k for k, token in enumerate(row) if missing and token.start < 0)
    _, found = Aligner(mine, theirs, empty).way(here, there)
    edits = _exchanged(found, [t.text for t in row])
    if len(edits) > EDITS:
        return []
    made = []
    for n in range(1, min(len(edits), CHOSEN) + 1):
        for some in itertools.combinations(edits, n):
            parts = tuple(sorted(part for _, parts in some for part in parts))
            cost = sum(edit[0] for edit in some) + AGAIN * (n - 1)
            if cost <= most and all(a[1] <= b[0] for a, b in itertools.pairwise(parts)):
                made.append(Change(cost, parts, guided=True))
    return made


@lru_cache(maxsize=64)
def _read(row: tuple[Token, ...]) -> tuple[list[Token], Node | None]:
    """The signs of a row, each numbered, and its tree, if it can be read: one row is held against many formulas."""
    signs = numbered(row)
    try:
        return signs, parse(signs)
    except Unreadable:
        return signs, None


def numbered(row: Sequence[Token]) -> list[Token]:
    """The same signs, each of which stands where it is in the row."""
    return [replace(t, start=k, end=k + 1) for k, t in enumerate(row)]


def _exchanged(edits: Sequence[Edit], texts: Sequence[str]) -> list[Edit]:
    """The same slips; two signs that stand in each other's place are one."""
    left, made = list(edits), []
    while left:
        cost, parts = left.pop(0)
        first, last, new = parts[0]
        other = next(
            (e for e in left if len(parts) == len(e[1]) == 1 and last > first
             and (tuple(texts[first:last]), new) == (e[1][0][2], tuple(texts[slice(*e[1][0][:2])]))), None,
        )  # fmt: skip
        if other is not None:
            left.remove(other)
            cost, parts = max(cost, other[0]) + AGAIN, (*parts, *other[1])
        made.append((cost, parts))
    return made


class Aligner(Around):
    """Two trees, and the signs from which they were read."""

    def __init__(self, mine: Sequence[Token], theirs: Sequence[Token], empty: frozenset[int] = frozenset()) -> None:
        super().__init__(mine, theirs, empty)
        self.known: dict[tuple[int, int], Way] = {}
        self.texts: dict[int, str] = {}

    def way(self, a: Node, b: Node) -> Way:
        """What the fewest slips cost that lead from one to the other, and which they are."""
        key = id(a), id(b)
        if key not in self.known:
            self.known[key] = (0.0, ()) if self.said(a) == self.said(b) else self._cheapest(a, b)
        return self.known[key]

    def _cheapest(self, a: Node, b: Node) -> Way:
        written_out = 0 <= a.start < a.end <= len(self.mine) and 0 <= b.start < b.end <= len(self.theirs)
        return min(self._ways(a, b), key=lambda way: way[0]) if written_out else (ANOTHER, ())

    def said(self, node: Node | None) -> str:
        """A tree in one line; neither the order of terms and factors nor how a power of e is written matters."""
        if node is None:
            return "·"
        if id(node) not in self.texts:
            self.texts[id(node)] = self._said(node)
        return self.texts[id(node)]

    def _said(self, node: Node) -> str:
        if node.kind in ("add", "sub", "neg"):
            return "sum(" + ", ".join(sorted(f"{sign:+}{self.said(part)}" for part, sign, _ in terms(node))) + ")"
        if node.kind in ("mul", "div") and node.value not in ("*", r"\star"):
            some = [(part, power) for part, power in factors(node) if (part.kind, part.value) != ("num", 1)]
            return "mul(" + ", ".join(sorted(f"{self.said(part)}^{power}" for part, power in some)) + ")"
        if node.kind == "pow" and (node.parts[0].kind, node.parts[0].value) == ("sym", "e"):
            return f"call:exp({self.said(node.parts[1])})"
        kept = node.parts[3:] if node.kind in ("sum", "prod") and None in node.parts[:2] else node.parts
        value = "frac" if node.kind == "div" else node.value
        return f"{node.kind}:{value}({', '.join(self.said(part) for part in kept)})"

    def _ways(self, a: Node, b: Node) -> Iterator[Way]:
        yield self._replaced(a, b)
        if a.end - a.start == 1 and self.mine[a.start - 1] in ("_", "^"):
            return
        if (one := exponent(a)) is not None and (other := exponent(b)) is not None:
            yield self.way(one, other)
        if a.kind == b.kind and a.value == b.value and len(a.parts) == len(b.parts) and a.kind not in ("num", "text"):
            yield self._parts(a, b)
        yield from self._named(a, b)
        if {"add", "sub", "neg"} & {a.kind, b.kind}:
            yield self._terms(a, b)
        if len(factors(a)) + len(factors(b)) > 2:
            yield self._factors(a, b)
        if a.kind == b.kind == "div":
            yield self._flipped(a, b)
        yield from self._complements(a, b)
        yield from self._wrapped(a, b)
        yield from self._unwrapped(a, b)
        if a.kind == b.kind and a.kind in ("sum", "prod", "max", "min", "int") and limits(a) != limits(b):
            yield self._counted(a, b)

    def _terms(self, a: Node, b: Node) -> Way:
        mine, theirs = terms(a), terms(b)
        found = matched(mine, theirs, self._term, lambda t: too_much(t[0]) + MARK, lambda t: lacking(t[0]) + MARK)
        ways: list[Way] = [found.way]
        first, last = self.place(a)
        some = self.mine[first:last]
        bracketed = some[:1] in (["("], ["["], ["{"]) and one_group(some)
        kept = {i for i, _ in found.pairs}
        for i in found.lost:
            at, end = self._with_sign(mine, i)
            ways.append(edit(too_much(mine[i][0]) + MARK, (at, end, ())))
        for j in found.missing:
            part, sign, _ = theirs[j]
            text, cost = self.text(part, tight=sign < 0), lacking(part) + MARK
            before = [i for i, k in found.pairs if k < j]
            if before or not kept:
                at = self.end(mine[max(before, default=len(mine) - 1)][0])
                at = min(at, last - bracketed)
                ways.append(edit(cost, (at, at, ("+" if sign > 0 else "-", *text))))
            else:
                i = min(kept)
                at = self.place(mine[i][0])[0] if mine[i][1] > 0 else max(mine[i][2], first + bracketed)
                after = ("+",) if mine[i][1] > 0 else ()
                ways.append(edit(cost, (at, at, (*(() if sign > 0 else ("-",)), *text, *after))))
        return total(ways)

    def _with_sign(self, mine: Sequence[tuple[Node, int, int]], i: int) -> tuple[int, int]:
        """From where to where a term stands with its sign, or with the one behind it."""
        first, last = self.place(mine[i][0])[0], self.end(mine[i][0])
        if mine[i][2] >= 0:
            return min(first, mine[i][2]), last
        plus = last < len(self.mine) and self.mine[last] == "+"
        return first, last + plus

    def _term(self, one: tuple[Node, int, int], other: tuple[Node, int, int]) -> Way:
        cost, edits = self.way(one[0], other[0])
        if one[1] == other[1]:
            return cost, edits
        at = one[2]
        if at >= 0:
            lone = at == 0 or self.mine[at - 1] in (*RELATIONS, *OPEN) or self.mine[at] != "+-"[one[1] < 0]
            edit: Edit = (SIGN, ((at, at + 1, () if lone and one[1] < 0 else ("-" if one[1] > 0 else "+",)),))
        else:
            first = self.place(one[0])[0]
            edit = (SIGN, ((first, first, ("-",)),))
        return cost + SIGN, (*edits, edit)

    def _factors(self, a: Node, b: Node) -> Way:
        mine, theirs = factors(a), factors(b)
        ones = [i for i, (part, _) in enumerate(mine) if (part.kind, part.value) == ("num", 1)]
        theirs = [f for f in theirs if (f[0].kind, f[0].value) != ("num", 1)]
        some = [f for i, f in enumerate(mine) if i not in ones]
        found = matched(some, theirs, self._factor, lambda f: too_much(f[0]), lambda f: lacking(f[0]))
        ways: list[Way] = [found.way]
        for i in found.lost:
            first, last = self.place(some[i][0])[0], self.end(some[i][0])
            whole = self.mine[first - 1] == "{" and self.mine[last : last + 1] == ["}"]
            ways.append(edit(too_much(some[i][0]), (first, last, ("1",) if whole else ())))
        for j in found.missing:
            part, power = theirs[j]
            text = self.text(part, tight=True) if power > 0 else (r"\frac", "{", "1", "}", "{", *self.text(part), "}")
            before = [i for i, k in found.pairs if k < j and some[i][1] > 0]
            after = [i for i, k in found.pairs if k > j and some[i][1] > 0]
            if after:
                at = self.place(some[min(after)][0])[0]
                text = (*text, *(t for t in self.theirs[part.end : part.end + 1] if t in TIMES))
            elif before:
                at = self.end(some[max(before)][0])
                text = (*(t for t in self.theirs[part.start - 1 : part.start] if t in TIMES), *text)
            else:
                at = self.place(a)[0]
            ways.append(edit(lacking(part), (at, at, text)))
        return total(ways)

    def _factor(self, one: tuple[Node, int], other: tuple[Node, int]) -> Way:
        cost, edits = self.way(one[0], other[0])
        return (cost, edits) if one[1] == other[1] else (ANOTHER, ())
