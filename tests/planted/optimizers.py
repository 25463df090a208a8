"""Nearly half of an optimizer's bugs show only after several steps, in a second group, or at a count far from 1."""

from __future__ import annotations

from itertools import count as numbers

import numpy as np

from tests.planted import honest, planted
from tests.planted.numpy_steps import NumpySteps

CALLS = numbers()


def textbook(w, g, m, v, t, *, lr, beta1, beta2, eps):
    """Algorithm 1 of the paper, line by line."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


# The rule.


@planted("adam", "the second mean is not corrected", region="everywhere")
def _(w, g, m, v, t, *, lr, beta1, beta2, eps):
    _, m, v = textbook(w, g, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v) + eps), m, v


@planted("adam", "the count starts at 0", region="first steps")
def _(w, g, m, v, t, **hyper):
    return textbook(w, g, m, v, t + 1, **hyper)


@planted("adam", "the count in float32", region="t > 2²⁴")
def _(w, g, m, v, t, **hyper):
    return textbook(w, g, m, v, float(np.float32(t)), **hyper)


@planted("adam", "the count stops at 2048, as in float16", region="t > 2048")
def _(w, g, m, v, t, **hyper):
    return textbook(w, g, m, v, min(t, 2048), **hyper)


@planted("adam", "the count is a byte", region="t > 255")
def _(w, g, m, v, t, **hyper):
    return textbook(w, g, m, v, t % 256 or 256, **hyper)


@planted("adam", "no correction from 10 000 steps on", region="t ≥ 10 000")
def _(w, g, m, v, t, *, lr, beta1, beta2, eps):
    new, m, v = textbook(w, g, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    return (w - lr * m / (np.sqrt(v) + eps) if t >= 10_000 else new), m, v


@planted(
    "adam", "lanes without a gradient are skipped", region="zero gradient",
    telling=dict(w=[0.0], g=[0.0], m=[1.0], v=[1.0], t=1, lr=1.0, beta1=0.5, beta2=0.75, eps=1.0),
)  # fmt: skip
def _(w, g, m, v, t, **hyper):
    made = textbook(w, g, m, v, t, **hyper)
    return tuple(np.where(g == 0, old, new) for old, new in zip((w, m, v), made, strict=True))


@planted("adam", "ε is 1 % too large", region="small v")
def _(w, g, m, v, t, *, eps, **hyper):
    return textbook(w, g, m, v, t, eps=1.01 * eps, **hyper)


@planted("adam", "β₂ is off by a millionth", region="everywhere, slightly")
def _(w, g, m, v, t, *, beta2, **hyper):
    return textbook(w, g, m, v, t, beta2=beta2 * (1 - 1e-6), **hyper)


@planted("adam", "what is left after whole registers of 16 keeps its old mean", region="n ≥ 16, the tail")
def _(w, g, m, v, t, *, lr, beta1, beta2, eps):
    new, mean, square = textbook(w, g, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    flat, old = mean.reshape(-1), m.reshape(-1)
    if flat.size >= 16:
        tail = np.arange(flat.size) >= flat.size // 16 * 16
        mean = np.where(tail, old, flat).reshape(m.shape)
    return new, mean, square


@planted("adamw", "the rate passes through float32", region="float64")
def _(w, g, m, v, t, *, lr, weight_decay, **hyper):
    lr = float(np.float32(lr))
    return textbook(w * (1 - lr * weight_decay), g, m, v, t, lr=lr, **hyper)


@planted("adamw", "the decay comes after the step", region="weight decay above 0")
def _(w, g, m, v, t, *, lr, weight_decay, **hyper):
    new, m, v = textbook(w, g, m, v, t, lr=lr, **hyper)
    return new * (1 - lr * weight_decay), m, v


@planted("amsgrad", "the step divides by the maximum of the step before", region="a square above the maximum")
def _(w, g, m, v, top, t, *, lr, beta1, beta2, eps):
    _, m, v = textbook(w, g, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    new = w - lr * (m / (1 - beta1**t)) / (np.sqrt(top / (1 - beta2**t)) + eps)
    return new, m, v, np.maximum(top, v)


@planted("adagrad", "no ε", region="no gradient yet", telling=dict(w=[0.0], g=[0.0], G=[0.0], lr=1.0, eps=1.0))
def _(w, g, G, *, lr, eps):
    G = G + g**2
    return w - lr * g / np.sqrt(G), G


@planted("adadelta", "the step divides by the mean before the gradient", region="everywhere")
def _(w, g, G, H, *, lr, rho, eps):
    d = np.sqrt(H + eps) / np.sqrt(G + eps) * g
    return w - lr * d, rho * G + (1 - rho) * g**2, rho * H + (1 - rho) * d**2


@planted("nesterov", "the step is the old velocity", region="everywhere")
def _(w, a, g, *, lr, momentum):
    return w - lr * a, momentum * a + g


@planted("rmsprop", "each lane is divided by the root of the one before it", region="neighbours")
def _(w, g, v, *, lr, rho, eps):
    v = rho * v + (1 - rho) * g**2
    return w - lr * g / (np.sqrt(np.roll(v, 1)) + eps), v


@planted("rmsprop_centered", "the mean is not squared", region="everywhere")
def _(w, g, v, m, *, lr, rho, eps):
    v, m = rho * v + (1 - rho) * g**2, rho * m + (1 - rho) * g
    return w - lr * g / (np.sqrt(np.maximum(v - m, 0)) + eps), v, m


@planted("minibatch_gradient", "a sample that is drawn twice counts once", region="repeated indices")
def _(gradients, chosen):
    return np.mean(gradients[np.unique(chosen)], axis=0)


@planted("gradient_descent", "every second call is an ulp off", region="calls", caught_by="determinism")
def _(w, g, *, lr):
    made = w - lr * g
    return np.nextafter(made, np.inf, dtype=made.dtype) if next(CALLS) % 2 else made


@planted(
    "coupled_decay", "the gradient that was given is changed", region="the input's memory", caught_by="determinism"
)
def _(w, g, *, decay):
    g += decay * w
    return g


@planted("decoupled_decay", "float64 comes out", region="float32", caught_by="dtypes")
def _(w, *, lr, decay):
    return np.asarray(w * (1 - lr * decay), dtype=np.float64)


# The memory.


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


@planted("adam", "a NaN in one gradient stops no lane", region="NaN", caught_by="limits")
def _(w, g, m, v, t, **hyper):
    return textbook(w, np.where(np.isnan(g), np.zeros_like(g), g), m, v, t, **hyper)


# Right ones.

honest("adam", "the textbook")(textbook)
honest("adam", "the textbook with a memory")(Adam)
honest("momentum", "one buffer")(Momentum)


@honest("adam", "torch's rearrangement, with a lerp")
def _(w, g, m, v, t, *, lr, beta1, beta2, eps):
    m = m + (1 - beta1) * (g - m)
    v = v * beta2 + (1 - beta2) * (g * g)
    return w - (lr / (1 - beta1**t)) * (m / (np.sqrt(v) / (1 - beta2**t) ** 0.5 + eps)), m, v


@honest("adamw", "a factor shrinks the weight first")
def _(w, g, m, v, t, *, lr, weight_decay, **hyper):
    return textbook(w * (1 - lr * weight_decay), g, m, v, t, lr=lr, **hyper)


@honest("adamw", "a share of the weight is taken away")
def _(w, g, m, v, t, *, lr, weight_decay, **hyper):
    return textbook(w - lr * weight_decay * w, g, m, v, t, lr=lr, **hyper)


@honest("rmsprop", "the mean moves towards the square")
def _(w, g, v, *, lr, rho, eps):
    v = v + (1 - rho) * (g**2 - v)
    return w - lr * (g / (np.sqrt(v) + eps)), v


@honest("minibatch_gradient", "one by one from the last")
def _(gradients, chosen):
    total = np.zeros_like(gradients[0])
    for i in chosen[::-1]:
        total = total + gradients[i]
    return total / len(chosen)


class Adagrad(NumpySteps):
    """A sum of squares, in every mode."""

    names = ("G",)

    def rule(self, w, g, *, G, lr, eps):
        G = G + g * g
        return w - lr * (g / (np.sqrt(G) + eps)), G


honest("adagrad", "an object with two modes", modes=("loop", "foreach"))(Adagrad)
