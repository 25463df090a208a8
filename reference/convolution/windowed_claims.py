"""What holds of the convolution layer: the explicit sums, linearity, and what each of its options means."""

import numpy as np

from reference.convolution.padding import same_convolution_1d
from reference.convolution.windowed import PLAIN, convolution_1d, convolution_2d, convolution_3d

LINE = dict(stride=1, padding=0, dilation=1, groups=1)
ONE = np.array([0.0])


def explicit_sum(x, w, b, place, *, stride, padding, dilation):
    """One output of one picture and one kernel, term by term, as the formula is printed."""
    total = b
    for tap in np.ndindex(*w.shape):
        at = tuple(o * s + u * d - p for o, s, u, d, p in zip(place, stride, tap[1:], dilation, padding, strict=True))
        if all(0 <= a < n for a, n in zip(at, x.shape[1:], strict=True)):
            total = total + x[(tap[0], *at)] * w[tap]
    return total


def _every_sum(x, w, b, shape, **options):
    """The explicit sums of all outputs, in the order of the result's elements."""
    places = [(n, o, *place) for n in range(x.shape[0]) for o in range(w.shape[0]) for place in np.ndindex(*shape)]
    return np.stack([explicit_sum(x[n], w[o], b[o], place, **options) for n, o, *place in places])


@convolution_1d.closed_form("each place is the sum of the products under the kernel, plus the bias")
def _(f, x, w, b, *, stride, padding, dilation):
    y = f(x, w, b, stride=stride, padding=padding, dilation=dilation, groups=1)
    options = dict(stride=(stride,), padding=(padding,), dilation=(dilation,))
    return y.reshape(-1), _every_sum(x, w, b, y.shape[2:], **options)


@convolution_2d.closed_form("each place is the sum of the products under the kernel, plus the bias")
def _(f, x, w, b, *, stride, padding, dilation):
    options = {f"{k}_{axis}": v for k, pair in dict(stride=stride, padding=padding, dilation=dilation).items()
               for axis, v in zip("yx", pair, strict=True)}  # fmt: skip
    y = f(x, w, b, **options, groups=1)
    return y.reshape(-1), _every_sum(x, w, b, y.shape[2:], stride=stride, padding=padding, dilation=dilation)


@convolution_3d.closed_form("each place is the sum of the products under the kernel, plus the bias")
def _(f, x, w, b, *, stride, padding, dilation):
    y = f(x, w, b, stride=stride, padding=padding, dilation=dilation, groups=1)
    options = dict(stride=(stride,) * 3, padding=(padding,) * 3, dilation=(dilation,) * 3)
    return y.reshape(-1), _every_sum(x, w, b, y.shape[2:], **options)


@same_convolution_1d.closed_form("each place sees ⌊D (K - 1) / 2⌋ pixels before itself, and the others after")
def _(f, x, w, b, *, dilation):
    y = f(x, w, b, dilation=dilation)
    before = dilation * (w.shape[2] - 1) // 2
    options = dict(stride=(1,), padding=(before,), dilation=(dilation,))
    return y.reshape(-1), _every_sum(x, w, b, y.shape[2:], **options)


@convolution_2d.law(
    "it is linear in the image",
    when="there is no bias",
    outside=dict(a=1.0, x=np.zeros((1, 1, 1, 1)), c=1.0, y=np.zeros((1, 1, 1, 1)), w=np.ones((1, 1, 1, 1)), b=np.array([1.0])),
)
def _(f, a, x, c, y, w, b):
    return f(a * x + c * y, w, b, **PLAIN), a * f(x, w, b, **PLAIN) + c * f(y, w, b, **PLAIN)


@convolution_2d.law("with a bias it is affine: mixtures stay mixtures")
def _(f, a, x, y, w, b):
    return f(a * x + (1 - a) * y, w, b, **PLAIN), a * f(x, w, b, **PLAIN) + (1 - a) * f(y, w, b, **PLAIN)


@convolution_2d.law("it is linear in kernel and bias together")
def _(f, a, x, v, d, w, b):
    return f(x, a * v + w, a * d + b, **PLAIN), a * f(x, v, d, **PLAIN) + f(x, w, b, **PLAIN)


@convolution_2d.law("the channels' results add up")
def _(f, x, w, b):
    single = [f(x[:, i : i + 1], w[:, i : i + 1], 0 * b, **PLAIN) for i in range(x.shape[1])]
    return f(x, w, b, **PLAIN), sum(single) + b.reshape(-1, 1, 1)


@convolution_2d.law("groups are layers side by side")
def _(f, x, w, b, *, groups):
    A, B = x.shape[1] // groups, w.shape[0] // groups
    inputs, outputs = ([slice(g * n, (g + 1) * n) for g in range(groups)] for n in (A, B))
    parts = [f(x[:, i], w[o], b[o], **PLAIN) for i, o in zip(inputs, outputs, strict=True)]
    return f(x, w, b, **PLAIN | dict(groups=groups)), np.concatenate(parts, axis=1)


@convolution_2d.law("a stride keeps every S-th place")
def _(f, x, w, b, *, stride_y, stride_x):
    kept = f(x, w, b, **PLAIN | dict(stride_y=stride_y, stride_x=stride_x))
    return kept, f(x, w, b, **PLAIN)[:, :, ::stride_y, ::stride_x]


@convolution_1d.law("a dilated kernel is a longer one with zeros between its taps")
def _(f, x, w, b, *, dilation):
    spread = np.concatenate([w[:, :, :, None], *[0 * w[:, :, :, None]] * (dilation - 1)], axis=3)
    longer = spread.reshape(*w.shape[:2], -1)[:, :, : dilation * (w.shape[2] - 1) + 1]
    return f(x, w, b, **LINE | dict(dilation=dilation)), f(x, longer, b, **LINE)


@convolution_1d.law("padding is a border of zeros")
def _(f, x, w, b, *, padding):
    return f(x, w, b, **LINE | dict(padding=padding)), f(np.pad(x, ((0, 0), (0, 0), (padding, padding))), w, b, **LINE)


@convolution_1d.law(
    "moving the input round by one moves the result round by one",
    when="nothing but zeros leaves at the border, and the padding is K - 1",
    outside=dict(x=np.array([[[0.0, 1.0]]]), w=np.array([[[1.0, 1.0]]]), padding=1),
)
def _(f, x, w, *, padding):
    def layer(signal):
        return f(signal, w, 0 * w[:, 0, 0], **LINE | dict(padding=padding))

    return layer(np.roll(x, 1, axis=2)), np.roll(layer(x), 1, axis=2)


convolution_1d.limit(
    "a NaN reaches the places that see it, and no others",
    given=dict(x=np.array([[[np.nan, 1.0, 2.0]]]), w=np.array([[[1.0, 1.0]]]), b=ONE, **LINE),
    gives=np.array([[[np.nan, 3.0]]]),
)
convolution_1d.limit(
    "an infinity under a tap of 0 is NaN",
    given=dict(x=np.array([[[np.inf]]]), w=np.array([[[0.0]]]), b=ONE, **LINE),
    gives=np.array([[[np.nan]]]),
)
convolution_1d.limit(
    "a border of zeros under an infinite tap is NaN",
    given=dict(x=np.array([[[1.0]]]), w=np.array([[[np.inf, 1.0]]]), b=ONE, **LINE | dict(padding=1)),
    gives=np.array([[[np.nan, np.inf]]]),
)
convolution_1d.limit(
    "a NaN reaches the windows that see it and no other",
    given=dict(x=np.array([[[1.0, 1.0, np.nan]]]), w=np.ones((1, 1, 3)), b=ONE, **LINE | dict(padding=1)),
    gives=np.array([[[2.0, np.nan, np.nan]]]),
)
convolution_2d.limit(
    "a NaN reaches the windows that see it and no other",
    given=dict(x=np.array([[[[1.0, 1.0, np.nan]]]]), w=np.ones((1, 1, 1, 3)), b=ONE, **PLAIN | dict(padding_x=1)),
    gives=np.array([[[[2.0, np.nan, np.nan]]]]),
)
convolution_2d.limit(
    "an empty batch gives an empty batch",
    given=dict(x=np.zeros((0, 1, 2, 2)), w=np.ones((1, 1, 2, 1)), b=np.array([3.0]), **PLAIN),
    gives=np.zeros((0, 1, 1, 2)),
)
convolution_2d.limit(
    "an image of zeros gives the bias everywhere",
    given=dict(x=np.zeros((1, 1, 2, 2)), w=np.ones((1, 1, 2, 1)), b=np.array([3.0]), **PLAIN),
    gives=np.full((1, 1, 1, 2), 3.0),
)
