"""The hyperbolic tangent: a sigmoid stretched to (-1, 1)."""

import numpy as np

from reference.activations.sigmoid import sigmoid
from reference.catalogue import Note, Paper, equation
from reference.domain import lane, real


@equation(
    latex=r"\tanh(x) = \frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}",
    sources=[
        Note("003_ad5d26ecc7ac182d.md", line=53),
        Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "section 6.3.2", "https://www.deeplearningbook.org/contents/mlp.html"),
    ],
    domain=dict(x=lane(real)),
    outputs=("y",),
)  # fmt: skip
def tanh(x):
    """tanh x = 2σ(2x) - 1, and near 0 it is x itself up to x³/3, which a sigmoid never is."""
    return np.tanh(x)


@tanh.gradient_form("x", facet="the slope from the saved value, which is 0 where the value rounds to 1")
def _(dy, x):
    y = tanh(x)
    return dy * (1 - y**2)


@tanh.law("it is a sigmoid twice as steep, stretched and lowered")
def _(f, x):
    return f(x), 2 * sigmoid(2 * x) - 1


@tanh.law("opposite arguments give opposite values")
def _(f, x):
    return f(-x), -f(x)


@tanh.law("it is the quotient of the exponentials' difference and sum")
def _(f, x):
    return f(x) * (np.exp(x) + np.exp(-x)), np.exp(x) - np.exp(-x)


tanh.limit("everything far to the left is -1", given=dict(x=-np.inf), gives=-1.0)
tanh.limit("everything far to the right is 1", given=dict(x=np.inf), gives=1.0)
tanh.limit("where the exponentials overflow the value is 1, not NaN", given=dict(x=1000.0), gives=1.0)
tanh.limit("both zeros stay what they are", given=dict(x=[0.0, -0.0]), gives=[0.0, -0.0])
tanh.limit("NaN stays NaN", given=dict(x=np.nan), gives=np.nan)


tanh.wording(r"y = \frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}")
tanh.wording(r"y = 2 \sigma(2 x) - 1")
tanh.wording(r"y = \frac{1 - e^{-2x}}{1 + e^{-2x}}")
tanh.wording(r"y = \frac{e^{2x} - 1}{e^{2x} + 1}")


tanh.wording(r"\tanh'(x) = 1 - \tanh^2(x)")
