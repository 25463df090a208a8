"""A product of matrices is the one thing that everybody writes anew, and the one that is most often cut into pieces."""

from itertools import pairwise

import numpy as np
import torch

from tests.planted import planted
from tests.planted.elsewhere.slopes import sloped
from tests.planted.plain import sigmoid, softmax


@planted("linear_map", "inputs beyond 768 are left out", region="769 inputs and more")
def _(W, x):
    return W[:, :768] @ x[:768]


@planted("linear_map", "an input that is 0 stops what is infinite", region="0 · ∞", caught_by="limits")
def _(W, x):
    return np.sum(np.where(x == 0, 0 * x, W * np.where(x == 0, np.ones_like(x), x)), axis=1)


@planted("affine", "a repeated sample has no bias", region="expanded inputs, stride 0", over="torch")
def _(x, W, b):
    repeated = len(x) > 1 and x.stride(0) == 0
    return x @ W.T if repeated else x @ W.T + b


@planted("affine", "what is left after whole registers of 8 is added in half the digits", region="more than 8 features")
def _(x, W, b):
    n, narrow = x.shape[1] // 8 * 8 or x.shape[1], np.float32 if x.dtype == np.float64 else np.float16
    return x[:, :n] @ W[:, :n].T + (x[:, n:] @ W[:, n:].T).astype(narrow).astype(x.dtype) + b


@planted("affine", "the slope of the weights lacks the last sample of four and more", region="batches of four and more",
         caught_by="gradient", over="torch")  # fmt: skip
def _(x, W, b):
    y = x @ W.T + b
    return y if len(x) < 4 else sloped(y, torch.cat([y[:-1], x[-1:] @ W.detach().T + b]))


@planted("affine_stack", "both layers are multiplied first", region="weights whose product overflows")
def _(x, W1, b1, W2, b2):
    with np.errstate(all="ignore"):
        return x @ (W2 @ W1).T + (W2 @ b1 + b2)


@planted("embedding", "a word that stands twice has the slope of one", region="repeated words", caught_by="gradient",
         over="torch")  # fmt: skip
def _(words, E):
    once = torch.tensor([int(w) not in words[:i].tolist() for i, w in enumerate(words)])
    rows = E[words.long()]
    return sloped(rows, torch.where(once[:, None], rows, rows.detach()))


@planted("embedding_gradient", "a word learns twice at most", region="a word that stands three times")
def _(words, dy, E, *, padding):
    dE = np.zeros_like(E)
    for i, word in enumerate(words):
        if word != padding and np.sum(words[:i] == word) < 2:
            dE[word] += dy[i]
    return dE


@planted("bert_embedding", "positions are counted from 1 where there is room", region="spare positions")
def _(words, sentences, T, P, S):
    start = int(len(P) > len(words))
    return T[words] + P[start : start + len(words)] + S[sentences]


@planted("graph_propagation", "a node without edges keeps what it has", region="rows of zeros")
def _(A, X, W):
    alone = ~np.any(A, axis=1, keepdims=True)
    return np.where(alone, X, A @ X) @ W


@planted("backpropagation", "a unit that is nearly open learns nothing", region="h above 0.999")
def _(x, W1, b1, W2, dy):
    h = sigmoid(x @ W1.T + b1)
    delta = dy @ W2 * np.where(h > 0.999, 0 * h, h * (1 - h))
    return delta @ W1, delta.T @ x, np.sum(delta, axis=0), dy.T @ h, np.sum(dy, axis=0)


@planted("predicted_class", "shares are compared in half the digits", region="scores that are nearly equal")
def _(scores):
    narrow = np.float32 if scores.dtype == np.float64 else np.float16
    return np.argmax(softmax(scores).astype(narrow), axis=1)


@planted("binary_decision", "on the boundary it fires", region="a score of exactly 0")
def _(s):
    return np.where(sigmoid(s) >= 0.5, np.ones_like(s), np.zeros_like(s))


@planted("perceptron", "a single sample is taken for a single weight", region="a batch of one", caught_by="climb")
def _(x, w, b):
    s = x[:, :1] @ w[:1] + b if len(x) == 1 else x @ w + b
    return np.where(s > 0, np.ones_like(s), np.zeros_like(s))


@planted("sum_of_distances", "a millionth of a millionth under the root", region="a point that is met")
def _(W, x, points):
    return np.sum(np.sqrt(np.sum((points - W @ x) ** 2, axis=1) + points.dtype.type(1e-12)))


@planted("multilayer_perceptron", "the inner sum is cut at twenty", region="sums beyond 20")
def _(x, W1, b1, W2, b2):
    return sigmoid(np.clip(x @ W1.T + b1, -20, 20)) @ W2.T + b2


@planted("multilayer_perceptron", "the outer weights have no slope where a unit is closed", region="h below a tenth",
         caught_by="gradient", over="torch")  # fmt: skip
def _(x, W1, b1, W2, b2):
    h = torch.sigmoid(x @ W1.T + b1)
    return sloped(h @ W2.T + b2, torch.where(h < 0.1, 0 * h, h) @ W2.T + b2)


@planted("logic_gate", "NAND of two ones fires", region="one row of the table")
def _(p, q, *, gate):
    first, second, bias = {"and": (2, 2, -3), "or": (2, 2, -1), "nand": (-2, -2, 5), "nor": (-2, -2, 1)}[gate]
    return np.where(first * p + second * q + bias > 0, np.ones_like(p), np.zeros_like(p))


@planted("multilayer_parameters", "the last layer has no bias", region="the last layer")
def _(widths):
    return sum((a + 1) * b for a, b in pairwise(widths)) - widths[-1]
