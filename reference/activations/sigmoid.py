"""The logistic function."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import lane, real
from reference.functions import either


@equation(
    latex=r"\sigma(x) = \frac{1}{1 + e^{-x}}",
    sources=[
        Note("003_ad5d26ecc7ac182d.md", line=46),
        Note("004_11d13f61f87581fb.md", line=51),
        Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "equation 3.30", "https://www.deeplearningbook.org/contents/prob.html"),
    ],
    domain=dict(x=lane(real)),
    outputs=("y",),
)
def sigmoid(x):
    """σ(-x) = 1 - σ(x), and σ is the only solution of y' = y(1 - y) with y(0) = 1/2."""
    return 1 / (1 + np.exp(-x))


def from_its_side(x):
    """A branch for each sign, in which no exponential overflows."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


on_either_side = either(lambda x: 1 / (1 + np.exp(-x)), from_its_side)


@sigmoid.by_itself
def _(x):
    return on_either_side(x)


# The slope y(1 - y) is multiplied factor by factor, in either order, or first made.
through_the_bend = either(
    lambda dy, y: dy * y * (1 - y),
    lambda dy, y: dy * (1 - y) * y,
    lambda dy, y: dy * (y * (1 - y)),
)


@sigmoid.gradient_form("x", facet="the slope from the saved value, which is 0 where the value rounds to 1")
def _(dy, x):
    return through_the_bend(dy, sigmoid(x))


@sigmoid.gradient_form("x")
def _(dy, x):
    return dy * sigmoid(x) * sigmoid(-x)


@sigmoid.law("opposite arguments give complementary values")
def _(f, x):
    return f(-x), 1 - f(x)


@sigmoid.law("four slopes σ(x)σ(-x) fall short of 1 by tanh²(x/2), so a slope is at most 1/4")
def _(f, x):
    return 1 - 4 * f(x) * f(-x), np.tanh(x / 2) ** 2


@sigmoid.law("the value exceeds 1/2 by half the tanh of x/2, so the threshold 1/2 is the threshold 0 for x")
def _(f, x):
    return 2 * f(x) - 1, np.tanh(x / 2)


@sigmoid.law("the value is above, at or below 1/2 as the argument is above, at or below 0", by="balls")
def _(f, x):
    return np.sign(2 * f(x) - 1), np.sign(x)


sigmoid.limit("everything far to the left is 0", given=dict(x=-np.inf), gives=0.0)
sigmoid.limit("everything far to the right is 1", given=dict(x=np.inf), gives=1.0)
sigmoid.limit("zero is in the middle", given=dict(x=0.0), gives=0.5)
sigmoid.limit("NaN stays NaN", given=dict(x=np.nan), gives=np.nan)
sigmoid.limit("where exp overflows the value is 0, not NaN", given=dict(x=-1000.0), gives=0.0)
sigmoid.limit("nothing gives nothing", given=dict(x=[]), gives=[])


sigmoid.wording(r"y = \frac{1}{1 + e^{-x}}")
sigmoid.wording(r"y = \frac{e^x}{1 + e^x}")


sigmoid.wording(r"\sigma'(x) = \sigma(x) (1 - \sigma(x))")
sigmoid.wording(r"\frac{d \sigma(x)}{d x} = \frac{e^{-x}}{(1 + e^{-x})^2} = \sigma(x) (1 - \sigma(x))")
sigmoid.wording(r"S(x) = \frac{1}{1 + e^{-x}} = \frac{e^x}{e^x + 1}")
