"""The same numbers can lie in memory in many ways, and each way has kernels of its own."""

import torch
from torch import Tensor

# no stride of torch's is negative
LAYOUTS = ("contiguous", "transposed", "sliced", "expanded", "channels_last", "channels_slice")


def laid_out(x: Tensor, layout: str) -> Tensor:
    """These numbers in the layout; contiguous where the shape, or for what is expanded the numbers, do not allow it."""
    if layout == "sliced" or (layout == "transposed" and x.dim() == 1):
        return _sliced(x)
    if layout == "transposed":
        backwards = tuple(reversed(range(x.dim())))
        return x.permute(backwards).contiguous().permute(backwards)
    if layout == "expanded":
        return _expanded(x)
    if layout == "channels_slice" and x.dim() in {4, 5}:
        return _channels(x)
    if layout == "channels_last" and x.dim() in {4, 5}:
        return x.contiguous(memory_format=torch.channels_last if x.dim() == 4 else torch.channels_last_3d)
    return x.contiguous()


def _sliced(x: Tensor) -> Tensor:
    """Every second element of a buffer. Whoever reads the gaps reads NaN, or what no index may be."""
    if x.dim() == 0:
        return x
    gap = torch.nan if x.is_floating_point() else x.dtype is torch.bool or torch.iinfo(x.dtype).min
    buffer = x.new_full((*x.shape[:-1], 2 * x.shape[-1]), gap)
    view = buffer[..., ::2]
    return view.copy_(x)


def _channels(x: Tensor) -> Tensor:
    """The first channels of a channels-last image that has twice as many; the others are NaN."""
    gap = torch.nan if x.is_floating_point() else 0
    buffer = x.new_full((x.shape[0], 2 * x.shape[1], *x.shape[2:]), gap)
    buffer = buffer.contiguous(memory_format=torch.channels_last if x.dim() == 4 else torch.channels_last_3d)
    return buffer[:, : x.shape[1]].copy_(x)


def _expanded(x: Tensor) -> Tensor:
    """One slice that is read again and again, if all along the first axis are equal."""
    if x.dim() == 0 or len(x) < 2 or not x.numel():
        return x
    first = x[:1]
    same = ((x == first) | ((x != x) & (first != first))).all()  # noqa: PLR0124 - NaN
    return first.clone().expand(x.shape) if same else x
