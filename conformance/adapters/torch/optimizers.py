"""Claims of torch about the optimizers: the real objects, and what their options and their memory are called."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.optim import SGD, Adadelta, Adagrad, Adam, AdamW, RMSprop

from conformance.adapters.contract import Claim, implements
from conformance.adapters.torch.steps import CAPTURABLE, FOREACH, FUSED, LOOP, TorchSteps

BETAS = ("beta1", "beta2")


@implements("gradient_descent", modes=(LOOP, FOREACH, FUSED))
class GradientDescent(TorchSteps, make=SGD, arguments=dict(lr="lr")):
    """SGD that remembers nothing."""


class Buffered(TorchSteps, make=SGD, arguments=dict(lr="lr", momentum="momentum"), memory=dict(a="momentum_buffer")):
    """SGD that remembers where it was going: from its first step on, and only if there is momentum."""

    @classmethod
    def remembered(cls, state: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        return super().remembered(state, options) if options["momentum"] and state.get("t") != 1 else {}

    def step(self, gradients: Sequence[Tensor | None]) -> None:
        """Without momentum torch moves by the gradient and keeps no buffer: what it would have kept is noted here."""
        for weight, group, gradient, given in zip(self.weights, self.groups(), gradients, self.given, strict=True):
            if not group["momentum"] and gradient is not None:
                given["a"] = taken(weight, group, gradient)
        super().step(gradients)


def taken(weight: Tensor, group: Mapping[str, Any], gradient: Tensor) -> Tensor:
    """The gradient after a group's options."""
    signed = -gradient if group["maximize"] else gradient
    decay = group["weight_decay"]
    return signed.add(weight.detach(), alpha=decay) if decay else signed.clone()


@implements("momentum", modes=(LOOP, FOREACH, FUSED))
class Momentum(Buffered):
    """Every gradient counts in full."""


@implements("nesterov", modes=(LOOP, FOREACH, FUSED))
class Nesterov(Buffered):
    """Torch refuses it without momentum, where it would be plain descent."""

    @classmethod
    def options(cls, hyper: Mapping[str, Any]) -> dict[str, Any]:
        return super().options(hyper) | {"nesterov": bool(hyper["momentum"])}


@implements("dampened_momentum", modes=(LOOP, FOREACH, FUSED))
class DampenedMomentum(Buffered, arguments=dict(lr="lr", momentum="momentum", dampening="dampening")):
    """The first gradient is not dampened, whatever the count says: torch has no buffer yet."""


@implements("adagrad", modes=(LOOP, FOREACH, FUSED))
class AdagradSteps(TorchSteps, make=Adagrad, arguments=dict(lr="lr", eps="eps"), memory=dict(G="sum")):
    """Without its decay of the rate, which is a schedule."""


@implements("adadelta", modes=(LOOP, FOREACH, CAPTURABLE))
class AdadeltaSteps(
    TorchSteps, make=Adadelta, arguments=dict(lr="lr", rho="rho", eps="eps"),
    memory=dict(G="square_avg", H="acc_delta"),
):  # fmt: skip
    """Torch has a rate, and remembers the steps as they were before it."""


class MeanSquare(
    TorchSteps, make=RMSprop, arguments=dict(lr="lr", alpha="rho", eps="eps"), memory=dict(v="square_avg")
):
    """All of RMSprop's forms remember the mean of squares."""


@implements("rmsprop", modes=(LOOP, FOREACH, CAPTURABLE))
class RMSpropSteps(MeanSquare):
    """Neither centred nor with momentum."""


@implements("rmsprop_centered", modes=(LOOP, FOREACH, CAPTURABLE))
class RMSpropCentered(MeanSquare, fixed=dict(centered=True), memory=dict(v="square_avg", m="grad_avg")):
    """The mean of gradients is remembered too."""


@implements("rmsprop_momentum", modes=(LOOP, FOREACH, CAPTURABLE))
class RMSpropMomentum(
    MeanSquare, arguments=dict(lr="lr", alpha="rho", eps="eps", momentum="momentum"),
    memory=dict(v="square_avg", a="momentum_buffer"),
):  # fmt: skip
    """Without momentum torch keeps no buffer."""

    @classmethod
    def remembered(cls, state: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        made = super().remembered(state, options)
        return made if options["momentum"] else {k: v for k, v in made.items() if k != "momentum_buffer"}

    def step(self, gradients: Sequence[Tensor | None]) -> None:
        """What it would have kept is what a weight at 0 loses in a step of rate 1."""
        for weight, group, gradient, given in zip(self.weights, self.groups(), gradients, self.given, strict=True):
            if not group["momentum"] and gradient is not None:
                hyper = dict(lr=1.0, rho=group["alpha"], eps=group["eps"])
                alone = STEPS["rmsprop"]([([torch.zeros_like(weight)], hyper)], self.mode)
                alone.set([{"v": self.optimizer.state[weight].get("square_avg", torch.zeros_like(weight))}])
                alone.step([taken(weight, group, gradient)])
                given["a"] = -alone.read()[0]["w"]
        super().step(gradients)


@implements("adam", modes=(LOOP, FOREACH, FUSED, CAPTURABLE))
class AdamSteps(
    TorchSteps, make=Adam, arguments=dict(lr="lr", betas=BETAS, eps="eps"), memory=dict(m="exp_avg", v="exp_avg_sq")
):
    """Two moments and a count of steps."""


@implements("amsgrad", modes=(LOOP, FOREACH, FUSED, CAPTURABLE))
class AMSGrad(
    TorchSteps, make=Adam, arguments=dict(lr="lr", betas=BETAS, eps="eps"), fixed=dict(amsgrad=True),
    memory=dict(m="exp_avg", v="exp_avg_sq", top="max_exp_avg_sq"),
):  # fmt: skip
    """An option of Adam."""


@implements("adamw", modes=(LOOP, FOREACH, FUSED, CAPTURABLE))
class AdamWSteps(
    TorchSteps, make=AdamW, arguments=dict(lr="lr", betas=BETAS, eps="eps", weight_decay="weight_decay"),
    memory=dict(m="exp_avg", v="exp_avg_sq"), OPTIONS=("maximize",),
):  # fmt: skip
    """What other optimizers add to the gradient, it takes from the weight."""


STEPS: dict[str, type[TorchSteps]] = {
    claim.equation: claim.function for claim in list(globals().values()) if isinstance(claim, Claim) and claim.steps
}
HYPER = dict(lr=0.5, momentum=0.5, dampening=0.5, rho=0.5, beta1=0.5, beta2=0.5, eps=0.5, weight_decay=0.5)


@cache
def offered(equation: str, device: str, dtype: str, mode: str) -> bool:
    """Whether torch takes two steps without refusing: its public objects say so themselves."""
    weight = torch.ones(1, dtype=getattr(torch, dtype), device=device)
    try:
        steps = STEPS[equation]([([weight], HYPER)], mode)
        steps.step([weight])
        steps.step([weight])
    except (RuntimeError, TypeError, ValueError, AssertionError, NotImplementedError):
        return False
    return True


@implements("minibatch_gradient")
def minibatch_gradient(gradients: Tensor, chosen: Tensor) -> Tensor:
    """The loss of sample i is ⟨gᵢ, w⟩, so that its gradient is gᵢ."""
    w = torch.zeros(gradients.shape[1], dtype=gradients.dtype, device=gradients.device, requires_grad=True)
    (g,) = torch.autograd.grad((gradients.index_select(0, chosen) @ w).mean(), w)
    return g


@implements("coupled_decay")
def coupled_decay(w: Tensor, g: Tensor, *, decay: float) -> Tensor:
    """What SGD takes for the gradient: the buffer of its first step holds it."""
    steps = STEPS["momentum"]([([w], dict(lr=1.0, momentum=0.5, coupled_decay=decay))], LOOP)
    steps.step([g])
    taken: Tensor = steps.read()[0]["a"]
    return taken


@implements("decoupled_decay")
def decoupled_decay(w: Tensor, *, lr: float, decay: float) -> Tensor:
    """AdamW without a gradient only decays."""
    steps = STEPS["adamw"]([([w], HYPER | dict(lr=lr, weight_decay=decay))], LOOP)
    steps.step([torch.zeros_like(w)])
    after: Tensor = steps.read()[0]["w"]
    return after
