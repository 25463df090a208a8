"""Balls: a midpoint and a radius that enclose the true real number, whatever was computed on the way."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import flint
import numpy as np
from flint import arb

from reference.number_systems.elements import ELEMENT_RULES, Elements
from reference.number_systems.verdict import Verdict

LARGE = 2**64
WIDEST = 2048  # bits before the point of anything that a double can be
flint.ctx.prec = 192  # bits; three times what float64 grading needs, so that its own error never matters


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Compute with this many bits inside the block."""
    before = flint.ctx.prec
    flint.ctx.prec = bits
    try:
        yield
    finally:
        flint.ctx.prec = before


def _method(name: str) -> Callable[[Any], Any]:
    return lambda x: getattr(x, name)()


def _wave(name: str) -> Callable[[Any], Any]:
    """Sine and cosine of a large number need as many bits more as lie before its point."""

    def function(x: arb) -> arb:
        if not x.is_finite() or abs(x) < LARGE:
            return getattr(x, name)()
        mantissa, exponent = x.mid().man_exp()
        further = int(mantissa).bit_length() + int(exponent)
        with precision(flint.ctx.prec + (further if further < WIDEST else 0)):
            return getattr(x, name)()

    return function


def _root(x: arb) -> arb:
    """The root of what may be zero, as far as it is defined."""
    if x.contains(0) and x.is_finite():
        return arb(0).union(arb(x.upper()).sqrt())
    return x.sqrt()


def _logarithm(x: arb) -> arb:
    return arb("-inf") if x.is_zero() else x.log()


def _middle(x: arb | int) -> float:
    ball = x if isinstance(x, arb) else arb(x)  # a sum of nothing is a plain 0
    return float(ball) if ball.is_finite() or ball.is_exact() else math.nan


def _power(x: arb, n: arb) -> arb:
    whole = n.unique_fmpz() if n.is_exact() else None
    if whole is None:
        return x**n
    if not x.contains(0):
        return x**whole
    size = arb(abs(x).upper()) ** abs(whole)  # around zero arb's own powers give up
    hull = arb(0).union(size) if whole % 2 == 0 else (-size).union(size)
    return hull if whole > 0 else 1 / hull if whole < 0 else arb(1)


class Balls(Elements):
    """An array of arb balls; float64 numbers enter exactly."""

    system: ClassVar[str] = "balls"
    rank: ClassVar[int] = 1
    scalar_functions: ClassVar[dict[Any, Callable[..., Any]]] = {
        np.add: operator.add, np.subtract: operator.sub, np.multiply: operator.mul, np.divide: operator.truediv,
        np.negative: operator.neg, np.positive: operator.pos, np.absolute: abs, np.square: lambda x: _power(x, arb(2)),
        np.power: _power, np.maximum: lambda a, b: a.max(b), np.minimum: lambda a, b: a.min(b), np.sign: _method("sgn"),
        np.sin: _wave("sin"), np.cos: _wave("cos"), np.sqrt: _root,
        np.log: _logarithm, np.log1p: lambda x: arb("-inf") if (x + 1).is_zero() else x.log1p(),
    } | {getattr(np, f): _method(f) for f in ("exp", "expm1", "tanh")}  # fmt: skip

    _midpoints: np.ndarray | None = None

    @classmethod
    def convert(cls, x: Any) -> arb:
        """Each plain number is a ball of radius zero."""
        if isinstance(x, arb):
            return x
        if hasattr(x, "denominator") and not isinstance(x, int | float | np.generic):  # a fraction
            return arb(x.numerator) / arb(x.denominator)
        return arb(x.item() if isinstance(x, np.generic) else x)

    def constant(self, name: str, argument: int = 0) -> Balls:
        return Balls.of(arb.pi() if name == "pi" else arb(argument).sqrt())

    def erf(self) -> Balls:
        return Balls.of(np.frompyfunc(_method("erf"), 1, 1)(self.value))

    def between(self, one: Any, other: Any) -> Balls:
        """The hull of all three."""
        hull = np.frompyfunc(lambda a, b, c: a.union(b).union(c), 3, 1)
        return Balls.of(hull(self.value, self.lift(one).value, self.lift(other).value))

    def midpoints(self) -> np.ndarray:
        """The nearest doubles to the midpoints; NaN where a ball is all numbers."""
        found = self._midpoints
        if found is None:
            found = np.array(np.frompyfunc(_middle, 1, 1)(self.value), dtype=np.float64)
            found.flags.writeable = False  # they are handed out again
            self._midpoints = found
        return found

    def radii(self) -> np.ndarray:
        """Upper bounds on the radii, as doubles."""
        return np.asarray(np.frompyfunc(lambda x: float(x.rad()), 1, 1)(self.value), dtype=np.float64)

    def overlaps(self, other: Any) -> np.ndarray:
        """Whether the true numbers may be equal, as far as the balls tell."""
        return np.asarray(np.frompyfunc(lambda a, b: a.overlaps(b), 2, 1)(self.value, self.lift(other).value), bool)


def _compare(surely: Callable[[Any, Any], bool], surely_not: Callable[[Any, Any], bool]) -> Callable[..., Any]:
    def rule(a: Any, b: Any) -> Any:
        home = a if isinstance(a, Balls) else b
        pair = home.lift(a).value, home.lift(b).value
        sure, never = (np.asarray(np.frompyfunc(f, 2, 1)(*pair), bool) for f in (surely, surely_not))
        return sure if np.array_equal(sure, ~never) else Verdict(sure, ~never, home)

    return rule


def _where(condition: Any, yes: Any, no: Any) -> Any:
    home = yes if isinstance(yes, Balls) else no if isinstance(no, Balls) else condition.home
    yes, no = home.lift(yes), home.lift(no)
    if not isinstance(condition, Verdict):
        return Balls.of(np.where(condition, yes.value, no.value))
    hull = np.frompyfunc(lambda a, b: a.union(b), 2, 1)(yes.value, no.value)
    return Balls.of(np.where(condition.sure, yes.value, np.where(condition.possible, hull, no.value)))


def _position(surely_worse: Callable[[Any, Any], bool], function: Any) -> Callable[..., Any]:
    def rule(x: Balls, axis: Any = None, keepdims: bool = False) -> Any:
        """The position of the largest: whole numbers, or balls over all positions that it may have."""
        line = x.value.reshape(-1) if axis is None else np.moveaxis(x.value, axis, -1)
        middle = Balls.of(line).midpoints()
        nominal = function(middle, axis=-1)[..., None]
        best = np.take_along_axis(line, nominal, -1)
        open_ = ~np.asarray(np.frompyfunc(surely_worse, 2, 1)(line, best), bool)
        open_ &= ~np.asarray(np.frompyfunc(_exactly_equal, 2, 1)(line, best), bool)
        places = np.broadcast_to(np.arange(line.shape[-1]), line.shape)
        ends = [f(np.where(open_, places, nominal), axis=-1) for f in (np.min, np.max)]
        ends = [np.expand_dims(e, axis) if keepdims and axis is not None else e for e in ends]
        if np.array_equal(*ends):
            return ends[0]
        hull = np.frompyfunc(lambda a, b: arb(a).union(arb(b)), 2, 1)(*(e.astype(object) for e in ends))
        return Balls.of(hull)

    return rule


def _exactly_equal(a: arb, b: arb) -> bool:
    return bool(a.is_exact() and b.is_exact() and (a - b).is_zero())


def _apart(a: arb, b: arb) -> bool:
    return not a.overlaps(b)


Balls.rules = ELEMENT_RULES | {
    np.greater: _compare(operator.gt, operator.le),
    np.greater_equal: _compare(operator.ge, operator.lt),
    np.less: _compare(operator.lt, operator.ge),
    np.less_equal: _compare(operator.le, operator.gt),
    np.equal: _compare(_exactly_equal, _apart),
    np.not_equal: _compare(_apart, _exactly_equal),
    np.where: _where,
    np.argmax: _position(operator.lt, np.argmax),
    np.argmin: _position(operator.gt, np.argmin),
}
