"""The convolution layer: a kernel slides over an input, and each place gives one weighted sum of what lies under it."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, integer, real
from reference.functions import pair, windows

MATH_8_1 = Note("001_468a25992c418006.md", label="math 8-1")
CHANNELS = Note("001_468a25992c418006.md", label="img 8-3")
EACH_AXIS = Note("001_468a25992c418006.md", line=433)
KERNELS = Note("002_ba28ceac52ab63bb.md", line=130)
AXES = Note("002_ba28ceac52ab63bb.md", line=112)
LINEAR = Note("000_301a927e2f22c6c5.md", line=147)
BOOK = Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "equation 9.6", "https://www.deeplearningbook.org/contents/convnets.html")
ARITHMETIC = Paper("Dumoulin & Visin 2016, A guide to convolution arithmetic for deep learning", "chapter 2", "https://arxiv.org/abs/1603.07285")
TRUE_CONVOLUTION = Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "equation 9.5", "https://www.deeplearningbook.org/contents/convnets.html")

SIZES = dict(N=(1, 2), A=(1, 3), B=(1, 3), K=(1, 3), Y=(1, 3), rest=(0, 2))
FLIPPED = "the kernel is turned round along each axis, as mathematics does; the layers of deep learning do not"


def windowed_sum(x, w, b, stride, padding, dilation, groups):
    """The sum over channels and taps, in as many dimensions as the kernel has."""
    d = w.ndim - 2
    places, taps = "xyz"[:d], "uvw"[:d]
    image = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in pair(padding, d))])
    (N, I, *shape), (O, A, *kernel) = image.shape, w.shape
    seen = windows(image.reshape(N, groups, I // groups, *shape), kernel, stride, dilation)
    sums = np.einsum(f"ngi{places}{taps},goi{taps}->ngo{places}", seen, w.reshape(groups, O // groups, A, *kernel))
    return sums.reshape(N, O, *sums.shape[3:]) + b.reshape(-1, *(1,) * d)


def turned(w):
    """The kernel, turned round along each of its spatial axes."""
    return np.flip(w, tuple(range(2, w.ndim)))


@equation(
    latex=r"O_{n,g B + o,x} = b_{g B + o} + \sum_{i=0}^{A-1} \sum_{u=0}^{K-1} I_{n,g A + i,x S + u D - P} \, W_{g B + o,i,u}",
    sources=[AXES, MATH_8_1, ARITHMETIC],
    domain=dict(
        x=Array(real, "N groups*A (Y-1)*stride+dilation*(K-1)+1+rest-2*padding", batch="N"),
        w=Array(real, "groups*B A K"), b=Array(real, "groups*B"),
        stride=integer(1, 3), padding=integer(0, 2), dilation=integer(1, 3), groups=integer(1, 3),
    ),
    sizes=SIZES | dict(Y=(1, 5), K=(1, 5)),
    where=("rest < stride", "(Y-1)*stride+dilation*(K-1)+1+rest-2*padding >= 1"),
    outputs=("O",),
)  # fmt: skip
def convolution_1d(x, w, b, *, stride, padding, dilation, groups):
    """What a kernel learns in one place it knows in every place: each output is one weighted sum, read S further on.

    I counts as 0 outside. With groups, an output channel sees only the input channels of its own group.
    """
    return windowed_sum(x, w, b, stride, padding, dilation, groups)


@convolution_1d.dialect(
    "kernel flipped",
    latex=r"O_{n,g B + o,x} = b_{g B + o} + \sum_{i=0}^{A-1} \sum_{u=0}^{K-1} I_{n,g A + i,x S + u D - P} \, W_{g B + o,i,K-1-u}",
    sources=[TRUE_CONVOLUTION],
    differs=FLIPPED,
    telling=dict(x=np.array([[[1.0, 0.0]]]), w=np.array([[[1.0, 0.0]]]), b=np.array([0.0]),
                 stride=1, padding=0, dilation=1, groups=1),
)  # fmt: skip
def _(x, w, b, *, stride, padding, dilation, groups):
    return windowed_sum(x, turned(w), b, stride, padding, dilation, groups)


@equation(
    latex=r"O_{n,g B + o,y,x} = b_{g B + o} + \sum_{i=0}^{A-1} \sum_{u=0}^{K-1} \sum_{v=0}^{L-1} I_{n,g A + i,y S_y + u D_y - P_y,x S_x + v D_x - P_x} \, W_{g B + o,i,u,v}",
    sources=[MATH_8_1, CHANNELS, KERNELS, EACH_AXIS, AXES, LINEAR, BOOK, ARITHMETIC],
    domain=dict(
        x=Array(real, "N groups*A (Y-1)*stride_y+dilation_y*(K-1)+1+rest-2*padding_y (X-1)*stride_x+dilation_x*(L-1)+1-2*padding_x", batch="N"),
        w=Array(real, "groups*B A K L"), b=Array(real, "groups*B"),
        stride_y=integer(1, 3), stride_x=integer(1, 3), padding_y=integer(0, 2), padding_x=integer(0, 2),
        dilation_y=integer(1, 2), dilation_x=integer(1, 2), groups=integer(1, 3),
    ),
    sizes=SIZES | dict(L=(1, 3), X=(1, 3)),
    where=(
        "rest < stride_y",
        "(Y-1)*stride_y+dilation_y*(K-1)+1+rest-2*padding_y >= 1",
        "(X-1)*stride_x+dilation_x*(L-1)+1-2*padding_x >= 1",
    ),
    outputs=("O",),
)  # fmt: skip
def convolution_2d(x, w, b, *, stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x, groups):
    """Moving the image by a stride moves the result by one place, away from the border.

    The name is borrowed: with the kernel as it is, this is cross-correlation. The notes print convolution in math 8
    and this in math 8-1, under the same name. A kernel of 5 x 5 over three channels has 5 x 5 x 3 weights and gives
    one channel; as many come out as there are kernels. The operation is linear where there is no bias.
    """
    return windowed_sum(x, w, b, (stride_y, stride_x), (padding_y, padding_x), (dilation_y, dilation_x), groups)


PLAIN = dict(stride_y=1, stride_x=1, padding_y=0, padding_x=0, dilation_y=1, dilation_x=1, groups=1)


@convolution_2d.dialect(
    "kernel flipped",
    latex=r"O_{n,g B + o,y,x} = b_{g B + o} + \sum_{i=0}^{A-1} \sum_{u=0}^{K-1} \sum_{v=0}^{L-1} I_{n,g A + i,y S_y + u D_y - P_y,x S_x + v D_x - P_x} \, W_{g B + o,i,K-1-u,L-1-v}",
    sources=[Note("001_468a25992c418006.md", label="math 8"), TRUE_CONVOLUTION],
    differs=FLIPPED,
    telling=dict(x=np.array([[[[1.0, 0.0]]]]), w=np.array([[[[1.0, 0.0]]]]), b=np.array([0.0]), **PLAIN),
)
def _(x, w, b, *, stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x, groups):
    return windowed_sum(
        x, turned(w), b, (stride_y, stride_x), (padding_y, padding_x), (dilation_y, dilation_x), groups
    )


@equation(
    latex=r"O_{n,g B + o,z,y,x} = b_{g B + o} + \sum_{i=0}^{A-1} \sum_{u=0}^{K-1} \sum_{v=0}^{L-1} \sum_{t=0}^{M-1} I_{n,g A + i,z S + u D - P,y S + v D - P,x S + t D - P} \, W_{g B + o,i,u,v,t}",
    sources=[AXES, MATH_8_1, ARITHMETIC],
    domain=dict(
        x=Array(real, "N groups*A (Z-1)*stride+dilation*(K-1)+1+rest-2*padding (Y-1)*stride+dilation*(L-1)+1-2*padding (X-1)*stride+dilation*(M-1)+1-2*padding", batch="N"),
        w=Array(real, "groups*B A K L M"), b=Array(real, "groups*B"),
        stride=integer(1, 2), padding=integer(0, 1), dilation=integer(1, 2), groups=integer(1, 2),
    ),
    sizes=dict(N=(1, 2), A=(1, 2), B=(1, 2), K=(1, 3), L=(1, 2), M=(1, 2), X=(1, 2), Y=(1, 3), Z=(1, 2), rest=(0, 1)),
    where=(
        "rest < stride",
        "(Z-1)*stride+dilation*(K-1)+1+rest-2*padding >= 1",
        "(Y-1)*stride+dilation*(L-1)+1-2*padding >= 1",
        "(X-1)*stride+dilation*(M-1)+1-2*padding >= 1",
    ),
    outputs=("O",),
)  # fmt: skip
def convolution_3d(x, w, b, *, stride, padding, dilation, groups):
    """A kernel that also reaches through time sees motion, which no sum over single pictures does."""
    return windowed_sum(x, w, b, stride, padding, dilation, groups)


@convolution_3d.dialect(
    "kernel flipped",
    latex=r"O_{n,g B + o,z,y,x} = b_{g B + o} + \sum_{i=0}^{A-1} \sum_{u=0}^{K-1} \sum_{v=0}^{L-1} \sum_{t=0}^{M-1} I_{n,g A + i,z S + u D - P,y S + v D - P,x S + t D - P} \, W_{g B + o,i,K-1-u,L-1-v,M-1-t}",
    sources=[TRUE_CONVOLUTION],
    differs=FLIPPED,
    telling=dict(x=np.array([[[[[1.0, 0.0]]]]]), w=np.array([[[[[1.0, 0.0]]]]]), b=np.array([0.0]),
                 stride=1, padding=0, dilation=1, groups=1),
)  # fmt: skip
def _(x, w, b, *, stride, padding, dilation, groups):
    return windowed_sum(x, turned(w), b, stride, padding, dilation, groups)


convolution_2d.wording(r"O_{y,x} = b + \sum_{u=0}^{K-1} \sum_{v=0}^{L-1} I_{y + u,x + v} \, W_{u,v}")
convolution_2d.wording(
    r"O_{o,y,x} = b_o + \sum_{c=0}^{C-1} \sum_{u=0}^{K-1} \sum_{v=0}^{L-1} I_{c,y S + u,x S + v} \, W_{o,c,u,v}",
    symbols={"S": ("stride_y", "stride_x"), "C": "A"},
)  # fmt: skip
for layer, formula in (
    (convolution_1d, r"O_{n,o,x} = b_o + \sum_{i} \sum_{u=0}^{K-1} I_{n,i,x S + u D - P} \, W_{o,i,u}"),
    (convolution_2d, r"O_{n,o,y,x} = b_o + \sum_{i} \sum_{u=0}^{K-1} \sum_{v=0}^{L-1} I_{n,i,y S_y + u D_y - P_y,x S_x + v D_x - P_x} \, W_{o,i,u,v}"),
):
    layer.wording(formula)
convolution_2d.wording(
    r"O_{n,o,y,x} = b_o + \sum_{i} \sum_{u=0}^{K-1} \sum_{v=0}^{L-1} I_{n,i,y S_y + u D_y - P_y,x S_x + v D_x - P_x} \, W_{o,i,K-1-u,L-1-v}",
    dialect="kernel flipped",
)
convolution_1d.wording(
    r"O_{n,o,x} = b_o + \sum_{i} \sum_{u=0}^{K-1} I_{n,i,x S + u D - P} \, W_{o,i,K-1-u}", dialect="kernel flipped"
)
convolution_1d.wording(r"O_x = b + \sum_{u=0}^{K-1} I_{x + u} \, W_u")


convolution_2d.wording(r"O(i, j) = \sum_m \sum_n I(i + m, j + n) \, K(m, n)")
convolution_2d.wording(r"S(i, j) = (I * K)(i, j) = \sum_m \sum_n I(i + m, j + n) \, K(m, n)")
convolution_2d.wording(r"O_{y,x} = b + \sum_{u=0}^{K-1} \sum_{v=0}^{K-1} I_{y + u,x + v} \, W_{u,v}", symbols={"K": ("K", "L")})
convolution_2d.wording(r"O_{o,y,x} = b_o + \sum_{c=0}^{C-1} \sum_{u=0}^{K-1} \sum_{v=0}^{K-1} I_{c,y S + u,x S + v} \, W_{o,c,u,v}",
                       symbols={"K": ("K", "L"), "S": ("stride_y", "stride_x"), "C": "A"})  # fmt: skip
