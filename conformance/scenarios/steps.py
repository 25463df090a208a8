"""An equation with a step says on which side of it a number lies, and how far away it lies says nothing."""

from __future__ import annotations

from functools import cache

import numpy as np

from conformance.calling.computing import parts
from conformance.scenarios.draw import NothingFits, Recipe, draw
from reference.catalogue import CATALOGUE
from reference.number_systems.rounded.format import FORMATS

DRAWS = 3
NEARBY = 1 + 2.0**-40


@cache
def has_steps(equation: str) -> bool:
    """Whether nothing that comes out moves where all that goes in moves a little."""
    entry = CATALOGUE[equation]
    reals = entry.domain.real_arrays()
    if entry.differentiable or not reals:
        return False
    for k in range(DRAWS):
        try:
            values = draw(entry.domain, np.random.default_rng(k), FORMATS["float64"], Recipe()).values
        except NothingFits:
            return False
        with np.errstate(all="ignore"):
            moved = {name: x * NEARBY if name in reals else x for name, x in values.items()}
            pairs = zip(parts(entry.function(**values)), parts(entry.function(**moved)), strict=True)
        if not all(np.array_equal(a, b, equal_nan=True) for a, b in pairs):
            return False
    return True
