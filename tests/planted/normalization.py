"""Variance is where normalisation goes wrong: by its divisor, by its ε and by cancellation."""

import numpy as np

from tests.planted import honest, planted

PAIR = dict(x=[[1.0, 3.0]], gamma=[1.0, 1.0], beta=[0.0, 0.0], eps=0.5)
BATCH = dict(x=[[[1.0]], [[3.0]]], gamma=[1.0], beta=[0.0], eps=0.5)


def scaled(x, mean, variance, eps, gamma, beta):
    return (x - mean) / np.sqrt(variance + eps) * gamma + beta


@planted("layer_norm", region="an offset of thousands: E[x²] - E[x]² cancels", caught_by="value",
         imitates="https://github.com/tracel-ai/burn/issues/5607",
         telling=PAIR | dict(x=[[1e8, 1e8 + 1]], eps=1e-5))  # fmt: skip
def one_pass(x, gamma, beta, *, eps):
    mean = np.mean(x, axis=-1, keepdims=True)
    variance = np.maximum(np.mean(x**2, axis=-1, keepdims=True) - mean**2, 0)
    return scaled(x, mean, variance, eps, gamma, beta)


@planted("layer_norm", region="unbiased variance", caught_by="value", telling=PAIR)
def unbiased(x, gamma, beta, *, eps):
    mean, n = np.mean(x, axis=-1, keepdims=True), x.shape[-1]
    return scaled(x, mean, np.sum((x - mean) ** 2, axis=-1, keepdims=True) / max(n - 1, 1), eps, gamma, beta)


@planted("layer_norm", region="ε added to the deviation", caught_by="value", telling=PAIR)
def eps_outside(x, gamma, beta, *, eps):
    mean = np.mean(x, axis=-1, keepdims=True)
    return (x - mean) / (np.std(x, axis=-1, keepdims=True) + eps) * gamma + beta


@planted("layer_norm", region="float64: the mean is summed in float32", caught_by="value",
         telling=PAIR | dict(x=[[0.1, 0.3]]))  # fmt: skip
def narrow_mean(x, gamma, beta, *, eps):
    mean = np.mean(x.astype(np.float32), axis=-1, keepdims=True).astype(x.dtype)
    if x.dtype == np.float32:
        mean = np.mean(x.astype(np.float16), axis=-1, keepdims=True).astype(x.dtype)
    return scaled(x, mean, np.var(x, axis=-1, keepdims=True), eps, gamma, beta)


@planted("layer_norm", region="a row uses the row before it from the second on", caught_by="value",
         telling=PAIR | dict(x=[[1.0, 3.0], [1.0, 7.0]]))  # fmt: skip
def neighbours_mean(x, gamma, beta, *, eps):
    mean, variance = np.mean(x, axis=-1, keepdims=True), np.var(x, axis=-1, keepdims=True)
    if x.shape[0] > 1:
        mean = np.concatenate([mean[:1], mean[:-1]])
    return scaled(x, mean, variance, eps, gamma, beta)


@planted("layer_norm", region="the variance is detached in the backward pass", caught_by="gradient", over="torch",
         telling=PAIR)  # fmt: skip
def constant_variance(x, gamma, beta, *, eps):
    variance = x.var(-1, keepdim=True, unbiased=False).detach()
    return (x - x.mean(-1, keepdim=True)) / (variance + eps).sqrt() * gamma + beta


@planted("batch_norm", region="a batch of one is let through unchanged", caught_by="value",
         telling=BATCH | dict(x=[[[1.0, 3.0]]]))  # fmt: skip
def batch_of_one(x, gamma, beta, *, eps):
    if x.shape[0] == 1:
        return x * gamma[:, None] + beta[:, None]
    mean, variance = (f(x, axis=(0, 2), keepdims=True) for f in (np.mean, np.var))
    return scaled(x, mean, variance, eps, gamma[:, None], beta[:, None])


@planted("batch_norm_running", region="Bessel's correction by samples, not by values", caught_by="value",
         imitates="https://github.com/tinygrad/tinygrad/pull/807",
         telling=dict(x=[[[1.0, 3.0]], [[2.0, 6.0]]], running_mean=[0.0], running_variance=[1.0], momentum=0.5))  # fmt: skip  # noqa: E501
def bessel_by_samples(x, running_mean, running_variance, *, momentum):
    n = x.shape[0]
    variance = np.var(x, axis=(0, 2)) * (n / (n - 1) if n > 1 else 1)
    mean = np.mean(x, axis=(0, 2))
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_variance + momentum * variance


@planted("batch_norm_evaluation", region="running deviation taken for the variance", caught_by="value",
         telling=BATCH | dict(running_mean=[0.0], running_variance=[4.0]))  # fmt: skip
def deviation_for_variance(x, gamma, beta, running_mean, running_variance, *, eps):
    mean, deviation = running_mean[:, None], np.sqrt(running_variance)[:, None]
    return (x - mean) / (deviation + eps) * gamma[:, None] + beta[:, None]


@planted("group_norm", region="several groups: the channels of a group are every G-th", caught_by="value",
         telling=dict(x=np.arange(4.0).reshape(1, 4, 1) ** 2, gamma=[1.0] * 4, beta=[0.0] * 4, groups=2, eps=0.5))  # fmt: skip  # noqa: E501
def interleaved_groups(x, gamma, beta, *, groups, eps):
    made = np.empty_like(x)
    for g in range(groups):
        part = x[:, g::groups]
        mean, variance = (f(part, axis=(1, 2), keepdims=True) for f in (np.mean, np.var))
        made[:, g::groups] = (part - mean) / np.sqrt(variance + eps)
    return made * gamma[:, None] + beta[:, None]


@planted("rms_norm", region="the mean is taken away first", caught_by="value",
         telling=dict(x=[[1.0, 3.0]], gamma=[1.0, 1.0], eps=0.5))  # fmt: skip
def centred(x, gamma, *, eps):
    return x / np.sqrt(np.var(x, axis=-1, keepdims=True) + eps) * gamma


@planted("local_response_norm", region="one neighbour too few on the far side", caught_by="value",
         telling=dict(x=[[[1.0], [2.0]]], size=3, alpha=1.0, beta=1.0, k=1.0))  # fmt: skip
def one_neighbour_short(x, *, size, alpha, beta, k):
    C, reach = x.shape[1], size // 2
    total = np.stack([np.sum(x[:, max(c - reach, 0) : min(c + reach, C)] ** 2, axis=1) for c in range(C)], axis=1)
    return x / (k + alpha * total) ** beta


@honest("layer_norm", form="two passes, and what rounding left of the mean is taken off the variance")
def corrected_two_pass(x, gamma, beta, *, eps):
    z = x - np.mean(x, axis=-1, keepdims=True)
    left = np.mean(z, axis=-1, keepdims=True)
    return scaled(z, 0 * left, np.mean(z * z, axis=-1, keepdims=True) - left**2, eps, gamma, beta)


@honest("layer_norm", form="a factor of γ over the deviation")
def factor_first(x, gamma, beta, *, eps):
    mean, variance = np.mean(x, axis=-1, keepdims=True), np.var(x, axis=-1, keepdims=True)
    return (x - mean) * (gamma / np.sqrt(variance + eps)) + beta


@honest("batch_norm", form="Welford")
def welford(x, gamma, beta, *, eps):
    rows = np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])
    mean, square = np.zeros_like(gamma), np.zeros_like(gamma)
    for n, row in enumerate(rows, 1):
        away = row - mean
        mean = mean + away / n
        square = square + away * (row - mean)
    variance = square / max(len(rows), 1)
    return scaled(x, mean[:, None], variance[:, None], eps, gamma[:, None], beta[:, None])


@honest("rms_norm", form="a reciprocal root")
def reciprocal(x, gamma, *, eps):
    return x * (1 / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + eps)) * gamma


@planted("batch_norm_cumulative", "the first batch counts twice", region="everywhere")
def _(x, running_mean, running_variance, t):
    n = x.shape[0] * x.shape[2]
    mean, variance = np.mean(x, axis=(0, 2)), np.var(x, axis=(0, 2)) * n / max(n - 1, 1)
    share = running_mean.dtype.type(1 / (t + 1))
    return running_mean + share * (mean - running_mean), running_variance + share * (variance - running_variance)


@planted("batch_norm_gradient", "the variance is taken for a constant", region="everywhere")
def _(dy, x, gamma, *, eps):
    mean, variance = (f(x, axis=(0, 2), keepdims=True) for f in (np.mean, np.var))
    z = (x - mean) / np.sqrt(variance + eps)
    d = dy * gamma[:, None]
    dx = (d - np.mean(d, axis=(0, 2), keepdims=True)) / np.sqrt(variance + eps)
    return dx, np.sum(dy * z, axis=(0, 2)), np.sum(dy, axis=(0, 2))


@planted("instance_norm", "ε is 1 % too large", region="small variances")
def _(x, gamma, beta, *, eps):
    mean, variance = (f(x, axis=2, keepdims=True) for f in (np.mean, np.var))
    return scaled(x, mean, variance, 1.01 * eps, gamma[:, None], beta[:, None])


@planted("batch_norm", "sums of squares over the values as they are, clipped at 0", region="offsets")
def _(x, gamma, beta, *, eps):
    mean = np.mean(x, axis=(0, 2), keepdims=True)
    variance = np.maximum(np.mean(x * x, axis=(0, 2), keepdims=True) - mean * mean, 0)
    return scaled(x, mean, variance, eps, gamma[:, None], beta[:, None])


@planted("rms_norm", "float64 comes out", region="float32", caught_by="dtypes")
def _(x, gamma, *, eps):
    return x / np.sqrt(np.mean(x.astype(np.float64) ** 2, axis=-1, keepdims=True) + eps) * gamma


@honest("instance_norm", "moments of the values less their first")
def _(x, gamma, beta, *, eps):
    z = x - x[..., :1]
    mean, variance = (f(z, axis=2, keepdims=True) for f in (np.mean, np.var))
    return scaled(z, mean, variance, eps, gamma[:, None], beta[:, None])
