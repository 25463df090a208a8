"""A few round inputs say whether two programs are one: no size is like another, and no number is extreme."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from conformance.scenarios.draw import Recipe, Scenario, draw
from reference.domain import Array, Choice, Domain, DomainError, Kind, Labels, Lane, Mask, Simplex, evaluate, names_in
from reference.number_systems.rounded.format import float64

LANES, TRIES, LARGEST = 3, 8, 4
MOST = 250  # numbers in all arguments together, so that every element can be computed


def sampled(
    domain: Domain, generator: np.random.Generator, *, ones: Iterable[str] = (), fixed: Mapping[str, Any] | None = None,
    alike: Iterable[tuple[str, ...]] = (),
) -> tuple[dict[str, Any], dict[str, int]]:
    """Arguments and sizes; some sizes are 1 and some arguments what they are wished to be."""
    sizes = {n: (low, max(low, min(high, LARGEST - (n in ("N", "B"))))) for n, (low, high) in domain.sizes.items()}
    fixed = dict(fixed or {}) | {name: 1 for name in ones if name in domain}
    for names in alike:  # the formula has one letter for all of them
        number = int(generator.integers(1, 4))
        sizes |= {n: (number, number) for n in names if n in sizes}
        fixed |= {n: number for n in names if n in domain}
    lone = {n: (1, 1) if n in ones else span for n, span in sizes.items()}
    narrow = Domain(domain.arguments, sizes=lone, where=domain.where)
    numbers = {n: v for n, v in fixed.items() if isinstance(domain[n], Kind | Choice)}
    tries = TRIES if narrow.sizes or len(domain.shapes()) < len(domain) else 1
    drawn = [draw(narrow, generator, float64, Recipe(lanes=LANES, numbers=numbers)) for _ in range(tries)]
    chosen = max(drawn, key=lambda s: _telling(s, domain))
    values = dict(chosen.values)
    for _ in range(30):
        tried = {n: _moderate(n, domain[n], v, chosen.sizes | chosen.values, generator) for n, v in values.items()}
        tried |= {n: np.full(np.shape(values[n]), v) if np.ndim(values[n]) else v for n, v in fixed.items()}
        if _fits(domain, chosen.sizes | tried):
            return tried, chosen.sizes
    return values | dict(numbers), chosen.sizes


def _telling(scenario: Scenario, domain: Domain) -> tuple[bool, int, float, int]:
    """How much could go wrong unnoticed: few numbers, several of everything, and no size like another."""
    sizes, values = scenario.sizes.values(), scenario.values
    counts = [v for n, v in values.items() if isinstance(domain[n], Kind) and isinstance(v, int)]
    few = sum(np.size(v) for v in values.values()) < MOST
    return few, sum(n > 1 for n in sizes), len(set(sizes)) + 0.5 * len(set(counts)), sum(sizes)


def _fits(domain: Domain, known: Mapping[str, Any]) -> bool:
    try:
        return all(np.all(evaluate(relation, known)) for relation in domain.where if names_in(relation) <= set(known))
    except DomainError:
        return False


def _moderate(name: str, argument: Any, drawn: Any, known: Mapping[str, Any], g: np.random.Generator) -> Any:
    """Another value of the same set, neither tiny nor huge."""
    kind = argument.kind if isinstance(argument, Lane | Array) else argument
    shape = np.shape(drawn)
    if isinstance(kind, Simplex):
        shares = g.uniform(0.2, 1, size=shape)
        return shares / shares.sum(axis=-1, keepdims=True)
    if isinstance(kind, Mask):
        return np.asarray(g.random(shape) < 0.6)
    if isinstance(kind, Labels):
        return g.integers(int(evaluate(kind.below, known)), size=shape)
    if isinstance(kind, Choice) or not isinstance(kind, Kind):
        return drawn
    if kind.integer:
        return drawn % 7 + 1 if name == "t" and not shape else drawn
    low, high = kind.low, kind.high
    if np.isfinite(low) and np.isfinite(high):
        found = g.uniform(low + 0.15 * (high - low), low + 0.85 * (high - low), size=shape)
    elif np.isfinite(low):
        found = low + g.uniform(0.2, 1.8, size=shape)
    else:
        found = g.uniform(-1.5, 1.5, size=shape)
    return found if shape else float(found)
