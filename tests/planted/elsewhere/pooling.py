"""A pooling layer has no weights, so nothing that is learned can make up for a mistake in it."""

import numpy as np
import torch
from torch.nn import functional

from tests.planted import planted
from tests.planted.elsewhere.slopes import sloped
from tests.planted.plain import windows


@planted("global_max_pooling", "each of the largest has the whole slope", region="ties",
         imitates="https://github.com/Theano/Theano/issues/5248", caught_by="gradient", over="torch")  # fmt: skip
def _(x):
    y = x.amax((2, 3))
    return sloped(y, torch.where(x == y[:, :, None, None], x, 0 * x.detach()).sum((2, 3)))


@planted("max_pooling_2d", "the border is the least number there is", region="-inf beside the border",
         imitates="https://github.com/pytorch/pytorch/pull/23161", caught_by="limits")  # fmt: skip
def _(x, *, kernel_y, kernel_x, stride_y, stride_x, padding_y, padding_x, dilation, ceil_mode):
    least = np.finfo(x.dtype).min
    return largest(np.maximum(x, least), least, (kernel_y, kernel_x), (stride_y, stride_x), (padding_y, padding_x),
                    dilation, ceil_mode)  # fmt: skip


def largest(x, border, kernel, stride, padding, dilation, ceil_mode):
    """The largest of each window."""
    counts, edges = [], [(0, 0), (0, 0)]
    for side, k, s, p in zip(x.shape[2:], kernel, stride, padding, strict=True):
        span = side + 2 * p - dilation * (k - 1) - 1
        count = -(-span // s) + 1 if ceil_mode else span // s + 1
        count -= bool(ceil_mode and (count - 1) * s >= side + p)
        counts.append(count)
        edges.append((p, max(p, (count - 1) * s + dilation * (k - 1) + 1 - side - p)))
    seen = windows(np.pad(x, edges, constant_values=border), kernel, stride, (dilation, dilation))
    return np.max(seen[:, :, : counts[0], : counts[1]], axis=(4, 5))


@planted("average_pooling_2d", "the slope is shared with the border", region="the border is not counted",
         caught_by="gradient", over="torch")  # fmt: skip
def _(x, *, kernel_y, kernel_x, stride_y, stride_x, padding_y, padding_x, ceil_mode, count_include_pad):
    where = ((kernel_y, kernel_x), (stride_y, stride_x), (padding_y, padding_x), bool(ceil_mode))
    return sloped(functional.avg_pool2d(x, *where, bool(count_include_pad)), functional.avg_pool2d(x, *where, True))


@planted("global_average_pooling", "channels-last is divided by the square of the height", region="channels-last",
         over="torch")  # fmt: skip
def _(x):
    last = x.is_contiguous(memory_format=torch.channels_last) and not x.is_contiguous()
    return x.sum((2, 3)) / (x.shape[2] * x.shape[2 if last else 3])


@planted("global_average_pooling", "sums of 32 pixels and more are narrow", region="32 pixels and more")
def _(x):
    n = x.shape[2] * x.shape[3]
    narrow = (np.float32 if x.dtype == np.float64 else np.float16) if n >= 32 else x.dtype
    return (np.sum(x, axis=(2, 3)) / n).astype(narrow).astype(x.dtype)


@planted("adaptive_average_pooling_2d", "windows end at the rounded share", region="sizes that do not divide")
def _(x, *, rows, columns):
    H, W = x.shape[2:]
    return np.stack([np.stack([
        np.mean(x[:, :, i * H // rows : max(round((i + 1) * H / rows), i * H // rows + 1),
                  j * W // columns : max(round((j + 1) * W / columns), j * W // columns + 1)], axis=(2, 3))
        for j in range(columns)], axis=2) for i in range(rows)], axis=2)  # fmt: skip


@planted("adaptive_max_pooling_2d", "a grid finer than the picture skips pixels", region="more rows than pixels")
def _(x, *, rows, columns):
    H, W = x.shape[2:]
    start = (lambda i: min(i, H - 1)) if rows > H else (lambda i: i * H // rows)
    return np.stack([np.stack([
        np.max(x[:, :, start(i) : max(-(-(i + 1) * H // rows), start(i) + 1),
                 j * W // columns : -(-(j + 1) * W // columns)], axis=(2, 3))
        for j in range(columns)], axis=2) for i in range(rows)], axis=2)  # fmt: skip


@planted("pooling_output_size", "a window beyond the image is left out only without padding", region="ceil and padding")
def _(*, I, kernel, stride, padding, dilation, ceil_mode):
    span = I + 2 * padding - dilation * (kernel - 1) - 1
    count = (-(-span // stride) if ceil_mode else span // stride) + 1
    return count - (1 if ceil_mode and padding == 0 and (count - 1) * stride >= I else 0)
