"""A sum is open until somebody looks, and then its terms are added in an order that nobody knows."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from reference.number_systems.table import Numbers
from tests.machine.habits import Habits


class Machine(Numbers):
    """An array of numbers of the format, or a sum of terms that nobody has looked at yet."""

    system: ClassVar[str] = "the machine under test"
    rank: ClassVar[int] = 3
    rules: ClassVar[dict[Any, Callable[..., Any]]] = {}

    def __init__(self, value: Any, habits: Habits, *, host: bool = False, terms: Any = None, stores: int = 0) -> None:
        self._value = None if value is None else np.asarray(value, dtype=np.float64)
        self.habits = habits
        self.host = host
        self.terms = terms  # a list of (array, whether it is a product that has not been rounded)
        self.stores = stores

    @property
    def value(self) -> np.ndarray:
        """The number, once its terms are added."""
        if self._value is None:
            self._value = self._added()
        return self._value

    def _added(self) -> np.ndarray:
        h = self.habits
        inside = h.fmt.accumulates
        terms = list(self.terms)
        stores = self.stores - 1
        while len(terms) > 1:
            i, j = h.generator.choice(len(terms), 2, replace=False)
            (a, raw_a), (b, raw_b) = terms[i], terms[j]
            if raw_a and raw_b:
                a = h.nearest(a, inside)
            with np.errstate(all="ignore"):
                partial = h.nearest(h.plus(np.asarray(a, float), np.asarray(b, float)), inside)
            if stores > 0 and h.generator.random() < 0.5 and len(terms) > 2:
                partial, stores = h.nearest(partial, h.fmt), stores - 1
            terms = [t for k, t in enumerate(terms) if k not in (i, j)] + [(partial, False)]
        ((total, raw),) = terms
        return h.nearest(h.nearest(total, inside) if raw else total, h.fmt)

    @property
    def shape(self) -> tuple[int, ...]:
        return self._value.shape if self._value is not None else np.shape(self.terms[0][0])

    def lift(self, x: Any) -> Machine:
        return (
            x if isinstance(x, Machine) else Machine(self.habits.hosted(np.asarray(x, float)), self.habits, host=True)
        )

    def rearranged(self, f: Callable[[Any], Any]) -> Machine:
        if self.terms is not None:
            return Machine(None, self.habits, terms=[(f(t), raw) for t, raw in self.terms], stores=self.stores)
        return Machine(f(self.value), self.habits, host=self.host)

    def joined(self, parts: list[Machine], f: Callable[[Any], Any]) -> Machine:
        return Machine(f([p.value for p in parts]), self.habits)

    def settled(self) -> Machine:
        return Machine(self.value, self.habits, host=self.host)

    def scattered(self, index: np.ndarray, size: int) -> Machine:
        """The elements that an index sends to the same place, as terms that nobody has added yet."""
        flat, sources = index.ravel(), self.value.ravel()
        rows = max(int(np.bincount(flat[flat >= 0], minlength=1).max()), 1)
        terms, filled = np.zeros((rows, size)), np.zeros(size, dtype=int)
        for place, x in zip(flat, sources, strict=True):
            if place >= 0:
                terms[filled[place], place] = x
                filled[place] += 1
        if rows == 1:
            return Machine(terms[0], self.habits)
        return Machine(None, self.habits, terms=[(row, False) for row in terms], stores=1)

    def constant(self, name: str, argument: int = 0) -> Machine:
        number = math.pi if name == "pi" else math.sqrt(argument)
        return Machine(self.habits.hosted(np.asarray(number)), self.habits, host=True)

    def __either__(self, forms: Any, args: Any) -> Any:
        made = forms[self.habits.generator.integers(len(forms))](*args)
        if not isinstance(made, tuple) or all(part is not None for part in made):
            return made
        return tuple(own if part is None else part for part, own in zip(made, forms[0](*args), strict=True))

    def between(self, one: Any, other: Any) -> Machine:
        share = self.habits.generator.choice([0.0, 0.5, 1.0], size=self.shape)
        ends = [np.broadcast_to(self.lift(x).value, self.shape) for x in (one, other)]
        middle = np.where(share == 0.5, self.value, ends[0])
        return Machine(np.where(share == 1, ends[1], middle), self.habits)
