"""Claims of torch about regularization."""

import torch
from torch import Tensor

from conformance.adapters.contract import implements


@implements("horizontal_flip")
def horizontal_flip(x: Tensor) -> Tensor:
    return torch.flip(x, (-1,))
