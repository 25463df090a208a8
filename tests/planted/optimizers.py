"""An optimizer whose rule is wrong at a count far from 1, or at small squares, is right in every short trial."""

from __future__ import annotations

from itertools import count as numbers

import numpy as np

from tests.planted import planted
from tests.planted.numpy_steps import textbook

CALLS = numbers()


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


@planted("adam", "a NaN in one gradient stops no lane", region="NaN", caught_by="limits")
def _(w, g, m, v, t, **hyper):
    return textbook(w, np.where(np.isnan(g), np.zeros_like(g), g), m, v, t, **hyper)
