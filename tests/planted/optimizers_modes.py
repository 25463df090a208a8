"""An optimizer has several implementations, and each refuses and rounds in a way of its own."""

from __future__ import annotations

import numpy as np

from tests.planted import planted
from tests.planted.numpy_steps import Adam, Momentum, NumpySteps


@planted("adagrad", "foreach has nine tenths of ε", region="a mode", modes=("loop", "foreach"))
class ForgetfulMode(NumpySteps):
    names = ("G",)

    def rule(self, w, g, *, G, lr, eps):
        G = G + g**2
        return w - lr * g / (np.sqrt(G) + (eps if self.mode == "loop" else 0.9 * eps)), G


@planted("adam", "a negative rate is taken", region="bad input", caught_by="bad_input")
class NegativeRate(Adam):
    def check(self, hyperparameters):
        super().check(hyperparameters | {"lr": 1.0})


@planted("momentum", "weights move before one is refused", region="bad input", caught_by="bad_input")
class HalfRefused(Momentum):
    def step(self, gradients):
        for i, gradient in enumerate(gradients):
            if gradient is not None:
                if gradient.shape != self.weights[i].shape:
                    raise ValueError("a gradient of another shape")
                self.move(i, gradient)


@planted("momentum", "foreach leaves one weight out", region="a mode", caught_by="trajectory",
         modes=("loop", "foreach"))  # fmt: skip
class ShortList(Momentum):
    def step(self, gradients):
        if self.mode == "foreach" and len(gradients) > 1:
            gradients = [*gradients[:-1], None]
        super().step(gradients)


@planted("adam", "fused takes the rate in float16", region="a mode", modes=("loop", "fused"))
class FusedRate(Adam):
    def rule(self, w, g, *, lr, **known):
        return super().rule(w, g, lr=lr if self.mode == "loop" else float(np.float16(lr)), **known)


@planted("adagrad", "foreach adds ε inside the root", region="a mode", caught_by="modes", modes=("loop", "foreach"))
class OtherDialect(NumpySteps):
    names = ("G",)

    def rule(self, w, g, *, G, lr, eps):
        G = G + g**2
        return w - lr * g / (np.sqrt(G) + eps if self.mode == "loop" else np.sqrt(G + eps)), G


@planted("momentum", "foreach keeps float32", region="a mode", caught_by="modes", modes=("loop", "foreach"))
class NarrowMode(Momentum):
    def rule(self, w, g, **known):
        w, a = super().rule(w, g, **known)
        return w, a if self.mode == "loop" else a.astype(np.float32)


@planted("adam", "fused takes a negative rate", region="a mode", caught_by="bad_input", modes=("loop", "fused"))
class LenientMode(Adam):
    def check(self, hyperparameters):
        super().check(hyperparameters if self.mode == "loop" else {**hyperparameters, "lr": 1.0})
