"""The same numbers can lie in memory in several ways, as far as their shape allows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np


def other_layouts(offered: Iterable[str], values: Mapping[str, Any]) -> list[str]:
    """Of the layouts that a framework offers, those in which some array lies otherwise than row by row."""
    arrays = [v for v in values.values() if isinstance(v, np.ndarray) and v.size]
    return [layout for layout in offered if any(_otherwise(layout, x) for x in arrays)]


def _otherwise(layout: str, x: np.ndarray) -> bool:
    match layout:
        case "sliced" | "reversed":
            return x.ndim > 0
        case "transposed":
            return x.ndim > 1
        case "expanded":
            return x.ndim > 0 and len(x) > 1 and np.array_equal(x, np.broadcast_to(x[:1], x.shape), equal_nan=True)
        case "channels_last" | "channels_slice":
            return x.ndim > 3
    return False
