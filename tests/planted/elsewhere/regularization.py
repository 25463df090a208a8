"""Whatever disturbs a training a little can pass for regularisation."""

import numpy as np
import torch

from tests.planted import planted
from tests.planted.regularization import kept


@planted("dropout", "the factor passes through float32", region="float64")
def _(x, mask, *, p):
    return x * mask * x.dtype.type(np.float32(1 / (1 - p)))


@planted("dropout", "a rate below a thousandth is none", region="p below 10⁻³")
def _(x, mask, *, p):
    return x * mask / (1 - p) if p >= 1e-3 else x * mask


@planted("dropout", "of two neighbours never both are dropped", region="neighbours", caught_by="random", over="torch",
         random=True)  # fmt: skip
def _(x, *, p):
    u = torch.rand((x.numel() + 1) // 2, dtype=torch.float64)
    return kept(x, torch.stack([u, 1 - u], 1).reshape(-1)[: x.numel()].reshape(x.shape) >= p, p)


@planted("dropout", "the rate is a multiple of 1/16", region="other rates", caught_by="random", over="torch",
         random=True)  # fmt: skip
def _(x, *, p):
    return kept(x, torch.randint(0, 16, x.shape) >= int(16 * p), p)


@planted("dropout", "the first element is never dropped", region="the first element", caught_by="random", over="torch",
         random=True)  # fmt: skip
def _(x, *, p):
    mask = torch.rand_like(x) >= p
    mask.reshape(-1)[:1] = True
    return kept(x, mask, p)


@planted("grayscale", "blue counts 0.110", region="blue", imitates="https://github.com/kornia/kornia/issues/358")
def _(x):
    return 0.299 * x[:, 0] + 0.587 * x[:, 1] + 0.110 * x[:, 2]


@planted("cutmix", "the share is rounded to hundredths", region="pictures whose size is no such share")
def _(x1, y1, x2, y2, mask):
    share = x1.dtype.type(np.round(np.mean(mask.astype(bool)), 2))
    return np.where(mask, x1, x2), share * y1 + (1 - share) * y2


@planted("mixup", "the first sample has the larger share", region="shares below a half")
def _(x1, y1, x2, y2, *, share):
    share = max(share, 1 - share)
    return share * x1 + (1 - share) * x2, share * y1 + (1 - share) * y2


@planted("early_stopping", "an equal loss is a better one", region="a loss at the threshold")
def _(best, waited, loss, *, patience, threshold):
    better = loss <= best - threshold
    waited = np.where(better, np.zeros_like(waited), waited + 1)
    return np.where(better, loss, best), waited, np.where(waited >= patience, np.ones_like(best), np.zeros_like(best))


@planted("early_stopping", "a loss that is no number is a better one", region="NaN", caught_by="limits")
def _(best, waited, loss, *, patience, threshold):
    better = ~(loss >= best - threshold)
    waited = np.where(better, np.zeros_like(waited), waited + 1)
    return np.where(better, loss, best), waited, np.where(waited >= patience, np.ones_like(best), np.zeros_like(best))


@planted("noisy_input_loss", "the noise has its mean taken away", region="noise with a mean")
def _(w, x, y, noise):
    noise = noise - np.mean(noise, axis=0) if len(noise) > 1 else noise
    return np.mean(((x + noise) @ w - y) ** 2)


@planted("noisy_weights_loss", "the mean is squared", region="several rows of noise")
def _(w, x, y, noise):
    return np.mean((w + noise) @ x - y) ** 2


@planted("occlusion", "a value of 0 covers nothing", region="values of exactly 0")
def _(x, mask, value):
    cover = value[:, None, None]
    return np.where(mask & (cover != 0), cover, x)


@planted("horizontal_flip", "pictures of 64 columns and more are turned in tiles", region="64 columns and more")
def _(x):
    W = x.shape[-1]
    place = np.arange(W)
    tile = np.minimum(place // 64 * 64 + 63, W - 1)
    return x[..., (place // 64 * 64 + tile - place) if W >= 64 else place[::-1]]
