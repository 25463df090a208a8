"""What is claimed about convolutional layers and their borders, proved."""

from itertools import product

import numpy as np
import pytest
import sympy as sp

from reference.convolution import padding, windowed
from reference.convolution.windowed_claims import LINE
from reference.number_systems.exact import Exact
from tests.proofs import equal, holds, named, proves, rational_points

# Layers ----------------------------------------------------------------------------------------------

SUMS = "each place is the sum of the products under the kernel, plus the bias"


@proves("convolution_1d", SUMS)
@pytest.mark.parametrize(("stride", "border", "dilation"), [(1, 0, 1), (2, 1, 1), (1, 2, 2), (3, 1, 2)])
def test_the_windows_of_a_line_are_the_explicit_sum(stride, border, dilation):
    x, w, b = named(x=(2, 2, 5), w=(2, 2, 3), b=(2,))
    assert holds(windowed.convolution_1d, SUMS, x, w, b, stride=stride, padding=border, dilation=dilation)


@proves("convolution_2d", SUMS)
@pytest.mark.parametrize(
    ("stride", "border", "dilation"), [((1, 1), (0, 0), (1, 1)), ((2, 1), (1, 0), (2, 1)), ((1, 3), (0, 2), (2, 1))]
)
def test_the_windows_of_an_image_are_the_explicit_sum(stride, border, dilation):
    x, w, b = named(x=(1, 2, 3, 4), w=(2, 2, 2, 3), b=(2,))
    assert holds(windowed.convolution_2d, SUMS, x, w, b, stride=stride, padding=border, dilation=dilation)


@proves("convolution_3d", SUMS)
@pytest.mark.parametrize(("stride", "border"), [(1, 0), (2, 1)])
def test_the_windows_of_a_volume_are_the_explicit_sum(stride, border):
    x, w, b = named(x=(1, 1, 2, 3, 2), w=(2, 1, 2, 2, 1), b=(2,))
    assert holds(windowed.convolution_3d, SUMS, x, w, b, stride=stride, padding=border, dilation=1)


@proves("convolution_2d", "it is linear in the image")
@proves("convolution_2d", "with a bias it is affine: mixtures stay mixtures")
@proves("convolution_2d", "it is linear in kernel and bias together")
def test_a_layer_is_linear_but_for_its_bias():
    a, x, c, y, v, d, w, b = named(
        a=(), x=(1, 1, 2, 3), c=(), y=(1, 1, 2, 3), v=(2, 1, 2, 2), d=(2,), w=(2, 1, 2, 2), b=(2,)
    )
    assert holds(windowed.convolution_2d, "it is linear in the image", a, x, c, y, w, 0 * b)
    assert holds(windowed.convolution_2d, "with a bias it is affine: mixtures stay mixtures", a, x, y, w, b)
    assert holds(windowed.convolution_2d, "it is linear in kernel and bias together", a, x, v, d, w, b)


@proves("convolution_2d", "the channels' results add up")
@proves("convolution_2d", "groups are layers side by side")
@proves("convolution_2d", "a stride keeps every S-th place")
def test_channels_add_groups_stand_apart_and_strides_skip():
    x, w, b, narrow = named(x=(1, 4, 2, 3), w=(2, 4, 1, 2), b=(2,), v=(2, 2, 1, 2))
    assert holds(windowed.convolution_2d, "the channels' results add up", x, w, b)
    assert holds(windowed.convolution_2d, "groups are layers side by side", x, narrow, b, groups=2)
    assert holds(windowed.convolution_2d, "a stride keeps every S-th place", x, w, b, stride_y=2, stride_x=1)
    assert holds(windowed.convolution_2d, "a stride keeps every S-th place", x, w, b, stride_y=1, stride_x=2)


@proves("convolution_1d", "a dilated kernel is a longer one with zeros between its taps")
@proves("convolution_1d", "padding is a border of zeros")
@proves("convolution_1d", "moving the input round by one moves the result round by one")
def test_dilation_padding_and_translation():
    x, w, b = named(x=(1, 2, 5), w=(2, 2, 2), b=(2,))
    for dilation in (1, 2, 4):
        sentence = "a dilated kernel is a longer one with zeros between its taps"
        assert holds(windowed.convolution_1d, sentence, x, w, b, dilation=dilation)
    assert holds(windowed.convolution_1d, "padding is a border of zeros", x, w, b, padding=2)
    quiet = np.pad(x, ((0, 0), (0, 0), (0, 1)))
    sentence = "moving the input round by one moves the result round by one"
    assert holds(windowed.convolution_1d, sentence, quiet, w, padding=1)


def test_the_notes_first_row_of_outputs_is_this_equation():
    I, K, bias = named(I=(6, 6), K=(3, 3), b=(1,))
    O = windowed.convolution_2d(I.reshape(1, 1, 6, 6), K.reshape(1, 1, 3, 3), bias, **windowed.PLAIN)
    for column in range(4):
        printed = sum(I[m, n + column] * K[m, n] for m in range(3) for n in range(3)) + bias[0]
        assert equal(O[0, 0, 0, column], printed, simplify=sp.expand)


def test_the_layers_run_over_fractions():
    x, w, b = rational_points(np.random.default_rng(0), 1, 2, 5), Exact(np.ones((1, 2, 3))), Exact([1])
    y = windowed.convolution_1d(x, w, b, **LINE)
    assert equal(y[0, 0, 1], np.sum(x[:, :, 1:4]) + 1)


# Borders ---------------------------------------------------------------------------------------------


@proves("constant_padding", "it is linear")
@proves("mean_padding", "the mean of each channel stays")
def test_a_border_of_zeros_is_linear_and_one_of_the_mean_keeps_the_mean():
    a, x = named(a=(), x=(1, 2, 2, 3))
    edges = dict(top=1, bottom=0, left=2, right=1)
    assert holds(padding.constant_padding, "it is linear", a, x, edges=edges, value=0)
    assert holds(padding.mean_padding, "the mean of each channel stays", x, padding=2)


def test_the_mean_line_by_line_is_that_of_numpy():
    x = 12 * np.arange(6.0).reshape(2, 3) ** 2  # means of two, three and six of these are whole numbers
    made = padding.mean_padding.dialects["line by line"](x.reshape(1, 1, 2, 3), padding=2)
    assert np.array_equal(made[0, 0], np.pad(x, 2, mode="mean"))


@proves("bordered_convolution_2d", "rotating the image rotates the result")
def test_on_a_ring_a_layer_commutes_with_rotation():
    x, w = named(x=(1, 1, 2, 3), w=(1, 1, 1, 3))
    sentence = "rotating the image rotates the result"
    assert holds(padding.bordered_convolution_2d, sentence, x, w, padding=(0, 1), mode="circular")


INDEX_FORMULAS = {
    "reflection_padding": lambda i, n: abs((i + n - 1) % (2 * n - 2) - (n - 1)),
    "replication_padding": lambda i, n: min(max(i, 0), n - 1),
    "circular_padding": lambda i, n: i % n,
}


@pytest.mark.parametrize("name", INDEX_FORMULAS)
def test_the_borders_follow_their_index_formulas(name):
    x, index = np.arange(12.0).reshape(1, 1, 3, 4), INDEX_FORMULAS[name]
    for t, b, l, r in product(range(3), repeat=4):
        rows, columns = ([index(i, n) for i in range(-lo, n + hi)] for n, lo, hi in ((3, t, b), (4, l, r)))
        made = getattr(padding, name)(x, top=t, bottom=b, left=l, right=r)
        assert np.array_equal(made[0, 0], x[0, 0][np.ix_(rows, columns)])


@pytest.mark.parametrize(("kernel", "dilation"), [(1, 1), (2, 1), (3, 2), (4, 1), (2, 3)])
@proves("same_convolution_1d", "each place sees ⌊D (K - 1) / 2⌋ pixels before itself, and the others after")
def test_same_padding_keeps_the_size(kernel, dilation):
    x, w, b = named(x=(1, 1, 4), w=(2, 1, kernel), b=(2,))
    sentence = "each place sees ⌊D (K - 1) / 2⌋ pixels before itself, and the others after"
    assert holds(padding.same_convolution_1d, sentence, x, w, b, dilation=dilation)
    for form in (padding.same_convolution_1d, *padding.same_convolution_1d.dialects.values()):
        assert form(np.ones((1, 1, 5)), np.ones((1, 1, kernel)), np.zeros(1), dilation=dilation).shape == (1, 1, 5)
