"""What a sum is made of, so that a further addend can join it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass
class Terms:
    """What a sum is made of: the errors of its terms, the terms themselves or the sums of their magnitudes, how many.

    `stores` counts the operations whose results were stored on the way, each of which rounded to the format of the
    array. Where all terms are `exact`, they are whole multiples of a power of two, their lattice.
    """

    error: np.ndarray
    parts: list[Any]
    count: Any
    stores: int
    exact: bool = False
    step: Any = None

    @property
    def mass(self) -> np.ndarray:
        """The sum of the terms' magnitudes, errors included."""
        if len(self.parts) > 1 or hasattr(self.parts[0], "err"):
            if self.exact:
                self.step = self.lattice
            self.parts = [sum(_mass(m) for m in self.parts)]
        return np.asarray(self.parts[0])

    @property
    def lattice(self) -> Any:
        """The largest power of two that divides every term."""
        if self.step is None:
            steps = [p.terms.lattice if p.terms is not None else lattice(p.midpoint) for p in self.parts]
            self.step = steps[0] if len(steps) == 1 else np.minimum.reduce(np.broadcast_arrays(*steps))
        return self.step

    def rearranged(self, f: Callable[[Any], Any]) -> Terms:
        shape = self.error.shape

        def moved(a: Any) -> Any:
            return a if np.ndim(a) == 0 else f(np.broadcast_to(a, shape))

        mass = np.broadcast_to(self.mass, shape)
        step = moved(self.lattice) if self.exact else None
        return Terms(f(self.error), [f(mass)], moved(self.count), self.stores, self.exact, step)


def _mass(m: Any) -> np.ndarray:
    """Of a number with a bound, or a mass already."""
    if hasattr(m, "err"):
        m = m.terms.mass if m.terms is not None else m.size_of_value + m.bound
    return np.asarray(m)


def gamma(n: Any, unit: float) -> Any:
    """n roundings one after another change a number by at most this, relatively (Higham 2002, lemma 3.1)."""
    if isinstance(n, int | float):
        return n * unit / (1 - n * unit) if 0 < n * unit < 1 else 0.0 if n * unit <= 0 else math.inf
    n = np.maximum(n, 0)
    return np.where(n * unit < 1, n * unit / np.where(n * unit < 1, 1 - n * unit, 1.0), np.inf)


def lattice(x: np.ndarray) -> np.ndarray:
    """For each number the largest power of two that divides it; for zero there is no largest."""
    fraction, exponent = np.frexp(x)
    whole = np.abs(fraction * 2.0**53).astype(np.int64)
    step = np.ldexp((whole & -whole).astype(np.float64), exponent - 53)
    return np.where(x == 0, np.inf, step)
