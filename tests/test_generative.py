"""What is claimed about the generative models, proved."""

from itertools import product

import numpy as np
import pytest
import sympy as sp

from reference.generative.autoencoder import denoising_loss, linear_autoencoder_loss, reconstruction_loss
from reference.generative.contrastive import simclr_loss
from reference.generative.cyclegan import cycle_consistency_loss, cyclegan_objective
from reference.generative.gan import dcgan_shapes, gan_discriminator_loss, gan_generator_loss, gan_value
from reference.generative.q_learning import q_target
from reference.number_systems.exact import Exact
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from tests.proofs import derivative, equal, law, proves, rational_points

tau = Symbols.named("tau", positive=True)


def simplex(name, classes):
    """Probabilities that sum to one, whatever their symbols are."""
    free = [sp.Symbol(f"{name}{k}", positive=True) for k in range(classes - 1)]
    return Symbols.of(np.array([*free, sp.Integer(1) - sum(free)], dtype=object))


# GAN ----------------------------------------------------------------------------------------------


@proves("gan_value", "for positive probabilities no discriminator has a larger value than p/(p + q)")
def test_the_best_discriminator_is_the_share_of_the_data():
    p, q, decision = (Symbols.named(s, 1, positive=True) for s in ("p", "q", "D"))
    value, d = gan_value(p, q, decision).item(), decision.value[0]
    best = (p / (p + q)).value[0]
    assert sp.simplify(sp.diff(value, d).subs(d, best)) == 0
    odds = sp.Symbol("u", positive=True)
    bend = sp.diff(value, d, 2).subs(d, odds / (1 + odds))
    assert sp.simplify(-bend).is_positive  # concave at each D between 0 and 1
    sides = law(gan_value, "for positive probabilities no discriminator has a larger value than p/(p + q)")
    for point in (0.25, 0.75):
        left, right = sides(np.array([0.5, 0.5]), np.array([0.25, 0.75]), np.array([point, point]))
        assert left == right


@proves("gan_value", "for positive probabilities its value at p/(p + q) is 2·JSD(p, q) - ln 4")
def test_the_best_discriminator_measures_the_divergence_of_jensen_and_shannon():
    (claim,) = gan_value.closed_forms

    def taken_apart(expression):
        return sp.expand(expression.replace(sp.log, lambda x: sp.expand_log(sp.log(sp.factor(x)), force=True)))

    for points in (1, 2, 3):
        assert equal(*claim(simplex("p", points), simplex("q", points)), taken_apart)


@proves("gan_value", "exchanging data and generator, and real and false, changes nothing")
def test_the_game_is_symmetric():
    given = (Symbols.named(s, 2, positive=True) for s in "pqd")
    assert equal(*law(gan_value, "exchanging data and generator, and real and false, changes nothing")(*given))


@proves("gan_discriminator_loss", "it is minus the value of the two samples' distributions")
def test_the_discriminators_loss_is_minus_the_value():
    real, fake = Symbols.named("r", 2, positive=True), Symbols.named("f", 3, positive=True)
    assert equal(*law(gan_discriminator_loss, "it is minus the value of the two samples' distributions")(real, fake))


@proves("gan_discriminator_loss", "gradient form for real")
@proves("gan_discriminator_loss", "gradient form for fake")
def test_the_discriminators_slope_is_that_of_a_cross_entropy():
    given = dict(real=Symbols.named("r", 2, positive=True), fake=Symbols.named("f", 3, positive=True))
    assert {form.wrt for form in gan_discriminator_loss.gradient_forms} == set(given)
    for form in gan_discriminator_loss.gradient_forms:
        expected = derivative(gan_discriminator_loss(**given), given[form.wrt])
        assert equal(form.function(Symbols(1), **given), expected)


def test_only_the_non_saturating_loss_keeps_its_slope_where_the_discriminator_is_sure():
    logit = sp.Symbol("a", real=True)
    fake = Symbols.of(np.array([1 / (1 + sp.exp(-logit))], dtype=object))
    other = gan_generator_loss.dialects["non-saturating"]
    slopes = [sp.limit(sp.diff(loss(fake).item(), logit), logit, -sp.oo) for loss in (gan_generator_loss, other)]
    assert slopes == [0, -1]


@proves("dcgan_shapes", "a transposed convolution with kernel 4, stride 2 and padding 1 makes each side of the last")
@proves("dcgan_shapes", "the paper's generator goes from 1024 x 4 x 4 to 3 x 64 x 64")
def test_dcgan_doubles_the_side_at_each_layer():
    (doubling,), (paper,) = dcgan_shapes.laws, dcgan_shapes.closed_forms
    assert all(equal(*doubling(width=2, blocks=blocks)) for blocks in range(1, 6))
    assert equal(*paper())


# CycleGAN -----------------------------------------------------------------------------------------


@proves("cycle_consistency_loss", "perfect cycles cost nothing")
@proves("cycle_consistency_loss", "the two kinds of pictures have equal rights")
@proves("cycle_consistency_loss", "it grows in proportion to the errors")
def test_cycles_cost_their_errors():
    x, x_back, y, y_back = (Symbols.named(s, 1, 2) for s in ("x", "u", "y", "v"))
    assert equal(*law(cycle_consistency_loss, "perfect cycles cost nothing")(x, x, y, y))
    assert equal(*law(cycle_consistency_loss, "the two kinds of pictures have equal rights")(x, x_back, y, y_back))
    sides = law(cycle_consistency_loss, "it grows in proportion to the errors")
    factor = Symbols.named("c", positive=True)
    for sign in (1, -1):
        assert equal(*sides(x, x_back, y, y_back, sign * factor), decided_signs)


def decided_signs(expression):
    """With the factor taken out of each absolute value, whose inside may have either sign."""
    return sp.expand(expression.replace(sp.Abs, lambda x: sp.Abs(sp.factor(x))))


@proves("cyclegan_objective", "exchanging the two kinds of pictures changes nothing")
def test_the_whole_objective_is_symmetric():
    verdicts = [Symbols.named(s, 2, positive=True) for s in ("p", "q", "r", "s")]
    pictures = [Symbols.named(s, 2, 1) for s in ("x", "u", "y", "v")]
    sides = law(cyclegan_objective, "exchanging the two kinds of pictures changes nothing")
    assert equal(*sides(*verdicts, *pictures, weight=tau))


# Autoencoders -------------------------------------------------------------------------------------


@proves("reconstruction_loss", "only a perfect copy costs nothing")
def test_only_a_perfect_copy_costs_nothing():
    sides = law(reconstruction_loss, "only a perfect copy costs nothing")
    assert equal(*sides(Symbols.named("x", 2, 2), Symbols.named("e", 2, 2)), sp.expand)


def unit_vector():
    """Any direction of the plane, without roots: ((1 - t²)/(1 + t²), 2t/(1 + t²))."""
    t = sp.Symbol("t", real=True)
    return Symbols.of(np.array([(1 - t**2) / (1 + t**2), 2 * t / (1 + t**2)], dtype=object))


@proves("linear_autoencoder_loss", "with u to encode and uᵀ to decode it loses the variance that is not along u")
def test_a_linear_autoencoder_keeps_the_variance_along_its_direction():
    sides = law(linear_autoencoder_loss, "with u to encode and uᵀ to decode it loses the variance that is not along u")
    free = Symbols.named("x", 2, 2)
    centred = np.concatenate([free, -np.sum(free, axis=0, keepdims=True)])
    assert equal(*sides(centred, unit_vector()), sp.cancel)


@proves("linear_autoencoder_loss", "with a decoder of length 1 any encoder e loses (e - u)ᵀS(e - u) more than u")
def test_the_best_encoder_is_the_transposed_decoder():
    (claim,) = linear_autoencoder_loss.laws
    assert equal(*claim(Symbols.named("x", 2, 2), Symbols.named("e", 2), unit_vector()), sp.cancel)


def test_the_best_direction_is_the_first_principal_component():
    """In the axes of the covariance diag(a, b), a > b: the variance along (cos φ, sin φ) is largest at φ = 0."""
    a, b, c = sp.symbols("a b c", positive=True)
    along = sp.expand(a * (1 - c) + b * c)  # c = sin²φ, from 0 to 1
    assert sp.diff(along, c) == b - a


@proves("denoising_loss", "without noise it is the autoencoder's loss")
@proves("denoising_loss", "over a noise and its opposite it adds the mean square of what noise gets through")
def test_noise_that_gets_through_is_what_denoising_costs():
    x, encoder, decoder = Symbols.named("x", 2, 2), Symbols.named("a", 1, 2), Symbols.named("b", 2, 1)
    assert equal(*denoising_loss.laws[0](x, 0 * x, encoder, decoder), sp.expand)
    assert equal(*denoising_loss.laws[1](x, Symbols.named("e", 2, 2), encoder, decoder), sp.expand)


# SimCLR and Q-learning ----------------------------------------------------------------------------


@proves("simclr_loss", "the lengths of the vectors do not matter")
def test_only_directions_matter():
    a, b = (Symbols.of(np.array(v, dtype=object)) for v in ([[sp.Integer(3), 4]], [[sp.Integer(5), 12]]))
    two_a, two_b = np.concatenate([a, -b]), np.concatenate([b, a])
    left, right = law(simclr_loss, "the lengths of the vectors do not matter")(two_a, two_b, tau, temperature=tau)
    assert equal(settle(left), settle(right))


@proves("simclr_loss", "the two views have equal rights")
def test_the_two_views_have_equal_rights():
    a, b = Symbols.named("a", 2, 1, positive=True), Symbols.named("b", 2, 1)
    left, right = law(simclr_loss, "the two views have equal rights")(a, b, temperature=tau)
    assert equal(settle(left), settle(right))


@proves("simclr_loss", "one picture alone costs nothing")
@proves("simclr_loss", "if all views are alike it is ln(2N - 1)")
def test_simclrs_two_extremes():
    a, b = Symbols.named("a", 1, 2, positive=True), Symbols.named("b", 1, 2, positive=True)
    left, right = law(simclr_loss, "one picture alone costs nothing")(a, b, temperature=tau)
    assert equal(settle(left), right)
    alike = law(simclr_loss, "if all views are alike it is ln(2N - 1)")
    for pictures in (1, 2, 3):
        left, right = alike(Symbols.named("a", 2, positive=True), pictures, temperature=tau)
        assert equal(settle(left), right)


def settle(x):
    """The expression with every free shift at 0: what is proved about it holds for any shift, the right one too."""
    expression = x.item()
    return expression.subs({s: 0 for s in expression.free_symbols if s.name == "shift"})


@proves("q_target", "two tables come nearer to each other by the factor γ at least")
def test_bellmans_step_is_a_contraction():
    sides = law(q_target, "two tables come nearer to each other by the factor γ at least")
    generator = np.random.default_rng(0)
    for ended in product((0, 1), repeat=3):
        reward, table = rational_points(generator, 3), rational_points(generator, 3, 2)
        other = rational_points(generator, 3, 2)
        assert equal(*sides(reward, table, other, np.array(ended), discount=Exact(9) / 10))


@proves("q_target", "a constant added to all worths adds γ times it")
def test_a_constant_is_discounted():
    sides = law(q_target, "a constant added to all worths adds γ times it")
    reward, constant, best = Symbols.named("r", 2), Symbols.named("c"), Symbols.named("q", 2)
    worse = best - Symbols.named("d", 2, positive=True)
    for table in (np.stack([best, worse], axis=1), np.stack([worse, best], axis=1)):
        assert equal(*sides(reward, table, np.array([0, 0]), constant, discount=tau), sp.expand)


# Gradients ----------------------------------------------------------------------------------------

SMALL = {
    "gan_value": (gan_value, dict(p=2, q=2, D=2)),
    "gan_discriminator_loss": (gan_discriminator_loss, dict(real=2, fake=1)),
    "gan_generator_loss": (gan_generator_loss, dict(fake=2)),
    "reconstruction_loss": (reconstruction_loss, dict(x=(2, 1), restored=(2, 1))),
    "linear_autoencoder_loss": (linear_autoencoder_loss, dict(x=(1, 2), encoder=(1, 2), decoder=(2, 1))),
    "cycle_consistency_loss": (cycle_consistency_loss, dict(x=(1, 2), x_back=(1, 2), y=(1, 1), y_back=(1, 1))),
    "denoising_loss": (denoising_loss, dict(x=(1, 2), noise=(1, 2), encoder=(1, 2), decoder=(2, 1))),
}


@pytest.mark.parametrize(("equation", "shapes"), SMALL.values(), ids=SMALL)
def test_the_tape_finds_the_gradient_that_sympy_derives(equation, shapes):
    given = {k: Symbols.named(k, *np.atleast_1d(n).tolist(), positive=True) for k, n in shapes.items()}
    made = gradient(equation.function, given, list(given))
    assert all(equal(made[k], derivative(equation(**given), given[k])) for k in given)


def test_the_tape_finds_the_gradient_of_simclr():
    a, b = Symbols.named("a", 2, 1, positive=True), Symbols.named("b", 2, 1, positive=True)
    given = dict(a=np.concatenate([a, a[::-1]], axis=1), b=np.concatenate([b, 2 * b], axis=1), temperature=Symbols(1))
    made = gradient(simclr_loss.function, given, ["temperature"])["temperature"]
    tau = Symbols.named("tau", positive=True)
    expected = derivative(settle(simclr_loss(**given | dict(temperature=tau))), tau)
    one = {tau.item(): 1} | {s: sp.Rational(k + 1, 3) for k, s in enumerate([*a.value.ravel(), *b.value.ravel()])}
    gap = settle(made).subs(one) - expected.item().subs(one)
    assert abs(sp.N(gap, 50)) < sp.Float("1e-40")
