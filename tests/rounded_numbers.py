"""A bound is right if it allows whatever an honest machine may give."""

import numpy as np

from reference.number_systems.rounded import Rounded
from reference.number_systems.rounded.format import bfloat16, float16, float32

TINY = float32.smallest


def f32(*x, fmt=float32):
    return Rounded.of(np.array(x, dtype=float), fmt)


def allows(result, computed):
    """Whether an honest machine may give these numbers."""
    gap = np.abs(np.asarray(computed, dtype=float) - result.midpoint)
    return np.where(np.isfinite(computed), gap <= result.bound, np.isinf(result.bound))


def f16(*x):
    return Rounded.of(float16.quantize(np.array(x, dtype=float)), float16)


def bf16(*x):
    return Rounded.of(bfloat16.quantize(np.array(x, dtype=float)), bfloat16)
