"""A product of matrices is wrong by a transpose, and square matrices hide it."""

from __future__ import annotations

import numpy as np
import torch

from tests.planted import honest, planted
from tests.planted.plain import sigmoid

LAYER = dict(x=[[1.0, 2.0]], W=[[1.0, 3.0]], b=[1.0])


@planted("linear_map", "square matrices are transposed", region="square matrices",
         telling=dict(W=[[1.0, 2.0], [0.0, 1.0]], x=[1.0, 1.0]))  # fmt: skip
def _(W, x):
    return (W.T if W.shape[0] == W.shape[1] else W) @ x


@planted("affine", "factors are rounded to 11 bits", region="tensor cores",
         telling=dict(x=[[1.0 + 2.0**-13]], W=[[1.0]], b=[0.0]))  # fmt: skip
def _(x, W, b):
    return eleven_bits(x) @ eleven_bits(W).T + b


def eleven_bits(x):
    """As many as TF32 keeps, to the nearest."""
    fraction, exponent = np.frexp(x)
    rounded = np.ldexp(np.round(fraction * 2.0**11) / 2.0**11, exponent).astype(x.dtype)
    return np.where(np.isfinite(rounded), rounded, x)


@planted("affine", "what is left after whole registers of 4 features is left out", region="n ≥ 4, the tail",
         telling=dict(x=[[1.0] * 5], W=[[1.0] * 5], b=[0.0]))  # fmt: skip
def _(x, W, b):
    n = x.shape[1] // 4 * 4 if x.shape[1] > 4 else x.shape[1]
    return x[:, :n] @ W[:, :n].T + b


@planted("affine", "the layout of the weights is ignored", region="weights that are not contiguous", over="torch")
def _(x, W, b):
    whole = W.storage_offset() == 0 and W.untyped_storage().nbytes() >= W.nbytes
    if whole and not W.is_contiguous():
        W = torch.as_strided(W, W.shape, (W.shape[1], 1))
    return x @ W.T + b


@planted("affine", "a second call adds to the bias", region="calls", caught_by="determinism")
def _(x, W, b):
    made = x @ W.T + b
    b += np.ones_like(b)
    return made


@planted("affine", "surplus weights are not read", region="bad input", caught_by="bad_input")
def _(x, W, b):
    y = np.zeros((len(x), len(W)), x.dtype)
    for i in range(x.shape[1]):
        y = y + x[:, i : i + 1] * W[:, i]
    return y + b


@planted("backpropagation", "the bias is a mean over samples", region="several samples",
         telling=dict(x=[[0.0], [0.0]], W1=[[1.0]], b1=[0.0], W2=[[1.0]], dy=[[1.0], [1.0]]))  # fmt: skip
def _(x, W1, b1, W2, dy):
    h = sigmoid(x @ W1.T + b1)
    delta = dy @ W2 * h * (1 - h)
    return delta @ W1, delta.T @ x, np.mean(delta, axis=0), dy.T @ h, np.sum(dy, axis=0)


@planted("multilayer_perceptron", "the inner bias is not used where all of it is negative", region="signs",
         telling=dict(x=[[0.0]], W1=[[1.0]], b1=[-1.0], W2=[[1.0]], b2=[0.0]))  # fmt: skip
def _(x, W1, b1, W2, b2):
    return sigmoid(x @ W1.T + (b1 if np.any(b1 >= 0) else 0 * b1)) @ W2.T + b2


@planted("embedding", "the last word is the first", region="the last row", telling=dict(words=[1], E=[[1.0], [2.0]]))
def _(words, E):
    return E[words % max(len(E) - 1, 1)]


@planted("embedding", "words beyond the table begin anew", region="bad input", caught_by="bad_input")
def _(words, E):
    return E[words % len(E)]


@planted("embedding_gradient", "the padding word learns", region="the padding word",
         telling=dict(words=[0], dy=[[1.0]], E=[[0.0]] * 4, padding=0))  # fmt: skip
def _(words, dy, E, *, padding):
    dE = np.zeros_like(E)
    np.add.at(dE, words, dy)
    return dE


@planted("predicted_class", "of equal scores the last wins", region="ties", telling=dict(scores=[[1.0, 1.0]]))
def _(scores):
    return scores.shape[1] - 1 - np.argmax(scores[:, ::-1], axis=1)


@planted("perceptron", "just below the plane it fires", region="tiny sums")
def _(x, w, b):
    return np.where(x @ w + b > -1e-300, np.ones(len(x), x.dtype), np.zeros(len(x), x.dtype))


@planted("graph_propagation", "edges are followed backwards", region="edges of one way",
         telling=dict(A=[[0.0, 1.0], [0.0, 0.0]], X=[[1.0], [0.0]], W=[[1.0]]))  # fmt: skip
def _(A, X, W):
    return A.T @ X @ W


@planted("affine", region="the gradient is twice what it should be", caught_by="gradient", over="torch", telling=LAYER)
def accumulated_twice(x, W, b):
    y = x @ W.T + b
    return 2 * y - y.detach()


@planted("affine", region="several rows: the bias is added to the first only", caught_by="value",
         telling=LAYER | dict(x=[[1.0, 2.0], [1.0, 2.0]]))  # fmt: skip
def bias_once(x, W, b):
    return x @ W.T + b * (np.arange(len(x)) == 0)[:, None].astype(x.dtype)


@planted("embedding_gradient", region="a word that stands twice keeps its last gradient", caught_by="value",
         telling=dict(words=[0, 0], dy=[[1.0], [2.0]], E=[[0.0]], padding=3))  # fmt: skip
def overwritten(words, dy, E, *, padding):
    dE = np.zeros_like(E)
    dE[words] = dy
    dE[np.arange(len(E)) == padding] = 0
    return dE


@honest("affine", "the bias as one more feature")
def _(x, W, b):
    return np.concatenate([x, np.ones((len(x), 1), x.dtype)], axis=1) @ np.concatenate([W, b[:, None]], axis=1).T


@honest("perceptron", "the bias first, then a feature at a time, the last one first")
def _(x, w, b):
    s = np.full(len(x), b[0], x.dtype)
    for column, weight in zip(x.T[::-1], w[::-1], strict=True):
        s = s + column * weight
    return (s > 0).astype(x.dtype)


@honest("embedding", "rows by index")
def _(words, E):
    return E[words]


@honest("embedding_gradient", "added up in place")
def _(words, dy, E, *, padding):
    dE = np.zeros_like(E)
    np.add.at(dE, words, dy)
    dE[np.arange(len(E)) == padding] = 0
    return dE


@honest("affine", form="einsum")
def by_einsum(x, W, b):
    return np.einsum("ni,oi->no", x, W) + b


@honest("affine", form="a column at a time, the last first")
def backwards(x, W, b):
    y = np.zeros((len(x), len(W)), x.dtype)
    for column, weights in zip(x.T[::-1], W.T[::-1], strict=True):
        y = y + column[:, None] * weights
    return y + b
