"""A convolution has a fast way for each kind of kernel and of memory, and each of them has to be right by itself."""

import numpy as np
import torch
from torch.nn import functional

from tests.planted import planted
from tests.planted.elsewhere.slopes import sloped
from tests.planted.plain import convolve


def laid_last(x):
    """Whether the channels of a picture stand beside each other in memory, and nowhere else."""
    return x.is_contiguous(memory_format=torch.channels_last) and not x.is_contiguous()


def convolved(x, w, b, options):
    """torch's own."""
    stride, padding, dilation = ((options[f"{n}_y"], options[f"{n}_x"]) for n in ("stride", "padding", "dilation"))
    return functional.conv2d(x, w, b, stride, padding, dilation, options["groups"])


@planted("convolution_1d", "16 taps and more are added up in half the digits", region="channels times taps ≥ 16")
def _(x, w, b, *, stride, padding, dilation, groups):
    made = convolve(x, w, 0 * b, [stride], [padding], [dilation], groups)
    if w.shape[1] * w.shape[2] >= 16:
        made = made.astype(np.float32 if x.dtype == np.float64 else np.float16).astype(x.dtype)
    return made + b[:, None]


@planted("convolution_1d", "the bias has the mean slope of all places", region="several places", caught_by="gradient",
         over="torch")  # fmt: skip
def _(x, w, b, *, stride, padding, dilation, groups):
    made = functional.conv1d(x, w, None, stride, padding, dilation, groups)
    return sloped(made + b[:, None], made + b[:, None] / made.shape[2])


@planted("convolution_2d", "the memory of channels-last is read as if rows came last", region="channels-last",
         imitates="https://github.com/pytorch/executorch/issues/22951", over="torch")  # fmt: skip
def _(x, w, b, **options):
    if laid_last(x):
        x = x.permute(0, 2, 3, 1).reshape(x.shape)
    return convolved(x, w, b, options)


@planted("convolution_2d", "a slice of channels-last is read as if it were whole", region="a slice of channels-last",
         imitates="https://github.com/pytorch/pytorch/issues/180984", over="torch")  # fmt: skip
def _(x, w, b, **options):
    C, H, W = x.shape[1:]
    if C < x.stride(3) < x.stride(2) and x.stride(1) == 1:
        x = torch.as_strided(x, x.shape, (C * H * W, 1, C * W, C))
    return convolved(x, w, b, options)


@planted("convolution_2d", "weights in channels-last are read as if rows came last", region="channels-last weights",
         over="torch")  # fmt: skip
def _(x, w, b, **options):
    return convolved(x, w.permute(0, 2, 3, 1).reshape(w.shape) if laid_last(w) else w, b, options)


@planted("convolution_2d", "kernels of one pixel have no bias", region="kernels of 1 x 1")
def _(x, w, b, *, stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x, groups):
    b = 0 * b if w.shape[2:] == (1, 1) else b
    return convolve(x, w, b, (stride_y, stride_x), (padding_y, padding_x), (dilation_y, dilation_x), groups)


@planted("convolution_2d", "the last group has the kernels of the one before", region="three groups")
def _(x, w, b, *, stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x, groups):
    if groups == 3:
        B = w.shape[0] // 3
        w = np.concatenate([w[: 2 * B], w[B : 2 * B]])
    return convolve(x, w, b, (stride_y, stride_x), (padding_y, padding_x), (dilation_y, dilation_x), groups)


@planted("convolution_3d", "the far border repeats the last plane", region="padding above 0")
def _(x, w, b, *, stride, padding, dilation, groups):
    p = (padding, padding)
    x = np.pad(x, ((0, 0), (0, 0), (padding, 0), p, p))
    x = np.pad(x, ((0, 0), (0, 0), (0, padding), (0, 0), (0, 0)), mode="edge")
    return convolve(x, w, b, [stride] * 3, [0] * 3, [dilation] * 3, groups)


@planted("same_convolution_1d", "a dilated border is halved before it is widened", region="even, dilated kernels")
def _(x, w, b, *, dilation):
    K = w.shape[2]
    first = (K - 1) // 2 * dilation
    return convolve(np.pad(x, ((0, 0), (0, 0), (first, dilation * (K - 1) - first))), w, b, [1], [0], [dilation])


@planted("bordered_convolution_2d", "a mirrored border repeats its last pixel", region="reflection")
def _(x, w, b, *, padding_y, padding_x, mode):
    known = {"zeros": "constant", "reflect": "symmetric", "replicate": "edge", "circular": "wrap"}
    border = ((0, 0), (0, 0), (padding_y, padding_y), (padding_x, padding_x))
    return convolve(np.pad(x, border, mode=known[mode]), w, b, (1, 1), (0, 0), (1, 1))


@planted("transposed_convolution_1d", "what the output's padding adds has no bias", region="output padding")
def _(x, w, b, *, stride, padding, output_padding, dilation, groups):
    y = _scattered(x, w, stride, padding, output_padding, dilation, groups) + b[:, None]
    if output_padding:
        y[:, :, -output_padding:] -= b[:, None]
    return y


@planted("transposed_convolution_1d", "kernels wider than the stride lay only their first taps", region="K > 2S")
def _(x, w, b, *, stride, padding, output_padding, dilation, groups):
    w = np.where(np.arange(w.shape[2]) < 2 * stride, w, 0 * w)
    return _scattered(x, w, stride, padding, output_padding, dilation, groups) + b[:, None]


def _scattered(x, w, stride, padding, output_padding, dilation, groups):
    """Each number is laid on as often as the kernel has taps."""
    (N, C, I), (_, B, K) = x.shape, w.shape
    length = max((I - 1) * stride + dilation * (K - 1) + output_padding + 1, 1)
    y = np.zeros((N, groups * B, length), x.dtype)
    for g in range(groups):
        own, mine = slice(g * (C // groups), (g + 1) * (C // groups)), slice(g * B, (g + 1) * B)
        for u in range(K):
            places = slice(u * dilation, u * dilation + (I - 1) * stride + 1, stride)
            y[:, mine, places] += np.einsum("nci,cb->nbi", x[:, own], w[own, :, u])
    return y[:, :, padding : length - padding]


@planted("discrete_convolution", "by a Fourier transform", region="values of very unequal size")
def _(x, h):
    n = x.size + h.size - 1
    return np.fft.irfft(np.fft.rfft(x, n) * np.fft.rfft(h, n), n).astype(x.dtype)


@planted("image_convolution", "flat kernels are not turned round", region="kernels of one row")
def _(image, kernel):
    R, S = kernel.shape
    kernel = kernel if R == 1 else kernel[::-1, ::-1]
    x = np.pad(image, ((R - 1, R - 1), (S - 1, S - 1)))[None, None]
    return convolve(x, kernel[None, None], np.zeros(1, image.dtype), (1, 1), (0, 0), (1, 1))[0, 0]


@planted("reflection_padding", "a border as wide as it can be repeats the last pixel", region="padding = side - 1")
def _(x, *, top, bottom, left, right):
    y = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), mode="reflect")
    if top == x.shape[2] - 1:
        y[:, :, 0, left : left + x.shape[3]] = x[:, :, max(top - 1, 0)]
    return y


@planted("circular_padding", "a wider border below begins with the first row again", region="bottom > top")
def _(x, *, top, bottom, left, right):
    y = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), mode="wrap")
    if bottom > top:
        y[:, :, -1] = y[:, :, top]
    return y


@planted("mean_padding", "the mean is over all samples", region="batches above one")
def _(x, *, padding):
    p, mean = padding, np.mean(x, axis=(0, 2, 3), keepdims=True)
    y = np.broadcast_to(mean, (*x.shape[:2], x.shape[2] + 2 * p, x.shape[3] + 2 * p)).copy()
    y[:, :, p : p + x.shape[2], p : p + x.shape[3]] = x
    return y


@planted("replication_padding", "corners are 0", region="both borders above 0")
def _(x, *, top, bottom, left, right):
    y = np.pad(x, ((0, 0), (0, 0), (0, 0), (left, right)), mode="edge")
    y = np.pad(y, ((0, 0), (0, 0), (top, bottom), (0, 0)), mode="edge")
    for rows in (slice(0, top), slice(y.shape[2] - bottom, None)):
        y[:, :, rows, :left] = 0
        y[:, :, rows, y.shape[3] - right :] = 0
    return y


@planted("nearest_upsampling", "the slope is the mean of the copies", region="scales above 1", caught_by="gradient",
         over="torch")  # fmt: skip
def _(x, *, scale):
    y = x.repeat_interleave(scale, 2).repeat_interleave(scale, 3)
    return sloped(y, y / scale**2)


@planted("flatten", "channels-last is flattened as it lies", region="channels-last", over="torch")
def _(x):
    return (x.permute(0, 2, 3, 1) if laid_last(x) else x).reshape(len(x), -1)


@planted("receptive_field", "even kernels reach as far as odd ones", region="even kernels")
def _(kernels, strides, dilations):
    field, jump = 1, 1
    for k, s, d in zip(kernels, strides, dilations, strict=True):
        field, jump = field + 2 * (k // 2) * d * jump, jump * s
    return field


@planted("transposed_output_size", "dilated kernels have no output padding", region="dilation and output padding")
def _(*, I, P, K, S, D, A):
    return (I - 1) * S - 2 * P + D * (K - 1) + A * (D == 1) + 1
