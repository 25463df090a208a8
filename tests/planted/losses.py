"""A loss that is off by a factor trains nearly as well, which is why its denominator is so often wrong."""

import numpy as np
import torch

from tests.planted import honest, planted
from tests.planted.plain import log_softmax, picked, softmax

ROWS = dict(x=[[0.0, 1.0], [2.0, 0.0]], labels=[0, 1], weight=[1.0, 3.0], ignore=-1, alpha=0.0)


def weighted(x, labels, weight, ignore, smoothed, alpha, total):
    log_p = log_softmax(x)
    own = weight[labels] * -picked(log_p, labels)
    cost = (1 - alpha) * own + alpha * smoothed(-weight * log_p)
    return np.sum(np.where(labels == ignore, 0 * cost, cost)) / total


@planted("weighted_cross_entropy", region="the weights of ignored rows stay in the denominator", caught_by="value",
         imitates="https://github.com/pytorch/pytorch/pull/69511", telling=ROWS | dict(ignore=1))  # fmt: skip
def ignored_in_denominator(x, labels, weight, *, ignore, alpha):
    return weighted(x, labels, weight, ignore, lambda c: np.mean(c, axis=1), alpha, np.sum(weight[labels]))


@planted("weighted_cross_entropy", region="smoothing together with ignored rows: they are smoothed too",
         imitates="https://github.com/pytorch/pytorch/issues/73205", caught_by="value",
         telling=ROWS | dict(ignore=1, alpha=0.5))  # fmt: skip
def ignored_is_smoothed(x, labels, weight, *, ignore, alpha):
    log_p, kept = log_softmax(x), np.where(labels == ignore, 0, weight[labels])
    own = np.sum(-picked(log_p, labels) * kept)
    return ((1 - alpha) * own + alpha * np.sum(np.mean(-weight * log_p, axis=1))) / np.sum(kept)


@planted("weighted_cross_entropy", region="smoothing together with weights: the smoothed part has none",
         caught_by="value", telling=ROWS | dict(alpha=0.5))  # fmt: skip
def smoothing_unweighted(x, labels, weight, *, ignore, alpha):
    total = np.sum(np.where(labels == ignore, 0, weight[labels]))
    return weighted(x, labels, weight, ignore, lambda c: -np.mean(log_softmax(x), axis=1), alpha, total)


@planted("sparse_cross_entropy", region="log of a softmax that underflows", caught_by="value",
         telling=dict(x=[[0.0, 2000.0]], labels=[0]))  # fmt: skip
def log_of_softmax(x, labels):
    return np.mean(-np.log(picked(softmax(x), labels)))


@planted("cross_entropy", region="the mean is over classes too", caught_by="value",
         telling=dict(x=[[0.0, 1.0]], y=[[1.0, 0.0]]))  # fmt: skip
def mean_over_classes(x, y):
    return np.mean(-y * log_softmax(x))


@planted("smoothed_targets", region="α is divided by K - 1 and still given to all", caught_by="value",
         telling=dict(one_hot=[[1.0, 0.0]], alpha=0.5))  # fmt: skip
def shared_by_the_others(one_hot, *, alpha):
    return (1 - alpha) * one_hot + alpha / max(one_hot.shape[-1] - 1, 1)


@planted("binary_cross_entropy", region="probabilities of exactly 0: ε in the logarithm", caught_by="value",
         telling=dict(p=[0.0], y=[1.0]))  # fmt: skip
def eps_in_logarithm(p, y):
    return np.mean(-y * np.log(p + 1e-12) - (1 - y) * np.log(1 - p + 1e-12))


@planted("binary_cross_entropy_with_logits", region="large logits: through probabilities", caught_by="value",
         telling=dict(x=[100.0], y=[0.0]))  # fmt: skip
def through_probabilities(x, y):
    p = 1 / (1 + np.exp(-x))
    with np.errstate(all="ignore"):
        return np.mean(-np.where(y > 0, y * np.log(p), 0) - np.where(y < 1, (1 - y) * np.log(1 - p), 0))


@planted("mse", region="the mean divides by one too many", caught_by="value",
         telling=dict(prediction=[1.0], target=[0.0]))  # fmt: skip
def one_too_many(prediction, target):
    return np.sum((prediction - target) ** 2) / (prediction.size + 1)


@planted("mse", region="an offset: the square is multiplied out", caught_by="value",
         telling=dict(prediction=[1e8 + 1], target=[1e8]))  # fmt: skip
def multiplied_out(prediction, target):
    return np.mean(prediction**2 - 2 * prediction * target + target**2)


@planted("mae", region="one gigantic batch: sums of float64 in float32", caught_by="value",
         telling=dict(prediction=[0.1], target=[0.0]))  # fmt: skip
def narrow_sum(prediction, target):
    narrow = np.float32 if prediction.dtype == np.float64 else np.float16
    return np.mean(np.abs(prediction - target).astype(narrow)).astype(prediction.dtype)


@planted("rmse", region="the mean of roots", caught_by="value", telling=dict(prediction=[1.0, 3.0], target=[0.0, 0.0]))
def mean_of_roots(prediction, target):
    return np.mean(np.sqrt((prediction - target) ** 2))


@planted("mse_gradient", region="the minus is counted twice", caught_by="value",
         telling=dict(w=[1.0], b=[0.0], x=[1.0], y=[0.0]))  # fmt: skip
def doubled_minus(w, b, x, y):
    away = -2 * (w * x + b - y) / x.size
    return np.sum(away * x, keepdims=True), np.sum(away, keepdims=True)


@planted("gaussian_nll", region="the variance is taken for the deviation", caught_by="value",
         telling=dict(mean=[1.0], y=[0.0], variance=[4.0]))  # fmt: skip
def variance_for_deviation(mean, y, variance):
    return np.mean((np.log(variance**2) + ((y - mean) / variance) ** 2 + np.log(2 * np.pi)) / 2)


@planted("negative_log_likelihood", region="labels are wrapped at the last class", caught_by="value",
         telling=dict(log_p=[[-1.0, -2.0]], labels=[1]))  # fmt: skip
def last_class_wraps(log_p, labels):
    return np.mean(-picked(log_p, labels % max(log_p.shape[1] - 1, 1)))


class _SlopeOfSum(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.mean()

    @staticmethod
    def backward(ctx, dy):
        return dy.expand(ctx.shape)


@planted("mse", "a shorter target is repeated", region="bad input", caught_by="bad_input")
def _(prediction, target):
    return np.mean((prediction - np.resize(target, prediction.shape)) ** 2)


@planted("mae", "float64 comes out", region="float32", caught_by="dtypes")
def _(prediction, target):
    return np.mean(np.abs(prediction - target), dtype=np.float64)


@planted("sparse_cross_entropy", "the gradient is that of a sum", region="batches above one", caught_by="gradient",
         over="torch")  # fmt: skip
def _(x, labels):
    return -_SlopeOfSum.apply(torch.log_softmax(x, -1).gather(1, labels.long()[:, None])[:, 0])


@honest("mse", form="a sum backwards, divided last")
def backwards(prediction, target):
    return np.sum(((target - prediction) ** 2)[::-1]) / prediction.size


@honest("mae", form="chunks of three")
def chunks(prediction, target):
    away = np.abs(prediction - target)
    total = away.dtype.type(0)
    for start in range(0, away.size, 3):
        total = total + np.sum(away[start : start + 3])
    return total / away.size


@honest("binary_cross_entropy_with_logits", form="logaddexp")
def by_logaddexp(x, y):
    return np.mean(np.maximum(x, 0) - x * y + np.logaddexp(np.zeros_like(x), -np.abs(x)))


@honest("cross_entropy", form="einsum")
def by_einsum(x, y):
    return -np.sum(np.einsum("nc,nc->n", y, log_softmax(x))) / x.shape[0]


@honest("sparse_cross_entropy", form="one-hot rows")
def by_one_hot(x, labels):
    log_p = log_softmax(x)
    return np.mean(-log_p[np.arange(len(labels)), labels])
