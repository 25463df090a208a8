"""A network's plan is copied from a table, and a table is misread by one line."""

import numpy as np
import torch
from torch.nn import functional

from reference.catalogue import CATALOGUE
from tests.planted import planted
from tests.planted.architecture import three
from tests.planted.elsewhere.slopes import sloped
from tests.planted.plain import convolve


@planted("residual", "the way around has no slope", region="the backward pass", caught_by="gradient", over="torch")
def _(x, W1, b1, W2, b2):
    return x.detach() + torch.sigmoid(x @ W1.T + b1) @ W2.T + b2


@planted("basic_block", "the border is laid on once for both convolutions", region="the border")
def _(x, w1, b1, w2, b2):
    wide = np.pad(x, ((0, 0), (0, 0), (2, 2), (2, 2)))
    h = np.maximum(convolve(wide, w1, b1, (1, 1), (0, 0), (1, 1)), 0)
    return np.maximum(x + convolve(h, w2, b2, (1, 1), (0, 0), (1, 1)), 0)


@planted("basic_block", "the last bend has the slope of none", region="negative sums", caught_by="gradient",
         over="torch")  # fmt: skip
def _(x, w1, b1, w2, b2):
    made = x + functional.conv2d(torch.relu(functional.conv2d(x, w1, b1, padding=1)), w2, b2, padding=1)
    return sloped(torch.relu(made), made)


@planted("bottleneck_block", "the last bend makes NaN a 0", region="NaN", caught_by="limits")
def _(x, w1, b1, w2, b2, w3, b3):
    z = x + three(np.maximum(three(np.maximum(three(x, w1, b1), 0), w2, b2), 0), w3, b3)
    return np.where(z > 0, z, np.zeros_like(z))


@planted("bottleneck_block", "inner values are cut at six", region="inner values above 6")
def _(x, w1, b1, w2, b2, w3, b3):
    g = np.clip(three(x, w1, b1), 0, 6).astype(x.dtype)
    return np.maximum(x + three(np.maximum(three(g, w2, b2), 0), w3, b3), 0)


@planted("vgg_parameters", "configuration C has the kernels of D", region="one configuration")
def _(*, configuration, classes):
    right = CATALOGUE["vgg_parameters"].function
    return right(configuration="D" if configuration == "C" else configuration, classes=classes)


@planted("vgg_shapes", "pooling rounds up", region="sides that are no multiple of 32")
def _(*, configuration, side):
    channels, shapes = (3, 64, 128, 256, 512, 512), []
    for c in channels:
        shapes.append((c, side, side))
        side = -(-side // 2)
    return np.array(shapes)


@planted("resnet_parameters", "the classes have no bias", region="the last layer")
def _(*, depth, classes):
    made = np.array(CATALOGUE["resnet_parameters"].function(depth=depth, classes=classes))
    made[-1] -= classes
    return made


@planted("lenet_5_shapes", "the second pooling rounds up", region="odd sides")
def _(*, channels, side):
    made = np.array(CATALOGUE["lenet_5_shapes"].function(channels=channels, side=side))
    last = -(-made[3, 1] // 2)
    made[4, 1:], made[5, 0] = last, 16 * last**2
    return made


@planted("alexnet_parameters", "the fourth layer sees both towers", region="one layer")
def _(*, classes):
    made = np.array(CATALOGUE["alexnet_parameters"].function(classes=classes))
    made[3] = 384 * (384 * 9 + 1)
    return made
