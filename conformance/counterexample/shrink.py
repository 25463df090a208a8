"""A failure made small: fewest elements, roundest numbers, customary hyperparameters, as long as it still fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import Any

import numpy as np

from conformance.plan import Case
from conformance.scenarios.draw import NothingFits, Recipe, Scenario, belongs, draw, is_elementwise
from conformance.scenarios.numbers import DEFAULTS
from conformance.scenarios.regions import REGIONS
from conformance.scenarios.shared import generator
from reference.domain import Array, Choice, Domain, Kind, Labels, Lane, Simplex, evaluate
from reference.number_systems.rounded.format import FORMATS

PATIENCE = 15.0  # seconds
SMALL = 32  # elements that are simplified one by one
ROUND = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5, 3.0, 4.0, 8.0, 10.0, 16.0, 100.0, 1000.0)


@dataclass
class Small:
    """The smallest failing input that was found, in the layout in which it fails."""

    values: dict[str, Any]
    layout: str
    note: str = ""  # what could not be made smaller, and why


Fails = Callable[[Mapping[str, Any], str], bool]


def shrunk(case: Case, scenario: Scenario, layout: str, fails: Fails, place: tuple[int, ...] = ()) -> Small:
    """Shrink by any predicate of values and layout."""
    shrinker = Shrinker(case, fails, scenario, layout)
    if layout != "contiguous" and fails(scenario.values, "contiguous"):
        shrinker.small.layout = "contiguous"
    if is_elementwise(case.entry.domain):
        shrinker.lanes(place)
    else:
        shrinker.sizes()
        shrinker.redrawn()
        shrinker.sizes()
    for _ in range(2):
        shrinker.numbers()
        shrinker.elements()
    return shrinker.small


class Shrinker:
    """Tries simpler inputs, each inside the domain, and keeps those that still fail."""

    def __init__(self, case: Case, fails: Fails, scenario: Scenario, layout: str) -> None:
        self.case, self.fails, self.sizes_of = case, fails, dict(scenario.sizes)
        self.domain: Domain = case.entry.domain
        self.fmt = FORMATS["float64" if case.dtype == "exact" else case.dtype]
        self.small = Small(dict(scenario.values), layout)
        self.until = monotonic() + PATIENCE

    def attempt(self, values: Mapping[str, Any]) -> bool:
        if monotonic() > self.until or not belongs(self.domain, values):
            return False
        if not self.fails(values, self.small.layout):
            return False
        self.small.values = dict(values)
        return True

    def lanes(self, place: tuple[int, ...]) -> None:
        """One failing lane alone; else as few copies of it as fail together; else as few lanes as fail."""
        arrays = {n: v for n, v in self.small.values.items() if isinstance(self.domain[n], Lane)}
        whole = max((v.size for v in arrays.values()), default=0)
        if whole <= 1 or not place:
            return
        index = int(np.ravel_multi_index(place, next(iter(arrays.values())).shape)) if place else 0

        def taken(f: Callable[[np.ndarray], np.ndarray]) -> dict[str, Any]:
            return self.small.values | {n: f(v.reshape(-1)) for n, v in arrays.items()}

        if self.attempt(taken(lambda v: v[index : index + 1])):
            return
        for number in (2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 128, 256):
            if number < 2 * whole and self.attempt(taken(lambda v, n=number: np.repeat(v[index : index + 1], n))):  # type: ignore[misc]
                self.small.note = f"the same lane alone passes: it takes {number} of them"
                return
        self.small.note = "the lane alone passes: it needs its neighbours"
        number = whole
        while number > 1:
            number //= 2
            first = max(0, min(index - number // 2, whole - number))
            if not self.attempt(taken(lambda v, a=first, n=number: v[a : a + n])):  # type: ignore[misc]
                break

    def sizes(self) -> None:
        """Leading parts of the arrays, one size at a time."""
        for name in self.domain.sizes:
            low = self.domain.sizes[name][0]
            while self.sizes_of.get(name, 0) > low:
                now = self.sizes_of[name]
                for fewer in dict.fromkeys((low, now // 2, now - 1)):
                    if low <= fewer < now and self._with_size(name, fewer):
                        break
                else:
                    break

    def _with_size(self, name: str, size: int) -> bool:
        sizes = self.sizes_of | {name: size}
        known = sizes | {n: v for n, v in self.small.values.items() if isinstance(self.domain[n], Kind | Choice)}
        values = dict(self.small.values)
        for argument, axes in self.domain.shapes().items():
            shape = tuple(int(evaluate(axis, known)) for axis in axes)
            old = np.asarray(values[argument])
            if any(n > o or n < 0 for n, o in zip(shape, old.shape, strict=True)):
                return False
            cut = old[tuple(slice(0, n) for n in shape)]
            kind = self.domain[argument]
            if isinstance(kind, Labels):
                cut = cut % max(1, int(evaluate(kind.below, known)))
            if isinstance(kind, Simplex) and cut.size and not np.all(cut.sum(axis=-1) == 1):
                cut = np.eye(shape[-1])[np.zeros(shape[:-1], dtype=int)]
            values[argument] = cut
        if self.attempt(values):
            self.sizes_of = sizes
            return True
        return False

    def redrawn(self) -> None:
        """Other scenarios of the smallest sizes, and of small ones, in every region."""
        now = elements(self.small.values)
        for size in ("least", "small"):
            for k in range(40):
                if monotonic() > self.until:
                    return
                g = generator("shrink", self.case.equation, self.case.dtype, size, k)
                recipe = Recipe(REGIONS[k % len(REGIONS)], size, 1, plain=k % 2 == 0)
                try:
                    other = draw(self.domain, g, self.fmt, recipe)
                except NothingFits:
                    continue
                if elements(other.values) < now and self.attempt(other.values):
                    now, self.sizes_of = elements(other.values), dict(other.sizes)

    def numbers(self) -> None:
        """Hyperparameters at their customary values, or at round ones; whole numbers as small as they go."""
        for name, argument in self.domain.items():
            if not isinstance(argument, Kind) or isinstance(self.small.values[name], bool):
                continue
            for simpler in _simpler_number(name, argument, self.small.values[name]):
                if self.attempt(self.small.values | {name: simpler}):
                    break

    def elements(self) -> None:
        """Arrays of zeros or ones where those still fail; else each element as round as it goes."""
        for name, argument in self.domain.items():
            value = self.small.values[name]
            if not (isinstance(argument, Lane | Array) and isinstance(value, np.ndarray)) or argument.kind.integer:
                continue
            if any(
                np.any(value != c) and self.attempt(self.small.values | {name: np.full_like(value, c)})
                for c in (0.0, 1.0)
            ):
                continue
            if value.size <= SMALL:
                for place in np.ndindex(value.shape):
                    self._element(name, place)

    def _element(self, name: str, place: tuple[int, ...]) -> None:
        value = self.small.values[name]
        for simpler in _simpler_real(float(value[place]), self.fmt.quantize):
            changed = value.copy()
            changed[place] = simpler
            if self.attempt(self.small.values | {name: changed}):
                return


def elements(values: Mapping[str, Any]) -> int:
    """How many numbers an input has."""
    return sum(np.size(v) for v in values.values())


def _simpler_real(x: float, quantize: Callable[[np.ndarray], np.ndarray]) -> Iterator[float]:
    """Rounder numbers, the roundest first; nothing that is already as round."""
    for candidate in (*ROUND, *(float(f"{x:.{digits}g}") if np.isfinite(x) else 0.0 for digits in (1, 2, 3))):
        rounded = float(quantize(np.asarray(candidate)))
        if candidate == x and np.signbit(candidate) == np.signbit(x):
            return
        yield rounded


def _simpler_number(name: str, kind: Kind, value: Any) -> Iterator[Any]:
    if kind.integer:
        low = max(int(kind.low), 0) if kind.low > -inf else 0
        candidates = [low, low + 1, low + 2, *(value - (value - low) // d for d in (2, 4, 8)), value - 1]
        yield from (c for c in dict.fromkeys(candidates) if c < value and kind.holds(c))
        return
    for candidate in (
        *((DEFAULTS[name],) if name in DEFAULTS else ()),
        0.5,
        1.0,
        0.0,
        2.0,
        0.1,
        0.01,
        1e-8,
        float(f"{value:.1g}"),
    ):
        if candidate == value:
            return
        if kind.holds(candidate):
            yield candidate
