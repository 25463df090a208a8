"""What the tables of architectures are made of: layers by their counts and their sizes."""

from itertools import pairwise

from reference.convolution.costs import convolution_parameters, dense_parameters
from reference.convolution.sizes import output_size


def convolution(channels, kernels, K, *, groups=1, bias=1):
    """The parameters of a layer with square kernels."""
    return convolution_parameters(channels=channels, kernels=kernels, K=K, L=K, groups=groups, bias=bias)


def dense(*widths):
    """The parameters of dense layers in a row."""
    return [dense_parameters(inputs=m, outputs=n, bias=1) for m, n in pairwise(widths)]


def size(side, K, S=1, P=0):
    """The side of what comes out of a window of K at stride S with padding P."""
    return output_size(I=side, P=P, K=K, S=S, D=1)
