"""A NaN reaches what depends on it and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from conformance.calling.computing import Misshapen, Raised, computed, parts
from conformance.counterexample.shrink import shrunk
from conformance.judging.expected import Expected, expected, forms
from conformance.plan import Case
from reference.domain import Array, Lane
from reference.number_systems.rounded.format import FORMATS

FEW = 16  # places of a small input, at each of which a NaN is tried


@dataclass(frozen=True)
class Fault:
    """An input with a NaN, what is wrong with what comes of it, if anything, and how many numbers were judged."""

    values: Mapping[str, Any]
    says: str = ""
    judged: int = 0


def fault(case: Case, what: Expected, name: str, place: int) -> Fault:
    """What a NaN at one place of one argument shows."""
    values, judged = _with(what, name, place, np.nan), 0
    try:
        due, spared = _reached(case, what, name, place)
    except ArithmeticError:  # Python's own numbers overflow with an error, where arrays become infinite
        return Fault(values)
    try:
        got = computed(case, values)
    except (Raised, Misshapen):  # to refuse NaN is a way of not passing it on silently
        return Fault(values)
    for output, d, s, o in zip(case.entry.outputs, due, spared, got, strict=True):
        if d.shape != o.shape:
            break
        judged += o.size
        if (s & np.isnan(o)).any() and (leaked := s & np.isnan(o) & ~np.isnan(_clean(case, what, output))).any():
            at = tuple(int(i) for i in np.argwhere(leaked)[0])
            says = f"a NaN in {name} makes {output}{list(at)} NaN, which does not depend on it"
            return Fault(values, says, judged)
        if (swallowed := d & ~np.isnan(o)).any():
            at = tuple(int(i) for i in np.argwhere(swallowed)[0])
            says = f"a NaN in {name} does not reach {output}{list(at)}, which is {float(o[at])!r}"
            return Fault(values, says, judged)
    return Fault(values, judged=judged)


def smallest(case: Case, what: Expected, name: str, place: int, first: Fault) -> Fault:
    """The smallest input in which a NaN somewhere in the same argument is wrongly treated."""
    found = [first]

    def fails(values: Mapping[str, Any], _: str) -> bool:
        for i in range(min(np.size(values[name]), FEW)):
            try:
                one = fault(case, expected(case, values), name, i)
            except (Raised, Misshapen, ValueError, IndexError):  # sizes beyond their ranges need not fit together
                return False
            if one.says:
                found.append(one)
                return True
        return False

    at = tuple(int(i) for i in np.unravel_index(place, np.shape(what.scenario.values[name])))
    shrunk(case, what.scenario, "contiguous", fails, at)
    return found[-1]


def _clean(case: Case, what: Expected, output: str) -> np.ndarray:
    """What the framework gives without the NaN; a NaN that was there before is another property's matter."""
    return computed(case, what.scenario.values)[case.entry.outputs.index(output)]


def _with(what: Expected, name: str, place: int, number: float) -> dict[str, Any]:
    """The scenario with another number at one place."""
    changed = np.array(what.scenario.values[name], order="C")
    changed.reshape(-1)[place] = number
    return what.scenario.values | {name: changed}


def _reached(case: Case, what: Expected, name: str, place: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Which outputs a NaN has to reach: where the plain reference gives NaN in every form that the equation has, and
    where another number at that place makes another output. 0 times NaN is no dependence on it. And which it must not
    reach: those that are bounded without it, and that it leaves as they are in every form."""
    functions = [f for f in forms(case.entry).values() if len(_parts_of(f, what)) == len(case.entry.outputs)]
    values = _with(what, name, place, np.nan)
    fmt = FORMATS[case.dtype]  # a number may be rounded to the dtype, an exponent of 1e-12 to 0; NaN to the 0 is 1
    narrow = {n: float(fmt.quantize(np.asarray(v))) if isinstance(v, float) else v for n, v in values.items()}
    poisoned = [_parts_of(f, what, v) for f in functions for v in (values, narrow)]
    rounded = what.scenario.values | {n: v for n, v in narrow.items() if isinstance(v, float)}
    before = [_parts_of(f, what, v) for f in functions for v in (what.scenario.values, rounded)]
    clean = _parts_of(functions[0], what)
    kind = case.entry.domain[name]
    old = float(np.asarray(what.scenario.values[name]).reshape(-1)[place])
    moved = [x for x in (old + 1, old - 1, 8 * old + 0.5, -old - 0.25, 0.25, 0.75) if _allowed(kind, x)]
    changed = [_parts_of(functions[0], what, _with(what, name, place, x)) for x in moved]
    found, spared = [], []
    for i, base in enumerate(clean):
        due = np.isfinite(base)
        kept = np.isfinite(getattr(what.outputs()[i], "bound", base)) & (not what.algorithm)
        for outputs, own in zip(poisoned, before, strict=True):
            due = due & np.isnan(outputs[i]) if outputs[i].shape == base.shape else np.zeros_like(due)
            kept = kept & (outputs[i] == own[i]) if outputs[i].shape == base.shape else np.zeros_like(due)
        moves = np.zeros_like(due)
        for outputs in changed:
            moves |= np.isfinite(outputs[i]) & (outputs[i] != base)
        found.append(due & moves)
        spared.append(kept)
    return found, spared


def _allowed(kind: Any, x: float) -> bool:
    return not isinstance(kind, Lane | Array) or kind.kind.holds(x)


def _parts_of(function: Any, what: Expected, values: Mapping[str, Any] | None = None) -> list[np.ndarray]:
    """A form of the equation over plain numbers."""
    with np.errstate(all="ignore"):
        return [np.asarray(o, dtype=float) for o in parts(function(**(values or what.scenario.values)))]
