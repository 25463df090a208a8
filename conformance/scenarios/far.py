"""What chance seldom meets is wished for: each size alone far out, each number at its ends, counts beyond a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from conformance.scenarios.draw import Recipe, is_elementwise
from conformance.scenarios.numbers import decays
from conformance.scenarios.regions import BRINK, BY_NAME, MINUTE, ORDINARY
from conformance.scenarios.steps import has_steps
from reference.catalogue import Equation
from reference.domain import Argument, Kind
from reference.number_systems.rounded.format import FORMATS

# A size just beyond one and two vectors, beyond the blocks of sums and bytes, beyond what one thread or loop is given.
RUNGS = {
    "quick": ((33, "ordinary"),),
    "standard": (
        (9, "tail"), (17, "tail"), (33, "spikes"), (33, "ordinary"), (769, "offset"), (769, "spikes"),
        (4097, "heavy last"),
    ),
    "exhaustive": (
        (9, "tail"), (9, "exponential"), (17, "tail"), (17, "special"), (33, "ordinary"), (129, "huge"),
        (257, "scales"), (769, "offset"), (4097, "heavy last"), (4097, "ordinary"),
    ),
}  # fmt: skip
LARGE = 100
# where work grows as a size does
LINEAR = {"activations", "losses", "normalization", "linear", "estimation", "regularization"}
EVERY = 17  # all sizes at once, no two alike
VAST = 65_537
CROWDS = {"quick": (), "standard": (4097,), "exhaustive": (4097, VAST)}  # lanes of one call
EPOCHS = (49, 121, 1001)
COUNTS = (2**24 + 1, 2**31)
ODD = (2**24 + 1, 2**31 + 1)  # which no narrower float holds
BRINKS = 16
SQUARED = 1e-28  # of what is minute


def far_out(entry: Equation, dtype: str, effort: str, most: int) -> Iterator[tuple[str, Recipe]]:
    """Wishes by name. Counts have no regions, so that only their numbers matter."""
    if dtype != "exact":
        yield from _crowded(effort, most) if is_elementwise(entry.domain) else _large(entry, dtype, effort)
    if effort != "quick":
        yield from _ends(entry, most)
        yield from _late(entry, most)
        yield from _brinks(entry, dtype)


def _crowded(effort: str, most: int) -> Iterator[tuple[str, Recipe]]:
    for lanes in CROWDS[effort] if not most else ():
        yield f"{lanes} lanes", Recipe(None, "vast", lanes, plain=True)


def _large(entry: Equation, dtype: str, effort: str) -> Iterator[tuple[str, Recipe]]:
    least = {name: low for name, (low, _) in entry.domain.sizes.items()}
    few = {name: min(high, low + 2) for name, (low, high) in entry.domain.sizes.items()}
    free = [name for name, (low, high) in entry.domain.sizes.items() if high > low]
    for name in free:
        for i, (size, region) in enumerate(RUNGS[effort]):
            if size < LARGE or entry.chapter in LINEAR:
                others = few if i % 2 else least  # one sample of many features, and a few that are not all the same
                yield f"{name} = {size}", Recipe(BY_NAME[region], "far", plain=True, sizes=others | {name: size})
    one_line = {axis for axes in entry.domain.shapes().values() for axis in axes} == set(free)
    if len(free) == 1 and one_line and entry.chapter in LINEAR and effort != "quick" and dtype == "float32":
        for i, region in enumerate(("whole", "spikes", "spikes")):
            wish = Recipe(BY_NAME[region], "vast", plain=True, sizes={free[0]: VAST}, most=VAST)
            yield f"{free[0]} = {VAST}, {region}, {i}", wish
    every = {name: EVERY + i for i, name in enumerate(free)}
    for k in range(2) if effort != "quick" else ():  # with the first, which is often the batch, and without it
        sizes = least | every | {name: least[name] for name in free[:k]}
        yield f"every size from {k}", Recipe(ORDINARY, "far", plain=True, sizes=sizes)
    if effort != "quick" and entry.domain.real_arrays():
        # of so many some are always equally large, in each row
        yield "ties in each row", Recipe(BY_NAME["ties"], "far", plain=True, sizes=least | every)
        if FORMATS[dtype].smallest < SQUARED:
            yield "minute", Recipe(MINUTE, "small", plain=True, sizes=few)


def _ends(entry: Equation, most: int) -> Iterator[tuple[str, Recipe]]:
    """Each number at each of its ends that belong to it, among ordinary numbers and among ties."""
    lanes = min(33, most or 33)
    for name, kind in entry.domain.items():
        if not isinstance(kind, Kind) or kind.integer or kind.name == "flag":
            continue
        for end in (float(kind.low), float(kind.high)):
            if np.isfinite(end) and kind.holds(end):
                for region in (ORDINARY, BY_NAME["ties"]):
                    yield f"{name} = {end}, {region.name}", Recipe(region, "small", lanes, True, numbers={name: end})


def _whole(kind: Argument) -> bool:
    return isinstance(kind, Kind) and kind.integer


def _late(entry: Equation, most: int) -> Iterator[tuple[str, Recipe]]:
    """Counts of steps beyond the words that hold them; epochs far out, on the border of a period and beyond it.

    The farthest keep company with decays for which one step more still shows: most have died out long before.
    """
    lanes = min(8, most or 8)
    if "t" in entry.domain:
        for t in COUNTS:
            yield f"t = {t}", Recipe(None, "small", 33, numbers={"t": t})
        for t in ODD if any(map(decays, entry.domain.values())) else ():
            yield f"t = {t}, lasting", Recipe(None, "small", 33, numbers={"t": t}, lasting=True)
    if "epoch" not in entry.domain:
        return
    periods = {"size", "total", "first", "up"} & set(entry.domain)
    for epoch in EPOCHS:
        lasting = epoch == EPOCHS[-1]
        yield f"epoch = {epoch}", Recipe(ORDINARY, "small", lanes, numbers={"epoch": epoch}, lasting=lasting)
        for period in sorted(periods):
            wish: dict[str, Any] = {"epoch": epoch, period: epoch}
            yield f"epoch = {period} = {epoch}", Recipe(ORDINARY, "small", lanes, True, numbers=wish)
            wish = {"epoch": epoch, period: 1} | {n: 3 for n, k in entry.domain.items() if n == "factor" and _whole(k)}
            yield f"epoch = {epoch}, {period} = 1", Recipe(ORDINARY, "small", lanes, True, numbers=wish)


def _brinks(entry: Equation, dtype: str) -> Iterator[tuple[str, Recipe]]:
    """The neighbourhood of a threshold, which chance does not meet; lanes are many enough to meet it."""
    if dtype != "exact" and not is_elementwise(entry.domain) and has_steps(entry.name):
        for k in range(BRINKS):
            yield f"brink {k}", Recipe(BRINK, "small", plain=True)
