"""Claims of torch about convolutions."""

from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from conformance.adapters.contract import implements

Border = Literal["zeros", "reflect", "replicate", "circular"]


def parameters(module: torch.nn.Module) -> int:
    """How many numbers a module learns."""
    return sum(p.numel() for p in module.parameters())


def flops(module: torch.nn.Module, x: Tensor) -> int:
    """What torch's own counter says about one call."""
    counter = FlopCounterMode(display=False)
    with counter:
        module(x)
    return int(counter.get_total_flops())


@implements("discrete_convolution")
def discrete_convolution(x: Tensor, h: Tensor) -> Tensor:
    return functional.conv1d(x[None, None], h.flip(0)[None, None], padding=len(h) - 1)[0, 0]


@implements("image_convolution")
def image_convolution(image: Tensor, kernel: Tensor) -> Tensor:
    rows, columns = kernel.shape
    return functional.conv2d(image[None, None], kernel.flip(0, 1)[None, None], padding=(rows - 1, columns - 1))[0, 0]


@implements("convolution_1d")
def convolution_1d(x: Tensor, w: Tensor, b: Tensor, *, stride: int, padding: int, dilation: int, groups: int) -> Tensor:
    return functional.conv1d(x, w, b, stride, padding, dilation, groups)


@implements("convolution_2d")
def convolution_2d(
    x: Tensor, w: Tensor, b: Tensor, *,
    stride_y: int, stride_x: int, padding_y: int, padding_x: int, dilation_y: int, dilation_x: int, groups: int,
) -> Tensor:  # fmt: skip
    return functional.conv2d(
        x, w, b, (stride_y, stride_x), (padding_y, padding_x), (dilation_y, dilation_x), groups
    )


@implements("convolution_3d")
def convolution_3d(x: Tensor, w: Tensor, b: Tensor, *, stride: int, padding: int, dilation: int, groups: int) -> Tensor:
    return functional.conv3d(x, w, b, stride, padding, dilation, groups)


@implements("constant_padding")
def constant_padding(x: Tensor, *, top: int, bottom: int, left: int, right: int, value: float) -> Tensor:
    return functional.pad(x, (left, right, top, bottom), value=value)


@implements("reflection_padding")
def reflection_padding(x: Tensor, *, top: int, bottom: int, left: int, right: int) -> Tensor:
    return functional.pad(x, (left, right, top, bottom), mode="reflect")


@implements("replication_padding")
def replication_padding(x: Tensor, *, top: int, bottom: int, left: int, right: int) -> Tensor:
    return functional.pad(x, (left, right, top, bottom), mode="replicate")


@implements("circular_padding")
def circular_padding(x: Tensor, *, top: int, bottom: int, left: int, right: int) -> Tensor:
    return functional.pad(x, (left, right, top, bottom), mode="circular")


@implements("bordered_convolution_2d")
def bordered_convolution_2d(x: Tensor, w: Tensor, b: Tensor, *, padding_y: int, padding_x: int, mode: Border) -> Tensor:
    layer = torch.nn.Conv2d(
        w.shape[1], w.shape[0], (w.shape[2], w.shape[3]), padding=(padding_y, padding_x), padding_mode=mode
    )
    return torch.func.functional_call(layer, {"weight": w, "bias": b}, (x,))  # type: ignore[no-any-return]


@implements("same_convolution_1d")
def same_convolution_1d(x: Tensor, w: Tensor, b: Tensor, *, dilation: int) -> Tensor:
    return functional.conv1d(x, w, b, padding="same", dilation=dilation)


@implements("transposed_convolution_1d")
def transposed_convolution_1d(
    x: Tensor, w: Tensor, b: Tensor, *, stride: int, padding: int, output_padding: int, dilation: int, groups: int
) -> Tensor:
    return functional.conv_transpose1d(x, w, b, stride, padding, output_padding, groups, dilation)


@implements("transposed_convolution_2d")
def transposed_convolution_2d(
    x: Tensor, w: Tensor, b: Tensor, *, stride_y: int, stride_x: int, padding_y: int, padding_x: int,
    output_padding_y: int, output_padding_x: int, dilation: int, groups: int,
) -> Tensor:  # fmt: skip
    return functional.conv_transpose2d(
        x, w, b, (stride_y, stride_x), (padding_y, padding_x), (output_padding_y, output_padding_x), groups, dilation
    )


@implements("output_size")
def output_size(*, I: int, P: int, K: int, S: int, D: int) -> int:
    layer = torch.nn.Conv1d(1, 1, K, stride=S, padding=P, dilation=D, device="meta")
    return int(layer(torch.empty(1, 1, I, device="meta")).shape[2])


@implements("transposed_output_size")
def transposed_output_size(*, I: int, P: int, K: int, S: int, D: int, A: int) -> int:
    layer = torch.nn.ConvTranspose1d(1, 1, K, stride=S, padding=P, output_padding=A, dilation=D, device="meta")
    return int(layer(torch.empty(1, 1, I, device="meta")).shape[2])


@implements("convolution_parameters")
def convolution_parameters(*, channels: int, kernels: int, K: int, L: int, groups: int, bias: int) -> int:
    return parameters(torch.nn.Conv2d(channels, kernels, (K, L), groups=groups, bias=bool(bias), device="meta"))


@implements("dense_parameters")
def dense_parameters(*, inputs: int, outputs: int, bias: int) -> int:
    return parameters(torch.nn.Linear(inputs, outputs, bias=bool(bias), device="meta"))


@implements("convolution_flops")
def convolution_flops(
    *, batch: int, rows: int, columns: int, channels: int, kernels: int, K: int, L: int, groups: int
) -> int:
    layer = torch.nn.Conv2d(channels, kernels, (K, L), groups=groups, device="meta")
    return flops(layer, torch.empty(batch, channels, rows + K - 1, columns + L - 1, device="meta"))


@implements("dense_flops")
def dense_flops(*, batch: int, inputs: int, outputs: int) -> int:
    return flops(torch.nn.Linear(inputs, outputs, device="meta"), torch.empty(batch, inputs, device="meta"))


@implements("flatten")
def flatten(x: Tensor) -> Tensor:
    return torch.flatten(x, 1)


@implements("receptive_field")
def receptive_field(kernels: Tensor, strides: Tensor, dilations: Tensor) -> int:
    """Measured: the span of the inputs that have a gradient, in a stack of layers of ones."""
    layers = list(zip(kernels.tolist(), strides.tolist(), dilations.tolist(), strict=True))
    size = 1
    for k, s, d in reversed(layers):
        size = (size - 1) * s + d * (k - 1) + 1
    x = torch.zeros(1, 1, size + 7, dtype=torch.float64, requires_grad=True)
    y = x
    for k, s, d in layers:
        y = functional.conv1d(y, torch.ones(1, 1, k, dtype=torch.float64), stride=s, dilation=d)
    (slope,) = torch.autograd.grad(y[0, 0, 0], x)
    seen = slope[0, 0].nonzero().flatten()
    return int(seen[-1] - seen[0] + 1)


@implements("unfold")
def unfold(x: Tensor, *, kernel: int, stride: int, padding: int, dilation: int) -> Tensor:
    return functional.unfold(x, kernel, dilation, padding, stride)


@implements("fold")
def fold(
    y: Tensor, *, rows: int, columns: int, kernel: int, stride: int, padding: int, dilation: int
) -> Tensor:
    return functional.fold(y, (rows, columns), kernel, dilation, padding, stride)


@implements("nearest_upsampling")
def nearest_upsampling(x: Tensor, *, scale: int) -> Tensor:
    return functional.interpolate(x, scale_factor=scale, mode="nearest")
