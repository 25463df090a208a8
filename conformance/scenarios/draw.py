"""One scenario of a domain: every argument, drawn from a seeded generator, with sizes that fit together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reference.domain import (
    Argument,
    Array,
    Choice,
    Domain,
    Kind,
    Labels,
    Lane,
    Mask,
    Simplex,
    evaluate,
    names_in,
)  # fmt: skip

Quantize = Callable[[np.ndarray], np.ndarray]
ATTEMPTS = 200
WIDEST = 12.0  # how far from 0 an unbounded real is drawn


class NothingFits(Exception):
    """No scenario satisfied the relations of a domain."""


def draw(
    domain: Domain, generator: np.random.Generator, *, lanes: int = 8, quantize: Quantize = lambda x: x
) -> dict[str, Any]:
    """Arguments that satisfy a domain; `quantize` rounds each real to the dtype under test."""
    for _ in range(ATTEMPTS):
        known: dict[str, Any] = {}
        for name, (low, high) in domain.sizes.items():
            known[name] = int(generator.integers(low, high + 1))
        for name, argument in domain.items():
            if isinstance(argument, Kind | Choice):
                known[name] = _scalar(argument, generator)
        if not all(evaluate(relation, known) for relation in domain.where if names_in(relation) <= set(known)):
            continue
        shapes = {n: tuple(int(evaluate(axis, known)) for axis in axes) for n, axes in domain.shapes().items()}
        if any(n < 0 for shape in shapes.values() for n in shape):
            continue
        arrays = {
            name: _array(argument, shapes.get(name, (lanes,)), known, generator, quantize)
            for name, argument in domain.items()
            if name not in known
        }
        values = known | arrays
        if all(_holds(relation, values) for relation in domain.where):
            return {name: values[name] for name in domain}
    raise NothingFits(f"no scenario in {ATTEMPTS} satisfied {', '.join(domain.where)}")


def _holds(relation: str, values: dict[str, Any]) -> bool:
    return bool(np.all(evaluate(relation, values)))


def _scalar(argument: Kind | Choice, generator: np.random.Generator) -> Any:
    if isinstance(argument, Choice):
        return argument.options[generator.integers(len(argument.options))]
    if argument.name == "flag":
        return bool(generator.integers(2))
    if argument.integer:
        return int(_integers(argument, (), generator))
    return float(_reals(argument, (), generator))


def _array(
    argument: Argument,
    shape: tuple[int, ...],
    known: dict[str, Any],
    generator: np.random.Generator,
    quantize: Quantize,
) -> Any:
    match argument:
        case Labels(below=below):
            return generator.integers(int(evaluate(below, known)), size=shape)
        case Mask():
            return generator.random(shape) < 0.5
        case Simplex():
            return quantize(_simplex(shape, generator))
        case Lane(kind) | Array(kind):
            if kind.integer:
                return _integers(kind, shape, generator)
            return quantize(_reals(kind, shape, generator))
    raise TypeError(f"{argument!r} is no array")


def _simplex(shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
    """Probabilities in multiples of 1/256, so that they sum to one exactly in every dtype."""
    counts = generator.multinomial(256, np.ones(shape[-1]) / shape[-1], size=shape[:-1])
    return np.asarray(counts / 256)


def _integers(kind: Kind, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
    low = max(kind.low, -10)
    high = min(kind.high, low + 10)
    return generator.integers(int(low), int(high) + 1, size=shape)


def _reals(kind: Kind, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
    if np.isfinite(kind.low) and np.isfinite(kind.high):
        x = generator.uniform(kind.low, kind.high, size=shape)
        inside = 0.5 * (kind.low + kind.high)
        return np.where((x <= kind.low) & kind.without_low | (x >= kind.high) & kind.without_high, inside, x)
    size = np.exp(generator.uniform(np.log(1e-3), np.log(WIDEST), size=shape))
    if np.isfinite(kind.low):
        return np.asarray(kind.low + size)
    return np.asarray(size * generator.choice([-1.0, 1.0], size=shape))
