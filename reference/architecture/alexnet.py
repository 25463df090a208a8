"""AlexNet: five convolutions on two processors, and three dense layers with nearly all the parameters."""

import numpy as np

from reference.architecture.layers import convolution, dense, size
from reference.catalogue import Note, Paper, equation
from reference.domain import count, integer

STUDY_NOTE = Note("001_468a25992c418006.md", line=39)
KRIZHEVSKY = Paper("Krizhevsky, Sutskever & Hinton 2012, ImageNet Classification with Deep Convolutional Neural Networks", "section 3.5 and figure 2", "https://papers.nips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html")
ONE_TOWER = Paper("torchvision reference", "alexnet, num_params 61100840", "https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.alexnet.html")


@equation(
    latex=r"""
        p_1 = 96 (3 \cdot 11^2 + 1) \\
        p_2 = 256 (48 \cdot 5^2 + 1) \\
        p_3 = 384 (256 \cdot 3^2 + 1) \\
        p_4 = 384 (192 \cdot 3^2 + 1) \\
        p_5 = 256 (192 \cdot 3^2 + 1) \\
        p_6 = 4096 (256 \cdot 6^2 + 1) \\
        p_7 = 4096 (4096 + 1) \\
        p_8 = n (4096 + 1)
    """,
    sources=[STUDY_NOTE, KRIZHEVSKY],
    domain=dict(classes=count),
    outputs=("parameters",),
    dtype="exact",
)
def alexnet_parameters(*, classes):
    """Splitting a convolution over two processors that do not talk halves its weights.

    The second, fourth and fifth layers are split so, in two groups; the third sees both halves.
    """
    convolutions = [
        convolution(3, 96, 11), convolution(96, 256, 5, groups=2), convolution(256, 384, 3),
        convolution(384, 384, 3, groups=2), convolution(384, 256, 3, groups=2),
    ]  # fmt: skip
    return np.array([*convolutions, *dense(256 * 6 * 6, 4096, 4096, classes)])


@alexnet_parameters.dialect(
    "one tower",
    latex=r"""
        p_1 = 64 (3 \cdot 11^2 + 1) \\
        p_2 = 192 (64 \cdot 5^2 + 1) \\
        p_3 = 384 (192 \cdot 3^2 + 1) \\
        p_4 = 256 (384 \cdot 3^2 + 1) \\
        p_5 = 256 (256 \cdot 3^2 + 1) \\
        p_6 = 4096 (256 \cdot 6^2 + 1) \\
        p_7 = 4096 (4096 + 1) \\
        p_8 = n (4096 + 1)
    """,
    sources=[ONE_TOWER],
    differs="the convolutions have 64, 192, 384, 256 and 256 kernels and are not split",
    telling=dict(classes=1),
)
def _(*, classes):
    widths = [(3, 64, 11), (64, 192, 5), (192, 384, 3), (384, 256, 3), (256, 256, 3)]
    return np.array([*(convolution(*layer) for layer in widths), *dense(256 * 6 * 6, 4096, 4096, classes)])


@alexnet_parameters.closed_form(
    "they are 60,965,224",
    when="there are 1000 classes",
    by="enumeration",
    outside=dict(classes=10),
)
def _(f, *, classes=1000):
    return int(np.sum(f(classes=classes))), 60_965_224


@alexnet_parameters.law("more than nine tenths of them are in the dense layers", by="enumeration")
def _(f, *, classes):
    parameters = f(classes=classes)
    return int(10 * np.sum(parameters[5:]) > 9 * np.sum(parameters)), 1


@equation(
    latex=r"""
        s_0 = I \\
        s_1 = \lfloor (I - 11) / 4 \rfloor + 1 \\
        s_2 = \lfloor (s_1 - 3) / 2 \rfloor + 1 \\
        s_3 = s_2 \\
        s_4 = \lfloor (s_3 - 3) / 2 \rfloor + 1 \\
        s_5 = s_4 \\
        s_6 = s_5 \\
        s_7 = s_6 \\
        s_8 = \lfloor (s_7 - 3) / 2 \rfloor + 1
    """,
    sources=[STUDY_NOTE, KRIZHEVSKY],
    domain=dict(side=integer(67, 80)),
    outputs=("sides",),
    dtype="exact",
)
def alexnet_sides(*, side):
    """AlexNet's pooling windows of 3 at stride 2 overlap, and then no pixel of 55 or 27 is left over.

    The sides of the image, the first convolution, its pooling, the second convolution, its pooling, three more
    convolutions and the last pooling.
    """
    first = size(side, 11, 4)
    pooled = size(first, 3, 2)
    second = size(pooled, 5, P=2)
    again = size(second, 3, 2)
    return np.array([side, first, pooled, second, again, *[size(again, 3, P=1)] * 3, size(again, 3, 2)])


@alexnet_sides.closed_form(
    "the first layer has the 55 x 55 places that the paper draws",
    when="the image has 227 to 230 pixels a side; the paper prints 224",
    by="enumeration",
    outside=dict(side=224),
)
def _(f, *, side):
    return int(f(side=side)[1]), 55
