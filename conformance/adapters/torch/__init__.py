"""What torch computes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

torch.set_num_threads(1)  # one a worker; more would fight each other


def tensor(x: np.ndarray, dtype: str) -> Tensor:
    """A tensor of these numbers, which are numbers of the dtype."""
    return torch.tensor(x).to(getattr(torch, dtype))


def array(x: Tensor) -> np.ndarray:
    """The numbers of a tensor, as float64."""
    return np.asarray(x.detach().to(torch.float64).numpy())


def gradient(
    f: Callable[..., Any],
    inputs: Mapping[str, Tensor],
    options: Mapping[str, Any],
    wrt: Sequence[str],
    cotangents: Sequence[Tensor],
) -> list[Tensor] | None:
    """What autograd gives for each named input; None where the outputs do not depend on any of them."""
    leaves = {name: x.clone().requires_grad_() if name in wrt else x for name, x in inputs.items()}
    made = f(*leaves.values(), **options)
    outputs = made if isinstance(made, tuple) else (made,)
    reached = [(o, c) for o, c in zip(outputs, cotangents, strict=True) if isinstance(o, Tensor) and o.requires_grad]
    if not reached:
        return None
    ends, sums = zip(*reached, strict=True)
    found = torch.autograd.grad(ends, [leaves[name] for name in wrt], sums, allow_unused=True)
    return [torch.zeros_like(leaves[name]) if g is None else g for name, g in zip(wrt, found, strict=True)]
