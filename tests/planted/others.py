"""Regularisers, linear layers, generative losses, shapes and estimates: each wrong in one place."""

import numpy as np
import torch

from tests.planted import honest, planted
from tests.planted.plain import sigmoid

LAYER = dict(x=[[1.0, 2.0]], W=[[1.0, 3.0]], b=[1.0])


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


@planted("simclr_loss", region="the temperature divides twice", caught_by="value",
         telling=dict(a=[[1.0, 0.0], [0.0, 1.0]], b=[[1.0, 1.0], [0.0, 1.0]], temperature=0.5))  # fmt: skip
def temperature_twice(a, b, *, temperature):
    z = np.concatenate([a, b])
    z = z / np.sqrt(np.sum(z**2, axis=1, keepdims=True))
    s = z @ z.T / temperature / temperature
    s[np.arange(len(s)), np.arange(len(s))] = -np.inf
    top = np.max(s, axis=1)
    partner = (np.arange(len(s)) + len(a)) % len(s)
    return np.mean(top + np.log(np.sum(np.exp(s - top[:, None]), axis=1)) - s[np.arange(len(s)), partner])


@planted("q_target", region="states that have ended are worth something", caught_by="value",
         telling=dict(reward=[1.0], q=[[2.0]], ended=[1.0], discount=0.5))  # fmt: skip
def ended_the_wrong_way(reward, q, ended, *, discount):
    return reward + discount * ended * np.max(q, axis=1)


@planted("gan_discriminator_loss", region="unequal batches: one mean over both", caught_by="value",
         telling=dict(real=[0.5, 0.5], fake=[0.25]))  # fmt: skip
def one_mean(real, fake):
    return -2 * np.mean(np.concatenate([np.log(real), np.log(1 - fake)]))


@planted("residual", region="the way around is scaled by a half", caught_by="value",
         telling=dict(x=[[1.0]], W1=[[1.0]], b1=[0.0], W2=[[1.0]], b2=[0.0]))  # fmt: skip
def half_around(x, W1, b1, W2, b2):
    return x / 2 + sigmoid(x @ W1.T + b1) @ W2.T + b2


@planted("lenet_5_parameters", region="the convolutions have no bias", caught_by="value", telling=dict(channels=1))
def biases_uncounted(*, channels):
    return np.array([channels * 6 * 25, 6 * 16 * 25, 400 * 120 + 120, 120 * 84 + 84, 84 * 10 + 10])


@planted("bias_variance", region="the variance is unweighted", caught_by="value",
         telling=dict(truth=0.0, predictions=[0.0, 1.0], p=[0.25, 0.75], noise=[0.0], q=[1.0]))  # fmt: skip
def unweighted(truth, predictions, p, noise, q):
    centre = np.sum(p * predictions)
    return (truth - centre) ** 2, np.mean((centre - predictions) ** 2), np.sum(q * noise**2)


@honest("affine", form="einsum")
def by_einsum(x, W, b):
    return np.einsum("ni,oi->no", x, W) + b


@honest("affine", form="a column at a time, the last first")
def backwards(x, W, b):
    y = np.zeros((len(x), len(W)), x.dtype)
    for column, weights in zip(x.T[::-1], W.T[::-1], strict=True):
        y = y + column[:, None] * weights
    return y + b


@honest("horizontal_flip", form="an index")
def by_index(x):
    return x[..., np.arange(x.shape[-1])[::-1]]


@honest("dropout", form="multiplied by the reciprocal", over="torch", random=True)
def reciprocal(x, *, p):
    return x * ((torch.rand_like(x) >= p).to(x.dtype) * (1 / (1 - p)))
