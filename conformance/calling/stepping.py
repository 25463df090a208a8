"""An optimizer is set to where a scenario starts, stepped, and read; or followed from its beginning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from conformance.calling.computing import Misshapen, by_position, running, tensor
from conformance.plan import Case
from reference.catalogue import Equation


def is_step(entry: Equation) -> bool:
    """Whether an equation moves a weight along a gradient: w and g in, w and its state out."""
    return entry.chapter == "optimizers" and entry.outputs[0] == "w" and {"w", "g"} <= set(entry.domain)


def state_names(entry: Equation) -> tuple[str, ...]:
    """What an optimizer remembers of each weight, as the equation names it."""
    return entry.outputs[1:]


def hyperparameters(entry: Equation, values: Mapping[str, Any]) -> dict[str, Any]:
    return by_position(entry, values)[1]


class Stepping:
    """One object of a framework's optimizer with its weights, spoken to in float64."""

    def __init__(
        self, case: Case, groups: Sequence[tuple[Sequence[np.ndarray], Mapping[str, Any]]], layout: str = "contiguous"
    ) -> None:
        self.case, self.layout = case, layout
        made = [([tensor(case, w, layout) for w in weights], dict(hyper)) for weights, hyper in groups]
        make = case.adapter.claims[case.equation].function
        self.object = running(case, lambda: make(made, case.mode))

    def set(self, states: Sequence[Mapping[str, Any]]) -> None:
        """Put every weight's state where a scenario starts: arrays by name, and t, the step to come."""
        turned = [self._turned(state) for state in states]
        running(self.case, lambda: self.object.set(turned))

    def step(self, gradients: Sequence[np.ndarray | None]) -> None:
        turned = [None if g is None else tensor(self.case, g, self.layout) for g in gradients]
        running(self.case, lambda: self.object.step(turned))

    def read(self) -> list[dict[str, Any]]:
        """Every weight and its state, as the framework's tensors."""
        found: list[dict[str, Any]] = running(self.case, self.object.read)
        return found

    def numbers(self) -> list[dict[str, np.ndarray]]:
        """Every weight and its state, as float64."""
        names = self.case.entry.outputs
        return [{name: self.case.adapter.array(state[name]) for name in names} for state in self.read()]

    def add(self, weights: Sequence[np.ndarray], hyper: Mapping[str, Any]) -> None:
        made = [tensor(self.case, w, self.layout) for w in weights]
        running(self.case, lambda: self.object.add(made, dict(hyper)))

    def save(self) -> Any:
        return running(self.case, self.object.save)

    def load(self, saved: Any) -> None:
        running(self.case, lambda: self.object.load(saved))

    def _turned(self, state: Mapping[str, Any]) -> dict[str, Any]:
        return {n: tensor(self.case, v, self.layout) if isinstance(v, np.ndarray) else v for n, v in state.items()}


def one_step(case: Case, values: Mapping[str, Any], layout: str = "contiguous") -> tuple[Any, ...]:
    """The outputs of the equation after one step of the real object from the scenario's state."""
    entry = case.entry
    stepping = Stepping(case, [([values["w"]], hyperparameters(entry, values))], layout)
    remembered = [n for n in (*state_names(entry), "t") if n in values]
    stepping.set([{name: values[name] for name in remembered}])
    stepping.step([values["g"]])
    (state,) = stepping.read()
    missing = [name for name in entry.outputs if name not in state]
    if missing:
        raise Misshapen(f"read() says nothing about {', '.join(missing)}")
    return tuple(state[name] for name in entry.outputs)
