"""What is claimed about convolutions, proved."""

from itertools import product

import numpy as np
import pytest
import sympy as sp

from reference.convolution import (
    costs,
    discrete,
    image,
    integral,
    padding,
    receptive,
    sizes,
    transposed,
    unfolding,
    windowed,
)
from reference.convolution.windowed_claims import LINE
from reference.number_systems.exact import Exact
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from tests.proofs import derivative, equal, law, proves, rational_points

conv = discrete.discrete_convolution
SHAPES = [(1, 1), (3, 2), (2, 4)]


def holds(equation, sentence, *args, simplify=sp.expand, **hyper):
    """Whether the two sides of a claim are identical."""
    return equal(*law(equation, sentence)(*args, **hyper), simplify=simplify)


def named(**shapes):
    """Symbols by name, each with its shape."""
    return [Symbols.named(name, *shape) for name, shape in shapes.items()]


# Sequences -------------------------------------------------------------------------------------------


@proves("discrete_convolution", "signal and filter may change places")
@proves("discrete_convolution", "it is linear in the signal")
@proves("discrete_convolution", "the result's polynomial is the product of the two polynomials")
@proves("discrete_convolution", "it is the product with a Toeplitz matrix, whose diagonals are constant")
@pytest.mark.parametrize(("M", "N"), SHAPES)
def test_convolution_is_the_product_of_polynomials(M, N):
    x, y, h, a, c, z = named(x=(M,), y=(M,), h=(N,), a=(), c=(), z=())
    assert holds(conv, "signal and filter may change places", x, h)
    assert holds(conv, "it is linear in the signal", a, x, c, y, h)
    assert holds(conv, "the result's polynomial is the product of the two polynomials", x, h, z)
    assert holds(conv, "it is the product with a Toeplitz matrix, whose diagonals are constant", x, h)


@proves("discrete_convolution", "a unit impulse gives the filter back, delayed by the place of the impulse")
def test_a_unit_impulse_gives_the_filter_back():
    sentence = "a unit impulse gives the filter back, delayed by the place of the impulse"
    (h,) = named(h=(3,))
    assert all(holds(conv, sentence, h, place=p, length=4) for p in range(4))


@proves("discrete_convolution", "it associates")
def test_convolution_associates_when_every_product_is_kept():
    x, h, g = named(x=(2,), h=(3,), g=(2,))
    assert holds(conv, "it associates", x, h, g)


@proves("discrete_convolution", "delaying the signal delays the result")
def test_a_delay_passes_through_where_only_zeros_leave():
    x, h = named(x=(2,), h=(3,))
    assert holds(conv, "delaying the signal delays the result", np.pad(x, (0, 1)), h)


@proves("discrete_convolution", "it is the inverse Fourier transform of the product of the Fourier transforms")
@pytest.mark.parametrize("L", [3, 4, 6])
def test_padding_makes_the_circular_convolution_the_plain_one(L):
    x, h = named(x=(2,), h=(2,))
    sentence = "it is the inverse Fourier transform of the product of the Fourier transforms"
    assert holds(conv, sentence, x, h, L=L)


@pytest.mark.parametrize("mode", ["same", "valid"])
@pytest.mark.parametrize(("M", "N"), [(1, 1), (1, 4), (4, 1), (2, 2), (3, 2), (2, 5), (5, 3)])
def test_the_cropped_forms_are_those_of_numpy(mode, M, N):
    x, h = np.arange(1.0, M + 1), np.arange(2.0, N + 2) ** 2
    assert np.array_equal(conv.dialects[mode](x, h), np.convolve(x, h, mode))


# Functions -------------------------------------------------------------------------------------------


@proves("convolution_integral", "n steps of height 1 with n steps of height 1 are a triangle")
@proves("convolution_integral", "the area of the result is the product of the areas")
def test_the_sum_of_staircases_is_their_integral():
    one, step = Symbols(1), Symbols.named("step", positive=True)
    equation = integral.convolution_integral
    for n in (1, 2, 4):
        assert holds(equation, "n steps of height 1 with n steps of height 1 are a triangle", one, n=n, step=step)
    x, y = named(x=(3,), y=(2,))
    assert holds(equation, "the area of the result is the product of the areas", x, y, step=step)


def test_the_riemann_sum_is_the_integral_at_the_corners():
    t, f, g = sp.Symbol("t"), [2, -1, 3], [1, 5]

    def staircase(heights):
        return lambda x: sp.Piecewise(*((h, (x >= k) & (x < k + 1)) for k, h in enumerate(heights)), (0, True))

    sums = integral.convolution_integral(np.array(f), np.array(g), step=1)
    for n, value in enumerate(sums, start=1):
        exact = sp.integrate(sp.piecewise_fold(staircase(f)(t) * staircase(g)(n - t)), (t, 0, n))
        assert exact == value


@proves("convolution_integral", "samples of exp(-t) up to t give t exp(-t), too large by one part in n")
def test_the_riemann_sum_of_two_decays_tends_to_the_integral():
    sentence = "samples of exp(-t) up to t give t exp(-t), too large by one part in n"
    t = Symbols.named("t", positive=True)
    for n in (1, 2, 5):
        assert holds(integral.convolution_integral, sentence, t, n=n, simplify=sp.simplify)


@proves("gaussian_convolution", "it is the convolution integral of two normal densities")
def test_the_variances_of_two_gaussians_add():
    t = Symbols.named("t")
    a, b = (Symbols.named(s, positive=True) for s in "ab")
    sentence = "it is the convolution integral of two normal densities"
    assert holds(integral.gaussian_convolution, sentence, t, a=a, b=b, simplify=sp.simplify)


@proves("box_convolution", "it is the convolution integral of two unit boxes")
def test_two_boxes_make_a_triangle():
    left, right = law(integral.box_convolution, "it is the convolution integral of two unit boxes")(Symbols.named("t"))
    (difference,) = [sp.sympify(left.item()) - right]
    t = sp.Symbol("t", real=True)
    # Both sides are straight between these corners, so that agreement at and between them is agreement everywhere.
    for at in (-9, -1, sp.Rational(-1, 2), 0, sp.Rational(1, 2), 1, 9):
        assert difference.subs(t, at) == 0


@proves("exponential_convolution", "it is the convolution integral of two decays that start at 0")
def test_two_decays_in_a_row():
    t, slow, gap = (Symbols.named(s, positive=True) for s in "tbd")
    equation, fast = integral.exponential_convolution, slow + gap
    sentence = "it is the convolution integral of two decays that start at 0"
    assert holds(equation, sentence, t, a=fast, b=slow, simplify=sp.simplify)
    assert equal(equation(t, a=slow, b=fast), equation(t, a=fast, b=slow))
    limit = sp.limit(equation(t, a=fast, b=slow).item(), gap.item(), 0)
    assert sp.simplify(limit - t.item() * sp.exp(-slow.item() * t.item())) == 0


# Images ----------------------------------------------------------------------------------------------


@proves("image_convolution", "both printed forms are equal, with j - n in the second")
@proves("image_convolution", "image and kernel may change places")
def test_the_two_forms_of_image_convolution_are_one():
    picture, kernel = named(I=(2, 3), K=(2, 2))
    assert holds(image.image_convolution, "both printed forms are equal, with j - n in the second", picture, kernel)
    assert holds(image.image_convolution, "image and kernel may change places", picture, kernel)


@proves("image_convolution", "a kernel is applied as a column and then a row, in R + S products instead of R S")
def test_a_separable_kernel_is_two_small_ones():
    picture, column, row = named(I=(2, 2), u=(2, 1), v=(1, 3))
    sentence = "a kernel is applied as a column and then a row, in R + S products instead of R S"
    assert holds(image.image_convolution, sentence, picture, column * row, simplify=sp.cancel)


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


# The transpose ---------------------------------------------------------------------------------------

ADJOINT = "it is the transpose of the convolution: <Cx, y> = <x, Cᵀy>"


@proves("transposed_convolution_1d", ADJOINT)
@pytest.mark.parametrize(
    ("stride", "border", "dilation", "groups", "size"),
    [(1, 0, 1, 1, 4), (2, 1, 1, 1, 5), (2, 1, 1, 1, 6), (3, 0, 1, 2, 6), (2, 1, 2, 2, 5), (1, 2, 1, 1, 3)],
)
def test_the_transposed_layer_is_the_transpose(stride, border, dilation, groups, size):
    x, w = named(x=(1, 2 * groups, size), w=(2 * groups, 2, 3))
    (y,) = named(y=(1, 2 * groups, sizes.output_size(I=size, P=border, K=3, S=stride, D=dilation)))
    options = dict(stride=stride, padding=border, dilation=dilation, groups=groups)
    assert holds(transposed.transposed_convolution_1d, ADJOINT, x, w, y, **options)


@proves("transposed_convolution_2d", ADJOINT)
def test_the_transposed_layer_is_the_transpose_in_two_dimensions():
    x, w, y = named(x=(1, 2, 3, 4), w=(2, 2, 2, 3), y=(1, 2, 1, 4))
    options = dict(stride_y=2, stride_x=1, padding_y=0, padding_x=1)
    assert holds(transposed.transposed_convolution_2d, ADJOINT, x, w, y, **options)


@proves("transposed_convolution_1d", "it undoes the convolution")
def test_the_transposed_layer_is_no_inverse():
    (x,) = named(x=(1, 1, 3))
    for tap in (1, -1):
        kernel = np.array([[[tap]]])
        assert holds(transposed.transposed_convolution_1d, "it undoes the convolution", x, kernel)
    left, right = law(transposed.transposed_convolution_1d, "it undoes the convolution")(x, np.array([[[1, 1]]]))
    assert not equal(left, right, simplify=sp.expand)


@proves("unfold", "the kernel's matrix times the columns is the convolution")
@proves("fold", "it is the transpose of unfolding: <unfold x, y> = <x, fold y>")
@proves("fold", "it undoes unfolding")
@pytest.mark.parametrize(("stride", "border", "dilation"), [(1, 0, 1), (2, 1, 1), (3, 1, 2)])
def test_folding_is_the_transpose_of_unfolding(stride, border, dilation):
    x, w = named(x=(1, 2, 4, 5), w=(2, 2, 2, 2))
    window = dict(stride=stride, padding=border, dilation=dilation)
    assert holds(unfolding.unfold, "the kernel's matrix times the columns is the convolution", x, w, **window)
    y = Symbols.named("y", *unfolding.unfold(x, kernel=2, **window).shape)
    adjoint = "it is the transpose of unfolding: <unfold x, y> = <x, fold y>"
    assert holds(unfolding.fold, adjoint, x, y, kernel=2, **window)
    assert holds(unfolding.fold, "it undoes unfolding", x[:, :, :, :4], stride=2)


@proves("nearest_upsampling", "every s-th pixel gives the image back")
@proves("nearest_upsampling", "it is the transposed convolution with a kernel of ones, as large as its stride")
def test_repeating_pixels_is_a_transposed_convolution():
    (x,) = named(x=(1, 2, 2, 3))
    ones = "it is the transposed convolution with a kernel of ones, as large as its stride"
    for scale in (1, 2, 3):
        assert holds(unfolding.nearest_upsampling, "every s-th pixel gives the image back", x, scale=scale)
        assert holds(unfolding.nearest_upsampling, ones, x, scale=scale)


# Counts ----------------------------------------------------------------------------------------------


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


# Gradients -------------------------------------------------------------------------------------------

RING = dict(top=1, bottom=1, left=1, right=0)
DIFFERENTIABLE = [
    (conv, dict(x=(3,), h=(2,)), {}),
    (image.image_convolution, dict(image=(2, 2), kernel=(2, 1)), {}),
    (windowed.convolution_1d, dict(x=(2, 4, 4), w=(2, 2, 2), b=(2,)), LINE | dict(stride=2, padding=1, groups=2)),
    (windowed.convolution_2d, dict(x=(1, 2, 3, 3), w=(2, 2, 2, 2), b=(2,)), windowed.PLAIN | dict(padding_x=1)),
    (windowed.convolution_3d, dict(x=(1, 1, 2, 2, 2), w=(1, 1, 2, 1, 2), b=(1,)), LINE),
    (padding.constant_padding, dict(x=(1, 1, 2, 2)), RING | dict(value=3)),
    (padding.mean_padding, dict(x=(1, 1, 2, 2)), dict(padding=1)),
    (padding.reflection_padding, dict(x=(1, 1, 2, 2)), RING),
    (padding.replication_padding, dict(x=(1, 1, 2, 2)), RING),
    (padding.circular_padding, dict(x=(1, 1, 2, 2)), RING),
    (padding.bordered_convolution_2d, dict(x=(1, 1, 2, 2), w=(1, 1, 1, 2), b=(1,)),
     dict(padding_y=0, padding_x=1, mode="reflect")),
    (padding.same_convolution_1d, dict(x=(1, 1, 3), w=(1, 1, 2), b=(1,)), dict(dilation=1)),
    (transposed.transposed_convolution_1d, dict(x=(1, 2, 2), w=(2, 1, 2), b=(2,)),
     dict(stride=2, padding=1, output_padding=1, dilation=1, groups=2)),
    (transposed.transposed_convolution_2d, dict(x=(1, 1, 2, 2), w=(1, 1, 2, 1), b=(1,)),
     dict(stride_y=2, stride_x=1, padding_y=0, padding_x=0, output_padding_y=1, output_padding_x=0,
          dilation=1, groups=1)),
    (costs.flatten, dict(x=(2, 1, 2, 2)), {}),
    (unfolding.unfold, dict(x=(1, 2, 2, 3)), dict(kernel=2, stride=1, padding=1, dilation=1)),
    (unfolding.fold, dict(y=(1, 4, 2)), dict(rows=2, columns=3, kernel=2, stride=1, padding=0, dilation=1)),
    (unfolding.nearest_upsampling, dict(x=(1, 1, 2, 2)), dict(scale=2)),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "shapes", "hyper"), DIFFERENTIABLE, ids=lambda v: getattr(v, "name", ""))
def test_the_gradients_are_those_of_sympy(entry, shapes, hyper):
    arrays = {name: Symbols.named(name, *shape) for name, shape in shapes.items()}
    y = entry(**arrays, **hyper)
    dy = Symbols.named("dy", *y.shape)
    found = gradient(lambda **a: entry(**a, **hyper), arrays, list(entry.differentiable), (dy,))
    assert entry.differentiable == tuple(shapes)
    for name, array in arrays.items():
        assert equal(found[name], derivative(np.sum(y * dy), array), simplify=sp.expand), name


def test_the_layers_run_over_fractions():
    x, w, b = rational_points(np.random.default_rng(0), 1, 2, 5), Exact(np.ones((1, 2, 3))), Exact([1])
    y = windowed.convolution_1d(x, w, b, **LINE)
    assert equal(y[0, 0, 1], np.sum(x[:, :, 1:4]) + 1)
