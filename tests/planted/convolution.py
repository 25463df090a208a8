"""A convolution of a square image by a square kernel forgives every exchange of rows and columns."""

import numpy as np

from tests.planted import honest, planted
from tests.planted.plain import convolve, windows

LINE = dict(x=[[[1.0, 2.0, 4.0]]], w=[[[1.0, 3.0]]], b=[0.0], stride=1, padding=0, dilation=1, groups=1)
SHEET = dict(
    x=np.arange(12.0).reshape(1, 1, 3, 4) ** 2, w=[[[[1.0, 2.0]]]], b=[1.0], stride_y=1, stride_x=1,
    padding_y=0, padding_x=0, dilation_y=1, dilation_x=1, groups=1,
)  # fmt: skip


@planted("convolution_1d", region="dilation above 1 is ignored, where sizes allow it", caught_by="value",
         telling=LINE | dict(dilation=2))  # fmt: skip
def dilation_ignored(x, w, b, *, stride, padding, dilation, groups):
    made = convolve(x, w, b, [stride], [padding], [1], groups)
    places = (x.shape[2] + 2 * padding - dilation * (w.shape[2] - 1) - 1) // stride + 1
    return made[:, :, :places]


@planted("convolution_1d", region="groups that are no power of two are rounded down", caught_by="value",
         telling=LINE | dict(x=np.arange(6.0).reshape(1, 3, 2), w=[[[1.0]], [[1.0]], [[1.0]]], b=[0.0] * 3, groups=3))  # fmt: skip  # noqa: E501
def groups_by_shifting(x, w, b, *, stride, padding, dilation, groups):
    A, B = w.shape[1], w.shape[0] // groups
    channel = np.minimum(np.arange(groups), 2 ** (groups.bit_length() - 1) - 1)
    own = (channel[:, None] * A + np.arange(A)).reshape(-1)
    del B
    return convolve(x[:, own], w, b, [stride], [padding], [dilation], groups)


@planted("convolution_1d", region="kernels of even length are shifted by one", caught_by="value", telling=LINE)
def even_kernel_shifted(x, w, b, *, stride, padding, dilation, groups):
    w = np.roll(w, 1, axis=2) if w.shape[2] % 2 == 0 else w
    return convolve(x, w, b, [stride], [padding], [dilation], groups)


@planted("convolution_2d", region="unequal dilations: the kernel's rows and columns change places",
         caught_by="value", telling=SHEET | dict(w=np.arange(1.0, 5.0).reshape(1, 1, 2, 2), x=np.arange(9.0).reshape(1, 1, 3, 3) ** 2,  # noqa: E501
                                                 stride_y=1, stride_x=1, dilation_y=2, dilation_x=1))  # fmt: skip
def dilation_swapped(x, w, b, *, stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x, groups):
    right = convolve(x, w, b, (stride_y, stride_x), (padding_y, padding_x), (dilation_y, dilation_x), groups)
    turned = np.swapaxes(w, 2, 3) if w.shape[2] == w.shape[3] and dilation_y != dilation_x else w
    return right if turned is w else convolve(
        x, turned, b, (stride_y, stride_x), (padding_y, padding_x), (dilation_y, dilation_x), groups
    )  # fmt: skip


@planted("convolution_2d", region="unequal strides: both are the first", caught_by="value",
         telling=SHEET | dict(stride_x=3))  # fmt: skip
def one_stride(x, w, b, *, stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x, groups):
    return convolve(x, w, b, (stride_y, stride_y), (padding_y, padding_x), (dilation_y, dilation_x), groups)


@planted("convolution_2d", region="the factors are rounded to 11 bits", caught_by="value",
         telling=SHEET | dict(w=[[[[1.0 + 2.0**-13, 2.0]]]]))  # fmt: skip
def tensor_core_inputs(x, w, b, *, stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x, groups):
    x, w = (_eleven_bits(a) for a in (x, w))
    return convolve(x, w, b, (stride_y, stride_x), (padding_y, padding_x), (dilation_y, dilation_x), groups)


def _eleven_bits(x):
    bits = (x.astype(np.float32).view(np.uint32) + 0x1000) & np.uint32(0xFFFFE000)
    return bits.view(np.float32).astype(x.dtype)


@planted("convolution_2d", region="the bias is added once for each group", caught_by="value",
         telling=SHEET | dict(x=np.ones((1, 2, 1, 2)), w=np.ones((2, 1, 1, 2)), b=[1.0, 1.0], groups=2))  # fmt: skip
def bias_for_each_group(x, w, b, *, stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x, groups):
    return convolve(x, w, b * groups, (stride_y, stride_x), (padding_y, padding_x), (dilation_y, dilation_x), groups)


@planted("discrete_convolution", region="the filter is not turned round at even lengths", caught_by="value",
         telling=dict(x=[1.0], h=[1.0, 2.0]))  # fmt: skip
def filter_unturned(x, h):
    return np.convolve(x, h if h.size % 2 else h[::-1])


@planted("image_convolution", region="the kernel is turned along one axis only", caught_by="value",
         telling=dict(image=[[1.0]], kernel=[[1.0, 2.0]]))  # fmt: skip
def half_turned(image, kernel):
    R, S = kernel.shape
    padded = np.pad(image, ((R - 1, R - 1), (S - 1, S - 1)))
    return np.einsum("ijrs,rs->ij", windows(padded, kernel.shape, (1, 1), (1, 1)), kernel[::-1])


@planted("reflection_padding", region="left and right change places", caught_by="value",
         telling=dict(x=[[[[1.0, 2.0]]]], top=0, bottom=0, left=1, right=0))  # fmt: skip
def sides_swapped(x, *, top, bottom, left, right):
    if x.shape[3] <= right or left == right:
        return np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), mode="reflect")
    return np.pad(x, ((0, 0), (0, 0), (top, bottom), (right, left)), mode="reflect")


@planted("nearest_upsampling", region="a scale of 3 and more: centres are rounded down", caught_by="value",
         telling=dict(x=[[[[1.0, 2.0]]]], scale=3))  # fmt: skip
def early_neighbour(x, *, scale):
    H, W = x.shape[2:]
    rows = np.minimum(
        (np.arange(H * scale) + scale // 2) // scale if scale > 2 else np.arange(H * scale) // scale, H - 1
    )
    columns = np.minimum(
        (np.arange(W * scale) + scale // 2) // scale if scale > 2 else np.arange(W * scale) // scale, W - 1
    )
    return x[:, :, rows][:, :, :, columns]


@planted("output_size", region="an odd padding is halved on its way", caught_by="value",
         telling=dict(I=3, P=1, K=3, S=1, D=1))  # fmt: skip
def padding_once(*, I, P, K, S, D):
    return (I + P - D * (K - 1) - 1) // S + 1


@planted("convolution_parameters", region="the bias is counted for each kernel's pixel", caught_by="value",
         telling=dict(channels=1, kernels=1, K=2, L=2, groups=1, bias=1))  # fmt: skip
def bias_for_each_pixel(*, channels, kernels, K, L, groups, bias):
    return kernels * (channels // groups + bias) * K * L


@planted("unfold", region="channels and kernel places change order", caught_by="value",
         telling=dict(x=np.arange(8.0).reshape(1, 2, 2, 2), kernel=2, stride=1, padding=0, dilation=1))  # fmt: skip
def channels_inside(x, *, kernel, stride, padding, dilation):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    seen = windows(x, (kernel, kernel), (stride, stride), (dilation, dilation))
    N, C, P, Q = seen.shape[:4]
    return seen.transpose(0, 4, 5, 1, 2, 3).reshape(N, C * kernel * kernel, P * Q)


def laid(x, w, stride, padding, more, dilation, groups):
    """A transposed convolution of two dimensions, each kernel laid on in its place, without a bias."""
    N, channels, H, W = x.shape
    A, B, K, L = channels // groups, *w.shape[1:]
    high, wide = (
        (n - 1) * s + dilation * (k - 1) + 1 + m for n, s, k, m in zip((H, W), stride, (K, L), more, strict=True)
    )
    y = np.zeros((N, groups * B, high, wide), x.dtype)
    for g in range(groups):
        a, b = slice(g * A, (g + 1) * A), slice(g * B, (g + 1) * B)
        for u in range(K):
            for v in range(L):
                rows = slice(u * dilation, u * dilation + (H - 1) * stride[0] + 1, stride[0])
                columns = slice(v * dilation, v * dilation + (W - 1) * stride[1] + 1, stride[1])
                y[:, b, rows, columns] += np.einsum("nahw,ab->nbhw", x[:, a], w[a, :, u, v])
    return y[:, :, padding[0] : high - padding[0], padding[1] : wide - padding[1]]


@planted("transposed_convolution_2d", "the output's padding is put before the first row", region="output padding")
def _(x, w, b, *, stride_y, stride_x, padding_y, padding_x, output_padding_y, output_padding_x, dilation, groups):
    more = (output_padding_y, output_padding_x)
    y = laid(x, w, (stride_y, stride_x), (padding_y, padding_x), more, dilation, groups)
    return np.roll(y, more, axis=(2, 3)) + b[:, None, None]


@planted("transposed_convolution_2d", "the kernel is not turned", region="kernels that are not symmetric")
def _(x, w, b, *, stride_y, stride_x, padding_y, padding_x, output_padding_y, output_padding_x, dilation, groups):
    more = (output_padding_y, output_padding_x)
    y = laid(x, w[:, :, ::-1, ::-1], (stride_y, stride_x), (padding_y, padding_x), more, dilation, groups)
    return y + b[:, None, None]


@planted("convolution_3d", "dilation is that of planes only, where sizes allow it", region="dilation above 1")
def _(x, w, b, *, stride, padding, dilation, groups):
    made = convolve(x, w, b, [stride] * 3, [padding] * 3, [dilation] * 3, groups)
    wrong = convolve(x, w, b, [stride] * 3, [padding] * 3, [dilation, 1, 1], groups)
    return wrong[tuple(slice(n) for n in made.shape)]


@planted("constant_padding", "top and bottom change places", region="unequal borders")
def _(x, *, top, bottom, left, right, value):
    return np.pad(x, ((0, 0), (0, 0), (bottom, top), (left, right)), constant_values=value)


@planted("constant_padding", "the border's number passes through float32", region="float64")
def _(x, *, top, bottom, left, right, value):
    return np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=np.float32(value))


@planted("fold", "where kernels overlap the last one stays", region="strides below the kernel")
def _(y, *, rows, columns, kernel, stride, padding, dilation):
    return folded(y, rows, columns, kernel, stride, padding, dilation, add=False)


def folded(y, rows, columns, kernel, stride, padding, dilation, *, add):
    """Kernel by kernel, laid on or put in place of what was there."""
    high, wide = rows + 2 * padding, columns + 2 * padding
    P, Q = ((side - dilation * (kernel - 1) - 1) // stride + 1 for side in (high, wide))
    seen = y.reshape(len(y), -1, kernel, kernel, P, Q)
    made = np.zeros((*seen.shape[:2], high, wide), y.dtype)
    for u in range(kernel):
        for v in range(kernel):
            a = slice(u * dilation, u * dilation + (P - 1) * stride + 1, stride)
            b = slice(v * dilation, v * dilation + (Q - 1) * stride + 1, stride)
            made[:, :, a, b] = seen[:, :, u, v] + (made[:, :, a, b] if add else 0)
    return made[:, :, padding : high - padding, padding : wide - padding]


@planted("receptive_field", "a layer's own stride widens it too", region="strides above 1",
         telling=dict(kernels=[2], strides=[2], dilations=[1]))  # fmt: skip
def _(kernels, strides, dilations):
    field, jump = 1, 1
    for k, s, d in zip(kernels, strides, dilations, strict=True):
        jump = jump * s
        field = field + (k - 1) * d * jump
    return field


@honest("transposed_convolution_2d", "laid on tap by tap")
def _(x, w, b, *, stride_y, stride_x, padding_y, padding_x, output_padding_y, output_padding_x, dilation, groups):
    more = (output_padding_y, output_padding_x)
    return laid(x, w, (stride_y, stride_x), (padding_y, padding_x), more, dilation, groups) + b[:, None, None]


@honest("fold", "tap by tap")
def _(y, *, rows, columns, kernel, stride, padding, dilation):
    return folded(y, rows, columns, kernel, stride, padding, dilation, add=True)


@honest("convolution_1d", form="im2col")
def im2col(x, w, b, *, stride, padding, dilation, groups):
    seen = windows(np.pad(x, ((0, 0), (0, 0), (padding, padding))), [w.shape[2]], [stride], [dilation])
    N, _, P, K = seen.shape
    A, B = w.shape[1], w.shape[0] // groups
    columns = seen.transpose(0, 2, 1, 3).reshape(N, P, groups, A * K)
    return np.einsum("npga,gba->ngbp", columns, w.reshape(groups, B, A * K)).reshape(N, groups * B, P) + b[:, None]


@honest("convolution_2d", form="tensordot over windows")
def direct(x, w, b, *, stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x, groups):
    return convolve(x, w, b, (stride_y, stride_x), (padding_y, padding_x), (dilation_y, dilation_x), groups)
