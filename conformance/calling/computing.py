"""What a framework makes of a scenario: its own tensors in, float64 numbers out, with the time that it took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from inspect import signature
from time import perf_counter
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np

from conformance.adapters.contract import Function
from conformance.calling.loading import Adapter
from conformance.plan import Case
from reference.catalogue import CATALOGUE, Equation

INTEGERS = {"i": "int64", "u": "int64", "b": "bool"}


class Raised(Exception):
    """The framework raised an error for an input of the domain."""


class Misshapen(Exception):
    """The framework gave the wrong number of outputs, or outputs of the wrong shape or kind."""


def fatal(case: Case, values: Mapping[str, Any], layout: str = "contiguous", *, backwards: bool = False) -> bool:
    """Whether an input is known to end the process, at once or on the way back, and accepted as that."""
    known = case.adapter.ending(str(case))
    return any(bool(np.any(w.mask(values, layout))) for w in known if backwards or w.property != "gradient")


def spared(case: Case, values: Mapping[str, Any], layout: str, *, backwards: bool = False) -> None:
    """An input that is known to end the process is not tried here."""
    if fatal(case, values, layout, backwards=backwards):
        raise Raised("nothing: this input is known to end the process")


def computed(case: Case, values: Mapping[str, Any], layout: str = "contiguous") -> tuple[np.ndarray, ...]:
    """The outputs of the framework's claim."""
    return tuple(arrays(case, raw(case, values, layout)))


def raw(case: Case, values: Mapping[str, Any], layout: str = "contiguous") -> tuple[Any, ...]:
    """The outputs as the framework's own tensors."""
    spared(case, values, layout)
    if case.adapter.claims[case.equation].steps:
        from conformance.calling.stepping import one_step

        return one_step(case, values, layout)
    positional, named = arguments(case, values, layout)
    return parts(running(case, lambda: function(case)(*positional.values(), **named)))


def running(case: Case, call: Any) -> Any:
    """Run the framework, with its warnings unheard and its errors made ours."""
    try:
        with inside(case), catch_warnings():  # what a framework warns of is its own affair
            simplefilter("ignore")
            made = call()
            case.adapter.synchronize(case.device)
    except Exception as error:
        raise Raised(f"{type(error).__name__}: {str(error).strip()[:600]}") from error
    return made


@contextmanager
def inside(case: Case) -> Iterator[None]:
    """The time that a framework takes for what it computes, and for making and reading its tensors."""
    start = perf_counter()
    try:
        yield
    finally:
        case.evidence.framework_seconds += perf_counter() - start


def arrays(case: Case, outputs: Sequence[Any]) -> list[np.ndarray]:
    """The outputs as float64; something that is no number is an error of the claim."""
    try:
        with inside(case):
            read = [o if isinstance(o, int | float) else case.adapter.array(o) for o in outputs]
        return [np.asarray(o, dtype=np.float64) for o in read]
    except Exception as error:  # noqa: BLE001 - whatever came, it was no tensor
        kinds = ", ".join(type(o).__name__ for o in outputs)
        raise Misshapen(f"gave {kinds}, which cannot be read as numbers: {error}") from None


def fitting(got: Sequence[np.ndarray], expected: Sequence[Any]) -> None:
    """Outputs must be as many as the equation has, each of its shape."""
    want = [np.shape(e) for e in expected]
    have = [g.shape for g in got]
    if want != have:
        raise Misshapen(f"gave outputs of shapes {have}, where the equation has {want}")


def gradients(
    case: Case,
    values: Mapping[str, Any],
    wrt: Sequence[str],
    cotangents: Sequence[np.ndarray],
    layout: str = "contiguous",
) -> dict[str, np.ndarray] | None:
    """The framework's own gradients of the sum of cotangent times output, or None where it gives none."""
    spared(case, values, layout, backwards=True)
    positional, named = arguments(case, values, layout)
    turned = [tensor(case, c) for c in cotangents]
    found = running(case, lambda: case.adapter.gradient(function(case), positional, named, list(wrt), turned))
    return None if found is None else dict(zip(wrt, arrays(case, found), strict=True))


def function(case: Case) -> Any:
    """The claimed function in the case's mode; each is built once."""
    return _in_mode(case.adapter.name, case.equation, case.mode, _Held(case.adapter))


class _Held:
    """An adapter as a key that says nothing about itself."""

    def __init__(self, adapter: Adapter) -> None:
        self.adapter = adapter

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.adapter is self.adapter

    def __hash__(self) -> int:
        return id(self.adapter)


@cache
def _in_mode(name: str, equation: str, mode: str, held: _Held) -> Any:  # noqa: ARG001 - the name makes the key readable
    claim = held.adapter.claims[equation]
    return claim.function if claim.modes else held.adapter.modes[mode](claim.function)


def by_position(entry: Equation, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arguments that an equation takes by position, and those that it takes by keyword."""
    keywords = _keywords(entry.function)
    return {n: v for n, v in values.items() if n not in keywords}, {n: v for n, v in values.items() if n in keywords}


@cache
def _keywords(function: Function) -> frozenset[str]:
    return frozenset(n for n, p in signature(function).parameters.items() if p.kind is p.KEYWORD_ONLY)


def parts(made: Any) -> tuple[Any, ...]:
    """One output or several, as several."""
    return tuple(made) if isinstance(made, tuple | list) else (made,)


def arguments(case: Case, values: Mapping[str, Any], layout: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A scenario in the framework's tensors."""
    turned = {name: tensor(case, v, layout) if isinstance(v, np.ndarray) else v for name, v in values.items()}
    positional, named = by_position(CATALOGUE[case.equation], turned)
    claim = case.adapter.claims[case.equation]
    if claim.modes and not claim.steps:
        named["mode"] = case.mode
    return positional, named


def tensor(case: Case, value: np.ndarray, layout: str = "contiguous") -> Any:
    """Numbers of the dtype as a tensor; labels and masks in their own dtypes."""
    dtype = INTEGERS.get(value.dtype.kind, "float64" if case.dtype == "exact" else case.dtype)
    with inside(case):
        return case.adapter.tensor(value, dtype, case.device, layout)
