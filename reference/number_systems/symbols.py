"""Symbolic expressions: what is shown about them holds for all values at once."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import sympy as sp

from reference.number_systems.elements import ELEMENT_RULES, Elements


def _choose(condition: Any, yes: Any, no: Any) -> Any:
    return sp.Piecewise((yes, condition), (no, True))


class Symbols(Elements):
    """An array of SymPy expressions."""

    system: ClassVar[str] = "symbols"
    rank: ClassVar[int] = 1
    scalar_functions: ClassVar[dict[Any, Callable[..., Any]]] = {
        np.add: operator.add, np.subtract: operator.sub, np.multiply: operator.mul, np.divide: operator.truediv,
        np.negative: operator.neg, np.positive: operator.pos, np.absolute: sp.Abs, np.square: lambda x: x**2,
        np.power: operator.pow, np.maximum: sp.Max, np.minimum: sp.Min, np.sign: sp.sign,
        np.sqrt: sp.sqrt, np.exp: sp.exp, np.expm1: lambda x: sp.exp(x) - 1, np.log: sp.log,
        np.log1p: lambda x: sp.log(1 + x), np.tanh: sp.tanh, np.sin: sp.sin, np.cos: sp.cos,
        np.greater: sp.Gt, np.greater_equal: sp.Ge, np.less: sp.Lt,
        np.less_equal: sp.Le, np.equal: sp.Eq, np.not_equal: sp.Ne,
        np.bitwise_and: sp.And, np.logical_and: sp.And, np.bitwise_or: sp.Or, np.logical_or: sp.Or,
        np.invert: sp.Not, np.logical_not: sp.Not, np.where: _choose,
    }  # fmt: skip
    rules: ClassVar[dict[Any, Callable[..., Any]]] = ELEMENT_RULES

    @classmethod
    def named(cls, name: str, *shape: int, **assumptions: bool) -> Symbols:
        """An array of fresh real symbols: x, or x0, x1, ... with a shape."""
        value = np.empty(shape, dtype=object)
        for index in np.ndindex(*shape):
            value[index] = sp.Symbol(name + "_".join(map(str, index)), **({"real": True} | assumptions))
        return cls.of(value)

    @classmethod
    def convert(cls, x: Any) -> Any:
        """A double is the rational number that it is exactly."""
        if isinstance(x, np.generic):
            x = x.item()
        if isinstance(x, float) and np.isfinite(x):
            return sp.Rational(x)
        return sp.sympify(x)

    def constant(self, name: str, argument: int = 0) -> Symbols:
        return Symbols(sp.pi if name == "pi" else sp.sqrt(argument))

    def erf(self) -> Symbols:
        return Symbols.of(np.frompyfunc(sp.erf, 1, 1)(self.value))

    def shift(self) -> Symbols:
        """Any number would do, so a free symbol stands for it."""
        fresh = np.frompyfunc(lambda _: sp.Dummy("shift", real=True), 1, 1)
        return Symbols.of(fresh(self.value))
