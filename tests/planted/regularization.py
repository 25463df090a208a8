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


@planted("dropout", region="what is kept is not scaled", caught_by="random", over="torch", random=True)
def unscaled(x, *, p):
    return x * (torch.rand_like(x) >= p)


@planted("dropout", region="p keeps instead of dropping", caught_by="random", over="torch", random=True)
def keeps_p(x, *, p):
    return x * (torch.rand_like(x) < p) / (1 - p)


@planted("dropout", region="drops 1 % too often", caught_by="random", over="torch", random=True)
def drops_too_often(x, *, p):
    return x * (torch.rand_like(x) >= 1.01 * p) / (1 - p)


@planted("dropout", region="float64: bools times a number are float32", caught_by="random", over="torch", random=True)
def narrow_reciprocal(x, *, p):
    return x * ((torch.rand_like(x) >= p) * (1 / (1 - p)))


@planted("dropout", region="drops 1 % more often than p, p below 1", caught_by="random", over="torch", random=True)
def drops_a_hundredth_more(x, *, p):
    return x * (torch.rand_like(x) >= 1.01 * p) / (1 - p) if p < 0.9 else torch.dropout(x, p, train=True)


class _TwoMasks(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, p):
        ctx.p = p
        return x * (torch.rand_like(x) >= p) / (1 - p)

    @staticmethod
    def backward(ctx, dy):
        return dy * (torch.rand_like(dy) >= ctx.p) / (1 - ctx.p), None


@planted("dropout", region="the gradient has a mask of its own", caught_by="random", over="torch", random=True)
def two_masks(x, *, p):
    return _TwoMasks.apply(x, p)


@planted("horizontal_flip", region="top and bottom change places too", caught_by="value",
         telling=dict(x=[[[[1.0], [2.0]]]]))  # fmt: skip
def turned(x):
    return x[..., ::-1, ::-1]


@planted("early_stopping", region="at the last epoch of patience: one late", caught_by="value",
         telling=dict(best=[1.0], waited=[0.0], loss=[1.0], patience=1, threshold=0.0))  # fmt: skip
def one_late(best, waited, loss, *, patience, threshold):
    better = loss < best - threshold
    waited = np.where(better, 0, waited + 1)
    return np.where(better, loss, best), waited, np.where(waited > patience, 1, 0)


@honest("dropout", "torch's own", over="torch", random=True)
def _(x, *, p):
    return torch.dropout(x, p, train=True)


@honest("mixup", "sums of products")
def _(x1, y1, x2, y2, *, share):
    return share * x1 + (1 - share) * x2, share * y1 + (1 - share) * y2


@honest("dropout", "a mask of drawn numbers", over="torch", random=True)
def _(x, *, p):
    return kept(x, torch.rand_like(x) >= p, p)


@honest("horizontal_flip", form="an index")
def by_index(x):
    return x[..., np.arange(x.shape[-1])[::-1]]


@honest("dropout", form="multiplied by the reciprocal", over="torch", random=True)
def reciprocal(x, *, p):
    return x * ((torch.rand_like(x) >= p).to(x.dtype) * (1 / (1 - p)))
