"""Residual connections: a layer learns what is to be added to its input."""

import numpy as np

from reference.activations.sigmoid import sigmoid
from reference.catalogue import Note, Paper, equation
from reference.convolution.windowed import windowed_sum
from reference.domain import Array, real
from reference.linear.affine import affine
from reference.linear.multilayer import backpropagation, multilayer_perceptron

STUDY_NOTE = Note("002_ba28ceac52ab63bb.md", line=217)
INPUT = Note("001_468a25992c418006.md", line=45)
VANISHING = Note("002_ba28ceac52ab63bb.md", line=221)
HE = "He, Zhang, Ren & Sun 2016, Deep Residual Learning for Image Recognition"
URL = "https://arxiv.org/abs/1512.03385"
PREACTIVATION = Paper("He, Zhang, Ren & Sun 2016, Identity Mappings in Deep Residual Networks", "figure 1b and equations 3 to 5", "https://arxiv.org/abs/1603.05027")
ONES = np.ones((1, 1, 1, 1))


def rectified(x):
    """The positive part."""
    return np.maximum(x, 0)


@equation(
    latex=r"""
        F = W_2 \, \sigma(W_1 x + b_1) + b_2 \\
        y = x + F
    """,
    sources=[STUDY_NOTE, INPUT, VANISHING, Paper(HE, "equation 1", URL)],
    domain=dict(x=Array(real, "N I", batch="N"), W1=Array(real, "H I"), b1=Array(real, "H"), W2=Array(real, "I H"),
                b2=Array(real, "I")),
    outputs=("y",),
)  # fmt: skip
def residual(x, W1, b1, W2, b2):
    """A gradient always has one way around F, where nothing shrinks it: the Jacobian is I + F′."""
    return x + multilayer_perceptron(x, W1, b1, W2, b2)


@residual.backwards("x", "W1", "b1", "W2")
def _(dy, x, W1, b1, W2, b2):
    through, *weights = backpropagation(x, W1, b1, W2, dy)[:4]
    return dy + through, *weights


@residual.law(
    "it is the identity",
    when="the last weights and bias are 0, as they may be at the start",
    outside=dict(x=np.array([[0.0]]), W1=np.array([[0.0]]), b1=np.array([0.0]), W2=np.array([[1.0]]), b2=np.array([0.0])),
)
def _(f, x, W1, b1, W2, b2):
    return f(x, W1, b1, W2, b2), x


@residual.closed_form("its Jacobian is the identity plus that of F")
def _(f, x, W1, b1, W2, b2):
    import sympy as sp

    (inputs,) = x.value
    (outputs,) = f(x, W1, b1, W2, b2).value
    h = sigmoid(affine(x, W1, b1))
    inner = np.einsum("oh,nh,hi->oi", W2, h * (1 - h), W1)
    jacobian = [[sp.diff(y, s) for s in inputs] for y in outputs]
    return jacobian, np.eye(len(inputs), dtype=int) + inner


@residual.law("two blocks in a row add to the input what each of them adds")
def _(f, x, W1, b1, W2, b2):
    once = f(x, W1, b1, W2, b2)
    added = multilayer_perceptron(x, W1, b1, W2, b2) + multilayer_perceptron(once, W1, b1, W2, b2)
    return f(once, W1, b1, W2, b2), x + added


def _convolved(x, w, b):
    """A convolution that keeps the size."""
    return windowed_sum(x, w, b, 1, w.shape[2] // 2, 1, 1)


@equation(
    latex=r"""
        h = \max(0, W_1 \star x + b_1) \\
        y = \max(0, x + W_2 \star h + b_2)
    """,
    sources=[STUDY_NOTE, Paper(HE, "figure 5, left", URL)],
    domain=dict(x=Array(real, "N C H W", batch="N"), w1=Array(real, "B C 3 3"), b1=Array(real, "B"),
                w2=Array(real, "C B 3 3"), b2=Array(real, "C")),
    sizes=dict(N=(1, 2), C=(1, 3), B=(1, 3)),
    outputs=("y",),
)  # fmt: skip
def basic_block(x, w1, b1, w2, b2):
    """Two convolutions of 3 x 3 that need only learn what is missing.

    Batch normalisation follows each convolution; once trained it is a part of the kernels and biases.
    """
    return rectified(x + _convolved(rectified(_convolved(x, w1, b1)), w2, b2))


@basic_block.dialect(
    "rectified before",
    latex=r"""
        h = \max(0, W_1 \star \max(0, x) + b_1) \\
        y = x + W_2 \star h + b_2
    """,
    sources=[PREACTIVATION],
    differs="the rectifiers stand before the convolutions, so that nothing bends the way around them",
    telling=dict(x=-ONES, w1=np.zeros((1, 1, 3, 3)), b1=np.array([0.0]), w2=np.zeros((1, 1, 3, 3)), b2=np.array([0.0])),
)
def _(x, w1, b1, w2, b2):
    return x + _convolved(rectified(_convolved(rectified(x), w1, b1)), w2, b2)


@basic_block.dialect(
    "plain",
    latex=r"""
        h = \max(0, W_1 \star x + b_1) \\
        y = \max(0, W_2 \star h + b_2)
    """,
    sources=[Paper(HE, "section 3.3, plain network", URL)],
    differs="the input is not added",
    telling=dict(x=ONES, w1=np.zeros((1, 1, 3, 3)), b1=np.array([0.0]), w2=np.zeros((1, 1, 3, 3)), b2=np.array([0.0])),
)
def _(x, w1, b1, w2, b2):
    return rectified(_convolved(rectified(_convolved(x, w1, b1)), w2, b2))


@basic_block.law(
    "with weights of 0 it is the identity",
    when="no pixel is negative",
    by="rationals",
    outside=dict(x=-ONES, channels=1),
)
def _(f, x, *, channels):
    C = x.shape[1]
    w1, w2 = np.zeros((channels, C, 3, 3), dtype=int), np.zeros((C, channels, 3, 3), dtype=int)
    return f(x, w1, np.zeros(channels, dtype=int), w2, np.zeros(C, dtype=int)), x


@equation(
    latex=r"""
        g = \max(0, W_1 \star x + b_1) \\
        h = \max(0, W_2 \star g + b_2) \\
        y = \max(0, x + W_3 \star h + b_3)
    """,
    sources=[STUDY_NOTE, Paper(HE, "figure 5, right", URL)],
    domain=dict(x=Array(real, "N C H W", batch="N"), w1=Array(real, "B C 1 1"), b1=Array(real, "B"),
                w2=Array(real, "B B 3 3"), b2=Array(real, "B"), w3=Array(real, "C B 1 1"), b3=Array(real, "C")),
    sizes=dict(N=(1, 2), C=(1, 4), B=(1, 2)),
    outputs=("y",),
)  # fmt: skip
def bottleneck_block(x, w1, b1, w2, b2, w3, b3):
    """Narrowing to a quarter of the channels, by single pixels, makes three layers as cheap as two."""
    narrow = rectified(_convolved(x, w1, b1))
    return rectified(x + _convolved(rectified(_convolved(narrow, w2, b2)), w3, b3))


@bottleneck_block.law("if the middle kernel is a single tap in its centre, pixels do not see each other", by="rationals")
def _(f, x, w1, b1, tap, b2, w3, b3):
    w2 = np.pad(tap, ((0, 0), (0, 0), (1, 1), (1, 1)))
    alone = f(x[:, :, :1, :1], w1, b1, w2, b2, w3, b3)
    return f(x, w1, b1, w2, b2, w3, b3)[:, :, :1, :1], alone


residual.wording(r"y = x + F(x)", symbols={"F(x)": lambda x, W1, b1, W2, b2: sigmoid(x @ W1.T + b1) @ W2.T + b2})
residual.wording(
    r"y = F(x, \{W_i\}) + x",
    symbols={r"F(x, \{W_i\})": lambda x, W1, b1, W2, b2: lambda i: multilayer_perceptron(x, W1, b1, W2, b2)},
)
