"""What is claimed about pooling, proved."""

from itertools import product

import numpy as np
import pytest
import sympy as sp

from reference.number_systems.exact import Exact
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from reference.pooling import adaptive, average, largest, sizes
from tests.proofs import derivative, equal, holds, proves, rational_points


def points(*shape):
    """An image of random fractions."""
    return rational_points(np.random.default_rng(sum(shape)), *shape)


WINDOWS = [largest.PLAIN | more for more in ({}, dict(kernel_y=3, stride_y=1, stride_x=1), dict(ceil_mode=True))]


# Sizes -----------------------------------------------------------------------------------------------


@proves("pooling_output_size", "windows of 2 at stride 2 halve the size")
@proves("pooling_output_size", "with the ceiling, windows without gaps see every pixel")
def test_windows_of_two_halve_even_sizes_and_the_ceiling_sees_every_pixel():
    f = sizes.pooling_output_size
    for I in range(2, 40):
        assert holds(f, "windows of 2 at stride 2 halve the size", I=I) == (I % 2 == 0)
    for kernel, stride in product(range(1, 6), range(1, 6)):
        for I in range(kernel, 20):
            if stride <= kernel:
                sees = "with the ceiling, windows without gaps see every pixel"
                assert holds(f, sees, I=I, kernel=kernel, stride=stride)


def test_no_window_begins_beyond_the_image():
    for I, kernel, stride, padding in product(range(1, 8), range(1, 5), range(1, 5), range(3)):
        if 2 * padding <= kernel and I + 2 * padding >= kernel:
            O = sizes.pooling_output_size(
                I=I, kernel=kernel, stride=stride, padding=padding, dilation=1, ceil_mode=True
            )
            begins = [at for at in range(0, I + padding, stride) if at < stride + I + 2 * padding - kernel]
            assert len(begins) == O


# The largest -----------------------------------------------------------------------------------------

SEES = "each place is the largest of the pixels that its window sees"


@proves("max_pooling_2d", SEES)
@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "dilation", "ceil_mode"),
    [((2, 2), (2, 2), (0, 0), 1, False), ((2, 1), (2, 1), (1, 0), 1, True), ((1, 2), (3, 1), (0, 1), 2, True)],
)
def test_max_pooling_takes_the_largest_of_what_each_window_sees(kernel, stride, padding, dilation, ceil_mode):
    x = Symbols.named("x", 1, 2, 3, 4)
    options = dict(kernel=kernel, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode)
    assert holds(largest.max_pooling_2d, SEES, x, **options, simplify=lambda e: e)


@proves("max_pooling_2d", "adding a number to every pixel adds it to the result")
@proves("max_pooling_2d", "multiplying every pixel by a number multiplies the result")
@proves("max_pooling_2d", "pooling by 2 and again by 2 is pooling by 4")
@proves("global_max_pooling", "turning the image over changes nothing")
def test_the_largest_moves_with_the_image():
    x, f = points(1, 2, 8, 4), largest.max_pooling_2d
    for window in WINDOWS:
        assert holds(f, "adding a number to every pixel adds it to the result", x, Exact(-5) / Exact(3), **window)
        for factor in (0, Exact(5) / Exact(3)):
            assert holds(f, "multiplying every pixel by a number multiplies the result", x, factor, **window)
    assert holds(f, "pooling by 2 and again by 2 is pooling by 4", x)
    assert holds(largest.global_max_pooling, "turning the image over changes nothing", x)


# The mean --------------------------------------------------------------------------------------------


@proves("average_pooling_2d", "it is a convolution with a fixed kernel, channel by channel")
@proves("average_pooling_2d", "a constant image stays constant")
@proves("average_pooling_2d", "the mean of the image is kept")
def test_average_pooling_is_a_fixed_convolution():
    f, x = average.average_pooling_2d, Symbols.named("x", 1, 2, 4, 2)
    for kernel, stride, padding in (((2, 2), (2, 2), (0, 0)), ((3, 2), (1, 2), (1, 1)), ((1, 2), (3, 1), (0, 1))):
        fixed = "it is a convolution with a fixed kernel, channel by channel"
        assert holds(f, fixed, x, kernel=kernel, stride=stride, padding=padding)
    a, one = Symbols.named("a"), np.ones((1, 1, 3, 3), dtype=int)
    for more in (dict(padding_y=1), dict(ceil_mode=True), dict(kernel_x=3, padding_x=1, stride_x=1)):
        assert holds(f, "a constant image stays constant", a, one, **average.AVERAGE_WINDOW | more)
    assert holds(f, "the mean of the image is kept", x)


@proves("global_average_pooling", "turning the image over changes nothing")
@proves("global_average_pooling", "it is average pooling with one window as large as the image")
def test_the_global_mean_is_one_window():
    x = Symbols.named("x", 1, 2, 2, 3)
    for sentence in (
        "turning the image over changes nothing", "it is average pooling with one window as large as the image",
    ):  # fmt: skip
        assert holds(average.global_average_pooling, sentence, x)


@pytest.mark.parametrize("include", [True, False])
def test_the_counted_cells_are_those_of_the_image_and_of_the_padding(include):
    for I, kernel, stride, padding, ceil_mode in product(range(2, 6), (2, 3), (1, 2, 3), (0, 1), (True, False)):
        options = dict(kernel_y=kernel, kernel_x=1, stride_y=stride, stride_x=1, padding_y=padding, padding_x=0)
        if I + 2 * padding < kernel:
            continue
        y = average.average_pooling_2d(
            Exact(np.arange(I).reshape(1, 1, I, 1)), **options, ceil_mode=ceil_mode, count_include_pad=include
        )
        for i in range(y.shape[2]):
            cells = range(i * stride - padding, min(i * stride - padding + kernel, I + padding))
            seen = [k for k in cells if 0 <= k < I]
            assert equal(y[0, 0, i, 0], Exact(sum(seen)) / Exact(len(cells) if include else len(seen)))


# Adaptive --------------------------------------------------------------------------------------------


@proves("adaptive_average_pooling_2d", "it is plain pooling")
@proves("adaptive_max_pooling_2d", "it is plain pooling")
@proves("adaptive_average_pooling_2d", "as many windows as pixels leave the image as it is")
@proves("adaptive_max_pooling_2d", "as many windows as pixels leave the image as it is")
def test_adaptive_pooling_is_plain_where_the_sizes_divide():
    symbols, fractions = Symbols.named("x", 1, 1, 4, 6), points(1, 2, 4, 6)
    for rows, columns in ((2, 3), (4, 2), (1, 1)):
        shape = dict(rows=rows, columns=columns)
        assert holds(adaptive.adaptive_average_pooling_2d, "it is plain pooling", symbols, **shape)
        assert holds(adaptive.adaptive_max_pooling_2d, "it is plain pooling", fractions, **shape)
    for f in (adaptive.adaptive_average_pooling_2d, adaptive.adaptive_max_pooling_2d):
        assert holds(f, "as many windows as pixels leave the image as it is", symbols)


def test_adaptive_windows_leave_no_pixel_out_and_differ_by_little():
    for size, number in product(range(1, 12), repeat=2):
        spans = adaptive.spans(size, number)
        assert {k for s in spans for k in range(s.start, s.stop)} == set(range(size))
        for i, s in enumerate(spans):  # just the pixels from k to k + 1 that the i-th part of the line touches
            touched = [k for k in range(size) if k * number < (i + 1) * size and (k + 1) * number > i * size]
            assert list(range(s.start, s.stop)) == touched
        lengths = {s.stop - s.start for s in spans}
        assert max(lengths) - min(lengths) <= 1
        assert (len(lengths) == 1) or size % number


# Gradients -------------------------------------------------------------------------------------------

AVERAGES = [
    (average.average_pooling_2d, dict(kernel_y=2, kernel_x=2, stride_y=1, stride_x=2, padding_y=1, padding_x=0,
                                      ceil_mode=True, count_include_pad=False)),
    (average.global_average_pooling, {}),
    (adaptive.adaptive_average_pooling_2d, dict(rows=2, columns=3)),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "hyper"), AVERAGES, ids=lambda v: getattr(v, "name", ""))
def test_the_gradients_of_the_means_are_those_of_sympy(entry, hyper):
    x = Symbols.named("x", 1, 2, 3, 3)
    y = entry(x, **hyper)
    dy = Symbols.named("dy", *y.shape)
    found = gradient(lambda x: entry(x, **hyper), dict(x=x), ["x"], (dy,))["x"]
    assert equal(found, derivative(np.sum(y * dy), x), simplify=sp.expand)


LARGEST = [
    (largest.max_pooling_2d, dict(kernel_y=2, kernel_x=2, stride_y=1, stride_x=2, padding_y=1, padding_x=0,
                                  dilation=1, ceil_mode=True)),
    (largest.global_max_pooling, {}),
    (adaptive.adaptive_max_pooling_2d, dict(rows=2, columns=3)),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "hyper"), LARGEST, ids=lambda v: getattr(v, "name", ""))
def test_the_gradients_of_the_largest_are_those_of_sympy(entry, hyper):
    # SymPy's derivative of Max is a sum of steps, which a point without ties turns into zeros and ones.
    x = Symbols.named("x", 1, 1, 3, 3)
    at = dict(zip(x.value.ravel(), (3, 1, 4, -1, 5, 9, 2, 6, -5), strict=True))
    y = entry(x, **hyper)
    cotangent = np.arange(1, y.size + 1).reshape(y.shape)
    sympys = derivative(np.sum(y * cotangent), x).value.ravel()
    image = Exact(np.array(list(at.values())).reshape(1, 1, 3, 3))
    if hyper.get("padding_y"):
        image = np.array(list(at.values()), dtype=float).reshape(1, 1, 3, 3)  # fractions hold no infinity
    found = gradient(lambda x: entry(x, **hyper), dict(x=image), ["x"], (cotangent,))["x"]
    assert equal(found, [e.subs(at) for e in sympys])


def test_padding_of_minus_infinity_is_the_replicated_border_of_contiguous_windows():
    x = points(1, 1, 4, 3)
    framed = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
    window = largest.PLAIN | dict(kernel_y=3, kernel_x=2, stride_y=1, stride_x=1)
    plain = largest.max_pooling_2d(framed, **window)
    floats = np.array([float(e) for e in x.value.ravel()]).reshape(x.shape)
    made = largest.max_pooling_2d(floats, **window | dict(padding_y=1, padding_x=1))
    assert np.array_equal(made.ravel(), [float(e) for e in plain.value.ravel()])
