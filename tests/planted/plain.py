"""Planted bugs stand beside plain NumPy that is right, so that each is wrong in one place only."""

import copy

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def sigmoid(x):
    """The plain formula; exp may overflow to infinity, whose reciprocal is 0."""
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def log_softmax(x):
    z = x - np.max(x, axis=-1, keepdims=True)
    return z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))


def linear(x, W, b):
    return x @ W.T + b


def picked(log_p, labels):
    return np.take_along_axis(log_p, labels[:, None], axis=1)[:, 0]


def windows(x, kernel, stride, dilation):
    """What a kernel sees at each place of the last axes."""
    d = len(kernel)
    span = [e * (k - 1) + 1 for k, e in zip(kernel, dilation, strict=True)]
    view = sliding_window_view(x, span, axis=tuple(range(x.ndim - d, x.ndim)))
    steps = [slice(None, None, s) for s in (*stride, *dilation)]
    return view[(slice(None),) * (x.ndim - d) + tuple(steps)]


def convolve(x, w, b, stride, padding, dilation, groups=1):
    """A windowed sum with groups in any number of dimensions."""
    d = x.ndim - 2
    x = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in padding)])
    seen = windows(x, w.shape[2:], stride, dilation)
    A, B = w.shape[1], w.shape[0] // groups
    mine, theirs = [1, *range(2 + d, 2 + 2 * d)], [1, *range(2, 2 + d)]
    parts = [np.tensordot(seen[:, g * A : (g + 1) * A], w[g * B : (g + 1) * B], (mine, theirs)) for g in range(groups)]
    return np.moveaxis(np.concatenate(parts, axis=-1), -1, 1) + b.reshape(-1, *[1] * d)


class Loop:
    """An optimizer that steps one weight after the other by `rule`, an equation's function."""

    names: tuple[str, ...] = ()
    counted = False
    OPTIONS = ()

    def __init__(self, groups, mode):
        self.mode = mode
        self.weights, self.hyper, self.states, self.t = [], [], [], []
        for weights, hyper in groups:
            self.add(weights, hyper)

    def add(self, weights, hyperparameters):
        for w in weights:
            self.weights.append(np.array(w))
            self.hyper.append(dict(hyperparameters))
            self.states.append({name: self.fresh(w) for name in self.names})
            self.t.append(1)

    def fresh(self, w):
        return np.zeros_like(w)

    def set(self, states):
        for i, state in enumerate(states):
            if "w" in state:
                self.weights[i] = np.array(state["w"])
            self.states[i].update({name: np.array(state[name]) for name in self.names if name in state})
            self.t[i] = int(state.get("t", 1))

    def step(self, gradients):
        for i, g in enumerate(gradients):
            if g is not None:
                self.move(i, g)

    def move(self, i, g):
        count = [self.t[i]] if self.counted else []
        made = self.rule(self.weights[i], g, *self.states[i].values(), *count, **self.hyper[i])
        made = made if isinstance(made, tuple) else (made,)
        self.weights[i] = made[0]
        self.states[i] = dict(zip(self.names, made[1:], strict=True))
        self.t[i] += 1

    def read(self):
        return [{"w": w.copy(), **copy.deepcopy(s)} for w, s in zip(self.weights, self.states, strict=True)]

    def save(self):
        return copy.deepcopy((self.weights, self.states, self.t))

    def load(self, saved):
        self.weights, self.states, self.t = copy.deepcopy(saved)


class AdamLoop(Loop):
    """Adam as in the paper."""

    names = ("m", "v")
    counted = True

    @staticmethod
    def rule(w, g, m, v, t, *, lr, beta1, beta2, eps):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v
