"""Autoencoders: what is left of a sample after it went through a narrow place."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, real
from reference.losses.regression import mse

FILE = "003_ad5d26ecc7ac182d.md"
NOTE = Note(FILE, line=145)
DENOISING = Note(FILE, line=152)
DEEP_LEARNING = Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "sections 14.1 and 14.2.2", "https://www.deeplearningbook.org/contents/autoencoders.html")
BALDI = Paper("Baldi & Hornik 1989, Neural networks and principal component analysis", "section 3", "https://doi.org/10.1016/0893-6080(89)90014-2")
VINCENT = Paper("Vincent et al. 2008, Extracting and Composing Robust Features with Denoising Autoencoders", "section 2.3", "https://doi.org/10.1145/1390156.1390294")


@equation(
    latex=r"L = \frac{1}{N D} \sum_{n=1}^{N} \sum_{d=1}^{D} (x_{n,d} - \hat{x}_{n,d})^2",
    sources=[DEEP_LEARNING, NOTE],
    domain=dict(x=Array(real, "N D"), restored=Array(real, "N D")),
    outputs=("loss",),
)
def reconstruction_loss(x, restored):
    """An autoencoder as wide as its input can restore everything and learn nothing."""
    return mse(restored, x)


@reconstruction_loss.dialect(
    "sum-of-features",
    latex=r"L = \frac{1}{N} \sum_{n=1}^{N} \sum_{d=1}^{D} (x_{n,d} - \hat{x}_{n,d})^2",
    sources=[BALDI],
    differs="the squares of a sample are added up, so that wide samples cost more",
    telling=dict(x=np.array([[1.0, 1.0]]), restored=np.array([[0.0, 0.0]])),
)
def _(x, restored):
    return np.mean(np.sum((x - restored) ** 2, axis=1))


@reconstruction_loss.law("only a perfect copy costs nothing")
def _(f, x, error):
    return f(x, x + error) * x.size, np.einsum("nd,nd->", error, error)


@equation(
    latex=r"L = \frac{1}{N} \sum_{n=1}^{N} \sum_{d=1}^{D} \left( x_{n,d} - \sum_{k=1}^{K} B_{d,k} \sum_{e=1}^{D} A_{k,e} x_{n,e} \right)^2",
    sources=[BALDI, Note(FILE, line=147), Note(FILE, line=149), Note(FILE, line=153)],
    domain=dict(x=Array(real, "N D"), encoder=Array(real, "K D"), decoder=Array(real, "D K")),
    outputs=("loss",),
)
def linear_autoencoder_loss(x, encoder, decoder):
    """A linear autoencoder can do no better than principal component analysis, and at its best does the same."""
    return np.mean(np.sum((x - x @ encoder.T @ decoder.T) ** 2, axis=1))


@linear_autoencoder_loss.closed_form(
    "with u to encode and uᵀ to decode it loses the variance that is not along u",
    when="the data are centred and u has length 1",
    outside=dict(x=np.array([[1.0, 0.0], [1.0, 0.0]]), u=np.array([0.0, 1.0])),
)
def _(f, x, u):
    """So the best u is the first principal component. Data that are not centred need a bias, or their mean is in the way."""
    away = x - np.mean(x, axis=0)
    variance, along = np.sum(away**2), np.sum((away @ u) ** 2)
    return f(x, u[None], u[:, None]) * x.shape[0], variance - along


@linear_autoencoder_loss.law(
    "with a decoder of length 1 any encoder e loses (e - u)ᵀS(e - u) more than u",
    when="u has length 1",
    outside=dict(x=np.array([[1.0]]), e=np.array([0.0]), u=np.array([2.0])),
)
def _(f, x, e, u):
    """S is the mean of xxᵀ, which is never negative: each decoder is best served by its own transpose."""
    second = np.einsum("nd,ne->de", x, x) / x.shape[0]
    more = np.einsum("d,de,e->", e - u, second, e - u)
    return f(x, e[None], u[:, None]), f(x, u[None], u[:, None]) + more


@equation(
    latex=r"""
        L = \frac{1}{N} \sum_{n=1}^{N} \sum_{d=1}^{D} \left( x_{n,d} - \sum_{k=1}^{K} B_{d,k} \sum_{e=1}^{D} A_{k,e} (x_{n,e} + \epsilon_{n,e}) \right)^2
    """,
    sources=[VINCENT, DENOISING],
    domain=dict(x=Array(real, "N D"), noise=Array(real, "N D"), encoder=Array(real, "K D"), decoder=Array(real, "D K")),
    outputs=("loss",),
)
def denoising_loss(x, noise, encoder, decoder):
    """What comes out is compared with the clean sample, so that even a wide autoencoder cannot just copy."""
    return np.mean(np.sum((x - (x + noise) @ encoder.T @ decoder.T) ** 2, axis=1))


@denoising_loss.law("without noise it is the autoencoder's loss", when="the noise is 0",
                    outside=dict(x=np.array([[0.0]]), noise=np.array([[1.0]]), encoder=np.array([[1.0]]), decoder=np.array([[1.0]])))  # fmt: skip
def _(f, x, noise, encoder, decoder):
    return f(x, noise, encoder, decoder), linear_autoencoder_loss(x, encoder, decoder)


@denoising_loss.law("over a noise and its opposite it adds the mean square of what noise gets through")
def _(f, x, noise, encoder, decoder):
    both = f(x, noise, encoder, decoder) + f(x, -noise, encoder, decoder)
    through = np.mean(np.sum((noise @ encoder.T @ decoder.T) ** 2, axis=1))
    return both, 2 * (linear_autoencoder_loss(x, encoder, decoder) + through)


reconstruction_loss.wording(r"L = \frac{1}{N} \sum_{n=1}^N \|x_n - \hat{x}_n\|^2", dialect="sum-of-features")
reconstruction_loss.wording(
    r"L(x, g(f(x))) = \|x - g(f(x))\|^2", dialect="sum-of-features", symbols={"g(f(x))": "restored"}
)
denoising_loss.wording(
    r"L(x, g(f(\tilde{x}))) = \|x - g(f(\tilde{x}))\|^2",
    symbols={r"g(f(\tilde{x}))": lambda x, noise, encoder, decoder: (x + noise) @ encoder.T @ decoder.T},
)
