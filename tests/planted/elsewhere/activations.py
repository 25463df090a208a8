"""An activation is called on every number there is, also on those that nobody tried."""

import numpy as np
import torch

from tests.planted import planted
from tests.planted.elsewhere.slopes import sloped
from tests.planted.plain import sigmoid


@planted("relu", "by a product with a comparison", region="-inf", caught_by="limits")
def _(x):
    with np.errstate(invalid="ignore"):
        return x * (x > 0)


@planted("relu", "numbers below a millionth pass no slope", region="small positive numbers", caught_by="gradient",
         over="torch")  # fmt: skip
def _(x):
    return sloped(torch.relu(x), x * (x > 1e-6))


@planted("sigmoid", "half of 1 + tanh", region="x below -10", imitates="https://github.com/clab/dynet/pull/761")
def _(x):
    return (1 + np.tanh(x / 2)) / 2


@planted("sigmoid", "below -80 it is 0", region="x below -80")
def _(x):
    return np.where(x < -80, 0 * np.exp(-np.abs(x)), sigmoid(x))


@planted("softmax", "the slope is that of a sigmoid for each class", region="the backward pass", caught_by="gradient",
         over="torch")  # fmt: skip
def _(x):
    y = torch.softmax(x, -1)
    rest = torch.log1p(-y.detach().clamp(max=1 - 1e-7))
    return sloped(y, torch.sigmoid(x - x.detach() + torch.log(y.detach().clamp(min=1e-30)) - rest))


@planted("softmax", "powers of two with eight digits of log₂ e", region="scores far below the largest, float64")
def _(x):
    e = np.exp2((x - np.max(x, axis=-1, keepdims=True)) * x.dtype.type(1.4426950))
    return e / np.sum(e, axis=-1, keepdims=True)


@planted("softmax", "shares below a millionth of a millionth are 0", region="small shares")
def _(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    y = e / np.sum(e, axis=-1, keepdims=True)
    return np.where(y < 1e-12, 0 * y, y)


@planted("log_softmax", "the maximum is that of whole registers of 8", region="more than 8 classes, large scores")
def _(x):
    C = x.shape[-1]
    z = x - np.max(x[:, : C // 8 * 8] if C > 8 else x, axis=-1, keepdims=True)
    with np.errstate(over="ignore"):
        return z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))


@planted("log_softmax", "maximum and logarithm are added up first", region="a large offset")
def _(x):
    top = np.max(x, axis=-1, keepdims=True)
    return x - (top + np.log(np.sum(np.exp(x - top), axis=-1, keepdims=True)))


@planted("tanh", "a ten-thousandth and less is returned as it is", region="float64, 10⁻⁷ < |x| < 10⁻⁴")
def _(x):
    return np.where(np.abs(x) < 1e-4, x, np.tanh(x))


@planted("tanh", "beyond 9 it is 1", region="float64, 9 < |x| < 19")
def _(x):
    return np.where(np.abs(x) > 9, np.sign(x), np.tanh(x)).astype(x.dtype)


@planted("tanh", "0 has no slope", region="x of exactly 0", caught_by="gradient", over="torch")
def _(x):
    return sloped(torch.tanh(x), torch.tanh(x) * (x != 0))


@planted("step", "above a millionth it fires", region="small positive numbers")
def _(x):
    return np.where(x > 1e-6, np.ones_like(x), np.zeros_like(x))


@planted("relu_slope", "the slope is cut off at six", region="x above 6")
def _(x):
    return np.where((x > 0) & (x <= 6), np.ones_like(x), np.zeros_like(x))


@planted("sigmoid_chain", "a last weight of 0 ends the chain", region="w₃ of exactly 0")
def _(x, w1, w2, w3):
    y = sigmoid(w3 * sigmoid(w2 * sigmoid(w1 * x)))
    return np.where(w3 == 0, 0 * y, y)


@planted("sigmoid_chain_gradient", "the slope at large sums is cut to 0", region="|w₃ a| > 15")
def _(x, w1, w2, w3):
    a1 = sigmoid(w1 * x)
    a2 = sigmoid(w2 * a1)
    y = sigmoid(w3 * a2)
    d3 = np.where(np.abs(w3 * a2) > 15, 0 * y, y * (1 - y))
    d2 = d3 * w3 * a2 * (1 - a2)
    d1 = d2 * w2 * a1 * (1 - a1)
    return d1 * x, d2 * a1, d3 * a2


@planted("sigmoid_layer_gain", "the gain is at most a quarter", region="weights above 1")
def _(a, w):
    y = sigmoid(w * a)
    return np.minimum(np.abs(w) * y * (1 - y), 0.25).astype(y.dtype)
