"""What NumPy lacks, or what a number system must have a say in: constants, erf, windows, and declared freedoms."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

_erf = np.frompyfunc(math.erf, 1, 1)


class Either:
    """One function in several algebraically equal forms, between which an honest evaluation may choose.

    Its arguments and its result are finished numbers, as if settled. A number system may have a say through
    `__either__(forms, arguments)`; one without it gets the first form. A function with several results gives a tuple,
    of which a later form may leave out a part by giving None for it.
    """

    def __init__(self, forms: Sequence[Callable[..., Any]]) -> None:
        self.forms = tuple(forms)

    def __call__(self, *args: Any) -> Any:
        """The value, computed by a form that the arguments' number system chooses."""
        finished = [settled(a) for a in args]
        deciding = [a for a in finished if hasattr(a, "__either__")]
        if not deciding:
            return _finished(self.forms[0](*finished))
        highest = max(deciding, key=lambda a: a.rank)
        return _finished(highest.__either__(self.forms, finished))


def _finished(made: Any) -> Any:
    return tuple(settled(x) for x in made) if isinstance(made, tuple) else settled(made)


def either(*forms: Callable[..., Any]) -> Either:
    """Declare that these forms are the same function, and that frameworks differ in which one they compute."""
    return Either(forms)


def settled(x: Any) -> Any:
    """A finished sum: it enters the next sum as one term, because here the order of additions is the point."""
    own = getattr(x, "settled", None)
    return x if own is None else own()


def shift(x: Any) -> Any:
    """A number that the result does not depend on, such as the maximum that keeps softmax from overflowing.

    Its derivative is not taken; over symbols it becomes a free symbol, so that what is proved holds for any shift.
    """
    own = getattr(x, "shift", None)
    return x if own is None else own()


def between(nominal: Any, one: Any, other: Any) -> Any:
    """A number that nobody prescribes, such as a slope at a kink: the nominal one, or any between these two."""
    own = getattr(nominal, "between", None)
    return nominal if own is None else own(one, other)


def whole(n: int, like: Any) -> Any:
    """A whole number among the numbers of `like`, so that what is computed from it is computed there."""
    own = getattr(like, "lift", None)
    return n if own is None else own(n)


def pi(like: Any) -> Any:
    """The circle's ratio, as exactly as the numbers of `like` can have it."""
    own = getattr(like, "constant", None)
    return math.pi if own is None else own("pi")


def root(n: int, like: Any) -> Any:
    """The square root of an integer, as exactly as the numbers of `like` can have it."""
    own = getattr(like, "constant", None)
    return math.sqrt(n) if own is None else own("root", n)


def erf(x: Any) -> Any:
    """The error function, 2/sqrt(pi) times the integral of exp(-s^2) from 0 to x."""
    own = getattr(x, "erf", None)
    return np.asarray(_erf(x), dtype=np.float64)[()] if own is None else own()


def windows(x: Any, kernel: Sequence[int], stride: Sequence[int] | int = 1, dilation: Sequence[int] | int = 1) -> Any:
    """What a sliding kernel sees: the last axes of x become (places..., taps...).

    Over "N C H W" with a two-dimensional kernel the result is "N C H' W' K L": output places, then kernel taps.
    """
    d = len(kernel)
    strides = (stride,) * d if isinstance(stride, int | np.integer) else tuple(stride)
    dilations = (dilation,) * d if isinstance(dilation, int | np.integer) else tuple(dilation)
    spans = tuple(dilation * (k - 1) + 1 for k, dilation in zip(kernel, dilations, strict=True))
    views: Any = sliding_window_view(x, spans, axis=tuple(range(-d, 0)))
    places = tuple(slice(None, None, s) for s in strides)
    taps = tuple(slice(None, None, s) for s in dilations)
    return views[(..., *places, *taps)]


def pair(x: Any, d: int = 2) -> tuple[Any, ...]:
    """One number for all axes, or one for each."""
    return tuple(x) if isinstance(x, list | tuple | np.ndarray) else (x,) * d


def one_hot(labels: Any, classes: int) -> Any:
    """The rows of the identity matrix that the labels name."""
    return np.eye(classes)[np.asarray(labels)]
