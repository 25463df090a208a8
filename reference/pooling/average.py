"""Average pooling: how much of a feature there is in the window."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.convolution.windowed import windowed_sum
from reference.domain import Array, flag, real
from reference.functions import either, windows
from reference.pooling.largest import PLAIN, WINDOW, reached

STUDY_NOTE = Note("002_ba28ceac52ab63bb.md", line=145)
SMALLER = Note("003_ad5d26ecc7ac182d.md", line=119)
LECUN = Paper("LeCun et al. 1998, Gradient-Based Learning Applied to Document Recognition", "section II.A, sub-sampling", "https://doi.org/10.1109/5.726791")
TORCH = Paper("PyTorch reference", "torch.nn.AvgPool2d", "https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html")
LIN = Paper("Lin, Chen & Yan 2014, Network In Network", "section 3.2", "https://arxiv.org/abs/1312.4400")

AVERAGE_WINDOW = {k: v for k, v in PLAIN.items() if k != "dilation"}

share = either(
    lambda total, number: total / number,
    lambda total, number: total * (1 / number),
)


def sums_and_counts(x, kernel, stride, padding, ceil_mode, count_include_pad):
    """The sum under each window, and how many of its cells count."""
    axes = zip(x.shape[2:], kernel, stride, padding, strict=True)
    ends = [reached(n, k, s, p, 1, ceil_mode) for n, k, s, p in axes]
    edges = [(p, far) for p, (far, _) in zip(padding, ends, strict=True)]
    rows, columns = (O for _, O in ends)
    seen = windows(np.pad(x, [(0, 0), (0, 0), *edges]), kernel, stride)[:, :, :rows, :columns]
    counted = np.pad(np.ones(x.shape[2:], dtype=int), [(p, min(p, far)) for p, far in edges],
                     constant_values=int(count_include_pad))  # fmt: skip
    beyond = [(0, max(far - p, 0)) for p, far in edges]
    cells = windows(np.pad(counted, beyond), kernel, stride)[:rows, :columns]
    return np.einsum("ncijuv->ncij", seen), np.sum(cells, axis=(2, 3))


@equation(
    latex=r"""
        z_{i,j} = \sum_{u=0}^{K-1} \sum_{v=0}^{L-1} [-e P_y \le i S_y + u - P_y < H + e P_y] [-e P_x \le j S_x + v - P_x < W + e P_x] \\
        y_{n,c,i,j} = \frac{1}{z_{i,j}} \sum_{u=0}^{K-1} \sum_{v=0}^{L-1} x_{n,c,i S_y + u - P_y,j S_x + v - P_x}, \quad x = 0 \text{ outside}
    """,
    symbols={"K": "kernel_y", "L": "kernel_x", "e": "count_include_pad"},
    sources=[STUDY_NOTE, SMALLER, LECUN, TORCH],
    domain=dict(x=Array(real, "N C H W", batch="N"), **WINDOW, ceil_mode=flag, count_include_pad=flag),
    sizes=dict(H=(1, 7), W=(1, 7), N=(1, 2), C=(1, 3)),
    where=(
        "2*padding_y <= kernel_y", "2*padding_x <= kernel_x",
        "H + 2*padding_y - kernel_y >= 0", "W + 2*padding_x - kernel_x >= 0",
    ),
    outputs=("y",),
)  # fmt: skip
def average_pooling_2d(
    x, *, kernel_y, kernel_x, stride_y, stride_x, padding_y, padding_x, ceil_mode, count_include_pad
):
    """Average pooling is a convolution that nobody trains: each channel by itself, with a kernel of 1/(K L).

    Whether the zeros of the border count as pixels is an option; those that only the ceiling brings in never do.
    """
    total, number = sums_and_counts(
        x, (kernel_y, kernel_x), (stride_y, stride_x), (padding_y, padding_x), ceil_mode, count_include_pad
    )
    return share(total, number)


@average_pooling_2d.dialect(
    "the whole window counts",
    latex=r"y_{n,c,i,j} = \frac{1}{K L} \sum_{u=0}^{K-1} \sum_{v=0}^{L-1} x_{n,c,i S_y + u - P_y,j S_x + v - P_x}, \quad x = 0 \text{ outside}",
    sources=[LECUN],
    differs="the sum is always divided by the size of the window, whatever part of it lies outside",
    telling=dict(x=np.array([[[[1.0]]]]), **AVERAGE_WINDOW | dict(padding_y=1, padding_x=1), count_include_pad=False),
)
def _(x, *, kernel_y, kernel_x, stride_y, stride_x, padding_y, padding_x, ceil_mode, count_include_pad):
    total, _ = sums_and_counts(
        x, (kernel_y, kernel_x), (stride_y, stride_x), (padding_y, padding_x), ceil_mode, count_include_pad
    )
    return share(total, kernel_y * kernel_x)


@average_pooling_2d.law(
    "it is a convolution with a fixed kernel, channel by channel",
    when="the padding counts, and there is no ceiling",
    outside=dict(x=np.array([[[[1.0]]]]), kernel=(2, 1), stride=(1, 1), padding=(1, 0), count_include_pad=False),
)
def _(f, x, *, kernel, stride, padding, count_include_pad=True):
    channels = x.shape[1]
    y = f(x, kernel_y=kernel[0], kernel_x=kernel[1], stride_y=stride[0], stride_x=stride[1], padding_y=padding[0],
          padding_x=padding[1], ceil_mode=False, count_include_pad=count_include_pad)  # fmt: skip
    ones = np.ones((channels, 1, *kernel), dtype=int)
    total = windowed_sum(x, ones, np.zeros(channels, dtype=int), stride, padding, (1, 1), channels)
    return y, total / (kernel[0] * kernel[1])


@average_pooling_2d.law(
    "a constant image stays constant",
    when="the padding does not count",
    outside=dict(a=1.0, one=np.ones((1, 1, 1, 1)), **AVERAGE_WINDOW | dict(padding_y=1, padding_x=1), count_include_pad=True),
)
def _(f, a, one, *, count_include_pad=False, **window):
    y = f(a * one, **window, count_include_pad=count_include_pad)
    return y, a * np.ones(y.shape, dtype=int)


@average_pooling_2d.law(
    "the mean of the image is kept",
    when="the windows tile it",
    outside=dict(x=np.array([[[[0.0, 0.0], [0.0, 0.0], [1.0, 1.0]]]])),
)
def _(f, x):
    return np.mean(f(x, **AVERAGE_WINDOW, count_include_pad=False)), np.mean(x)


average_pooling_2d.limit(
    "a corner of the border counts where it is told to",
    given=dict(x=np.array([[[[4.0]]]]), **AVERAGE_WINDOW | dict(padding_y=1, padding_x=1), count_include_pad=True),
    gives=np.array([[[[1.0]]]]),
)
average_pooling_2d.limit(
    "what only the ceiling brings in does not count",
    given=dict(x=np.array([[[[1.0], [2.0], [3.0]]]]), **AVERAGE_WINDOW | dict(kernel_x=1, ceil_mode=True), count_include_pad=True),
    gives=np.array([[[[1.5], [3.0]]]]),
)
average_pooling_2d.limit(
    "two infinities of opposite sign have no mean",
    given=dict(x=np.array([[[[np.inf, -np.inf]]]]), **AVERAGE_WINDOW | dict(kernel_y=1), count_include_pad=False),
    gives=np.array([[[[np.nan]]]]),
)


@equation(
    latex=r"y_{n,c} = \frac{1}{H W} \sum_{i,j} x_{n,c,i,j}",
    sources=[STUDY_NOTE, LIN],
    domain=dict(x=Array(real, "N C H W", batch="N")),
    outputs=("y",),
)
def global_average_pooling(x):
    """A mean over all places makes a network take images of any size, and has nothing to learn."""
    return np.mean(x, axis=(2, 3))


@global_average_pooling.law("turning the image over changes nothing")
def _(f, x):
    return f(np.flip(x, (2, 3))), f(x)


@global_average_pooling.law("it is average pooling with one window as large as the image")
def _(f, x):
    H, W = x.shape[2:]
    window = dict(kernel_y=H, kernel_x=W, stride_y=1, stride_x=1, padding_y=0, padding_x=0, ceil_mode=False)
    return f(x), average_pooling_2d(x, **window, count_include_pad=False)[:, :, 0, 0]


global_average_pooling.limit("one pixel is its own mean", given=dict(x=np.array([[[[-2.0]]]])), gives=np.array([[-2.0]]))


global_average_pooling.wording(r"y_c = \frac{1}{H W} \sum_{i=1}^{H} \sum_{j=1}^{W} x_{c,i,j}")
