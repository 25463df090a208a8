"""The logistic function."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import lane, real


@equation(
    latex=r"\sigma(x) = \frac{1}{1 + e^{-x}}",
    sources=[
        Note("003_ad5d26ecc7ac182d.md", line=42),
        Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "equation 3.30", "https://www.deeplearningbook.org/contents/prob.html"),
    ],
    domain=dict(x=lane(real)),
    outputs=("y",),
)
def sigmoid(x):
    """σ(-x) = 1 - σ(x), and σ is the only solution of y' = y(1 - y) with y(0) = 1/2."""
    return 1 / (1 + np.exp(-x))


@sigmoid.gradient_form("x")
def _(dy, x):
    y = sigmoid(x)
    return dy * y * (1 - y)


@sigmoid.law("opposite arguments give complementary values")
def _(f, x):
    return f(-x), 1 - f(x)


sigmoid.limit("everything far to the left is 0", given=dict(x=-np.inf), gives=0.0)
sigmoid.limit("everything far to the right is 1", given=dict(x=np.inf), gives=1.0)
sigmoid.limit("zero is in the middle", given=dict(x=0.0), gives=0.5)
sigmoid.limit("NaN stays NaN", given=dict(x=np.nan), gives=np.nan)
