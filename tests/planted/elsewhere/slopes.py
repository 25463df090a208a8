"""A value and its slope can come from two formulas, and then nothing but a gradient shows that one of them is wrong."""

import torch


class _Sloped(torch.autograd.Function):
    @staticmethod
    def forward(_, value, __):
        return value.clone()

    @staticmethod
    def backward(_, dy):
        return None, dy


def sloped(value, carrier):
    """The value of the first with the slope of the second."""
    return _Sloped.apply(value.detach(), carrier)
