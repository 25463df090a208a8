"""Sums of n terms in any order: a chain of + and -, np.sum, means, and what is scattered."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from reference.number_systems.rounded.carrier import Rounded, magnitude, overflowed, rounded
from reference.number_systems.rounded.format import Format
from reference.number_systems.rounded.freedom import added
from reference.number_systems.rounded.meeting import meeting
from reference.number_systems.rounded.terms import Terms, gamma

_reduced: Any = np.add.reduce  # np.sum without its detour through Python


def _terms(x: Rounded) -> Terms:
    return x.terms if x.terms is not None else Terms(x.bound, [x], 1, 0, x.exact)


def summed(value: Any, terms: Terms, fmt: Format, *, host: bool = False, nonnegative: bool | None = None) -> Rounded:
    """The sum of these terms: its bound holds for any order of additions, fused or not.

    Each term passes through at most count - 1 additions in the accumulator; each result that was stored on the way
    was rounded to the format; and the last addition rounds the result itself. Terms that are exact multiples of one
    power of two, small enough that every partial sum has room in the significand, are added without any error.
    """
    alone = isinstance(terms.count, int) and terms.count <= 1
    if fmt.silent or alone:
        error = terms.error if fmt.silent else copied(value, terms.error, fmt)
        exact = alone and not error.any()
        return Rounded(value, error, fmt, host=host, terms=terms, nonnegative=nonnegative, exact=exact)
    pair = len(terms.parts) == 2 and terms.stores <= 1  # two numbers of the format: only the result is rounded
    share, near = (0.0, 0.0) if pair else _before_the_last(terms, fmt)
    error = terms.error if pair else terms.error + share * terms.mass + near
    result = rounded(value, error, fmt, 1.0, host=host, nonnegative=nonnegative)
    result.terms = terms
    if not pair:
        fits = terms.mass * (1 + share) <= fmt.largest  # and so does every partial sum
        if not fits.all():
            result.err = np.where(fits, result.err, np.inf)
        if not isinstance(terms.count, int):  # some places of a scattered sum got one term, or none
            few = terms.count <= 1
            result.err = np.where(few, copied(value, terms.error, fmt), result.err)
            fits = few | fits
        if not fits.all():
            terms.error = np.where(fits, terms.error, np.inf)
    if terms.exact and not host:
        (_pair_without_rounding if pair else without_rounding)(result, terms, fmt)
    if result.over is not None:  # whatever joins this sum may meet an infinite partial sum, of either sign
        terms.error = np.where(result.over, np.inf, terms.error)
        if not pair:
            result.err, result.over = result.bound, None
    return result


def copied(value: Any, error: np.ndarray, fmt: Format) -> np.ndarray:
    """A sum of one number is that number; but adding it to nothing may flush it."""
    if fmt.flushes == "never":
        return error
    size = magnitude(value)
    near = (size - error < fmt.smallest) & (size + error > 0)
    return np.where(near, error + np.minimum(size + error, fmt.smallest), error) if near.any() else error


def _before_the_last(terms: Terms, fmt: Format) -> tuple[Any, Any]:
    """What the additions before the last may add: relatively to the mass, and absolutely, near zero."""
    inside = fmt.accumulates
    narrow = inside is not fmt
    additions = terms.count - (1 if narrow and terms.stores <= 1 else 2)
    additions = max(additions, 0) if isinstance(additions, int) else np.maximum(additions, 0)
    share, near = gamma(additions, inside.unit + inside.own), additions * inside.floor
    if narrow and terms.stores > 1:  # each term may be a sum that was stored, one of several levels
        share, near = share + gamma(terms.stores - 1, fmt.unit), near + terms.count * fmt.floor
    return share, near


def without_rounding(result: Rounded, terms: Terms, fmt: Format) -> None:
    """Take the bound away where no addition can have rounded."""
    step, mass = terms.lattice, terms.mass
    if fmt.wide:  # the mass itself was added up in float64
        mass = mass * (1 + (np.asarray(terms.count) + 2) * 2.0**-52)
    room = (mass <= step * 2.0 ** min(fmt.accumulates.bits, fmt.bits)) & (step >= fmt.smallest) & (mass <= fmt.largest)
    result.err = np.where(room & (terms.error == 0), 0.0, result.err)
    result.exact = not result.err.any()


def _pair_without_rounding(result: Rounded, terms: Terms, fmt: Format) -> None:
    """The sum of two exact numbers is exact where it is a number of the format that no flushing can reach."""
    a, b = (p.midpoint for p in terms.parts)
    total = result.midpoint
    exactly = ((total - a == b) & (total - b == a)) | ((a - total == b) & (total + b == a))  # a sum, a difference
    exactly &= fmt.holds(total)
    exactly &= (np.abs(total) >= fmt.smallest) | (total == 0)
    result.err = np.where(exactly & (terms.error == 0), 0.0, result.err)
    result.exact = not result.err.any()


def _chain(sign: int) -> Callable[..., Rounded]:
    def rule(a: Any, b: Any) -> Rounded:
        a, b = meeting(a, b)
        added(a, b)
        value = a.value + b.value if sign > 0 else a.value - b.value
        p, q = _terms(a), _terms(b)
        terms = Terms(
            p.error + q.error,
            [*p.parts, *q.parts],
            p.count + q.count,
            p.stores + q.stores + 1,
            p.exact and q.exact,
            np.minimum(p.lattice, q.lattice) if p.exact and q.exact and (a.terms or b.terms) else None,
        )
        known = a.nonnegative and b.nonnegative if sign > 0 else None
        result = summed(value, terms, a.fmt, host=a.host, nonnegative=known or None)
        if (a.over is None and b.over is None) or not (isinstance(terms.count, int) and terms.count == 2):
            return result
        infinite = np.broadcast_to(_flags(a) | _flags(b), result.shape)
        kept = _overflowing(sign, a, b)
        result.err = np.where(infinite, kept.err, result.err)
        result.over = infinite & _flags(kept) | _flags(result)
        return result

    return rule


def _flags(x: Rounded) -> np.ndarray:
    return np.zeros(x.shape, bool) if x.over is None else x.over


def _overflowing(sign: int, a: Rounded, b: Rounded) -> Rounded:
    """An infinite number of known sign stays so whatever finite number joins it."""
    value = a.value + b.value if sign > 0 else a.value - b.value
    over_a, over_b = (np.broadcast_to(_flags(x), np.shape(value)) for x in (a, b))
    err = a.err + b.err
    agree = (a.midpoint > 0) == ((b.midpoint if sign > 0 else -b.midpoint) > 0)
    result = rounded(value, np.where(over_a & over_b & ~agree, np.inf, err), a.fmt, 1.0, host=a.host)
    return overflowed(result, ~(over_a | over_b) & (magnitude(value) + result.err <= a.fmt.largest))


def rsum(x: Rounded, axis: Any = None, keepdims: bool = False) -> Rounded:
    """np.sum: n terms, or more where the terms are sums themselves."""
    (x,) = meeting(x)
    added(x)
    plain = type(x.value) is np.ndarray
    total: Any = (_reduced if plain else np.sum)(x.value, axis=axis, keepdims=keepdims)
    value = total if not isinstance(total, np.generic) else np.asarray(total)
    own = _terms(x)
    n = x.err.size // max(math.prod(value.shape), 1)
    if isinstance(own.count, int):
        count: Any = max(own.count * n, 1)  # the sum of nothing is a zero, and so one term
    else:
        count = np.maximum(np.sum(np.broadcast_to(own.count, x.shape), axis=axis, keepdims=keepdims), 1)
    step = None
    if own.exact:
        step = np.min(np.broadcast_to(own.lattice, x.shape), axis=axis, keepdims=keepdims, initial=np.inf)

    def over_axis(a: np.ndarray) -> np.ndarray:
        return np.asarray(_reduced(a, axis=axis, keepdims=keepdims))

    # stored partial results, if the terms are sums themselves, and this one
    terms = Terms(over_axis(own.error), [over_axis(_mass_of(own))], count, own.stores + 1, own.exact, step)
    return summed(value, terms, x.fmt, host=x.host, nonnegative=x.nonnegative or None)


def _mass_of(terms: Terms) -> np.ndarray:
    return np.broadcast_to(terms.mass, terms.error.shape)


def rmean(x: Rounded, axis: Any = None, keepdims: bool = False) -> Rounded:
    """The mean of n numbers as sum/n, as a sum of x/n, by 1/n, by Welford's recurrence or by merged halves.

    Welford's recurrence rounds most: with S the sum of magnitudes, n times its error obeys
    n E_n <= (n-1) E_(n-1) + u (2|x_n| + 2 S_(n-1)/(n-1) + S_n), which adds up to u S (n + 1 + 2 H_(n-1)).
    In a format narrower than its accumulator the sum and 1/n may be results that were stored, as is the mean.
    """
    (x,) = meeting(x)
    added(x)
    mean: Any = np.mean(x.value, axis=axis, keepdims=keepdims)
    err = np.asarray(np.sum(x.bound, axis=axis, keepdims=keepdims))
    n = x.size // max(err.size, 1)
    value = np.asarray(mean) if isinstance(mean, np.generic) else mean
    if n == 1:
        err = copied(value, err, x.fmt)
        return Rounded(value, err, x.fmt, host=x.host, exact=not err.any(), nonnegative=x.nonnegative or None)
    inside = x.fmt.accumulates
    mass = np.asarray(np.sum(x.size_of_value, axis=axis, keepdims=keepdims)) + err
    harmonic = 1 + math.log(max(n - 1, 1))
    factor = gamma(n + 1 + 2 * harmonic, inside.unit + inside.own)
    err = (err + factor * mass) / max(n, 1) + 2 * n * inside.floor
    narrow = inside.unit < x.fmt.unit
    times = 3.0 * (1 + x.fmt.unit) ** 2 if narrow else 0.0
    err = err + (2 * x.fmt.floor / max(n, 1) + x.fmt.floor * (magnitude(value) + err)) if narrow else err
    result = rounded(value, err, x.fmt, times, host=x.host, nonnegative=x.nonnegative or None)
    fits = (mass * (1 + factor) <= inside.largest) & (n > 0)
    if not fits.all():
        result.err = np.where(fits, result.err, np.inf)
    result.terms = Terms(result.err, [np.maximum(mass / max(n, 1), magnitude(value))], 1, 0)
    return result


@np.errstate(all="ignore")
def scattered(x: Rounded, index: np.ndarray, size: int) -> Rounded:
    """Sums of the elements that an index sends to the same place, in any order."""
    used = index.ravel() >= 0
    places = index.ravel()[used]
    own = _terms(x)

    def add_up(a: Any) -> np.ndarray:
        return np.bincount(places, np.broadcast_to(a, x.shape).ravel()[used], size).astype(np.float64)

    count = np.maximum(add_up(own.count), 1)  # a place that gets nothing holds a zero, and so one term
    value: Any = add_up(x.value) if type(x.value) is np.ndarray else x.value.scattered(index, size)
    step = None
    if own.exact:
        step = np.full(size, np.inf)
        np.minimum.at(step, places, np.broadcast_to(own.lattice, x.shape).ravel()[used])
    # an infinite error meets no other number: np.bincount would make inf - inf of nothing
    error = add_up(own.error)
    alone = bool((np.bincount(places, minlength=size) <= 1).all())
    if alone:
        err = copied(value, add_up(x.bound), x.fmt)
        result = Rounded(value, err, x.fmt, host=x.host, exact=not err.any(), nonnegative=x.nonnegative or None)
        result.terms = (
            Terms(error, [add_up(_mass_of(own))], count, own.stores, own.exact, step) if x.terms is not None else None
        )
        return result
    terms = Terms(error, [add_up(_mass_of(own))], count, own.stores + 1, own.exact, step)
    return summed(value, terms, x.fmt, host=x.host, nonnegative=x.nonnegative or None)


RULES: dict[Any, Callable[..., Any]] = {
    np.add: _chain(1), np.subtract: _chain(-1), np.sum: rsum, np.mean: rmean,
}  # fmt: skip
