"""Three sigmoid layers of one unit each: the smallest network in which gradients vanish."""

import numpy as np

from reference.activations.sigmoid import sigmoid, through_the_bend
from reference.catalogue import Note, Paper, equation
from reference.domain import lane, real

BENGIO = Paper("Bengio, Simard & Frasconi 1994, Learning long-term dependencies with gradient descent is difficult", "section III", "https://doi.org/10.1109/72.279181")
STUDY_NOTE = Note("000_301a927e2f22c6c5.md", line=156)
CHAIN = dict(x=lane(real), w1=lane(real), w2=lane(real), w3=lane(real))


@equation(
    latex=r"""
        a_1 = \sigma(w_1 x) \\
        a_2 = \sigma(w_2 a_1) \\
        y = \sigma(w_3 a_2)
    """,
    sources=[Note("000_301a927e2f22c6c5.md", line=152)],
    domain=CHAIN,
    outputs=("y",),
)
def sigmoid_chain(x, w1, w2, w3):
    """Whatever the input and the first two weights, the output lies between 1/2 and σ(w₃)."""
    return sigmoid(w3 * sigmoid(w2 * sigmoid(w1 * x)))


def errors(x, w1, w2, w3):
    """How the output answers to what enters each of the three sigmoids, and what the first two send out."""
    a1 = sigmoid(w1 * x)
    a2 = sigmoid(w2 * a1)
    y = sigmoid(w3 * a2)
    d3 = y * (1 - y)
    d2 = through_the_bend(d3 * w3, a2)
    d1 = through_the_bend(d2 * w2, a1)
    return d1, d2, d3, a1, a2


SAVED = "slopes from saved values, which are 0 where the value rounds to 1"


@sigmoid_chain.backwards("x", "w1", "w2", "w3", facet=SAVED)
def _(dy, x, w1, w2, w3):
    d1, d2, d3, a1, a2 = errors(x, w1, w2, w3)
    return dy * d1 * w1, dy * d1 * x, dy * d2 * a1, dy * d3 * a2


@sigmoid_chain.law("the output is no farther from 1/2 than σ(w₃) is", by="balls")
def _(f, x, w1, w2, w3):
    far = np.abs(2 * sigmoid(w3) - 1)
    return np.maximum(np.abs(2 * f(x, w1, w2, w3) - 1), far), far


@equation(
    latex=r"""
        a_1 = \sigma(w_1 x) \\
        a_2 = \sigma(w_2 a_1) \\
        y = \sigma(w_3 a_2) \\
        \frac{\partial y}{\partial w_3} = y (1 - y) a_2 \\
        \frac{\partial y}{\partial w_2} = y (1 - y) w_3 a_2 (1 - a_2) a_1 \\
        \frac{\partial y}{\partial w_1} = y (1 - y) w_3 a_2 (1 - a_2) w_2 a_1 (1 - a_1) x
    """,
    sources=[STUDY_NOTE, BENGIO],
    domain=CHAIN,
    outputs=("dw1", "dw2", "dw3"),
    differentiable=(),
)
def sigmoid_chain_gradient(x, w1, w2, w3):
    """Each layer between the output and a weight multiplies its gradient by one weight and by one slope of at most 1/4."""
    d1, d2, d3, a1, a2 = errors(x, w1, w2, w3)
    return d1 * x, d2 * a1, d3 * a2


@sigmoid_chain_gradient.law("the first weight's gradient is at most |w₂ w₃ x|/4³", by="balls")
def _(f, x, w1, w2, w3):
    dw1, _, _ = f(x, w1, w2, w3)
    most = np.abs(w2 * w3 * x) / 4**3
    return np.maximum(np.abs(dw1), most), most


@sigmoid_chain_gradient.closed_form("with w₂ or w₃ zero the first weight has no gradient", when="w₂ w₃ = 0",
                                    outside=dict(x=1.0, w1=0.0, w2=1.0, w3=1.0))  # fmt: skip
def _(f, x, w1, w2, w3):
    dw1, _, _ = f(x, w1, w2, w3)
    return dw1, np.zeros_like(dw1)


@sigmoid_chain_gradient.law("weights of 10 shrink the gradient more than weights of 1", by="balls")
def _(f, x):
    ten, one = (np.abs(f(x, w, w, w)[0]) for w in (0 * x + 10, 0 * x + 1))
    return np.maximum(ten, one), one


@equation(
    latex=r"g = |w| \, \sigma(w a) (1 - \sigma(w a))",
    sources=[STUDY_NOTE, Note("004_11d13f61f87581fb.md", line=80), BENGIO],
    domain=dict(a=lane(real), w=lane(real)),
    outputs=("gain",),
    differentiable=(),
)
def sigmoid_layer_gain(a, w):
    """A sigmoid layer passes back the part |w| σ'(wa) of a gradient: a large weight closes it as surely as a small one."""
    y = sigmoid(w * a)
    return through_the_bend(np.abs(w), y)


@sigmoid_layer_gain.law("the gradient shrinks", when="|w| < 4", by="balls", outside=dict(a=0.0, w=5.0))
def _(f, a, w):
    gain = f(a, w)
    return np.maximum(gain, 1), np.ones_like(gain)


@sigmoid_layer_gain.closed_form("at 0 a quarter of the weight passes", when="a = 0", outside=dict(a=1.0, w=1.0))
def _(f, a, w):
    return f(a, w), np.abs(w) / 4


sigmoid_chain.wording(r"y = \sigma(w_3 \, \sigma(w_2 \, \sigma(w_1 x)))")
sigmoid_chain_gradient.wording(
    r"z_1 = w_1 x \\ z_2 = w_2 \sigma(z_1) \\ z_3 = w_3 \sigma(z_2) \\ "
    r"\frac{\partial y}{\partial w_3} = \sigma'(z_3) \sigma(z_2) \\ "
    r"\frac{\partial y}{\partial w_2} = \sigma'(z_3) w_3 \sigma'(z_2) \sigma(z_1) \\ "
    r"\frac{\partial y}{\partial w_1} = \sigma'(z_3) w_3 \sigma'(z_2) w_2 \sigma'(z_1) x",
    symbols={r"\sigma'": lambda: lambda z: sigmoid(z) * sigmoid(-z)},
)
