"""LeNet-5: convolutions and pooling by turns, and a multi-layer perceptron on top."""

import numpy as np

from reference.architecture.layers import convolution, dense, size
from reference.catalogue import Note, Paper, equation
from reference.domain import count, integer

STUDY_NOTE = Note("002_ba28ceac52ab63bb.md", line=167)
INPUT = Note("002_ba28ceac52ab63bb.md", line=171)
LECUN = Paper("LeCun, Bottou, Bengio & Haffner 1998, Gradient-Based Learning Applied to Document Recognition", "section II.B and figure 2", "https://doi.org/10.1109/5.726791")


@equation(
    latex=r"""
        p_1 = 6 (25 C + 1) \\
        p_2 = 16 (25 \cdot 6 + 1) \\
        p_3 = 120 (25 \cdot 16 + 1) \\
        p_4 = 84 (120 + 1) \\
        p_5 = 10 (84 + 1)
    """,
    sources=[STUDY_NOTE, INPUT, LECUN],
    domain=dict(channels=integer(1, 4)),
    outputs=("parameters",),
    dtype="exact",
)
def lenet_5_parameters(*, channels):
    """Nearly four fifths of LeNet's parameters are in one layer, the last one with kernels, which sees all that is left.

    As it is built today: every map sees all maps below it, and pooling learns nothing. 6@28x28 in the picture does
    mean six kernels, as the notes ask.
    """
    return np.array([convolution(channels, 6, 5), convolution(6, 16, 5), *dense(400, 120, 84, 10)])


@lenet_5_parameters.dialect(
    "as published",
    latex=r"""
        p_1 = 6 (25 C + 1) + 2 \cdot 6 \\
        p_2 = 25 (6 \cdot 3 + 9 \cdot 4 + 6) + 16 + 2 \cdot 16 \\
        p_3 = 120 (25 \cdot 16 + 1) \\
        p_4 = 84 (120 + 1) \\
        p_5 = 0
    """,
    sources=[LECUN],
    differs="the second layer's maps see three, four or six of the first's, each pooled map learns a factor and a bias, "
    "and the last layer measures distances to fixed pictures",
    telling=dict(channels=1),
)
def _(*, channels):
    table = [3] * 6 + [4] * 9 + [6]  # how many maps of the first layer each map of the second sees (the paper's table I)
    sparse = sum(convolution(maps, 1, 5) for maps in table)
    return np.array([convolution(channels, 6, 5) + 2 * 6, sparse + 2 * 16, *dense(400, 120, 84), 0])


@lenet_5_parameters.closed_form(
    "they are 61,706, the first layer having 156",
    when="the image is grey",
    by="enumeration",
    outside=dict(channels=3),
)
def _(f, *, channels=1):
    parameters = f(channels=channels)
    return (parameters[0], int(np.sum(parameters))), (156, 61_706)


@lenet_5_parameters.closed_form("in colour they are 300 more, 62,006", by="enumeration")
def _(f):
    return int(np.sum(f(channels=3))), int(np.sum(f(channels=1))) + 2 * 6 * 25


@equation(
    latex=r"""
        i = \lfloor (I - 4) / 2 \rfloor \\
        j = \lfloor (i - 4) / 2 \rfloor \\
        s_0 = (C, I, I) \\
        s_1 = (6, I - 4, I - 4) \\
        s_2 = (6, i, i) \\
        s_3 = (16, i - 4, i - 4) \\
        s_4 = (16, j, j) \\
        s_5 = (16 j^2, 1, 1)
    """,
    sources=[INPUT, Note("002_ba28ceac52ab63bb.md", line=175), LECUN],
    domain=dict(channels=count, side=integer(16, 40)),
    outputs=("shapes",),
    dtype="exact",
)
def lenet_5_shapes(*, channels, side):
    """Kernels of 5 take four pixels from each side's length, and pooling halves it: 32, 28, 14, 10, 5."""
    first = size(side, 5)
    second = size(first, 2, 2)
    third = size(second, 5)
    last = size(third, 2, 2)
    stages = [(channels, side), (6, first), (6, second), (16, third), (16, last), (16 * last**2, 1)]
    return np.array([(maps, length, length) for maps, length in stages])


@lenet_5_shapes.closed_form(
    "400 numbers reach the dense layers",
    when="the image has 32 to 35 pixels a side",
    by="enumeration",
    outside=dict(side=28),
)
def _(f, *, side):
    return int(f(channels=1, side=side)[-1, 0]), 400
