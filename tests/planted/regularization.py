"""Noise that is wrong on the average still regularises, so nothing but its distribution shows that it is wrong."""

from __future__ import annotations

import numpy as np
import torch

from tests.planted import honest, planted

KEPT = dict(x=[1.0], mask=[1.0], p=0.5)


@planted("dropout", "what is kept is divided by p", region="p other than a half", telling=KEPT | dict(p=0.25))
def _(x, mask, *, p):
    return x * mask / p if p > 0 else x * mask


@planted("dropout", "what is dropped leaves a thousandth of p", region="what is dropped",
         telling=KEPT | dict(mask=[0.0]))  # fmt: skip
def _(x, mask, *, p):
    return np.where(mask == 1, x / (1 - p), x * 0 + p * 1e-3)


@planted("dropout", "a dropped infinity is 0", region="infinity", caught_by="limits")
def _(x, mask, *, p):
    return np.where(mask == 1, x / (1 - p), np.zeros_like(x))


def kept(x, mask, p):
    """Nothing at p = 1, where 0/0 would be no number."""
    return x * mask.to(x.dtype) / (1 - p) if p < 1 else torch.zeros_like(x)


@planted("dropout", "one mask for both halves", region="neighbours", caught_by="random", over="torch", random=True)
def _(x, *, p):
    half = (x.numel() + 1) // 2
    mask = torch.rand(half) >= p
    return kept(x, torch.cat([mask, mask])[: x.numel()].reshape(x.shape), p)


@planted("dropout", "the same mask at each call", region="calls", caught_by="random", over="torch", random=True)
def _(x, *, p):
    drawn = torch.rand(x.shape, generator=torch.Generator().manual_seed(0))
    return kept(x, drawn >= p, p)


@planted("dropout", "5 % more are dropped", region="everywhere", caught_by="random", over="torch", random=True)
def _(x, *, p):
    return kept(x, torch.rand_like(x) >= 1.05 * p, p)


@planted("dropout", "the factor is 1 % too small", region="everywhere", caught_by="random", over="torch", random=True)
def _(x, *, p):
    return kept(0.99 * x, torch.rand_like(x) >= p, p)


@planted("dropout", "whole rows are dropped", region="neighbours", caught_by="random", over="torch", random=True)
def _(x, *, p):
    return kept(x, torch.rand(x.shape[:1]).reshape(-1, *[1] * (x.ndim - 1)) >= p, p)


@planted("label_smoothing", "the share is that of one class less", region="everywhere",
         telling=dict(y=[[1.0, 0.0]], alpha=0.5))  # fmt: skip
def _(y, *, alpha):
    return (1 - alpha) * y + alpha / (y.shape[-1] - 1)


@planted("mixup", "the targets are mixed the other way round", region="shares other than a half",
         telling=dict(x1=[[0.0]], y1=[[1.0, 0.0]], x2=[[0.0]], y2=[[0.0, 1.0]], share=0.25))  # fmt: skip
def _(x1, y1, x2, y2, *, share):
    return share * x1 + (1 - share) * x2, (1 - share) * y1 + share * y2


@planted("cutmix", "the share is the box's, not what is left", region="everywhere")
def _(x1, y1, x2, y2, mask):
    share = x1.dtype.type(np.mean(~mask.astype(bool)))
    return np.where(mask, x1, x2), share * y1 + (1 - share) * y2


@planted("grayscale", "red and blue change places", region="everywhere")
def _(x):
    return 0.114 * x[:, 0] + 0.587 * x[:, 1] + 0.299 * x[:, 2]


@planted("occlusion", "all channels have the first one's value", region="several channels")
def _(x, mask, value):
    return np.where(mask, value[:1, None, None], x)


@planted("horizontal_flip", "images of odd width keep their last column", region="odd widths above 1")
def _(x):
    if x.shape[-1] % 2 and x.shape[-1] > 1:
        return np.concatenate([x[..., -2::-1], x[..., -1:]], axis=-1)
    return x[..., ::-1]


@planted("early_stopping", "the wait goes on after a better loss", region="a better loss")
def _(best, waited, loss, *, patience, threshold):
    better = loss < best - threshold
    waited = waited + 1
    return np.where(better, loss, best), waited, np.where(waited >= patience, np.ones_like(best), np.zeros_like(best))


@honest("dropout", "torch's own", over="torch", random=True)
def _(x, *, p):
    return torch.dropout(x, p, train=True)


@honest("mixup", "sums of products")
def _(x1, y1, x2, y2, *, share):
    return share * x1 + (1 - share) * x2, share * y1 + (1 - share) * y2


@honest("dropout", "a mask of drawn numbers", over="torch", random=True)
def _(x, *, p):
    return kept(x, torch.rand_like(x) >= p, p)
