"""Five claims in plain NumPy: all that a first adapter needs."""

import numpy as np

from conformance.adapters.contract import implements


@implements("sigmoid")
def sigmoid(x):  # type: ignore[no-untyped-def]
    return 1 / (1 + np.exp(-x))


@implements("softmax")
def softmax(x):  # type: ignore[no-untyped-def]
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


@implements("affine")
def affine(x, W, b):  # type: ignore[no-untyped-def]
    return x @ W.T + b


@implements("mse")
def mse(prediction, target):  # type: ignore[no-untyped-def]
    return np.mean((prediction - target) ** 2)


@implements("adam")
def adam(w, g, m, v, t, *, lr, beta1, beta2, eps):  # type: ignore[no-untyped-def]
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    step = lr / (1 - beta1**t) * m / (np.sqrt(v / (1 - beta2**t)) + eps)
    return w - step, m, v
