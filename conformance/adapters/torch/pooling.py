"""Claims of torch about pooling."""

import torch
from torch import Tensor
from torch.nn import functional

from conformance.adapters.contract import implements


@implements("pooling_output_size")
def pooling_output_size(*, I: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool) -> int:
    layer = torch.nn.MaxPool1d(kernel, stride, padding, dilation, ceil_mode=ceil_mode)
    return int(layer(torch.zeros(1, 1, I)).shape[2])


@implements("max_pooling_2d")
def max_pooling_2d(
    x: Tensor, *, kernel_y: int, kernel_x: int, stride_y: int, stride_x: int, padding_y: int, padding_x: int,
    dilation: int, ceil_mode: bool,
) -> Tensor:  # fmt: skip
    layer = torch.nn.MaxPool2d(
        (kernel_y, kernel_x), (stride_y, stride_x), (padding_y, padding_x), dilation, ceil_mode=ceil_mode
    )
    made: Tensor = layer(x)
    return made


@implements("global_max_pooling")
def global_max_pooling(x: Tensor) -> Tensor:
    return functional.adaptive_max_pool2d(x, 1)[:, :, 0, 0]


@implements("average_pooling_2d")
def average_pooling_2d(
    x: Tensor, *, kernel_y: int, kernel_x: int, stride_y: int, stride_x: int, padding_y: int, padding_x: int,
    ceil_mode: bool, count_include_pad: bool,
) -> Tensor:  # fmt: skip
    return functional.avg_pool2d(
        x, (kernel_y, kernel_x), (stride_y, stride_x), (padding_y, padding_x), ceil_mode, count_include_pad
    )


@implements("global_average_pooling")
def global_average_pooling(x: Tensor) -> Tensor:
    return functional.adaptive_avg_pool2d(x, 1)[:, :, 0, 0]


@implements("adaptive_average_pooling_2d")
def adaptive_average_pooling_2d(x: Tensor, *, rows: int, columns: int) -> Tensor:
    return functional.adaptive_avg_pool2d(x, (rows, columns))


@implements("adaptive_max_pooling_2d")
def adaptive_max_pooling_2d(x: Tensor, *, rows: int, columns: int) -> Tensor:
    return functional.adaptive_max_pool2d(x, (rows, columns))
