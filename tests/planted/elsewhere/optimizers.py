"""What an optimizer does once it may do a million times, and a mistake that is small enough trains on."""

from __future__ import annotations

import numpy as np
import torch

from tests.planted import planted
from tests.planted.elsewhere.slopes import sloped
from tests.planted.numpy_steps import Momentum, NumpySteps, textbook


def decayed(w, g, m, v, t, *, lr, weight_decay, **hyper):
    """AdamW as in the paper."""
    return textbook(w * (1 - lr * weight_decay), g, m, v, t, lr=lr, **hyper)


@planted("amsgrad", "the count is a signed word of 32 bits", region="t ≥ 2³¹")
def _(w, g, m, v, top, t, *, lr, beta1, beta2, eps):
    n = np.float64((t + 2**31) % 2**32 - 2**31)
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    top = np.maximum(top, v)
    with np.errstate(all="ignore"):
        first, second = 1 - np.float64(beta1) ** n, 1 - np.float64(beta2) ** n
    return w - lr * (m / float(first)) / (np.sqrt(top / float(second)) + eps), m, v, top


@planted("amsgrad", "the maximum takes what is not NaN", region="NaN", caught_by="limits")
def _(w, g, m, v, top, t, *, lr, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    top = np.fmax(top, v)
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(top / (1 - beta2**t)) + eps), m, v, top


@planted("rmsprop", "a lane of zero gradient keeps its mean of squares", region="gradients of exactly 0")
def _(w, g, v, *, lr, rho, eps):
    new = rho * v + (1 - rho) * g**2
    return w - lr * g / (np.sqrt(new) + eps), np.where(g == 0, v, new)


@planted("adamw", "a lane of zero gradient is not decayed", region="gradients of exactly 0, weight decay above 0")
def _(w, g, m, v, t, *, weight_decay, **hyper):
    right, plain = decayed(w, g, m, v, t, weight_decay=weight_decay, **hyper), textbook(w, g, m, v, t, **hyper)
    return np.where(g == 0, plain[0], right[0]), *right[1:]


@planted("adamw", "what is left after whole registers of 8 is not decayed", region="n ≥ 8, the tail")
def _(w, g, m, v, t, *, weight_decay, **hyper):
    right, plain = decayed(w, g, m, v, t, weight_decay=weight_decay, **hyper), textbook(w, g, m, v, t, **hyper)
    tail = np.arange(w.size).reshape(w.shape) >= (w.size // 8 * 8 if w.size >= 8 else w.size)
    return np.where(tail, plain[0], right[0]), *right[1:]


@planted("decoupled_decay", "a single number is not decayed", region="weights of one element")
def _(w, *, lr, decay):
    return w * (1 - lr * decay) if w.size > 1 else w - 0 * w


@planted("momentum", "no buffer is kept where β is 0", region="β = 0")
def _(w, a, g, *, lr, momentum):
    new = momentum * a + g
    return w - lr * new, new if momentum else a


@planted("rmsprop_momentum", "the rate passes through float32", region="float64")
def _(w, g, v, a, *, lr, rho, momentum, eps):
    v = rho * v + (1 - rho) * g**2
    a = momentum * a + g / (np.sqrt(v) + eps)
    return w - float(np.float32(lr)) * a, v, a


@planted("adadelta", "ε is added after the root of the numerator", region="small means of squared steps")
def _(w, g, G, H, *, lr, rho, eps):
    G = rho * G + (1 - rho) * g**2
    d = (np.sqrt(H) + eps) / np.sqrt(G + eps) * g
    return w - lr * d, G, rho * H + (1 - rho) * d**2


@planted("adagrad", "the sum stops at 65504", region="large sums of squares")
def _(w, g, G, *, lr, eps):
    G = np.where(G + g**2 > 65504, np.maximum(G, 65504), G + g**2).astype(w.dtype)
    return w - lr * g / (np.sqrt(G) + eps), G


@planted("gradient_descent", "steps below a millionth of a millionth are skipped", region="tiny steps")
def _(w, g, *, lr):
    return np.where(np.abs(lr * g) < 1e-12, w, w - lr * g)


@planted("dampened_momentum", "the dampening passes through float16", region="dampenings that float16 does not have")
def _(w, a, g, t, *, lr, momentum, dampening):
    a = momentum * a + (1 - float(np.float16(dampening))) * g
    return w - lr * a, a


@planted("minibatch_gradient", "a sample that is drawn twice has the slope of one", region="repeated samples",
         caught_by="gradient", over="torch")  # fmt: skip
def _(gradients, chosen):
    rows, back = torch.unique(chosen.long(), return_inverse=True)
    made = gradients.index_select(0, chosen.long()).mean(0)
    times = torch.bincount(back).to(gradients.dtype)
    return sloped(made, (gradients.index_select(0, rows) * (times > 0)[:, None]).sum(0) / len(chosen))


@planted("l2_penalized_cost", "the penalty's slope has the factor 2 of the square", region="everywhere",
         caught_by="gradient", over="torch")  # fmt: skip
def _(loss, w, *, alpha):
    return sloped(loss + alpha / 2 * (w**2).sum(), loss + alpha * (w**2).sum())


class Damped(NumpySteps):
    """A buffer that takes a part of each gradient."""

    names = ("a",)

    def rule(self, w, g, *, a, lr, momentum, dampening):
        a = momentum * a + (1 - dampening) * g
        return w - lr * a, a


@planted("dampened_momentum", "the first step after loading is not dampened", region="after loading",
         imitates="https://github.com/pytorch/pytorch/issues/24192", caught_by="state")  # fmt: skip
class FreshAfterLoading(Damped):
    fresh = False

    def load(self, saved):
        super().load(saved)
        self.fresh = True

    def step(self, gradients):
        super().step(gradients)
        self.fresh = False

    def rule(self, w, g, *, dampening, **known):
        return super().rule(w, g, dampening=0.0 if self.fresh else dampening, **known)


class AdamW(NumpySteps):
    """The paper's, with a memory."""

    names, counted = ("m", "v"), True

    def rule(self, w, g, **known):
        return decayed(w, g, **known)


@planted("adamw", "a count in float32 stays at 2²⁴", region="the step after t = 2²⁴, β near 1", caught_by="state")
class StoppedCount(AdamW):
    def move(self, i, gradient):
        before = np.float32(self.states[i]["t"])
        super().move(i, gradient)
        self.states[i]["t"] = int(before + np.float32(1))


@planted("adamw", "a group that is added later counts on from the first", region="a late group", caught_by="state")
class CountsOn(AdamW):
    def add(self, weights, hyperparameters):
        t = self.states[0]["t"] if self.states else 1
        known = len(self.states)
        super().add(weights, hyperparameters)
        for state in self.states[known:]:
            state["t"] = t


@planted("adamw", "foreach decays a weight without a gradient", region="a gradient that is missing", caught_by="state",
         modes=("loop", "foreach"))  # fmt: skip
class DecaysAll(AdamW):
    def step(self, gradients):
        super().step(gradients)
        for i, gradient in enumerate(gradients):
            if gradient is None and self.mode == "foreach":
                self.weights[i] = self.weights[i] * (1 - self.hyper[i]["lr"] * self.hyper[i]["weight_decay"])


@planted("nesterov", "what is read goes on moving", region="results that are kept", caught_by="state")
class LiveReading(Momentum):
    def read(self):
        return [{"w": w, "a": state["a"]} for w, state in zip(self.weights, self.states, strict=True)]

    def move(self, i, gradient):
        w, a = self.rule(self.weights[i], gradient, a=self.states[i]["a"], **self.hyper[i])
        self.weights[i][...] = w
        self.states[i]["a"][...] = a
