"""How fast bounds are: a float32 Adam step of 1,000 lanes and a small convolution, over Rounded and bare.

python -m tests.speed
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from timeit import repeat
from typing import Any

import numpy as np

from conformance.scenarios.carry import over_bounds
from reference.catalogue import CATALOGUE
from reference.number_systems.rounded.format import float32, float64


def adam(lanes: int) -> dict[str, Any]:
    """An ordinary step."""
    generator = np.random.default_rng(0)
    w, g, m = (float32.quantize(generator.normal(size=lanes)) for _ in range(3))
    v = float32.quantize(generator.normal(size=lanes) ** 2)
    return dict(w=w, g=g, m=m, v=v, t=10, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8)


def convolution() -> dict[str, Any]:
    """(2, 3, 8, 8) * (4, 3, 3, 3), plain."""
    generator = np.random.default_rng(0)
    x, w, b = (float32.quantize(generator.normal(size=s)) for s in ((2, 3, 8, 8), (4, 3, 3, 3), (4,)))
    plain = dict(stride_y=1, stride_x=1, padding_y=0, padding_x=0, dilation_y=1, dilation_x=1, groups=1)
    return dict(x=x, w=w, b=b) | plain


def a_second(f: Callable[[], Any], number: int) -> float:
    """Calls a second, at the best of several tries."""
    return number / min(repeat(f, number=number, repeat=7))


def peak(f: Callable[[], Any]) -> int:
    """The most memory that a call holds, in bytes."""
    f()
    tracemalloc.start()
    f()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def main() -> int:
    """Print the figures."""
    for name, values, number in (("adam", adam(1000), 50), ("convolution_2d", convolution(), 50)):
        entry = CATALOGUE[name]
        bare = a_second(lambda e=entry, v=values: e(**v), number)  # type: ignore[misc]
        carried = over_bounds(entry.domain, values, float32)
        bounded = a_second(lambda e=entry, v=carried: e(**v), number)  # type: ignore[misc]
        print(f"{name}: {bounded:,.0f} a second over Rounded, {bare:,.0f} bare, {bare / bounded:.0f} times")
    double = over_bounds(CATALOGUE["adam"].domain, adam(128), float64)
    print(f"adam in float64, 128 lanes: {a_second(lambda: CATALOGUE['adam'](**double), 5):,.0f} a second")
    for lanes in (10_000, 20_000, 40_000):
        carried = over_bounds(CATALOGUE["adam"].domain, adam(lanes), float32)
        used = peak(lambda c=carried: CATALOGUE["adam"](**c))  # type: ignore[misc]
        print(f"adam of {lanes:,} lanes: {used / lanes / 8:.0f} doubles a lane")
    return 0


if __name__ == "__main__":
    sys.exit(main())
