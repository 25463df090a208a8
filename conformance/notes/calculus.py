"""Functions, sums, integrals and derivatives take what stands after them, and how much is a convention."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.notes.atoms import Atoms
from conformance.notes.tree import Node, Unreadable, shown, walk

BIG = {r"\sum": "sum", r"\prod": "prod"}


class Calculus(Atoms):
    """Reads what acts on something."""

    def function(self, name: str, start: int) -> Node:
        """A known function: its arguments in brackets, or the next factor."""
        power: list[Node] = []
        while self.text() in ("^", "'", "_"):
            if self.text() == "'":
                self.at += 1
                name += "'"
            elif self.text() == "^":
                self.at += 1
                power.append(self.argument())
            elif name == "ln":
                self.at += 1
                base = self.argument()
                if base.kind == "num" and base.value == 2:
                    name = "log2"
            elif name in ("argmax", "argmin", "softmax", "det"):
                self.at += 1
                self.braced()
            else:
                raise Unreadable(f"an index on {name}", self.here())
        if self.text() in ("(", "[", r"\{", "{"):
            opened = self.at
            inside = self.row[opened + 1 : self.close.get(opened, opened + 1)]
            self.at = self.close.get(opened, opened) + 1
            arguments = tuple(self.listed(inside))
        elif self.done() or (not self.begins() and self.text() != "-"):
            return Node("sym", name, (), start, self.row[self.at - 1].end)  # named, not applied
        else:
            arguments = (self._next(),)
        made: Node = Node("call", name, arguments, start, self.row[self.at - 1].end)
        if name in ("softmax", "logsoftmax"):
            made = self.scripts(made)
        for exponent in power:
            made = Node("pow", None, (made, exponent), start, made.end)
        return made

    def _next(self) -> Node:
        """The next factor; numbers take the letters after them along, as in ln 2πv."""
        first = self.prefix()
        while first.kind in ("num", "mul", "sym") and self.begins() and not self.gap() and first.kind != "sym":
            second = self.power()
            first = Node("mul", "", (first, second), first.start, second.end)
        return first

    def big(self, kind: str) -> Node:
        """A sum over what is written under it, from and to what is written under and over it."""
        start = self.here()
        self.at += 1
        low = high = condition = None
        names: tuple[str, ...] = ()
        while self.text() in ("_", "^"):
            under = self.text() == "_"
            self.at += 1
            if under:
                names, low, until, condition = self._bound()
                high = until or high
            else:
                high = self.argument()
        if self.done():
            raise Unreadable("a sum over nothing", start)
        body = self._product()
        if not names and condition is None:
            names = _counted(body)
        return Node(kind, names, (low, high, condition, body), start, body.end)

    def _product(self) -> Node:
        raise NotImplementedError

    def _bound(self) -> tuple[tuple[str, ...], Node | None, Node | None, Node | None]:
        """The names under a sum, where they begin and end, and what has to hold."""
        inside = self.braced()
        if not inside:
            raise Unreadable("nothing stands under the sum", self.here())
        names: list[str] = []
        low = until = condition = None
        found = self.listed(inside)
        if len(found) > 2 and found[-2].kind == "dots" and found[0].kind == "rel":  # i = 1, ..., n
            found, until = found[:1], found[-1]
        for node in found:
            if node.kind == "sym" and not node.parts:
                names.append(node.value)
            elif node.kind == "rel" and node.value == ("=",) and node is found[0] and not _begins(found[1:]):
                if node.parts[0].kind != "sym":
                    raise Unreadable("what stands under the sum", node.start)
                names.append(node.parts[0].value)
                low = node.parts[1]
            elif node.kind == "rel" and node.value in ((r"\in",), (r"\sim",)):
                inner = node.parts[0]
                names += [p.value for p in (inner.parts if inner.kind == "tuple" else (inner,)) if p.kind == "sym"]
            elif node.kind == "tuple" and all(p.kind == "sym" for p in node.parts):
                names += [p.value for p in node.parts]
            elif node.kind in ("rel", "and"):
                condition = node if condition is None else Node("and", None, (condition, node), node.start, node.end)
            else:
                raise Unreadable("what stands under the sum", node.start)
        if not names and condition is not None:
            names = _about(condition)
        elif condition is not None and low is None:
            names += [n for n in _about(condition) if n not in names and found[0].kind == "rel"]
        return tuple(names), low, until, condition

    def integral(self) -> Node:
        start = self.here()
        self.at += 1
        low = high = None
        while self.text() in ("_", "^"):
            under = self.text() == "_"
            self.at += 1
            if under:
                low = self.argument()
            else:
                high = self.argument()
        stop = self._differential()
        inner = self.inner(self.row[self.at : stop])
        body = inner.sum()
        if not inner.done():
            raise Unreadable(f"{inner.row[inner.at].source!r} under the integral", inner.here())
        self.at = stop + 1
        variable = self.atom()
        if variable.kind != "sym" or variable.parts:
            raise Unreadable("an integral over what is no variable", variable.start)
        return Node("int", variable.value, (low, high, body), start, variable.end)

    def _differential(self) -> int:
        """Where the d of the differential stands."""
        depth = 0
        for i in range(self.at, len(self.row)):
            text = self.row[i].text
            depth += (text in ("{", "(", "[")) - (text in ("}", ")", "]"))
            if depth < 0:
                break
            if text in ("d", '"d') and depth == 0 and i > self.at and i + 1 < len(self.row):
                following = self.row[i + 1].text.lstrip("\\")
                if following.isalpha() and (len(following) == 1 or self.row[i + 1].text[0] == "\\"):
                    return i
        raise Unreadable("an integral without its differential", self.here())

    def expectation(self, kind: str, start: int) -> Node:
        """A mean over everything that is random, or a variance."""
        if self.text() == "_":
            self.at += 1
            self.braced()
        squared = None
        if self.text() == "^":
            self.at += 1
            squared = self.argument()
        if self.text() in ("[", "(", r"\{", "{") and self.at in self.close:
            body = self.group()
        elif self.begins():
            body = self.power()
        else:
            return Node("sym", kind, (), start, self.row[self.at - 1].end)
        end = self.row[self.at - 1].end
        if self.text() == "_":  # E[g²]_t is an average that is kept
            self.at += 1
            indices = self.listed(self.braced())
            name = f"{kind}[{shown(body)}]"
            return Node("sym", name, tuple(indices), start, self.row[self.at - 1].end)
        made = Node("expect", kind, (body,), start, end)
        return made if squared is None else Node("pow", None, (made, squared), start, end)

    def gradient(self) -> Node:
        r"""\nabla L(w): the gradient of a function where its argument is."""
        start = self.here()
        self.at += 1
        while self.text() in ("_", "^"):
            self.at += 1
            self.braced()
        if self.done() or not self.begins():
            return Node("sym", "nabla", (), start, self.row[self.at - 1].end)
        if self.text() in ("(", "["):
            body = self.group()
            return Node("gradient", "", (body,), start, body.end)
        if self.text() == r"\ell" or self.word() in ("loss", "cost", "Loss"):
            base = self.atom()
            if self.text() == "_":
                base = self.scripts(base)
        else:
            base = self.scripts(self.atom())
        arguments: tuple[Node, ...] = ()
        if self.text() == "(" and self.at in self.close:
            inside = self.row[self.at + 1 : self.close[self.at]]
            self.at = self.close[self.at] + 1
            arguments = tuple(self.listed(inside))
        name = base.value if base.kind == "sym" else shown(base)
        indices = base.parts if base.kind == "sym" else ()
        end = self.row[self.at - 1].end
        made = Node("gradient", str(name), (*arguments[:1], *indices), start, end)
        return self.scripts(made) if self.text() == "^" else made

    def partial(self) -> Node:
        start = self.here()
        self.at += 1
        if self.text() == "^":
            self.at += 1
            self.argument()
            raise Unreadable("a higher derivative", start)
        if self.text() == "_":  # along what stands below
            self.at += 1
            under = self.argument()
            over = self.power()
            return Node("partial", None, (over, under), start, over.end)
        if self.done() or not self.begins():
            return Node("d", "∂", (), start, self.row[self.at - 1].end)
        body = self.power()
        return Node("d", "∂", (body,), start, body.end)

    def _ratio(self, over: Node, under: Node) -> tuple[Node, ...]:
        bare = (over.kind == "d" and not over.parts) or (over.kind == "sym" and over.value == "d" and under.kind == "d")
        if under.kind == "d" and under.parts and bare:
            if self.done() or not self.begins():
                raise Unreadable("a derivative of nothing", over.start)
            body = self._product()
            return (Node("slope", None, (under.parts[0], body), over.start, body.end),)
        if over.kind == "d" and under.kind == "d" and over.parts and under.parts:
            return (Node("partial", None, (over.parts[0], under.parts[0]), over.start, under.end),)
        return over, under

    def binomial(self) -> Node:
        start = self.here()
        self.at += 1
        over, under = self.argument(), self.argument()
        return Node("binom", None, (over, under), start, under.end)


def _begins(found: Sequence[Node]) -> bool:
    """Whether something else is said than what must not be: where another sum begins, or what it is over."""
    return any(node.kind != "rel" or not set(node.value) <= {r"\ne", "<", ">", r"\le", r"\ge"} for node in found)


def _about(condition: Node) -> list[str]:
    """The names that a condition is about: the one between two signs, or the first."""
    if condition.kind in ("and", "or"):
        return [name for part in condition.parts for name in _about(part)]
    at = 1 if len(condition.parts) == 3 else 0
    node = condition.parts[at]
    return [node.value] if node.kind == "sym" and not node.parts else []


def _counted(body: Node) -> tuple[str, ...]:
    """What a sum without a name under it goes over: the first index in it."""
    for n in walk(body):
        if n.kind == "sym":
            for part in n.parts:
                if part.kind == "sym" and not part.parts:
                    return (part.value,)
    return ()
