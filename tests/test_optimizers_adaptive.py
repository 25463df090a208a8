"""What is claimed about the optimizers that remember squares of gradients, proved."""

import numpy as np
import sympy as sp

from reference.number_systems.symbols import Symbols
from reference.optimizers.adadelta import adadelta, adadelta_windowed
from reference.optimizers.adagrad import adagrad
from reference.optimizers.adam import adam
from reference.optimizers.amsgrad import amsgrad
from reference.optimizers.rmsprop import rmsprop, rmsprop_centered, rmsprop_momentum
from tests.optimizers_symbols import FORCE, HYPER, SHARP, ZERO, G, H, a, eps, g, lr, m, rho, v, w
from tests.proofs import equal, law, proves


def decided(expression):
    """The expression with each maximum replaced by the argument that exceeds the other for all values."""

    def larger(x, y):
        return x if all(t.is_nonnegative for t in sp.Add.make_args(sp.expand(x - y))) else y

    return sp.expand(sp.sympify(expression).replace(sp.Max, larger))


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
