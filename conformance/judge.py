"""The verdict on computed numbers: how far off they are, measured by what honest rounding explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from reference.number_systems.balls import Balls
from reference.number_systems.rounded import Rounded


@dataclass(frozen=True)
class Strain:
    """The error over its bound, the worst of an array; and on how many elements a pass would have said something."""

    worst: float
    decided: int
    place: tuple[int, ...] = ()
    computed: float = 0.0
    exact: float = 0.0
    bound: float = 0.0

    @property
    def passes(self) -> bool:
        return self.worst <= 1


def strain(computed: np.ndarray, expected: Any) -> Strain:
    """Judge one output. What has no bound is a count, and is compared by equality."""
    if not isinstance(expected, Rounded):
        expected = expected if isinstance(expected, np.ndarray) else np.asarray(expected)
        same = computed.shape == expected.shape and bool(np.array_equal(computed, expected, equal_nan=True))
        return Strain(0.0 if same else np.inf, int(same))
    if computed.shape != expected.shape:
        return Strain(np.inf, 0)
    bound, exact = expected.bound, expected.midpoint
    error = np.abs(computed - exact) if isinstance(expected.value, np.ndarray) else _distance(computed, expected.value)
    error = np.where(computed == exact, 0.0, np.where(np.isnan(error), np.inf, error))
    with np.errstate(all="ignore"):
        ratio = np.where(error == 0, 0.0, np.where(np.isinf(bound), 0.0, error / bound))
    ratio = np.where(np.isnan(ratio), np.inf, ratio)
    decided = int(np.sum(expected.decided & np.isfinite(bound)))
    if not ratio.size:
        return Strain(0.0, 1)
    place = np.unravel_index(int(np.argmax(ratio)), ratio.shape)
    where = tuple(int(i) for i in place)
    return Strain(float(ratio[place]), decided, where, float(computed[place]), float(exact[place]), float(bound[place]))


def _distance(computed: np.ndarray, truth: Balls) -> np.ndarray:
    """From double precision numbers to enclosures of the truth."""
    finite = np.isfinite(computed)
    gap = np.abs((truth - np.where(finite, computed, 0.0)).midpoints())
    return np.where(finite, gap, np.inf)
