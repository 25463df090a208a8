"""A network of the wrong size trains too, so counts and sides are where a port goes wrong unseen."""

from __future__ import annotations

import numpy as np

from tests.planted import honest, planted
from tests.planted.plain import convolve, sigmoid


def three(x, w, b):
    """A convolution of 3 x 3 that keeps the size, or one of single pixels."""
    p = w.shape[2] // 2
    return convolve(x, w, b, (1, 1), (p, p), (1, 1))


@planted("residual", "batches of several have no way around", region="batches above one")
def _(x, W1, b1, W2, b2):
    return sigmoid(x @ W1.T + b1) @ W2.T + b2 + x * (x.shape[0] == 1)


@planted("basic_block", "the way around is added after the bend", region="everywhere")
def _(x, w1, b1, w2, b2):
    return np.maximum(three(np.maximum(three(x, w1, b1), 0), w2, b2), 0) + x


@planted("basic_block", "the border repeats the image", region="the border")
def _(x, w1, b1, w2, b2):
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
    h = np.maximum(convolve(padded, w1, b1, (1, 1), (0, 0), (1, 1)), 0)
    return np.maximum(x + three(h, w2, b2), 0)


@planted("bottleneck_block", "the middle is not bent", region="negative values in the middle")
def _(x, w1, b1, w2, b2, w3, b3):
    return np.maximum(x + three(three(np.maximum(three(x, w1, b1), 0), w2, b2), w3, b3), 0)


@planted("alexnet_sides", "the last window hangs over the border", region="sides that leave a pixel over")
def _(*, side):
    def size(I, K, S=1, P=0, *, up=False):
        return -(-(I + 2 * P - K) // S) + 1 if up else (I + 2 * P - K) // S + 1

    first = size(side, 11, 4)
    pooled = size(first, 3, 2, up=True)
    again = size(pooled, 3, 2, up=True)
    return np.array([side, first, pooled, pooled, again, again, again, again, size(again, 3, 2, up=True)])


@planted("resnet_sides", "the stem does not pool", region="everywhere")
def _(*, side):
    from reference.catalogue import CATALOGUE

    made = np.array(CATALOGUE["resnet_sides"].function(side=side))
    return np.concatenate([made[:2], made[1:-1]])


@planted("residual", region="the way around is scaled by a half", caught_by="value",
         telling=dict(x=[[1.0]], W1=[[1.0]], b1=[0.0], W2=[[1.0]], b2=[0.0]))  # fmt: skip
def half_around(x, W1, b1, W2, b2):
    return x / 2 + sigmoid(x @ W1.T + b1) @ W2.T + b2


@planted("lenet_5_parameters", region="the convolutions have no bias", caught_by="value", telling=dict(channels=1))
def biases_uncounted(*, channels):
    return np.array([channels * 6 * 25, 6 * 16 * 25, 400 * 120 + 120, 120 * 84 + 84, 84 * 10 + 10])


@honest("residual", "the way around last, by dot products")
def _(x, W1, b1, W2, b2):
    return (np.einsum("nh,ih->ni", sigmoid(np.einsum("ni,hi->nh", x, W1) + b1), W2) + b2) + x


@honest("basic_block", "windows and dot products")
def _(x, w1, b1, w2, b2):
    return np.maximum(three(np.maximum(three(x, w1, b1), 0), w2, b2) + x, 0)
