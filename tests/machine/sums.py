"""The sum of many terms depends on their order and on where partial sums are stored; a mean has four ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reference.number_systems import contraction
from tests.machine.elementwise import meeting
from tests.machine.numbers import Machine


def _chain(sign: int) -> Callable[..., Any]:
    def rule(a: Any, b: Any) -> Machine:
        home = a if isinstance(a, Machine) else b
        a, b = home.lift(a), home.lift(b)
        if a.host and b.host:
            return Machine(home.habits.hosted(a.value + sign * b.value), home.habits, host=True)
        h = home.habits
        shape = np.broadcast_shapes(a.shape, b.shape)
        terms = [(np.broadcast_to(t, shape), raw) for t, raw in _open(a)]
        terms += [(np.broadcast_to(sign * t, shape), raw) for t, raw in _open(b)]
        return Machine(None, h, terms=terms, stores=a.stores + b.stores + 1)

    return rule


def _open(x: Machine) -> list[tuple[np.ndarray, bool]]:
    if x._value is None:
        # a lone product that waits to be fused is one term; in a narrow format it may have been stored
        if len(x.terms) == 1 and x.habits.generator.random() < 0.5:
            return [(x.value, False)]
        return list(x.terms)
    h = x.habits
    value = h.nearest(x.value, h.fmt.scalars) if x.host else x.value
    return [(h.operand(value), False)]


def _sum(x: Machine, axis: Any = None, keepdims: bool = False) -> Machine:
    axes = tuple(range(x.ndim)) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    if not axes:
        return x
    kept = np.sum(np.zeros(x.shape), axis=axes, keepdims=keepdims).shape
    terms = []
    for value, raw in _open(x):
        front = np.moveaxis(np.broadcast_to(value, x.shape), [a % x.ndim for a in axes], range(len(axes)))
        flat = front.reshape(-1, *front.shape[len(axes) :])
        terms += [(row.reshape(kept), raw) for row in flat]
    if not terms:
        return Machine(np.zeros(kept), x.habits, host=x.host)
    return Machine(None, x.habits, terms=terms, stores=x.stores + 1)


def _einsum(spec: str, a: Any, b: Any = None) -> Machine:
    if b is None:
        (indices,), out = contraction.parsed(spec, Machine.refuse)
        total = _sum(a, axis=tuple(i for i, letter in enumerate(indices) if letter not in out))
        left = [letter for letter in indices if letter in out]
        return total.rearranged(lambda x: np.transpose(x, [left.index(letter) for letter in out]))
    (x, y), _, h = meeting(a, b)
    (left, right), out = contraction.parsed(spec, Machine.refuse)
    inner = [i for i in dict.fromkeys(left + right) if i not in out]
    with np.errstate(all="ignore"):
        products = np.einsum(f"{left},{right}->{''.join(inner)}{out}", x, y)
    rows = products.reshape(-1, *products.shape[len(inner) :])
    inside = h.fmt.accumulates
    fused = h.fused and not h.fmt.wide
    terms = [(row if fused else h.nearest(row, inside), fused) for row in rows]
    return Machine(None, h, terms=terms, stores=1)


def _mean(x: Machine, axis: Any = None, keepdims: bool = False) -> Machine:
    h = x.habits
    inside = h.fmt.accumulates
    axes = tuple(range(x.ndim)) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    front = np.moveaxis(h.operand(x.value), [a % x.ndim for a in axes], range(len(axes)))
    rows = front.reshape(-1, *front.shape[len(axes) :])
    kept = np.sum(np.zeros(x.shape), axis=axes, keepdims=keepdims).shape
    n = len(rows)

    def near(v: np.ndarray) -> np.ndarray:
        return h.nearest(v, inside)

    with np.errstate(all="ignore"):
        way = h.generator.integers(4)
        if way == 0:
            mean = rows[0]
            for k in range(1, n):
                mean = near(mean + near(near(rows[k] - mean) / (k + 1)))
        else:
            scaled = [near(row / n) for row in rows] if way == 1 else list(rows)
            total = scaled[0]
            for row in scaled[1:]:
                total = near(h.plus(np.asarray(total), np.asarray(row)))
            if h.generator.random() < 0.5:  # each operation's result stored
                total, near = h.nearest(total, h.fmt), lambda v: h.nearest(v, h.fmt)
            mean = total if way == 1 else near(total / n) if way == 2 else near(total * near(np.asarray(1 / n)))
    return Machine(h.nearest(np.asarray(mean).reshape(kept), h.fmt), h)


def _matmul(a: Any, b: Any) -> Machine:
    return _einsum(contraction.of_matmul(np.shape(a), np.shape(b), Machine.refuse), a, b)


RULES: dict[Any, Callable[..., Any]] = {
    np.add: _chain(1), np.subtract: _chain(-1), np.sum: _sum, np.mean: _mean,
    np.einsum: _einsum, np.matmul: _matmul,
}  # fmt: skip
