"""A case is one equation on one framework, device, dtype and mode; the plan lists them in a fixed order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from reference.catalogue import CATALOGUE

if TYPE_CHECKING:
    from conformance.loading import Adapter

DTYPES = ("float64", "float32")


class PlanError(Exception):
    """What was asked for cannot be planned."""


@dataclass(frozen=True)
class Case:
    """What one test certifies."""

    equation: str
    framework: str
    device: str
    dtype: str
    adapter: Adapter = field(repr=False, compare=False)

    def __str__(self) -> str:
        return f"{self.equation}-{self.framework}-{self.device}-{self.dtype}"


def cases(adapter: Adapter, wanted: Sequence[str] = ("*",)) -> list[Case]:
    """Every case of a framework: each claimed equation in each dtype, in the order of the catalogue."""
    for pattern in wanted:
        if not any(fnmatch(name, pattern) for name in CATALOGUE):
            nearest = get_close_matches(pattern, CATALOGUE, n=4, cutoff=0.4)
            hint = f"; the nearest names are {', '.join(nearest)}" if nearest else ""
            raise PlanError(f"--equations: no equation matches {pattern!r}{hint}")
    chosen = [n for n in CATALOGUE if n in adapter.claims and any(fnmatch(n, pattern) for pattern in wanted)]
    planned = []
    for name in chosen:
        dtypes = ("exact",) if CATALOGUE[name].dtype == "exact" else DTYPES
        planned += [Case(name, adapter.name, "cpu", dtype, adapter) for dtype in dtypes]
    return planned
