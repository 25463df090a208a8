"""Each operation on numbers of a format is rounded once; a library function gives either neighbour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reference import functions
from reference.number_systems.table import TRANSCENDENTAL
from tests.machine.habits import Habits
from tests.machine.numbers import Machine


def meeting(*args: Any) -> tuple[list[np.ndarray], bool, Habits]:
    """The operands as numbers of the format: scalars are rounded when they meet an array."""
    home = next(a for a in args if isinstance(a, Machine))
    machines = [home.lift(a) for a in args]
    host = all(m.host for m in machines)
    h = home.habits
    values = [m.value for m in machines]
    if not host:
        values = [h.nearest(v, h.fmt.scalars) if m.host else v for m, v in zip(machines, values, strict=True)]
        values = [h.operand(v) for v in values]
    return values, host, h


def _rounding(function: Callable[..., Any]) -> Callable[..., Any]:
    """An operation that is rounded to nearest."""

    def rule(*args: Any) -> Machine:
        values, host, h = meeting(*args)
        with np.errstate(all="ignore"):
            result = function(*values)
        return Machine(h.hosted(result) if host else h.nearest(result, h.fmt), h, host=host)

    return rule


def _function(function: Callable[..., Any]) -> Callable[..., Any]:
    """A library function: either neighbour of the exact value."""

    def rule(*args: Any) -> Machine:
        values, host, h = meeting(*args)
        with np.errstate(all="ignore"):
            result = np.asarray(function(*values))
            return Machine(h.hosted(result) if host else h.faithful(result, h.fmt), h, host=host)

    return rule


def _choosing(function: Callable[..., Any]) -> Callable[..., Any]:
    """An operation that returns one of its operands, or answers yes or no."""

    def rule(*args: Any) -> Any:
        values, host, h = meeting(*args)
        result = function(*values)
        return result if result.dtype == bool else Machine(result, h, host=host)

    return rule


def _multiply(a: Any, b: Any) -> Machine:
    (x, y), host, h = meeting(a, b)
    with np.errstate(all="ignore"):
        product = x * y  # exact in float64 for narrow formats
    if host:
        return Machine(h.hosted(product), h, host=True)
    if h.fused and not h.fmt.wide:
        return Machine(None, h, terms=[(product, True)], stores=1)
    return Machine(h.nearest(product, h.fmt), h)


def _power(a: Any, n: Any) -> Machine:
    if not isinstance(n, int) or (isinstance(a, Machine) and a.host) or n in (0, 1):
        return _function(np.power)(a, n)
    way = a.habits.generator.integers(3)
    if way == 0:
        return _function(np.power)(a, n)
    product = a = Machine(a.value, a.habits)
    for _ in range(abs(n) - 1):
        product = Machine(_multiply(product, a).value, a.habits)
    if n > 0:
        return product
    return _rounding(np.divide)(1.0, product)


def _where(condition: Any, yes: Any, no: Any) -> Machine:
    (x, y), host, h = meeting(yes, no)
    return Machine(np.where(condition, x, y), h, host=host)


def erf(x: Machine) -> Machine:
    return _function(functions.erf)(x)


RULES: dict[Any, Callable[..., Any]] = {
    **{f: _choosing(f) for f in (np.maximum, np.minimum, np.sign, np.absolute, np.positive, np.negative)},
    **{f: _choosing(f) for f in (np.greater, np.greater_equal, np.less, np.less_equal, np.equal, np.not_equal)},
    **{f: _function(f) for f in TRANSCENDENTAL},
    np.multiply: _multiply, np.divide: _rounding(np.divide), np.square: lambda a: _multiply(a, a),
    np.power: _power, np.where: _where,
    np.clip: lambda x, low, high: np.minimum(np.maximum(x, low), high),
}  # fmt: skip
