"""An optimizer is a rule and a memory, and most of its bugs are in the memory: here both are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, ClassVar

import numpy as np

UNIT = ("beta1", "beta2", "rho", "momentum")
POSITIVE = ("lr", "eps", "weight_decay")


class NumpySteps:
    """One of NumPy's optimizers: a rule, and the names of what it remembers of a weight."""

    names: ClassVar[tuple[str, ...]] = ()
    counted: ClassVar[bool] = False

    def __init__(self, groups: Sequence[tuple[list[Any], Mapping[str, Any]]], mode: str) -> None:
        self.mode = mode
        self.weights: list[np.ndarray] = []
        self.states: list[dict[str, Any]] = []
        self.hyper: list[dict[str, Any]] = []
        for weights, hyperparameters in groups:
            self.add(weights, hyperparameters)

    def rule(self, w: np.ndarray, g: np.ndarray, **known: Any) -> tuple[np.ndarray, ...]:
        """The weight and its memory after one step; `known` is the memory, the count and the hyperparameters."""
        raise NotImplementedError

    def check(self, hyperparameters: Mapping[str, Any]) -> None:
        """What no optimizer can work with."""
        for name in POSITIVE:
            if name in hyperparameters and not hyperparameters[name] >= 0:
                raise ValueError(f"{name} has to be at least 0")
        for name in UNIT:
            if name in hyperparameters and not 0 <= hyperparameters[name] < 1:
                raise ValueError(f"{name} has to be at least 0 and less than 1")

    def add(self, weights: list[Any], hyperparameters: Mapping[str, Any]) -> None:
        """A group of weights, which start with nothing remembered."""
        self.check(hyperparameters)
        for weight in weights:
            self.weights.append(np.array(weight))
            self.states.append({name: np.zeros_like(weight) for name in self.names} | {"t": 1})
            self.hyper.append(dict(hyperparameters))

    def set(self, states: Sequence[Mapping[str, Any]]) -> None:
        """Put weights and memories where they are wanted."""
        for i, state in enumerate(states):
            if "w" in state:
                self.weights[i] = np.array(state["w"])
            self.states[i] |= {n: np.array(state[n]) for n in self.names if n in state}
            self.states[i]["t"] = int(state.get("t", self.states[i]["t"]))

    def step(self, gradients: Sequence[Any]) -> None:
        """All shapes are looked at before any weight moves; without a gradient a weight and its count stay."""
        for weight, gradient in zip(self.weights, gradients, strict=True):
            if gradient is not None and gradient.shape != weight.shape:
                raise ValueError(f"a gradient of {gradient.shape} for a weight of {weight.shape}")
        for i, gradient in enumerate(gradients):
            if gradient is not None:
                self.move(i, gradient)

    def move(self, i: int, gradient: np.ndarray) -> None:
        """One step of one weight."""
        state = self.states[i]
        known = {name: state[name] for name in (*self.names, *(("t",) if self.counted else ()))}
        self.weights[i], *memory = map(np.asarray, self.rule(self.weights[i], gradient, **known, **self.hyper[i]))
        self.states[i] = dict(zip(self.names, memory, strict=True)) | {"t": state["t"] + 1}

    def read(self) -> list[dict[str, Any]]:
        """Copies."""
        return [
            {"w": w.copy()} | {name: np.array(state[name]) for name in self.names}
            for w, state in zip(self.weights, self.states, strict=True)
        ]

    def save(self) -> Any:
        """Weights, memories and hyperparameters."""
        return deepcopy((self.weights, self.states, self.hyper))

    def load(self, saved: Any) -> None:
        """What was saved, copied once more, so that it can be loaded twice."""
        self.weights, self.states, self.hyper = deepcopy(saved)


def textbook(w, g, m, v, t, *, lr, beta1, beta2, eps):
    """Algorithm 1 of the paper, line by line."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


class Adam(NumpySteps):
    """The textbook's, with a memory."""

    names, counted = ("m", "v"), True

    def rule(self, w, g, **known):
        return textbook(w, g, **known)


class Momentum(NumpySteps):
    """One buffer."""

    names = ("a",)

    def rule(self, w, g, *, a, lr, momentum):
        a = momentum * a + g
        return w - lr * a, a
