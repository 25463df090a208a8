"""The transposed convolution: the same matrix, applied the other way."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.convolution.windowed import turned, windowed_sum
from reference.domain import Array, integer, real
from reference.functions import pair

STUDY_NOTE = Note("000_301a927e2f22c6c5.md", line=82)
ARITHMETIC = Paper("Dumoulin & Visin 2016, A guide to convolution arithmetic for deep learning", "chapter 4", "https://arxiv.org/abs/1603.07285")
FORWARD = dict(stride=1, padding=0, dilation=1, groups=1)


def spread(x, stride):
    """The array with stride - 1 zeros between neighbours along each axis after the first three."""
    for axis in range(3, x.ndim):
        step = stride[axis - 3]
        apart = np.stack([x, *[np.zeros_like(x)] * (step - 1)], axis=axis + 1)
        joined = apart.reshape(*x.shape[:axis], x.shape[axis] * step, *x.shape[axis + 1 :])
        x = joined[(slice(None),) * axis + (slice(0, (x.shape[axis] - 1) * step + 1),)]
    return x


def scattered_sum(x, w, b, stride, padding, output_padding, dilation, groups):
    """Each input pixel lays down a copy of the kernel; what overlaps adds up, and `padding` is cut off all round."""
    d = w.ndim - 2
    steps, cuts, more, apart = (pair(o, d) for o in (stride, padding, output_padding, dilation))
    batch, channels, *spatial = x.shape
    pixels = spread(x.reshape(batch, groups, channels // groups, *spatial), steps)
    reach = [D * (K - 1) for D, K in zip(apart, w.shape[2:], strict=True)]
    edges = [(r, r + m) for r, m in zip(reach, more, strict=True)]
    pixels = np.pad(pixels.reshape(batch, channels, *pixels.shape[3:]), [(0, 0), (0, 0), *edges])
    kernel = np.swapaxes(turned(w).reshape(groups, channels // groups, *w.shape[1:]), 1, 2)
    y = windowed_sum(pixels, kernel.reshape(-1, *kernel.shape[2:]), b, 1, 0, apart, groups)
    return y[(slice(None), slice(None), *(slice(c, n - c) for c, n in zip(cuts, y.shape[2:], strict=True)))]


@equation(
    latex=r"y_{n,g B + o,j} = b_{g B + o} + \sum_{c=0}^{A-1} \sum_{i, u : i S + u D - P = j} x_{n,g A + c,i} \, W_{g A + c,o,u}",
    sources=[STUDY_NOTE, ARITHMETIC],
    domain=dict(
        x=Array(real, "N groups*A I", batch="N"), w=Array(real, "groups*A B K"), b=Array(real, "groups*B"),
        stride=integer(1, 3), padding=integer(0, 2), output_padding=integer(0, 2), dilation=integer(1, 2),
        groups=integer(1, 2),
    ),
    sizes=dict(N=(1, 2), A=(1, 3), B=(1, 3), K=(1, 3)),
    where=("output_padding < stride", "(I-1)*stride-2*padding+dilation*(K-1)+output_padding+1 >= 1"),
    outputs=("y",),
)  # fmt: skip
def transposed_convolution_1d(x, w, b, *, stride, padding, output_padding, dilation, groups):
    """The gradient of a convolution with respect to its input is this with the same kernel: <Cx, y> = <x, Cᵀy>.

    "Deconvolution" is a misnomer: it gives back the shape of what was convolved, not the values. `output_padding`
    chooses between the input sizes that a stride maps to one output size.
    """
    return scattered_sum(x, w, b, stride, padding, output_padding, dilation, groups)


@equation(
    latex=r"y_{n,g B + o,j,k} = b_{g B + o} + \sum_{c=0}^{A-1} \sum_{h, u : h S_y + u D - P_y = j} \sum_{i, v : i S_x + v D - P_x = k} x_{n,g A + c,h,i} \, W_{g A + c,o,u,v}",
    sources=[STUDY_NOTE, ARITHMETIC],
    domain=dict(
        x=Array(real, "N groups*A H I", batch="N"), w=Array(real, "groups*A B K L"), b=Array(real, "groups*B"),
        stride_y=integer(1, 3), stride_x=integer(1, 3), padding_y=integer(0, 2), padding_x=integer(0, 2),
        output_padding_y=integer(0, 2), output_padding_x=integer(0, 2), dilation=integer(1, 2), groups=integer(1, 2),
    ),
    sizes=dict(N=(1, 2), A=(1, 2), B=(1, 2), H=(1, 3), I=(1, 3), K=(1, 3), L=(1, 3)),
    where=(
        "output_padding_y < stride_y",
        "output_padding_x < stride_x",
        "(H-1)*stride_y-2*padding_y+dilation*(K-1)+output_padding_y+1 >= 1",
        "(I-1)*stride_x-2*padding_x+dilation*(L-1)+output_padding_x+1 >= 1",
    ),
    outputs=("y",),
)  # fmt: skip
def transposed_convolution_2d(
    x, w, b, *, stride_y, stride_x, padding_y, padding_x, output_padding_y, output_padding_x, dilation, groups
):
    """Where the stride does not divide the kernel, some pixels are laid on more often than others: a chequered image."""
    stride, padding, more = (stride_y, stride_x), (padding_y, padding_x), (output_padding_y, output_padding_x)
    return scattered_sum(x, w, b, stride, padding, more, dilation, groups)


@transposed_convolution_1d.law("it is the transpose of the convolution: <Cx, y> = <x, Cᵀy>")
def _(f, x, w, y, *, stride, padding, dilation, groups):
    into, back = np.zeros(w.shape[0]), np.zeros(w.shape[1] * groups)
    options = dict(stride=stride, padding=padding, dilation=dilation, groups=groups)
    left = np.sum(windowed_sum(x, w, into, stride, padding, dilation, groups) * y)
    rest = (x.shape[2] + 2 * padding - dilation * (w.shape[2] - 1) - 1) % stride
    return left, np.sum(x * f(y, w, back, **options, output_padding=rest))


@transposed_convolution_1d.law(
    "it undoes the convolution",
    when="the kernel is a single tap of 1 or -1",
    outside=dict(x=np.array([[[1.0]]]), w=np.array([[[2.0]]])),
)
def _(f, x, w):
    seen = windowed_sum(x, w, np.zeros(1), 1, 0, 1, 1)
    return f(seen, w, np.zeros(1), **FORWARD, output_padding=0), x


@transposed_convolution_2d.law("it is the transpose of the convolution: <Cx, y> = <x, Cᵀy>")
def _(f, x, w, y, *, stride_y, stride_x, padding_y, padding_x):
    into, back = np.zeros(w.shape[0]), np.zeros(w.shape[1])
    stride, padding = (stride_y, stride_x), (padding_y, padding_x)
    left = np.sum(windowed_sum(x, w, into, stride, padding, 1, 1) * y)
    rest = [(n + 2 * p - k) % s for n, p, k, s in zip(x.shape[2:], padding, w.shape[2:], stride, strict=True)]
    options = dict(stride_y=stride_y, stride_x=stride_x, padding_y=padding_y, padding_x=padding_x,
                   output_padding_y=rest[0], output_padding_x=rest[1], dilation=1, groups=1)  # fmt: skip
    return left, np.sum(x * f(y, w, back, **options))


transposed_convolution_1d.limit(
    "one pixel lays down the kernel, and stride 2 leaves a gap after it",
    given=dict(x=np.array([[[1.0, 2.0]]]), w=np.array([[[3.0]]]), b=np.array([0.0]),
               stride=2, padding=0, output_padding=0, dilation=1, groups=1),
    gives=np.array([[[3.0, 0.0, 6.0]]]),
)  # fmt: skip
transposed_convolution_1d.limit(
    "a NaN stays within one kernel's reach",
    given=dict(x=np.array([[[np.nan, 1.0, 2.0]]]), w=np.array([[[1.0, 1.0]]]), b=np.array([0.0]),
               stride=1, padding=0, output_padding=0, dilation=1, groups=1),
    gives=np.array([[[np.nan, np.nan, 3.0, 2.0]]]),
)  # fmt: skip
