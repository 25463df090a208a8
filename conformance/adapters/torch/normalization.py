"""Claims of torch about normalisations."""

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit
from torch import Tensor

from conformance.adapters.contract import implements


@implements("batch_norm")
def batch_norm(x: Tensor, gamma: Tensor, beta: Tensor, *, eps: float) -> Tensor:
    return F.batch_norm(x, None, None, gamma, beta, training=True, eps=eps)


@implements("batch_norm_gradient")
def batch_norm_gradient(dy: Tensor, x: Tensor, gamma: Tensor, *, eps: float) -> tuple[Tensor, ...]:
    leaves = [t.detach().requires_grad_() for t in (x, gamma, torch.zeros_like(gamma))]
    y = F.batch_norm(leaves[0], None, None, leaves[1], leaves[2], training=True, eps=eps)
    return torch.autograd.grad(y, leaves, dy)


@implements("batch_norm_evaluation")
def batch_norm_evaluation(
    x: Tensor, gamma: Tensor, beta: Tensor, running_mean: Tensor, running_variance: Tensor, *, eps: float
) -> Tensor:
    return F.batch_norm(x, running_mean, running_variance, gamma, beta, training=False, eps=eps)


@implements("batch_norm_running")
def batch_norm_running(
    x: Tensor, running_mean: Tensor, running_variance: Tensor, *, momentum: float
) -> tuple[Tensor, ...]:
    mean, variance = running_mean.clone(), running_variance.clone()
    F.batch_norm(x, mean, variance, training=True, momentum=momentum)
    return mean, variance


@implements("batch_norm_cumulative")
def batch_norm_cumulative(x: Tensor, running_mean: Tensor, running_variance: Tensor, t: int) -> tuple[Tensor, ...]:
    layer = torch.nn.BatchNorm1d(x.shape[1], momentum=None, dtype=x.dtype, device=x.device)
    layer.load_state_dict(
        layer.state_dict()
        | {"running_mean": running_mean, "running_var": running_variance, "num_batches_tracked": torch.tensor(t - 1)}
    )
    layer(x)
    state = layer.state_dict()
    return state["running_mean"], state["running_var"]


@implements("layer_norm")
def layer_norm(x: Tensor, gamma: Tensor, beta: Tensor, *, eps: float) -> Tensor:
    return F.layer_norm(x, x.shape[-1:], gamma, beta, eps)


@implements("instance_norm")
def instance_norm(x: Tensor, gamma: Tensor, beta: Tensor, *, eps: float) -> Tensor:
    return F.instance_norm(x, weight=gamma, bias=beta, eps=eps)


@implements("group_norm")
def group_norm(x: Tensor, gamma: Tensor, beta: Tensor, *, groups: int, eps: float) -> Tensor:
    return F.group_norm(x, groups, gamma, beta, eps)


@implements("rms_norm")
def rms_norm(x: Tensor, gamma: Tensor, *, eps: float) -> Tensor:
    return F.rms_norm(x, x.shape[-1:], gamma, eps)


@implements("local_response_norm")
def local_response_norm(x: Tensor, *, size: int, alpha: float, beta: float, k: float) -> Tensor:
    return F.local_response_norm(x, size, alpha, beta, k)
