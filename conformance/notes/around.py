"""One slip at a part of a tree: another name or function, a fraction turned over, too much or too little around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.notes.chains import Edit, Way
from conformance.notes.stretches import (
    AGAIN,
    ANOTHER,
    AROUND,
    FLIP,
    FUNCTION,
    NAME,
    NUMBER,
    POWER,
    ROOT,
    SIGN,
    Stretches,
    bare,
    complement,
    core,
    edit,
    exponent,
    lacking,
    lone,
    one_group,
    total,
)
from conformance.notes.tree import Node
from conformance.notes.vocabulary import RELATIONS

LOST = frozenset(["exp", "ln", "log", "sin", "cos", "tanh", "sigma", "sqrt"])  # functions that somebody may forget


class Around(Stretches):
    """The slips at one part, whatever is in it."""

    def _replaced(self, a: Node, b: Node) -> Way:
        first, last = self.place(a)
        if a.kind in ("pow", "transpose"):
            last = core(self.mine, a)[1]
        text = self.text(b, tight=self.mine[first] == "(" and one_group(self.mine[first:last]))
        if last - first == 1 and self.mine[first - 1] in ("_", "^") and len(text) > 1:
            text = ("{", *text, "}")
        one, other = (n.parts[0].value if n.kind == "pow" else n.value for n in (a, b))
        powered = a.kind != b.kind and one == other  # the same name with a power, or without it
        cost = NAME if lone(a) and lone(b) and not powered else ANOTHER
        if a.kind == "sym" and a.start in self.empty:
            cost, text = lacking(b), self.text(b, tight=True)
        return cost, ((cost, ((first, last, text),)),)

    def _parts(self, a: Node, b: Node) -> Way:
        """Part by part; what one of them does not say is nothing amiss."""
        pairs = [(x, y) for x, y in zip(a.parts, b.parts, strict=True) if x is not None and y is not None]
        return total([self.way(x, y) for x, y in pairs])

    def _named(self, a: Node, b: Node) -> Iterator[Way]:
        """One name for another, or one function, one relation."""
        first, last = self.place(a)
        if a.kind == b.kind == "call" and len(a.parts) == len(b.parts) and a.value != b.value:
            there = bare(self.theirs, b)[0]
            edit = (FUNCTION, ((first, first + 1, (self.theirs[there],)),))
            yield total([(FUNCTION, (edit,)), self._parts(a, b)])
        if a.kind == "call" and len(a.parts) == 1 and a.value != "exp" and (above := exponent(b)) is not None:
            edit = (FUNCTION, ((first, first + 1, (r"\exp",)),))
            yield total([(FUNCTION, (edit,)), self.way(a.parts[0], above)])
        if a.kind == b.kind == "rel" and len(a.parts) == len(b.parts) == 2 and a.value != b.value:
            at, there = (self._relation(n, texts) for n, texts in ((a, self.mine), (b, self.theirs)))
            if at and there:
                yield total([(SIGN, ((SIGN, ((at, at + 1, (self.theirs[there],)),)),)), self._parts(a, b)])
        if a.kind == b.kind == "num":
            yield NUMBER, ((NUMBER, ((first, last, self.text(b)),)),)

    def _relation(self, node: Node, texts: Sequence[str]) -> int:
        """Where the sign between two sides stands."""
        return next((k for k in range(node.parts[1].start - 1, node.start, -1) if texts[k] in RELATIONS), 0)

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
        first, last = self.place(a)[0], self.end(a)
        if complement(a) and not complement(b):
            inner = a.parts[1]
            cost, edits = self.way(inner, b)
            start, end = self.place(inner)[0], self.end(inner)
            yield cost + SIGN, (*edits, (SIGN, ((first, start, ()), (end, last, ()))))
        if complement(b) and not complement(a) and a.kind in ("sym", "apply", "call"):
            cost, edits = self.way(a, b.parts[1])
            yield cost + SIGN, (*edits, (SIGN, ((first, first, ("(", "1", "-")), (last, last, (")",)))))

    def _wrapped(self, a: Node, b: Node) -> Iterator[Way]:
        """What is missing around a part: a root, a function, a sum's sign, a power, a transpose."""
        first, last = self.place(a)
        bracketed = self.mine[first] == "(" and one_group(self.mine[first:last])
        start, end = bare(self.theirs, b)
        if (b.kind == "sqrt" or (b.kind == "call" and b.value in LOST)) and len(b.parts) == 1:
            cost, edits = self.way(a, b.parts[0])
            name = self.theirs[start]
            opened, closed = (("{",), ("}",)) if b.kind == "sqrt" else ((), ()) if bracketed else (("(",), (")",))
            by = ROOT if b.kind == "sqrt" else AROUND
            yield cost + by, (*edits, (by, ((first, first, (name, *opened)), (last, last, closed))))
        if b.kind in ("sum", "prod") and a.kind != b.kind:
            cost, edits = self.way(a, b.parts[3])
            head = tuple(self.theirs[start : b.parts[3].start])
            yield cost + AROUND, (*edits, (AROUND, ((first, first, head),)))
        if b.kind in ("pow", "transpose") and a.kind != b.kind:
            cost, edits = self.way(a, b.parts[0])
            script = tuple(self.theirs[end : core(self.theirs, b)[1]])
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
                by = AROUND
                yield cost + by, (*edits, (by, ((first, first + 1, ()),)))
        if a.kind in ("sum", "prod") and a.kind != b.kind:
            cost, edits = self.way(a.parts[3], b)
            yield cost + AROUND, (*edits, (AROUND, ((first, a.parts[3].start, ()),)))
        if a.kind in ("pow", "transpose") and a.kind != b.kind and self.mine[last : last + 1] == ["^"]:
            cost, edits = self.way(a.parts[0], b)
            yield cost + POWER, (*edits, (POWER, ((last, self.end(a), ()),)))

    def _counted(self, a: Node, b: Node) -> Way:
        """A sum's sign with what stands around it, as the formula has it."""
        if not (isinstance(a.parts[-1], Node) and isinstance(b.parts[-1], Node)):
            return ANOTHER, ()
        head = tuple(self.theirs[b.start : b.parts[-1].start])
        return total([edit(AROUND, (a.start, a.parts[-1].start, head)), self.way(a.parts[-1], b.parts[-1])])
