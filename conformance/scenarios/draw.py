"""One scenario of a domain: every argument, drawn from a seeded generator, with sizes that fit together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

import numpy as np

from conformance.scenarios.numbers import number
from conformance.scenarios.regions import ORDINARY, REGIONS, Region, drawn
from reference.domain import (
    Argument,
    Array,
    Choice,
    Domain,
    DomainError,
    Kind,
    Labels,
    Lane,
    Mask,
    Simplex,
    evaluate,
    names_in,
)  # fmt: skip
from reference.number_systems.rounded import Format

ATTEMPTS = 400
MOST = 6000  # elements of one array
BLOCK = 4  # lanes of one region, at the least
WIDTHS = (1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33)  # sizes around the widths of vector registers


class NothingFits(Exception):
    """No scenario satisfied the relations of a domain."""


@dataclass(frozen=True)
class Recipe:
    """How a scenario is drawn: the region of the reals, how large it is, and whether numbers stay at their defaults.

    Without a region each array, or each block of lanes, has one of its own.
    """

    region: Region | None = ORDINARY
    size: str = "small"  # "least", "small", "wide" (one size at a vector's width) or "long" (one in the hundreds)
    lanes: int = 64
    plain: bool = False  # hyperparameters at their customary values
    sizes: Mapping[str, int] = field(default_factory=dict)  # that are wished for, whatever their ranges
    numbers: Mapping[str, Any] = field(default_factory=dict)  # hyperparameters that are wished for
    lasting: bool = False  # decays have not died out after as many steps as are wished for
    most: int = MOST
    short: frozenset[str] = frozenset()  # sizes that do not become long


@dataclass
class Scenario:
    """Arguments of an equation: float64 arrays whose numbers belong to the dtype, whole numbers, options."""

    values: dict[str, Any]
    regions: Counter[str] = field(default_factory=Counter)
    origin: str = ""
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def lanes(self) -> int:
        return max((np.size(v) for v in self.values.values() if isinstance(v, np.ndarray)), default=1)


def is_elementwise(domain: Domain) -> bool:
    """Whether each element is a scenario of its own."""
    return any(isinstance(argument, Lane) for argument in domain.values())


def draw(domain: Domain, generator: np.random.Generator, fmt: Format, recipe: Recipe) -> Scenario:
    """Arguments that satisfy a domain."""
    for attempt in range(ATTEMPTS):
        if attempt in (ATTEMPTS // 4, ATTEMPTS // 2):  # fewer wishes where relations are hard to satisfy
            if recipe.sizes:
                break  # a wish for sizes is granted or not
            recipe = replace(recipe, region=recipe.region if attempt < ATTEMPTS // 2 else ORDINARY, size="small")
        known: dict[str, Any] = dict(_sizes(domain, generator, recipe)) | dict(recipe.sizes)
        for name, argument in domain.items():
            if isinstance(argument, Kind | Choice):
                steps = next((n[k] for k in ("t", "epoch") for n in (recipe.numbers, known) if k in n), None)
                known[name] = number(
                    name, argument, generator, plain=recipe.plain, steps=steps, lasting=recipe.lasting
                )
                known |= {name: recipe.numbers[name]} if name in recipe.numbers else {}
        if not all(evaluate(relation, known) for relation in domain.where if names_in(relation) <= set(known)):
            continue
        shapes = {n: tuple(int(evaluate(axis, known)) for axis in axes) for n, axes in domain.shapes().items()}
        if any(min(s, default=0) < 0 or prod(s) > recipe.most for s in shapes.values()):
            continue
        scenario = _filled(domain, known, shapes, generator, fmt, recipe)
        if all(_holds(relation, known | scenario.values) for relation in domain.where):
            return scenario
    raise NothingFits(f"no scenario in {ATTEMPTS} satisfied {', '.join(domain.where) or 'the sizes'}")


def _sizes(domain: Domain, g: np.random.Generator, recipe: Recipe) -> dict[str, int]:
    """Sizes from their ranges; one of those that have a range may be far beyond it, where frameworks switch kernels."""
    if recipe.size == "least":
        return {name: low for name, (low, _) in domain.sizes.items()}
    found = {name: int(g.integers(low, high + 1)) for name, (low, high) in domain.sizes.items()}
    free = [name for name, (low, high) in domain.sizes.items() if high > low]
    free = [name for name in free if recipe.size != "long" or name not in recipe.short]
    if free and recipe.size in ("wide", "long"):
        grown = free[int(g.integers(len(free)))]
        larger = int(g.choice(WIDTHS) if recipe.size == "wide" else g.choice([64, 100, 129, 255, 256, 257]))
        found[grown] = max(larger, domain.sizes[grown][0])
    return found


def _filled(
    domain: Domain,
    known: Mapping[str, Any],
    shapes: Mapping[str, tuple[int, ...]],
    g: np.random.Generator,
    fmt: Format,
    recipe: Recipe,
) -> Scenario:
    values, regions = {}, Counter[str]()
    blocks = _blocks(recipe, g)
    earlier: list[np.ndarray] = []
    for name, argument in domain.items():
        if name in known:
            values[name] = known[name]
        elif isinstance(argument, Lane):
            values[name] = _lane(argument.kind, name, blocks, earlier, g, fmt)
            earlier.append(values[name])
        else:
            region = recipe.region or REGIONS[g.integers(len(REGIONS))]
            values[name] = _array(argument, shapes[name], known, region, g, fmt)
            if isinstance(argument, Array):
                regions[region.name] += prod(shapes[name])
    if any(isinstance(argument, Lane) for argument in domain.values()):
        regions.update({block.name: size for block, size in blocks})
    if recipe.size != "small":
        regions[f"size: {recipe.size}"] += 1
    sizes = {name: known[name] for name in domain.sizes}
    return Scenario({name: values[name] for name in domain}, regions, sizes=sizes)


def _blocks(recipe: Recipe, g: np.random.Generator) -> list[tuple[Region, int]]:
    """Lanes in blocks of a few, each of one region, so that one call visits as many regions as it has room for."""
    if recipe.region is not None:
        return [(recipe.region, recipe.lanes)]
    order: Sequence[Region] = [REGIONS[i] for i in g.permutation(len(REGIONS))][: max(1, recipe.lanes // BLOCK)]
    each, left = divmod(recipe.lanes, len(order))
    return [(region, each + (i < left)) for i, region in enumerate(order) if each + (i < left)]


def _lane(
    kind: Kind,
    name: str,
    blocks: list[tuple[Region, int]],
    earlier: list[np.ndarray],
    g: np.random.Generator,
    fmt: Format,
) -> np.ndarray:
    """One argument for all lanes: half of it from the block's own region, the rest from others, from zero, or from an
    argument before, the same or a few ulps away, where differences cancel."""
    parts = []
    start = 0
    for region, size in blocks:
        if kind.integer:
            parts.append(np.asarray(number(name, kind, g, plain=False, shape=(size,)), dtype=np.float64))
            continue
        own = drawn(kind, region, g, (size,), fmt)
        other = drawn(kind, REGIONS[g.integers(len(REGIONS))], g, (size,), fmt)
        way = g.integers(0, 12, size=size)
        zero = drawn(kind, ORDINARY, g, (size,), fmt) if kind.low > 0 or kind.without_low else np.zeros(size)
        near = own
        if earlier:
            near = _close(earlier[g.integers(len(earlier))][start : start + size], kind, g, fmt)
        parts.append(np.select([way < 6, way < 8, way < 10], [own, other, zero], near))
        start += size
    return np.concatenate(parts) if parts else np.zeros(0)


def _close(x: np.ndarray, kind: Kind, g: np.random.Generator, fmt: Format) -> np.ndarray:
    ulp = 2.0 ** (1 - fmt.bits)
    with np.errstate(over="ignore"):
        moved = fmt.quantize(x * (1 + ulp * g.integers(-2, 3, size=x.shape)))
    held = (moved >= kind.low) & (moved <= kind.high) & np.isfinite(moved)
    held &= ~((moved == kind.low) & kind.without_low | (moved == kind.high) & kind.without_high)
    return np.where(held, moved, drawn(kind, ORDINARY, g, x.shape, fmt))


def _array(
    argument: Argument,
    shape: tuple[int, ...],
    known: Mapping[str, Any],
    region: Region,
    g: np.random.Generator,
    fmt: Format,
) -> np.ndarray:
    match argument:
        case Labels(below=below):
            return g.integers(int(evaluate(below, known)), size=shape)
        case Mask():
            return np.asarray(g.random(shape) < g.choice([0.0, 0.5, 0.5, 0.9, 1.0]))
        case Simplex():
            return fmt.quantize(_simplex(shape, g, fmt))
        case Array(kind):
            if kind.integer:
                return np.asarray(number("", kind, g, plain=False, shape=shape))
            return drawn(kind, region, g, shape, fmt)
    raise TypeError(f"{argument!r} is no array")


def _simplex(shape: tuple[int, ...], g: np.random.Generator, fmt: Format) -> np.ndarray:
    """Probabilities in multiples of 1/256, which sum to one exactly in every dtype; some are all in one class.

    Some classes are rare beside a common one, down to 2^-11 where the dtype holds what is left of 1.
    """
    way = g.random()
    if way < 0.25 and shape[-1]:
        return _certain(shape, g)
    if way < 0.4 and shape[-1]:
        common = _certain(shape, g)
        rare = (1 - common) * 2.0 ** -g.integers(7, min(fmt.bits, 11) + 1, size=shape)
        left = 1 - rare.sum(axis=-1, keepdims=True)
        if (left > 0).all():
            return np.asarray(common * left + rare)
    return np.asarray(g.multinomial(256, np.ones(shape[-1]) / shape[-1], size=shape[:-1]) / 256)


def _certain(shape: tuple[int, ...], g: np.random.Generator) -> np.ndarray:
    """All probability in one class."""
    found = np.zeros(shape)
    np.put_along_axis(found, g.integers(shape[-1], size=(*shape[:-1], 1)), 1.0, axis=-1)
    return found


def _holds(relation: str, values: Mapping[str, Any]) -> bool:
    return bool(np.all(evaluate(relation, values)))


def belongs(domain: Domain, values: Mapping[str, Any]) -> bool:
    """Whether an input lies in the domain."""
    for name, argument in domain.items():
        kind = argument.kind if isinstance(argument, Lane | Array) else argument
        value = values[name]
        if isinstance(kind, Kind) and not isinstance(value, bool):
            x = np.asarray(value, dtype=float)
            low = x > kind.low if kind.without_low else x >= kind.low
            high = x < kind.high if kind.without_high else x <= kind.high
            if not np.all(low & high):
                return False
    try:
        known = dict(values)
        return all(np.all(evaluate(r, known)) for r in domain.where)
    except (KeyError, DomainError):  # a relation between sizes, which shrinking keeps as they were drawn
        return True
