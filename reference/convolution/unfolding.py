"""Unfolding an image into the columns that a kernel sees, folding columns back, and enlarging by repetition."""

import numpy as np

from reference.catalogue import Paper, equation
from reference.convolution.transposed import scattered_sum, spread
from reference.convolution.windowed import windowed_sum
from reference.domain import Array, integer, real
from reference.functions import windows

CHELLAPILLA = Paper("Chellapilla, Puri & Simard 2006, High Performance Convolutional Neural Networks for Document Processing", "section 2.1, unfolding convolution", "https://inria.hal.science/inria-00112631")
TORCH_FOLD = Paper("PyTorch reference", "torch.nn.Fold", "https://docs.pytorch.org/docs/stable/generated/torch.nn.Fold.html")
PLACES = "((rows+2*padding-dilation*(kernel-1)-1)//stride+1)*((columns+2*padding-dilation*(kernel-1)-1)//stride+1)"
WINDOW = dict(kernel=integer(1, 3), stride=integer(1, 3), padding=integer(0, 2), dilation=integer(1, 2))


@equation(
    latex=r"y_{n,c K^2 + u K + v,i Q + j} = x_{n,c,i S + u D - P,j S + v D - P}",
    sources=[CHELLAPILLA, Paper("PyTorch reference", "torch.nn.Unfold", "https://docs.pytorch.org/docs/stable/generated/torch.nn.Unfold.html")],
    domain=dict(x=Array(real, "N C H W", batch="N"), **WINDOW),
    sizes=dict(H=(1, 6), W=(1, 6), N=(1, 2), C=(1, 3)),
    where=("H + 2*padding - dilation*(kernel-1) - 1 >= 0", "W + 2*padding - dilation*(kernel-1) - 1 >= 0"),
    outputs=("y",),
    symbols={"Q": lambda W, padding, dilation, kernel, stride: (W + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1},
)
def unfold(x, *, kernel, stride, padding, dilation):
    """A convolution is one product of matrices once what the kernel sees is written out, K² times as large."""
    p = (padding, padding)
    seen = windows(np.pad(x, ((0, 0), (0, 0), p, p)), (kernel, kernel), stride, dilation)
    N, C = x.shape[:2]
    return np.moveaxis(seen, (4, 5), (2, 3)).reshape(N, C * kernel * kernel, -1)


@unfold.law("the kernel's matrix times the columns is the convolution")
def _(f, x, w, **window):
    columns = f(x, kernel=w.shape[2], **window)
    product = np.einsum("oi,nip->nop", w.reshape(w.shape[0], -1), columns)
    layer = windowed_sum(x, w, np.zeros(w.shape[0], dtype=int), *(window[k] for k in ("stride", "padding", "dilation")), 1)
    return product, layer.reshape(*layer.shape[:2], -1)


@equation(
    latex=r"x_{n,c,k,l} = \sum_{u=0}^{K-1} \sum_{v=0}^{K-1} \sum_{i=0}^{R-1} \sum_{j=0}^{Q-1} [i S + u D - P = k] [j S + v D - P = l] \, y_{n,c K^2 + u K + v,i Q + j}",
    sources=[TORCH_FOLD],
    domain=dict(y=Array(real, f"N C*kernel*kernel {PLACES}", batch="N"), rows=integer(1, 5), columns=integer(1, 5), **WINDOW),
    sizes=dict(N=(1, 2), C=(1, 2)),
    where=("rows + 2*padding - dilation*(kernel-1) - 1 >= 0", "columns + 2*padding - dilation*(kernel-1) - 1 >= 0"),
    outputs=("x",),
    symbols={
        "R": lambda rows, padding, dilation, kernel, stride: (rows + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1,
        "Q": lambda columns, padding, dilation, kernel, stride: (columns + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1,
    },
)
def fold(y, *, rows, columns, kernel, stride, padding, dilation):
    """Folding is not the inverse of unfolding but its transpose: a pixel comes back as often as it was seen."""
    high, wide = rows + 2 * padding, columns + 2 * padding
    P, Q = ((side - dilation * (kernel - 1) - 1) // stride + 1 for side in (high, wide))
    taps = spread(y.reshape(y.shape[0], -1, kernel * kernel, P, Q), (stride, stride))
    *_, tall, broad = taps.shape

    def laid(u, v):
        top, left = u * dilation, v * dilation
        edges = ((0, 0), (0, 0), (top, high - tall - top), (left, wide - broad - left))
        return np.pad(taps[:, :, u * kernel + v], edges)

    whole = np.sum(np.stack([laid(u, v) for u in range(kernel) for v in range(kernel)]), axis=0)
    return whole[:, :, padding : high - padding, padding : wide - padding]


@fold.law("it is the transpose of unfolding: <unfold x, y> = <x, fold y>")
def _(f, x, y, **window):
    rows, columns = x.shape[2:]
    return np.sum(unfold(x, **window) * y), np.sum(x * f(y, rows=rows, columns=columns, **window))


@fold.law(
    "it undoes unfolding",
    when="the windows tile the image",
    outside=dict(x=np.array([[[[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]]]), stride=1),
)
def _(f, x, *, stride):
    window = dict(kernel=2, stride=stride, padding=0, dilation=1)
    return f(unfold(x, **window), rows=x.shape[2], columns=x.shape[3], **window), x


@equation(
    latex=r"y_{n,c,i,j} = x_{n,c,\lfloor i / s \rfloor,\lfloor j / s \rfloor}",
    sources=[Paper("PyTorch reference", "torch.nn.UpsamplingNearest2d", "https://docs.pytorch.org/docs/stable/generated/torch.nn.UpsamplingNearest2d.html")],
    domain=dict(x=Array(real, "N C H W", batch="N"), scale=integer(1, 4)),
    outputs=("y",),
)
def nearest_upsampling(x, *, scale):
    """Repeating each pixel adds no information and loses none: every s-th pixel gives the image back."""
    return np.repeat(np.repeat(x, scale, axis=2), scale, axis=3)


@nearest_upsampling.law("every s-th pixel gives the image back")
def _(f, x, *, scale):
    return f(x, scale=scale)[:, :, ::scale, ::scale], x


@nearest_upsampling.law("it is the transposed convolution with a kernel of ones, as large as its stride")
def _(f, x, *, scale):
    C = x.shape[1]
    ones = np.ones((C, 1, scale, scale), dtype=int)
    return f(x, scale=scale), scattered_sum(x, ones, np.zeros(C, dtype=int), scale, 0, 0, 1, C)
