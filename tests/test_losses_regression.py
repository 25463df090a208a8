"""What is claimed about the losses of numbers, proved."""

import itertools

import numpy as np
import pytest
import sympy as sp

from reference.losses.gaussian import gaussian_nll
from reference.losses.regression import mae, mse, mse_gradient, rmse
from reference.number_systems.balls import Balls
from reference.number_systems.exact import Exact
from reference.number_systems.symbols import Symbols
from tests.losses_symbols import MEAN, VARIANCE, P, T, Y, gathered
from tests.proofs import certain, derivative, elements, equal, law, proves, rational_points

C = Symbols.named("c")


def batches(seed, count=40):
    """Pairs of rational arrays of one to four elements."""
    generator = np.random.default_rng(seed)
    for _ in range(count):
        n = int(generator.integers(1, 5))
        yield rational_points(generator, n), rational_points(generator, n)


# Regression ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", [mse, rmse, mae], ids=lambda e: e.name)
@proves("mse", "what is right costs nothing")
@proves("rmse", "what is right costs nothing")
@proves("mae", "what is right costs nothing")
def test_what_is_right_costs_nothing(entry):
    assert equal(*law(entry, "what is right costs nothing")(T))


ONLY_RIGHT = "N times the loss is no less than the cost of any one error, so that only what is right costs nothing"


@pytest.mark.parametrize("entry", [mse, mae], ids=lambda e: e.name)
@proves("mse", ONLY_RIGHT)
@proves("mae", ONLY_RIGHT)
def test_only_what_is_right_costs_nothing(entry):
    for pair in batches(1):
        assert equal(*law(entry, ONLY_RIGHT)(*pair))


@proves("mse", "in another unit, c times as small, the loss is c² times as large")
def test_the_squared_error_has_the_square_of_the_unit():
    assert equal(*law(mse, "in another unit, c times as small, the loss is c² times as large")(P, T, C))


@pytest.mark.parametrize("entry", [rmse, mae], ids=lambda e: e.name)
@proves("rmse", "it has the unit of the data")
@proves("mae", "it has the unit of the data")
def test_root_and_absolute_error_have_the_unit_of_the_data(entry):
    for sign in (1, -1):
        c = sign * Symbols.named("c", positive=True)
        left, right = law(entry, "it has the unit of the data")(P, T, c)
        if entry is rmse:  # both sides are roots of sums of squares, so neither is negative
            left, right = left**2, right**2
        assert equal(left, right, simplify=lambda e: sp.expand(e.replace(sp.Abs, lambda a: sp.Abs(sp.factor(a)))))


@proves("mse", "a constant costs the square of its distance from the mean more than the mean does")
def test_the_mean_minimises_the_squared_error():
    assert equal(*law(mse, "a constant costs the square of its distance from the mean more than the mean does")(T, C))


@proves("mae", "no constant costs less than a median")
def test_medians_minimise_the_absolute_error():
    generator = np.random.default_rng(2)
    for n in (1, 2, 3, 4, 5):
        for _ in range(10):
            target = rational_points(generator, n)
            ranked = sorted(elements(target))
            low, high = ranked[(n - 1) // 2], ranked[n // 2]
            for share, c in itertools.product((0, 1, 2), elements(rational_points(generator, 5))):
                m = low + (high - low) * share / 2
                assert equal(*law(mae, "no constant costs less than a median")(target, Exact.of(m), Exact.of(c)))


@proves("mse", "an outlier has a larger share of it than of the mean absolute error")
def test_the_squared_error_weighs_an_outlier_more():
    for error, _ in batches(3):
        outlier = max(abs(e) for e in elements(error)) + 1
        errors = np.concatenate([Exact([outlier]), error])
        assert equal(*law(mse, "an outlier has a larger share of it than of the mean absolute error")(errors))


@proves("rmse", "its square exceeds that of the mean absolute error by the variance of the absolute errors")
def test_the_root_mean_square_is_never_below_the_mean_absolute_error():
    sentence = "its square exceeds that of the mean absolute error by the variance of the absolute errors"
    assert equal(*law(rmse, sentence)(P, T), simplify=sp.expand)


@proves("mse_gradient", "it is the derivative of the mean squared error of the line wx + b")
def test_the_gradient_of_a_line_is_its_difference_quotient():
    w, b = Symbols.named("w", 1), Symbols.named("b", 1)
    h = Symbols.named("h", positive=True)
    x, y = P, T
    sentence = "it is the derivative of the mean squared error of the line wx + b"
    assert equal(*law(mse_gradient, sentence)(w, b, x, y, h), simplify=sp.cancel)
    dw, db = mse_gradient(w, b, x, y)
    assert equal(dw, derivative(mse(w * x + b, y), w))
    assert equal(db, derivative(mse(w * x + b, y), b))


def test_the_notes_doubled_minus_points_uphill():
    arguments = [Symbols.named("w", 1), Symbols.named("b", 1), P, T]
    assert equal(mse_gradient.misprints["doubled minus"](*arguments), [-g for g in mse_gradient(*arguments)])


# The Gaussian -------------------------------------------------------------------------------------


@proves("gaussian_nll", "with unit variance it is half the mean squared error and half the logarithm of 2π")
def test_least_squares_is_maximum_likelihood():
    sentence = "with unit variance it is half the mean squared error and half the logarithm of 2π"
    assert equal(*law(gaussian_nll, sentence)(MEAN, Y))


def test_the_loss_is_the_logarithm_of_a_density():
    y, m, v = sp.Symbol("y", real=True), sp.Symbol("m", real=True), sp.Symbol("v", positive=True)
    density = sp.exp(-gaussian_nll(Symbols([m]), Symbols([y]), Symbols([v])).item())
    assert sp.simplify(sp.integrate(sp.simplify(density), (y, -sp.oo, sp.oo))) == 1


@proves("gaussian_nll", "a variance v costs (r - 1 - ln r)/2 more than the squared error d² itself, where r = d²/v")
def test_the_squared_error_is_the_best_variance():
    sentence = "a variance v costs (r - 1 - ln r)/2 more than the squared error d² itself, where r = d²/v"
    above = MEAN + Symbols.named("d", 2, positive=True)
    assert equal(*law(gaussian_nll, sentence)(MEAN, above, VARIANCE), simplify=gathered)


@proves("gaussian_nll", "one variance for all is best at the mean squared error")
def test_one_variance_for_all_is_best_at_the_mean_squared_error():
    mean, y = Balls(np.array([0.0, 1.0, -2.0])), Balls(np.array([0.5, 1.5, 2.0]))
    for c in (0.125, 1.0, 5.0, 5.5, 6.0, 100.0):
        assert certain(*law(gaussian_nll, "one variance for all is best at the mean squared error")(mean, y, Balls(c)))
