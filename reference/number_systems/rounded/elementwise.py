"""How far each elementwise operation carries the errors of its operands, and how often it rounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reference import functions
from reference.number_systems.rounded.carrier import Rounded, filled, magnitude, middle, rounded
from reference.number_systems.rounded.freedom import not_additive
from reference.number_systems.rounded.meeting import meeting

INF = np.inf
SMALLEST = 2.0**-970  # well above where a double loses digits


def multiply(a: Any, b: Any) -> Rounded:
    """(x + d)(y + e) - xy = xe + yd + de."""
    a, b = meeting(a, b)
    ea, eb = a.bound, b.bound
    if a.exact or b.exact:
        err = b.size_of_value * ea if b.exact else a.size_of_value * eb
    else:
        err = a.size_of_value * eb + (b.size_of_value + eb) * ea
    result = rounded(a.value * b.value, err, a.fmt, 1.0, host=a.host, nonnegative=a.nonnegative and b.nonnegative)
    return _exact_zeros(result, a, b)


def _exact_zeros(result: Rounded, *factors: Rounded) -> Rounded:
    """Zero times, divided by or to the power of anything finite is zero, without any rounding."""
    if not result.fmt.silent and not result.size_of_value.all():
        for a in factors:
            zero = (a.bound == 0) & (a.size_of_value == 0)
            result.err = np.where(zero & (result.err < INF), 0.0, result.err)
        result.exact = not result.err.any()
    return result


def divide(a: Any, b: Any) -> Rounded:
    """|(x + d)/(y + e) - x/y| <= (|d| + |x/y| |e|) / (|y| - |e|); a divisor that overflowed gives zero instead."""
    a, b = meeting(a, b)
    value = a.value / b.value
    low = b.size_of_value - b.err
    size = magnitude(value)
    err = a.bound / low + size * (b.err / low)  # in this order, as size * err may be too small for a double
    if low.size and not low.min() > 0:
        err = np.where(low > 0, err, INF)
    if b.over is not None:
        err = np.where(b.over, np.maximum(err, size + err), err)
    known = a.nonnegative and b.nonnegative
    return _exact_zeros(rounded(value, err, a.fmt, 1.0, host=a.host, nonnegative=known), a)


def negative(a: Rounded) -> Rounded:
    (a,) = meeting(a)
    return Rounded(-a.value, a.err, a.fmt, host=a.host, exact=a.exact, terms=a.terms, over=a.over)


def absolute(a: Rounded) -> Rounded:
    (a,) = meeting(a)
    return Rounded(abs(a.value), a.err, a.fmt, host=a.host, exact=a.exact, nonnegative=True, over=a.over)


def square(a: Rounded) -> Rounded:
    (a,) = meeting(a)
    err = a.bound * (2 * a.size_of_value + a.bound)
    return _exact_zeros(rounded(a.value * a.value, err, a.fmt, 1.0, host=a.host, nonnegative=True), a)


def power(a: Any, n: Any) -> Rounded:
    """A literal exponent may be products or a library's pow; a host's power is a library's pow."""
    if isinstance(n, int | np.integer):
        return _integer_power(a, int(n))
    if not isinstance(a, Rounded):
        a = n.lift(a)
    return _real_power(a, n)


def _integer_power(a: Rounded, n: int) -> Rounded:
    (a,) = meeting(a)
    if n == 0:
        return filled(a, 1.0)
    if n == 1:
        return a
    if n < 0:
        inverse = divide(1, _integer_power(a, -n))
        direct = _charged_power(a, n)
        # a power that vanishes on the way has no reciprocal; one that overflows has the reciprocal 0
        return Rounded(direct.value, np.maximum(direct.bound, inverse.bound), a.fmt, host=a.host)
    return _charged_power(a, n)


def _charged_power(a: Rounded, n: int) -> Rounded:
    size = a.size_of_value
    value = a.value**n
    m = abs(n)
    if n > 0:
        err = np.where(a.bound > 0, m * a.bound * (size + a.bound) ** (m - 1), 0.0)
    else:
        low = size - a.bound
        safe = np.where(low > 0, low, 1.0)
        err = np.where(a.bound > 0, np.where(low > 0, m * a.bound / safe ** (m + 1), INF), 0.0)
    products = 0 if a.host else m - 1 + (n < 0)
    # n roundings one after another: gamma_n, in units of u
    times = max(products / max(1 - products * a.fmt.unit, a.fmt.unit), 2 * a.fmt.ulps)
    known = n % 2 == 0 or a.nonnegative
    result = rounded(value, err, a.fmt, times, host=a.host, nonnegative=known)
    return _exact_zeros(result, a) if n > 0 else result


def _real_power(a: Any, p: Any) -> Rounded:
    not_additive(a, p)
    a, p = meeting(a, p)
    value = np.power(a.value, p.value)
    x, e = a.midpoint, a.bound
    relative = np.where(x > 0, e / np.where(x > 0, x, 1.0), np.where(e == 0, 0.0, INF))
    down = np.where(relative < 1, np.log1p(-np.minimum(relative, 1.0)), -INF)
    by_base = np.where(relative == 0, 0.0, np.abs(np.expm1(np.abs(p.midpoint) * np.maximum(-down, 0.0))))
    log = np.where(x > 0, np.abs(np.log(np.where(x > 0, x, 1.0))), 0.0) + np.where(relative == 0, 0.0, -down)
    by_exponent = np.where(p.bound == 0, 0.0, np.expm1(p.bound * log))
    err = magnitude(value) * (by_base + by_exponent + by_base * by_exponent)
    lawful = (x > 0) | ((x == 0) & (e == 0) & (p.midpoint > p.bound))
    return rounded(value, np.where(lawful, err, INF), a.fmt, 2 * a.fmt.ulps, host=a.host, nonnegative=True)


def sqrt(a: Rounded) -> Rounded:
    (a,) = meeting(a)
    x, e = a.midpoint, a.bound
    value = np.sqrt(a.value)
    if (x > e).all():
        return rounded(
            value, e / (np.sqrt(x - e) + middle(value)), a.fmt, 2 * a.fmt.ulps, host=a.host, nonnegative=True
        )
    not_additive(a)
    low = np.sqrt(np.maximum(x - e, 0.0)) + np.sqrt(np.maximum(x, 0.0))
    err = np.where(x > e, e / np.where(low > 0, low, 1.0), np.sqrt(np.maximum(x, 0.0) + e))
    err = np.where(e == 0, 0.0, err)
    possible = (x >= e) | a.nonnegative  # else the computed number may be below zero, and its root NaN
    return rounded(value, np.where(possible, err, INF), a.fmt, 2 * a.fmt.ulps, host=a.host, nonnegative=True)


def exp(a: Rounded) -> Rounded:
    (a,) = meeting(a)
    value = np.exp(a.value)
    err = _exponential_spread(a)
    if a.over is not None:  # e to minus infinity is 0
        below = a.over & (a.midpoint < 0)
        err = np.where(below, np.exp(a.midpoint + a.err), err)
    return rounded(value, err, a.fmt, 2 * a.fmt.ulps, host=a.host, nonnegative=True)


def expm1(a: Rounded) -> Rounded:
    (a,) = meeting(a)
    return rounded(np.expm1(a.value), _exponential_spread(a), a.fmt, 2 * a.fmt.ulps, host=a.host)


def _exponential_spread(a: Rounded) -> np.ndarray:
    """e^(x + d) - e^x = e^x (e^d - 1); where e^x is too small for a double, e^(x + d) is a bound as well."""
    x, d = a.midpoint, a.bound
    size = np.exp(x)
    spread = np.where(size > SMALLEST, size * np.expm1(d), np.exp(x + d))
    return np.where(d == 0, 0.0, spread)


def _logarithm(value: Any, argument: np.ndarray, a: Rounded) -> Rounded:
    relative = np.where(argument > 0, a.bound / np.where(argument > 0, argument, 1.0), INF)
    err = np.where(relative < 1, -np.log1p(-np.minimum(relative, 1.0)), INF)
    result = rounded(value, err, a.fmt, 2 * a.fmt.ulps, host=a.host)
    nothing = (argument == 0) & (a.bound == 0)
    if nothing.any():  # the logarithm of zero is minus infinity, in every library
        result.err = np.where(nothing, 0.0, result.err)
        result.over = nothing if result.over is None else nothing | result.over
    return result


def log(a: Rounded) -> Rounded:
    (a,) = meeting(a)
    return _logarithm(np.log(a.value), a.midpoint, a)


def log1p(a: Rounded) -> Rounded:
    (a,) = meeting(a)
    return _logarithm(np.log1p(a.value), middle(a.value + 1), a)


def tanh(a: Rounded) -> Rounded:
    (a,) = meeting(a)
    not_additive(a)
    closest = np.maximum(a.size_of_value - a.bound, 0.0)
    err = np.minimum(a.bound / np.cosh(np.minimum(closest, 350.0)) ** 2, 2.0)
    if a.over is not None:  # the limits at infinity are plus and minus one
        err = np.where(a.over, np.minimum(a.err, 2.0), err)
    return rounded(
        np.tanh(a.value), np.where(np.isnan(err) | ~_bounded(a), INF, err), a.fmt, 2 * a.fmt.ulps, host=a.host
    )


@np.errstate(all="ignore")
def erf(a: Rounded) -> Rounded:
    not_additive(a)
    (a,) = meeting(a)
    closest = np.maximum(a.size_of_value - a.bound, 0.0)
    with np.errstate(all="ignore"):
        err = np.minimum(2 / np.sqrt(np.pi) * a.bound * np.exp(-closest * closest) * (1 + 2.0**-50), 2.0)
        value = functions.erf(a.value)
    return rounded(value, np.where(np.isnan(err) | ~_bounded(a), INF, err), a.fmt, 2 * a.fmt.ulps, host=a.host)


def _bounded(a: Rounded) -> np.ndarray:
    """Where the argument is no NaN: finite within a bound, or infinite of known sign."""
    return np.asarray(a.err < INF)


def _wave(function: Callable[[Any], Any]) -> Callable[[Rounded], Rounded]:
    def rule(a: Rounded) -> Rounded:
        (a,) = meeting(a)
        not_additive(a)
        err = np.where(a.bound < INF, np.minimum(a.bound, 2.0), INF)
        return rounded(function(a.value), err, a.fmt, 2 * a.fmt.ulps, host=a.host)

    return rule


RULES: dict[Any, Callable[..., Any]] = {
    np.multiply: multiply, np.divide: divide, np.negative: negative, np.positive: lambda a: a, np.absolute: absolute,
    np.square: square, np.power: power, np.sqrt: sqrt, np.exp: exp, np.expm1: expm1, np.log: log, np.log1p: log1p,
    np.tanh: tanh, np.sin: _wave(np.sin), np.cos: _wave(np.cos),
}  # fmt: skip
