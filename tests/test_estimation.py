"""What is claimed about estimates, resampling and ensembles, proved."""

from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest
import sympy as sp

from reference.estimation.bias_variance import bias_variance, generalization_gap
from reference.estimation.ensembles import (
    adaboost,
    bagging_variance,
    majority_accuracy,
    majority_vote,
    soft_vote,
)
from reference.estimation.hebb import hebb
from reference.estimation.resampling import bootstrap_share, k_fold
from reference.number_systems.exact import Exact
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from tests.proofs import derivative, equal, law, proves, rational_points

PARTS = "the three parts add up to the expected squared error"


def distribution(name, points):
    """Probabilities that sum to one, whatever the values of their symbols."""
    free = [sp.Symbol(f"{name}{k}", positive=True) for k in range(points - 1)]
    return [*free, 1 - sum(free)]


def centred(name, q):
    """Values that have mean 0 under the probabilities q."""
    free = [sp.Symbol(f"{name}{j}", real=True) for j in range(len(q) - 1)]
    return [*free, -sum((a * b for a, b in zip(q, free, strict=False)), start=sp.Integer(0)) / q[-1]]


def joint(p, q):
    """The probabilities of independent pairs."""
    return Symbols.of(np.array([[a * b for b in q] for a in p], dtype=object))


@proves("bias_variance", PARTS)
@pytest.mark.parametrize(("outcomes", "noises"), [(1, 1), (1, 2), (2, 2), (3, 2), (2, 3), (4, 1)])
def test_bias_variance_and_noise_add_up_over_every_distribution_with_so_many_points(outcomes, noises):
    p, q = distribution("p", outcomes), distribution("q", noises)
    noise = Symbols.of(np.array(centred("e", q), dtype=object))
    made = law(bias_variance, PARTS)(Symbols.named("f"), Symbols.named("x", outcomes), noise, joint(p, q))
    assert equal(*made, sp.cancel)


def test_bias_variance_and_noise_add_up_over_every_distribution_at_all():
    """Expectation is linear and, for independent x and ε, multiplicative: it sends xᵃεᵇ to MₐNᵇ."""
    t, x, e, first, second, noise = sp.symbols("t x e M1 M2 N2", real=True)
    of_x, of_e = [1, first, second], [1, 0, noise]

    def expected(polynomial):
        return sum(c * of_x[a] * of_e[b] for (a, b), c in sp.Poly(sp.expand(polynomial), x, e).terms())

    parts = expected((t - first) ** 2) + expected((first - x) ** 2) + expected(e**2)
    assert sp.expand(parts - expected((t + e - x) ** 2)) == 0


def test_the_parts_do_not_add_up_if_the_noise_depends_on_the_training_set():
    together = np.array([[Fraction(1, 2), 0], [0, Fraction(1, 2)]])
    values = Exact(np.array([-1, 1]))
    parts, cost = law(bias_variance, PARTS)(Exact(0), values, values, Exact(together))
    assert (parts.item(), cost.item()) == (2, 0)


def test_both_slips_of_the_notes_break_the_sum():
    given = dict(truth=Exact(2), predictions=Exact([1, 2]), p=Exact([Fraction(1, 2)] * 2),
                 noise=Exact([-1, 1]), q=Exact([Fraction(1, 2)] * 2))  # fmt: skip
    whole = sum(bias_variance(**given)).item()
    wrong = [sum(slip(**given)).item() for slip in bias_variance.misprints.values()]
    assert whole == Fraction(1, 4) + Fraction(1, 4) + 1
    assert wrong == [Fraction(1, 16) + Fraction(1, 4) + 1, Fraction(1, 4) + Fraction(1, 4)]


def test_the_tape_finds_the_gradient_of_each_part():
    given = dict(truth=Symbols.named("f"), predictions=Symbols.named("x", 2), p=Symbols.named("p", 2),
                 noise=Symbols.named("e", 2), q=Symbols.named("q", 2))  # fmt: skip
    parts = bias_variance(**given)
    for k, part in enumerate(parts):
        cotangents = [Symbols(1) if i == k else None for i in range(3)]
        made = gradient(bias_variance.function, given, list(given), cotangents)
        assert all(equal(made[name], derivative(part, given[name])) for name in given)


@proves("generalization_gap", "a constant added to the loss leaves the gap")
def test_the_gap_ignores_a_constant():
    sides = law(generalization_gap, "a constant added to the loss leaves the gap")
    assert equal(*sides(*(Symbols.named(s) for s in "abc")))


@proves("generalization_gap", "exchanging training and test set changes its sign")
def test_the_gap_has_a_sign():
    sides = law(generalization_gap, "exchanging training and test set changes its sign")
    assert equal(*sides(Symbols.named("a"), Symbols.named("b")))


@proves("k_fold", "every sample is held out exactly once")
@proves("k_fold", "no two folds differ by more than one sample")
def test_folds_are_a_partition():
    for samples in range(2, 13):
        for folds in range(2, samples + 1):
            assert all(equal(*claim(samples=samples, folds=folds)) for claim in k_fold.laws)


@proves("k_fold", "with as many folds as samples one sample is held out at a time")
def test_as_many_folds_as_samples_leave_one_out():
    (claim,) = k_fold.closed_forms
    assert all(equal(*claim(samples=n)) for n in range(2, 8))


@proves("bootstrap_share", "it is the mean share of the samples over all possible draws")
def test_the_share_of_a_bootstrap_sample_is_the_mean_over_all_draws():
    sides = law(bootstrap_share, "it is the mean share of the samples over all possible draws")
    assert all(equal(*sides(samples=n, drawn=m)) for n, m in product(range(1, 5), range(1, 6)))


@proves("bootstrap_share", "each draw adds one n-th of the share that is still missing")
def test_each_draw_adds_a_share_of_what_is_missing():
    n, k = sp.symbols("n m", positive=True)
    sides = law(bootstrap_share, "each draw adds one n-th of the share that is still missing")
    assert equal(*sides(samples=n, drawn=k))


@proves("bootstrap_share", "as many draws as samples tend to the share 1 - 1/e")
def test_a_bootstrap_sample_holds_about_63_percent():
    assert equal(*law(bootstrap_share, "as many draws as samples tend to the share 1 - 1/e")())
    assert round(float(1 - sp.exp(-1)), 3) == 0.632


@proves("bagging_variance", "it is the variance of the mean of n estimates with one variance and one correlation")
def test_the_variance_of_a_mean_of_correlated_estimates():
    (claim,) = bagging_variance.laws
    s, r = Symbols.named("s", positive=True), Symbols.named("r")
    assert all(equal(*claim(s, r, models=n), sp.expand) for n in range(1, 6))
    n = sp.Symbol("n", positive=True)  # for every n: n variances and n(n - 1) covariances
    assert equal(bagging_variance(s, r, models=n), (s * n + r * s * n * (n - 1)) / n**2)


@proves("majority_vote", "the order of the voters does not matter")
def test_votes_are_counted_not_ordered():
    (claim,) = majority_vote.laws
    for ballots in product(range(3), repeat=3):
        votes = np.array(ballots)[:, None]
        assert all(equal(*claim(votes, np.array(order), classes=3)) for order in permutations(range(3)))


def test_the_majority_is_the_class_with_more_than_half_of_the_votes():
    for ballots in product(range(2), repeat=5):
        assert majority_vote(np.array(ballots)[:, None], classes=2).item() == int(sum(ballots) > 2)


@proves("soft_vote", "the mean of probabilities sums to one")
def test_the_mean_of_probabilities_sums_to_one():
    voters = [[distribution(f"p{m}{n}", 3) for n in range(2)] for m in range(3)]
    assert equal(*law(soft_vote, "the mean of probabilities sums to one")(Symbols.of(np.array(voters, dtype=object))))


@proves("majority_accuracy", "two more voters make the majority better")
def test_condorcets_jury():
    p = sp.Symbol("p", positive=True)
    for voters in (1, 3, 5):
        gained = sp.factor(majority_accuracy(p, voters=voters + 2) - majority_accuracy(p, voters=voters))
        half = (voters + 1) // 2  # the gain is a positive multiple of (p(1 - p))^half (2p - 1)
        quotient = sp.cancel(gained / ((p * (1 - p)) ** half * (2 * p - 1)))
        assert quotient.is_Number
        assert quotient > 0


@proves("adaboost", "the new weights give half to the samples that were wrong, and half to the others")
@proves("adaboost", "the new weights are the old times exp(-α) or exp(α), normalised")
@proves("adaboost", "the learner's weight is the stationary point of the exponential loss")
def test_boosting_gives_half_of_the_weight_to_the_mistakes():
    right, wrong = Symbols.named("r", 2, positive=True), Symbols.named("q", 2, positive=True)
    for claim in adaboost.laws:
        assert equal(*claim(right, wrong)), claim.sentence


@proves("hebb", "with the linear output y = w·x it is gradient ascent on half of the output's square")
@proves("hebb", "with the linear output the squared length grows by ηy²(2 + η|x|²): without a decay, for ever")
def test_hebbs_rule_climbs_the_square_of_the_output():
    w, x, lr = Symbols.named("w", 2, 2), Symbols.named("x", 2), Symbols.named("lr", positive=True)
    for claim in hebb.laws:
        assert equal(*claim(w, x, lr=lr), sp.expand), claim.sentence


def test_ojas_rule_rests_where_the_weight_is_a_unit_eigenvector_of_one_input():
    oja = hebb.dialects["oja"]
    x = Exact([3, 4])
    w = x[None] / 5
    assert equal(oja(w, x, np.einsum("oi,i->o", w, x), lr=1), w)
    moved = rational_points(np.random.default_rng(0), 1, 2)
    assert not equal(oja(moved, x, np.einsum("oi,i->o", moved, x), lr=1), moved)
