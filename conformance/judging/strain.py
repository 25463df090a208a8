"""The verdict on computed numbers: how far off they are, measured by what honest rounding explains."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from reference.number_systems.balls import Balls
from reference.number_systems.rounded import Rounded


@dataclass(frozen=True)
class Strains:
    """The error over its bound for every number of one output, and where a pass says something."""

    strain: np.ndarray
    decided: np.ndarray

    @cached_property
    def worst(self) -> float:
        return float(self.strain.max()) if self.strain.size else 0.0

    @cached_property
    def histogram(self) -> Counter[str]:
        """How many strains lie in each power of two."""
        return histogram(self)

    @property
    def place(self) -> tuple[int, ...]:
        """Where the worst one is."""
        return tuple(int(i) for i in np.unravel_index(int(np.argmax(self.strain)), self.strain.shape))

    def without(self, mask: bool | np.ndarray) -> Strains:
        """As if what the mask covers had not been looked at; a mask of inputs covers all that they have a part in."""
        if not (isinstance(mask, np.ndarray) and mask.shape == self.strain.shape):
            mask = np.full(self.strain.shape, bool(np.any(mask)))
        return Strains(np.where(mask, 0.0, self.strain), self.decided & ~mask)


def letter(strain: float, algorithm: str = "") -> str:
    """A passes; N passes in norm, for an algorithm that is accurate only so; B, C and D say how bad a failure is."""
    return ("N" if algorithm else "A") if strain <= 1 else "B" if strain <= 2 else "C" if strain <= 8 else "D"


def strains(computed: np.ndarray, expected: Any) -> Strains:
    """Judge one output. What has no bound is a count, and is compared by equality."""
    if not isinstance(expected, Rounded):
        expected = np.asarray(expected)
        same = computed == expected
        return Strains(np.where(same, 0.0, np.inf), np.ones(np.shape(same), dtype=bool))
    bound, exact = expected.bound, expected.midpoint
    with np.errstate(all="ignore"):
        error = _distance(computed, expected.value)
        ratio = np.where(error == 0, 0.0, np.where(np.isinf(bound), 0.0, error / bound))
    if expected.over is not None:  # too large for the format: infinite, of the sign that is known, or near the value
        with np.errstate(all="ignore"):
            near = _distance(computed, expected.value) <= expected.err
        right = near | (np.isinf(computed) & (np.sign(computed) == np.sign(exact)))
        ratio = np.where(expected.over, np.where(right, 0.0, np.inf), ratio)
    ratio = np.where(np.isnan(ratio), np.inf, ratio)
    return Strains(np.asarray(ratio), saying(expected))


def saying(expected: Any) -> np.ndarray:
    """Where a pass says something: where the bound is smaller than what was computed, or there is none to need."""
    if not isinstance(expected, Rounded):
        return np.ones(np.shape(expected), dtype=bool)
    with np.errstate(all="ignore"):
        return np.asarray(expected.decided & np.isfinite(expected.bound))


def _distance(computed: np.ndarray, truth: Any) -> np.ndarray:
    """From what was computed to the truth; infinite where something finite was due and something else came."""
    if isinstance(truth, Balls):
        finite = np.isfinite(computed)
        gap = np.abs((truth - np.where(finite, computed, 0.0)).midpoints())
        return np.where(finite, gap, np.where(computed == truth.midpoints(), 0.0, np.inf))
    gap = np.where(computed == truth, 0.0, np.abs(computed - truth))
    return np.where(np.isnan(gap), np.inf, gap)


def apart(one: Any, other: Any) -> np.ndarray:
    """Where two forms of an equation differ by more than both their bounds, so that no framework can satisfy both."""
    (a, near), (b, also) = (_interval(x) for x in (one, other))
    with np.errstate(all="ignore"):
        return np.asarray((a != b) & (np.abs(a - b) > (near + also) * (1 + 2.0**-40)))


def _interval(x: Any) -> tuple[np.ndarray, np.ndarray]:
    """A number with its bound; a count has none."""
    return (x.midpoint, x.bound) if isinstance(x, Rounded) else (np.asarray(x), np.zeros(np.shape(x)))


def histogram(found: Strains) -> Counter[str]:
    """How many strains lie in each power of two."""
    values = found.strain[found.decided] if found.decided.shape == found.strain.shape else found.strain
    counts: Counter[str] = Counter()
    if not values.size:
        return counts
    counts["0"] = int((values == 0).sum())
    counts["inf"] = int(np.isinf(values).sum())
    rest = values[(values > 0) & np.isfinite(values)]
    numbers = np.bincount(np.clip(np.ceil(np.log2(rest)), -24, 24).astype(int) + 24)
    counts.update({str(e - 24): n for e, n in enumerate(numbers.tolist())})
    return Counter({k: v for k, v in counts.items() if v})


def shown(strain: float) -> str:
    """A strain as a sentence has it."""
    return "infinitely far beyond" if math.isinf(strain) else f"{strain:.4g} times"
