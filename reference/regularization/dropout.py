"""Dropout: numbers are thrown away at random, and the others are scaled up."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import bit, decay, lane, real
from reference.functions import either

SRIVASTAVA = Paper("Srivastava et al. 2014, Dropout: A Simple Way to Prevent Neural Networks from Overfitting", "sections 4 and 10", "https://jmlr.org/papers/v15/srivastava14a.html")
KLAMBAUER = Paper("Klambauer et al. 2017, Self-Normalizing Neural Networks", "section 2, new dropout technique", "https://arxiv.org/abs/1706.02515")
NOTES = [
    Note("001_468a25992c418006.md", line=352),
    Note("003_ad5d26ecc7ac182d.md", line=93),
    Note("004_11d13f61f87581fb.md", line=94),
]
LAMBDA, ALPHA = 1.0507009873554805, 1.6732632423543772  # of SELU
LOWEST = -LAMBDA * ALPHA  # of SELU: what it tends to on the left

kept = either(
    lambda x, mask, p: x * mask / (1 - p),
    lambda x, mask, p: x * (mask / (1 - p)),
    lambda x, mask, p: x * mask * (1 / (1 - p)),
)


@equation(
    latex=r"y = \frac{r \, x}{1 - p}",
    sources=[SRIVASTAVA, *NOTES],
    domain=dict(x=lane(real), mask=lane(bit), p=decay),
    outputs=("y",),
)
def dropout(x, mask, *, p):
    """Over all masks the mean of what dropout gives is what it was given.

    `mask` is 1 where x is kept, which happens with probability 1 - p. This is the inverted form: nothing is left to do
    when the network is used.
    """
    return kept(x, mask, p)


@dropout.dialect(
    "unscaled",
    latex=r"y = r \, x",
    sources=[SRIVASTAVA],
    differs="training does not scale; instead the weights are multiplied by 1 - p when the network is used",
    telling=dict(x=np.array([1.0]), mask=np.array([1]), p=0.5),
)
def _(x, mask, *, p):
    return x * mask


@dropout.dialect(
    "alpha",
    latex=r"""
        s = -\lambda \alpha \\
        a = \frac{1}{\sqrt{(1 - p)(1 + p s^2)}} \\
        y = a (r x + s (1 - r)) - a s p
    """,
    symbols={r"\lambda": lambda: LAMBDA, r"\alpha": lambda: ALPHA},
    sources=[KLAMBAUER, Paper("PyTorch, torch.nn.AlphaDropout", "the description", "https://pytorch.org/docs/stable/generated/torch.nn.AlphaDropout.html")],
    differs="what is dropped goes to SELU's lowest value, and an affine map restores mean 0 and variance 1",
    telling=dict(x=np.array([1.0]), mask=np.array([1]), p=0.5),
)
def _(x, mask, *, p):
    return alpha_dropout(x, mask, p, LOWEST)


def alpha_dropout(x, mask, p, lowest):
    """Alpha dropout for any value that dropped numbers are sent to."""
    scale = 1 / np.sqrt((1 - p) * (1 + p * lowest**2))
    return scale * (x * mask + lowest * (1 - mask)) - scale * lowest * p


@dropout.gradient_form("x")
def _(dy, x, mask, *, p):
    return kept(dy, mask, p)


@dropout.closed_form("over all masks its mean is x", when="each number is kept with probability 1 - p", by="enumeration",
                     outside=dict(x=np.array([1.0]), p=0.5, keep=0.25))  # fmt: skip
def _(f, x, *, p, keep):
    return sum(weight * f(x, mask, p=p) for mask, weight in masks(x.size, keep)), x


@dropout.closed_form("over all masks its variance is x²p/(1 - p)", when="each number is kept with probability 1 - p", by="enumeration",
                     outside=dict(x=np.array([1.0]), p=0.25, keep=0.25))  # fmt: skip
def _(f, x, *, p, keep):
    deviations = sum(weight * (f(x, mask, p=p) - x) ** 2 for mask, weight in masks(x.size, keep))
    return deviations * (1 - p), x**2 * p


@dropout.closed_form("over all masks two numbers are uncorrelated", when="their masks are independent", by="enumeration",
                     outside=dict(x=np.array([1.0, 1.0]), p=0.5, weighted=((np.array([1, 1]), 0.5), (np.array([0, 0]), 0.5))))  # fmt: skip
def _(f, x, *, p, weighted):
    together = sum(weight * (f(x, mask, p=p)[0] - x[0]) * (f(x, mask, p=p)[1] - x[1]) for mask, weight in weighted)
    return together, 0


def masks(n, keep):
    """Every mask of n independent bits, and its probability when each is 1 with probability `keep`."""
    for number in range(2**n):
        mask = np.array([number >> k & 1 for k in range(n)])
        ones = int(mask.sum())
        yield mask, keep**ones * (1 - keep) ** (n - ones)


dropout.limit("what is dropped is 0", given=dict(x=3.0, mask=0, p=0.5), gives=0.0)
dropout.limit("nothing dropped, nothing scaled", given=dict(x=3.0, mask=1, p=0.0), gives=3.0)
dropout.limit("a dropped infinity is no number", given=dict(x=np.inf, mask=0, p=0.5), gives=np.nan)


dropout.wording(r"y = \begin{cases} 0 & r = 0 \\ \frac{x}{1 - p} & r = 1 \end{cases}")
dropout.wording(
    r"y = \begin{cases} 0 & \text{with probability } p \\ \frac{x}{1 - p} & \text{otherwise} \end{cases}",
    symbols={"chance": lambda mask, p: (p + mask) / 2},
)
dropout.wording(r"y = \frac{r \odot x}{q}", symbols={"q": lambda p: 1 - p})  # q is how likely it is that a value stays
