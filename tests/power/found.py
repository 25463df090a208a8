"""What an approach found about one implementation is plain data, the same for every approach."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from conformance.calling.computing import INTEGERS, by_position, parts
from conformance.calling.loading import Adapter
from reference.catalogue import CATALOGUE


@dataclass
class Found:
    """Whether an implementation was caught, by what, after how much work, and how large the example is."""

    caught: bool = False
    by: str = ""
    calls: int = 0  # of the framework, up to the verdict
    seconds: float = 0.0  # up to the verdict, with the time that shrinking took
    elements: int | None = None  # of the largest array of the counterexample
    steps: int | None = None  # of an optimizer, in the counterexample
    message: str = ""
    also: tuple[str, ...] = ()  # everything by which it was caught, where the approach goes on
    whole: float = 0.0  # seconds for all that the approach tries
    tried: int = 0  # inputs
    applies: bool = True  # whether the approach has any input for it

    def to_data(self) -> dict[str, Any]:
        return asdict(self)


class Tally:
    """How often a framework was called."""

    def __init__(self) -> None:
        self.calls = 0

    def of(self, entry: Any) -> Any:
        """The same entry, every call and every step of which is counted."""
        if isinstance(entry.function, type):
            return replace(entry, function=self._steps(entry.function))

        @functools.wraps(entry.function)
        def counted(*inputs: Any, **options: Any) -> Any:
            self.calls += 1
            return entry.function(*inputs, **options)

        return replace(entry, function=counted)

    def _steps(self, kind: type) -> type:
        def step(steps: Any, gradients: Any) -> Any:
            self.calls += 1
            return kind.step(steps, gradients)  # type: ignore[attr-defined]

        named = {name: getattr(kind, name) for name in ("__module__", "__qualname__", "__doc__")}
        return type(kind.__name__, (kind,), named | {"step": step})


def told(error: BaseException) -> str:
    """An error in a line."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:400]


def largest(values: Mapping[str, Any]) -> int:
    """The elements of the largest array of an input."""
    return max((int(np.prod(v.shape)) for v in values.values() if hasattr(v, "shape")), default=0)


def tensor(adapter: Adapter, value: Any, dtype: str, layout: str = "contiguous") -> Any:
    """An array in the framework's own dtype: labels and masks in theirs; what is no array stays."""
    if not isinstance(value, np.ndarray):
        return value
    return adapter.tensor(value, INTEGERS.get(value.dtype.kind, dtype), "cpu", layout)


def call(entry: Any, values: Mapping[str, Any], mode: str) -> tuple[Any, ...]:
    """The outputs of an entry for the framework's own tensors."""
    positional, named = by_position(CATALOGUE[entry.equation], values)
    if entry.modes:
        named["mode"] = mode
    return parts(entry.function(*positional.values(), **named))
