"""What it costs that a framework may choose between algebraically equal forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import reduce
from typing import Any

import numpy as np

from reference.number_systems.rounded.carrier import OUTWARD, Rounded

# What the form that is being computed did with operands that were not exact.
_seen: ContextVar[set[str] | None] = ContextVar("seen", default=None)


def _note(what: str, operands: Sequence[Any]) -> None:
    seen = _seen.get()
    if seen is not None and any(isinstance(a, Rounded) and not a.exact for a in operands):
        seen.add(what)


def not_additive(*operands: Any) -> None:
    """Note that a rule was used whose bound for two errors together may be less than the sum of its bounds for each."""
    _note("not additive", operands)


def added(*operands: Any) -> None:
    """Note that errors met in a sum, where those of one argument may cancel and a bound does not know it."""
    _note("sum", operands)


def charged(self: Rounded, forms: Sequence[Callable[..., Any]], args: Sequence[Any]) -> Rounded:
    """The first form's value, under a bound that holds for every form.

    The largest of the forms' bounds holds. It says too much where an argument's error reaches a sum by two ways, as in
    x·α + (b − m·α); but all forms are one function of their arguments, so errors of the arguments propagate alike
    whichever form is computed, and the form that shows the least propagation is right about it. What differs is the
    rounding inside, and the worst form's is charged: its bound less its bound without any rounding. Where a rule is in
    the way of that difference, the form's whole bound counts.
    """
    del self
    results, notes = [], []
    for form in forms:
        result, seen = _watched(form, args)
        results.append(result)
        notes.append(seen)
    bounds = [r.bound for r in results]
    if all(a.exact for a in args if isinstance(a, Rounded)) or not any("sum" in seen for seen in notes):
        err = reduce(np.maximum, bounds)
    else:
        quiet = [_quiet(a) for a in args]
        carried = [_watched(form, quiet)[0].bound for form in forms]
        least = reduce(np.minimum, carried)
        with np.errstate(invalid="ignore"):
            each = [
                bound if "not additive" in seen else least + (bound - own)
                for bound, own, seen in zip(bounds, carried, notes, strict=True)
            ]
        err = reduce(np.maximum, each) * OUTWARD
        err = np.where(np.isnan(err), np.inf, err)
    first, known = results[0], all(r.nonnegative for r in results)
    return Rounded(first.value, np.asarray(err), first.fmt, host=first.host, nonnegative=known)


def _watched(form: Callable[..., Any], args: Sequence[Any]) -> tuple[Any, set[str]]:
    """A form's result and what was noted on the way, by forms within it too."""
    seen: set[str] = set()
    token = _seen.set(seen)
    try:
        result = form(*args)
    finally:
        _seen.reset(token)
    outer = _seen.get()
    if outer is not None:
        outer |= seen
    return result, seen


def _quiet(a: Any) -> Any:
    if not isinstance(a, Rounded):
        return a
    silent = Rounded(a.value, a.err, a.fmt.quiet, host=a.host, exact=a.exact, nonnegative=a._nonnegative, over=a.over)
    silent._size = a._size
    return silent
