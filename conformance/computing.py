"""What a framework gives for a scenario: arguments turned into its tensors, and the result read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import signature
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

import numpy as np

from reference.catalogue import CATALOGUE, Equation

if TYPE_CHECKING:
    from conformance.plan import Case

INTEGERS = {"b": "bool", "i": "int64", "u": "int64"}


def computed(case: Case, values: Mapping[str, Any]) -> tuple[np.ndarray, ...]:
    """The outputs of the framework's claim."""
    positional, named = _arguments(case, values)
    with catch_warnings():  # what a framework warns of is its own affair
        simplefilter("ignore")
        made = case.adapter.claims[case.equation].function(*positional.values(), **named)
    return tuple(_array(case, output) for output in parts(made))


def gradients(
    case: Case, values: Mapping[str, Any], wrt: Sequence[str], cotangents: Sequence[np.ndarray]
) -> dict[str, np.ndarray] | None:
    """The framework's own gradients of the sum of cotangent times output, or None where it gives none."""
    if case.adapter.gradient is None:
        return None
    positional, named = _arguments(case, values)
    turned = [_tensor(case, c) for c in cotangents]
    with catch_warnings():
        simplefilter("ignore")
        claim = case.adapter.claims[case.equation].function
        found = case.adapter.gradient(claim, positional, named, list(wrt), turned)
    return None if found is None else {name: _array(case, g) for name, g in zip(wrt, found, strict=True)}


def by_position(entry: Equation, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arguments that an equation takes by position, and those that it takes by keyword."""
    keywords = {n for n, p in signature(entry.function).parameters.items() if p.kind is p.KEYWORD_ONLY}
    return {n: v for n, v in values.items() if n not in keywords}, {n: v for n, v in values.items() if n in keywords}


def parts(made: Any) -> tuple[Any, ...]:
    """One output or several, as several."""
    return made if isinstance(made, tuple) else (made,)


def _arguments(case: Case, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    turned = {name: _tensor(case, v) if isinstance(v, np.ndarray) else v for name, v in values.items()}
    return by_position(CATALOGUE[case.equation], turned)


def _tensor(case: Case, value: np.ndarray) -> Any:
    dtype = INTEGERS.get(value.dtype.kind, "float64" if case.dtype == "exact" else case.dtype)
    return case.adapter.tensor(value, dtype)


def _array(case: Case, output: Any) -> np.ndarray:
    return np.asarray(output if isinstance(output, int | float) else case.adapter.array(output), dtype=np.float64)
