"""Rounding is alike on both sides of zero and at every power of two, so that some laws hold to the bit."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from conformance.calling.computing import Misshapen, Raised, computed, parts
from conformance.calling.stepping import is_step
from conformance.counterexample.replay import encoded
from conformance.judging.expected import Expected, all_expected
from conformance.scenarios.carry import carried
from conformance.scenarios.draw import NothingFits, Recipe, Scenario, draw
from conformance.scenarios.shared import generator
from conformance.verdict.ending import brief, settle
from reference.catalogue import CATALOGUE, Equation
from reference.domain import Array, Lane
from reference.number_systems.exact import Exact
from reference.number_systems.rounded.format import FORMATS
from reference.number_systems.table import UnsupportedOperation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.plan import Case

SCENARIOS = 4
MIDDLE = 2.0**10  # results within this factor of one are far from where a format ends


def applies(case: Case) -> bool:
    """Whether the equation has such a law."""
    if case.dtype == "exact" or case.slow or case.adapter.claims[case.equation].random:
        return False
    return bool(laws(case.equation))


def test_exact(case: Case) -> None:
    """Negating or doubling arguments does to the outputs, to the bit, what it does to the equation's."""
    for what in _ordinary(case):
        values = what.values
        try:
            plain = computed(case, values)
            for name, arguments, factor, powers in laws(case.equation):
                other = computed(case, _turned(values, arguments, factor))
                for output, a, b, power in zip(case.entry.outputs, plain, other, powers, strict=True):
                    case.evidence.judged += a.size
                    with np.errstate(over="ignore"):
                        due = a * power
                    _same(case, values, f"{name}: {output}", due, b)
        except (Raised, Misshapen):  # said by the value property
            continue
        case.evidence.scenarios += what.lanes
    case.evidence.outcome = "passed"


def _same(case: Case, values: Mapping[str, Any], says: str, due: np.ndarray, got: np.ndarray) -> None:
    """Equal bits, where both lie in the middle of the format."""
    with np.errstate(all="ignore"):
        due, got = np.nan_to_num(due, nan=np.inf), np.nan_to_num(got, nan=np.inf)
    middle = (np.abs(due) < MIDDLE) & (np.abs(due) > 1 / MIDDLE)
    inside = middle | ((due == 0) & (np.abs(got) > 1 / MIDDLE))
    wrong = inside & (due != got)
    if wrong.any():
        at = tuple(int(i) for i in np.argwhere(wrong)[0])
        case.evidence.counterexample = {"values": encoded(dict(values)), "layout": "contiguous", "says": says}
        shown = brief(Expected(case.equation, Scenario(dict(values)), None))
        settle(case, "failed", f"{case}: {says}{list(at)} is {float(got[at])!r}, not {float(due[at])!r}, for {shown}")


def _central(case: Case, scenario: Scenario) -> Scenario:
    """The scenario with one in the place of all that is far from one."""
    reals = case.entry.domain.real_arrays()
    values = {
        n: np.where((np.abs(v) > MIDDLE) | ((np.abs(v) < 1 / MIDDLE) & (v != 0)), 1.0, v) if n in reals else v
        for n, v in scenario.values.items()
    }
    return Scenario(values, scenario.regions, sizes=scenario.sizes)


def _ordinary(case: Case) -> list[Scenario]:
    """Numbers of ordinary size in the case's dtype, in several shapes."""
    fmt = FORMATS[case.dtype]
    found = []
    for k in range(SCENARIOS):
        g = generator("exact", case.equation, case.dtype, case.choice.seed, k)
        recipe = Recipe(lanes=33, plain=True, size="wide" if k == 1 else "small")
        try:
            found.append(_central(case, draw(case.entry.domain, g, fmt, recipe)))
        except NothingFits:
            continue
    return [s for s in found if all(np.all(np.isfinite(o)) for o in _plain(case.entry, s.values))] or [
        e.scenario for e in all_expected(case)[:1]
    ]


@lru_cache(maxsize=8)
def laws(equation: str) -> list[tuple[str, tuple[str, ...], float, tuple[float, ...]]]:
    """What the reference shows on several inputs: which arguments times what multiply each output by what.

    Only rational equations and the steps of optimizers are asked: a library's tanh need not be as odd as its formula.
    """
    entry = CATALOGUE[equation]
    scenarios = []
    for k in range(3):
        try:
            scenarios.append(
                draw(entry.domain, generator("laws", equation, k), FORMATS["float32"], Recipe(lanes=5, plain=True))
            )
        except NothingFits:
            return []
    if not (is_step(entry) or all(_rational(entry, s.values) for s in scenarios)):
        return []
    reals = [n for n, a in entry.domain.items() if isinstance(a, Lane | Array) and not a.kind.integer]
    signed = tuple(n for n in reals if entry.domain[n].kind.low < 0)  # type: ignore[union-attr]
    subsets = [s for s in dict.fromkeys([signed, *((n,) for n in signed)]) if s]
    turns = [("negating", arguments, -1.0) for arguments in subsets]
    turns += [("doubling", (n,), 2.0) for n in reals if not is_step(entry)]
    powers = [_powers(entry, scenarios, arguments, factor) for _, arguments, factor in turns]
    return [
        (f"{verb} {', '.join(arguments)}", arguments, factor, power)
        for (verb, arguments, factor), power in zip(turns, powers, strict=True)
        if power is not None
    ]


def _powers(
    entry: Equation, scenarios: list[Scenario], arguments: tuple[str, ...], factor: float
) -> tuple[float, ...] | None:
    """By what each output is multiplied, the same in every scenario; None where there is no such law."""
    found: tuple[float, ...] | None = None
    for scenario in scenarios:
        before = _plain(entry, scenario.values)
        after = _plain(entry, _turned(scenario.values, arguments, factor))
        here = []
        for a, b in zip(before, after, strict=True):
            fits = [p for p in (1.0, factor, factor**2) if a.shape == b.shape and np.array_equal(a * p, b)]
            if not fits or not np.any(a):
                return None
            here.append(fits[0])
        if found is not None and found != tuple(here):
            return None
        found = tuple(here)
    return found


def _turned(values: Mapping[str, Any], arguments: tuple[str, ...], factor: float) -> dict[str, Any]:
    with np.errstate(over="ignore"):
        return {n: v * factor if n in arguments else v for n, v in values.items()}


def _plain(entry: Equation, values: Mapping[str, Any]) -> list[np.ndarray]:
    with np.errstate(all="ignore"):
        return [np.asarray(o, dtype=float) for o in parts(entry.function(**values))]


def _rational(entry: Equation, values: Mapping[str, Any]) -> bool:
    """Whether the equation has nothing but sums, products, quotients and comparisons."""
    try:
        entry.function(**carried(entry.domain, values, Exact, Exact))
    except (UnsupportedOperation, ZeroDivisionError, TypeError, ValueError, OverflowError):
        return False
    return True
