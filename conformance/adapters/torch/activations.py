"""Claims of torch about the nonlinear functions."""

import torch
from torch import Tensor

from conformance.adapters.contract import implements


@implements("sigmoid")
def sigmoid(x: Tensor) -> Tensor:
    return torch.sigmoid(x)


@implements("step")
def step(x: Tensor) -> Tensor:
    return torch.heaviside(x, torch.zeros_like(x))


@implements("tanh")
def tanh(x: Tensor) -> Tensor:
    return torch.tanh(x)


@implements("relu")
def relu(x: Tensor) -> Tensor:
    return torch.relu(x)


@implements("relu_slope")
def relu_slope(x: Tensor) -> Tensor:
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(torch.relu(x).sum(), x)
    return slope


@implements("softmax")
def softmax(x: Tensor) -> Tensor:
    return torch.softmax(x, dim=-1)


@implements("log_softmax")
def log_softmax(x: Tensor) -> Tensor:
    return torch.log_softmax(x, dim=-1)


@implements("sigmoid_chain")
def sigmoid_chain(x: Tensor, w1: Tensor, w2: Tensor, w3: Tensor) -> Tensor:
    return torch.sigmoid(w3 * torch.sigmoid(w2 * torch.sigmoid(w1 * x)))


@implements("sigmoid_chain_gradient")
def sigmoid_chain_gradient(x: Tensor, w1: Tensor, w2: Tensor, w3: Tensor) -> tuple[Tensor, ...]:
    weights = [w.detach().requires_grad_() for w in (w1, w2, w3)]
    y = torch.sigmoid(weights[2] * torch.sigmoid(weights[1] * torch.sigmoid(weights[0] * x)))
    return torch.autograd.grad(y.sum(), weights)


@implements("sigmoid_layer_gain")
def sigmoid_layer_gain(a: Tensor, w: Tensor) -> Tensor:
    a = a.detach().requires_grad_()
    (gain,) = torch.autograd.grad(torch.sigmoid(w * a).sum(), a)
    return gain.abs()
