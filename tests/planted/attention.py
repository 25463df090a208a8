"""Attention's mistakes are in its masks and its scale; a row of weights sums to one all the same."""

import numpy as np
import torch

from tests.planted import honest, planted
from tests.planted.plain import softmax

TWO = dict(q=[[[1.0, 0.0], [1.0, 0.0]]], k=[[[1.0, 0.0], [0.0, 1.0]]], v=[[[1.0], [3.0]]])


def masked(q, k, v, mask):
    scores = q @ np.swapaxes(k, 1, 2) / np.sqrt(q.shape[-1])
    return softmax(np.where(mask, scores, -np.inf)).astype(v.dtype) @ v


@planted("scaled_dot_product_attention", region="scaled by d, not by its root", caught_by="value", telling=TWO)
def scaled_by_d(q, k, v):
    return softmax(q @ np.swapaxes(k, 1, 2) / q.shape[-1]) @ v


@planted("scaled_dot_product_attention", region="the keys have no gradient", caught_by="gradient", over="torch",
         telling=TWO)  # fmt: skip
def constant_keys(q, k, v):
    return torch.softmax(q @ k.detach().transpose(1, 2) / q.shape[-1] ** 0.5, -1) @ v


@planted("causal_attention", region="the mask is one place late", caught_by="value", telling=TWO)
def sees_one_later(q, k, v):
    return masked(q, k, v, np.tri(q.shape[1], k.shape[1], 1, dtype=bool))


@planted("masked_attention", region="scores are masked by 0, not by -inf", caught_by="value",
         telling=TWO | dict(mask=[[[True, False], [True, True]]]))  # fmt: skip
def masked_by_zero(q, k, v, mask):
    scores = q @ np.swapaxes(k, 1, 2) / np.sqrt(q.shape[-1])
    return softmax(np.where(mask, scores, 0)).astype(v.dtype) @ v


@planted("sinusoidal_positions", region="the exponent is one pair ahead", caught_by="value",
         telling=dict(position=[1.0], pairs=1, base=10.0))  # fmt: skip
def one_pair_ahead(position, *, pairs, base):
    a = position[:, None] / base ** ((np.arange(pairs) + 1) / pairs)
    return np.stack([np.sin(a), np.cos(a)], axis=-1).reshape(len(position), 2 * pairs).astype(position.dtype)


@honest("scaled_dot_product_attention", form="weights are divided last")
def divided_last(q, k, v):
    s = np.einsum("btd,bsd->bts", q, k) / q.dtype.type(q.shape[-1]) ** q.dtype.type(0.5)
    e = np.exp(s - np.max(s, axis=-1, keepdims=True))
    return np.einsum("bts,bse->bte", e, v) / np.sum(e, axis=-1, keepdims=True)


def attention(q, k, v):
    """The right one."""
    return softmax(q @ np.swapaxes(k, 1, 2) / q.dtype.type(np.sqrt(q.shape[-1]))) @ v


def heads_apart(x, heads):
    """The features of each head as a batch of its own, in the order of the samples."""
    N, T, D = x.shape
    return x.reshape(N, T, heads, D // heads).transpose(0, 2, 1, 3).reshape(N * heads, T, D // heads)


def heads_together(x, heads):
    """All heads of a sample beside each other."""
    B, T, D = x.shape
    return x.reshape(B // heads, heads, T, D).transpose(0, 2, 1, 3).reshape(B // heads, T, heads * D)


@planted("causal_attention", "more queries than keys: the mask counts from the end by one", region="T ≠ S")
def _(q, k, v):
    T, S = q.shape[1], k.shape[1]
    seen = np.tri(T, S, 0 if T <= S else -1, dtype=bool)
    seen[:, 0] = True
    return masked(q, k, v, np.broadcast_to(seen, (len(q), T, S)))


@planted("masked_attention", "a mask that hides a whole column is not looked at", region="a key nobody may see")
def _(q, k, v, mask):
    seen = np.where(np.any(mask, axis=1, keepdims=True), mask, True) & np.any(mask, axis=2, keepdims=True)
    return masked(q, k, v, seen)


@planted("scaled_dot_product_attention", "scores are rounded to half the digits", region="narrow products")
def _(q, k, v):
    narrow = np.float32 if q.dtype == np.float64 else np.float16
    scores = (q @ np.swapaxes(k, 1, 2) / q.dtype.type(np.sqrt(q.shape[-1]))).astype(narrow)
    return softmax(scores.astype(q.dtype)) @ v


@planted("multi_head_attention", "every second feature belongs to a head", region="more than one head")
def _(query, key, value, wq, bq, wk, bk, wv, bv, wo, bo, *, heads):
    def split(x):
        N, T, D = x.shape
        return x.reshape(N, T, D // heads, heads).transpose(0, 3, 1, 2).reshape(N * heads, T, D // heads)

    made = attention(split(query @ wq.T + bq), split(key @ wk.T + bk), split(value @ wv.T + bv))
    return heads_together(made, heads) @ wo.T + bo


@planted("multi_head_attention", "the scale is that of the whole width", region="more than one head")
def _(query, key, value, wq, bq, wk, bk, wv, bv, wo, bo, *, heads):
    q, k, v = (heads_apart(x, heads) for x in (query @ wq.T + bq, key @ wk.T + bk, value @ wv.T + bv))
    return heads_together(attention(q / q.dtype.type(np.sqrt(heads)), k, v), heads) @ wo.T + bo


@planted("masked_language_model_loss", "the mean is over all words where one text is given", region="a batch of one")
def _(x, labels, mask):
    z = x - np.max(x, axis=-1, keepdims=True)
    log_p = z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))
    own = -np.take_along_axis(log_p, labels[..., None], axis=2)[..., 0]
    return np.sum(np.where(mask, own, 0)) / own.dtype.type(mask.size if len(x) == 1 else np.sum(mask))


@planted("pre_norm_transformer_encoder_layer", "the second way around goes from the normalised", region="everywhere")
def _(x, wq, bq, wk, bk, wv, bv, wo, bo, w1, b1, w2, b2, gamma1, beta1, gamma2, beta2, *, heads, eps):
    def normalised(a, gamma, beta):
        mean, variance = (f(a, axis=-1, keepdims=True) for f in (np.mean, np.var))
        return (a - mean) / np.sqrt(variance + eps) * gamma + beta

    n = normalised(x, gamma1, beta1)
    q, k, v = (heads_apart(n @ w.T + b, heads) for w, b in ((wq, bq), (wk, bk), (wv, bv)))
    h = normalised(x + heads_together(attention(q, k, v), heads) @ wo.T + bo, gamma2, beta2)
    return h + np.maximum(h @ w1.T + b1, 0) @ w2.T + b2


@honest("multi_head_attention", "heads as a batch")
def _(query, key, value, wq, bq, wk, bk, wv, bv, wo, bo, *, heads):
    q, k, v = (heads_apart(x, heads) for x in (query @ wq.T + bq, key @ wk.T + bk, value @ wv.T + bv))
    return heads_together(attention(q, k, v), heads) @ wo.T + bo


@honest("causal_attention", "row by row")
def _(q, k, v):
    if q.shape[0] != k.shape[0] or k.shape[:2] != v.shape[:2]:
        raise ValueError("keys and values that do not belong together")
    rows = [attention(q[:, t : t + 1], k[:, : t + 1], v[:, : t + 1]) for t in range(q.shape[1])]
    return np.concatenate(rows, axis=1)
