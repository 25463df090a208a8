"""A formula is a program: its rows are definitions, its free indices are arguments, its sums are loops."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from conformance.notes.proving.given import Given, Outside, Unknown, known_by, labelled, whole
from conformance.notes.proving.left import Definition, plain
from conformance.notes.proving.loops import Loops
from conformance.notes.tree import Node, walk


class Program(Loops):
    """Evaluates a formula's names by its rows, and what no row defines by what is given."""

    def __init__(self, rows: Sequence[Definition], given: Given) -> None:
        self.given, self.values = given, given.values
        self.rows: dict[str, list[Definition]] = {}
        for row in sorted(rows, key=lambda row: 0 if self.numbered(row) else row.rank):
            self.rows.setdefault(row.name, []).append(row)
        self.steps = {id(row): row.stepped(rows) for row in rows}
        self.bound: dict[str, Any] = {}
        self.active: set[tuple[int, tuple[Any, ...]]] = set()
        self.known: dict[tuple[int, tuple[Any, ...]], Any] = {}
        self.derived: tuple[str, tuple[Any, ...]] | None = None

    def numbered(self, row: Definition) -> bool:
        """Whether a row is about one number alone, such as the last."""
        parts = [part for part in row.indices if plain(part) or part.kind == "num"]
        return bool(row.indices) and all(part.kind == "num" or part.value in self.values for part in parts)

    def value(self, node: Node) -> Any:
        """What a part of the formula is, with the indices that are bound here."""
        from conformance.notes.proving.meanings import MEANINGS

        meaning = MEANINGS.get(node.kind)
        if meaning is None:
            raise Unknown(f"{node.kind} is no number")
        return meaning(self, node)

    # names
    def name(self, node: Node) -> Any:
        name = node.value
        if not node.parts:
            if name in self.bound:
                return self.bound[name]
            return self.found(name, (), node)
        label = labelled(node)
        if label in self.values and label not in self.rows:
            return self.values[label]
        return self.found(name, tuple(self.index(part) for part in node.parts), node)

    def index(self, node: Node) -> Any:
        """A whole number, or the letter itself where it is a mere label."""
        if plain(node) and not any(node.value in known for known in (self.bound, self.values, self.rows)):
            return self.now("t") if self.of_time(node) else node.value
        letters = [n.value for n in walk(node) if n.kind == "sym"]
        if all(isinstance(self.bound.get(letter), str) for letter in letters) and letters:
            return "".join(letters)
        return whole(self.value(node))

    def found(self, name: str, index: tuple[Any, ...], node: Node) -> Any:
        for row in self.rows.get(name, ()):
            bound = row.match(index, self)
            if bound is None or not self.begun(row, bound):
                continue
            if (id(row), known_by(index)) in self.active:
                if any(self.of_time(part) for part in node.parts):
                    raise Unknown(f"{name} is what it is")
                continue  # w = w - ... says what it becomes
            return self.defined(row, index, bound)
        stepped = any(row.match(index, self) and self.steps[id(row)] for row in self.rows.get(name, ()))
        if stepped and name not in self.values:
            raise Outside(f"{name} does not begin before its first step")
        if index and name in self.rows and not self.rows[name][0].indices and not self.of_time(node.parts[0]):
            return self.element(self.found(name, (), node), index)
        if not index and name in self.rows and name not in self.values and self.rows[name][0].indices:
            return self.assembled(name, node)
        if name + "²" in self.rows:
            return np.sqrt(self.found(name + "²", index, node))
        return self.stated(name, index, node)

    def assembled(self, name: str, node: Node) -> Any:
        """A whole array from what is said of its elements; what nothing is said of is 0."""
        row = self.rows[name][-1]
        lengths = [self.length(part.value, row.right) for part in row.indices if plain(part)]
        if None in lengths or len(lengths) != len(row.indices):
            raise Unknown(f"how large {name} is")
        made = np.zeros([n for n in lengths if n is not None])
        for place in np.ndindex(made.shape):
            index = tuple(i + self.given.base for i in place)
            if row.match(index, self) is not None:
                made[place] = self.found(name, index, node)
        return made

    def begun(self, row: Definition, bound: Mapping[str, Any]) -> bool:
        """What is stated step by step has a first step; before it stands what is given."""
        for letter in self.steps[id(row)]:
            at = bound.get(letter)
            if not isinstance(at, int):
                continue
            length = self.length(letter, row.right)
            first = self.now(letter) if length is None else self.given.base
            last = math.inf if length is None else first + length - 1
            if not first - 1 <= at <= last + 1:
                raise Unknown(f"{row.name} before its beginning, or after its end")
            if not first <= at <= last:
                return False
        return True

    def now(self, letter: str) -> int:
        at = self.values.get(letter)
        return at if isinstance(at, int) else self.given.now

    def defined(self, row: Definition, index: tuple[Any, ...], bound: Mapping[str, Any]) -> Any:
        key = (id(row), known_by(index))
        remembered = all(isinstance(i, int | str) for i in index) and self.derived is None
        if remembered and key in self.known:
            return self.known[key]
        was, self.bound = self.bound, dict(bound)
        self.active.add(key)
        try:
            made = self.value(row.right)
        finally:
            self.bound = was
            self.active.discard(key)
        if remembered:
            self.known[key] = made
        return made

    def stated(self, name: str, index: tuple[Any, ...], node: Node) -> Any:
        """What is given under a name, or the number of that name."""
        if name not in self.values:
            if name in ("pi", "e", "t") and not index:
                return {"pi": math.pi, "e": math.e, "t": self.now("t")}[name]
            raise Unknown(f"{name}{list(index) or ''} is neither given nor defined")
        held = self.values[name]
        if name in self.given.made and name not in self.rows and node.parts and self.later(node):
            held = self.given.made[name]
        if callable(held):
            return held(*index)
        if index and name not in self.given.timed:
            times = [i for i, part in zip(index, node.parts, strict=True) if self.of_time(part)]
            now = self.now("t")
            state = name in self.rows and not isinstance(self.values.get("t"), int)  # whose rows know their first step
            allowed = (now - 1,) if name in self.rows else (now - 1, now) if name in self.given.made else (now,)
            if not state and any(t not in allowed for t in times):
                raise Unknown(f"{name} at another time than now")
            index = tuple(i for i, part in zip(index, node.parts, strict=True) if not self.of_time(part))
        if np.ndim(held) == 0 and all(isinstance(i, str) for i in index):
            index = ()
        if self.derived is not None and self.derived[0] == name:
            held = np.array(held, dtype=complex)
            held[tuple(i - self.given.base for i in self.derived[1])] += 1e-30j
        return self.element(held, index, padded=name in self.given.padded)

    def later(self, node: Node) -> bool:
        """Whether an index says that the step has been taken."""
        part = node.parts[0]
        return self.of_time(part) and self.index(part) == self.now("t")

    def of_time(self, node: Node) -> bool:
        """Whether an index says when: t is the time unless a sum counts with it."""
        if self.given.timeless or "t" in self.counted:
            return False
        return any(plain(n) and n.value == "t" for n in walk(node))

    @property
    def counted(self) -> frozenset[str]:
        """The letters that some sum counts with, which then are no time."""
        if not hasattr(self, "_counted"):
            every = [n for rows in self.rows.values() for row in rows for n in walk(row.right)]
            steps = {letter for letters in self.steps.values() for letter in letters}
            self._counted = frozenset(letter for n in every if n.kind in ("sum", "prod") for letter in n.value) - steps
        return self._counted

    def element(self, held: Any, index: tuple[Any, ...], *, padded: bool = False) -> Any:
        """An element, or the part of an array that the first indices choose."""
        if not index:
            return held
        held = np.asarray(held) if isinstance(held, tuple | list) else held
        if len(index) > np.ndim(held):
            raise Unknown(f"{len(index)} indices where there are {np.ndim(held)} axes")
        place = tuple(i - self.given.base if isinstance(i, int) else None for i in index)
        if None in place:
            raise Unknown(f"{index} is no place in an array")
        if any(not 0 <= p < n for p, n in zip(place, held.shape, strict=False)):  # type: ignore[operator]
            if padded:
                return 0.0 if len(place) == np.ndim(held) else np.zeros(held.shape[len(place) :])
            raise Outside(f"{index} lies outside an array of {held.shape}")
        found = held[place]
        return found.item() if np.ndim(found) == 0 and self.derived is None else found
