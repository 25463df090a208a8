"""VGG: blocks of 3 x 3 convolutions, each halved by pooling, and three dense layers."""

import numpy as np

from reference.architecture.layers import convolution, dense, size
from reference.catalogue import Note, Paper, equation
from reference.domain import choice, count, integer

BLOCK = Note("002_ba28ceac52ab63bb.md", line=187)
SIXTEEN = Note("002_ba28ceac52ab63bb.md", line=201)
SAME_SIZE = Note("002_ba28ceac52ab63bb.md", line=203)
FIVE = Note("002_ba28ceac52ab63bb.md", line=205)
VGG = Paper("Simonyan & Zisserman 2015, Very Deep Convolutional Networks for Large-Scale Image Recognition", "tables 1 and 2", "https://arxiv.org/abs/1409.1556")

CONFIGURATIONS = ("A", "B", "C", "D", "E")
WIDTHS = (64, 128, 256, 512, 512)
DEPTHS = {"A": (1, 1, 2, 2, 2), "B": (2, 2, 2, 2, 2), "C": (2, 2, 3, 3, 3), "D": (2, 2, 3, 3, 3), "E": (2, 2, 4, 4, 4)}
MILLIONS = {"A": 132_863_336, "B": 133_047_848, "C": 133_638_952, "D": 138_357_544, "E": 143_667_240}


def kernels(configuration):
    """The side of each kernel, block by block; C's third ones are single pixels."""
    blocks = [[3] * depth for depth in DEPTHS[configuration]]
    return [[3, 3, 1] if configuration == "C" and len(block) == 3 else block for block in blocks]


def layers(configuration):
    """The channels and the side of the kernel of each convolution, after the three channels of the image."""
    sides = kernels(configuration)
    return [(3, 0), *((width, K) for width, block in zip(WIDTHS, sides, strict=True) for K in block)]


CONVOLUTIONS = {
    "c": lambda configuration: lambda l: layers(configuration)[l][0],
    "K": lambda configuration: lambda l: layers(configuration)[l][1],
    "L": lambda configuration: len(layers(configuration)) - 1,
}


@equation(
    latex=r"""
        p_l = c_l (c_{l-1} K_l^2 + 1) \\
        p_{L+1} = 4096 (512 \cdot 7^2 + 1) \\
        p_{L+2} = 4096 (4096 + 1) \\
        p_{L+3} = n (4096 + 1)
    """,
    symbols=CONVOLUTIONS,
    sources=[BLOCK, SIXTEEN, FIVE, VGG],
    domain=dict(configuration=choice(*CONFIGURATIONS), classes=count),
    outputs=("parameters",),
    dtype="exact",
)
def vgg_parameters(*, configuration, classes):
    """Eight more layers of 3 x 3, from A to E, add about a twelfth to VGG's parameters: the dense ones outweigh them all."""
    counts, channels = [], 3
    for width, block in zip(WIDTHS, kernels(configuration), strict=True):
        for K in block:
            counts.append(convolution(channels, width, K))
            channels = width
    return np.array([*counts, *dense(512 * 7 * 7, 4096, 4096, classes)])


@vgg_parameters.dialect(
    "with batch normalisation",
    latex=r"""
        p_l = c_l (c_{l-1} K_l^2 + 1) + 2 c_l \\
        p_{L+1} = 4096 (512 \cdot 7^2 + 1) \\
        p_{L+2} = 4096 (4096 + 1) \\
        p_{L+3} = n (4096 + 1)
    """,
    sources=[Note("002_ba28ceac52ab63bb.md", line=209), Paper("torchvision reference", "vgg16_bn", "https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.vgg16_bn.html")],
    differs="each convolution is followed by a scale and a shift for each channel",
    telling=dict(configuration="A", classes=1),
)
def _(*, configuration, classes):
    widths = [width for width, block in zip(WIDTHS, kernels(configuration), strict=True) for _ in block]
    return vgg_parameters(configuration=configuration, classes=classes) + np.array([2 * w for w in widths] + [0] * 3)


@vgg_parameters.closed_form(
    "they are the numbers that the paper rounds to 133, 133, 134, 138 and 144 million",
    when="there are 1000 classes",
    by="enumeration",
    outside=dict(configuration="A", classes=10),
)
def _(f, *, configuration, classes=1000):
    return int(np.sum(f(configuration=configuration, classes=classes))), MILLIONS[configuration]


@vgg_parameters.closed_form("the configurations have 11, 13, 16, 16 and 19 layers with weights", by="enumeration")
def _(f, *, configuration):
    return len(f(configuration=configuration, classes=1)), dict(zip(CONFIGURATIONS, (11, 13, 16, 16, 19), strict=True))[configuration]


@equation(
    latex=r"""
        c = (3, 64, 128, 256, 512, 512) \\
        s_b = (c_b, \lfloor I / 2^b \rfloor, \lfloor I / 2^b \rfloor)
    """,
    sources=[SIXTEEN, SAME_SIZE, VGG],
    domain=dict(configuration=choice(*CONFIGURATIONS), side=integer(32, 64)),
    outputs=("shapes",),
    dtype="exact",
)
def vgg_shapes(*, configuration, side):
    """Padding by one keeps the size under a 3 x 3 kernel, so that pooling alone shrinks the image, five times by half.

    The shapes of the image and of what each block's pooling gives.
    """
    shapes = [(3, side, side)]
    for width, block in zip(WIDTHS, kernels(configuration), strict=True):
        for K in block:
            side = size(side, K, P=K // 2)
        side = size(side, 2, 2)
        shapes.append((width, side, side))
    return np.array(shapes)


@vgg_shapes.closed_form(
    "the dense layers get 7 x 7 places of 512 channels",
    when="the image has 224 to 255 pixels a side",
    by="enumeration",
    outside=dict(configuration="A", side=256),
)
def _(f, *, configuration, side):
    return tuple(f(configuration=configuration, side=side)[-1]), (512, 7, 7)
