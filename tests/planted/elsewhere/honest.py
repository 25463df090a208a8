"""Rounding leaves room for many programs, and the order of a sum is nobody's promise."""

from __future__ import annotations

import numpy as np

from tests.planted import honest
from tests.planted.plain import log_softmax


def pairwise(a):
    """A sum along the last axis, halves first."""
    n = a.shape[-1]
    if n <= 1:
        return a.sum(-1)
    return pairwise(a[..., : n // 2]) + pairwise(a[..., n // 2 :])


def in_chunks(a, size):
    """A sum along the last axis, chunk by chunk from the last."""
    total = np.zeros(a.shape[:-1], a.dtype)
    for start in range(0, a.shape[-1], size)[::-1]:
        total = total + np.sum(a[..., start : start + size], axis=-1)
    return total


def wide(a):
    """Twice the digits, where there are such."""
    return a.astype(np.float64 if a.dtype == np.float32 else np.longdouble)


def fall(a, top):
    """The share of a score below a maximum; -inf below -inf is no fall."""
    with np.errstate(invalid="ignore"):
        return np.where(top == -np.inf, np.ones_like(a), np.exp(a - top))


def flushed(a):
    """Subnormal numbers of float32 are 0, as with flush-to-zero."""
    return np.where(np.abs(a) < np.finfo(np.float32).tiny, 0 * a, a) if a.dtype == np.float32 else a


@honest("layer_norm", "Welford along the row")
def _(x, gamma, beta, *, eps):
    mean, square = np.zeros_like(x[:, :1]), np.zeros_like(x[:, :1])
    for n, column in enumerate(x.T, 1):
        away = column[:, None] - mean
        mean = mean + away / n
        square = square + away * (column[:, None] - mean)
    return (x - mean) / np.sqrt(square / x.shape[1] + eps) * gamma + beta


@honest("instance_norm", "two passes, sums of halves")
def _(x, gamma, beta, *, eps):
    mean = (pairwise(x) / x.shape[2])[..., None]
    variance = (pairwise((x - mean) ** 2) / x.shape[2])[..., None]
    return (x - mean) * (1 / np.sqrt(variance + eps)) * gamma[:, None] + beta[:, None]


@honest("group_norm", "moments with twice the digits")
def _(x, gamma, beta, *, groups, eps):
    N, C, L = x.shape
    part = wide(x).reshape(N, groups, -1)
    z = (part - np.mean(part, axis=2, keepdims=True)) / np.sqrt(np.var(part, axis=2, keepdims=True) + eps)
    return z.reshape(N, C, L).astype(x.dtype) * gamma[:, None] + beta[:, None]


@honest("rms_norm", "squares in chunks of three")
def _(x, gamma, *, eps):
    return x / np.sqrt(in_chunks(x * x, 3)[:, None] / x.shape[1] + eps) * gamma


@honest("batch_norm_running", "a lerp of both moments")
def _(x, running_mean, running_variance, *, momentum):
    n = x.shape[0] * x.shape[2]
    mean = np.mean(x, axis=(0, 2))
    variance = np.sum((x - mean[:, None]) ** 2, axis=(0, 2)) / (n - 1)
    return running_mean + momentum * (mean - running_mean), running_variance + momentum * (variance - running_variance)


@honest("mse", "sums of halves")
def _(prediction, target):
    if prediction.shape != target.shape:
        raise ValueError("as many targets as predictions")
    return pairwise((prediction - target) ** 2) / prediction.size


@honest("rmse", "a mean with twice the digits")
def _(prediction, target):
    if prediction.shape != target.shape:
        raise ValueError("as many targets as predictions")
    return np.sqrt(np.mean(wide(prediction - target) ** 2)).astype(prediction.dtype)


@honest("sparse_cross_entropy", "logarithm of a sum, from the last row")
def _(x, labels):
    z = x - np.max(x, axis=1, keepdims=True)
    return np.sum((np.log(in_chunks(np.exp(z), 4)) - z[np.arange(len(x)), labels])[::-1]) / len(x)


@honest("log_softmax", "the sum in one pass, rescaled at each new maximum")
def _(x):
    top, total = x[:, :1], np.ones_like(x[:, :1])
    for c in range(1, x.shape[1]):
        new = np.maximum(top, x[:, c : c + 1])
        total, top = total * fall(top, new) + fall(x[:, c : c + 1], new), new
    return (x - top) - np.log(total)


@honest("softmax", "exp of log-softmax, flushed")
def _(x):
    return flushed(np.exp(log_softmax(x)))


@honest("sigmoid", "a branch for each sign")
def _(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


@honest("momentum", "products and sums in one rounding")
def _(w, a, g, *, lr, momentum):
    a = (wide(a) * wide(np.asarray(momentum, a.dtype)) + wide(g)).astype(a.dtype)
    return (wide(w) - wide(np.asarray(lr, w.dtype)) * wide(a)).astype(w.dtype), a


@honest("adam", "products and sums in one rounding, means as lerps")
def _(w, g, m, v, t, *, lr, beta1, beta2, eps):
    m = (wide(m) + (1 - beta1) * wide(g - m)).astype(m.dtype)
    v = (beta2 * wide(v) + (1 - beta2) * wide(g) ** 2).astype(v.dtype)
    return w - lr / (1 - beta1**t) * m / (np.sqrt(v) / (1 - beta2**t) ** 0.5 + eps), m, v


@honest("rmsprop", "tiny means of squares are flushed")
def _(w, g, v, *, lr, rho, eps):
    v = flushed(rho * v + flushed((1 - rho) * flushed(g * g)))
    return w - lr * (g / (np.sqrt(v) + eps)), v


@honest("adadelta", "one root of a quotient")
def _(w, g, G, H, *, lr, rho, eps):
    G = G + (1 - rho) * (g * g - G)
    d = np.sqrt((H + eps) / (G + eps)) * g
    return w - lr * d, G, H + (1 - rho) * (d * d - H)
