"""Noise on what a linear model is given, or on its weights."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, real

NOTE = Note("001_468a25992c418006.md", line=333)
BISHOP = Paper("Bishop 1995, Training with Noise is Equivalent to Tikhonov Regularization", "section 2", "https://doi.org/10.1162/neco.1995.7.1.108")
GOODFELLOW = Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "section 7.5", "https://www.deeplearningbook.org/contents/regularization.html")


def covariance(noise):
    """The mean of εεᵀ over equally likely rows."""
    return np.einsum("md,me->de", noise, noise) / noise.shape[0]


@equation(
    latex=r"L = \frac{1}{M} \sum_{m=1}^{M} \left( \sum_{d=1}^{D} w_d (x_d + \epsilon_{m,d}) - y \right)^2",
    sources=[BISHOP, NOTE],
    domain=dict(w=Array(real, "D"), x=Array(real, "D"), y=Array(real, ""), noise=Array(real, "M D")),
    outputs=("loss",),
)
def noisy_input_loss(w, x, y, noise):
    """For a linear model, noise on the inputs is a penalty on the weights: Tikhonov's regularization.

    The M rows of the noise are equally likely.
    """
    return np.mean((np.einsum("d,md->m", w, x + noise) - y) ** 2)


@noisy_input_loss.law(
    "it is the loss without noise and the penalty wᵀCw, where C is the covariance of the noise",
    when="the noise has mean 0",
    outside=dict(w=np.array([1.0]), x=np.array([1.0]), y=0.0, noise=np.array([[1.0]])),
)
def _(f, w, x, y, noise):
    penalty = np.einsum("d,de,e->", w, covariance(noise), w)
    return f(w, x, y, noise), (np.einsum("d,d->", w, x) - y) ** 2 + penalty


@noisy_input_loss.closed_form("signs of one size on each input alone cost σ²‖w‖²/D")
def _(f, w, x, y, *, sigma):
    steps = np.eye(x.size, dtype=int) * 1
    noise = sigma * np.concatenate([steps, -steps])
    clean = (np.einsum("d,d->", w, x) - y) ** 2
    return (f(w, x, y, noise) - clean) * x.size, sigma**2 * np.sum(w**2)


@equation(
    latex=r"L = \frac{1}{M} \sum_{m=1}^{M} \left( \sum_{d=1}^{D} (w_d + \epsilon_{m,d}) x_d - y \right)^2",
    sources=[GOODFELLOW, NOTE],
    domain=dict(w=Array(real, "D"), x=Array(real, "D"), y=Array(real, ""), noise=Array(real, "M D")),
    outputs=("loss",),
)
def noisy_weights_loss(w, x, y, noise):
    """For a linear model, noise on the weights costs the same for all weights, and so regularizes nothing."""
    return np.mean((np.einsum("md,d->m", w + noise, x) - y) ** 2)


@noisy_weights_loss.law(
    "it is the loss without noise and xᵀCx, in which no weight appears",
    when="the noise has mean 0",
    outside=dict(w=np.array([1.0]), x=np.array([1.0]), y=0.0, noise=np.array([[1.0]])),
)
def _(f, w, x, y, noise):
    added = np.einsum("d,de,e->", x, covariance(noise), x)
    return f(w, x, y, noise), (np.einsum("d,d->", w, x) - y) ** 2 + added


def crossed(x):
    """Noise of one size along each axis, either way: its covariance is that size's square times the identity."""
    return {"noise": 0.75 * np.concatenate([np.eye(x.size), -np.eye(x.size)])}


SIGMA = {r"\sigma": lambda noise: np.sqrt(np.mean(noise**2))}
noisy_input_loss.wording(
    r"\mathbb{E}[(w^T (x + \epsilon) - y)^2] = (w^T x - y)^2 + \sigma^2 \|w\|^2", symbols=SIGMA, given=crossed
)
noisy_weights_loss.wording(
    r"\mathbb{E}[((w + \epsilon)^T x - y)^2] = (w^T x - y)^2 + \sigma^2 \|x\|^2", symbols=SIGMA, given=crossed
)
