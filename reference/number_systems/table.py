"""The NumPy functions that an equation may use: one table, and the array type on which every number system builds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, Self

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.lib.stride_tricks import sliding_window_view

ARITHMETIC: tuple[np.ufunc, ...] = (
    np.add, np.subtract, np.multiply, np.divide, np.negative, np.positive, np.absolute, np.square, np.power,
    np.maximum, np.minimum, np.sign,
)  # fmt: skip
TRANSCENDENTAL: tuple[np.ufunc, ...] = (
    np.sqrt, np.exp, np.expm1, np.log, np.log1p, np.tanh, np.sin, np.cos,
)  # fmt: skip
COMPARISONS: tuple[np.ufunc, ...] = (
    np.greater, np.greater_equal, np.less, np.less_equal, np.equal, np.not_equal,
)  # fmt: skip
LOGIC: tuple[np.ufunc, ...] = (np.bitwise_and, np.bitwise_or, np.invert, np.logical_and, np.logical_or, np.logical_not)

REDUCTIONS: tuple[Callable[..., Any], ...] = (np.sum, np.mean, np.max, np.min, np.argmax, np.argmin)
CONTRACTIONS: tuple[Callable[..., Any], ...] = (np.einsum, np.matmul, np.dot)
STRUCTURE: tuple[Callable[..., Any], ...] = (
    np.reshape, np.ravel, np.transpose, np.swapaxes, np.moveaxis, np.expand_dims, np.squeeze, np.broadcast_to,
    np.concatenate, np.stack, np.pad, np.flip, np.roll, np.repeat, np.tile, np.take, np.take_along_axis,
    np.diagonal, sliding_window_view,
)  # fmt: skip
SELECTION: tuple[Callable[..., Any], ...] = (np.where, np.clip)
LIKE: tuple[Callable[..., Any], ...] = (np.zeros_like, np.ones_like, np.shape, np.ndim, np.size)

TABLE = (
    ARITHMETIC + TRANSCENDENTAL + COMPARISONS + LOGIC
    + REDUCTIONS + CONTRACTIONS + STRUCTURE + SELECTION + LIKE
)  # fmt: skip

COMBINING = (np.concatenate, np.stack)  # their first argument is a sequence of arrays


class UnsupportedOperation(TypeError):
    """An operation that a number system has no rule for."""


def name_of(operation: Any) -> str:
    """How a reader calls an operation."""
    return "np." + getattr(operation, "__name__", str(operation))


_calm: ContextVar[bool] = ContextVar("calm", default=False)


def is_calm() -> bool:
    """Whether NumPy already says nothing of overflow, NaN and the like; telling it so again takes time."""
    return _calm.get()


@contextmanager
def calm() -> Iterator[None]:
    """What is computed here is bounds and carriers of values: that one of them is infinite is no news of NumPy's."""
    token = _calm.set(True)
    try:
        with np.errstate(all="ignore"):
            yield
    finally:
        _calm.reset(token)


class Numbers(NDArrayOperatorsMixin):
    """An array of numbers of some system. NumPy hands every operation on it to `operation`, or to a named method."""

    system: ClassVar[str]
    rank: ClassVar[int]  # in a mixed operation the highest rank decides
    rules: ClassVar[dict[Any, Callable[..., Any]]]  # the table: what each NumPy function does here

    # What a system says of itself -----------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        raise NotImplementedError

    def lift(self, x: Any) -> Self:
        """The given plain number or array, in this system."""
        raise NotImplementedError

    def rearranged(self, f: Callable[[Any], Any]) -> Self:
        """The array after a function that only moves elements."""
        raise NotImplementedError

    def joined(self, parts: Any, f: Callable[[Any], Any]) -> Any:
        """The array that a function such as np.concatenate makes of several."""
        raise NotImplementedError

    def constant(self, name: str, argument: int = 0) -> Self:
        """An irrational number of this system: "pi", or "root" of an integer."""
        raise NotImplementedError

    # What NumPy sees ------------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__":
            return self.refuse(f"{name_of(ufunc)}.{method}")
        if options:
            return self.refuse(f"{name_of(ufunc)} with {', '.join(options)}=")
        for x in inputs:
            if isinstance(x, Numbers) and x.rank > self.rank:
                return NotImplemented
        rule = self.rules.get(ufunc)
        return self.refuse(name_of(ufunc)) if rule is None else rule(*inputs)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        return self._dispatch(function, args, options)

    def _dispatch(self, operation: Any, args: Any, options: dict[str, Any]) -> Any:
        highest = max(_numbers_in(args), key=lambda x: x.rank, default=self)
        if highest.rank > self.rank:
            return NotImplemented
        rule = self.rules.get(operation)
        return self.refuse(name_of(operation)) if rule is None else rule(*args, **options)

    @classmethod
    def refuse(cls, operation: str) -> Any:
        """Say clearly that there is no rule; a silent float or a silent constant would be a wrong answer."""
        raise UnsupportedOperation(
            f"{operation} has no rule over {cls.system}. The functions that an equation may use are listed in "
            "reference/number_systems/table.py; write the equation with those"
        )

    # What an equation may ask of an array -----------------------------------------------------------

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=int))

    @property
    def T(self) -> Self:  # noqa: N802 - NumPy's own name
        return self.rearranged(np.transpose)

    def reshape(self, *shape: Any) -> Self:
        return self.rearranged(lambda a: a.reshape(*shape))

    def __getitem__(self, index: Any) -> Self:
        if _numbers_in((index,)):
            self.refuse("indexing with uncertain numbers")
        return self.rearranged(lambda a: np.asarray(a[index]))

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("a number has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator[Self]:
        return (self[i] for i in range(len(self)))

    def _no_plain_value(self, *_: Any, **__: Any) -> Any:
        return self.refuse("turning it into a plain number (float(), int(), bool(), if, np.asarray)")

    __float__ = __int__ = __bool__ = __index__ = __complex__ = __array__ = _no_plain_value
    __hash__ = object.__hash__


def _numbers_in(args: Any) -> list[Numbers]:
    found = []
    for a in args:
        if isinstance(a, Numbers):
            found.append(a)
        elif isinstance(a, list | tuple):
            found += _numbers_in(a)
    return found


def clipped(x: Any, low: Any = None, high: Any = None) -> Any:
    """np.clip is a maximum and a minimum; None leaves a side open."""
    raised = x if low is None else np.maximum(x, low)
    return raised if high is None else np.minimum(raised, high)


def structural_rules() -> dict[Any, Callable[..., Any]]:
    """Rules for the functions that only move elements, made from a system's `rearranged` and `joined`."""

    def moving(function: Any) -> Callable[..., Any]:
        return lambda x, *args, **options: x.rearranged(lambda a: function(a, *args, **options))

    def combining(function: Any) -> Callable[..., Any]:
        def rule(xs: Any, *args: Any, **options: Any) -> Any:
            one = max((x for x in xs if isinstance(x, Numbers)), key=lambda x: x.rank)
            return one.joined([one.lift(x) for x in xs], lambda parts: function(parts, *args, **options))

        return rule

    def padding(x: Any, width: Any, mode: str = "constant", **options: Any) -> Any:
        if mode not in ("constant", "edge", "reflect", "symmetric", "wrap"):
            return x.refuse(f"np.pad with mode={mode!r}")
        if options:
            return x.refuse(f"np.pad with {', '.join(options)}= (choose the border's value with np.where)")
        return x.rearranged(lambda a: np.pad(a, width, mode=mode))  # type: ignore[call-overload]

    return {f: combining(f) if f in COMBINING else moving(f) for f in STRUCTURE} | {np.pad: padding}
