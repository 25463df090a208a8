"""What torch computes."""

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
