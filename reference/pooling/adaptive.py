"""Adaptive pooling: as many windows as are asked for, as equal as they can be."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, integer, real
from reference.pooling.average import average_pooling_2d
from reference.pooling.largest import max_pooling_2d

SMALLER = Note("003_ad5d26ecc7ac182d.md", line=119)
HE = Paper("He et al. 2014, Spatial Pyramid Pooling in Deep Convolutional Networks for Visual Recognition", "section 2.3", "https://arxiv.org/abs/1406.4729")
TORCH = Paper("PyTorch reference", "torch.nn.AdaptiveAvgPool2d", "https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html")

DOMAIN = dict(x=Array(real, "N C H W", batch="N"), rows=integer(1, 4), columns=integer(1, 4))
SIZES = dict(H=(1, 7), W=(1, 7), N=(1, 2), C=(1, 3))
UNEVEN = dict(x=np.array([[[[0.0], [0.0], [3.0]]]]), rows=2, columns=1)


def spans(size, number):
    """Where each window begins and ends: from the floor of i I / O to the ceiling of (i + 1) I / O."""
    return [slice(i * size // number, -(-(i + 1) * size // number)) for i in range(number)]


def over_windows(reduce, x, rows, columns):
    """A number for each window, as an image."""
    H, W = x.shape[2:]
    lines = [np.stack([reduce(x[:, :, r, c]) for c in spans(W, columns)], axis=2) for r in spans(H, rows)]
    return np.stack(lines, axis=2)


def _mean(x):
    return np.mean(x, axis=(2, 3))


def _largest(x):
    return np.max(np.max(x, axis=3), axis=2)


@equation(
    latex=r"y_{n,c,i,j} = \mathrm{mean} \left\{ x_{n,c,k,l} : \lfloor i H / O \rfloor \le k < \lceil (i + 1) H / O \rceil, \lfloor j W / Q \rfloor \le l < \lceil (j + 1) W / Q \rceil \right\}",
    sources=[SMALLER, HE, TORCH],
    domain=DOMAIN,
    sizes=SIZES,
    outputs=("y",),
)
def adaptive_average_pooling_2d(x, *, rows, columns):
    """Where the output does not divide the input, neighbouring windows share pixels, and none is left out."""
    return over_windows(_mean, x, rows, columns)


@adaptive_average_pooling_2d.dialect(
    "windows of one size",
    latex=r"y_{n,c,i,j} = \mathrm{mean} \left\{ x_{n,c,k,l} : 0 \le k - i \lfloor H / O \rfloor < \lceil H / O \rceil, 0 \le l - j \lfloor W / Q \rfloor < \lceil W / Q \rceil \right\}",
    sources=[HE],
    differs="plain pooling with one window, the ceiling of I / O, and one stride, its floor: the far end may go unseen",
    telling=dict(x=np.array([[[[0.0], [0.0], [0.0], [0.0], [2.0]]]]), rows=3, columns=1),
)
def _(x, *, rows, columns):
    axes = zip(x.shape[2:], (rows, columns), strict=True)
    down, across = ([slice(i * (n // m), i * (n // m) + -(-n // m)) for i in range(m)] for n, m in axes)
    return np.stack([np.stack([_mean(x[:, :, r, c]) for c in across], axis=2) for r in down], axis=2)


@equation(
    latex=r"y_{n,c,i,j} = \max \left\{ x_{n,c,k,l} : \lfloor i H / O \rfloor \le k < \lceil (i + 1) H / O \rceil, \lfloor j W / Q \rfloor \le l < \lceil (j + 1) W / Q \rceil \right\}",
    sources=[SMALLER, HE, TORCH],
    domain=DOMAIN,
    sizes=SIZES,
    outputs=("y",),
)
def adaptive_max_pooling_2d(x, *, rows, columns):
    """A pyramid of fixed grids over an image of any size gives a vector of one length."""
    return over_windows(_largest, x, rows, columns)


def _plain(x, rows, columns):
    """The window and the stride of plain pooling that gives as many places."""
    H, W = x.shape[2:]
    stride = (H // rows, W // columns)
    window = dict(kernel_y=stride[0], kernel_x=stride[1], stride_y=stride[0], stride_x=stride[1])
    return window | dict(padding_y=0, padding_x=0, ceil_mode=False)


@adaptive_average_pooling_2d.law("it is plain pooling", when="the output divides the input", outside=UNEVEN)
def _(f, x, *, rows, columns):
    plain = average_pooling_2d(x, **_plain(x, rows, columns), count_include_pad=False)
    return f(x, rows=rows, columns=columns), plain[:, :, :rows, :columns]


@adaptive_max_pooling_2d.law(
    "it is plain pooling", when="the output divides the input", by="rationals", outside=UNEVEN
)
def _(f, x, *, rows, columns):
    plain = max_pooling_2d(x, **_plain(x, rows, columns), dilation=1)
    return f(x, rows=rows, columns=columns), plain[:, :, :rows, :columns]


@adaptive_average_pooling_2d.law("as many windows as pixels leave the image as it is")
def _(f, x):
    return f(x, rows=x.shape[2], columns=x.shape[3]), x


@adaptive_max_pooling_2d.law("as many windows as pixels leave the image as it is")
def _(f, x):
    return f(x, rows=x.shape[2], columns=x.shape[3]), x


adaptive_max_pooling_2d.limit(
    "more windows than pixels repeat them",
    given=dict(x=np.array([[[[1.0], [2.0]]]]), rows=3, columns=1),
    gives=np.array([[[[1.0], [2.0], [2.0]]]]),
)
adaptive_average_pooling_2d.limit(
    "windows that share a pixel share its NaN",
    given=dict(x=np.array([[[[1.0], [np.nan], [3.0]]]]), rows=2, columns=1),
    gives=np.array([[[[np.nan], [np.nan]]]]),
)
