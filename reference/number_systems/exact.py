"""Rational numbers: every sum, product and comparison of them is exact, and nothing else is possible."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from reference.number_systems.elements import ELEMENT_RULES, Elements
from reference.number_systems.table import COMPARISONS, UnsupportedOperation


def _root(x: Fraction) -> Fraction:
    up, down = math.isqrt(abs(x.numerator)), math.isqrt(x.denominator)
    if x < 0 or up * up != x.numerator or down * down != x.denominator:
        raise UnsupportedOperation(f"np.sqrt of {x} is not a rational number; prove this over symbols or balls")
    return Fraction(up, down)


def _power(x: Fraction, n: Fraction) -> Fraction:
    if n.denominator != 1:
        raise UnsupportedOperation(f"np.power of {x} to {n} is not a rational number; prove this over symbols or balls")
    return x**n.numerator


def _divide(a: Fraction, b: Fraction) -> Fraction:
    if b == 0:
        raise ZeroDivisionError(f"{a}/0 is no rational number")
    return a / b


class Exact(Elements):
    """An array of fractions. Functions that leave the rationals are refused."""

    system: ClassVar[str] = "exact fractions"
    rank: ClassVar[int] = 1
    scalar_functions: ClassVar[dict[Any, Callable[..., Any]]] = {
        np.add: operator.add, np.subtract: operator.sub, np.multiply: operator.mul, np.divide: _divide,
        np.negative: operator.neg, np.positive: operator.pos, np.absolute: abs, np.square: lambda x: x * x,
        np.power: _power, np.maximum: max, np.minimum: min, np.sqrt: _root,
        np.sign: lambda x: Fraction((x > 0) - (x < 0)),
    }  # fmt: skip

    @classmethod
    def convert(cls, x: Any) -> Fraction:
        """A double is the fraction that it is exactly."""
        try:
            return Fraction(x.item() if isinstance(x, np.generic) else x)
        except (OverflowError, ValueError):
            raise UnsupportedOperation(f"{x} has no place among exact fractions") from None

    def constant(self, name: str, argument: int = 0) -> Exact:
        if name == "root":
            return Exact(_root(Fraction(argument)))
        return self.refuse(name)  # type: ignore[no-any-return]


def _compare(ufunc: np.ufunc) -> Callable[..., Any]:
    def rule(a: Any, b: Any) -> Any:
        home = a if isinstance(a, Exact) else b
        return np.asarray(ufunc(home.lift(a).value, home.lift(b).value), dtype=bool)

    return rule


def _arg(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, axis=None, keepdims=False: function(x.value, axis=axis, keepdims=keepdims)


POSITIONS: dict[Any, Callable[..., Any]] = {np.argmax: _arg(np.argmax), np.argmin: _arg(np.argmin)}
Exact.rules = ELEMENT_RULES | POSITIONS | {ufunc: _compare(ufunc) for ufunc in COMPARISONS}
