"""A failure made small: fewest elements, roundest numbers, customary hyperparameters, as long as it still fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf
from time import monotonic
from typing import Any

import numpy as np

from conformance.counterexample.smaller import fewer, least_sizes, part, size, sizes_of
from conformance.plan import Case
from conformance.scenarios.draw import NothingFits, Recipe, Scenario, belongs, draw, is_elementwise
from conformance.scenarios.numbers import DEFAULTS
from conformance.scenarios.regions import REGIONS
from conformance.scenarios.shared import generator, telling
from reference.domain import Array, Choice, Domain, Kind, Lane
from reference.number_systems.rounded.format import FORMATS

PATIENCE = 15.0  # seconds
TRIES = 28  # draws of one size: each region twice
NEXT = 7  # of a size next to the smallest: half of the regions
TWOS, FEW = 120, 2  # draws of arrays of two
FUTILE = 150  # draws that do not fail, after which it is given up
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
        shrinker.of_two()
    else:
        shrinker.sizes()
        shrinker.redrawn()
        shrinker.sizes()
    for _ in range(2):
        shrinker.numbers()
        shrinker.sizes()
        shrinker.elements()
    return shrinker.small


class Shrinker:
    """Tries simpler inputs, each inside the domain, and keeps those that still fail."""

    def __init__(self, case: Case, fails: Fails, scenario: Scenario, layout: str) -> None:
        self.case, self.fails = case, fails
        self.domain: Domain = case.entry.domain
        self.sizes_of = sizes_of(self.domain, scenario.values) | dict(scenario.sizes)
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
        """Parts of the arrays, one size at a time, for as long as that goes on."""
        before = None
        while before != self.sizes_of:
            before = self.sizes_of
            for name in self.domain.sizes:
                while self._fewer(name):
                    pass

    def _fewer(self, name: str) -> bool:
        """Whether fewer places of one size do."""
        low, now = self.domain.sizes[name][0], self.sizes_of.get(name, 0)
        return any(self._part({name: len(places)}, {}, {name: places}) for places in fewer(now, low))

    def _part(self, sizes: Mapping[str, int], numbers: Mapping[str, Any], kept: Mapping[str, np.ndarray]) -> bool:
        """The input with other sizes and numbers, as much of it as they leave."""
        wished = self.sizes_of | dict(sizes)
        if not wished.keys() >= self.domain.sizes.keys():  # a size that no array has for an axis of its own
            return not sizes and self.attempt(self.small.values | dict(numbers))
        known = {n: v for n, v in self.small.values.items() if isinstance(self.domain[n], Kind | Choice)}
        values = part(self.domain, self.small.values, wished | known | dict(numbers), kept)
        if values is None or not self.attempt(values):
            return False
        self.sizes_of = wished
        return True

    def redrawn(self) -> None:
        """Other scenarios of the smallest sizes, of those next to them and of small ones, and those of two elements."""
        self._of_small_sizes()
        self.of_two()

    def _of_small_sizes(self) -> None:
        """In every region, until so many have been in vain."""
        wishes = [Recipe(size="least"), *(Recipe(sizes=sizes) for sizes in least_sizes(self.domain)), Recipe()]
        futile = 0
        for number, wish in enumerate(wishes):
            for k in range(TRIES if number in (0, len(wishes) - 1) else NEXT):
                now = size(self.small.values)
                if monotonic() > self.until or now[0] <= 1 or futile > FUTILE:
                    return
                g = generator("shrink", self.case.equation, self.case.dtype, wish.size, *wish.sizes.values(), k)
                region = REGIONS[(k + number * NEXT) % len(REGIONS)]
                recipe = replace(wish, region=region, lanes=1, plain=(k + number) % 2 == 0)
                try:
                    other = draw(self.domain, g, self.fmt, recipe)
                except NothingFits:
                    continue
                if size(other.values) >= now:
                    continue
                if self.attempt(other.values):
                    self.sizes_of = dict(other.sizes)
                else:
                    futile += 1

    def of_two(self) -> None:
        """The inputs that tell the dialects apart, and draws in every region of which no array has more than two."""
        told = list(telling(self.case.entry, self.fmt))
        for k in range(len(told) + TWOS):
            if monotonic() > self.until or size(self.small.values)[0] <= FEW:
                return
            if k < len(told):
                other = told[k]
            else:
                g = generator("shrink to two", self.case.equation, self.case.dtype, k)
                ends = {name: (low, max(low, min(high, FEW))) for name, (low, high) in self.domain.sizes.items()}
                few = {name: int(g.integers(low, high + 1)) for name, (low, high) in ends.items()}
                wish = Recipe(REGIONS[k % len(REGIONS)], lanes=1, plain=k % 3 == 0, sizes=few)
                try:
                    other = draw(self.domain, g, self.fmt, wish)
                except NothingFits:
                    continue
            if size(other.values)[0] <= FEW and self.attempt(other.values):
                self.sizes_of = sizes_of(self.domain, other.values) | dict(other.sizes)

    def numbers(self) -> None:
        """Hyperparameters at their customary values, or at round ones; whole numbers as small as they go."""
        for name, argument in self.domain.items():
            if not isinstance(argument, Kind) or isinstance(self.small.values[name], bool):
                continue
            for simpler in _simpler_number(name, argument, self.small.values[name]):
                if self._part({}, {name: simpler}, {}):
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
