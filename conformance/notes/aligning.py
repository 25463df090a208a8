"""What leads from a statement's tree to a formula's are a few slips, in whatever order its terms and factors stand."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from conformance.notes.chains import Edit, Part, Way, factors, matched, terms
from conformance.notes.change import Change, written
from conformance.notes.parse import parse
from conformance.notes.tokens import CLOSE, OPEN, Token
from conformance.notes.tree import Node, Unreadable
from conformance.notes.vocabulary import RELATIONS, TIMES

AGAIN = 0.1  # what it costs that a slip is one of several
EDITS = 7  # slips of which some lead to a formula, beyond which it is another one
CHOSEN = 4  # of them at most
LOST = frozenset(["exp", "ln", "log", "sin", "cos", "tanh", "sigma", "sqrt"])  # functions that somebody may forget
MARK = 0.25  # what the sign of a term adds
ANOTHER = 9.0  # what is no slip
SIGN, NAME, NUMBER, FUNCTION, ROOT, POWER, FLIP = 1.0, 1.0, 1.0, 1.0, 1.1, 1.0, 1.1  # what one slip costs


def aligned(row: Sequence[Token], goal: Sequence[str], most: float, *, missing: bool = False) -> list[Change]:
    """Changes that lead from a row nearer to a formula, each slip alone and some together.

    Where something is missing, what stands in its place is in no note.
    """
    mine, theirs = numbered(row), numbered([written(text) for text in goal])
    try:
        here, there = parse(mine), parse(theirs)
    except Unreadable:
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


class Aligner:
    """Two trees, and the signs from which they were read."""

    def __init__(self, mine: Sequence[Token], theirs: Sequence[Token], empty: frozenset[int] = frozenset()) -> None:
        self.mine, self.theirs = [t.text for t in mine], [t.text for t in theirs]
        self.empty = empty  # where nothing stands that says something, but anything may
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
        if (one := _exponent(a)) is not None and (other := _exponent(b)) is not None:
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
        if a.kind == b.kind and a.kind in ("sum", "prod", "max", "min", "int") and _limits(a) != _limits(b):
            yield self._counted(a, b)

    # what stands where

    def place(self, a: Node) -> tuple[int, int]:
        """From where to where a part of the statement stands, without the power above it."""
        return _bare(self.mine, a)

    def text(self, b: Node, *, tight: bool = False) -> tuple[str, ...]:
        """How the formula writes a part, in brackets where it needs them."""
        some = self.theirs[slice(*_core(self.theirs, b))]
        loose = b.kind in ("add", "sub", "neg") and not (some[:1] == ["("] and _one_group(some))
        return ("(", *some, ")") if tight and loose else tuple(some)

    def _replaced(self, a: Node, b: Node) -> Way:
        first, last = self.place(a)
        if a.kind in ("pow", "transpose"):
            last = _core(self.mine, a)[1]
        text = self.text(b, tight=self.mine[first] == "(" and _one_group(self.mine[first:last]))
        if last - first == 1 and self.mine[first - 1] in ("_", "^") and len(text) > 1:
            text = ("{", *text, "}")
        one, other = (n.parts[0].value if n.kind == "pow" else n.value for n in (a, b))
        powered = a.kind != b.kind and one == other  # the same name with a power, or without it
        cost = NAME if _lone(a) and _lone(b) and not powered else ANOTHER
        if a.kind == "sym" and a.start in self.empty:
            cost, text = _new(b), self.text(b, tight=True)
        return cost, ((cost, ((first, last, text),)),)

    def _parts(self, a: Node, b: Node) -> Way:
        """Part by part; what one of them does not say is nothing amiss."""
        pairs = [(x, y) for x, y in zip(a.parts, b.parts, strict=True) if x is not None and y is not None]
        return _sum([self.way(x, y) for x, y in pairs])

    def _named(self, a: Node, b: Node) -> Iterator[Way]:
        """One name for another, or one function, one relation."""
        first, last = self.place(a)
        if a.kind == b.kind == "call" and len(a.parts) == len(b.parts) and a.value != b.value:
            there = _bare(self.theirs, b)[0]
            edit = (FUNCTION, ((first, first + 1, (self.theirs[there],)),))
            yield _sum([(FUNCTION, (edit,)), self._parts(a, b)])
        if a.kind == "call" and len(a.parts) == 1 and a.value != "exp" and (above := _exponent(b)) is not None:
            edit = (FUNCTION, ((first, first + 1, (r"\exp",)),))
            yield _sum([(FUNCTION, (edit,)), self.way(a.parts[0], above)])
        if a.kind == b.kind == "rel" and len(a.parts) == len(b.parts) == 2 and a.value != b.value:
            at, there = (self._relation(n, texts) for n, texts in ((a, self.mine), (b, self.theirs)))
            if at and there:
                yield _sum([(SIGN, ((SIGN, ((at, at + 1, (self.theirs[there],)),)),)), self._parts(a, b)])
        if a.kind == b.kind == "num":
            yield NUMBER, ((NUMBER, ((first, last, self.text(b)),)),)

    def _relation(self, node: Node, texts: Sequence[str]) -> int:
        """Where the sign between two sides stands."""
        return next((k for k in range(node.parts[1].start - 1, node.start, -1) if texts[k] in RELATIONS), 0)

    # sums and products

    def _terms(self, a: Node, b: Node) -> Way:
        mine, theirs = terms(a), terms(b)
        found = matched(mine, theirs, self._term, lambda t: _gone(t[0]) + MARK, lambda t: _new(t[0]) + MARK)
        ways: list[Way] = [found.way]
        first, last = self.place(a)
        some = self.mine[first:last]
        bracketed = some[:1] in (["("], ["["], ["{"]) and _one_group(some)
        kept = {i for i, _ in found.pairs}
        for i in found.lost:
            at, end = self._with_sign(mine, i)
            ways.append(_edit(_gone(mine[i][0]) + MARK, (at, end, ())))
        for j in found.missing:
            part, sign, _ = theirs[j]
            text, cost = self.text(part, tight=sign < 0), _new(part) + MARK
            before = [i for i, k in found.pairs if k < j]
            if before or not kept:
                at = self._end(mine[max(before, default=len(mine) - 1)][0])
                at = min(at, last - bracketed)
                ways.append(_edit(cost, (at, at, ("+" if sign > 0 else "-", *text))))
            else:
                i = min(kept)
                at = self.place(mine[i][0])[0] if mine[i][1] > 0 else max(mine[i][2], first + bracketed)
                after = ("+",) if mine[i][1] > 0 else ()
                ways.append(_edit(cost, (at, at, (*(() if sign > 0 else ("-",)), *text, *after))))
        return _sum(ways)

    def _with_sign(self, mine: Sequence[tuple[Node, int, int]], i: int) -> tuple[int, int]:
        """From where to where a term stands with its sign, or with the one behind it."""
        first, last = self.place(mine[i][0])[0], self._end(mine[i][0])
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
        found = matched(some, theirs, self._factor, lambda f: _gone(f[0]), lambda f: _new(f[0]))
        ways: list[Way] = [found.way]
        for i in found.lost:
            first, last = self.place(some[i][0])[0], self._end(some[i][0])
            whole = self.mine[first - 1] == "{" and self.mine[last : last + 1] == ["}"]
            ways.append(_edit(_gone(some[i][0]), (first, last, ("1",) if whole else ())))
        for j in found.missing:
            part, power = theirs[j]
            text = self.text(part, tight=True) if power > 0 else (r"\frac", "{", "1", "}", "{", *self.text(part), "}")
            before = [i for i, k in found.pairs if k < j and some[i][1] > 0]
            after = [i for i, k in found.pairs if k > j and some[i][1] > 0]
            if after:
                at = self.place(some[min(after)][0])[0]
                text = (*text, *(t for t in self.theirs[part.end : part.end + 1] if t in TIMES))
            elif before:
                at = self._end(some[max(before)][0])
                text = (*(t for t in self.theirs[part.start - 1 : part.start] if t in TIMES), *text)
            else:
                at = self.place(a)[0]
            ways.append(_edit(_new(part), (at, at, text)))
        return _sum(ways)

    def _end(self, a: Node) -> int:
        """Where a part ends, with the power above it."""
        return _core(self.mine, a)[1]

    def _factor(self, one: tuple[Node, int], other: tuple[Node, int]) -> Way:
        cost, edits = self.way(one[0], other[0])
        return (cost, edits) if one[1] == other[1] else (ANOTHER, ())

    def _flipped(self, a: Node, b: Node) -> Way:
        """What stands below the line stands above it."""
        up, down = self.way(a.parts[1], b.parts[0]), self.way(a.parts[0], b.parts[1])
        (first, last), (start, end) = (a.parts[0].start, a.parts[0].end), (a.parts[1].start, a.parts[1].end)
        one, two = self._rendered(first, last, down[1]), self._rendered(start, end, up[1])
        cost = FLIP + up[0] + down[0] + AGAIN * (len(up[1]) + len(down[1]))
        return cost, ((cost, ((first, last, two), (start, end, one))),)

    def _rendered(self, first: int, last: int, edits: Sequence[Edit]) -> tuple[str, ...]:
        """What some signs become by slips in them."""
        some = self.mine[:]
        for at, end, new in sorted((part for _, parts in edits for part in parts), reverse=True):
            some[at:end] = new
            last += len(new) - (end - at)
        return tuple(some[first:last])

    def _complements(self, a: Node, b: Node) -> Iterator[Way]:
        """Something for what it lacks to be one, or the other way round."""
        first, last = self.place(a)[0], self._end(a)
        if _complement(a) and not _complement(b):
            inner = a.parts[1]
            cost, edits = self.way(inner, b)
            start, end = self.place(inner)[0], self._end(inner)
            yield cost + SIGN, (*edits, (SIGN, ((first, start, ()), (end, last, ()))))
        if _complement(b) and not _complement(a) and a.kind in ("sym", "apply", "call"):
            cost, edits = self.way(a, b.parts[1])
            yield cost + SIGN, (*edits, (SIGN, ((first, first, ("(", "1", "-")), (last, last, (")",)))))

    # functions, roots, powers

    def _wrapped(self, a: Node, b: Node) -> Iterator[Way]:
        """What is missing around a part: a root, a function, a sum's sign, a power, a transpose."""
        first, last = self.place(a)
        bracketed = self.mine[first] == "(" and _one_group(self.mine[first:last])
        start, end = _bare(self.theirs, b)
        if (b.kind == "sqrt" or (b.kind == "call" and b.value in LOST)) and len(b.parts) == 1:
            cost, edits = self.way(a, b.parts[0])
            name = self.theirs[start]
            opened, closed = (("{",), ("}",)) if b.kind == "sqrt" else ((), ()) if bracketed else (("(",), (")",))
            by = ROOT if b.kind == "sqrt" else FUNCTION + 0.2
            yield cost + by, (*edits, (by, ((first, first, (name, *opened)), (last, last, closed))))
        if b.kind in ("sum", "prod") and a.kind != b.kind:
            cost, edits = self.way(a, b.parts[3])
            head = tuple(self.theirs[start : b.parts[3].start])
            yield cost + 1.2, (*edits, (1.2, ((first, first, head),)))
        if b.kind in ("pow", "transpose") and a.kind != b.kind:
            cost, edits = self.way(a, b.parts[0])
            script = tuple(self.theirs[end : _core(self.theirs, b)[1]])
            if script[:1] == ("^",):
                yield cost + POWER, (*edits, (POWER, ((last, last, script),)))

    def _unwrapped(self, a: Node, b: Node) -> Iterator[Way]:
        """What is too much around a part."""
        first, last = self.place(a)
        if a.kind in ("sqrt", "call") and len(a.parts) == 1:
            cost, edits = self.way(a.parts[0], b)
            inner = a.parts[0]
            if a.kind == "sqrt" and self.mine[first + 1 : first + 2] == ["{"] and self.mine[last - 1] == "}":
                alone = self.mine[first - 1] == "{" and self.mine[last : last + 1] == ["}"]
                loose = inner.kind in ("add", "sub", "neg") and not alone
                opened, closed = (("(",), (")",)) if loose else ((), ())
                yield cost + ROOT, (*edits, (ROOT, ((first, first + 2, opened), (last - 1, last, closed))))
            elif a.kind == "call":
                by = FUNCTION + 0.2
                yield cost + by, (*edits, (by, ((first, first + 1, ()),)))
        if a.kind in ("sum", "prod") and a.kind != b.kind:
            cost, edits = self.way(a.parts[3], b)
            yield cost + 1.2, (*edits, (1.2, ((first, a.parts[3].start, ()),)))
        if a.kind in ("pow", "transpose") and a.kind != b.kind and self.mine[last : last + 1] == ["^"]:
            cost, edits = self.way(a.parts[0], b)
            yield cost + POWER, (*edits, (POWER, ((last, self._end(a), ()),)))

    def _counted(self, a: Node, b: Node) -> Way:
        """A sum's sign with what stands around it, as the formula has it."""
        if not (isinstance(a.parts[-1], Node) and isinstance(b.parts[-1], Node)):
            return ANOTHER, ()
        head = tuple(self.theirs[b.start : b.parts[-1].start])
        return _sum([_edit(1.2, (a.start, a.parts[-1].start, head)), self.way(a.parts[-1], b.parts[-1])])


def _complement(node: Node) -> bool:
    """Whether something is one less something."""
    return bool(node.kind == "sub" and node.parts[0].kind == "num" and node.parts[0].value == 1)


def _exponent(node: Node) -> Node | None:
    """What a power of e is to."""
    if node.kind == "call" and node.value == "exp":
        only: Node = node.parts[0]
        return only
    above: Node | None = node.parts[1] if node.kind == "pow" and node.parts[0].value == "e" else None
    return above


def _limits(node: Node) -> tuple[object, ...]:
    """With what a sum counts, and which of its limits are given."""
    return node.value, *(part is None for part in node.parts[:2])


def _core(texts: Sequence[str], node: Node) -> tuple[int, int]:
    """From where to where something stands within braces that are its own."""
    first, last = node.start, node.end
    while texts[first] == "{" and last - first > 2 and _one_group(texts[first:last]):
        first, last = first + 1, last - 1
    return first, last


def _bare(texts: Sequence[str], node: Node) -> tuple[int, int]:
    """From where to where something stands, without the power that belongs to it or to what it is in."""
    first, last = _core(texts, node)
    depth = 0
    for k in range(first, last) if node.kind in ("sym", "pow", "transpose", "apply") else ():
        if depth == 0 and k > first and texts[k] == "^" and texts[k + 1 : k + 3] != ["{", "("]:
            return first, k
        depth += (texts[k] in OPEN) - (texts[k] in CLOSE)
    return first, last


def _one_group(some: Sequence[str]) -> bool:
    """Whether what opens first closes last."""
    depth = 0
    for k, text in enumerate(some):
        depth += (text in OPEN) - (text in CLOSE)
        if depth == 0:
            return k == len(some) - 1
    return False


def _lone(node: Node) -> bool:
    """Whether something is one name or number, with its index and its power."""
    power = node.kind == "pow" and all(part.kind in ("sym", "num") for part in node.parts)
    return power or _size(node) == 1


def _size(node: Node) -> int:
    """How many names, numbers and signs there are."""
    if node.kind in ("sym", "num", "text"):
        return 1
    inside = sum(_size(part) for part in node.parts if isinstance(part, Node))
    return inside + (node.kind not in ("mul", "rel"))


def _gone(node: Node) -> float:
    """What it costs that something is too much."""
    return 0.75 + 0.25 * _size(node)


def _new(node: Node) -> float:
    """What it costs that something is missing, which is one thing, however long."""
    size = _size(node)
    return 0.75 + 0.25 * min(size, 3) + 0.025 * max(0, size - 3)


def _edit(cost: float, part: Part) -> Way:
    return cost, ((cost, (part,)),)


def _sum(ways: Sequence[Way]) -> Way:
    return sum(way[0] for way in ways), tuple(edit for way in ways for edit in way[1])

