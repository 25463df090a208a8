"""A formula is proved by its function: read as a program, it gives the same numbers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from conformance.notes.agreement import by_its_sign
from conformance.notes.proving.equations import equations_in
from conformance.notes.proving.given import Given, Unknown
from conformance.notes.proving.left import Definition, definitions
from conformance.notes.proving.letters import neutral
from conformance.notes.proving.naming import Naming, namings, parsed
from conformance.notes.proving.outcome import Difference, Nothing, compared
from conformance.notes.proving.program import Program
from conformance.notes.proving.readings import Reading, readings
from conformance.notes.proving.samples import sampled
from conformance.notes.tree import Node, Unreadable, walk
from conformance.scenarios.draw import NothingFits
from reference.domain import Labels, Lane
from reference.entry import Equation
from reference.number_systems.tape import gradient

DRAWS, MANY, ATTEMPTS = 3, 6, 60
THREE = 3  # sides: what is defined, and two that say what it is
FULL = 3  # axes: what has fewer is computed quickly, and so more often
EMPTY = "no output has an element"
NO_NUMBER = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError)  # what Python says to nonsense


@dataclass(frozen=True)
class Formula:
    """One way in which the catalogue writes one of its functions."""

    name: str
    entry: Equation
    function: Callable[..., Any]
    latex: str
    outputs: tuple[str, ...]
    symbols: Mapping[str, Any] = field(default_factory=dict)
    partial: bool = False  # it need not speak of all arguments, nor of all outputs
    lacks: str = ""
    given: Callable[..., Mapping[str, Any]] | None = None  # the inputs of which alone it speaks, made of any

    @property
    def solved(self) -> bool:
        """Whether the outputs stand in it as unknowns, rather than alone on its left."""
        return "hat" in self.latex

    @cached_property
    def rows(self) -> list[Node]:
        return [_spelled_out(row) for row in parsed(self.latex, self.symbols)]


def _spelled_out(row: Node) -> Node:
    """A row without a side that says by a sign alone what another spells out; what is defined is no such side."""
    if row.kind != "rel" or len(row.parts) < THREE:
        return row
    kept = [k for k, side in enumerate(row.parts) if k == 0 or not by_its_sign(side)]
    signs = tuple(row.value[k - 1] for k in kept[1:])
    return row._replace(parts=tuple(row.parts[k] for k in kept), value=signs) if len(kept) > 1 else row


def formulas(entry: Equation) -> Iterator[Formula]:
    """The formula of an equation, those of its dialects, and each of them in other words."""
    yield Formula(entry.name, entry, entry.function, entry.latex, entry.outputs, entry.symbols)
    for name, v in entry.dialects.items():
        yield Formula(f"{entry.name}~{name}", entry, v.function, v.latex, v.outputs, {**entry.symbols, **v.symbols})
    for k, w in enumerate(entry.wordings, 1):
        of = entry.dialects[w.dialect] if w.dialect else entry
        symbols = {**entry.symbols, **(of.symbols if w.dialect else {}), **w.symbols}
        name = f"{entry.name}{'~' + w.dialect if w.dialect else ''} in words {k}"
        yield Formula(name, entry, of.function, w.latex, of.outputs, symbols, True, w.lacks, w.given)


def refuted(formula: Formula) -> str:
    """Why a formula is not proved; nothing where it is."""
    try:
        rows = formula.rows
    except Unreadable as error:
        return f"it cannot be read: {error}"
    reasons: list[str] = []
    tried = 0
    for naming in namings(formula.entry, rows, formula.symbols):
        for reading in readings(formula.entry, naming, partial=formula.partial):
            for base in (1, 0):
                tried += 1
                reason = _refuted(formula, rows, naming, reading, base)
                if not reason:
                    return ""
                reasons.append(f"{reason} [{naming}; {reading}; from {base}]")
        if tried > ATTEMPTS:
            break
    return max(reasons, key=lambda r: "differs" in r, default="no letters for its arguments")


def _lacking(reasons: Sequence[str]) -> str:
    """What lacks something is right somewhere, and not everywhere."""
    if all(reasons):
        return reasons[0]
    return "" if any(reasons) else "it lacks nothing"


def _refuted(formula: Formula, rows: Sequence[Node], naming: Naming, reading: Reading, base: int) -> str:
    reasons: list[str] = []
    small = max((len(axes) for axes in formula.entry.domain.shapes().values()), default=0) < FULL
    for seed in range(20 if formula.lacks else MANY if small else DRAWS):
        if reasons and reasons[-1] not in ("", EMPTY) and not formula.lacks:
            break
        reasons.append(_differs(formula, rows, naming, reading, base, seed))
    if formula.lacks:
        return _lacking(reasons)
    return next((reason for reason in reasons if reason not in ("", EMPTY)), "" if "" in reasons else EMPTY)


def _differs(formula: Formula, rows: Sequence[Node], naming: Naming, reading: Reading, base: int, seed: int) -> str:
    """What differs for one input; nothing where nothing does."""
    sides = max(len(row.parts) - 1 for row in rows if row.kind == "rel")
    generator = np.random.default_rng(seed)
    try:
        values, sizes = sampled(
            formula.entry.domain, generator, ones=reading.ones, fixed=_fixed(formula, naming), alike=naming.alike
        )  # fmt: skip
    except NothingFits:
        return "no input fits this reading"
    if formula.given is not None:
        names = inspect.signature(formula.given).parameters
        values |= formula.given(**{name: values[name] for name in names})
    with np.errstate(all="ignore"):
        made = formula.function(**values)
    outputs = made if isinstance(made, tuple) else (made,)
    for lane in range(lanes(formula.entry, values)):
        arguments, results = alone(formula.entry, values, outputs, lane)
        for side in range(sides):
            try:
                _check(formula, rows, naming, reading, base, side, arguments, sizes, results)
            except Nothing:
                return EMPTY
            except (Difference, Unknown) as error:
                return str(error)
            except NO_NUMBER as error:
                return f"{type(error).__name__}: {error}"
    return ""


def _fixed(formula: Formula, naming: Naming) -> dict[str, float]:
    """What a formula that leaves something out says nothing of."""
    silent = [name for name in formula.entry.domain if formula.partial and name not in naming.spoken]
    known = {name: neutral(name) for name in silent} | {
        name: 0.0 for name in silent if name.startswith("b") and neutral(name) is None
    }
    return {name: value for name, value in known.items() if value is not None}


def _check(
    formula: Formula, rows: Sequence[Node], naming: Naming, reading: Reading, base: int, side: int,
    arguments: Mapping[str, Any], sizes: Mapping[str, int], results: Sequence[Any],
) -> None:  # fmt: skip
    """Raise Difference where an output is not what the formula says."""
    shown = reading.shown(arguments)
    if reading.flat:
        results = [np.ravel(result) for result in results]
    for name, argument in formula.entry.domain.items():
        if isinstance(argument, Labels) or name == "ignore" or (name == "padding" and "words" in formula.entry.domain):
            shown[name] = shown[name] + base
    after = {f"{n}_after": result for n, result in zip(formula.outputs, results, strict=True)}
    values = naming.values(shown, {**arguments, **after}, sizes)
    now = arguments.get("t", arguments.get("epoch", 1))
    chosen = []
    for row in rows:
        found = list(definitions(row))
        several = found and row.parts[0].kind == "tuple"
        chosen += found if several else found[min(side, len(found) - 1) :][:1]
    results = slopes(formula, chosen, arguments) or results
    state = {naming.of(name): result for name, result in zip(formula.outputs, results, strict=True)}
    given = Given(
        values, base=base, padded=_padded(formula, rows, naming), timed=naming.timed(formula.entry),
        now=now if isinstance(now, int) else 1, made={n: v for n, v in state.items() if n},
        timeless=naming.meant.get("t", "t") not in ("t", "epoch"),
        functions=equations_in(formula.entry, arguments),
    )  # fmt: skip
    with np.errstate(all="ignore"):
        compared(Program(chosen, given), rows, chosen, formula, naming, results)


def _padded(formula: Formula, rows: Sequence[Node], naming: Naming) -> frozenset[str]:
    """Signals and images are 0 outside where nothing else is said."""
    said = any(n.kind == "where" for row in rows for n in walk(row))
    said = any(n.kind == "where" for row in rows for n in walk(row))
    bare = formula.entry.chapter == "convolution" and not formula.entry.name.endswith("padding") and not said
    if not bare and "outside" not in formula.latex:
        return frozenset()
    weights = {"w", "b"} & set(formula.entry.domain)
    return frozenset(name for name, meaning in naming.meant.items() if not weights or meaning not in weights)


def slopes(formula: Formula, rows: Sequence[Definition], arguments: Mapping[str, Any]) -> list[Any]:
    """The derivative of a function of one number, where that is what a formula states."""
    if len(arguments) > 1 or not formula.partial or not any(row.name in ("sigma'", "tanh'", "∂/∂x") for row in rows):
        return []
    arrays = {name: np.array([x]) for name, x in arguments.items()}
    return [gradient(formula.function, arrays, list(arrays))[name][0] for name in arrays]


def lanes(entry: Equation, values: Mapping[str, Any]) -> int:
    return max((np.size(values[n]) for n, a in entry.domain.items() if isinstance(a, Lane)), default=1)


def alone(
    entry: Equation, values: Mapping[str, Any], outputs: Sequence[Any], lane: int
) -> tuple[dict[str, Any], list[Any]]:
    """One of the scenarios that an elementwise equation is given at once."""
    elementwise = {n for n, a in entry.domain.items() if isinstance(a, Lane)}
    arguments = {n: v[lane].item() if n in elementwise else v for n, v in values.items()}
    return arguments, [np.asarray(o)[lane] if elementwise and np.ndim(o) else np.asarray(o) for o in outputs]
