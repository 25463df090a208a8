"""The catalogue's formulas are the only references: each is read as a note is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from conformance.notes.normal import normal
from conformance.notes.parse import parse
from conformance.notes.places import TIME, foretells, mapped, occurrences, offset
from conformance.notes.rows import rows
from conformance.notes.tokens import Token, tokens
from conformance.notes.tree import Node, Unreadable, shown, symbols, walk
from conformance.notes.vocabulary import EQUALS, HOLE
from conformance.notes.world import World
from conformance.notes.worlds import world_of


@dataclass(frozen=True)
class Form:
    """One way of writing one equation."""

    equation: str
    dialect: str
    latex: str
    lacks: str = ""

    @cached_property
    def stated(self) -> tuple[Stated, ...]:
        """The rows that say something, as a block and each alone."""
        read: list[tuple[tuple[Token, ...], Node]] = []
        for row in rows(tokens(self.latex)):
            if row.legend or row.condition:
                continue
            try:
                read.append((row.tokens, parse(row.tokens)))
            except Unreadable:
                continue
        together = normal([node for _, node in read])
        made = []
        for k, ((row_tokens, node), whole) in enumerate(zip(read, together, strict=True)):
            versions = {repr(n): n for n in (whole, normal([node])[0])}.values()
            made += [Stated(self, k, row_tokens, v) for v in versions if v.kind == "rel" and set(v.value) <= EQUALS]
        return tuple(made)

    @cached_property
    def defined(self) -> dict[str, tuple[tuple[str, ...], Node]]:
        """What rows of the form say that a name is: its indices and its formula."""
        found: dict[str, tuple[tuple[str, ...], Node]] = {}
        for row in rows(tokens(self.latex)):
            try:
                node = parse(row.tokens)
            except Unreadable:
                continue
            if node.kind == "rel" and node.value == ("=",) and node.parts[0].kind == "sym":
                left = node.parts[0]
                if all(part.kind == "sym" for part in left.parts):
                    found[left.value] = tuple(part.value for part in left.parts), node.parts[1]
        return found

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name of the form, in any row."""
        return frozenset(name for row in self.stated for name in atoms(row.node))


@dataclass(frozen=True, eq=False)
class Stated:
    """One row of a form: what is on its right is what a note is held against."""

    form: Form
    row: int
    tokens: tuple[Token, ...]
    node: Node
    worlds: dict[int, World] = field(default_factory=dict)
    truths: dict[int, object] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        return repr(self.node)

    @cached_property
    def says(self) -> str:
        """What it says, wherever it stands."""
        return shown(self.node)

    @cached_property
    def shape(self) -> Counter[str]:
        return shape(self.node)

    @cached_property
    def atoms(self) -> tuple[str, ...]:
        return atoms(self.node)

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """The indices of what it defines, as they are written, if all of them are letters."""
        raw = parse(self.tokens)
        left = raw.parts[0] if raw.kind == "rel" else raw
        plain = left.kind in ("sym", "apply") and all(p.kind == "sym" and not p.parts for p in left.parts)
        return tuple(str(p.value) for p in left.parts) if plain else ()

    @cached_property
    def members(self) -> frozenset[str]:
        """The names of what has members, of which an index tells one from the other."""
        return frozenset(n.value for n in walk(self.node) if n.kind == "sym" and n.parts)

    @cached_property
    def foretelling(self) -> bool:
        """Whether it makes something of what comes later."""
        return foretells(parse(self.tokens))

    @cached_property
    def branching(self) -> bool:
        """Whether it has cases."""
        return any(n.kind == "cases" for n in walk(self.node))

    @cached_property
    def trivial(self) -> bool:
        """A row that gives a thing another name, or a number, is found in every text."""
        return self.right.kind in ("sym", "num", "tuple", "holds") or (len(self.atoms) < 2 and self.weak)

    @cached_property
    def weak(self) -> bool:
        """So little is said that others say it too: only what stands around it shows what is meant."""
        weight = sum(
            0.5 if n.kind in ("mul", "neg") else n.kind not in ("sym", "num", "apply") for n in walk(self.right)
        )
        return weight < 3

    @cached_property
    def left(self) -> Node:
        left: Node = self.node.parts[0]
        return left

    @cached_property
    def right(self) -> Node:
        right: Node = self.node.parts[-1]
        return right

    def world(self, seed: int) -> World:
        """Numbers for the names of this row; some seeds give numbers of either sign."""
        found = self.worlds.get(seed)
        if found is None:
            found = self.worlds[seed] = world_of(self.node, seed)
            found.defined = self.form.defined
        return found


def atoms(node: Node) -> tuple[str, ...]:
    """The names of a tree that are led to other names: with their number where they have one."""
    found: dict[str, None] = {}
    bound_free = symbols(node)
    for name, places in occurrences([node]).items():
        if name not in bound_free and not any(n.kind == "apply" for n, _ in places):
            continue
        numbered = [n.parts and all(part.kind == "num" for part in n.parts) for n, _ in places if n.kind == "sym"]
        if numbered and all(numbered):
            for n, _ in places:
                found[numbered_name(n)] = None
        else:
            found[name] = None
    return tuple(name for name in found if name not in ("pi", HOLE[1:]) and "_(" not in name)


def numbered_name(node: Node) -> str:
    return f"{node.value}_" + "_".join(str(part.value) for part in node.parts)


def shape(node: Node) -> Counter[str]:
    """What a formula is made of, whatever its names."""
    found: Counter[str] = Counter()
    stack = [node]
    left = node.parts[0] if node.kind == "rel" else node
    times = {TIME, *(at[0] for p in left.parts if left.kind == "sym" and (at := offset(p)) and at[0])}
    while stack:
        n = stack.pop()
        if n.kind in ("call", "expect"):
            found[f"{n.kind} {n.value}"] += 1
        elif n.kind == "num":
            found[f"num {n.value}"] += 1
        elif n.kind == "pow" and n.parts[1].kind == "num":
            found[f"pow {n.parts[1].value}"] += 1
        elif n.kind == "sym":
            found[f"sym {len(n.parts)}"] += 1
            steps = [p for p in n.parts if p.kind in ("add", "sub") and (offset(p) or ("",))[0] in times]
            found["step"] += len(steps)  # earlier or later: formulas differ in which of them is now
            stack += [p for p in n.parts if p not in steps]
            continue
        elif n.kind not in ("rel", "label"):
            found[n.kind] += 1
        stack += [part for part in n.parts if isinstance(part, Node)]
    return +found


@cache
def forms() -> tuple[Form, ...]:
    """All forms of all equations, in the order of the catalogue."""
    return tuple(_forms())


def _forms() -> Iterator[Form]:
    from reference.catalogue import CATALOGUE

    for entry in CATALOGUE.values():
        yield Form(entry.name, "", entry.latex)
        for variant in entry.dialects.values():
            yield Form(entry.name, variant.name, variant.latex)
        for wording in entry.wordings:
            yield Form(entry.name, wording.dialect, wording.latex, wording.lacks)


@cache
def stated() -> tuple[Stated, ...]:
    return tuple(row for form in forms() for row in form.stated)


@cache
def rows_of(equation: str) -> tuple[Stated, ...]:
    """The rows of all forms of one equation."""
    return tuple(row for row in stated() if row.form.equation == equation)


@cache
def place_of(row: Stated) -> int:
    """Which of all rows it is."""
    return stated().index(row)


@dataclass(frozen=True)
class Telling:
    """The rows that are no trivial ones: their places, and for every row what it says and of what, by number."""

    places: Any
    says: Any
    equation: Any
    equations: tuple[str, ...]


@cache
def telling_rows() -> Telling:
    """The rows that a statement may be taken for."""
    import numpy as np

    every = stated()
    says = {text: k for k, text in enumerate(dict.fromkeys(row.says for row in every))}
    equations = {name: k for k, name in enumerate(dict.fromkeys(row.form.equation for row in every))}
    return Telling(
        np.array([k for k, row in enumerate(every) if not row.trivial]),
        np.array([says[row.says] for row in every]),
        np.array([equations[row.form.equation] for row in every]),
        tuple(equations),
    )


@cache
def _shapes() -> tuple[dict[str, int], Any]:
    """What all rows are made of: a table with a column for each thing, and where each thing has its column."""
    import numpy as np

    columns = {name: k for k, name in enumerate(dict.fromkeys(name for row in stated() for name in row.shape))}
    table = np.zeros((len(stated()), len(columns)), dtype=np.int64)
    for k, row in enumerate(stated()):
        for name, count in row.shape.items():
            table[k, columns[name]] = count
    return columns, table


def likenesses(shapes: Iterable[Counter[str]]) -> Any:
    """For each row of the catalogue how much of it and of a formula is the same, for the shape that is most alike."""
    import numpy as np

    columns, table = _shapes()
    found = np.zeros(len(table))
    for one in shapes:
        mine = np.zeros(len(columns), dtype=np.int64)
        for name, count in one.items():
            if name in columns:
                mine[columns[name]] = count
        common = np.minimum(table, mine).sum(axis=1)
        every = table.sum(axis=1) + one.total() - common
        found = np.maximum(found, common / np.maximum(every, 1))
    return found


__all__ = ["Form", "Stated", "atoms", "forms", "mapped", "shape", "stated", "world_of"]
