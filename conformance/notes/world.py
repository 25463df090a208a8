"""A name is a number that was drawn for it once; whose name it is, a reading says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.notes.tree import Node, walk


class Undefined(Exception):
    """There is no number here."""


@dataclass
class World:
    """Numbers for names, drawn once and the same for whoever asks; what is counted is a small whole number."""

    seed: int
    whole: Mapping[str, int] = field(default_factory=dict)  # names that count, with how much
    arity: Mapping[str, int] = field(default_factory=dict)  # how many indices a name has where it has any
    sizes: Mapping[tuple[str, int], int] = field(default_factory=dict)  # how long a name is along an index
    sequence: bool = False  # sums go over all whole numbers, and signals end somewhere
    smooth: bool = False  # indices may be any numbers
    mixed: bool = False  # numbers have either sign
    chance: bool = False  # there are expectations
    matrices: frozenset[str] = frozenset()  # names of matrices, whose products do not commute
    store: dict[tuple[str, tuple[Any, ...]], Any] = field(default_factory=dict)
    defined: Mapping[str, tuple[tuple[str, ...], Node]] = field(default_factory=dict)
    given: dict[tuple[str, tuple[Any, ...]], Any] = field(default_factory=dict)
    bends: dict[tuple[str, int | str], float] = field(default_factory=dict)

    def number(self, *key: Any) -> float:
        """A number between 0 and 1 that belongs to a key."""
        return hash_of(self.seed, key)

    def bend(self, name: str, place: int | str) -> float:
        """A number of a curve, which is the same wherever the curve is looked at."""
        found = self.bends.get((name, place))
        if found is None:
            found = self.bends[name, place] = hash_of(self.seed, (name, place))
        return found

    def at(self, name: str, index: tuple[Any, ...]) -> Any:
        key = (name, index)
        found = self.given.get(key)
        if found is None:
            found = self.store.get(key)
        if found is None:
            found = self.store[key] = self._drawn(name, index)
        return found

    def _drawn(self, name: str, index: tuple[Any, ...]) -> Any:
        if not index and name in self.whole:
            return self.whole[name]
        if not index and name == "pi":
            return math.pi
        if index and (self.smooth or not all(isinstance(i, int) for i in index)):
            return self.curve(name, index)
        if self.sequence and index and any(abs(i) > 3 for i in index if isinstance(i, int)):
            return 0.0
        if name in self.matrices:
            import numpy as np

            return np.array([[self._one(name, index, i, j) for j in range(2)] for i in range(2)])
        return self._one(name, index)

    def _one(self, *key: Any) -> float:
        drawn = self.number(*key)
        return 3 * drawn - 1.5 if self.mixed else 0.15 + 0.8 * drawn

    def curve(self, name: str, index: tuple[Any, ...]) -> Any:
        """A smooth function of its own that nears 0 on both sides where it is summed over all of a line."""
        total = 0.0
        for k, x in enumerate(index):
            total += (1.1 + 0.3 * k) * (x - 0.8 * self.bend(name, k) + 0.2) ** 2
        if len(index) > 1:
            total += 0.4 * float(index[0]) * float(index[1])
        if self.smooth:
            return math.exp(-total)
        return 0.3 + self.bend(name, "c") + math.sin(total + self.bend(name, "s"))


_SCALE = 1.0 / (1 << 53)


def hash_of(seed: int, key: tuple[Any, ...]) -> float:
    """The same number for the same key in every process."""
    h = 0x9E3779B97F4A7C15 ^ seed
    for part in repr(key).encode():
        h = (h ^ part) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    h ^= h >> 29
    h = h * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    h ^= h >> 32
    return (h >> 11) * _SCALE


@dataclass
class Reading:
    """Whose names are meant: a note's names are led to those of the reference, its time may be shifted."""

    names: Mapping[str, tuple[str, tuple[Any, ...], int]] = field(default_factory=dict)
    time: str = "t"  # the note's name for it

    def led(self, name: str, node: Node, index: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
        if not self.names or name == "pi":
            return name, index
        if index and all(part.kind == "num" for part in node.parts):
            whole = self.names.get(f"{name}_" + "_".join(map(str, index)))
            if whole is not None:
                return whole[0], whole[1]
        found = self.names.get(name)
        if found is None:
            return "?" + name, index
        target, fixed, shift = found
        if shift:
            index = tuple(
                i + shift if isinstance(i, int | float) and self._of_time(part) else i
                for i, part in zip(index, node.parts, strict=False)
            )
        return target, (*fixed, *index)

    def _of_time(self, node: Node) -> bool:
        return any(n.kind == "sym" and n.value == self.time for n in walk(node))
