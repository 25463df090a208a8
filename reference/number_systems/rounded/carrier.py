"""An array of numbers, each with a bound on how far an honest evaluation in a format may stray from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from reference import functions
from reference.number_systems.rounded.format import Format
from reference.number_systems.rounded.terms import Terms
from reference.number_systems.table import Numbers, calm, is_calm, structural_rules

DOUBLE = 53  # bits of the significand of Python's numbers
NOTHING = np.zeros(())  # the error of what is exact
OUTWARD = 1 + 2.0**-46  # a bound is itself computed with a few float64 roundings

NOTHING.flags.writeable = False


def middle(value: Any) -> np.ndarray:
    """The values as float64."""
    return value.midpoints() if isinstance(value, Numbers) else value  # type: ignore[attr-defined, no-any-return]


def magnitude(value: Any) -> np.ndarray:
    """The absolute values, as float64."""
    size: np.ndarray = np.abs(value if type(value) is np.ndarray else middle(value))
    return size


class Rounded(Numbers):
    """A value and its error.

    The computed number is within `err` of the exact one, and so is `value`; where `over` is set it may instead be
    infinite, with the sign of `value`. An `err` of inf allows anything, NaN too. `terms` remembers the terms of a sum,
    so that a further addend joins them; `host` marks Python's own numbers; `nonnegative` says that no computed number
    is below zero, whatever the bound allows.
    """

    system: ClassVar[str] = "Rounded (no bound is known)"
    rank: ClassVar[int] = 2
    rules: ClassVar[dict[Any, Callable[..., Any]]] = {}

    def __init__(
        self,
        value: Any,
        err: np.ndarray,
        fmt: Format,
        *,
        terms: Terms | None = None,
        host: bool = False,
        exact: bool = False,
        nonnegative: bool | None = None,
        over: np.ndarray | None = None,
    ) -> None:
        self.value: Any = np.asarray(value) if isinstance(value, np.generic) else value
        self.err = np.asarray(err) if isinstance(err, np.generic) else err
        self.fmt = fmt
        self.terms = terms
        self.host = host
        self.exact = exact
        self.over = over
        self._size: np.ndarray | None = None
        self.meets: tuple[Format, Rounded] | None = None  # itself, as it entered an array's format
        self._nonnegative = nonnegative

    # Making one -----------------------------------------------------------------------------------

    @classmethod
    def of(cls, x: Any, fmt: Format) -> Rounded:
        """Inputs of the format under test; each must be a number of it exactly."""
        plain = np.asarray(x, dtype=np.float64)
        stranger = ~(fmt.holds(plain) | np.isnan(plain))
        if stranger.any():
            raise ValueError(
                f"{plain[stranger].flat[0]!r} is not a {fmt.name} number; round the inputs first, so that the framework "
                "and the reference get the same ones"
            )
        return cls(
            carried(plain, fmt), np.where(np.isfinite(plain), 0.0, np.inf), fmt, exact=bool(np.isfinite(plain).all())
        )

    @classmethod
    def scalar(cls, x: float, fmt: Format) -> Rounded:
        """A hyperparameter: a Python number on the host of this format."""
        return cls.plain(x, fmt.hosts)

    @classmethod
    def plain(cls, x: Any, host: Format) -> Rounded:
        """Python's or NumPy's own numbers, which a host of less than double precision rounds."""
        if isinstance(x, int | float) and host.bits >= DOUBLE and abs(x) <= 2**DOUBLE:
            return cls(carried(np.asarray(float(x)), host), NOTHING, host, host=True, exact=True)
        value = np.asarray(x, dtype=np.float64)
        err = np.where(np.isnan(value), np.inf, 0.0)
        if host.bits < DOUBLE:
            held = host.holds(value) | ~np.isfinite(value)
            err = np.where(held, err, (host.unit * np.abs(value) + host.floor) * OUTWARD)
        if isinstance(x, int) and int(value) != x:  # a whole number beyond what a double can hold
            err = err + float(abs(x - int(value)))
        return cls(carried(value, host), err, host, host=True, exact=not err.any())

    def lift(self, x: Any) -> Rounded:
        if isinstance(x, Rounded):
            return x
        if isinstance(x, Numbers):
            self.refuse(f"an operation together with {x.system}")
        return Rounded.plain(x, self.fmt if self.host else self.fmt.hosts)

    # What it says -----------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return f"Rounded({self.midpoint} ± {self.bound}, {self.fmt.name})"

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.err.shape)

    @property
    def midpoint(self) -> np.ndarray:
        """The value as float64."""
        return middle(self.value)

    @property
    def size_of_value(self) -> np.ndarray:
        """The magnitudes of the values, as float64."""
        if self._size is None:
            self._size = magnitude(self.value)
        return self._size

    @property
    def bound(self) -> np.ndarray:
        """How far the computed number may be from the exact one."""
        return self.err if self.over is None else np.where(self.over, np.inf, self.err)

    @property
    def scale(self) -> np.ndarray:
        """The size of what was computed: the sum of the terms' magnitudes for a sum, the magnitude elsewhere."""
        return self.terms.mass if self.terms is not None else self.size_of_value

    @property
    def decided(self) -> np.ndarray:
        """Where the bound is smaller than what was computed, so that passing says something."""
        return np.asarray((self.bound == 0) | (self.bound < self.scale))

    @property
    def nonnegative(self) -> bool:
        if self._nonnegative is None:
            if self.exact:
                self._nonnegative = bool((self.midpoint >= 0).all())
            else:  # looked at only where looking is cheap
                self._nonnegative = self.err.ndim == 0 and bool(self.midpoint >= self.bound)
        return self._nonnegative

    # What moves, closes or stores it ------------------------------------------------------------------

    def rearranged(self, f: Callable[[Any], Any]) -> Rounded:
        value = f(self.value) if type(self.value) is np.ndarray else self.value.rearranged(f)
        return Rounded(
            value, f(self.err), self.fmt, host=self.host, exact=self.exact,
            terms=None if self.terms is None else self.terms.rearranged(f),
            nonnegative=self._nonnegative, over=None if self.over is None else f(self.over),
        )  # fmt: skip

    def settled(self) -> Rounded:
        """A finished sum: one term of the next."""
        return Rounded(
            self.value,
            self.err,
            self.fmt,
            host=self.host,
            exact=self.exact,
            nonnegative=self._nonnegative,
            over=self.over,
        )

    def stored(self, fmt: Format) -> Rounded:
        """Rounded once more, to the format in which the result is kept."""
        with np.errstate(all="ignore"):
            return rounded(self.value, self.bound, fmt, 1.0)

    def constant(self, name: str, argument: int = 0) -> Rounded:
        host = self.fmt if self.host else self.fmt.hosts
        like = carried(np.zeros(()), host)
        value = (
            np.asarray(functions.pi(like) if name == "pi" else functions.root(argument, like))
            if type(like) is np.ndarray
            else like.constant(name, argument)
        )
        return rounded(value, np.zeros(()), host, 1.0, host=True)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        rule = self.rules.get(ufunc)
        if rule is None or options or method != "__call__" or any(getattr(x, "rank", 0) > self.rank for x in inputs):
            return super().__array_ufunc__(ufunc, method, *inputs, **options)
        if is_calm():
            return rule(*inputs)
        with calm():
            return rule(*inputs)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        if is_calm():
            return self._dispatch(function, args, options)
        with calm():
            return self._dispatch(function, args, options)


Rounded.rules = structural_rules() | {
    np.shape: lambda x: x.shape, np.ndim: lambda x: x.ndim, np.size: lambda x: x.size,
    np.zeros_like: lambda x: filled(x, 0.0), np.ones_like: lambda x: filled(x, 1.0),
}  # fmt: skip


def filled(x: Rounded, number: float) -> Rounded:
    return Rounded(carried(np.full(x.shape, number), x.fmt), np.zeros(x.shape), x.fmt, host=x.host, exact=True)


def carried(x: np.ndarray, fmt: Format) -> Any:
    """Values of float64 are carried in balls, those of narrower formats in float64."""
    if fmt.wide:
        from reference.number_systems.balls import Balls

        return Balls(x)
    return x


def rounded(
    value: Any,
    err: np.ndarray,
    fmt: Format,
    times: float,
    *,
    host: bool = False,
    nonnegative: bool | None = None,
    terms: Terms | None = None,
) -> Rounded:
    """The result of an operation that rounds so many times: the propagated error, and what rounding may add."""
    if fmt.silent:  # nothing is rounded and nothing overflows: what is left is propagation
        return Rounded(value, err * OUTWARD, fmt, host=host, nonnegative=nonnegative, terms=terms)
    size = magnitude(value)
    share = times * (fmt.unit + fmt.own)
    err = err * ((1 + share) * OUTWARD) + (size * (share * OUTWARD) + times * fmt.floor * OUTWARD)
    result = Rounded(value, err, fmt, host=host, nonnegative=nonnegative, terms=terms)
    result._size = size
    top = size + err
    if not top.size or top.max() <= fmt.largest:  # false if a NaN is among them
        return result
    result.terms = None
    return overflowed(result, top <= fmt.largest)


def overflowed(x: Rounded, fits: np.ndarray) -> Rounded:
    """A result that may be too large for the format: infinite, of known sign where the bound leaves no doubt about it."""
    size = x.size_of_value
    known = x.err < size  # false where either is NaN
    x.err = np.where(fits | known, x.err, np.inf)
    x.over = ~fits & known
    x.exact = False
    return x
