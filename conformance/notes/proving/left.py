"""What stands on the left of a row says what is defined, and for which indices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from conformance.notes.tree import Node, same, walk
from conformance.notes.vocabulary import EQUALS

if TYPE_CHECKING:
    from conformance.notes.proving.program import Program


NEAR = 1e-9


def plain(node: Node) -> bool:
    """A letter by itself."""
    return bool(node.kind == "sym" and not node.parts)


@dataclass(frozen=True, eq=False)
class Definition:
    """A row: what it defines, with which indices, and what that is."""

    name: str
    indices: tuple[Node, ...]
    right: Node
    function: bool = False  # it is one of numbers, not of places

    @property
    def label(self) -> str:
        """W_1 is a name of its own, and so is w."""
        if self.indices and all(part.kind == "num" for part in self.indices):
            return f"{self.name}_{''.join(str(part.value) for part in self.indices)}"
        return ""

    @property
    def rank(self) -> int:
        """Rows about one number go before those about all, and those that begin later before those that do not."""
        if all(part.kind == "num" for part in self.indices):
            return 0
        return 1 if any(not plain(part) and part.kind != "num" for part in self.indices) else 2

    def stepped(self, rows: Iterable[Definition]) -> tuple[str, ...]:
        """The letters along which a formula goes from one of these to the next."""
        found: list[str] = []
        if self.function or self.name not in reached(self.name, rows):
            return ()
        for k, part in enumerate(self.indices):
            letters = [n.value for n in walk(part) if plain(n)]
            for n in (n for row in rows for n in walk(row.right)):
                own = n.kind in ("sym", "apply") and n.value == self.name and len(n.parts) > k
                if own and not same(n.parts[k], part):
                    moved = {m.value for m in walk(n.parts[k]) if m.kind == "sym"}
                    found += [letter for letter in letters if letter in moved]
        return tuple(dict.fromkeys(found))

    def match(self, index: tuple[Any, ...], program: Program) -> dict[str, Any] | None:
        """What the letters on the left are for these indices; None where the row does not speak of them."""
        if len(index) != len(self.indices):
            return None
        bound: dict[str, Any] = {}
        for part, at in zip(self.indices, index, strict=True):
            if plain(part) and isinstance(at, str) and at != part.value and at.isupper() and part.value.isupper():
                return None  # A_X and A_Y are two things
            held = program.values.get(part.value, 0) if plain(part) else 0
            if np.ndim(held) and np.array_equal(at, held):
                continue
            if plain(part) and part.value not in program.values:
                if bound.setdefault(part.value, at) != at:
                    return None
            elif isinstance(at, str):
                if not (plain(part) and part.value == at):
                    return None
            elif not self._solved(part, at, bound, program):
                return None
        return bound

    def _solved(self, part: Node, at: Any, bound: dict[str, Any], program: Program) -> bool:
        """An index such as c K + k is taken apart into its letters, the widest first."""
        letters = list(dict.fromkeys(n.value for n in walk(part) if plain(n) and n.value not in program.values))
        was, program.bound = program.bound, dict.fromkeys(letters, 0)
        try:
            rest = at - program.value(part)
            steps = {}
            for letter in letters:
                program.bound = dict.fromkeys(letters, 0) | {letter: 1}
                steps[letter] = program.value(part) - at + rest
        finally:
            program.bound = was
        if len(letters) > 1:
            rest -= program.given.base
        for letter in sorted(letters, key=lambda letter: -steps[letter]):
            if len(letters) == 1:
                found = rest / steps[letter] if steps[letter] else -1
                bound[letter] = round(found)
                return bool(found >= 0 and abs(found - round(found)) < NEAR)
            if steps[letter] < 1 or rest < 0:
                return False
            found, rest = divmod(rest, steps[letter])
            bound[letter] = found if steps[letter] > 1 else found + program.given.base
        return bool(rest == 0)


def reached(name: str, rows: Iterable[Definition]) -> set[str]:
    """All that the rows about a name speak of, and the rows about that, and so on."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        at = waiting.pop()
        spoken = {str(n.value) for row in rows if row.name == at for n in walk(row.right) if n.kind in ("sym", "apply")}
        waiting += spoken - found
        found |= spoken
    return found


def definitions(row: Node) -> Iterator[Definition]:
    """What a row defines: a name by each of its sides, or several names at once."""
    if row.kind != "rel" or any(sign not in EQUALS for sign in row.value):
        return
    left = row.parts[0]
    if left.kind == "tuple":
        for k, part in enumerate(left.parts):
            name, indices = named(part)
            yield Definition(name, indices, Node("part", (k, len(left.parts)), (row.parts[1],), 0, 0))
        return
    name, indices = named(left)
    for side in row.parts[1:]:
        yield Definition(name, indices, side, left.kind == "apply")


def named(left: Node) -> tuple[str, tuple[Node, ...]]:  # noqa: PLR0911 - one for each kind of node
    """The name of what is defined, and its indices; what is no name is called by its sign."""
    if left.kind in ("sym", "apply"):
        return left.value, left.parts
    if left.kind == "partial":
        under = left.parts[1]
        if under.kind != "sym":
            return "∂", ()
        return f"∂/∂{under.value}", under.parts
    if left.kind == "pow" and left.parts[0].kind == "sym":
        return left.parts[0].value + "²", left.parts[0].parts
    if left.kind in ("index", "primed"):
        name, _ = named(left.parts[0])
        return (left.value if left.kind == "primed" else name), left.parts[1:]
    if left.kind == "call" and left.parts[0].kind == "index":
        return left.value, left.parts[0].parts[1:]
    if left.kind == "call" and left.value == "ln" and left.parts[0].kind == "sym":
        return left.value, left.parts[0].parts
    if left.kind == "call":
        return left.value, ()
    return f"({left.kind})", ()
