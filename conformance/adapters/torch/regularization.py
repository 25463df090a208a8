"""Claims of torch about regularization."""

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit
from torch import Tensor

from conformance.adapters.contract import implements


@implements("horizontal_flip")
def horizontal_flip(x: Tensor) -> Tensor:
    return torch.flip(x, (-1,))


@implements("dropout", random=True)
def dropout(x: Tensor, *, p: float) -> Tensor:
    return F.dropout(x, p, training=True)
