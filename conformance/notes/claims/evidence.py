"""Round numbers, put into the catalogue's equations, show what a sentence leaves out."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from conformance.notes.claims.prose import computed, whole

Numbers = dict[str, object]


def _plain(value: Any) -> Any:
    """Numbers as a page shows them."""
    return np.round(np.asarray(value, float), 6).tolist()


@cache
def softmax() -> Numbers:
    shares = computed("softmax", np.array([1.0, 2.0, 3.0]))
    return {"x": [1, 2, 3], "softmax(x)": _plain(shares), "sum": _plain(np.sum(np.asarray(shares)))}


@cache
def four_equations() -> Numbers:
    """x = 1, y = 1, x + y = 1, x - y = 1."""
    left, right = np.array([[1.0, 0], [0, 1], [1, 1], [1, -1]]), np.ones(4)
    best = computed("least_squares", left, right)
    return {
        "equations": "x = 1, y = 1, x + y = 1, x - y = 1",
        "best x, y": _plain(best),
        "what they give": _plain(left @ np.asarray(best)),
        "det([A b]^T [A b])": _plain(computed("inconsistency", left, right)),
    }


@cache
def squares() -> Numbers:
    """Third differences are 0 of every parabola, and 6 of the cube."""
    t = np.arange(4.0)
    w, b, c = np.array([1.0, 2, -1]), np.array([0.0, 1, 2]), np.array([1.0, -1, 3])
    network = np.asarray(computed("quadratic_network", t, w, b, c))
    return {
        "activation": "z^2",
        "third difference of any such network": _plain(np.diff(network, 3)[0]),
        "of t^3": _plain(np.diff(t**3, 3)[0]),
    }


@cache
def adadelta() -> Numbers:
    """The first step from w = 0 with g = 2, a rate of 1 and a decay of 3/4."""
    shared = {"w": np.float64(0), "g": np.float64(2), "lr": 1.0, "rho": 0.75, "eps": 1e-6}
    theirs = computed("adadelta", G=np.float64(0), H=np.float64(0), **shared)
    ours = computed("rmsprop", v=np.float64(0), **shared)
    shown = {"Adadelta times the step size": _plain(theirs[0]), "RMSprop": _plain(ours[0])}  # type: ignore[index]
    return {"w": 0, "g": 2, "step size": 1, "decay": 0.75, **shown}


@cache
def smoothing() -> Numbers:
    target = np.array([[1.0, 0.0]])
    mixed = computed("mixup", np.array([[1.0]]), target, np.array([[3.0]]), np.array([[0.0, 1.0]]), share=0.75)
    return {
        "target": [1, 0],
        "label smoothing, 0.1": _plain(computed("label_smoothing", target, alpha=0.1))[0],
        "mixup of inputs 1 and 3": _plain(mixed[0])[0][0],  # type: ignore[index]
        "its target": _plain(mixed[1])[0],  # type: ignore[index]
    }


@cache
def transposed() -> Numbers:
    image, kernel, none = np.array([[[1.0, 2.0, 3.0]]]), np.array([[[1.0, 1.0]]]), np.zeros(1)
    options = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
    through = computed("convolution_1d", image, kernel, none, **options)
    back = computed("transposed_convolution_1d", through, kernel, none, output_padding=0, **options)
    return {"x": [1, 2, 3], "kernel": [1, 1], "convolved": _plain(through)[0][0], "and back": _plain(back)[0][0]}


@cache
def agreement() -> Numbers:
    bits = np.array([0.0, 0, 1, 1]), np.array([0.0, 1, 0, 1])
    return {"p": [0, 0, 1, 1], "q": [0, 1, 0, 1], "agree": _plain(computed("exclusive_nor", *bits))}


@cache
def bias() -> Numbers:
    nothing = np.zeros((1, 1, 2))
    options = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
    out = computed("convolution_1d", nothing, np.ones((1, 1, 1)), np.ones(1), **options)
    return {"x": [0, 0], "bias": 1, "convolved": _plain(out)[0][0], "a linear map would give": [0, 0]}


@cache
def padding() -> Numbers:
    size = whole("output_size", I=32, P=1, K=5, S=1, D=1)
    return {"I": 32, "P": 1, "K": 5, "S": 1, "O": size}
