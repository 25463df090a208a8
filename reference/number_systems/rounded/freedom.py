"""What it costs that a framework may choose between algebraically equal forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np

from reference.number_systems.rounded.carrier import OUTWARD, Rounded

_separable: ContextVar[list[bool] | None] = ContextVar("separable", default=None)


def not_additive(*operands: Any) -> None:
    """Note that a rule was used whose bound for two errors together may be less than the sum of its bounds for each."""
    watch = _separable.get()
    if watch is not None and any(isinstance(a, Rounded) and not a.exact for a in operands):
        watch.append(False)


def charged(self: Rounded, forms: Sequence[Callable[..., Any]], args: Sequence[Any]) -> Rounded:
    """The first form's value, under a bound that holds for every form.

    All forms are one function of their arguments, so the arguments' errors propagate alike, whichever form is
    computed: the form that shows the least propagation is right about it. What differs is the rounding inside, and the
    worst form's is charged. It is the bound of a form less its bound without any rounding; where a rule is in the way
    of that difference, the form's whole bound counts.
    """
    del self
    bounds, values = [], []
    carried = []
    exact = all(a.exact for a in args if isinstance(a, Rounded))
    quiet = [_quiet(a) for a in args]
    for form in forms:
        watch: list[bool] = []
        token = _separable.set(watch)
        try:
            result = form(*args)
            without = None if exact else form(*quiet)
        finally:
            _separable.reset(token)
        values.append(result)
        bounds.append(result.bound)
        if without is not None:
            carried.append((without.bound, not watch))
    first = values[0]
    if exact:
        err = bounds[0] if len(bounds) == 1 else np.maximum.reduce(np.broadcast_arrays(*bounds))
    else:
        least = np.minimum.reduce(np.broadcast_arrays(*(c for c, _ in carried)))
        with np.errstate(invalid="ignore"):
            each = [least + (b - c) if separable else b for b, (c, separable) in zip(bounds, carried, strict=True)]
        err = np.maximum.reduce(np.broadcast_arrays(*each)) * OUTWARD
        err = np.where(np.isnan(err), np.inf, err)
    return Rounded(
        first.value, np.asarray(err), first.fmt, host=first.host, nonnegative=all(v.nonnegative for v in values)
    )


def _quiet(a: Any) -> Any:
    if not isinstance(a, Rounded):
        return a
    silent = Rounded(a.value, a.err, a.fmt.quiet, host=a.host, exact=a.exact, nonnegative=a._nonnegative, over=a.over)
    silent._size = a._size
    return silent
