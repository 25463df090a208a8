"""An optimizer's memory is right as long as nobody else touches it, and somebody always does."""

from __future__ import annotations

import numpy as np

from tests.planted import planted
from tests.planted.numpy_steps import Adam, NumpySteps


class RMSprop(NumpySteps):
    """A mean of squares."""

    names = ("v",)

    def rule(self, w, g, *, v, lr, rho, eps):
        v = rho * v + (1 - rho) * g**2
        return w - lr * g / (np.sqrt(v) + eps), v


@planted("adam", "a gradient of nothing but zeros is none", region="a gradient that falls to 0", caught_by="limits")
class ZeroIsNone(Adam):
    def step(self, gradients):
        super().step([g if g is None or np.any(g) else None for g in gradients])


@planted("rmsprop", "a step is put off until somebody looks", region="a gradient's memory that is used again",
         caught_by="bad_input")  # fmt: skip
class PutOff(RMSprop):
    waiting = None

    def catch_up(self):
        waiting, self.waiting = self.waiting, None
        if waiting is not None:
            super().step(waiting)

    def step(self, gradients):
        self.catch_up()
        self.waiting = gradients

    def read(self):
        self.catch_up()
        return super().read()

    def save(self):
        self.catch_up()
        return super().save()

    def set(self, states):
        self.catch_up()
        super().set(states)

    def add(self, weights, hyperparameters):
        self.catch_up()
        super().add(weights, hyperparameters)


@planted("rmsprop", "from the fifth weight on one memory is shared", region="five weights of one shape and more",
         caught_by="state")  # fmt: skip
class FewMemories(RMSprop):
    def move(self, i, gradient):
        j = min(i, 4)
        if self.states[j]["v"].shape == gradient.shape:
            self.states[i] = self.states[j]
        super().move(i, gradient)
        if self.weights[j].shape == gradient.shape:
            self.states[j] = self.states[i]


@planted("adam", "the third weight has the first one's count", region="three weights, a missing gradient",
         caught_by="state")  # fmt: skip
class ThirdCount(Adam):
    def move(self, i, gradient):
        if i == 2:
            self.states[i]["t"] = max(1, self.states[0]["t"] - 1)
        super().move(i, gradient)


@planted("rmsprop", "a gradient is changed in place", region="the gradient's memory", caught_by="state")
class SquaresInPlace(RMSprop):
    def move(self, i, gradient):
        super().move(i, gradient)
        gradient *= gradient


@planted("rmsprop", "after loading the mean of squares is rounded to float32", region="float64, after loading",
         caught_by="state")  # fmt: skip
class NarrowCheckpoint(RMSprop):
    def save(self):
        weights, states, hyper = super().save()
        return weights, [s | {"v": s["v"].astype(np.float32).astype(s["v"].dtype)} for s in states], hyper
