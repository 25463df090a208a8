"""A normalisation hides the mistakes before it, since it gives the same for all inputs that differ by a scale."""

import numpy as np
import torch

from tests.planted import planted
from tests.planted.elsewhere.slopes import sloped
from tests.planted.normalization import scaled


@planted("rms_norm", "ε is added to the root", region="ε that is not small")
def _(x, gamma, *, eps):
    return x / (np.sqrt(np.mean(x * x, axis=-1, keepdims=True)) + eps) * gamma


@planted("rms_norm", "the mean is over a row filled up to eights", region="more than 8 features, not a multiple of 8")
def _(x, gamma, *, eps):
    D = x.shape[-1]
    n = D if D <= 8 else -(-D // 8) * 8
    return x / np.sqrt(np.sum(x * x, axis=-1, keepdims=True) / n + eps) * gamma


@planted("layer_norm", "rows beyond 768 have E[x²] - E[x]²", region="769 features and more, with an offset")
def _(x, gamma, beta, *, eps):
    mean, variance = np.mean(x, axis=-1, keepdims=True), np.var(x, axis=-1, keepdims=True)
    if x.shape[-1] > 768:
        variance = np.maximum(np.mean(x * x, axis=-1, keepdims=True) - mean**2, 0)
    return scaled(x, mean, variance, eps, gamma, beta)


@planted("layer_norm", "rows of 4096 and more are summed without their last", region="4096 features and more")
def _(x, gamma, beta, *, eps):
    D = x.shape[-1]
    mean = np.sum(x[:, : D - (D >= 4096)], axis=-1, keepdims=True) / D
    variance = np.mean((x - mean) ** 2, axis=-1, keepdims=True)
    return scaled(x, mean, variance, eps, gamma, beta)


@planted("layer_norm", "the last sample teaches γ nothing", region="batches above one", caught_by="gradient",
         over="torch")  # fmt: skip
def _(x, gamma, beta, *, eps):
    z = (x - x.mean(-1, keepdim=True)) / (x.var(-1, keepdim=True, unbiased=False) + eps).sqrt()
    learnt = torch.ones_like(x)
    learnt[1:][-1:] = 0
    return sloped(z * gamma + beta, z * (gamma * learnt + (gamma * (1 - learnt)).detach()) + beta)


@planted("group_norm", "each group has the γ of its first channel", region="several channels a group")
def _(x, gamma, beta, *, groups, eps):
    N, C, L = x.shape
    part = x.reshape(N, groups, -1)
    mean, variance = (f(part, axis=2, keepdims=True) for f in (np.mean, np.var))
    z = ((part - mean) / np.sqrt(variance + eps)).reshape(N, C, L)
    return z * np.repeat(gamma[:: C // groups], C // groups)[:, None] + beta[:, None]


@planted("batch_norm", "a channel without variance is 0", region="constant channels")
def _(x, gamma, beta, *, eps):
    mean, variance = (f(x, axis=(0, 2), keepdims=True) for f in (np.mean, np.var))
    made = scaled(x, mean, variance, eps, gamma[:, None], beta[:, None])
    return np.where(variance == 0, 0 * made, made)


@planted("batch_norm", "the mean is taken for a constant", region="everywhere", caught_by="gradient", over="torch")
def _(x, gamma, beta, *, eps):
    mean, variance = x.mean((0, 2), keepdim=True).detach(), x.var((0, 2), keepdim=True, unbiased=False)
    return (x - mean) / (variance + eps).sqrt() * gamma[:, None] + beta[:, None]


@planted("batch_norm_running", "a momentum of 0 is none given, and a tenth", region="momentum = 0", caught_by="climb")
def _(x, running_mean, running_variance, *, momentum):
    m, n = momentum or 0.1, x.shape[0] * x.shape[2]
    mean, variance = np.mean(x, axis=(0, 2)), np.var(x, axis=(0, 2)) * (n / (n - 1))
    return (1 - m) * running_mean + m * mean, (1 - m) * running_variance + m * variance


@planted("batch_norm_cumulative", "the share of a batch passes through float32", region="float64, t no power of 2")
def _(x, running_mean, running_variance, t):
    n, share = x.shape[0] * x.shape[2], running_mean.dtype.type(np.float32(1) / np.float32(t))
    mean, variance = np.mean(x, axis=(0, 2)), np.var(x, axis=(0, 2)) * (n / (n - 1))
    return running_mean + share * (mean - running_mean), running_variance + share * (variance - running_variance)


@planted("batch_norm_evaluation", "the variance is at least ε instead of more by it", region="ε that is not small")
def _(x, gamma, beta, running_mean, running_variance, *, eps):
    variance = np.maximum(running_variance, running_variance.dtype.type(eps))[:, None]
    return (x - running_mean[:, None]) / np.sqrt(variance) * gamma[:, None] + beta[:, None]


@planted("instance_norm", "a channel whose γ is 0 has no β either", region="γ of exactly 0")
def _(x, gamma, beta, *, eps):
    mean, variance = (f(x, axis=2, keepdims=True) for f in (np.mean, np.var))
    return scaled(x, mean, variance, eps, gamma[:, None], np.where(gamma == 0, 0 * beta, beta)[:, None])


@planted("batch_norm_gradient", "γ's slope forgets ε", region="ε that is not small")
def _(dy, x, gamma, *, eps):
    mean, variance = (f(x, axis=(0, 2), keepdims=True) for f in (np.mean, np.var))
    z, d = (x - mean) / np.sqrt(variance + eps), dy * gamma[:, None]
    centred = d - np.mean(d, axis=(0, 2), keepdims=True) - z * np.mean(d * z, axis=(0, 2), keepdims=True)
    bare = np.where(variance > 0, z * np.sqrt(1 + eps / np.where(variance > 0, variance, 1)), z).astype(z.dtype)
    return centred / np.sqrt(variance + eps), np.sum(dy * bare, axis=(0, 2)), np.sum(dy, axis=(0, 2))


@planted("local_response_norm", "the channels stand in a ring", region="the first and the last channel")
def _(x, *, size, alpha, beta, k):
    C, reach = x.shape[1], size // 2
    total = sum(np.roll(x, s, axis=1) ** 2 for s in range(-reach, reach + 1) if abs(s) < C or s == 0)
    return x / (k + alpha * total) ** beta
