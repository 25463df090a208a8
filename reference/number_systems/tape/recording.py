"""A value and how it was made: what the chain rule needs to go backwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, ClassVar

import numpy as np

from reference import functions
from reference.number_systems.table import Numbers

_serial = count()
Adjoint = Callable[[Any], Any]


def _move(x: Any, f: Callable[[Any], Any]) -> Any:
    return x.rearranged(f) if isinstance(x, Numbers) else f(np.asarray(x))


def _scatter(g: Any, index: np.ndarray, shape: tuple[int, ...]) -> Any:
    """Each element of g, added to the place that its index names; index -1 goes nowhere."""
    size = int(np.prod(shape, dtype=int))
    flat = index.ravel()
    if flat.size == size and np.array_equal(np.sort(flat), np.arange(size)):
        back = np.argsort(flat)
        return _move(g, lambda a: a.ravel()[back].reshape(shape))
    if isinstance(g, Numbers):
        return g.scattered(index, size).reshape(shape)  # type: ignore[attr-defined]
    total = np.zeros(size)
    np.add.at(total, flat[flat >= 0], np.asarray(g).ravel()[flat >= 0])
    return total.reshape(shape)


class Tape(Numbers):
    """A value and how it was made. Tapes may lie over any other numbers, other tapes too."""

    system: ClassVar[str] = "Tape (no adjoint is known)"
    rank: int = 10  # type: ignore[misc]

    def __init__(self, value: Any, parents: Sequence[tuple[Tape, Adjoint]] = (), rank: int = 10) -> None:
        self.value = value if isinstance(value, Numbers) else np.asarray(value)
        self.parents = tuple(parents)
        self.rank = rank
        self.serial = next(_serial)

    def __repr__(self) -> str:
        return f"Tape({self.value!r})"

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    def lift(self, x: Any) -> Tape:
        return x if isinstance(x, Tape) and x.rank == self.rank else Tape(x, rank=self.rank)

    def rearranged(self, f: Callable[[Any], Any]) -> Tape:
        index = f(np.arange(1, self.size + 1).reshape(self.shape)) - 1  # what f fills in with 0 comes from nowhere
        return Tape(_move(self.value, f), [(self, lambda g: _scatter(g, index, self.shape))], self.rank)

    def joined(self, parts: list[Tape], f: Callable[[Any], Any]) -> Tape:
        beneath = [p.value for p in parts]
        numbers = [v for v in beneath if isinstance(v, Numbers)]
        highest = max(numbers, key=lambda v: v.rank) if numbers else None
        value = f(beneath) if highest is None else highest.joined([highest.lift(v) for v in beneath], f)
        starts = np.cumsum([0] + [p.size for p in parts])
        where = f([start + np.arange(p.size).reshape(p.shape) for start, p in zip(starts, parts, strict=False)])

        def share(start: int, part: Tape) -> Adjoint:
            own = (where >= start) & (where < start + part.size)
            return lambda g: _scatter(g, np.where(own, where - start, -1), part.shape)

        return Tape(value, [(p, share(s, p)) for s, p in zip(starts, parts, strict=False)], self.rank)

    def beneath(self, a: Any) -> Any:
        """The value under a tape of this level; anything else is its own value."""
        return a.value if isinstance(a, Tape) and a.rank == self.rank else a

    # What `functions` asks ------------------------------------------------------------------------

    def between(self, one: Any, other: Any) -> Tape:
        value = functions.between(self.value, self.beneath(one), self.beneath(other))
        return Tape(value, [(self, lambda g: g)], self.rank)

    def settled(self) -> Tape:
        return Tape(functions.settled(self.value), [(self, lambda g: g)], self.rank)

    def shift(self) -> Tape:
        return Tape(functions.shift(self.value), rank=self.rank)

    def constant(self, name: str, argument: int = 0) -> Any:
        return functions.pi(self.value) if name == "pi" else functions.root(argument, self.value)

    def erf(self) -> Tape:
        def adjoint(g: Any) -> Any:
            return g * 2 / np.sqrt(functions.pi(self.value)) * np.exp(-np.square(self.value))

        return Tape(functions.erf(self.value), [(self, adjoint)], self.rank)

    def scattered(self, index: np.ndarray, size: int) -> Tape:
        value = _scatter(self.value, index, (size,))

        def adjoint(g: Any) -> Any:
            if not size:
                return np.zeros_like(self.value)
            taken = _move(g, lambda a: a[np.maximum(index, 0)].reshape(self.shape))
            return np.where(index.reshape(self.shape) >= 0, taken, np.zeros_like(taken))

        return Tape(value, [(self, adjoint)], self.rank)
