"""Planted bugs stand beside plain NumPy that is right, so that each is wrong in one place only."""

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
