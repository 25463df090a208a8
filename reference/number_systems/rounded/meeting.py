"""Where numbers meet: a scalar enters the format of an array, and operands may be flushed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from reference.number_systems.rounded.carrier import OUTWARD, Rounded
from reference.number_systems.rounded.format import Format


def met(x: Rounded, fmt: Format) -> Rounded:
    """A host's number at the moment it meets an array: rounded to the array's format unless it fits."""
    if x.meets is None or x.meets[0] is not fmt:
        meet = _number_met if x.err.ndim == 0 else _array_met
        x.meets = (fmt, meet(x, fmt))
    return x.meets[1]


def _number_met(x: Rounded, fmt: Format) -> Rounded:
    target = fmt.scalars
    number, err = float(x.midpoint), float(x.bound)
    size = abs(number)
    subnormal = size - err < target.smallest and size + err > 0
    fits = x.fmt.bits == target.bits or (x.exact and target.has(number))
    if not fits or (subnormal and fmt.flushes == "both"):
        near = target.floor if subnormal else 0.0
        err = (err + target.unit * (size + err) + near) * OUTWARD
        err = err if size + err <= target.largest else np.inf
    return Rounded(x.value, np.asarray(err), fmt, exact=x.exact and err == 0, nonnegative=x._nonnegative)


def _array_met(x: Rounded, fmt: Format) -> Rounded:
    target = fmt.scalars
    fits = x.fmt.bits == target.bits or (x.exact and bool(target.holds(x.midpoint).all()))
    subnormal = (x.size_of_value - x.err < target.smallest) & (x.size_of_value + x.err > 0)
    if fits and not (fmt.flushes == "both" and subnormal.any()):
        return Rounded(x.value, x.bound, fmt, exact=x.exact, nonnegative=x._nonnegative)
    size = x.size_of_value
    err = (x.bound + target.unit * (size + x.err) + np.where(subnormal, target.floor, 0.0)) * OUTWARD
    return Rounded(x.value, np.where(size + err <= target.largest, err, np.inf), fmt, nonnegative=x._nonnegative)


def same_format(parts: Sequence[Rounded]) -> None:
    """Arrays of two formats do not meet silently."""
    names = sorted({p.fmt.name for p in parts})
    if len(names) > 1:
        parts[0].refuse(f"an operation between {' and '.join(names)} arrays (use stored() first)")


def meeting(*args: Any) -> list[Rounded]:
    """The operands of an operation, in the format in which it happens."""
    array = home = None
    for a in args:
        if isinstance(a, Rounded):
            home = a
            if not a.host:
                array = a
                break
    assert home is not None
    if array is None:
        operands = [home.lift(a) for a in args]
    else:
        operands = []
        for a in args:
            x = a if isinstance(a, Rounded) else array.lift(a)
            if x.host:
                x = met(x, array.fmt)
            elif x.fmt is not array.fmt:
                same_format([x, array])
            operands.append(x)
    if operands[0].fmt.flushes == "both":
        return [flushed(x) for x in operands]
    return operands


def flushed(x: Rounded) -> Rounded:
    """An operand that may be taken for zero because it is subnormal."""
    size = x.size_of_value
    doubtful = (size - x.err < x.fmt.smallest) & (size + x.err > 0)
    if x.fmt.silent or not doubtful.any():
        return x
    err = x.err + np.where(doubtful, np.minimum(size + x.err, x.fmt.smallest), 0.0)
    return Rounded(x.value, err, x.fmt, host=x.host, terms=x.terms, nonnegative=x._nonnegative, over=x.over)


def joined(self: Rounded, parts: Sequence[Rounded], f: Callable[[Any], Any]) -> Rounded:
    """One array of several, as np.concatenate makes it."""
    del self
    array = next((p for p in parts if not p.host), parts[0])
    parts = [met(p, array.fmt) if p.host and not array.host else p for p in parts]
    same_format(parts)
    values = [p.value for p in parts]
    return Rounded(
        f(values) if type(values[0]) is np.ndarray else values[0].joined(values, f),
        f([p.bound for p in parts]),
        array.fmt,
        host=array.host,
        exact=all(p.exact for p in parts),
        nonnegative=all(p.nonnegative for p in parts),
    )
