"""Claims of torch about the nonlinear functions."""

import torch

from conformance.adapters.contract import implements


@implements("sigmoid")
def sigmoid(x):
    return torch.sigmoid(x)
