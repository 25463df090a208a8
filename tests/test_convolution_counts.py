"""What is claimed about the sizes, costs and receptive fields of convolutions, proved."""

from itertools import product

import numpy as np
import sympy as sp

from reference.convolution import costs, receptive, sizes, windowed
from reference.convolution.windowed_claims import LINE
from reference.number_systems.tape import gradient
from tests.proofs import holds, proves


@proves("output_size", "the floor changes nothing")
@proves("output_size", "with stride 1 the size stays if and only if 2P = D (K - 1)")
@proves("output_size", "padding keeps the size")
@proves("output_size", "two layers without padding and stride are one with the kernel K + L - 1")
def test_output_sizes_count_the_places_of_the_kernel():
    f = sizes.output_size
    for I, P, K, S, D in product(range(1, 9), range(3), range(1, 4), range(1, 4), range(1, 3)):
        if I + 2 * P < D * (K - 1) + 1:
            continue
        places = [at for at in range(0, I + 2 * P, S) if at + D * (K - 1) < I + 2 * P]
        assert f(I=I, P=P, K=K, S=S, D=D) == len(places)
        if D == 1:
            divides = (I + 2 * P - K) % S == 0
            assert holds(f, "the floor changes nothing", I=I, P=P, K=K, S=S) == divides
        if S == 1 and 2 * P == D * (K - 1):
            assert holds(f, "padding keeps the size", I=I, P=P, K=K, S=S, D=D)
        if S == 1:
            assert holds(f, "with stride 1 the size stays if and only if 2P = D (K - 1)", I=I, P=P, K=K, S=S, D=D)
    for K, L in product(range(1, 5), repeat=2):
        assert holds(f, "two layers without padding and stride are one with the kernel K + L - 1", I=9, K=K, L=L)


@proves("output_size", "LeNet's puzzle, 32 pixels to 28, has the one answer K = 5")
@proves("output_size", "each padding has its own kernel for LeNet's puzzle, K = 5 + 2P")
def test_the_puzzle_of_lenet():
    f = sizes.output_size
    assert holds(f, "LeNet's puzzle, 32 pixels to 28, has the one answer K = 5", P=0, S=1)
    for P in range(20):
        assert holds(f, "each padding has its own kernel for LeNet's puzzle, K = 5 + 2P", P=P, S=1)


@proves("transposed_output_size", "it takes the size of a layer's output back to the size of its input")
def test_the_transposed_size_undoes_the_size():
    for I, P, K, S, D in product(range(1, 9), range(3), range(1, 4), range(1, 4), range(1, 3)):
        if I + 2 * P >= D * (K - 1) + 1:
            sentence = "it takes the size of a layer's output back to the size of its input"
            assert holds(sizes.transposed_output_size, sentence, I=I, P=P, K=K, S=S, D=D)


@proves("convolution_parameters", "a convolution has fewer weights than the dense layer between the same shapes")
@proves("dense_parameters", "it is the count of a convolution whose kernel covers the image")
@proves("convolution_flops", "each parameter that is no bias is used once at each place")
def test_weights_that_are_shared_are_fewer():
    fewer = "a convolution has fewer weights than the dense layer between the same shapes"
    for C, O, I in product(range(1, 4), range(1, 4), range(2, 7)):
        assert all(holds(costs.convolution_parameters, fewer, C=C, O=O, I=I, K=K) for K in range(1, I))
    for C, O, K, L, bias in product(range(1, 4), range(1, 4), range(1, 4), range(1, 4), range(2)):
        covers = "it is the count of a convolution whose kernel covers the image"
        assert holds(costs.dense_parameters, covers, C=C, O=O, K=K, L=L, bias=bias)
        layer = dict(channels=2 * C, kernels=2 * O, K=K, L=L, groups=2)
        used = "each parameter that is no bias is used once at each place"
        assert holds(costs.convolution_flops, used, rows=3, columns=2, **layer)


@proves("receptive_field", "N layers of 3 x 3 see 2N + 1")
@proves("receptive_field", "N layers of 3 x 3 have fewer weights than one layer that sees as much: 9NC² < (2N + 1)²C²")
def test_small_kernels_in_a_row_see_as_much_for_less():
    few = "N layers of 3 x 3 have fewer weights than one layer that sees as much: 9NC² < (2N + 1)²C²"
    for N in range(1, 9):
        assert holds(receptive.receptive_field, "N layers of 3 x 3 see 2N + 1", N=N, stride=1, dilation=1)
        assert all(holds(receptive.receptive_field, few, N=N, C=C) == (N >= 2) for C in (1, 2, 64))
    n = sp.Symbol("n", positive=True)
    assert sp.solveset((2 * n + 1) ** 2 - 9 * n > 0, n, sp.Interval(1, sp.oo)) == sp.Interval.open(1, sp.oo)


@proves("receptive_field", "it is the size of the input from which exactly one output comes")
def test_the_field_is_the_support_of_the_gradient():
    kernels, strides, dilations = ([3, 2, 4], [2, 3, 1], [1, 2, 1])
    for n in range(1, 4):
        stack = kernels[:n], strides[:n], dilations[:n]
        sentence = "it is the size of the input from which exactly one output comes"
        assert holds(receptive.receptive_field, sentence, *stack)
        field = receptive.receptive_field(*stack)
        (seen,) = np.nonzero(first_output_gradient(field + 5, *stack))
        assert seen[-1] - seen[0] + 1 == field


def first_output_gradient(size, kernels, strides, dilations):
    """How the first output of a stack of layers of ones depends on each input."""

    def network(x):
        for k, s, d in zip(kernels, strides, dilations, strict=True):
            x = windowed.convolution_1d(x, np.ones((1, 1, k)), np.zeros(1), **LINE | dict(stride=s, dilation=d))
        return x[:, :, 0]

    return gradient(network, dict(x=np.ones((1, 1, size))), ["x"])["x"][0, 0]
