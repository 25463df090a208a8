"""Genuine arithmetic of a narrow format as one more number system: honest, but as adversarial as honesty allows.

Sums are kept open and added in a random order when somebody looks, fused with products or not; results and operands
below the smallest normal are flushed or not; library functions give either neighbour of the exact value; where forms
may be chosen, one is drawn. It is written without a look at the bounds, with nothing but rounding in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from reference import functions
from reference.number_systems import contraction
from reference.number_systems.rounded.format import Format
from reference.number_systems.table import ARITHMETIC, TRANSCENDENTAL, Numbers, structural_rules


@dataclass
class Habits:
    """How one machine computes: its format, its whims, and whether it fuses and flushes."""

    fmt: Format
    generator: np.random.Generator
    fused: bool
    flush_results: bool
    flush_operands: bool

    def nearest(self, x: np.ndarray, fmt: Format) -> np.ndarray:
        """Round to nearest, and flush if that is the habit."""
        y = fmt.quantize(x)
        if self.flush_results and self.fmt.flushes != "never":
            y = np.where(np.abs(y) < fmt.smallest, np.copysign(0.0, y), y)
        return y

    def faithful(self, x: np.ndarray, fmt: Format) -> np.ndarray:
        """Either neighbour of the exact value, which float64 knows well enough."""
        y = fmt.quantize(x)
        if fmt.wide:
            return self.nearest(
                y, fmt
            )  # float64's own functions are off by less than an ulp, and nothing here knows better
        other = np.where(x > y, _next(y, fmt, 1), np.where(x < y, _next(y, fmt, -1), y))
        drawn = np.where(self.generator.random(np.shape(y)) < 0.5, y, other)
        return self.nearest(np.where(np.isfinite(other), drawn, y), fmt)

    def hosted(self, x: Any) -> Any:
        """A result among Python's own numbers."""
        return self.fmt.hosts.quantize(x)

    def plus(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """a + b, exactly enough to be rounded once afterwards."""
        return a + b if self.fmt.wide else exact_sum(a, b)

    def operand(self, x: np.ndarray) -> np.ndarray:
        if self.flush_operands and self.fmt.flushes != "never":
            return np.where(np.abs(x) < self.fmt.smallest, np.copysign(0.0, x), x)
        return x


def _next(y: np.ndarray, fmt: Format, direction: int) -> np.ndarray:
    """The neighbouring number of the format."""
    exponent = np.where(y == 0, fmt.lowest + 1, np.frexp(y)[1])
    below_power = (np.frexp(y)[0] == 0.5) & (np.sign(y) != direction)
    spacing = np.ldexp(1.0, np.maximum(exponent - below_power, fmt.lowest + 1) - fmt.bits)
    return fmt.quantize(y + direction * spacing)


def exact_sum(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a + b rounded to odd in float64, so that rounding it once more to a narrow format is rounding once."""
    s = a + b
    t = s - a
    rest = (a - (s - t)) + (b - t)
    even = (s.view(np.int64) & 1) == 0
    toward = np.nextafter(s, np.where(rest > 0, np.inf, -np.inf))
    return np.where((rest != 0) & even & np.isfinite(s), toward, s)


class Machine(Numbers):
    """An array of numbers of the format, or a sum of terms that nobody has looked at yet."""

    system: ClassVar[str] = "the machine under test"
    rank: ClassVar[int] = 3
    rules: ClassVar[dict[Any, Callable[..., Any]]] = {}

    def __init__(self, value: Any, habits: Habits, *, host: bool = False, terms: Any = None, stores: int = 0) -> None:
        self._value = None if value is None else np.asarray(value, dtype=np.float64)
        self.habits = habits
        self.host = host
        self.terms = terms  # a list of (array, whether it is a product that has not been rounded)
        self.stores = stores

    @property
    def value(self) -> np.ndarray:
        """The number, once its terms are added."""
        if self._value is None:
            self._value = self._added()
        return self._value

    def _added(self) -> np.ndarray:
        h = self.habits
        inside = h.fmt.accumulates
        terms = list(self.terms)
        stores = self.stores - 1
        while len(terms) > 1:
            i, j = h.generator.choice(len(terms), 2, replace=False)
            (a, raw_a), (b, raw_b) = terms[i], terms[j]
            if raw_a and raw_b:
                a = h.nearest(a, inside)
            with np.errstate(all="ignore"):
                partial = h.nearest(h.plus(np.asarray(a, float), np.asarray(b, float)), inside)
            if stores > 0 and h.generator.random() < 0.5 and len(terms) > 2:
                partial, stores = h.nearest(partial, h.fmt), stores - 1
            terms = [t for k, t in enumerate(terms) if k not in (i, j)] + [(partial, False)]
        ((total, raw),) = terms
        return h.nearest(h.nearest(total, inside) if raw else total, h.fmt)

    @property
    def shape(self) -> tuple[int, ...]:
        return self._value.shape if self._value is not None else np.shape(self.terms[0][0])

    def lift(self, x: Any) -> Machine:
        return (
            x if isinstance(x, Machine) else Machine(self.habits.hosted(np.asarray(x, float)), self.habits, host=True)
        )

    def rearranged(self, f: Callable[[Any], Any]) -> Machine:
        if self.terms is not None:
            return Machine(None, self.habits, terms=[(f(t), raw) for t, raw in self.terms], stores=self.stores)
        return Machine(f(self.value), self.habits, host=self.host)

    def joined(self, parts: list[Machine], f: Callable[[Any], Any]) -> Machine:
        return Machine(f([p.value for p in parts]), self.habits)

    def settled(self) -> Machine:
        return Machine(self.value, self.habits, host=self.host)

    def scattered(self, index: np.ndarray, size: int) -> Machine:
        """The elements that an index sends to the same place, as terms that nobody has added yet."""
        flat, sources = index.ravel(), self.value.ravel()
        rows = max(int(np.bincount(flat[flat >= 0], minlength=1).max()), 1)
        terms, filled = np.zeros((rows, size)), np.zeros(size, dtype=int)
        for place, x in zip(flat, sources, strict=True):
            if place >= 0:
                terms[filled[place], place] = x
                filled[place] += 1
        if rows == 1:
            return Machine(terms[0], self.habits)
        return Machine(None, self.habits, terms=[(row, False) for row in terms], stores=1)

    def constant(self, name: str, argument: int = 0) -> Machine:
        number = math.pi if name == "pi" else math.sqrt(argument)
        return Machine(self.habits.hosted(np.asarray(number)), self.habits, host=True)

    def erf(self) -> Machine:
        return _function(functions.erf)(self)

    def __either__(self, forms: Any, args: Any) -> Any:
        made = forms[self.habits.generator.integers(len(forms))](*args)
        if not isinstance(made, tuple) or all(part is not None for part in made):
            return made
        return tuple(own if part is None else part for part, own in zip(made, forms[0](*args), strict=True))

    def between(self, one: Any, other: Any) -> Machine:
        share = self.habits.generator.choice([0.0, 0.5, 1.0], size=self.shape)
        ends = [np.broadcast_to(self.lift(x).value, self.shape) for x in (one, other)]
        middle = np.where(share == 0.5, self.value, ends[0])
        return Machine(np.where(share == 1, ends[1], middle), self.habits)


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


def _reduced(function: Any) -> Callable[..., Any]:
    return lambda x, axis=None, keepdims=False: Machine(function(x.value, axis=axis, keepdims=keepdims), x.habits)


def _matmul(a: Any, b: Any) -> Machine:
    return _einsum(contraction.of_matmul(np.shape(a), np.shape(b), Machine.refuse), a, b)


Machine.rules = {
    **{f: _choosing(f) for f in (np.maximum, np.minimum, np.sign, np.absolute, np.positive, np.negative)},
    **{f: _choosing(f) for f in (np.greater, np.greater_equal, np.less, np.less_equal, np.equal, np.not_equal)},
    **{f: _function(f) for f in TRANSCENDENTAL},
    **structural_rules(),
    np.add: _chain(1), np.subtract: _chain(-1), np.multiply: _multiply, np.divide: _rounding(np.divide),
    np.square: lambda a: _multiply(a, a), np.power: _power, np.sum: _sum, np.mean: _mean,
    np.einsum: _einsum, np.matmul: _matmul, np.where: _where,
    np.max: _reduced(np.max), np.min: _reduced(np.min),
    np.shape: lambda x: x.shape, np.ndim: lambda x: x.ndim, np.size: lambda x: x.size,
    np.clip: lambda x, low, high: np.minimum(np.maximum(x, low), high),
    np.zeros_like: lambda x: Machine(np.zeros(x.shape), x.habits, host=x.host),
    np.ones_like: lambda x: Machine(np.ones(x.shape), x.habits, host=x.host),
    np.argmax: lambda x, axis=None: Machine(np.argmax(x.value, axis=axis), x.habits),
    np.argmin: lambda x, axis=None: Machine(np.argmin(x.value, axis=axis), x.habits),
}  # fmt: skip
assert set(ARITHMETIC) <= set(Machine.rules)
