"""A domain says for which inputs an equation is stated. It is data: kinds of numbers, arrays, sizes and relations."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from math import inf
from typing import Any

import numpy as np


class DomainError(Exception):
    """A domain contradicts itself."""


@dataclass(frozen=True)
class Kind:
    """A set of numbers: an interval, with or without its ends; of reals or of integers only."""

    name: str
    low: float = -inf
    high: float = inf
    without_low: bool = False
    without_high: bool = False
    integer: bool = False

    def holds(self, x: Any) -> bool:
        """Whether the number lies in the set."""
        above = x > self.low if self.without_low else x >= self.low
        below = x < self.high if self.without_high else x <= self.high
        return bool(above and below and (not self.integer or x == int(x)))


real = Kind("real")
nonnegative = Kind("nonnegative", 0)
positive = Kind("positive", 0, without_low=True)
unit = Kind("unit", 0, 1)  # a probability, ends included
proper = Kind("proper", 0, 1, without_low=True, without_high=True)  # a probability, ends excluded
decay = Kind("decay", 0, 1, without_high=True)  # 0 <= beta < 1
count = Kind("count", 1, integer=True)  # 1, 2, 3, ...
natural = Kind("natural", 0, integer=True)  # 0, 1, 2, ...
bit = Kind("bit", 0, 1, integer=True)
flag = Kind("flag", 0, 1, integer=True)  # False or True


def integer(low: int, high: int) -> Kind:
    """The integers from low to high, both included."""
    return Kind("integer", low, high, integer=True)


def between(low: float, high: float) -> Kind:
    """The reals from low to high, both included."""
    return Kind("between", low, high)


@dataclass(frozen=True)
class Choice:
    """One of a few named options."""

    options: tuple[Any, ...]


def choice(*options: Any) -> Choice:
    """One of these options."""
    return Choice(options)


@dataclass(frozen=True)
class Lane:
    """An array of any shape, alike for all lanes of an equation, where each element is a scenario of its own."""

    kind: Kind


def lane(kind: Kind) -> Lane:
    """An elementwise argument."""
    return Lane(kind)


@dataclass(frozen=True)
class Array:
    """An array with named axes such as "N C H W"; an axis is a size, a number or an expression like "(O-1)*stride+K".

    `batch` names the axis along which independent scenarios may be stacked.
    """

    kind: Kind
    axes: str
    batch: str = ""


@dataclass(frozen=True)
class Labels:
    """An array of class numbers: integers from 0 to below a size."""

    axes: str
    below: str


@dataclass(frozen=True)
class Simplex:
    """An array whose last axis holds probabilities that sum to one."""

    axes: str


@dataclass(frozen=True)
class Mask:
    """An array of booleans."""

    axes: str


Argument = Kind | Choice | Lane | Array | Labels | Simplex | Mask

OPERATORS: Mapping[type, Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod, ast.Pow: operator.pow, ast.USub: operator.neg, ast.Div: operator.truediv,
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}  # fmt: skip


@cache
def names_in(expression: str) -> frozenset[str]:
    """The names that an expression uses."""
    return frozenset(node.id for node in ast.walk(_parse(expression)) if isinstance(node, ast.Name)) - {"largest"}


def evaluate(expression: str, values: Mapping[str, Any]) -> Any:
    """The value of an arithmetic expression or comparison over named numbers; largest(x) is that of the sizes in x."""

    def of(node: ast.AST) -> Any:
        match node:
            case ast.Constant() | ast.Name():
                return node.value if isinstance(node, ast.Constant) else values[node.id]
            case ast.Call(ast.Name("largest"), [whole], []):
                return np.nanmax(np.abs(of(whole)), initial=0.0)
            case ast.UnaryOp(op, operand):
                return OPERATORS[type(op)](of(operand))
            case ast.BinOp(left, op, right):
                return OPERATORS[type(op)](of(left), of(right))
            case ast.BoolOp(op, parts):
                return reduce(operator.and_ if isinstance(op, ast.And) else operator.or_, [of(part) for part in parts])
            case ast.Compare(left, ops, rest):
                sides = [of(side) for side in (left, *rest)]
                steps = [OPERATORS[type(op)](a, b) for op, a, b in zip(ops, sides, sides[1:], strict=False)]
                return reduce(operator.and_, steps)  # element by element, where a side is an array
        raise DomainError(f"{expression!r} is not arithmetic")

    return of(_parse(expression))


@cache
def _parse(expression: str) -> ast.AST:
    try:
        return ast.parse(expression, mode="eval").body
    except SyntaxError:
        raise DomainError(f"{expression!r} is not arithmetic") from None


class Domain(Mapping[str, Argument]):
    """Each argument's set, the ranges of the sizes, and the relations that remain."""

    def __init__(
        self, arguments: Mapping[str, Argument], *, sizes: Mapping[str, tuple[int, int]], where: Sequence[str]
    ) -> None:
        self.arguments = dict(arguments)
        self.where = tuple(where)
        for name, argument in self.arguments.items():
            if not isinstance(argument, Argument):
                raise DomainError(f"{name} is {argument!r}, which is no kind, array or choice")
        used = {name for axes in self.shapes().values() for axis in axes for name in names_in(axis)}
        used |= {name for a in self.arguments.values() if isinstance(a, Labels) for name in names_in(a.below)}
        free = used - set(self.arguments)
        if unused := set(sizes) - free:
            raise DomainError(f"the sizes {sorted(unused)} are given a range, but no array has them")
        self.sizes = {name: sizes.get(name, (1, 4)) for name in sorted(free)}
        known = free | set(self.arguments)
        for relation in self.where:
            if unknown := names_in(relation) - known:
                raise DomainError(f"the relation {relation!r} speaks of {sorted(unknown)}, which are unknown")

    def shapes(self) -> dict[str, list[str]]:
        """The axes of each argument that has named axes."""
        return {n: a.axes.split() for n, a in self.arguments.items() if isinstance(a, Array | Labels | Simplex | Mask)}

    def real_arrays(self) -> tuple[str, ...]:
        """The arguments that are arrays of reals."""
        arrays = {n: a for n, a in self.arguments.items() if isinstance(a, Array | Lane | Simplex)}
        return tuple(n for n, a in arrays.items() if isinstance(a, Simplex) or not a.kind.integer)

    def __getitem__(self, name: str) -> Argument:
        return self.arguments[name]

    def __iter__(self) -> Any:
        return iter(self.arguments)

    def __len__(self) -> int:
        return len(self.arguments)
