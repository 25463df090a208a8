"""An optimizer of torch keeps what it remembers of a weight in a dict, which can be set and read like any other."""

import io
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import Parameter
from torch.optim import SGD, Optimizer

LOOP, FOREACH, FUSED, CAPTURABLE = "loop", "foreach", "fused", "capturable"

# Left to itself torch takes the loop on a CPU and foreach on CUDA, so that each mode says which. Not all of its
# optimizers know the word fused; where foreach is given, those that do are not fused.
FLAGS: dict[str, dict[str, bool]] = {
    LOOP: {"foreach": False},
    FOREACH: {"foreach": True},
    FUSED: {"foreach": False, "fused": True},
    CAPTURABLE: {"foreach": True, "capturable": True},
}


def own(tensor: Tensor) -> Tensor:
    """A copy that lies in memory as the original does, gaps included."""
    tensor = writable(tensor.detach())
    if not tensor.numel():
        return tensor.clone()
    length = 1 + sum((n - 1) * s for n, s in zip(tensor.shape, tensor.stride(), strict=True))
    return tensor.new_full((length,), torch.nan).as_strided(tensor.shape, tensor.stride()).copy_(tensor)


def writable(tensor: Tensor) -> Tensor:
    """What is expanded, so that several of its elements are one number, as a plain copy: no gradient is ever that."""
    expanded = any(n > 1 and s == 0 for n, s in zip(tensor.shape, tensor.stride(), strict=True))
    return tensor.clone(memory_format=torch.contiguous_format) if expanded else tensor


class TorchSteps:
    """One of torch's optimizers: what its options and its memory are called, beside the equation's own names.

    A group may have two hyperparameters that are no part of the equation: `maximize`, and `coupled_decay`, which torch
    calls weight_decay. OPTIONS names those that the optimizer has.
    """

    OPTIONS: ClassVar[tuple[str, ...]] = ("maximize", "coupled_decay")
    make: ClassVar[Any]  # torch's class
    arguments: ClassVar[Mapping[str, str | tuple[str, ...]]]  # torch's name: the equation's
    fixed: ClassVar[Mapping[str, Any]] = {}  # arguments that the equation has no name for
    memory: ClassVar[Mapping[str, str]] = {}  # the equation's name: torch's

    def __init_subclass__(cls, **table: Any) -> None:
        for name, value in table.items():
            setattr(cls, name, value)

    def __init__(self, groups: Sequence[tuple[list[Tensor], Mapping[str, Any]]], mode: str) -> None:
        self.mode = mode
        self.weights: list[Parameter] = []
        self.given: list[dict[str, Any]] = []  # what was set, where torch has not remembered anything of its own yet
        made = [self._group(weights, hyper) for weights, hyper in groups]
        first = self.options(groups[0][1])  # torch checks what its constructor is given, not what a group says
        self.optimizer: Optimizer = self.make(made, **first, **self.fixed, **FLAGS[mode])

    @classmethod
    def options(cls, hyper: Mapping[str, Any]) -> dict[str, Any]:
        """The hyperparameters as torch calls them."""
        named: dict[str, Any] = {
            theirs: hyper[ours] if isinstance(ours, str) else tuple(hyper[part] for part in ours)
            for theirs, ours in cls.arguments.items()
        }
        extra = {"maximize": "maximize", "coupled_decay": "weight_decay"}
        return named | {extra[name]: hyper[name] for name in cls.OPTIONS if name in hyper}

    @classmethod
    def remembered(cls, state: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """What torch would have remembered of a weight in this state, whose group has these options."""
        del options
        kept = {theirs: state[ours] for ours, theirs in cls.memory.items() if ours in state}
        counted = cls.make is not SGD  # all others count their steps, needed or not: those taken so far
        return {"step": state.get("t", 1) - 1, **kept} if counted else kept

    def _group(self, weights: list[Tensor], hyper: Mapping[str, Any]) -> dict[str, Any]:
        parameters = [Parameter(own(w)) for w in weights]
        self.weights += parameters
        self.given += [{} for _ in parameters]
        return {"params": parameters, **self.options(hyper)}

    def groups(self) -> list[dict[str, Any]]:
        """The group of each weight."""
        return [group for group in self.optimizer.param_groups for _ in group["params"]]

    def set(self, states: Sequence[Mapping[str, Any]]) -> None:
        """Each weight's memory, in torch's words; all is copied."""
        for i, (weight, group, state) in enumerate(zip(self.weights, self.groups(), states, strict=True)):
            if "w" in state:
                weight.data.copy_(state["w"])
            self.given[i] = {name: _beside(weight, state[name]) for name in self.memory if name in state}
            self.optimizer.state[weight] = {
                name: self._count(weight, value) if name == "step" else _beside(weight, value)
                for name, value in self.remembered(state, group).items()
            }

    def _count(self, weight: Tensor, steps: int) -> Tensor:
        """A count of steps as torch has it, in float32; paths that run on the device alone want it there."""
        there = weight.device if self.mode in {FUSED, CAPTURABLE} else torch.device("cpu")
        return torch.tensor(float(steps), dtype=torch.float32, device=there)

    def step(self, gradients: Sequence[Tensor | None]) -> None:
        """One step of all weights; torch sees the caller's own gradients, not copies, and leaves out what has none."""
        for weight, gradient in zip(self.weights, gradients, strict=True):
            weight.grad = None if gradient is None else writable(gradient.detach())
        self.optimizer.step()

    def read(self) -> list[dict[str, Any]]:
        """Copies of each weight and of what torch remembers of it; before its first step that is what was set, or 0."""
        found = []
        for weight, given in zip(self.weights, self.given, strict=True):
            memory = self.optimizer.state.get(weight, {})
            state = {"w": weight.detach().clone()}
            for ours, theirs in self.memory.items():
                kept = memory.get(theirs)
                state[ours] = (given.get(ours, torch.zeros_like(weight)) if kept is None else kept).detach().clone()
            found.append(state)
        return found

    def add(self, weights: list[Tensor], hyperparameters: Mapping[str, Any]) -> None:
        """A group that joins later."""
        self.optimizer.add_param_group(self._group(weights, hyperparameters))

    def save(self) -> bytes:
        """A checkpoint as users write it: the weights and the optimizer's state, as a file of torch's."""
        file = io.BytesIO()
        torch.save({"weights": [w.detach() for w in self.weights], "optimizer": self.optimizer.state_dict()}, file)
        return file.getvalue()

    def load(self, saved: bytes) -> None:
        """A checkpoint read into an optimizer that was made anew."""
        checkpoint = torch.load(io.BytesIO(saved))
        for weight, kept in zip(self.weights, checkpoint["weights"], strict=True):
            weight.data.copy_(kept)
        self.optimizer.load_state_dict(checkpoint["optimizer"])

    @classmethod
    def snippet(
        cls, dtype: str, device: str, mode: str, values: Mapping[str, Any], layout: str = "contiguous"
    ) -> list[str]:
        """One step of one weight in plain torch, as text that runs alone."""
        from conformance.adapters.torch.snippets import written

        flags, there = {**cls.fixed, **FLAGS[mode]}, mode in {FUSED, CAPTURABLE}
        gaps = layout == "sliced" or (layout == "transposed" and np.ndim(values["w"]) < 2)
        return written(cls, dtype, device, flags, values, there=there, gaps=gaps)


def _beside(weight: Tensor, value: Tensor) -> Tensor:
    """A state where torch would put it: dense, in the order of the weight's own elements."""
    return torch.empty_like(weight, memory_format=torch.preserve_format, requires_grad=False).copy_(value)
