"""The scenarios of an equation and a dtype are the same for every mode, layout and device."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from conformance.scenarios.draw import NothingFits, Recipe, Scenario, belongs, draw, is_elementwise
from conformance.scenarios.far import far_out
from conformance.scenarios.regions import BY_NAME, ORDINARY, REGIONS
from reference.catalogue import CATALOGUE, Equation
from reference.domain import Domain
from reference.number_systems.rounded.format import FORMATS

if TYPE_CHECKING:
    from reference.number_systems.rounded import Format

SCENARIOS = {"quick": 8, "standard": 24, "exhaustive": 200}
LANES = {  # a call of many costs hardly more than one of few
    "quick": (1, 16, 2400),
    "standard": (1, 2, 9, 16, 33, 240, 20_000),
    "exhaustive": (1, 2, 7, 8, 9, 16, 17, 33, 240, 769, 20_000),
}
SLOWLY = 128  # lanes of float64, whose expected values are carried in balls
NARROW = ("bfloat16", "float16")  # which share most of what can be wrong, so that each gets two thirds of the effort
COUNTED = 6  # times as many scenarios of counts, which cost nothing
TIME = frozenset({"T", "U"})  # of what goes step by step, where a hundred steps take a hundred times as long
SIZES = ("small", "least", "small", "wide", "small", "wide", "small", "long")


def generator(*names: Any) -> np.random.Generator:
    """A stream of its own for every combination of names."""
    return np.random.default_rng(crc32("/".join(map(str, names)).encode()))


def scenarios(equation: str, dtype: str, effort: str, seed: int, *, most: int = 0) -> Iterator[Scenario]:
    """First the telling inputs of the dialects, then draws that visit every region and size."""
    entry = CATALOGUE[equation]
    fmt = FORMATS["float64" if dtype == "exact" else dtype]
    yield from telling(entry, fmt)
    wishes: list[tuple[str | int, Recipe]] = []
    if not is_elementwise(entry.domain):
        wishes.append(("least", Recipe(ORDINARY, "least", plain=True)))
    number = as_many(SCENARIOS[effort], dtype) * (COUNTED if dtype == "exact" else 1)
    wishes += [(k, recipe(entry, dtype, effort, k, most)) for k in range(number)]
    wishes += far_out(entry, dtype, effort, most)
    for k, wish in wishes:
        try:
            yield draw(entry.domain, generator(equation, dtype, seed, k), fmt, wish)
        except NothingFits:  # this combination of wishes has no scenario; `draw` has already asked for less
            continue


def as_many(number: int, dtype: str) -> int:
    """How many of so many scenarios a dtype gets."""
    return -(-2 * number // 3) if dtype in NARROW else number


def recipe(entry: Equation, dtype: str, effort: str, k: int, most: int) -> Recipe:
    """The k-th wish: regions and sizes in turn, hyperparameters at their customary values in one of three."""
    plain = k % 3 == 0
    if is_elementwise(entry.domain):
        lanes = LANES[effort][k % len(LANES[effort])]
        lanes = min(lanes, SLOWLY) if dtype == "float64" else lanes
        return Recipe(None if lanes > 16 else REGIONS[k % len(REGIONS)], "small", min(lanes, most or lanes), plain)
    size = "small" if dtype == "exact" else SIZES[k % len(SIZES)]
    if size == "long" and effort == "quick":
        size = "wide"
    region = (ORDINARY, *REGIONS[1:], None)[k % (len(REGIONS) + 1)]
    return Recipe(region, size, 16, plain, short=TIME if entry.chapter == "recurrent" else frozenset())


def telling(entry: Equation, fmt: Format) -> Iterator[Scenario]:
    """The inputs that tell the dialects and misprints apart, as far as the dtype can hold them."""
    for kind, shelf in (("dialect", entry.dialects), ("misprint", entry.misprints)):
        for variant in shelf.values():
            values = quantized(entry.domain, variant.telling, fmt)
            if belongs(entry.domain, values):
                yield Scenario(values, origin=f"tells the {kind} {variant.name}")


def quantized(domain: Domain, values: Mapping[str, Any], fmt: Format) -> dict[str, Any]:
    """The real arrays rounded to the dtype, in the equation's order; numbers stay what they are."""
    reals = domain.real_arrays()
    return {n: fmt.quantize(np.asarray(values[n], dtype=float)) if n in reals else values[n] for n in domain}


__all__ = ["BY_NAME", "generator", "quantized", "scenarios", "telling"]
