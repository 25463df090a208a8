"""Local response normalisation: a channel is held down by its neighbours."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, integer, nonnegative, positive, real
from reference.functions import either, windows

TELLING = dict(x=np.ones((1, 1, 1)), size=3, alpha=3.0, beta=1.0, k=1.0)

divided = either(
    lambda alpha, square, size: alpha * (square / size),
    lambda alpha, square, size: alpha / size * square,
)


def neighbours(x, size):
    """The sum of the squares of the `size` channels around each; beyond the first and the last there is nothing."""
    padded = np.pad(np.moveaxis(x**2, 1, -1), ((0, 0), (0, 0), (size // 2, size // 2)))
    return np.moveaxis(np.sum(windows(padded, (size,)), axis=-1), -1, 1)


@equation(
    latex=r"b_i = \frac{a_i}{\left( k + \alpha \sum_{j=\max(0, i - \lfloor s/2 \rfloor)}^{\min(C - 1, i + \lfloor s/2 \rfloor)} a_j^2 \right)^\beta}",
    sources=[
        Note("002_ba28ceac52ab63bb.md", line=209),
        Paper("Krizhevsky, Sutskever & Hinton 2012, ImageNet Classification with Deep Convolutional Neural Networks", "section 3.3", "https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks"),
    ],
    domain=dict(x=Array(real, "N C L", batch="N"), size=integer(1, 5), alpha=nonnegative, beta=positive, k=positive),
    where=("size % 2 == 1",),
    outputs=("y",),
)  # fmt: skip
def local_response_norm(x, *, size, alpha, beta, k):
    """It learns nothing and keeps every sign: a channel is only made smaller where its neighbours are loud."""
    return x / np.power(k + alpha * neighbours(x, size), beta)


@local_response_norm.dialect(
    "alpha over size",
    latex=r"b_i = \frac{a_i}{\left( k + \frac{\alpha}{s} \sum_{j=\max(0, i - \lfloor s/2 \rfloor)}^{\min(C - 1, i + \lfloor s/2 \rfloor)} a_j^2 \right)^\beta}",
    sources=[Paper("PyTorch documentation", "torch.nn.LocalResponseNorm", "https://docs.pytorch.org/docs/stable/generated/torch.nn.LocalResponseNorm.html")],
    differs="α multiplies the mean of the squares instead of their sum, so the paper's α is s times as large here",
    telling=TELLING,
)
def _(x, *, size, alpha, beta, k):
    return x / np.power(k + divided(alpha, neighbours(x, size), size), beta)


@local_response_norm.law("the sign of the input is the sign of the output", by="rationals")
def _(f, x, *, size, alpha, beta, k):
    return np.sign(f(x, size=size, alpha=alpha, beta=beta, k=k)), np.sign(x)


@local_response_norm.law("the first channel hears no channel beyond half the size")
def _(f, x, *, size, alpha, beta, k):
    near = x[:, : size // 2 + 1]
    return f(x, size=size, alpha=alpha, beta=beta, k=k)[:, 0], f(near, size=size, alpha=alpha, beta=beta, k=k)[:, 0]


@local_response_norm.closed_form("without α only a constant factor is left", when="α = 0", outside=TELLING)
def _(f, x, *, size, alpha, beta, k):
    return f(x, size=size, alpha=alpha, beta=beta, k=k), x / np.power(k * np.ones_like(x), beta)


local_response_norm.limit("a silent image stays silent", given=dict(x=[[[0.0], [0.0]]], size=3, alpha=1.0, beta=0.75, k=1.0), gives=[[[0.0], [0.0]]])
local_response_norm.limit("a NaN reaches its neighbours and no farther", given=dict(x=[[[np.nan], [1.0], [0.0]]], size=3, alpha=1.0, beta=1.0, k=1.0),
                          gives=[[[np.nan], [np.nan], [0.0]]])  # fmt: skip
local_response_norm.wording(  # n/2 is rounded down, or n is even
    r"b_i = a_i / \left( k + \alpha \sum_{j=\max(0, i - n/2)}^{\min(N-1, i + n/2)} a_j^2 \right)^\beta",
    symbols={"n": lambda size: size - 1, "N": "C"},
)
