"""Claims of torch about the optimizers: one step of each real object, from a state that is set and read back."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import Parameter
from torch.optim import SGD, Adadelta, Adagrad, Adam, AdamW, Optimizer, RMSprop

from conformance.adapters.contract import implements


def stepped(make: Any, w: Tensor, g: Tensor, state: dict[str, Any], **options: Any) -> tuple[Tensor, dict[str, Any]]:
    """The weight and the state after one step from here."""
    parameter = Parameter(w.clone())
    optimizer: Optimizer = make([parameter], **options)
    optimizer.state[parameter].update({k: v.clone() if isinstance(v, Tensor) else v for k, v in state.items()})
    parameter.grad = g.clone()
    optimizer.step()
    return parameter.detach(), optimizer.state[parameter]


def steps_before(t: int) -> Tensor:
    """How torch counts: the number of steps taken so far."""
    return torch.tensor(float(t - 1))


@implements("gradient_descent")
def gradient_descent(w: Tensor, g: Tensor, *, lr: float) -> Tensor:
    after, _ = stepped(SGD, w, g, {}, lr=lr)
    return after


@implements("minibatch_gradient")
def minibatch_gradient(gradients: Tensor, chosen: Tensor) -> Tensor:
    """The loss of sample i is ⟨gᵢ, w⟩, so that its gradient is gᵢ."""
    w = torch.zeros(gradients.shape[1], dtype=gradients.dtype, device=gradients.device, requires_grad=True)
    (g,) = torch.autograd.grad((gradients.index_select(0, chosen) @ w).mean(), w)
    return g


@implements("momentum")
def momentum(w: Tensor, a: Tensor, g: Tensor, *, lr: float, momentum: float) -> tuple[Tensor, Tensor]:
    return dampened(w, a, g, lr, momentum)


@implements("nesterov")
def nesterov(w: Tensor, a: Tensor, g: Tensor, *, lr: float, momentum: float) -> tuple[Tensor, Tensor]:
    if momentum == 0:  # torch refuses this
        return dampened(w, a, g, lr, momentum)
    return dampened(w, a, g, lr, momentum, nesterov=True)


@implements("dampened_momentum")
def dampened_momentum(
    w: Tensor, a: Tensor, g: Tensor, t: int, *, lr: float, momentum: float, dampening: float
) -> tuple[Tensor, Tensor]:
    if t == 1:  # torch has no buffer before the first step
        after, state = stepped(SGD, w, g, {}, lr=lr, momentum=momentum, dampening=dampening)
        return after, state.get("momentum_buffer", g)
    return dampened(w, a, g, lr, momentum, dampening=dampening)


def dampened(w: Tensor, a: Tensor, g: Tensor, lr: float, momentum: float, **options: Any) -> tuple[Tensor, Tensor]:
    """One step of SGD; without momentum it keeps no buffer, which would be the gradient."""
    state = {"momentum_buffer": a} if momentum else {}
    after, state = stepped(SGD, w, g, state, lr=lr, momentum=momentum, **options)
    return after, state.get("momentum_buffer", g)


@implements("adagrad")
def adagrad(w: Tensor, g: Tensor, G: Tensor, *, lr: float, eps: float) -> tuple[Tensor, Tensor]:
    state = {"step": torch.tensor(0.0), "sum": G}
    after, state = stepped(Adagrad, w, g, state, lr=lr, eps=eps)
    return after, state["sum"]


@implements("adadelta")
def adadelta(
    w: Tensor, g: Tensor, G: Tensor, H: Tensor, *, lr: float, rho: float, eps: float
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    state = {"step": torch.tensor(0.0), "square_avg": G, "acc_delta": H}
    after, state = stepped(Adadelta, w, g, state, lr=lr, rho=rho, eps=eps)
    return after, state["square_avg"], state["acc_delta"]


@implements("rmsprop")
def rmsprop(w: Tensor, g: Tensor, v: Tensor, *, lr: float, rho: float, eps: float) -> tuple[Tensor, Tensor]:
    state = {"step": torch.tensor(0.0), "square_avg": v}
    after, state = stepped(RMSprop, w, g, state, lr=lr, alpha=rho, eps=eps)
    return after, state["square_avg"]


@implements("rmsprop_centered")
def rmsprop_centered(
    w: Tensor, g: Tensor, v: Tensor, m: Tensor, *, lr: float, rho: float, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    state = {"step": torch.tensor(0.0), "square_avg": v, "grad_avg": m}
    after, state = stepped(RMSprop, w, g, state, lr=lr, alpha=rho, eps=eps, centered=True)
    return after, state["square_avg"], state["grad_avg"]


@implements("rmsprop_momentum")
def rmsprop_momentum(
    w: Tensor, g: Tensor, v: Tensor, a: Tensor, *, lr: float, rho: float, momentum: float, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    state = {"step": torch.tensor(0.0), "square_avg": v, "momentum_buffer": a}
    after, state = stepped(RMSprop, w, g, state, lr=lr, alpha=rho, eps=eps, momentum=momentum)
    return after, state["square_avg"], state["momentum_buffer"]


@implements("adam")
def adam(
    w: Tensor, g: Tensor, m: Tensor, v: Tensor, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    state = {"step": steps_before(t), "exp_avg": m, "exp_avg_sq": v}
    after, state = stepped(Adam, w, g, state, lr=lr, betas=(beta1, beta2), eps=eps)
    return after, state["exp_avg"], state["exp_avg_sq"]


@implements("amsgrad")
def amsgrad(
    w: Tensor, g: Tensor, m: Tensor, v: Tensor, top: Tensor, t: int,
    *, lr: float, beta1: float, beta2: float, eps: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:  # fmt: skip
    state = {"step": steps_before(t), "exp_avg": m, "exp_avg_sq": v, "max_exp_avg_sq": top}
    after, state = stepped(Adam, w, g, state, lr=lr, betas=(beta1, beta2), eps=eps, amsgrad=True)
    return after, state["exp_avg"], state["exp_avg_sq"], state["max_exp_avg_sq"]


@implements("adamw")
def adamw(
    w: Tensor, g: Tensor, m: Tensor, v: Tensor, t: int,
    *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    state = {"step": steps_before(t), "exp_avg": m, "exp_avg_sq": v}
    after, state = stepped(AdamW, w, g, state, lr=lr, betas=(beta1, beta2), eps=eps, weight_decay=weight_decay)
    return after, state["exp_avg"], state["exp_avg_sq"]


@implements("coupled_decay")
def coupled_decay(w: Tensor, g: Tensor, *, decay: float) -> Tensor:
    """What SGD takes for the gradient: the buffer of its first step holds it."""
    _, state = stepped(SGD, w, g, {}, lr=1.0, momentum=0.5, weight_decay=decay)
    buffer: Tensor = state["momentum_buffer"]
    return buffer


@implements("decoupled_decay")
def decoupled_decay(w: Tensor, *, lr: float, decay: float) -> Tensor:
    """AdamW without a gradient only decays."""
    after, _ = stepped(AdamW, w, torch.zeros_like(w), {}, lr=lr, weight_decay=decay)
    return after
