"""A smaller input is a part of a larger one: some places of an axis are kept in every array that has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from reference.domain import Domain, Labels, Simplex, evaluate

FEW = 16  # places that are tried one by one


def part(
    domain: Domain, values: Mapping[str, Any], known: Mapping[str, Any], kept: Mapping[str, np.ndarray]
) -> dict[str, Any] | None:
    """The input with the sizes and numbers that are known, or None where some array would have to grow.

    Of an axis that is named by a size the places in `kept` remain, of others the first ones; what has a class that
    remains keeps it.
    """
    found = dict(values) | {name: known[name] for name in domain if name in known}
    for argument, axes in domain.shapes().items():
        shape = tuple(int(evaluate(axis, known)) for axis in axes)
        old = np.asarray(values[argument])
        if any(n > o or n < 0 for n, o in zip(shape, old.shape, strict=True)):
            return None
        places = [kept.get(axis, np.arange(n)) for axis, n in zip(axes, shape, strict=True)]
        if any(len(p) != n for p, n in zip(places, shape, strict=True)):
            return None
        cut = old[np.ix_(*places)] if places else old
        kind = domain[argument]
        if isinstance(kind, Labels):
            cut = _renumbered(cut, kept.get(kind.below), max(1, int(evaluate(kind.below, known))))
        if isinstance(kind, Simplex) and cut.size and not np.all(cut.sum(axis=-1) == 1):
            cut = np.eye(shape[-1])[np.zeros(shape[:-1], dtype=int)]
        found[argument] = cut
    return found


def _renumbered(labels: np.ndarray, classes: np.ndarray | None, number: int) -> np.ndarray:
    """Classes under their new numbers; those that are gone become others."""
    if classes is None or not len(classes):
        return labels % number
    found = np.searchsorted(classes, labels).clip(0, len(classes) - 1)
    return np.where(classes[found] == labels, found, labels % number)


def fewer(now: int, low: int) -> Iterator[np.ndarray]:
    """Which of so many places might do, the fewest first: the first ones, the last ones, all but one, or one alone."""
    places = np.arange(now)
    numbers = dict.fromkeys((low, low + 1, now // 2, now - now // 4, now - now // 8, now - 1))
    for number in sorted(n for n in numbers if low <= n < now):
        yield places[:number]
        if number:
            yield places[-number:]
        if number == 1 and now <= FEW:
            yield from (places[i : i + 1] for i in range(1, now - 1))
    if low < now <= FEW:
        yield from (np.delete(places, i) for i in range(1, now - 1))


def least_sizes(domain: Domain) -> Iterator[dict[str, int]]:
    """The least sizes, then one of them larger by one, then two of them: where most failures have their smallest."""
    least = {name: low for name, (low, _) in domain.sizes.items()}
    free = [name for name, (low, high) in domain.sizes.items() if high > low]
    for number in range(3):
        for larger in combinations(free, number):
            yield least | {name: least[name] + 1 for name in larger}


def sizes_of(domain: Domain, values: Mapping[str, Any]) -> dict[str, int]:
    """The sizes that are an axis of some array."""
    shapes = [(axes, np.shape(values[name])) for name, axes in domain.shapes().items()]
    known = {axis: n for axes, shape in shapes for axis, n in zip(axes, shape, strict=False)}
    return {name: known[name] for name in domain.sizes if name in known}


def size(values: Mapping[str, Any]) -> tuple[int, int]:
    """How many numbers the largest array of an input has, and all of them."""
    sizes = [np.size(v) for v in values.values()]
    return max(sizes, default=0), sum(sizes)
