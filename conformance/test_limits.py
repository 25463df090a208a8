"""Where a bound has nothing to say, the table of IEEE values has: infinities, NaN, zeros, nothing at all."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from conformance.calling.computing import Misshapen, Raised, computed, parts
from conformance.counterexample.replay import encoded
from conformance.counterexample.snippet import snippet
from conformance.judging.expected import BASE, Expected, all_expected, expected, forms
from conformance.judging.strain import strains
from conformance.scenarios.draw import belongs, is_elementwise
from conformance.scenarios.shared import generator, quantized
from conformance.verdict.accepted import told_by, waivers_of
from conformance.verdict.dialects import spoken_forms
from conformance.verdict.ending import settle
from conformance.verdict.poison import fault, smallest
from reference.domain import Array, Kind, Lane
from reference.number_systems.rounded import Format
from reference.number_systems.rounded.format import FORMATS
from reference.statements import Limit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.plan import Case

POISONED = 12
MOST = 300  # elements of an input into which a NaN is put


def applies(case: Case) -> bool:
    """Whether the equation has reals."""
    return case.dtype != "exact" and not case.slow and not case.adapter.claims[case.equation].random


def test_limits(case: Case) -> None:
    """Every row of the table; NaN reaches what depends on it and nothing else; nothing in, nothing out."""
    alive = {*forms(case.entry)}
    for row in case.entry.limits:
        _row(case, row, alive)
        if (below := _from_below(case, row)) is not None:
            _row(case, below, alive)
    _poisoned(case)
    if is_elementwise(case.entry.domain) and not case.adapter.claims[case.equation].lanes:
        _empty(case)
    case.evidence.outcome = "passed" if case.evidence.judged else "not offered"


def _or(names: set[str]) -> str:
    return " or ".join(sorted(names))


def _from_below(case: Case, row: Limit) -> Limit | None:
    """The row with -0 for 0, where the plain formula gives the same of it."""
    reals = case.entry.domain.real_arrays()
    given = {n: np.where(np.asarray(v) == 0, -0.0, v) if n in reals else v for n, v in row.given.items()}
    if all(np.array_equal(np.signbit(given[n]), np.signbit(row.given[n])) for n in reals if n in given):
        return None
    with np.errstate(all="ignore"):
        own = parts(case.entry.function(**given))
    pairs = zip(own, row.gives, strict=False)
    same = all(np.array_equal(o, np.broadcast_to(g, np.shape(o)), equal_nan=True) for o, g in pairs)
    return replace(row, sentence=f"{row.sentence}, from below too", given=given) if same else None


def _row(case: Case, row: Limit, alive: set[str]) -> None:
    """One row, in one of the forms that all rows before it allow."""
    values = _values(case, row.given)
    if not _held(case, row, values):
        return
    try:
        got = computed(case, values)
    except (Raised, Misshapen) as error:
        poisoned = any(_real(v) and np.isnan(v).any() for v in values.values())
        if not (poisoned and isinstance(error, Raised)):  # a NaN may be refused
            settle(case, "raised" if isinstance(error, Raised) else "adapter", f"{case}: {row.sentence}: {error}")
        return
    what = expected(case, values)
    if what.algorithm and not all(np.isfinite(g).all() for g in got):
        return  # what is accurate in norm only spreads a NaN or an infinity over everything
    case.evidence.judged += sum(g.size for g in got)
    wrong = _wrong(FORMATS[case.dtype], what.outputs(), row.gives, got)
    spoken = _speaking(case, what, got) | ({BASE} if wrong is None else set())
    if spoken and BASE not in spoken:  # a dialect's limit counts where the values speak that dialect too
        alive &= {*spoken_forms(case)}
    if spoken & alive:
        alive &= spoken
    elif spoken:  # each row by itself speaks some form
        says = f"right for {_or(spoken)}, but only {_or(alive)} fits the values and the rows before"
        _say(case, values, f"{row.sentence}: {says}")
    elif wrong is not None:
        i, due = wrong
        _say(case, values, f"{row.sentence}: {case.entry.outputs[i]} is {got[i].tolist()}, not {due.tolist()}")


def _speaking(case: Case, what: Expected, got: Sequence[np.ndarray]) -> set[str]:
    """The dialects that give the same; a dialect has limits of its own: those that its formula gives."""
    values, spoken = what.scenario.values, set()
    for form in case.entry.dialects:
        with suppress(ValueError, IndexError), np.errstate(all="ignore"):  # of these sizes it may have nothing to say
            own, bounds = parts(forms(case.entry)[form](**values)), what.outputs(form)
            if len(own) == len(got) and _wrong(FORMATS[case.dtype], bounds, own, got) is None:
                spoken.add(form)
    return spoken


def _wrong(
    fmt: Format, bounds: Sequence[Any], gives: Sequence[Any], got: Sequence[np.ndarray]
) -> tuple[int, np.ndarray] | None:
    """The first output that is not what is due: in class where that is special, within the bound where it is finite."""
    for i, (g, want, bound) in enumerate(zip(got, gives, bounds, strict=False)):
        due = np.asarray(want, dtype=float)
        if due.shape != g.shape and due.size != 1:
            return i, due
        due = np.broadcast_to(due.reshape(()) if due.size == 1 else due, g.shape)
        near = np.zeros(g.shape, dtype=bool)
        if np.shape(bound) == g.shape:
            with np.errstate(all="ignore"):
                judged = strains(g, bound)
            near = (judged.strain <= 1) & judged.decided  # a bound that says nothing lets nothing through
        same = np.where(np.isfinite(due), near, np.isnan(g) & np.isnan(due)) | (g == due) | (g == fmt.quantize(due))
        if not same.all():
            return i, due
    return None


def _say(case: Case, values: dict[str, Any], says: str) -> None:
    program = snippet(case, values, "contiguous", says)
    case.evidence.counterexample = {"values": encoded(values), "layout": "contiguous", "says": says, "snippet": program}
    settle(case, "failed", f"{case}: {says}\n\n{program}")


def _values(case: Case, given: Any) -> dict[str, Any]:
    """The row's arguments as arrays of the dtype."""
    domain = case.entry.domain
    arrays = {
        n: np.atleast_1d(np.asarray(v, dtype=float)) if isinstance(domain[n], Lane) else np.asarray(v)
        if isinstance(domain[n], Array) or not np.isscalar(v) else v
        for n, v in given.items()
    }  # fmt: skip
    with np.errstate(all="ignore"):
        return quantized(domain, arrays, FORMATS[case.dtype])


def _held(case: Case, row: Limit, values: dict[str, Any]) -> bool:
    """Whether the dtype holds the row's numbers and the domain includes them; other inputs have other limits."""
    if not belongs(case.entry.domain, {n: np.nan_to_num(v, nan=0.5) if _real(v) else v for n, v in values.items()}):
        return False
    for name, kind in case.entry.domain.items():  # an ε that the dtype rounds to 0 is none
        given = values.get(name)
        held = float(FORMATS[case.dtype].quantize(np.asarray(given))) if isinstance(given, float) else given
        if isinstance(kind, Kind) and isinstance(given, float) and not kind.holds(held):
            return False
    for name in case.entry.domain.real_arrays():
        if name in row.given:
            given = np.asarray(row.given[name], dtype=float)
            if not np.array_equal(np.broadcast_to(given, values[name].shape), values[name], equal_nan=True):
                return False
    return True


def _real(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _poisoned(case: Case) -> None:
    """NaN at one place of one argument: the reference in plain numbers says which outputs depend on it."""
    g = generator("NaN", case.equation, case.dtype, case.choice.seed)
    for waiver in waivers_of(case, "limits"):
        if waiver.input:
            values = told_by(case, waiver)
            name = next(n for n, v in values.items() if _real(v) and np.isnan(v).any())
            place = int(np.argmax(np.isnan(values[name].reshape(-1))))
            clean = expected(case, values | {name: np.nan_to_num(values[name], nan=0.5)})
            _nan_at(case, clean, name, place)
    chosen = [e for e in all_expected(case) if e.scenario.regions and e.scenario.lanes <= MOST][:POISONED]
    for what in chosen:
        names = [n for n in case.entry.domain.real_arrays() if what.scenario.values[n].size]
        if not names:
            continue
        name = names[int(g.integers(len(names)))]
        _nan_at(case, what, name, int(g.integers(what.scenario.values[name].size)))


def _nan_at(case: Case, what: Expected, name: str, place: int) -> None:
    """A NaN at one place of one argument."""
    found = fault(case, what, name, place)
    case.evidence.judged += found.judged
    if found.says:
        small = found if waivers_of(case, "limits") else smallest(case, what, name, place, found)
        _say(case, dict(small.values), small.says)


def _empty(case: Case) -> None:
    """No lanes give no outputs, without an error."""
    what = next(e for e in all_expected(case) if e.scenario.regions)
    values = {n: v[:0] if isinstance(v, np.ndarray) else v for n, v in what.scenario.values.items()}
    try:
        got = computed(case, values)
    except (Raised, Misshapen) as error:
        _say(case, values, f"nothing in, but {error}")
        return
    case.evidence.judged += 1
    if any(o.size for o in got):
        _say(case, values, f"nothing in, but {[o.tolist() for o in got]} out")
