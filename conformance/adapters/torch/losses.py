"""Claims of torch about losses."""

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit
from torch import Tensor

from conformance.adapters.contract import implements


@implements("mse")
def mse(prediction: Tensor, target: Tensor) -> Tensor:
    return F.mse_loss(prediction, target)


@implements("rmse")
def rmse(prediction: Tensor, target: Tensor) -> Tensor:
    return F.mse_loss(prediction, target).sqrt()


@implements("mae")
def mae(prediction: Tensor, target: Tensor) -> Tensor:
    return F.l1_loss(prediction, target)


@implements("mse_gradient")
def mse_gradient(w: Tensor, b: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, ...]:
    w, b = (p.detach().requires_grad_() for p in (w, b))
    return torch.autograd.grad(F.mse_loss(w * x + b, y), (w, b))


@implements("binary_cross_entropy")
def binary_cross_entropy(p: Tensor, y: Tensor) -> Tensor:
    return F.binary_cross_entropy(p, y)


@implements("binary_cross_entropy_with_logits")
def binary_cross_entropy_with_logits(x: Tensor, y: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(x, y)


@implements("gaussian_nll")
def gaussian_nll(mean: Tensor, y: Tensor, variance: Tensor) -> Tensor:
    return F.gaussian_nll_loss(mean, y, variance, full=True, eps=0.0)


@implements("cross_entropy")
def cross_entropy(x: Tensor, y: Tensor) -> Tensor:
    return F.cross_entropy(x, y)


@implements("negative_log_likelihood")
def negative_log_likelihood(log_p: Tensor, labels: Tensor) -> Tensor:
    return F.nll_loss(log_p, labels)


@implements("sparse_cross_entropy")
def sparse_cross_entropy(x: Tensor, labels: Tensor) -> Tensor:
    return F.cross_entropy(x, labels)


@implements("weighted_cross_entropy")
def weighted_cross_entropy(x: Tensor, labels: Tensor, weight: Tensor, *, ignore: int, alpha: float) -> Tensor:
    return F.cross_entropy(x, labels, weight, ignore_index=ignore, label_smoothing=alpha)
