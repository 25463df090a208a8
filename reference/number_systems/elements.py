"""Numbers that NumPy does not know, kept as Python objects in an array: what balls, symbols and fractions share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Self

import numpy as np

from reference.number_systems.table import (
    ARITHMETIC,
    COMPARISONS,
    CONTRACTIONS,
    LOGIC,
    TRANSCENDENTAL,
    Numbers,
    calm,
    clipped,
    is_calm,
    structural_rules,
)  # fmt: skip


def objects(x: Any) -> np.ndarray:
    """An object array; a bare element becomes an array of no dimensions."""
    if isinstance(x, np.ndarray) and x.dtype == object:
        return x
    if isinstance(x, np.ndarray | np.generic | list | tuple | int | float | bool):
        return np.asarray(x, dtype=object)
    wrapped = np.empty((), dtype=object)
    wrapped[()] = x
    return wrapped


class Elements(Numbers):
    """An object array whose elements know their own arithmetic; a subclass names their functions."""

    scalar_functions: ClassVar[dict[np.ufunc, Callable[..., Any]]]

    def __init__(self, value: Any) -> None:
        self.value = np.frompyfunc(self.convert, 1, 1)(objects(value))
        if not isinstance(self.value, np.ndarray):
            self.value = objects(self.value)

    @classmethod
    def of(cls, value: Any) -> Self:
        """Wrap an array whose elements are of this system already."""
        made = cls.__new__(cls)
        made.value = objects(value)
        return made

    @classmethod
    def convert(cls, x: Any) -> Any:
        """One plain number as an element of this system."""
        raise NotImplementedError

    # The elements compute with flags of the processor of their own; what those say is no news of NumPy's.

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if is_calm():
            return super().__array_ufunc__(ufunc, method, *inputs, **options)
        with calm():
            return super().__array_ufunc__(ufunc, method, *inputs, **options)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        if is_calm():
            return super().__array_function__(function, types, args, options)
        with calm():
            return super().__array_function__(function, types, args, options)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.value})"

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.value.shape)

    def lift(self, x: Any) -> Self:
        return x if isinstance(x, type(self)) else type(self)(x)

    def rearranged(self, f: Callable[[Any], Any]) -> Self:
        moved = objects(f(self.value))
        if moved.size and any(isinstance(end, int | np.generic) for end in (moved.flat[0], moved.flat[-1])):
            return type(self)(moved)  # NumPy pads a border with integers of its own
        return type(self).of(moved)

    def joined(self, parts: Any, f: Callable[[Any], Any]) -> Self:
        return type(self).of(f([p.value for p in parts]))

    def item(self) -> Any:
        """The one element of an array of size one."""
        return self.value.item()

    def scattered(self, index: np.ndarray, size: int) -> Self:
        """The sums of the elements that go to each of `size` places; index -1 goes nowhere."""
        total = type(self)(np.zeros(size, dtype=int)).value
        for place, x in zip(index.ravel(), self.value.ravel(), strict=True):
            if place >= 0:
                total[place] = total[place] + x
        return type(self).of(total)


def _values(args: Any) -> tuple[type[Elements], list[Any]]:
    home = next(a for a in args if isinstance(a, Elements))
    return type(home), [a.value if isinstance(a, Elements) else home.lift(a).value for a in args]


def elementwise(ufunc: np.ufunc) -> Callable[..., Any]:
    """The rule that applies a system's scalar function to each element."""

    def rule(*args: Any) -> Any:
        cls, values = _values(args)
        function = cls.scalar_functions.get(ufunc)
        if function is None:
            return cls.refuse(f"np.{ufunc.__name__}")
        return cls.of(np.frompyfunc(function, len(values), 1)(*values))

    return rule


def _sum(x: Elements, axis: Any = None, keepdims: bool = False) -> Elements:
    add: Any = np.add
    return type(x).of(add.reduce(x.value, axis=axis, keepdims=keepdims, initial=x.convert(0)))


def _mean(x: Elements, axis: Any = None, keepdims: bool = False) -> Elements:
    total = _sum(x, axis, keepdims)
    mean: Elements = total / (x.size // max(total.size, 1))
    return mean


def _extreme(ufunc: np.ufunc) -> Callable[..., Any]:
    def rule(x: Elements, axis: Any = None, keepdims: bool = False) -> Elements:
        larger = np.frompyfunc(x.scalar_functions[ufunc], 2, 1, identity=None)
        return type(x).of(larger.reduce(x.value, axis=axis, keepdims=keepdims))

    return rule


def _einsum(spec: str, *args: Any) -> Any:
    cls, values = _values(args)
    return cls.of(np.einsum(spec, *values))


def _product(function: Callable[..., Any]) -> Callable[..., Any]:
    def rule(a: Any, b: Any) -> Any:
        cls, values = _values((a, b))
        return cls.of(function(*values))

    return rule


def _where(condition: Any, yes: Any, no: Any) -> Any:
    cls, values = _values((yes, no) if not isinstance(condition, Elements) else (condition, yes, no))
    if isinstance(condition, Elements):
        return cls.of(np.frompyfunc(cls.scalar_functions[np.where], 3, 1)(*values))  # type: ignore[index]
    return cls.of(np.where(condition, *values))


ELEMENT_RULES: dict[Any, Callable[..., Any]] = {
    **{ufunc: elementwise(ufunc) for ufunc in ARITHMETIC + TRANSCENDENTAL + COMPARISONS + LOGIC},
    **structural_rules(),
    **{f: _product(f) for f in CONTRACTIONS},
    np.einsum: _einsum, np.sum: _sum, np.mean: _mean, np.max: _extreme(np.maximum), np.min: _extreme(np.minimum),
    np.where: _where, np.clip: clipped,
    np.zeros_like: lambda x: type(x)(np.zeros(x.shape, dtype=int)),
    np.ones_like: lambda x: type(x)(np.ones(x.shape, dtype=int)),
    np.shape: lambda x: x.shape, np.ndim: lambda x: x.ndim, np.size: lambda x: x.size,
}  # fmt: skip
