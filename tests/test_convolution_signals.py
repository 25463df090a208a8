"""What is claimed about the convolution of sequences, functions and images, proved."""

import numpy as np
import pytest
import sympy as sp

from reference.convolution import discrete, image, integral
from reference.number_systems.symbols import Symbols
from tests.proofs import equal, holds, law, named, proves

conv = discrete.discrete_convolution
SHAPES = [(1, 1), (3, 2), (2, 4)]


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
