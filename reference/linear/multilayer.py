"""The multi-layer perceptron: forwards, backwards, and how many numbers it learns."""

from itertools import pairwise

import numpy as np

from reference.activations.sigmoid import sigmoid, through_the_bend
from reference.catalogue import Note, Paper, equation
from reference.domain import Array, count, real
from reference.linear.affine import affine

PICTURE = Note("001_468a25992c418006.md", label="img 3")
LAYERS = Note("002_ba28ceac52ab63bb.md", line=62)
BIAS = Note("002_ba28ceac52ab63bb.md", line=64)
BACKWARDS = Note("003_ad5d26ecc7ac182d.md", line=58)
RUMELHART = Paper("Rumelhart, Hinton & Williams 1986, Learning representations by back-propagating errors", "equations 1, 2 and 5 to 7", "https://doi.org/10.1038/323533a0")

NETWORK = dict(
    x=Array(real, "N I", batch="N"), W1=Array(real, "H I"), b1=Array(real, "H"), W2=Array(real, "O H"), b2=Array(real, "O"),
)  # fmt: skip


@equation(
    latex=r"""
        h = \sigma(x W_1^T + b_1) \\
        y = h W_2^T + b_2
    """,
    sources=[PICTURE, LAYERS, RUMELHART],
    domain=NETWORK,
    outputs=("y",),
)
def multilayer_perceptron(x, W1, b1, W2, b2):
    """A bend between two affine maps makes a network of what would be one affine map."""
    return affine(sigmoid(affine(x, W1, b1)), W2, b2)


ZERO = np.array([0.0])


@multilayer_perceptron.dialect(
    "rectifier",
    latex=r"""
        h = \max(0, x W_1^T + b_1) \\
        y = h W_2^T + b_2
    """,
    sources=[Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "equation 6.3", "https://www.deeplearningbook.org/contents/mlp.html")],
    differs="the bend is a rectifier's, so that the network is affine wherever no hidden unit changes sides",
    telling=dict(x=np.array([[0.0]]), W1=np.array([[1.0]]), b1=ZERO, W2=np.array([[1.0]]), b2=ZERO),
)
def _(x, W1, b1, W2, b2):
    return affine(np.maximum(affine(x, W1, b1), 0), W2, b2)


@multilayer_perceptron.dialect(
    "sigmoid at the end",
    latex=r"""
        h = \sigma(x W_1^T + b_1) \\
        y = \sigma(h W_2^T + b_2)
    """,
    sources=[RUMELHART],
    differs="the outputs are bent as well, and lie between 0 and 1",
    telling=dict(x=np.array([[0.0]]), W1=np.array([[1.0]]), b1=ZERO, W2=np.array([[0.0]]), b2=ZERO),
)
def _(x, W1, b1, W2, b2):
    return sigmoid(affine(sigmoid(affine(x, W1, b1)), W2, b2))


def _hidden(x, W1, b1, W2, dy):
    """The hidden layer, and how the loss depends on the sums before its bend."""
    h = sigmoid(affine(x, W1, b1))
    return h, through_the_bend(np.einsum("no,oh->nh", dy, W2), h)


@equation(
    latex=r"""
        h = \sigma(x W_1^T + b_1) \\
        \delta = (\bar{y} W_2) \odot h \odot (1 - h) \\
        \bar{x} = \delta W_1 \\
        \bar{W}_1 = \delta^T x \\
        \bar{b}_1 = \sum_n \delta_n \\
        \bar{W}_2 = \bar{y}^T h \\
        \bar{b}_2 = \sum_n \bar{y}_n
    """,
    sources=[BACKWARDS, RUMELHART],
    domain={k: v for k, v in NETWORK.items() if k != "b2"} | dict(dy=Array(real, "N O")),
    outputs=("dx", "dW1", "db1", "dW2", "db2"),
    differentiable=("dy",),
)
def backpropagation(x, W1, b1, W2, dy):
    """All the slopes of a network cost about two forward passes more, however many weights it has.

    dy is how the loss depends on the outputs; each layer hands the dependence on through its own transpose.
    """
    h, delta = _hidden(x, W1, b1, W2, dy)
    return (
        np.einsum("nh,hi->ni", delta, W1),
        np.einsum("nh,ni->hi", delta, x),
        np.sum(delta, axis=0),
        np.einsum("no,nh->oh", dy, h),
        np.sum(dy, axis=0),
    )


@multilayer_perceptron.backwards("x", "W1", "b1", "W2")
def _(dy, x, W1, b1, W2, b2):
    return backpropagation(x, W1, b1, W2, dy)[:4]


@multilayer_perceptron.law("exchanging two hidden units changes nothing")
def _(f, x, W1, b1, W2, b2):
    turned = [np.flip(W1, 0), np.flip(b1), np.flip(W2, 1)]
    return f(x, *turned, b2), f(x, W1, b1, W2, b2)


@backpropagation.law("the slopes of several samples add up")
def _(f, x, W1, b1, W2, dy):
    each = [f(x[n : n + 1], W1, b1, W2, dy[n : n + 1]) for n in range(x.shape[0])]
    return f(x, W1, b1, W2, dy)[1:], tuple(sum(parts) for parts in zip(*each, strict=True))[1:]


@equation(
    latex=r"p = \sum_{l=1}^{L} (n_{l-1} + 1) \, n_l",
    symbols={"L": lambda L: L - 1},
    sources=[LAYERS, BIAS],
    domain=dict(widths=Array(count, "L")),
    sizes=dict(L=(2, 5)),
    outputs=("parameters",),
    dtype="exact",
)
def multilayer_parameters(widths):
    """Each unit has one weight for each unit before it and one bias; the inputs are no units and have none."""
    return sum((before + 1) * after for before, after in pairwise(widths))


@multilayer_parameters.dialect(
    "weights only",
    latex=r"p = \sum_{l=1}^{L} n_{l-1} \, n_l",
    sources=[RUMELHART],
    differs="a bias is the weight of an input that is always 1, and such inputs are not counted",
    telling=dict(widths=np.array([1, 1])),
)
def _(widths):
    return sum(before * after for before, after in pairwise(widths))


multilayer_perceptron.wording(r"h = \sigma(W_1 x + b_1) \\ y = W_2 h + b_2")
multilayer_perceptron.wording(r"y = W_2 \, \sigma(W_1 x + b_1) + b_2")
