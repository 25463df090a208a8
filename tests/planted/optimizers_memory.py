"""Nearly half of an optimizer's bugs are in its memory: they show only after several steps or in a second group."""

from __future__ import annotations

import numpy as np

from tests.planted import planted
from tests.planted.numpy_steps import Adam, Momentum, NumpySteps


@planted("adam", "all groups have the hyperparameters of the first", region="a second group", caught_by="state")
class FirstGroup(Adam):
    def move(self, i, gradient):
        self.hyper[i] = self.hyper[0]
        super().move(i, gradient)


@planted("adam", "weights of one shape share their means", region="a second weight", caught_by="state")
class SharedMeans(Adam):
    def move(self, i, gradient):
        super().move(i, gradient)
        for j, weight in enumerate(self.weights):
            if weight.shape == self.weights[i].shape:
                self.states[j] = self.states[i] | {"t": self.states[j]["t"]}


@planted("adam", "one count for all weights", region="a gradient that is missing", caught_by="state")
class OneCount(Adam):
    def step(self, gradients):
        super().step(gradients)
        for state in self.states:
            state["t"] = max(other["t"] for other in self.states)


@planted("adam", "a loaded count starts anew", region="after loading", caught_by="state")
class NewCount(Adam):
    def load(self, saved):
        super().load(saved)
        for state in self.states:
            state["t"] = 1


@planted("momentum", "the buffer is not saved", region="after loading", caught_by="state")
class UnsavedBuffer(Momentum):
    def save(self):
        weights, states, hyper = super().save()
        return weights, [state | {"a": np.zeros_like(state["a"])} for state in states], hyper


@planted("momentum", "the first buffer is the gradient itself", region="a reused gradient", caught_by="state")
class AliasedBuffer(Momentum):
    def move(self, i, gradient):
        if not self.states[i]["a"].any():
            self.weights[i] = self.weights[i] - self.hyper[i]["lr"] * gradient
            self.states[i] = {"a": gradient, "t": 2}
        else:
            super().move(i, gradient)


@planted("momentum", "a missing gradient is the last one again", region="a gradient that is missing", caught_by="state")
class LastGradient(Momentum):
    def step(self, gradients):
        last = getattr(self, "last", [None] * len(gradients)) + [None] * len(gradients)
        self.last = [old if new is None else new.copy() for old, new in zip(last, gradients, strict=False)]
        super().step(self.last)


@planted("adam", "the second step counts as the first again", region="several steps", caught_by="trajectory")
class SlowCount(Adam):
    def move(self, i, gradient):
        super().move(i, gradient)
        self.states[i]["t"] = max(1, self.states[i]["t"] - (self.states[i]["t"] == 2))


@planted("rmsprop", "the memory is in float32", region="float64", caught_by="dtypes")
class NarrowMemory(NumpySteps):
    names = ("v",)

    def rule(self, w, g, *, v, lr, rho, eps):
        v = rho * v + (1 - rho) * g**2
        return w - lr * g / (np.sqrt(v) + eps), v.astype(np.float32)


@planted("momentum", "what was saved goes on moving", region="after loading", caught_by="state")
class LiveCheckpoint(Momentum):
    def save(self):
        return self.weights, self.states, self.hyper

    def load(self, saved):
        self.weights, self.states, self.hyper = saved

    def move(self, i, gradient):
        state, hyper = self.states[i], self.hyper[i]
        state["a"] *= hyper["momentum"]
        state["a"] += gradient
        self.weights[i] -= hyper["lr"] * state["a"]


@planted("adam", "a group that joins later has the first one's rate", region="a group added late", caught_by="state")
class LateRate(Adam):
    def add(self, weights, hyperparameters):
        first = {"lr": self.hyper[0]["lr"]} if self.hyper else {}
        super().add(weights, {**hyperparameters, **first})


@planted("rmsprop", "each third step forgets", region="several steps", caught_by="trajectory")
class Forgetful(NumpySteps):
    names = ("v",)

    def rule(self, w, g, *, v, lr, rho, eps):
        v = rho * v + (1 - rho) * g**2
        return w - lr * g / (np.sqrt(v) + eps), v

    def step(self, gradients):
        self.steps = getattr(self, "steps", 0) + 1
        if self.steps % 3 == 0:
            for state in self.states:
                state["v"] = np.zeros_like(state["v"])
        super().step(gradients)
