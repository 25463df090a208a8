"""What is claimed about the activations, proved."""

import numpy as np
import pytest
import sympy as sp

from reference.activations import softmax as softmax_file
from reference.activations.relu import relu, relu_slope
from reference.activations.sigmoid import on_either_side, sigmoid
from reference.activations.sigmoid_chain import sigmoid_chain, sigmoid_chain_gradient, sigmoid_layer_gain
from reference.activations.softmax import log_softmax, softmax
from reference.activations.step import step
from reference.activations.tanh import tanh
from reference.number_systems.balls import Balls
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from tests.proofs import certain, derivative, elements, equal, law, proves, proves_forms, rational_points

x = Symbols.named("x")
SCORES = Symbols.named("s", 2, 3)
POINTS = Balls(np.array([-40.0, -3.5, -1.0, -(2.0**-20), 0.0, 2.0**-20, 0.75, 2.0, 40.0]))


def in_exponentials(expression):
    """Whether an expression of exponentials vanishes, each e^x taken as a symbol of its own."""
    return sp.cancel(sp.expand(sp.expand_power_exp(expression.rewrite(sp.exp))))


def grid(*names):
    """All combinations of a few points, one axis a name."""
    few = np.array([-8.0, -1.0, 0.0, 0.5, 3.0])
    return [Balls(a.ravel()) for a in np.meshgrid(*[few] * len(names))]


# Sigmoid, step and tanh ---------------------------------------------------------------------------


@proves_forms(on_either_side)
def test_a_branch_for_each_sign_is_the_sigmoid_on_either_side():
    for side in (Symbols.named("x", positive=True), -Symbols.named("x", positive=True), Symbols(0)):
        printed, branch = (form(side) for form in on_either_side.forms)
        assert equal(printed, branch)


@proves("sigmoid", "opposite arguments give complementary values")
def test_opposite_arguments_give_complementary_values():
    assert equal(*law(sigmoid, "opposite arguments give complementary values")(x))


@proves("sigmoid", "gradient form for x")
def test_the_slope_of_sigmoid_follows_from_its_value_or_from_two_values():
    assert len(sigmoid.gradient_forms) == 2
    for form in sigmoid.gradient_forms:
        assert equal(form.function(1, x), derivative(sigmoid(x), x))


@proves("sigmoid", "four slopes σ(x)σ(-x) fall short of 1 by tanh²(x/2), so a slope is at most 1/4")
def test_the_slope_of_sigmoid_is_at_most_a_quarter():
    sentence = "four slopes σ(x)σ(-x) fall short of 1 by tanh²(x/2), so a slope is at most 1/4"
    assert equal(*law(sigmoid, sentence)(x), simplify=in_exponentials)
    assert derivative(sigmoid(x), x).item().subs(x.item(), 0) == sp.Rational(1, 4)


@proves("sigmoid", "the value exceeds 1/2 by half the tanh of x/2, so the threshold 1/2 is the threshold 0 for x")
def test_the_threshold_one_half_is_the_threshold_zero():
    sentence = "the value exceeds 1/2 by half the tanh of x/2, so the threshold 1/2 is the threshold 0 for x"
    assert equal(*law(sigmoid, sentence)(x), simplify=in_exponentials)


@proves("sigmoid", "the value is above, at or below 1/2 as the argument is above, at or below 0")
def test_sigmoid_decides_as_the_sign_does():
    sentence = "the value is above, at or below 1/2 as the argument is above, at or below 0"
    assert certain(*law(sigmoid, sentence)(POINTS))


def test_sigmoid_is_the_only_solution_of_its_differential_equation():
    y = sp.Function("y")
    t = sp.Symbol("t", real=True)
    (solution,) = [sp.dsolve(sp.Eq(y(t).diff(t), y(t) * (1 - y(t))), y(t), ics={y(0): sp.Rational(1, 2)})]
    assert equal(solution.rhs, sigmoid(Symbols(t)))


@proves("step", "a positive scale changes nothing")
def test_a_threshold_has_no_scale():
    points = rational_points(np.random.default_rng(1), 40)
    for a in (2, rational_points(np.random.default_rng(2), 40, low=1)):
        assert equal(*law(step, "a positive scale changes nothing")(points, a))


@proves("step", "a number and its opposite give 0 and 1 between them")
def test_a_number_and_its_opposite_give_one_between_them():
    points = rational_points(np.random.default_rng(1), 40, low=1)
    assert equal(*law(step, "a number and its opposite give 0 and 1 between them")(points))
    assert equal(*law(step, "a number and its opposite give 0 and 1 between them")(-points))


@proves("tanh", "it is a sigmoid twice as steep, stretched and lowered")
def test_tanh_is_a_stretched_sigmoid():
    assert equal(*law(tanh, "it is a sigmoid twice as steep, stretched and lowered")(x), simplify=in_exponentials)


@proves("tanh", "opposite arguments give opposite values")
def test_tanh_is_odd():
    assert equal(*law(tanh, "opposite arguments give opposite values")(x))


@proves("tanh", "it is the quotient of the exponentials' difference and sum")
def test_tanh_is_a_quotient_of_exponentials():
    left, right = law(tanh, "it is the quotient of the exponentials' difference and sum")(x)
    assert equal(left, right, simplify=in_exponentials)


@proves("tanh", "gradient form for x")
def test_the_slope_of_tanh_follows_from_its_value():
    (form,) = tanh.gradient_forms
    assert equal(form.function(1, x), derivative(tanh(x), x))


# The rectifier ------------------------------------------------------------------------------------


@proves("relu_slope", "the value is the slope times the argument, the kink included")
def test_the_rectifier_is_its_slope_times_its_argument():
    points = rational_points(np.random.default_rng(3), 40)
    sentence = "the value is the slope times the argument, the kink included"
    for these in (points, points * 0):
        assert equal(*law(relu_slope, sentence)(these))


@proves("relu", "gradient form for x")
def test_the_slope_of_the_rectifier_is_zero_or_one():
    (form,) = relu.gradient_forms
    for sign in (1, -1):
        s = sign * Symbols.named("p", positive=True)
        assert equal(form.function(1, s), (1 + sign) // 2)
        assert equal(gradient(relu, dict(x=s), ["x"])["x"], form.function(1, s))


@proves("relu", "a positive scale passes through")
def test_a_positive_scale_passes_through_the_rectifier():
    points, scale = (rational_points(np.random.default_rng(k), 40, low=low) for k, low in ((4, -9), (5, 0)))
    assert equal(*law(relu, "a positive scale passes through")(points, scale))


@proves("relu", "a number is its positive part less its negative part, so two units carry everything")
def test_two_rectifiers_carry_everything():
    sentence = "a number is its positive part less its negative part, so two units carry everything"
    for s in (Symbols.named("p", positive=True), -Symbols.named("p", positive=True), Symbols(0)):
        assert equal(*law(relu, sentence)(s))


@proves("relu", "three units multiply a signal by their weights alone, and shrink it where those are below 1")
def test_a_chain_of_rectifiers_shrinks_by_its_weights_alone():
    sentence = "three units multiply a signal by their weights alone, and shrink it where those are below 1"
    assert equal(*law(relu, sentence)(*(Symbols.named(n, positive=True) for n in ("x", "u", "v", "w"))))


# Softmax ------------------------------------------------------------------------------------------


@proves("softmax", "the shares of a row sum to one")
def test_shares_sum_to_one():
    assert equal(*law(softmax, "the shares of a row sum to one")(SCORES))


@pytest.mark.parametrize("entry", [softmax, log_softmax], ids=lambda e: e.name)
@proves("softmax", "adding one number to all scores of a row changes nothing")
@proves("log_softmax", "adding one number to all scores of a row changes nothing")
def test_only_differences_of_scores_matter(entry):
    c = Symbols.named("c", 2, 1)
    left, right = law(entry, "adding one number to all scores of a row changes nothing")(SCORES, c)
    assert equal(np.exp(left), np.exp(right), simplify=in_exponentials)


@proves("softmax", "two shares are in the ratio of e to the difference of their scores")
def test_two_shares_are_in_the_ratio_of_their_exponentials():
    sentence = "two shares are in the ratio of e to the difference of their scores"
    assert equal(*law(softmax, sentence)(SCORES), simplify=in_exponentials)


@proves("softmax", "a larger score has a larger share, so that the winner stays the winner")
def test_softmax_leaves_the_winner():
    generator = np.random.default_rng(6)
    scores = Balls(np.array([generator.permutation(5) for _ in range(40)]) * 0.125 - 3.0)
    assert certain(*law(softmax, "a larger score has a larger share, so that the winner stays the winner")(scores))


@proves("softmax", "of two classes the second has the sigmoid of its lead")
def test_softmax_of_two_classes_is_a_sigmoid():
    sentence = "of two classes the second has the sigmoid of its lead"
    assert equal(*law(softmax, sentence)(Symbols.named("s", 2, 2)), simplify=in_exponentials)


@proves("log_softmax", "it is the logarithm of softmax")
def test_log_softmax_is_the_logarithm_of_softmax():
    assert equal(*law(log_softmax, "it is the logarithm of softmax")(SCORES), simplify=in_exponentials)


@pytest.mark.parametrize("entry", [softmax, log_softmax], ids=lambda e: e.name)
@proves("softmax", "gradient form for x")
@proves("log_softmax", "gradient form for x")
def test_the_gradient_of_softmax_follows_from_its_shares(entry):
    scores, dy = Symbols.named("s", 1, 3), Symbols.named("d", 1, 3)
    (form,) = entry.gradient_forms
    truth = derivative(np.sum(dy * entry(scores)), scores)
    assert equal(form.function(dy, scores), truth, simplify=in_exponentials)


@proves_forms(softmax_file.deviation)
def test_the_forms_of_softmax_backwards_agree():
    arguments = [Symbols.named(n) for n in ("y", "d", "m")]
    first, second = (form(*arguments) for form in softmax_file.deviation.forms)
    assert equal(first, second)


# The chain of sigmoids ----------------------------------------------------------------------------

WEIGHTS = [Symbols.named(n) for n in ("w1", "w2", "w3")]


def test_the_notes_derivatives_through_three_sigmoids_are_right():
    y = sigmoid_chain(x, *WEIGHTS)
    for made, weight in zip(sigmoid_chain_gradient(x, *WEIGHTS), WEIGHTS, strict=True):
        assert equal(made, derivative(y, weight), simplify=lambda e: sp.cancel(sp.together(e)))


@pytest.mark.parametrize("name", ["x", "w1", "w2", "w3"])
@proves("sigmoid_chain", "gradient form for x")
@proves("sigmoid_chain", "gradient form for w1")
@proves("sigmoid_chain", "gradient form for w2")
@proves("sigmoid_chain", "gradient form for w3")
def test_slopes_from_saved_values_give_the_gradient_of_the_chain(name):
    arguments = dict(zip(("x", "w1", "w2", "w3"), (x, *WEIGHTS), strict=True))
    (form,) = [f for f in sigmoid_chain.gradient_forms if f.wrt == name]
    truth = derivative(sigmoid_chain(**arguments), arguments[name])
    assert equal(form.function(1, *arguments.values()), truth, simplify=lambda e: sp.cancel(sp.together(e)))


@proves("sigmoid_chain", "the output is no farther from 1/2 than σ(w₃) is")
@proves("sigmoid_chain_gradient", "the first weight's gradient is at most |w₂ w₃ x|/4³")
def test_what_three_sigmoids_pass_is_bounded():
    points = grid("x", "w1", "w2", "w3")
    assert certain(*law(sigmoid_chain, "the output is no farther from 1/2 than σ(w₃) is")(*points))
    sentence = "the first weight's gradient is at most |w₂ w₃ x|/4³"
    assert certain(*law(sigmoid_chain_gradient, sentence)(*points))
    assert not certain(np.abs(sigmoid_chain_gradient(*points)[0]), np.abs(points[2] * points[3] * points[0]) / 65)


@proves("sigmoid_chain_gradient", "with w₂ or w₃ zero the first weight has no gradient")
def test_a_weight_of_zero_cuts_the_chain():
    sentence = "with w₂ or w₃ zero the first weight has no gradient"
    for k in (1, 2):
        weights = [Symbols(0) if i == k else w for i, w in enumerate(WEIGHTS)]
        assert equal(*law(sigmoid_chain_gradient, sentence)(x, *weights))


@proves("sigmoid_chain_gradient", "weights of 10 shrink the gradient more than weights of 1")
def test_large_weights_shrink_a_gradient_too():
    sentence = "weights of 10 shrink the gradient more than weights of 1"
    points = Balls(np.array([-5.0, -1.0, -0.25, 0.25, 0.5, 1.0, 2.0, 5.0]))
    assert certain(*law(sigmoid_chain_gradient, sentence)(points))


@proves("sigmoid_layer_gain", "the gradient shrinks")
def test_a_weight_below_four_shrinks_the_gradient():
    weights = Balls(np.array([-3.999, -1.0, 0.0, 2.0, 3.999]))[:, None]
    assert certain(*law(sigmoid_layer_gain, "the gradient shrinks")(POINTS[None, :] * np.ones((5, 1)), weights))


@proves("sigmoid_layer_gain", "at 0 a quarter of the weight passes")
def test_at_zero_a_quarter_of_the_weight_passes():
    assert equal(*law(sigmoid_layer_gain, "at 0 a quarter of the weight passes")(Symbols(0), Symbols.named("w")))


# Tape ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", [sigmoid, tanh, softmax, log_softmax, sigmoid_chain], ids=lambda e: e.name)
def test_the_tape_gives_the_derivatives_that_sympy_gives(entry):
    shape = (1, 2) if entry in (softmax, log_softmax) else ()
    arguments = {name: Symbols.named(name, *shape) for name in entry.domain}
    cotangent = np.array([[3, -2]]) if shape else 1
    taped = gradient(entry, arguments, list(arguments), [Symbols(cotangent)])
    whole = np.sum(entry(**arguments) * cotangent)
    values = dict.fromkeys(s for a in arguments.values() for s in elements(a))
    for seed in range(2):
        generator = np.random.default_rng(seed)
        at = {s: sp.Rational(int(generator.integers(-9, 10)), 8) for s in values}
        for name, array in arguments.items():
            for a, b in zip(elements(taped[name]), elements(derivative(whole, array)), strict=True):
                shifts = dict.fromkeys((a - b).free_symbols - set(at), 0)
                assert abs(sp.N((a - b).subs(at | shifts), 40)) < sp.Float("1e-30")
