"""What is claimed about the optimizers, proved."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
import sympy as sp

from reference.number_systems.exact import Exact
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from reference.optimizers.adadelta import adadelta, adadelta_windowed
from reference.optimizers.adagrad import adagrad
from reference.optimizers.adam import adam
from reference.optimizers.amsgrad import amsgrad
from reference.optimizers.gradient_descent import gradient_descent, minibatch_gradient
from reference.optimizers.momentum import dampened_momentum, momentum
from reference.optimizers.nesterov import nesterov
from reference.optimizers.quadratics import shrinks
from reference.optimizers.rmsprop import rmsprop, rmsprop_centered, rmsprop_momentum
from reference.optimizers.weight_decay import (
    adam_with_penalty,
    adamw,
    coupled_decay,
    decoupled_decay,
    l2_penalized_cost,
)
from tests.proofs import derivative, equal, law, proves

HYPER = {name: Symbols.named(name, positive=True) for name in ("lr", "beta1", "beta2", "eps")}
SHARP = HYPER | dict(eps=0)  # without ε
w, g, m, a = (Symbols.named(s) for s in "wgma")
v, G, H, lr, rho, eps, beta, curvature = (
    Symbols.named(s, positive=True) for s in ("v", "G", "H", "lr", "rho", "eps", "beta", "lambda")
)
FORCE = Symbols.named("g", nonzero=True)  # a gradient that is not 0
ZERO = Symbols(0)


def decided(expression):
    """The expression with each maximum replaced by the argument that exceeds the other for all values."""

    def larger(x, y):
        return x if all(t.is_nonnegative for t in sp.Add.make_args(sp.expand(x - y))) else y

    return sp.expand(sp.sympify(expression).replace(sp.Max, larger))


# Gradient descent ---------------------------------------------------------------------------------


@proves("gradient_descent", "on the loss λw²/2 the t-th weight is (1 - ηλ)ᵗ times the first")
def test_gradient_descent_on_a_quadratic_is_a_geometric_sequence():
    sentence = "on the loss λw²/2 the t-th weight is (1 - ηλ)ᵗ times the first"
    assert all(equal(*law(gradient_descent, sentence)(w, curvature, t, lr=lr)) for t in range(5))
    t = sp.Symbol("t", integer=True, positive=True)  # and by induction for every t
    last = Symbols((1 - lr.item() * curvature.item()) ** t * w.item())
    following = Symbols((1 - lr.item() * curvature.item()) ** (t + 1) * w.item())
    assert equal(gradient_descent(last, curvature * last, lr=lr), following)


@proves("gradient_descent", "each step on the loss λw²/2 comes closer to its minimum")
def test_gradient_descent_converges_exactly_for_rates_between_0_and_2_over_the_curvature():
    x = sp.Symbol("x", real=True)  # ηλ; the loss is even and homogeneous, so w = 1 stands for all w
    sides = law(gradient_descent, "each step on the loss λw²/2 comes closer to its minimum")
    closer, _ = sides(Symbols(1), 1, lr=Symbols(x))
    assert sp.solveset(closer.item(), x, sp.S.Reals) == sp.Interval.open(0, 2)


@proves("gradient_descent", "on the loss (w² - 1)²/4 the descent stays on the side of the hill where it started")
def test_two_starts_of_gradient_descent_end_in_two_minima():
    x, rate = sp.Symbol("x", positive=True), sp.Symbol("eta", positive=True)
    after = gradient_descent(Symbols(x), Symbols(x) ** 3 - Symbols(x), lr=Symbols(rate)).item()
    unit, slow = sp.Interval.Lopen(0, 1), sp.Interval.Lopen(0, sp.Rational(1, 2))
    assert sp.simplify(after.subs(x, -x) + after) == 0  # the mirror image of a start takes the mirror image of its way
    grown = sp.factor(after - x)  # η x (1 - x²) is not negative on (0, 1]: the weight only rises
    assert sp.simplify(grown - rate * x * (1 - x) * (1 + x)) == 0
    short = sp.factor((1 - after) / (1 - x))  # 1 - η x (1 + x) is not negative for η <= 1/2: and never passes 1
    assert sp.simplify(short - (1 - rate * x * (1 + x))) == 0
    assert sp.maximum(x * (1 + x), x, unit) * slow.sup == 1
    sides = law(gradient_descent, "on the loss (w² - 1)²/4 the descent stays on the side of the hill where it started")
    for start in (Fraction(-1, 2), Fraction(1, 100)):
        assert equal(*sides(Exact(start), 4, lr=Exact(Fraction(1, 2))))


@proves("minibatch_gradient", "over all batches its mean is the gradient of all the data")
def test_the_minibatch_gradient_is_unbiased():
    for samples in range(1, 5):
        gradients = Symbols.named("g", samples, 2)
        for size in range(1, samples + 1):
            batches = tuple(combinations(range(samples), size))
            sides = law(minibatch_gradient, "over all batches its mean is the gradient of all the data")
            assert equal(*sides(gradients, batches))


def test_the_tape_finds_the_gradient_of_the_minibatch_gradient():
    gradients, d = Symbols.named("g", 3, 1), Symbols.named("d", 1)
    given = dict(gradients=gradients, chosen=np.array([0, 2, 2]))
    found = gradient(minibatch_gradient.function, given, ["gradients"], [d])["gradients"]
    assert equal(found, derivative(np.sum(d * minibatch_gradient(**given)), gradients))


# Momentum -----------------------------------------------------------------------------------------


@proves("momentum", "it is gradient descent")
def test_without_momentum_it_is_gradient_descent():
    assert equal(*law(momentum, "it is gradient descent")(w, a, g, lr=lr, momentum=0))


@proves("momentum", "after t equal gradients the buffer is g(1 - βᵗ)/(1 - β)")
def test_the_buffer_is_a_geometric_sum():
    sentence = "after t equal gradients the buffer is g(1 - βᵗ)/(1 - β)"
    assert all(equal(*law(momentum, sentence)(w, ZERO, g, t, lr=lr, momentum=beta), sp.expand) for t in range(1, 6))


@proves("momentum", "with the rate in the buffer the weights are the same")
def test_the_rate_may_stand_in_the_buffer_if_it_is_constant():
    gradients = [Symbols.named(f"g{k}") for k in range(3)]
    sides = law(momentum, "with the rate in the buffer the weights are the same")
    assert equal(*sides(w, a, gradients, [lr] * 3, momentum=beta), sp.expand)


@proves("momentum", "on the loss λw²/2 its roots are those of z² - (1 + β - ηλ)z + β")
def test_momentum_on_a_quadratic_has_these_roots():
    sides = law(momentum, "on the loss λw²/2 its roots are those of z² - (1 + β - ηλ)z + β")
    assert equal(*sides(curvature, lr=lr, momentum=beta))


@proves("nesterov", "on the loss λw²/2 its roots are those of z² - (1 + β)(1 - ηλ)z + β(1 - ηλ)")
def test_nesterov_on_a_quadratic_has_these_roots():
    sentence = "on the loss λw²/2 its roots are those of z² - (1 + β)(1 - ηλ)z + β(1 - ηλ)"
    assert equal(*law(nesterov, sentence)(curvature, lr=lr, momentum=beta), sp.expand)


def converging_rates(equation, share, **hyper):
    """The rates for which the equation converges on w²/2 at momentum `share`, as a set of reals."""
    x = sp.Symbol("x", real=True)
    converges, _ = law(equation, "it converges on the loss λw²/2")(1, lr=Symbols(x), momentum=Symbols(share), **hyper)
    parts = sp.And.make_args(converges.item())
    return sp.Intersection(*(sp.solveset(part.func(*map(sp.expand, part.args)), x, sp.S.Reals) for part in parts))


SHARES = (sp.Integer(0), sp.Rational(1, 3), sp.Rational(1, 2), sp.Rational(9, 10))


@proves("momentum", "it converges on the loss λw²/2")
def test_momentum_converges_exactly_below_its_bound():
    for share in SHARES:
        assert converging_rates(momentum, share) == sp.Interval.open(0, 2 * (1 + share))
    # For every β: |1 + β - x| < 1 + β is 0 < x < 2(1 + β), and the determinant β is below 1.
    x, b = sp.symbols("x b", positive=True)
    assert sp.expand((1 + b) ** 2 - (1 + b - x) ** 2 - x * (2 * (1 + b) - x)) == 0


@proves("nesterov", "it converges on the loss λw²/2")
def test_nesterov_converges_exactly_below_its_bound():
    for share in SHARES:
        assert converging_rates(nesterov, share) == sp.Interval.open(0, 2 * (1 + share) / (1 + 2 * share))
    # For every β: Jury's three conditions are x > 0, 2 + 2β > (1 + 2β)x, and β(x - 1) < 1, which the second implies.
    x, b = sp.symbols("x b", positive=True)
    trace, determinant = (1 + b) * (1 - x), b * (1 - x)
    assert sp.expand(1 - trace + determinant - x) == 0
    assert sp.expand(1 + trace + determinant - (2 + 2 * b - (1 + 2 * b) * x)) == 0
    at_the_bound = sp.cancel(1 + determinant.subs(x, 2 * (1 + b) / (1 + 2 * b)))
    assert sp.cancel(at_the_bound * (1 + 2 * b) - (1 + b)) == 0  # positive, so the third holds up to the second's bound


@proves("dampened_momentum", "it converges on the loss λw²/2")
def test_dampening_lengthens_the_rates_that_converge():
    for share in SHARES:
        for dampening in (sp.Integer(0), sp.Rational(1, 4), sp.Rational(1, 2)):
            found = converging_rates(dampened_momentum, share, dampening=Symbols(dampening))
            assert found == sp.Interval.open(0, 2 * (1 + share) / (1 - dampening))


def test_the_roots_lie_in_the_circle_exactly_where_jurys_criterion_says():
    for trace in [Fraction(n, 4) for n in range(-9, 10)]:
        for determinant in [Fraction(n, 4) for n in range(-5, 6)]:
            size = np.max(np.abs(np.roots([1, -float(trace), float(determinant)])))
            if abs(size - 1) > 1e-9:
                assert (size < 1) == bool(shrinks(trace, determinant)), (trace, determinant)


@proves("dampened_momentum", "without dampening it is momentum")
def test_without_dampening_it_is_momentum():
    sides = law(dampened_momentum, "without dampening it is momentum")
    assert equal(*sides(w, a, g, 3, lr=lr, momentum=beta, dampening=0))


@proves("dampened_momentum", "it is gradient descent")
def test_without_momentum_and_dampening_it_is_gradient_descent():
    assert equal(*law(dampened_momentum, "it is gradient descent")(w, a, g, 3, lr=lr, momentum=0, dampening=0))
    undamped = dampened_momentum.dialects["first-undamped"]  # which needs no word about dampening here
    after, _ = undamped(w, a, g, 3, lr=lr, momentum=0, dampening=Symbols.named("d"))
    assert equal(after, gradient_descent(w, g, lr=lr))


AT_THE_WEIGHT = "torch's weight is the place to which the old velocity leads, w - ηβa"
VELOCITY = "Sutskever's weights are the same and his velocity is -ηa"


@proves("nesterov", AT_THE_WEIGHT)
@proves("nesterov", VELOCITY)
@pytest.mark.parametrize("sentence", [AT_THE_WEIGHT, VELOCITY])
def test_the_three_forms_of_nesterov_go_the_same_way_for_every_gradient(sentence):
    unknown = sp.Function("L'")

    def slope(x):
        return Symbols.of(np.frompyfunc(lambda e: unknown(sp.expand(e)), 1, 1)(x.value))

    assert equal(*law(nesterov, sentence)(w, a, slope, [lr] * 3, momentum=beta), sp.expand)


# Adagrad, RMSprop, Adadelta -----------------------------------------------------------------------


@proves("adagrad", "the k-th step under a constant gradient is η·sign(g)/√k")
def test_adagrads_steps_shrink_like_one_over_root_k():
    sentence = "the k-th step under a constant gradient is η·sign(g)/√k"
    assert all(equal(*law(adagrad, sentence)(w, FORCE, ZERO, k, lr=lr, eps=0)) for k in range(1, 6))
    k = Symbols.named("k", positive=True)  # and whatever k is, once k - 1 squares are there
    after, _ = adagrad(w, FORCE, (k - 1) * FORCE**2, lr=lr, eps=0)
    assert equal(w - after, lr * np.sign(FORCE) / np.sqrt(k))


@proves("adagrad", "the first step is η·g/(|g| + ε)")
def test_adagrads_first_step_has_epsilon_outside_the_root():
    assert equal(*law(adagrad, "the first step is η·g/(|g| + ε)")(w, g, ZERO, lr=lr, eps=eps))


@proves("adagrad", "the accumulator, and with it the divisor of the rate, never falls")
def test_adagrads_accumulator_never_falls():
    sides = law(adagrad, "the accumulator, and with it the divisor of the rate, never falls")
    assert equal(*sides(w, g, G, lr=lr, eps=eps), decided)


@proves("adagrad", "after n gradients the accumulator is at least n·c², so that the rate is at most η/(c√n)")
def test_adagrads_rate_tends_to_zero_when_the_squares_add_up_without_end():
    c = Symbols.named("c", positive=True)
    sides = law(adagrad, "after n gradients the accumulator is at least n·c², so that the rate is at most η/(c√n)")
    gradients = [(c + Symbols.named(f"d{k}", positive=True)) * (-1) ** k for k in range(3)]
    assert equal(*sides(gradients, c, lr=lr, eps=eps), decided)
    k = sp.Symbol("k", integer=True)
    assert 1 / sp.sqrt(sp.summation(sp.Rational(1, 4) ** k, (k, 0, sp.oo))) == sp.sqrt(3) / 2  # gradients that halve


@proves("rmsprop", "the t-th step under a constant gradient is η·sign(g)/√(1 - ρᵗ)")
def test_rmsprops_steps_tend_to_the_rate():
    sentence = "the t-th step under a constant gradient is η·sign(g)/√(1 - ρᵗ)"
    assert all(equal(*law(rmsprop, sentence)(w, FORCE, ZERO, t, lr=lr, rho=rho, eps=0)) for t in (1, 2, 3))
    old = sp.Symbol("q", positive=True)  # q = ρᵗ⁻¹: one more step from there, for every t
    after, square = rmsprop(w, FORCE, FORCE**2 * (1 - old), lr=lr, rho=rho, eps=0)
    assert equal(square, FORCE**2 * (1 - rho * old))
    assert equal(w - after, lr * FORCE / np.sqrt(FORCE**2 * (1 - rho * old)))
    assert sp.limit(1 / sp.sqrt(1 - sp.Rational(9, 10) ** sp.Symbol("t")), sp.Symbol("t"), sp.oo) == 1


@proves("rmsprop", "it is Adadelta with a step size, as the notes say")
def test_rmsprop_is_adadelta_only_if_the_step_size_is_the_numerator():
    sides = law(rmsprop, "it is Adadelta with a step size, as the notes say")
    assert equal(*sides(w, FORCE, v, H, lr=np.sqrt(H), rho=rho))


@proves("rmsprop_centered", "the new variance is ρ(v - m²) + ρ(1 - ρ)(g - m)², not negative if the old one was not")
def test_the_variance_of_centered_rmsprop_stays_a_variance():
    (claim,) = rmsprop_centered.laws
    assert equal(*claim(w, g, v, m, lr=lr, rho=rho, eps=eps), sp.expand)


@proves("rmsprop_centered", "a gradient that never changed has the step η·g/ε")
def test_a_constant_gradient_has_no_variance():
    (claim,) = rmsprop_centered.closed_forms
    assert equal(*claim(w, g, g**2, g, lr=lr, rho=rho, eps=eps))


@proves("rmsprop_momentum", "without momentum it is RMSprop")
def test_rmsprop_with_no_momentum_is_rmsprop():
    sides = law(rmsprop_momentum, "without momentum it is RMSprop")
    assert equal(*sides(w, g, v, a, lr=lr, rho=rho, momentum=0, eps=eps))


@proves("adadelta", "multiplying the loss by a positive number leaves the step as it is")
def test_adadelta_does_not_see_the_scale_of_the_loss():
    sides = law(adadelta, "multiplying the loss by a positive number leaves the step as it is")
    factor = Symbols.named("c", positive=True)
    assert equal(*sides(w, FORCE, G, H, factor, lr=lr, rho=rho, eps=0))


@proves("adadelta", "its two means do not depend on the rate")
def test_adadelta_remembers_its_steps_without_the_rate():
    sides = law(adadelta, "its two means do not depend on the rate")
    assert equal(*sides(w, g, G, H, Symbols.named("other"), lr=lr, rho=rho, eps=eps))


@proves("adadelta", "it never starts")
def test_adadelta_without_epsilon_never_starts():
    assert equal(*law(adadelta, "it never starts")(w, FORCE, G, ZERO, lr=lr, rho=rho, eps=0))


@proves("adadelta_windowed", "the oldest square of a gradient has no influence on the step")
def test_a_window_forgets():
    squares, updates = (Symbols.named(s, 2, 1, positive=True) for s in "qu")
    old, weight, force = Symbols.named("o", 1, positive=True), Symbols.named("w", 1), Symbols.named("g", 1)
    sides = law(adadelta_windowed, "the oldest square of a gradient has no influence on the step")
    assert equal(*sides(weight, force, squares, updates, old, eps=eps))


# Adam and its relatives ---------------------------------------------------------------------------


@proves("adam", "negating the gradient and its average mirrors the step")
def test_negating_the_gradient_mirrors_the_step():
    for t in (1, 2, 5):
        assert equal(*law(adam, "negating the gradient and its average mirrors the step")(w, g, m, v, t, **HYPER))


@proves("adam", "the first step from zero moments is η·g/(|g| + ε)")
def test_adams_first_step_does_not_depend_on_the_size_of_the_gradient():
    assert equal(*law(adam, "the first step from zero moments is η·g/(|g| + ε)")(w, g, ZERO, ZERO, 1, **HYPER))


@proves("adam", "without ε the first step is η·sign(g), whatever the size of the gradient")
def test_adams_first_step_is_the_rate():
    sides = law(adam, "without ε the first step is η·sign(g), whatever the size of the gradient")
    assert equal(*sides(w, FORCE, ZERO, ZERO, 1, **SHARP))
    size, small = sp.symbols("g epsilon", positive=True)  # and ε tending to 0 tends there
    assert sp.limit(size / (size + small), small, 0) == 1


@proves("adam", "multiplying the loss, past gradients too, by a positive number leaves the step as it is")
def test_adam_does_not_see_the_scale_of_the_loss():
    sides = law(adam, "multiplying the loss, past gradients too, by a positive number leaves the step as it is")
    factor, t = Symbols.named("c", positive=True), Symbols.named("t", positive=True)
    assert equal(*sides(w, g, m, v, t, factor, **SHARP))


@proves("adam", "under a constant gradient the corrected moments are g and g² from the first step on")
def test_the_corrected_moments_of_a_constant_gradient_are_exact():
    sides = law(adam, "under a constant gradient the corrected moments are g and g² from the first step on")
    for steps in (1, 2):
        assert equal(*sides(w, g, ZERO, ZERO, steps, **HYPER))
    t = sp.Symbol("t", positive=True, integer=True)  # by induction for every t, with q = βᵗ⁻¹
    b1, b2 = (HYPER[n].item() for n in ("beta1", "beta2"))
    _, first, second = adam(w, g, g * (1 - b1 ** (t - 1)), g**2 * (1 - b2 ** (t - 1)), t, **HYPER)
    assert equal((first, second), (g * (1 - b1**t), g**2 * (1 - b2**t)))


@proves("adam", "the first moment is the sum of (1 - β₁)·β₁ᵗ⁻ᵏ·gₖ, and of β₁ᵗ times its start; v likewise of squares")
def test_the_moments_are_weighted_sums_of_the_past():
    sentence = "the first moment is the sum of (1 - β₁)·β₁ᵗ⁻ᵏ·gₖ, and of β₁ᵗ times its start; v likewise of squares"
    for steps in (1, 2, 4):
        gradients = [Symbols.named(f"g{k}") for k in range(steps)]
        assert equal(*law(adam, sentence)(w, gradients, m, v, **HYPER), sp.expand)


def test_with_the_notes_minus_sign_v_is_negative_after_the_first_step():
    wrong = adam.misprints["minus in v"]
    _, _, after = wrong(w, FORCE, ZERO, ZERO, 1, **HYPER | dict(beta2=Symbols(sp.Rational(3, 4))))
    assert after.item().is_negative


@proves("amsgrad", "the divisor never shrinks")
def test_the_divisor_of_amsgrad_never_shrinks():
    top = Symbols.named("u", positive=True)
    left, right = law(amsgrad, "the divisor never shrinks")(w, g, m, v, top, 2, **HYPER)
    assert left.item() == right.item() == sp.Max(top.item(), *right.item().args)


@proves("amsgrad", "it is Adam")
def test_amsgrad_is_adam_as_long_as_v_rises():
    hyper = HYPER | dict(beta2=Symbols(sp.Rational(3, 4)))
    below = 3 * v / 4  # below the new v, which is 3v/4 + g²/4

    def rising(expression):
        return sp.simplify(expression.replace(sp.Max, lambda x, y: max(x, y, key=sp.count_ops)))

    assert equal(*law(amsgrad, "it is Adam")(w, g, m, v, below, 2, **hyper), rising)


# Weight decay -------------------------------------------------------------------------------------


@proves("l2_penalized_cost", "gradient form for w")
def test_the_gradient_of_the_penalty_is_the_weight():
    loss, weights, alpha = Symbols.named("L"), Symbols.named("w", 3), Symbols.named("alpha", positive=True)
    (form,) = l2_penalized_cost.gradient_forms
    expected = derivative(l2_penalized_cost(loss, weights, alpha=alpha), weights)
    assert equal(form.function(1, loss, weights, alpha=alpha), expected)
    assert equal(coupled_decay(weights, 0, decay=alpha), expected)


@pytest.mark.parametrize("variant", ["", "without-half"])
def test_the_tape_finds_the_gradient_of_the_penalty(variant):
    cost = l2_penalized_cost.dialects[variant] if variant else l2_penalized_cost
    given = dict(loss=Symbols.named("L"), w=Symbols.named("w", 2), alpha=Symbols.named("alpha", positive=True))
    made = gradient(cost.function, given, ["loss", "w"])
    for name, value in made.items():
        assert equal(value, derivative(cost(**given), given[name]))


@proves("l2_penalized_cost", "only weights of 0 cost nothing")
def test_the_penalty_is_a_positive_multiple_of_the_squared_length():
    weights, alpha = Symbols.named("w", 3), Symbols.named("alpha", positive=True)
    assert equal(*law(l2_penalized_cost, "only weights of 0 cost nothing")(Symbols.named("L"), weights, alpha=alpha))


@proves("decoupled_decay", "before a step of momentum it does what the coupled decay does")
def test_both_decays_are_one_for_momentum_only_at_the_first_step():
    sides = law(decoupled_decay, "before a step of momentum it does what the coupled decay does")
    force, decay = [Symbols.named(f"g{k}") for k in range(3)], Symbols.named("d", positive=True)
    assert equal(*sides(w, force, lr=lr, decay=decay, beta=0), sp.expand)
    assert equal(*sides(w, force[:1], lr=lr, decay=decay, beta=beta), sp.expand)
    one, two = sides(w, force[:2], lr=lr, decay=decay, beta=beta)
    assert sp.factor(one.item() - two.item()) == lr.item() * beta.item() * decay.item() * w.item()  # at the second


@proves("decoupled_decay", "before gradient descent it is the descent of the loss with the penalty")
def test_both_decays_are_one_for_gradient_descent():
    sides = law(decoupled_decay, "before gradient descent it is the descent of the loss with the penalty")
    assert equal(*sides(w, g, lr=lr, decay=Symbols.named("d")), sp.expand)


@proves("decoupled_decay", "without gradients t steps leave the share (1 - ηλ)ᵗ")
def test_decay_is_geometric():
    sides = law(decoupled_decay, "without gradients t steps leave the share (1 - ηλ)ᵗ")
    assert all(equal(*sides(w, t, lr=lr, decay=Symbols.named("d")), sp.expand) for t in range(4))


@proves("adamw", "it is Adam with the penalty")
def test_adamw_is_adam_when_there_is_no_decay():
    assert equal(*law(adamw, "it is Adam with the penalty")(w, g, m, v, 2, **HYPER, weight_decay=0))


def test_for_adam_the_penalty_ignores_the_size_of_the_weight_and_the_decay_follows_it():
    decay = Symbols.named("d", positive=True)
    sharp = dict(w=Symbols.named("w", nonzero=True), g=ZERO, m=ZERO, v=ZERO, t=1, weight_decay=decay)
    penalty, _, _ = adam_with_penalty(**sharp, **SHARP)
    decayed, _, _ = adamw(**sharp | dict(v=v), **HYPER)
    assert equal(sharp["w"] - penalty, lr * np.sign(sharp["w"]))
    assert equal(sharp["w"] - decayed, lr * decay * sharp["w"])
