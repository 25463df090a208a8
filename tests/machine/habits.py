"""Rounding to nearest is one habit of a machine; flushing, fusing and faithful functions are others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from reference.number_systems.rounded.format import Format


@dataclass
class Habits:
    """How one machine computes: its format, its whims, and whether it fuses and flushes."""

    fmt: Format
    generator: np.random.Generator
    fused: bool
    flush_results: bool
    flush_operands: bool

    def nearest(self, x: np.ndarray, fmt: Format) -> np.ndarray:
        """Round to nearest, and flush if that is the habit."""
        y = fmt.quantize(x)
        if self.flush_results and self.fmt.flushes != "never":
            y = np.where(np.abs(y) < fmt.smallest, np.copysign(0.0, y), y)
        return y

    def faithful(self, x: np.ndarray, fmt: Format) -> np.ndarray:
        """Either neighbour of the exact value, which float64 knows well enough."""
        y = fmt.quantize(x)
        if fmt.wide:
            return self.nearest(
                y, fmt
            )  # float64's own functions are off by less than an ulp, and nothing here knows better
        other = np.where(x > y, _next(y, fmt, 1), np.where(x < y, _next(y, fmt, -1), y))
        drawn = np.where(self.generator.random(np.shape(y)) < 0.5, y, other)
        return self.nearest(np.where(np.isfinite(other), drawn, y), fmt)

    def hosted(self, x: Any) -> Any:
        """A result among Python's own numbers."""
        return self.fmt.hosts.quantize(x)

    def plus(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """a + b, exactly enough to be rounded once afterwards."""
        return a + b if self.fmt.wide else exact_sum(a, b)

    def operand(self, x: np.ndarray) -> np.ndarray:
        if self.flush_operands and self.fmt.flushes != "never":
            return np.where(np.abs(x) < self.fmt.smallest, np.copysign(0.0, x), x)
        return x


def _next(y: np.ndarray, fmt: Format, direction: int) -> np.ndarray:
    """The neighbouring number of the format."""
    exponent = np.where(y == 0, fmt.lowest + 1, np.frexp(y)[1])
    below_power = (np.frexp(y)[0] == 0.5) & (np.sign(y) != direction)
    spacing = np.ldexp(1.0, np.maximum(exponent - below_power, fmt.lowest + 1) - fmt.bits)
    return fmt.quantize(y + direction * spacing)


def exact_sum(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a + b rounded to odd in float64, so that rounding it once more to a narrow format is rounding once."""
    s = a + b
    t = s - a
    rest = (a - (s - t)) + (b - t)
    even = (s.view(np.int64) & 1) == 0
    toward = np.nextafter(s, np.where(rest > 0, np.inf, -np.inf))
    return np.where((rest != 0) & even & np.isfinite(s), toward, s)
