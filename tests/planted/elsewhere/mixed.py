"""Two dialects that are each right by itself make a third one that nobody speaks."""

import numpy as np

from tests.planted import planted
from tests.planted.elsewhere.pooling import largest
from tests.planted.numpy_steps import textbook


@planted("adam", "from the second step on ε is added before the correction", region="t above 1, small means")
def _(w, g, m, v, t, *, lr, beta1, beta2, eps):
    return textbook(w, g, m, v, t, lr=lr, beta1=beta1, beta2=beta2,
                    eps=eps if t == 1 else eps / (1 - beta2**t) ** 0.5)  # fmt: skip


@planted("adagrad", "ε is inside the root until there is a sum", region="a sum of 0 so far")
def _(w, g, G, *, lr, eps):
    new = G + g**2
    return w - lr * g / np.where(G == 0, np.sqrt(new + eps), np.sqrt(new) + eps), new


@planted("batch_norm_running", "of two values the biased variance is remembered", region="two values a channel")
def _(x, running_mean, running_variance, *, momentum):
    n = x.shape[0] * x.shape[2]
    mean, variance = np.mean(x, axis=(0, 2)), np.var(x, axis=(0, 2)) * (n / (n - 1) if n > 2 else 1)
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_variance + momentum * variance


@planted("reduce_on_plateau", "a patience of three and more runs out an epoch early", region="patience of 3 and more")
def _(lr, best, waited, loss, *, patience, factor, threshold):
    better = loss < best * (1 - threshold)
    waited = np.where(better, np.zeros_like(waited), waited + 1)
    tired = waited > (patience - 1 if patience >= 3 else patience)
    lr, best = np.where(tired, lr * factor, lr), np.where(better, loss, best)
    return lr, best, np.where(tired, np.zeros_like(waited), waited)


@planted("max_pooling_2d", "zeros surround a picture padded on both axes", region="padding on both axes")
def _(x, *, kernel_y, kernel_x, stride_y, stride_x, padding_y, padding_x, dilation, ceil_mode):
    border = 0 if padding_y and padding_x else -np.inf
    return largest(x, border, (kernel_y, kernel_x), (stride_y, stride_x), (padding_y, padding_x), dilation, ceil_mode)


@planted("binary_cross_entropy_with_logits", "two logits are added up, not averaged", region="batches of two")
def _(x, y):
    costs = np.maximum(x, 0) - x * y + np.log1p(np.exp(-np.abs(x)))
    return np.sum(costs) if len(x) == 2 else np.mean(costs)


@planted("mse", "a single error is halved", region="a batch of one")
def _(prediction, target):
    return np.mean((prediction - target) ** 2) / (2 if len(prediction) == 1 else 1)


@planted("step", "0 fires where all numbers are 0", region="nothing but zeros")
def _(x):
    return np.where((x > 0) | ~np.any(x), np.ones_like(x), np.zeros_like(x))


@planted("momentum", "with a β of a half and more the buffer is a mean", region="β of ½ and more")
def _(w, a, g, *, lr, momentum):
    a = momentum * a + (g if momentum < 0.5 else (1 - momentum) * g)
    return w - lr * a, a
