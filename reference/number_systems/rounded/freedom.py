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


def open_choice() -> None:
    """Note that a number was taken which nobody prescribes, so that another form may have taken another."""
    seen = _seen.get()
    if seen is not None:
        seen.add("not additive")


def added(*operands: Any) -> None:
    """Note that errors met in a sum, where those of one argument may cancel and a bound does not know it."""
    _note("sum", operands)


def charged(self: Rounded, forms: Sequence[Callable[..., Any]], args: Sequence[Any]) -> Any:
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
    apart = not all(a.exact for a in args if isinstance(a, Rounded)) and any("sum" in seen for seen in notes)
    several = isinstance(results[0], tuple)
    rows = results if several else [(r,) for r in results]
    silent = rows
    if apart and not all(a.fmt.silent for a in args if isinstance(a, Rounded)):
        quiet = [_quiet(a) for a in args]
        silent = [_watched(form, quiet)[0] for form in forms]
        silent = silent if several else [(r,) for r in silent]
    made = []
    for k, first in enumerate(rows[0]):
        known = [i for i, row in enumerate(rows) if row[k] is not None]
        if len(known) == 1 or not isinstance(first, Rounded):
            made.append(first)
            continue
        parts = [rows[i][k] for i in known]
        without = [silent[i][k].bound for i in known] if apart else None
        made.append(_widened(parts, without, [notes[i] for i in known]))
    return tuple(made) if several else made[0]


def _widened(parts: Sequence[Rounded], without: Sequence[np.ndarray] | None, notes: Sequence[set[str]]) -> Rounded:
    """One number in several forms; `without` holds their bounds had none of them rounded."""
    bounds = [r.bound for r in parts]
    if without is None:
        err = reduce(np.maximum, bounds)
    else:
        least = reduce(np.minimum, without)
        with np.errstate(invalid="ignore"):
            each = [
                bound if "not additive" in seen else least + (bound - own)
                for bound, own, seen in zip(bounds, without, notes, strict=True)
            ]
        err = reduce(np.maximum, each) * OUTWARD
        err = np.where(np.isnan(err), np.inf, err)
    first, known = parts[0], all(r.nonnegative for r in parts)
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
