"""Max pooling: the strongest sign of a feature, wherever in the window it is."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, flag, integer, real
from reference.functions import windows
from reference.pooling.sizes import places

STUDY_NOTE = Note("002_ba28ceac52ab63bb.md", line=144)
SMALLER = Note("003_ad5d26ecc7ac182d.md", line=119)
ZHOU = Paper("Zhou & Chellappa 1988, Computation of optical flow using a neural network", "IEEE International Conference on Neural Networks, pages 71-78", "https://doi.org/10.1109/ICNN.1988.23914")
TORCH = Paper("PyTorch reference", "torch.nn.MaxPool2d", "https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html")

FITS = (
    "2*padding_y <= kernel_y", "2*padding_x <= kernel_x",
    "H + 2*padding_y - dilation*(kernel_y-1) - 1 >= 0", "W + 2*padding_x - dilation*(kernel_x-1) - 1 >= 0",
    "H >= dilation", "W >= dilation",  # else a window might see nothing but the border
)  # fmt: skip
WINDOW = dict(kernel_y=integer(1, 3), kernel_x=integer(1, 3), stride_y=integer(1, 3), stride_x=integer(1, 3),
              padding_y=integer(0, 1), padding_x=integer(0, 1))  # fmt: skip


def reached(size, kernel, stride, padding, dilation, ceil_mode):
    """How many cells the windows reach beyond the far end of one axis, and how many windows there are."""
    O = places(size, kernel, stride, padding, dilation, ceil_mode)
    return max((O - 1) * stride + dilation * (kernel - 1) + 1 - size - padding, 0), O


def framed(x, value, kernel, stride, padding, dilation, ceil_mode):
    """The image in a border of this value, as wide as the windows reach, and how many windows there are."""
    axes = zip(x.shape[2:], kernel, stride, padding, strict=True)
    ends = [reached(n, k, s, p, dilation, ceil_mode) for n, k, s, p in axes]
    edges = [(0, 0), (0, 0), *((p, far) for p, (far, _) in zip(padding, ends, strict=True))]
    inside = np.pad(np.ones(x.shape, dtype=bool), edges)
    bordered = np.pad(x, edges)
    if not inside.all():
        bordered = np.where(inside, bordered, value)
    return bordered, tuple(O for _, O in ends)


@equation(
    latex=r"y_{n,c,i,j} = \max_{0 \le u < K, 0 \le v < L} x_{n,c,i S_y + u D - P_y,j S_x + v D - P_x}",
    sources=[STUDY_NOTE, SMALLER, ZHOU, TORCH],
    domain=dict(x=Array(real, "N C H W", batch="N"), **WINDOW, dilation=integer(1, 2), ceil_mode=flag),
    sizes=dict(H=(1, 7), W=(1, 7), N=(1, 2), C=(1, 3)),
    where=FITS,
    outputs=("y",),
    symbols={"K": "kernel_y", "L": "kernel_x"},
)
def max_pooling_2d(
    x, *, kernel_y, kernel_x, stride_y, stride_x, padding_y, padding_x, dilation, ceil_mode
):
    """Moving a feature within its window changes nothing, and moving it out of it does.

    x counts as -∞ outside, so that padding never wins. Of equally large pixels, frameworks let the first have the
    whole gradient; the derivative does not exist there.
    """
    kernel, stride, padding = (kernel_y, kernel_x), (stride_y, stride_x), (padding_y, padding_x)
    bordered, (rows, columns) = framed(x, -np.inf, kernel, stride, padding, dilation, ceil_mode)
    seen = windows(bordered, kernel, stride, dilation)[:, :, :rows, :columns]
    return np.max(np.max(seen, axis=5), axis=4)


PLAIN = dict(kernel_y=2, kernel_x=2, stride_y=2, stride_x=2, padding_y=0, padding_x=0, dilation=1, ceil_mode=False)


@max_pooling_2d.dialect(
    "padded with zeros",
    latex=r"y_{n,c,i,j} = \max_{0 \le u < K, 0 \le v < L} x_{n,c,i S_y + u D - P_y,j S_x + v D - P_x}, \quad x = 0 \text{ outside}",
    sources=[Paper("Dumoulin & Visin 2016, A guide to convolution arithmetic for deep learning", "chapter 3, where pooling has no padding of its own", "https://arxiv.org/abs/1603.07285")],
    differs="the border is 0 and wins over negative pixels",
    telling=dict(x=np.array([[[[-1.0]]]]), **PLAIN | dict(kernel_x=1, padding_y=1)),
)
def _(x, *, kernel_y, kernel_x, stride_y, stride_x, padding_y, padding_x, dilation, ceil_mode):
    kernel, stride, padding = (kernel_y, kernel_x), (stride_y, stride_x), (padding_y, padding_x)
    bordered, (rows, columns) = framed(x, 0, kernel, stride, padding, dilation, ceil_mode)
    seen = windows(bordered, kernel, stride, dilation)[:, :, :rows, :columns]
    return np.max(np.max(seen, axis=5), axis=4)


@max_pooling_2d.closed_form("each place is the largest of the pixels that its window sees")
def _(f, x, *, kernel, stride, padding, dilation, ceil_mode):
    y = f(x, kernel_y=kernel[0], kernel_x=kernel[1], stride_y=stride[0], stride_x=stride[1],
          padding_y=padding[0], padding_x=padding[1], dilation=dilation, ceil_mode=ceil_mode)  # fmt: skip

    def largest(n, c, *place):
        seen = []
        for tap in np.ndindex(*kernel):
            at = tuple(o * s + u * dilation - p for o, s, u, p in zip(place, stride, tap, padding, strict=True))
            if all(0 <= a < size for a, size in zip(at, x.shape[2:], strict=True)):
                seen.append(x[(n, c, *at)])
        return np.max(np.stack(seen))

    return y.reshape(-1), np.stack([largest(*place) for place in np.ndindex(*y.shape)])


@max_pooling_2d.law("adding a number to every pixel adds it to the result", by="rationals")
def _(f, x, a, **window):
    return f(x + a, **window), f(x, **window) + a


@max_pooling_2d.law(
    "multiplying every pixel by a number multiplies the result",
    when="the number is not negative",
    by="rationals",
    outside=dict(x=np.array([[[[1.0, 2.0]]]]), a=-1.0, **PLAIN | dict(kernel_y=1)),
)
def _(f, x, a, **window):
    return f(a * x, **window), a * f(x, **window)


@max_pooling_2d.law("pooling by 2 and again by 2 is pooling by 4", by="rationals")
def _(f, x):
    four = dict(kernel_y=4, kernel_x=4, stride_y=4, stride_x=4)
    return f(f(x, **PLAIN), **PLAIN), f(x, **PLAIN | four)


max_pooling_2d.limit(
    "rows and columns each have their own stride",
    given=dict(x=np.arange(16.0).reshape(1, 1, 4, 4), **PLAIN | dict(kernel_y=1, kernel_x=1, stride_y=2, stride_x=3)),
    gives=np.array([[[[0.0, 3.0], [8.0, 11.0]]]]),
)
max_pooling_2d.limit(
    "the border never wins",
    given=dict(x=np.array([[[[-1.0]]]]), **PLAIN | dict(padding_y=1, padding_x=1)),
    gives=np.array([[[[-1.0]]]]),
)
max_pooling_2d.limit(
    "a NaN in the window is the result, and in another window it is not",
    given=dict(x=np.array([[[[np.nan, 1.0, 2.0, 3.0]]]]), **PLAIN | dict(kernel_y=1)),
    gives=np.array([[[[np.nan, 3.0]]]]),
)
max_pooling_2d.limit(
    "a window of nothing but -∞ gives -∞",
    given=dict(x=np.array([[[[-np.inf, -np.inf]]]]), **PLAIN | dict(kernel_y=1)),
    gives=np.array([[[[-np.inf]]]]),
)


@equation(
    latex=r"y_{n,c} = \max_{i,j} x_{n,c,i,j}",
    sources=[STUDY_NOTE, Paper("Oquab et al. 2015, Is object localization for free?", "section 3", "https://doi.org/10.1109/CVPR.2015.7298668")],
    domain=dict(x=Array(real, "N C H W", batch="N")),
    outputs=("y",),
)
def global_max_pooling(x):
    """Whether a feature is anywhere in the image is one number, however large the image is."""
    return np.max(np.max(x, axis=3), axis=2)


@global_max_pooling.law("turning the image over changes nothing", by="rationals")
def _(f, x):
    return f(np.flip(x, (2, 3))), f(x)


global_max_pooling.limit("one NaN is enough", given=dict(x=np.array([[[[np.nan, 1.0]]]])), gives=np.array([[np.nan]]))


@global_max_pooling.kink("pixels that tie for the largest share one slope", given=dict(x=np.array([[[[1.0, 1.0]]]])))
def _(slopes):
    return np.sum(slopes["x"]), 1.0


@max_pooling_2d.kink("pixels that tie for the largest share one slope",
                     given=dict(x=np.array([[[[1.0, 1.0], [0.0, 1.0]]]]), **PLAIN | dict(kernel_y=1, stride_y=1)))  # fmt: skip
def _(slopes):
    return np.sum(slopes["x"], axis=-1), np.array([[[1.0, 1.0]]])
