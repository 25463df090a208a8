"""A layer is a sum over many axes, and each way of walking through them is a way of computing it."""

from __future__ import annotations

import numpy as np
import torch

from tests.planted import honest
from tests.planted.elsewhere.honest import fall, pairwise, wide
from tests.planted.plain import sigmoid, windows


@honest("scaled_dot_product_attention", "key by key, rescaled at each new maximum")
def _(q, k, v):
    if len(q) != len(k) or k.shape[:2] != v.shape[:2]:
        raise ValueError("keys and values that do not belong together")
    s = np.einsum("btd,bsd->bts", q, k) * q.dtype.type(1 / np.sqrt(q.shape[-1]))
    top, total, y = s[..., :1], np.ones_like(s[..., :1]), v[:, :1] * np.ones_like(s[..., :1])
    for j in range(1, s.shape[-1]):
        new = np.maximum(top, s[..., j : j + 1])
        old, now = fall(top, new), fall(s[..., j : j + 1], new)
        total, y, top = total * old + now, y * old + now * v[:, j : j + 1], new
    return y / total


@honest("convolution_2d", "im2col and one product of matrices for each group")
def _(x, w, b, *, stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x, groups):
    x = np.pad(x, ((0, 0), (0, 0), (padding_y, padding_y), (padding_x, padding_x)))
    seen = windows(x, w.shape[2:], (stride_y, stride_x), (dilation_y, dilation_x))
    N, C, P, Q = seen.shape[:4]
    A, B = C // groups, w.shape[0] // groups
    if w.shape[1] != A or len(b) != len(w):
        raise ValueError("channels do not fit")
    taps = A * w.shape[2] * w.shape[3]
    rows = seen.transpose(0, 2, 3, 1, 4, 5).reshape(N * P * Q, groups * taps)
    parts = [rows[:, g * taps : (g + 1) * taps] @ w[g * B : (g + 1) * B].reshape(B, taps).T for g in range(groups)]
    return np.moveaxis((np.concatenate(parts, axis=1) + b).reshape(N, P, Q, groups * B), 3, 1)


@honest("convolution_1d", "shifted rows are added up, the bias first")
def _(x, w, b, *, stride, padding, dilation, groups):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding)))
    (N, C, L), (O, A, K) = x.shape, w.shape
    if groups * A != C or len(b) != O:
        raise ValueError("channels do not fit")
    P, B = (L - dilation * (K - 1) - 1) // stride + 1, O // groups
    y = np.repeat(np.repeat(b[None, :, None], N, axis=0), P, axis=2)
    for u in range(K):
        row = x[:, :, u * dilation : u * dilation + (P - 1) * stride + 1 : stride]
        for o in range(O):
            for a in range(A):
                y[:, o] += row[:, o // B * A + a] * w[o, a, u]
    return y


@honest("discrete_convolution", "one coefficient after the other, from the last")
def _(x, h):
    y = np.zeros(x.size + h.size - 1, x.dtype)
    for k in range(h.size)[::-1]:
        y[k : k + x.size] += x * h[k]
    return y


@honest("affine", "halves of the features, recursively")
def _(x, W, b):
    if x.shape[1] != W.shape[1] or len(W) != len(b):
        raise ValueError("sizes do not fit")
    return pairwise(x[:, None, :] * W) + b


@honest("linear_map", "the transpose is multiplied from the left")
def _(W, x):
    return (x[None, :] @ np.ascontiguousarray(W.T))[0]


@honest("graph_propagation", "gathered last")
def _(A, X, W):
    return A @ (X @ W)


@honest("global_average_pooling", "a sum with twice the digits")
def _(x):
    return (np.sum(wide(x), axis=(2, 3)) / (x.shape[2] * x.shape[3])).astype(x.dtype)


@honest("lstm_cell", "one product for both matrices, factors turned round")
def _(x, h, c, w_ih, w_hh, b_ih, b_hh):
    gates = np.concatenate([x, h], axis=1) @ np.concatenate([w_ih, w_hh], axis=1).T + (b_ih + b_hh)
    i, f, g, o = np.split(gates, 4, axis=1)
    c = sigmoid(f) * c + np.tanh(g) * sigmoid(i)
    return np.tanh(c) * sigmoid(o), c


@honest("affine", "addmm of transposed memory", over="torch")
def _(x, W, b):
    if b.shape != W.shape[:1]:
        raise ValueError("as many biases as rows")
    return torch.addmm(b[:, None], W, x.T).T


@honest("softmax", "a sum in float32", over="torch")
def _(x):
    e = torch.exp(x - x.amax(-1, keepdim=True))
    return e / e.sum(-1, keepdim=True, dtype=x.dtype if x.dtype == torch.float64 else torch.float32).to(x.dtype)
