"""One step of an optimizer, in the lines that somebody would paste into an issue."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from conformance.adapters.torch.steps import TorchSteps


def literal(value: Any) -> str:
    """A number, or an array as nested lists, as Python writes it; what is not finite needs a function call."""
    plain = value.tolist() if isinstance(value, np.ndarray | np.generic) else value
    return re.sub(r"\b(nan|inf)\b", r'float("\1")', repr(plain))


def tensor_literal(x: np.ndarray, dtype: str, device: str, layout: str) -> str:
    """Code that makes a tensor of these numbers, lying in memory in this layout."""
    place = "" if device == "cpu" else f', device="{device}"'
    made = f"torch.tensor({literal(x)}, dtype=torch.{dtype}{place})"
    if layout == "sliced" or (layout == "transposed" and x.ndim == 1):
        return f"{made}.repeat_interleave(2, -1)[..., ::2]" if x.ndim else made
    if layout == "transposed" and x.ndim > 1:
        back = f"permute({', '.join(map(str, reversed(range(x.ndim))))})"
        return f"{made}.{back}.contiguous().{back}"
    if (
        layout == "expanded"
        and x.ndim
        and len(x) > 1
        and np.array_equal(x, np.broadcast_to(x[:1], x.shape), equal_nan=True)
    ):
        return f"torch.tensor({literal(x[:1])}, dtype=torch.{dtype}{place}).expand{x.shape}"
    if layout in {"channels_last", "channels_slice"} and x.ndim in {4, 5}:
        last = f".contiguous(memory_format=torch.channels_last{'' if x.ndim == 4 else '_3d'})"
        twice = f".repeat(1, 2{', 1' * (x.ndim - 2)})"
        return made + last if layout == "channels_last" else f"{made}{twice}{last}[:, :{x.shape[1]}]"
    return made


def written(
    cls: "type[TorchSteps]", dtype: str, device: str, flags: Mapping[str, Any], values: Mapping[str, Any],
    *, there: bool, gaps: bool,
) -> list[str]:  # fmt: skip
    """The step from this state; `there`: the count lies on the device; `gaps`: weight and gradient are slices."""
    place = "" if device == "cpu" else f', device="{device}"'

    def tensor(value: Any) -> str:
        numbers = np.atleast_1d(np.asarray(value, dtype=np.float64))
        return f"torch.tensor({literal(numbers)}, dtype=torch.{dtype}{place})"

    view = ".repeat_interleave(2, -1)[..., ::2]" if gaps else ""
    options = cls.options(values)
    named = ", ".join(f"{name}={literal(value)}" for name, value in {**options, **flags}.items())
    kept = cls.remembered(values, options)
    end = f"{place if there else ''})"
    state = {name: f"torch.tensor({float(x)}{end}" if name == "step" else tensor(x) for name, x in kept.items()}
    inner = ", ".join(f'"{name}": {text}' for name, text in state.items())
    return [
        "import torch",
        f"p = torch.nn.Parameter({tensor(values['w'])}{view})",
        f"optimizer = torch.optim.{cls.make.__name__}([p], {named})",
        *([f"optimizer.state[p] = {{{inner}}}"] if state else []),
        f"p.grad = {tensor(values['g'])}{view}",
        "optimizer.step()",
        "print(p.tolist(), {name: x.tolist() for name, x in optimizer.state[p].items()})",
    ]


def literal_gradient(call: str, wrt: Sequence[str], cotangents: Sequence[str]) -> list[str]:
    """Code that differentiates a call in some of its arguments, by autograd."""
    names = ", ".join(wrt)
    weights = f"({', '.join(cotangents)},)" if len(cotangents) > 1 else cotangents[0]
    leaves = [f"for leaf in ({names},):", "    leaf.requires_grad_()"]
    return [*leaves, f"print(torch.autograd.grad({call}, ({names},), {weights}, allow_unused=True))"]
