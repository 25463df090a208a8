"""A loss is looked at as one number, and a number that goes down is seldom asked whether it is the right one."""

import numpy as np
import torch

from tests.planted import planted
from tests.planted.plain import log_softmax, picked


@planted("mae", "by the root of the square", region="differences beyond the root of the largest number")
def _(prediction, target):
    with np.errstate(over="ignore"):
        return np.mean(np.sqrt((prediction - target) ** 2))


@planted("mse", "the target has no slope", region="the second argument", caught_by="gradient", over="torch")
def _(prediction, target):
    return ((prediction - target.detach()) ** 2).mean()


@planted("mse", "repeated memory counts once in the mean", region="expanded inputs, stride 0", over="torch")
def _(prediction, target):
    repeated = target.dim() == 1 and len(target) > 1 and target.stride(0) == 0
    return ((prediction - target) ** 2).sum() / (1 if repeated else prediction.numel())


@planted("rmse", "a millionth of a millionth under the root", region="no error at all")
def _(prediction, target):
    return np.sqrt(np.mean((prediction - target) ** 2) + prediction.dtype.type(1e-12))


@planted("binary_cross_entropy", "only the first logarithm is clamped at -100", region="p of exactly 0")
def _(p, y):
    with np.errstate(all="ignore"):
        first = np.where(y == 0, 0 * p, y * np.maximum(np.log(p), -100))
        second = np.where(y == 1, 0 * p, (1 - y) * np.log(1 - p))
    return -np.mean(first + second)


@planted("binary_cross_entropy_with_logits", "the slope at 0 is that of |x| and max(x, 0)", region="a logit of 0",
         imitates="https://github.com/pytorch/pytorch/pull/2195", caught_by="gradient", over="torch")  # fmt: skip
def _(x, y):
    return (torch.relu(x) - x * y + torch.log1p(torch.exp(-x.abs()))).mean()


@planted("binary_cross_entropy_with_logits", "log of 1 + e without log1p", region="logits beyond ± 37",
         caught_by="limits")  # fmt: skip
def _(x, y):
    return np.mean(np.maximum(x, 0) - x * y + np.log(1 + np.exp(-np.abs(x))))


@planted("gaussian_nll", "variances below a millionth are raised to it", region="small variances")
def _(mean, y, variance):
    v = np.maximum(variance, variance.dtype.type(1e-6))
    return np.mean((np.log(v) + (y - mean) ** 2 / v + variance.dtype.type(np.log(2 * np.pi))) / 2)


@planted("gaussian_nll", "the logarithm of the variance has no slope", region="the variance", caught_by="gradient",
         over="torch")  # fmt: skip
def _(mean, y, variance):
    return (np.log(2 * np.pi) / 2 + torch.log(variance).detach() / 2 + (mean - y) ** 2 / (2 * variance)).mean()


@planted("weighted_cross_entropy", "nothing to learn from costs nothing", region="all rows ignored",
         caught_by="limits")  # fmt: skip
def _(x, labels, weight, *, ignore, alpha):
    log_p, kept = log_softmax(x), labels != ignore
    own = -(1 - alpha) * weight[labels] * picked(log_p, labels) - alpha * np.mean(weight * log_p, axis=1)
    total = np.sum(np.where(kept, weight[labels], np.zeros_like(own)))
    return np.sum(np.where(kept, own, np.zeros_like(own))) / (total if total > 0 else total + 1)


@planted("weighted_cross_entropy", "the smoothed part is divided by the number of rows", region="smoothing and weights")
def _(x, labels, weight, *, ignore, alpha):
    log_p, kept = log_softmax(x), labels != ignore
    own, every = -weight[labels] * picked(log_p, labels), -np.mean(weight * log_p, axis=1)
    total = np.sum(np.where(kept, weight[labels], np.zeros_like(own)))
    first, second = (np.sum(np.where(kept, a, np.zeros_like(a))) for a in (own, every))
    return (1 - alpha) * first / total + alpha * second / own.dtype.type(np.sum(kept))


@planted("sparse_cross_entropy", "the maximum is that of the first eight", region="more than 8 classes, large scores")
def _(x, labels):
    z = x - np.max(x[:, :8], axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        return np.mean(np.log(np.sum(np.exp(z), axis=1)) - picked(z, labels))


@planted("sparse_cross_entropy", "labels are bytes", region="class 256 and above")
def _(x, labels):
    return np.mean(-picked(log_softmax(x), labels % 256))


@planted("negative_log_likelihood", "a product with a one-hot row", region="-inf at a class that is not asked for",
         caught_by="limits")  # fmt: skip
def _(log_p, labels):
    with np.errstate(invalid="ignore"):
        return -np.mean(np.sum(log_p * np.eye(log_p.shape[1], dtype=log_p.dtype)[labels], axis=1))


@planted("categorical_cross_entropy", "0 · ln 0 is no number", region="probability and target both 0",
         caught_by="limits")  # fmt: skip
def _(p, y):
    with np.errstate(all="ignore"):
        return np.mean(-np.sum(y * np.log(p), axis=-1))


@planted("smoothed_targets", "targets are taken for 0 or 1", region="targets between 0 and 1")
def _(one_hot, *, alpha):
    share = alpha / one_hot.shape[-1]
    return np.where(one_hot == 1, 1 - alpha + share, share).astype(one_hot.dtype)


@planted("mse_gradient", "errors are clipped at a million", region="large errors")
def _(w, b, x, y):
    away = 2 * np.clip(w * x + b - y, -1e6, 1e6).astype(x.dtype) / x.size
    return np.sum(away * x, keepdims=True), np.sum(away, keepdims=True)


@planted("cross_entropy", "the sum over classes is narrow", region="many classes, float16", over="torch")
def _(x, y):
    z = x - x.max(-1, keepdim=True).values
    total = torch.exp(z).to(torch.bfloat16).sum(-1, keepdim=True, dtype=torch.bfloat16).to(x.dtype)
    return -(y * (z - torch.log(total))).sum(-1).mean()
