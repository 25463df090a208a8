"""Behind each size at which a program takes another way there is a way that was tried less often."""

import numpy as np

from tests.planted import planted
from tests.planted.attention import attention
from tests.planted.plain import convolve
from tests.planted.recurrent import restarted, rnn_step


@planted("scaled_dot_product_attention", "keys beyond the 16th are not seen", region="more than 16 keys")
def _(q, k, v):
    return attention(q, k[:, :16], v[:, :16])


planted("rnn", "after eight steps the state begins anew", region="more than 8 steps")(restarted(rnn_step, 8))


@planted("rnn_cell", "states beyond the fourth are not fed back", region="hidden sizes above 4")
def _(x, h, w_ih, w_hh, b_ih, b_hh):
    return np.tanh(x @ w_ih.T + b_ih + h[:, :4] @ w_hh[:, :4].T + b_hh)


@planted("embedding", "the table is read with signed bytes", region="word 128 and above")
def _(words, E):
    return E[np.where(words > 127, words - 128, words)]


@planted("convolution_2d", "channels beyond the eighth are left out", region="more than 8 channels a group")
def _(x, w, b, *, stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x, groups):
    A = w.shape[1]
    w = np.where((np.arange(A) < 8)[:, None, None], w, 0 * w)
    return convolve(x, w, b, (stride_y, stride_x), (padding_y, padding_x), (dilation_y, dilation_x), groups)


@planted("convolution_2d", "output channels beyond the 16th have the bias of the first", region="more than 16 kernels")
def _(x, w, b, *, stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x, groups):
    b = np.where(np.arange(len(b)) >= 16, b[0], b)
    return convolve(x, w, b, (stride_y, stride_x), (padding_y, padding_x), (dilation_y, dilation_x), groups)


@planted("batch_norm", "channels beyond the 32nd have ε twice", region="more than 32 channels")
def _(x, gamma, beta, *, eps):
    mean, variance = (f(x, axis=(0, 2), keepdims=True) for f in (np.mean, np.var))
    more = np.where(np.arange(x.shape[1]) >= 32, 2 * eps, eps).astype(x.dtype)[:, None]
    return (x - mean) / np.sqrt(variance + more) * gamma[:, None] + beta[:, None]


@planted("adam", "from 4096 numbers on the last keeps its weight", region="4096 numbers and more")
def _(w, g, m, v, t, *, lr, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    new = w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    kept = np.arange(w.size).reshape(w.shape) == (w.size - 1 if w.size >= 4096 else -1)
    return np.where(kept, w, new), m, v


@planted("mse", "from 65536 errors on the first is left out", region="65536 errors and more")
def _(prediction, target):
    away = (prediction - target) ** 2
    return (np.sum(away[1:]) if len(away) >= 65536 else np.sum(away)) / len(away)


@planted("softmax", "from 769 classes on the first has no share", region="769 classes and more")
def _(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    y = e / np.sum(e, axis=-1, keepdims=True)
    return np.where((np.arange(x.shape[-1]) == 0) & (x.shape[-1] > 768), 0 * y, y)


@planted("minibatch_gradient", "the mean of more than 32 samples is that of 32", region="more than 32 samples drawn")
def _(gradients, chosen):
    return np.mean(gradients[chosen[:32]], axis=0)
