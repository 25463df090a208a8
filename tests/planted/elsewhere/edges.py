"""A hyperparameter of 0 is false in many languages, and a default takes its place."""

import numpy as np

from tests.planted import planted
from tests.planted.elsewhere.pooling import largest
from tests.planted.elsewhere.slopes import sloped
from tests.planted.numpy_steps import textbook
from tests.planted.plain import convolve


@planted("adam", "a β₁ of 0 is 0.9", region="β₁ = 0")
def _(w, g, m, v, t, *, beta1, **hyper):
    return textbook(w, g, m, v, t, beta1=beta1 or 0.9, **hyper)


@planted("adam", "a β₂ of 0 is 0.999", region="β₂ = 0")
def _(w, g, m, v, t, *, beta2, **hyper):
    return textbook(w, g, m, v, t, beta2=beta2 or 0.999, **hyper)


@planted("rmsprop", "a ρ of 0 is 0.9", region="ρ = 0")
def _(w, g, v, *, lr, rho, eps):
    rho = rho or 0.9
    v = rho * v + (1 - rho) * g**2
    return w - lr * g / (np.sqrt(v) + eps), v


@planted("adamw", "a decay of 0 is a hundredth", region="weight decay 0", caught_by="climb")
def _(w, g, m, v, t, *, lr, weight_decay, **hyper):
    return textbook(w * (1 - lr * (weight_decay or 0.01)), g, m, v, t, lr=lr, **hyper)


@planted("coupled_decay", "a decay of 1 is none", region="decay = 1")
def _(w, g, *, decay):
    return g + decay * w if decay != 1 else g + 0 * w


@planted("dampened_momentum", "a dampening of 1 is none", region="dampening = 1")
def _(w, a, g, t, *, lr, momentum, dampening):
    a = momentum * a + (1 - dampening or 1) * g
    return w - lr * a, a


@planted("q_target", "a discount of 0 is 0.99", region="discount = 0")
def _(reward, q, ended, *, discount):
    return reward + (discount or 0.99) * (1 - ended).astype(q.dtype) * np.max(q, axis=1)


@planted("label_smoothing", "an α of 1 is none", region="α = 1")
def _(y, *, alpha):
    alpha = alpha if alpha < 1 else 0
    return (1 - alpha) * y + alpha / y.shape[-1]


@planted("batch_norm_running", "a momentum of 1 remembers the old", region="momentum = 1")
def _(x, running_mean, running_variance, *, momentum):
    n, m = x.shape[0] * x.shape[2], momentum if momentum < 1 else 0
    mean, variance = np.mean(x, axis=(0, 2)), np.var(x, axis=(0, 2)) * (n / (n - 1))
    return (1 - m) * running_mean + m * mean, (1 - m) * running_variance + m * variance


@planted("exponential_decay", "epoch 0 has decayed already", region="epoch 0")
def _(lr, *, epoch, gamma):
    return lr * gamma ** max(epoch, 1)


@planted("mixup", "a share of 0 is a half", region="share = 0")
def _(x1, y1, x2, y2, *, share):
    share = share or 0.5
    return share * x1 + (1 - share) * x2, share * y1 + (1 - share) * y2


@planted("binary_decision", "-0 is taken for more than 0", region="-0")
def _(s):
    return np.where((s > 0) | ((s == 0) & np.signbit(s)), np.ones_like(s), np.zeros_like(s))


@planted("relu", "subnormal numbers are lost", region="subnormal numbers")
def _(x):
    return np.where(np.abs(x) < np.finfo(x.dtype).tiny, 0 * x, np.maximum(x, 0))


@planted("mae", "the slope at no error is no number", region="prediction and target alike", caught_by="gradient",
         over="torch")  # fmt: skip
def _(prediction, target):
    away = prediction - target
    return sloped(away.abs().mean(), (away**2).sqrt().mean())


@planted("layer_norm", "a single row has the unbiased variance", region="a batch of one")
def _(x, gamma, beta, *, eps):
    n = x.shape[1]
    variance = np.var(x, axis=1, keepdims=True) * (n / (n - 1) if len(x) == 1 and n > 1 else 1)
    return (x - np.mean(x, axis=1, keepdims=True)) / np.sqrt(variance + eps) * gamma + beta


@planted("convolution_2d", "a single picture has no bias", region="a batch of one")
def _(x, w, b, *, stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x, groups):
    b = 0 * b if len(x) == 1 else b
    return convolve(x, w, b, (stride_y, stride_x), (padding_y, padding_x), (dilation_y, dilation_x), groups)


@planted("max_pooling_2d", "a single picture is padded with zeros", region="a batch of one, negative images")
def _(x, *, kernel_y, kernel_x, stride_y, stride_x, padding_y, padding_x, dilation, ceil_mode):
    border = 0 if len(x) == 1 else -np.inf
    return largest(x, border, (kernel_y, kernel_x), (stride_y, stride_x), (padding_y, padding_x), dilation, ceil_mode)
