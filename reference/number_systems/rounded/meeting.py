"""Where numbers meet: a scalar enters the format of an array, and operands may be flushed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from reference.number_systems.rounded.carrier import OUTWARD, Rounded
from reference.number_systems.rounded.format import Format

LITERALS = (int, float)
FEW = 256  # that are remembered


def met(x: Rounded, fmt: Format) -> Rounded:
    """A host's number at the moment it meets an array: rounded to what a kernel takes scalars in, unless it fits."""
    if x.meets is None or x.meets[0] is not fmt:
        x.meets = (fmt, _met(x, fmt, fmt.scalars))
    return x.meets[1]


def _met(x: Rounded, fmt: Format, target: Format) -> Rounded:
    return _number_met(x, fmt, target) if x.err.ndim == 0 else _array_met(x, fmt, target)


def _number_met(x: Rounded, fmt: Format, target: Format) -> Rounded:
    number, err = float(x.midpoint), float(x.bound)
    size = abs(number)
    subnormal = size - err < target.smallest and size + err > 0
    fits = x.fmt.bits == target.bits or (x.exact and target.has(number))
    if not fits or (subnormal and fmt.flushes == "both"):
        near = target.floor if subnormal else 0.0
        err = (err + target.unit * (size + err) + near) * OUTWARD
        err = err if size + err <= target.largest else np.inf
    return Rounded(x.value, np.asarray(err), fmt, exact=x.exact and err == 0, nonnegative=x._nonnegative)


def _array_met(x: Rounded, fmt: Format, target: Format) -> Rounded:
    fits = x.fmt.bits == target.bits or (x.exact and bool(target.holds(x.midpoint).all()))
    subnormal = (x.size_of_value - x.err < target.smallest) & (x.size_of_value + x.err > 0)
    if fits and not (fmt.flushes == "both" and subnormal.any()):
        return Rounded(x.value, x.bound, fmt, exact=x.exact, nonnegative=x._nonnegative)
    size = x.size_of_value
    err = (x.bound + target.unit * (size + x.err) + np.where(subnormal, target.floor, 0.0)) * OUTWARD
    return Rounded(x.value, np.where(size + err <= target.largest, err, np.inf), fmt, nonnegative=x._nonnegative)


def same_format(parts: Sequence[Rounded]) -> None:
    """Arrays of two formats do not meet silently."""
    if any(p.fmt is not parts[0].fmt and p.fmt.name != parts[0].fmt.name for p in parts):
        names = sorted({p.fmt.name for p in parts})
        parts[0].refuse(f"an operation between {' and '.join(names)} arrays (use stored() first)")


def candidates(*args: Any) -> list[Rounded]:
    """The operands of an operation that returns one of them: a scalar among them is stored in the array's format."""
    array = next((a for a in args if isinstance(a, Rounded) and not a.host), None)
    if array is None or array.fmt.scalars.bits == array.fmt.bits:
        return meeting(*args)
    operands = [a if isinstance(a, Rounded) else array.lift(a) for a in args]
    return meeting(*(_met(x, array.fmt, array.fmt) if x.host else x for x in operands))


def meeting(*args: Any) -> list[Rounded]:
    """The operands of an operation, in the format in which it happens."""
    numbers = [a for a in args if isinstance(a, Rounded)]
    fmt = numbers[0].fmt
    if len(numbers) == len(args) and all(x.fmt is fmt for x in numbers):
        operands = numbers
    else:
        array = next((x for x in numbers if not x.host), None)
        home = numbers[0] if array is None else array
        if array is None:
            operands = [home.lift(a) for a in args]
        else:
            fmt = array.fmt
            operands = [_literal(a, array) if type(a) in LITERALS else array.lift(a) for a in args]
            operands = [met(x, fmt) if x.host else x for x in operands]
            same_format(operands)
    return [flushed(x) for x in operands] if fmt.flushes == "both" else operands


def _literal(number: float, array: Rounded) -> Rounded:
    """A number of a formula itself, such as 1 or 0.5; each is met again and again."""
    known = array.fmt.literals
    key = number, math.copysign(1.0, number)
    if key not in known:
        if len(known) >= FEW:
            known.clear()
        known[key] = array.lift(number)
    found: Rounded = known[key]
    return found


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
    parts = candidates(*parts)
    array = next((p for p in parts if not p.host), parts[0])
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
