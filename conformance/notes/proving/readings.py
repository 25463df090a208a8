"""A formula need not number every axis: it may be about one sample, one channel, or all the numbers of a channel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from conformance.notes.proving.naming import SEQUENCES, Naming
from reference.domain import Array, names_in
from reference.entry import Equation


@dataclass(frozen=True)
class Reading:
    """Which axes of its arrays a formula leaves out: there is one of what they number."""

    ones: frozenset[str] = frozenset()
    dropped: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    flat: frozenset[str] = frozenset()

    def shown(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments as the formula sees them."""
        found = dict(arguments)
        for name, axes in dict(self.dropped).items():
            found[name] = np.squeeze(found[name], axis=axes)
        for name in self.flat:
            found[name] = found[name].ravel()
        return {n: v.item() if isinstance(v, np.ndarray) and v.ndim == 0 else v for n, v in found.items()}

    def __str__(self) -> str:
        return f"one {', '.join(sorted(self.ones))}" if self.ones else "all axes"


def readings(entry: Equation, naming: Naming, *, partial: bool) -> Iterator[Reading]:  # noqa: C901 - five ways
    """All axes; one of each batch; and as few axes as the indices number."""
    shapes = entry.domain.shapes()
    arity = {m.lstrip("√"): naming.arities.get(n, 0) for n, m in naming.meant.items() if isinstance(m, str)}
    batches = {a.batch for a in entry.domain.values() if isinstance(a, Array) and a.batch}
    yield Reading()
    seen = {frozenset[str]()}
    named = {s for m in naming.meant.values() for s in (m if isinstance(m, tuple) else [m]) if isinstance(s, str)}
    few: set[str] = set(batches)
    for name, axes in shapes.items():
        kept = arity.get(name, 0)
        if kept and name in arity:
            for axis in axes[: max(0, len(axes) - kept)]:
                if axes[0] not in SEQUENCES:
                    few |= set(names_in(axis))
    every = set(few)
    for name, axes in shapes.items():
        if not arity.get(name, 0):
            every |= {n for axis in axes for n in names_in(axis)}
    sizes = set(entry.domain.sizes)
    every -= {n for name in naming.computed for axis in shapes.get(name, []) for n in names_in(axis)} - few
    whole = [axes for name, axes in shapes.items() if not arity.get(name, 0)]
    single = {n for axes in whole if len(axes) == 1 for n in names_in(axes[0])}
    sparse = [{"N", "T"} & sizes, few, every] if partial else []
    for ones in map(frozenset, (batches, {"N"} & sizes, single, *sparse)):
        if ones in seen or not ones or ones & named & sizes:
            continue  # a size that the formula speaks of is not 1
        seen.add(ones)
        yield Reading(ones, _dropped(shapes, ones))
    # positions of all samples in one row
    lone = frozenset(n for axes in whole for axis in axes for n in names_in(axis))
    if lone and not lone & named & sizes:
        dropped = _dropped(shapes, lone)
        long = {n for n, axes in shapes.items() if len(axes) - len(dropped.get(n, ())) > 1}
        flat = frozenset(n for n in long if arity.get(n, 0) == 1)
        if flat:
            yield Reading(lone, dropped, flat)


def _dropped(shapes: Mapping[str, list[str]], ones: frozenset[str]) -> dict[str, tuple[int, ...]]:
    """Which axes of which arrays are those of which there is one."""

    def alone(axis: str) -> bool:
        return bool(names_in(axis)) and names_in(axis) <= ones

    found = {n: tuple(k for k, axis in enumerate(axes) if alone(axis)) for n, axes in shapes.items()}
    return {n: axes for n, axes in found.items() if axes}
