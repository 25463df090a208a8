"""Pooling goes wrong at the border, in the last window, and where a pixel is no number."""

import numpy as np

from tests.planted import honest, planted
from tests.planted.plain import windows

ONE = dict(x=[[[[1.0, np.nan]]]])


@planted("global_max_pooling", region="NaN loses against every number", caught_by="limits",
         imitates="https://github.com/pytorch/pytorch/issues/7645", telling=ONE)  # fmt: skip
def ignores_nan(x):
    return np.fmax.reduce(np.fmax.reduce(x, axis=3), axis=2)


@planted("global_max_pooling", region="negative images: the maximum begins at 0", caught_by="value",
         telling=dict(x=[[[[-1.0]]]]))  # fmt: skip
def begins_at_zero(x):
    return np.max(x, axis=(2, 3), initial=0)


@planted("global_average_pooling", region="high images: divided by the width's square", caught_by="value",
         telling=dict(x=[[[[1.0, 1.0]]]]))  # fmt: skip
def square_images(x):
    return np.sum(x, axis=(2, 3)) / x.shape[3] ** 2


@planted("pooling_output_size", region="ceil_mode is ignored", caught_by="value",
         telling=dict(I=3, kernel=2, stride=2, padding=0, dilation=1, ceil_mode=1))  # fmt: skip
def always_floor(*, I, kernel, stride, padding, dilation, ceil_mode):
    return (I + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


@honest("global_average_pooling", form="rows first")
def rows_first(x):
    return np.mean(np.mean(x, axis=3), axis=2)


@honest("global_max_pooling", form="one flat row")
def flat(x):
    return np.max(x.reshape(*x.shape[:2], -1), axis=2)


def framed(x, value, kernel, stride, padding, ceil_mode, *, beyond=True):
    """The image in a border of `value`, as wide as the last windows need it, and how many windows there are."""
    counts, edges = [], [(0, 0), (0, 0)]
    for side, k, s, p in zip(x.shape[2:], kernel, stride, padding, strict=True):
        span = side + 2 * p - k
        count = -(-span // s) + 1 if ceil_mode else span // s + 1
        if ceil_mode and beyond and (count - 1) * s >= side + p:
            count -= 1
        counts.append(count)
        edges.append((p, max(p, (count - 1) * s + k - side - p)))
    seen = windows(np.pad(x, edges, constant_values=value), kernel, stride, (1, 1))
    return seen[:, :, : counts[0], : counts[1]]


@planted("max_pooling_2d", "strides of rows and columns change places", region="unequal strides")
def _(x, *, kernel_y, kernel_x, stride_y, stride_x, padding_y, padding_x, dilation, ceil_mode):
    kernel, padding = (kernel_y, kernel_x), (padding_y, padding_x)
    if dilation > 1:
        return largest(x, kernel, (stride_y, stride_x), padding, dilation, ceil_mode)
    right = framed(x, -np.inf, kernel, (stride_y, stride_x), padding, ceil_mode)
    wrong = framed(x, -np.inf, kernel, (stride_x, stride_y), padding, ceil_mode)
    return np.max(wrong if wrong.shape == right.shape else right, axis=(4, 5))


def largest(x, kernel, stride, padding, dilation, ceil_mode):
    """Max pooling with dilation, as a loop over taps."""
    span = tuple(dilation * (k - 1) + 1 for k in kernel)
    seen = framed(x, -np.inf, span, stride, padding, ceil_mode)
    return np.max(seen[..., ::dilation, ::dilation], axis=(4, 5))


@planted("max_pooling_2d", "the last window of ceil_mode sees zeros", region="ceil_mode, negative images")
def _(x, *, kernel_y, kernel_x, stride_y, stride_x, padding_y, padding_x, dilation, ceil_mode):
    kernel, stride, padding = (kernel_y, kernel_x), (stride_y, stride_x), (padding_y, padding_x)
    made = largest(x, kernel, stride, padding, dilation, ceil_mode)
    rows, columns = largest(x, kernel, stride, padding, dilation, ceil_mode=False).shape[2:]
    beyond = (np.arange(made.shape[2]) >= rows)[:, None] | (np.arange(made.shape[3]) >= columns)
    return np.where(beyond, np.maximum(made, 0), made)


@planted("max_pooling_2d", "a window's NaN is passed over", region="NaN", caught_by="limits")
def _(x, *, kernel_y, kernel_x, stride_y, stride_x, padding_y, padding_x, dilation, ceil_mode):
    x = np.where(np.isnan(x), np.array(-np.inf, x.dtype), x)
    return largest(x, (kernel_y, kernel_x), (stride_y, stride_x), (padding_y, padding_x), dilation, ceil_mode)


@planted("average_pooling_2d", "the border counts where it should not", region="count_include_pad is False")
def _(x, *, kernel_y, kernel_x, stride_y, stride_x, padding_y, padding_x, ceil_mode, count_include_pad):
    where = ((kernel_y, kernel_x), (stride_y, stride_x), (padding_y, padding_x), ceil_mode)
    ones = np.pad(np.ones_like(x), ((0, 0), (0, 0), (padding_y, padding_y), (padding_x, padding_x)))
    ones[:] = 1
    total = np.sum(framed(x, 0, *where), axis=(4, 5))
    P, Q = total.shape[2:]
    return total / np.sum(framed(ones, 0, *where[:2], (0, 0), ceil_mode), axis=(4, 5))[:, :, :P, :Q]


@planted("average_pooling_2d", "what the ceiling brings in counts", region="ceil_mode with count_include_pad")
def _(x, *, kernel_y, kernel_x, stride_y, stride_x, padding_y, padding_x, ceil_mode, count_include_pad):
    where = ((kernel_y, kernel_x), (stride_y, stride_x), (padding_y, padding_x), ceil_mode)
    total = np.sum(framed(x, 0, *where), axis=(4, 5))
    if count_include_pad:
        return total / (kernel_y * kernel_x)
    return total / np.sum(framed(np.ones_like(x), 0, *where), axis=(4, 5))


@planted("adaptive_average_pooling_2d", "windows end where the next begins", region="sizes that do not divide")
def _(x, *, rows, columns):
    H, W = x.shape[2:]
    return np.stack([np.stack([
        np.mean(x[:, :, i * H // rows : max((i + 1) * H // rows, i * H // rows + 1),
                  j * W // columns : max((j + 1) * W // columns, j * W // columns + 1)], axis=(2, 3))
        for j in range(columns)], axis=2) for i in range(rows)], axis=2)  # fmt: skip


@planted("adaptive_max_pooling_2d", "rows and columns of the grid change places", region="grids that are not square")
def _(x, *, rows, columns):
    made = grid(np.max, x, rows, columns)
    return grid(np.max, x, columns, rows).reshape(made.shape)


def grid(f, x, rows, columns):
    """Windows that share pixels where the sizes do not divide."""
    H, W = x.shape[2:]
    return np.stack([np.stack([
        f(x[:, :, i * H // rows : -(-(i + 1) * H // rows), j * W // columns : -(-(j + 1) * W // columns)], axis=(2, 3))
        for j in range(columns)], axis=2) for i in range(rows)], axis=2)  # fmt: skip


@honest("max_pooling_2d", "a window of the dilated span, every D-th tap")
def _(x, *, kernel_y, kernel_x, stride_y, stride_x, padding_y, padding_x, dilation, ceil_mode):
    return largest(x, (kernel_y, kernel_x), (stride_y, stride_x), (padding_y, padding_x), dilation, ceil_mode)


@honest("adaptive_average_pooling_2d", "window by window")
def _(x, *, rows, columns):
    return grid(np.mean, x, rows, columns)
