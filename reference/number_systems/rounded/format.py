"""A floating-point format, and the facts about a machine that decide what one operation in it may be off by."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

Flushing = Literal["never", "results", "both"]

CARRIER_UNIT = 2.0**-53  # of the float64 numbers in which values of narrower formats are carried


@dataclass(frozen=True)
class Format:
    """Unit roundoff, range and habits of the numbers under test.

    `flushes` says which subnormal numbers may become zero: none, results, or results and operands. `ulps` is how far a
    library function may be from the exact value. Sums are accumulated in the format named by `accumulator`; scalars
    are computed in `host` and rounded to `scalar` when they meet an array.
    """

    name: str
    bits: int  # of the significand, the hidden one included
    lowest: int  # exponent of the smallest normal number
    highest: int  # the largest number is just below 2 to this
    flushes: Flushing = "results"
    ulps: float = 1.0
    accumulator: str = ""
    host: str = "float64"
    scalar: str = ""
    balls: bool | None = None  # whether values are carried in balls; if None, where float64 would not do
    silent: bool = False  # a format that rounds nothing: what is left is the propagation of earlier errors

    @cached_property
    def unit(self) -> float:
        """Rounding to nearest changes a number by at most this, relatively."""
        return 0.0 if self.silent else 2.0**-self.bits

    @cached_property
    def smallest(self) -> float:
        """The smallest normal number."""
        return 2.0**self.lowest

    @cached_property
    def largest(self) -> float:
        return float(2.0 ** (self.highest - 1) * (2 - 2.0 ** (1 - self.bits)))

    @cached_property
    def floor(self) -> float:
        """What one rounding near zero may be off by, absolutely."""
        if self.silent:
            return 0.0
        return self.smallest if self.flushes != "never" else max(2.0 ** (self.lowest - self.bits), 5e-324)

    @cached_property
    def wide(self) -> bool:
        """Whether values are carried in balls, because float64 would be no better than the format itself."""
        return self.bits > 24 if self.balls is None else self.balls

    @cached_property
    def own(self) -> float:
        """What the float64 carrier may add to each rounding: its own four ulps, and those of the bound beside it."""
        return 0.0 if self.wide else 8 * CARRIER_UNIT

    @cached_property
    def accumulates(self) -> Format:
        """The format inside a sum."""
        if self.accumulator in ("", self.name):
            return self
        return replace(FORMATS[self.accumulator], flushes="results", ulps=self.ulps, silent=self.silent)

    @cached_property
    def scalars(self) -> Format:
        """The format of a Python number at the moment it meets an array."""
        return self if self.scalar in ("", self.name) else replace(FORMATS[self.scalar], silent=self.silent)

    @cached_property
    def hosts(self) -> Format:
        """The format in which Python numbers are computed, carried like this one."""
        return replace(FORMATS[self.host], ulps=self.ulps, silent=self.silent, balls=self.wide)

    @cached_property
    def literals(self) -> dict[Any, Any]:
        """Numbers of formulas as they met arrays of this format."""
        return {}

    @cached_property
    def kernel(self) -> Format:
        """The format of a kernel that works in its accumulator and rounds once, at the end."""
        return self.accumulates

    @cached_property
    def quiet(self) -> Format:
        """The same numbers without any rounding."""
        return replace(self, silent=True)

    def quantize(self, x: np.ndarray) -> np.ndarray:
        """The nearest numbers of the format, ties to even."""
        x = np.asarray(x, dtype=np.float64)
        if self.name == "bfloat16":
            return _bfloat16(x)
        with np.errstate(over="ignore", under="ignore"):
            return np.asarray(x.astype(self.name).astype(np.float64))

    def holds(self, x: np.ndarray) -> np.ndarray:
        """Which numbers are numbers of the format."""
        if self.name == "float64":
            return np.asarray(~np.isnan(x))
        if self.name == "bfloat16":
            with np.errstate(over="ignore", under="ignore"):
                single = np.asarray(x, dtype=np.float32)
            return np.asarray((single == x) & (single.view(np.uint32) & np.uint32(0xFFFF) == 0))
        return np.asarray(self.quantize(x) == x)

    def has(self, number: float) -> bool:
        """Whether one number is zero, infinite or a normal number of the format."""
        if math.isinf(number):
            return True
        fraction, exponent = math.frexp(number)
        whole = (fraction * 2.0**self.bits).is_integer()
        return number == 0 or (whole and self.lowest < exponent <= self.highest)


def _bfloat16(x: np.ndarray) -> np.ndarray:
    single = x.astype(np.float32)
    bits = single.view(np.uint32).astype(np.uint64)
    odd = bits >> np.uint64(16) & np.uint64(1)
    # x is rounded once, not twice: where float32 rounded onto the middle of two bfloat16 numbers, look which side x is on
    middle = (bits & np.uint64(0xFFFF)) == np.uint64(0x8000)
    away = np.abs(x) > np.abs(single.astype(np.float64))
    toward = np.abs(x) < np.abs(single.astype(np.float64))
    up = np.where(middle & away, np.uint64(1), np.where(middle & toward, np.uint64(0), odd))
    rounded = (bits + np.uint64(0x7FFF) + up) >> np.uint64(16) << np.uint64(16)
    finite = np.isfinite(single)
    result = np.where(finite, rounded, bits).astype(np.uint32).view(np.float32).astype(np.float64)
    return np.asarray(result)


float64 = Format("float64", 53, -1022, 1024)
float32 = Format("float32", 24, -126, 128)
bfloat16 = Format("bfloat16", 8, -126, 128, accumulator="float32")
float16 = Format("float16", 11, -14, 16, flushes="never", accumulator="float32")

FORMATS = {f.name: f for f in (float64, float32, bfloat16, float16)}
