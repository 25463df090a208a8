"""A scenario in another number system: its reals are carried over, its labels, masks and options stay what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from reference.domain import Array, Domain, Kind, Lane, Simplex
from reference.number_systems.balls import Balls
from reference.number_systems.rounded import Format, Rounded


def carried(
    domain: Domain, values: Mapping[str, Any], array: Callable[[Any], Any], number: Callable[[Any], Any]
) -> dict[str, Any]:
    """The arguments with each real array and each real number turned into another system's."""

    def turned(name: str, value: Any) -> Any:
        argument = domain[name]
        if isinstance(argument, Simplex) or (isinstance(argument, Array | Lane) and not argument.kind.integer):
            return array(value)
        if isinstance(argument, Array | Lane):  # whole numbers are exact in every system
            return array(np.asarray(value, dtype=np.float64)) if isinstance(argument, Lane) else value
        if isinstance(argument, Kind) and not argument.integer:
            return number(value)
        return value

    return {name: turned(name, value) for name, value in values.items()}


def over_bounds(domain: Domain, values: Mapping[str, Any], fmt: Format) -> dict[str, Any]:
    """The scenario over `Rounded`: arrays of the format, hyperparameters of its host."""
    return carried(domain, values, lambda x: Rounded.of(x, fmt), lambda x: Rounded.scalar(x, fmt))


def over_balls(domain: Domain, values: Mapping[str, Any]) -> dict[str, Any]:
    """The scenario over rigorous enclosures."""
    return carried(domain, values, Balls, Balls)
