"""What is claimed about the losses, proved."""

import itertools
import math

import numpy as np
import pytest
import sympy as sp

from reference.functions import one_hot
from reference.losses import reductions
from reference.losses import weighted as weighted_file
from reference.losses.binary import binary_cross_entropy, binary_cross_entropy_with_logits
from reference.losses.cross_entropy import (
    categorical_cross_entropy,
    cross_entropy,
    negative_log_likelihood,
    sparse_cross_entropy,
)  # fmt: skip
from reference.losses.gaussian import gaussian_nll
from reference.losses.regression import mae, mse, mse_gradient, rmse
from reference.losses.weighted import smoothed_targets, weighted_cross_entropy
from reference.number_systems.balls import Balls
from reference.number_systems.exact import Exact
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from tests.proofs import derivative, elements, equal, law, proves, proves_forms, rational_points

P, T = Symbols.named("p", 3), Symbols.named("t", 3)
C = Symbols.named("c")
ONE = Symbols(1)
# Targets of a cross-entropy are symbols known not to be 0 or 1; by continuity in them a proof holds for those too.
SOFT = Symbols.named("y", 2, irrational=True)
PROBABILITIES = 1 / (1 + Symbols.named("q", 2, positive=True))
LOGITS = Symbols.named("x", 2, 3)
WEIGHT = Symbols.named("w", 3, positive=True)
LABELS = np.array([2, 0])
ALPHA = Symbols.named("a", positive=True)


def in_exponentials(expression):
    """Whether an expression of exponentials and logarithms vanishes, each taken as a symbol of its own."""
    return sp.cancel(sp.expand(sp.expand_log(sp.expand_power_exp(expression), force=True)))


def gathered(expression):
    """The same, with logarithms of sums brought to one denominator first."""
    return sp.simplify(sp.expand_log(sp.expand(expression.replace(sp.log, lambda a: sp.log(sp.factor(a)))), force=True))


def without_shift(expression):
    """The expression with its free shifts at 0; that they do not matter is proved where softmax is."""
    return expression.subs(dict.fromkeys((s for s in expression.free_symbols if s.name == "shift"), 0))


def cancelled(expression):
    return in_exponentials(without_shift(expression))


def certain(left, right):
    """Whether two enclosures agree to 40 digits, and so sharply that this says something."""
    gap = left - right
    return bool(np.all(np.abs(gap.midpoints()) + gap.radii() < 1e-40))


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


# Two classes --------------------------------------------------------------------------------------


@proves("binary_cross_entropy", "what is right costs nothing")
def test_certain_targets_cost_nothing_when_predicted():
    for y in itertools.product((0, 1), repeat=3):
        assert equal(*law(binary_cross_entropy, "what is right costs nothing")(Symbols(np.array(y))))


@proves("binary_cross_entropy", "a fair coin costs ln 2, whatever the targets")
def test_a_fair_coin_costs_one_bit():
    assert equal(*law(binary_cross_entropy, "a fair coin costs ln 2, whatever the targets")(SOFT))


@proves("binary_cross_entropy", "exchanging the two classes changes nothing")
@proves("binary_cross_entropy_with_logits", "exchanging the two classes changes nothing")
def test_exchanging_the_classes_changes_nothing():
    sentence = "exchanging the two classes changes nothing"
    assert equal(*law(binary_cross_entropy, sentence)(PROBABILITIES, SOFT))
    for sign in (1, -1):
        logits = sign * Symbols.named("x", 2, positive=True)
        assert equal(*law(binary_cross_entropy_with_logits, sentence)(logits, SOFT))


@proves("binary_cross_entropy", "no prediction costs less than the target itself")
def test_the_cross_entropy_is_least_at_the_target():
    points = np.array([2.0**-30, 0.125, 0.5, 0.75, 1 - 2.0**-30])
    sentence = "no prediction costs less than the target itself"
    for p, y in itertools.product(points, [0.0, *points, 1.0]):
        left, right = law(binary_cross_entropy, sentence)(Balls(np.array([p])), Balls(np.array([y])))
        assert certain(left, right)


@proves("binary_cross_entropy_with_logits", "it is the cross-entropy of the logits' sigmoids")
def test_logits_and_probabilities_cost_the_same():
    sentence = "it is the cross-entropy of the logits' sigmoids"
    for sign in (1, -1):
        logits = sign * Symbols.named("x", 2, positive=True)
        assert equal(*law(binary_cross_entropy_with_logits, sentence)(logits, SOFT), simplify=gathered)


# Several classes ----------------------------------------------------------------------------------


def simplex(generator, *shape):
    """Rational rows of positive numbers that sum to one."""
    counts = generator.integers(1, 9, size=shape)
    return Exact(counts) / Exact(counts.sum(axis=-1, keepdims=True))


@proves("categorical_cross_entropy", "what is right costs nothing")
def test_certain_classes_cost_nothing_when_predicted():
    for labels in itertools.product(range(3), repeat=2):
        rows = Symbols(np.eye(3, dtype=int)[list(labels)])
        assert equal(*law(categorical_cross_entropy, "what is right costs nothing")(rows))


@proves("categorical_cross_entropy", "no prediction costs less than the target itself")
def test_the_categorical_cross_entropy_is_least_at_the_target():
    generator = np.random.default_rng(4)
    for _ in range(20):
        p, y = (Balls(simplex(generator, 2, 3).value) for _ in range(2))
        assert certain(*law(categorical_cross_entropy, "no prediction costs less than the target itself")(p, y))


@proves("cross_entropy", "it is the cross-entropy of the softmax of the logits")
def test_cross_entropy_takes_the_softmax_itself():
    y = Symbols.named("y", 1, 3, irrational=True)
    sentence = "it is the cross-entropy of the softmax of the logits"
    assert equal(*law(cross_entropy, sentence)(LOGITS[:1], y), simplify=cancelled)


@proves("sparse_cross_entropy", "class numbers and one-hot rows give the same loss")
@proves("sparse_cross_entropy", "it is the negative log-likelihood of log-softmax")
def test_class_numbers_say_as_much_as_one_hot_rows():
    for labels in itertools.product(range(3), repeat=2):
        for sentence in (
            "class numbers and one-hot rows give the same loss",
            "it is the negative log-likelihood of log-softmax",
        ):
            assert equal(*law(sparse_cross_entropy, sentence)(LOGITS, np.array(labels)), simplify=cancelled)


@proves("sparse_cross_entropy", "adding one number to all logits of a row changes nothing")
def test_only_differences_of_logits_cost():
    c = Symbols.named("c", 2, 1)
    sentence = "adding one number to all logits of a row changes nothing"
    left, right = law(sparse_cross_entropy, sentence)(LOGITS, LABELS, c)
    assert equal(np.exp(2 * left), np.exp(2 * right), simplify=lambda e: sp.cancel(sp.expand(sp.powsimp(sp.expand(e)))))


@proves("sparse_cross_entropy", "logits that are all equal cost ln C")
def test_knowing_nothing_costs_the_logarithm_of_the_number_of_classes():
    left, right = law(sparse_cross_entropy, "logits that are all equal cost ln C")(LOGITS, LABELS)
    assert equal(left, right, simplify=lambda e: sp.simplify(without_shift(e)))


@proves("smoothed_targets", "a row that sums to one still does")
@proves("smoothed_targets", "smoothing by 1 leaves nothing but the uniform distribution")
def test_smoothing_keeps_the_sum_and_ends_in_the_uniform_distribution():
    row = Symbols.named("y", 2)
    row = np.concatenate([row, 1 - np.sum(row, axis=-1, keepdims=True)])[None]
    assert equal(*law(smoothed_targets, "a row that sums to one still does")(row, alpha=ALPHA))
    assert equal(*law(smoothed_targets, "smoothing by 1 leaves nothing but the uniform distribution")(row))


@proves("weighted_cross_entropy", "multiplying all weights by one number changes nothing")
def test_class_weights_have_no_scale():
    sentence = "multiplying all weights by one number changes nothing"
    c = Symbols.named("c", positive=True)
    assert equal(*law(weighted_cross_entropy, sentence)(LOGITS, LABELS, WEIGHT, c, alpha=ALPHA), simplify=cancelled)


@proves("weighted_cross_entropy", "an ignored row might as well not be there")
def test_an_ignored_row_is_as_if_absent():
    sentence = "an ignored row might as well not be there"
    left, right = law(weighted_cross_entropy, sentence)(LOGITS, LABELS, WEIGHT, ignore=0, alpha=ALPHA)
    assert equal(left, right, simplify=cancelled)


@proves("weighted_cross_entropy", "with equal weights, nothing ignored and no smoothing it is the plain loss")
@proves("weighted_cross_entropy", "with equal weights smoothing the loss is smoothing the targets")
def test_every_option_at_rest_gives_the_plain_loss():
    sentence = "with equal weights, nothing ignored and no smoothing it is the plain loss"
    assert equal(*law(weighted_cross_entropy, sentence)(LOGITS, LABELS), simplify=cancelled)
    sentence = "with equal weights smoothing the loss is smoothing the targets"
    left, right = law(weighted_cross_entropy, sentence)(LOGITS, LABELS, alpha=ALPHA)
    assert equal(left, right, simplify=cancelled)


# The Gaussian -------------------------------------------------------------------------------------

MEAN, Y, VARIANCE = Symbols.named("m", 2), Symbols.named("y", 2), Symbols.named("v", 2, positive=True)


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


# Gradients ----------------------------------------------------------------------------------------

WEIGHTED = dict(x=LOGITS, labels=LABELS, weight=WEIGHT, ignore=-1, alpha=ALPHA)
POINTS = [
    (mse, dict(prediction=P, target=T)),
    (rmse, dict(prediction=P, target=T)),
    (mae, dict(prediction=P, target=T)),
    (binary_cross_entropy, dict(p=Symbols.named("p", 2, positive=True), y=SOFT)),
    (binary_cross_entropy_with_logits, dict(x=Symbols.named("x", 2), y=SOFT)),
    (gaussian_nll, dict(mean=MEAN, y=Y, variance=VARIANCE)),
    (
        categorical_cross_entropy,
        dict(p=Symbols.named("p", 1, 3, positive=True), y=Symbols.named("y", 1, 3, irrational=True)),
    ),
    (cross_entropy, dict(x=LOGITS[:1], y=Symbols.named("y", 1, 3))),
    (negative_log_likelihood, dict(log_p=LOGITS, labels=LABELS)),
    (sparse_cross_entropy, dict(x=LOGITS, labels=LABELS)),
    (weighted_cross_entropy, WEIGHTED),
]


def sampled(expression, seed):
    """The expression at a point: multiples of 1/8 for real symbols, positive ones for the rest, 0 for a shift."""
    generator = np.random.default_rng(seed)
    at = {}
    for s in sorted(expression.free_symbols, key=str):
        n = int(generator.integers(1, 9))
        at[s] = 0 if s.name == "shift" else sp.Rational(n if s.is_positive or s.is_irrational else n * (-1) ** n, 9)
    return sp.N(expression.subs(at), 40)


@pytest.mark.parametrize(("entry", "arguments"), POINTS, ids=lambda e: getattr(e, "name", ""))
@proves("mse", "gradient form for prediction")
@proves("mse", "gradient form for target")
@proves("mae", "gradient form for prediction")
@proves("binary_cross_entropy", "gradient form for p")
@proves("binary_cross_entropy_with_logits", "gradient form for x")
@proves("binary_cross_entropy_with_logits", "gradient form for y")
@proves("gaussian_nll", "gradient form for mean")
@proves("gaussian_nll", "gradient form for variance")
@proves("categorical_cross_entropy", "gradient form for p")
@proves("cross_entropy", "gradient form for x")
@proves("cross_entropy", "gradient form for y")
@proves("sparse_cross_entropy", "gradient form for x")
@proves("weighted_cross_entropy", "gradient form for x")
def test_tape_and_gradient_forms_give_the_derivatives_that_sympy_gives(entry, arguments):
    taped = gradient(entry, arguments, entry.differentiable, [ONE])
    loss = entry(**arguments)
    options = {k: arguments[k] for k in ("ignore", "alpha") if k in arguments}
    positional = [v for k, v in arguments.items() if k not in options]
    for name in entry.differentiable:
        truth = elements(derivative(loss, arguments[name]))
        for a, b in zip(elements(taped[name]), truth, strict=True):
            assert abs(sampled(a - b, 1)) < sp.Float("1e-30")
        for form in (f for f in entry.gradient_forms if f.wrt == name):
            made = elements(form.function(ONE, *positional, **options))
            for a, b in zip(made, truth, strict=True):
                proved = without_shift(a - b)
                if proved.has(sp.sign):  # kinks: on each side of each of them
                    assert all(abs(sampled(proved, seed)) < sp.Float("1e-30") for seed in range(8))
                else:
                    assert sp.cancel(sp.expand(sp.expand_power_exp(proved.rewrite(sp.exp)))) == 0, (name, proved)


def test_an_ignored_row_has_no_gradient():
    arguments = WEIGHTED | dict(ignore=2)
    (form,) = weighted_cross_entropy.gradient_forms
    made = form.function(ONE, *(arguments[k] for k in ("x", "labels", "weight")), ignore=2, alpha=ALPHA)
    assert elements(made[0]) == [0, 0, 0]
    taped = gradient(weighted_cross_entropy, arguments, ["x"])["x"]
    assert all(abs(sampled(a - b, 2)) < sp.Float("1e-30") for a, b in zip(elements(taped), elements(made), strict=True))


@proves_forms(reductions.per)
@proves_forms(weighted_file.blend)
def test_dividing_and_multiplying_by_the_reciprocal_agree():
    n = Symbols.named("n", positive=True)
    for forms, arguments in ((reductions.per.forms, (P, n)), (weighted_file.blend.forms, (ALPHA, n, P, T))):
        first, second = (form(*arguments) for form in forms)
        assert equal(first, second)


def test_the_clamp_of_a_certain_mistake_is_a_hundred():
    clamped = binary_cross_entropy.dialects["clamped"]
    with np.errstate(divide="ignore", invalid="ignore"):
        assert clamped(np.array([0.0]), np.array([1.0])) == 100
        assert math.isinf(binary_cross_entropy(np.array([0.0]), np.array([1.0])))
    assert np.array_equal(one_hot(LABELS, 3).argmax(axis=1), LABELS)
