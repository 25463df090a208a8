"""What a query sees is decided by small integers, and how much by an exponential: both have edges."""

import numpy as np
import torch

from tests.planted import planted
from tests.planted.attention import attention, heads_apart, heads_together, masked
from tests.planted.elsewhere.slopes import sloped
from tests.planted.plain import log_softmax


def scores(q, k):
    return q @ np.swapaxes(k, 1, 2) / q.dtype.type(np.sqrt(q.shape[-1]))


def weights(s, seen):
    """Shares of what is seen."""
    with np.errstate(invalid="ignore"):
        e = np.where(seen, np.exp(s - np.max(np.where(seen, s, -np.inf), axis=-1, keepdims=True)), 0)
        return (e / np.sum(e, axis=-1, keepdims=True)).astype(s.dtype)


@planted("scaled_dot_product_attention", "scores are cut at ten thousand", region="scores beyond 10⁴")
def _(q, k, v):
    s = np.clip(scores(q, k), -1e4, 1e4).astype(q.dtype)
    return weights(s, np.ones(s.shape, bool)) @ v


@planted("scaled_dot_product_attention", "the slope forgets that shares sum to one", region="the backward pass",
         caught_by="gradient", over="torch")  # fmt: skip
def _(q, k, v):
    s = q @ k.transpose(1, 2) / q.shape[-1] ** 0.5
    w = torch.softmax(s, -1)
    return sloped(w @ v, (torch.exp(s - torch.logsumexp(s, -1, keepdim=True).detach())) @ v)


@planted("masked_attention", "the maximum is over hidden keys too", region="a hidden score far above those seen")
def _(q, k, v, mask):
    s = scores(q, k)
    e = np.where(mask, np.exp(s - np.max(s, axis=-1, keepdims=True)), 0).astype(s.dtype)
    with np.errstate(invalid="ignore"):
        return e / np.sum(e, axis=-1, keepdims=True) @ v


@planted("masked_attention", "a query that sees one key only sees the first", region="rows with one key")
def _(q, k, v, mask):
    first = np.arange(mask.shape[-1]) == 0
    return masked(q, k, v, np.where(np.sum(mask, axis=-1, keepdims=True) == 1, first, mask))


@planted("causal_attention", "more keys than queries are aligned at the end", region="T < S",
         imitates="https://github.com/ml-explore/mlx/pull/2836")  # fmt: skip
def _(q, k, v):
    T, S = q.shape[1], k.shape[1]
    return weights(scores(q, k), np.tri(T, S, max(S - T, 0), dtype=bool)) @ v


@planted("causal_attention", "from 16 on a query sees the whole block of 16", region="more than 16 queries")
def _(q, k, v):
    T, S = q.shape[1], k.shape[1]
    row = np.arange(T)
    last = np.where(row >= 16, row // 16 * 16 + 15, row)
    return weights(scores(q, k), np.arange(S) <= last[:, None]) @ v


@planted("sinusoidal_positions", "the table begins anew after 512 places", region="positions of 512 and above")
def _(position, *, pairs, base):
    a = (position % 512)[:, None] / base ** (np.arange(pairs) / pairs)
    return np.stack([np.sin(a), np.cos(a)], axis=-1).reshape(len(position), 2 * pairs).astype(position.dtype)


@planted("multi_head_attention", "values get the bias of the keys", region="biases that differ")
def _(query, key, value, wq, bq, wk, bk, wv, bv, wo, bo, *, heads):
    q, k, v = (heads_apart(x, heads) for x in (query @ wq.T + bq, key @ wk.T + bk, value @ wv.T + bk))
    return heads_together(attention(q, k, v), heads) @ wo.T + bo


@planted("multi_head_attention", "the heads of several samples change places", region="batches and heads above one")
def _(query, key, value, wq, bq, wk, bk, wv, bv, wo, bo, *, heads):
    q, k, v = (heads_apart(x, heads) for x in (query @ wq.T + bq, key @ wk.T + bk, value @ wv.T + bv))
    made = attention(q, k, v)
    N, D = len(query), made.shape[-1]
    turned = made.reshape(heads, N, -1, D).transpose(1, 2, 0, 3)
    return turned.reshape(N, -1, heads * D) @ wo.T + bo


@planted("transformer_encoder_layer", "the second norm has the first one's γ", region="scales that differ")
def _(x, wq, bq, wk, bk, wv, bv, wo, bo, w1, b1, w2, b2, gamma1, beta1, gamma2, beta2, *, heads, eps):
    def normalised(a, beta):
        mean, variance = (f(a, axis=-1, keepdims=True) for f in (np.mean, np.var))
        return (a - mean) / np.sqrt(variance + eps) * gamma1 + beta

    q, k, v = (heads_apart(x @ w.T + b, heads) for w, b in ((wq, bq), (wk, bk), (wv, bv)))
    h = normalised(x + heads_together(attention(q, k, v), heads) @ wo.T + bo, beta1)
    return normalised(h + np.maximum(h @ w1.T + b1, 0) @ w2.T + b2, beta2)


@planted("masked_language_model_loss", "word 0 is padding", region="hidden words with label 0")
def _(x, labels, mask):
    own = -np.take_along_axis(log_softmax(x), labels[..., None], axis=2)[..., 0]
    asked = mask & (labels != 0)
    with np.errstate(invalid="ignore"):
        return np.sum(np.where(asked, own, np.zeros_like(own))) / own.dtype.type(np.sum(asked))
