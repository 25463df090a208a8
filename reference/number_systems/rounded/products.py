"""Sums of products: matrices, contractions, and every window of a convolution."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from reference.number_systems import contraction
from reference.number_systems.rounded.carrier import Rounded, rounded
from reference.number_systems.rounded.format import Format
from reference.number_systems.rounded.freedom import added
from reference.number_systems.rounded.meeting import meeting
from reference.number_systems.rounded.sums import rsum, summed, without_rounding
from reference.number_systems.rounded.terms import Terms, lattice

SEARCHED = 4096  # below so many products NumPy takes longer to look for a faster way than to multiply


def einsum(spec: str, *args: Any) -> Rounded:
    """A sum of products: each product rounds once, or not at all when it is fused with its addition."""
    operands = meeting(*args)
    home = operands[0]
    indices, out = contraction.parsed(spec, home.refuse)
    if len(operands) == 1:
        return _rearranging_sum(indices[0], out, operands[0])
    if len(operands) != 2:
        home.refuse(f"np.einsum({spec!r}) of {len(operands)} arrays (write it as products of two)")
    a, b = operands
    added(a, b)
    length = contraction.sizes(indices, [a.shape, b.shape])
    n = math.prod(length[i] for i in set("".join(indices)) - set(out))
    A, B, ea, eb = a.size_of_value, b.size_of_value, a.bound, b.bound

    large = math.prod(length.values()) > SEARCHED

    def product(p: np.ndarray, q: np.ndarray) -> np.ndarray:
        return np.asarray(np.einsum(spec, p, q, optimize=large))

    error = np.zeros(tuple(length[i] for i in out))
    for p, q in ((A, eb), (ea, B), (ea, eb)):
        if p.any() and q.any():
            error = error + product(p, q)
    error = np.where(np.isnan(error), np.inf, error)
    if not (np.isfinite(ea).all() and np.isfinite(eb).all()):  # infinite times anything stays infinite
        spread = product(np.isinf(ea) * 1.0, np.ones(B.shape)) + product(np.ones(A.shape), np.isinf(eb) * 1.0)
        error = np.where(spread > 0, np.inf, error)
    mass = product(A, B) + error
    inside = a.fmt.accumulates
    both = a.exact and b.exact
    step = np.min(lattice(a.midpoint), initial=np.inf) * np.min(lattice(b.midpoint), initial=np.inf) if both else 0.0
    added_up = mass * (1 + (n + 2) * 2.0**-52) if inside.wide else mass
    exactly = (added_up <= step * 2.0**inside.bits) & (step >= inside.smallest)
    charge = (inside.unit + inside.own) * mass + n * inside.floor
    plain = type(a.value) is np.ndarray
    value: Any = product(a.value, b.value) if plain else np.einsum(spec, a.value, b.value)
    error = np.where(exactly, error, error + charge) * (1 + 2.0**-46)
    terms = Terms(error, [mass], max(n, 1), 1, both, step)
    known = (a.nonnegative and b.nonnegative) or None
    if n == 1:  # no addition: the product itself is what is stored
        return _stored_products(value, terms, a.fmt, a.host, known)
    return summed(value, terms, a.fmt, host=a.host, nonnegative=known)


def _stored_products(value: Any, terms: Terms, fmt: Format, host: bool, known: bool | None) -> Rounded:
    times = 1.0 if fmt.accumulates.unit < fmt.unit else 0.0
    result = rounded(value, terms.error, fmt, times, host=host, nonnegative=known)
    if terms.exact:
        without_rounding(result, terms, fmt)
    return result


def _rearranging_sum(indices: str, out: str, x: Rounded) -> Rounded:
    gone = tuple(i for i, letter in enumerate(indices) if letter not in out)
    total = rsum(x, axis=gone) if gone else x
    left = [letter for letter in indices if letter in out]
    order = [left.index(letter) for letter in out]
    return total.rearranged(lambda a: np.transpose(a, order))


def matmul(a: Any, b: Any) -> Rounded:
    return einsum(contraction.of_matmul(np.shape(a), np.shape(b), Rounded.refuse), a, b)


def dot(a: Any, b: Any) -> Rounded:
    return einsum(contraction.of_dot(np.shape(a), np.shape(b), Rounded.refuse), a, b)


RULES: dict[Any, Callable[..., Any]] = {np.einsum: einsum, np.matmul: matmul, np.dot: dot}
