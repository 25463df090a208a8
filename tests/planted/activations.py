"""Activations are right nearly everywhere; what is wrong hides in NaN, in large values and in long rows."""

import numpy as np
import torch

from tests.planted import honest, planted
from tests.planted.plain import sigmoid, softmax

ROW = dict(x=[[1.0, 3.0]])


@planted("relu", region="NaN becomes 0", caught_by="limits", telling=dict(x=[np.nan]))
def swallows_nan(x):
    return np.where(x > 0, x, np.zeros_like(x))


@planted("relu", region="wrong everywhere on the left", caught_by="value", telling=dict(x=[-1.0]))
def absolute(x):
    return np.abs(x)


@planted("sigmoid", region="large arguments: e^x / (1 + e^x) is inf/inf", caught_by="value", telling=dict(x=[1000.0]))
def overflows(x):
    return np.exp(x) / (1 + np.exp(x))


@planted("softmax", region="no shift: scores of some hundreds overflow", caught_by="value",
         telling=dict(x=[[1000.0, 1000.0]]))  # fmt: skip
def unshifted(x):
    e = np.exp(x)
    return e / np.sum(e, axis=-1, keepdims=True)


@planted("softmax", region="16 classes and more: the tail is left out of the sum", caught_by="value",
         telling=dict(x=np.zeros((1, 17))))  # fmt: skip
def tail_left_out(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    n = x.shape[-1]
    return e / np.sum(e[..., : n - n % 16] if n >= 16 else e, axis=-1, keepdims=True)


@planted("softmax", region="one maximum for the whole batch: rows far below it are 0/0", caught_by="value",
         telling=dict(x=[[0.0, 0.0], [2000.0, 2000.0]]))  # fmt: skip
def one_maximum(x):
    e = np.exp(x - (np.max(x) if x.size else 0))
    return e / np.sum(e, axis=-1, keepdims=True)


@planted("softmax", region="memory that is not contiguous is read in its own order", caught_by="value", over="torch",
         imitates="https://github.com/pytorch/pytorch/issues/118115")  # fmt: skip
def reads_storage(x):
    if not x.is_contiguous() and x.stride() == tuple(reversed(x.T.contiguous().stride())):
        x = torch.as_strided(x, x.shape, (x.shape[1], 1))
    return torch.softmax(x, -1)


@planted("softmax", region="bfloat16 and float16: the sum is kept narrow", caught_by="value", over="torch",
         telling=dict(x=np.zeros((1, 600))))  # fmt: skip
def narrow_sum(x):
    e = torch.exp(x - x.max(-1, keepdim=True).values)
    total = torch.zeros_like(e[:, :1])
    for c in range(x.shape[-1]):
        total = total + e[:, c : c + 1]
    return e / total


@planted("softmax", region="not the same again: sums in an order that is drawn, of float32", caught_by="determinism",
         telling=ROW)  # fmt: skip
def drawn_order(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    total = np.sum(e, axis=-1, keepdims=True)
    drawn = np.random.default_rng().integers(0, 2, total.shape).astype(bool)
    return e / np.where(drawn, np.nextafter(total, np.inf * np.ones_like(total)), total)


@planted("log_softmax", region="log of a share that underflows", caught_by="value", telling=dict(x=[[0.0, 2000.0]]))
def log_of_softmax(x):
    return np.log(softmax(x))


@planted("log_softmax", region="the gradient of the sum is left out", caught_by="gradient", over="torch", telling=ROW)
def constant_sum(x):
    return x - torch.logsumexp(x, -1, keepdim=True).detach()


@planted("tanh", region="small arguments: 2σ(2x) - 1 cancels", caught_by="value", telling=dict(x=[1e-12]))
def from_sigmoid(x):
    return 2 * sigmoid(2 * x) - 1


@planted("step", region="the smallest numbers do not fire", caught_by="limits", telling=dict(x=[5e-324]))
def with_threshold(x):
    return np.where(x > 1e-30, np.ones_like(x), np.zeros_like(x))


@planted("relu_slope", region="0 has the slope of the left, -0 that of the right", caught_by="limits",
         telling=dict(x=[-0.0]))  # fmt: skip
def by_sign_bit(x):
    return np.where((x > 0) | ((x == 0) & np.signbit(x)), np.ones_like(x), np.zeros_like(x))


@planted("sigmoid_layer_gain", region="negative weights: the gain is negative", caught_by="value",
         telling=dict(a=[0.0], w=[-1.0]))  # fmt: skip
def signed_gain(a, w):
    y = sigmoid(w * a)
    return w * y * (1 - y)


@planted("sigmoid_chain_gradient", region="the slopes of two layers change places", caught_by="value",
         telling=dict(x=[1.0], w1=[1.0], w2=[2.0], w3=[3.0]))  # fmt: skip
def wrong_layer(x, w1, w2, w3):
    a1 = sigmoid(w1 * x)
    a2 = sigmoid(w2 * a1)
    y = sigmoid(w3 * a2)
    d3 = y * (1 - y)
    d2 = d3 * w3 * a1 * (1 - a1)
    d1 = d2 * w2 * a2 * (1 - a2)
    return d1 * x, d2 * a1, d3 * a2


@honest("softmax", form="exp of log-softmax")
def exponential_of_logarithm(x):
    z = x - np.max(x, axis=-1, keepdims=True)
    return np.exp(z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True)))


@honest("softmax", form="the sum taken backwards, times its reciprocal")
def reversed_sum(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e * (1 / np.sum(e[..., ::-1], axis=-1, keepdims=True))


@honest("log_softmax", form="the sum in chunks of four")
def chunked(x):
    z = x - np.max(x, axis=-1, keepdims=True)
    e = np.exp(z)
    total = sum((np.sum(e[:, c : c + 4], axis=-1, keepdims=True) for c in range(4, x.shape[1], 4)),
                np.sum(e[:, :4], axis=-1, keepdims=True))  # fmt: skip
    return z - np.log(total)
