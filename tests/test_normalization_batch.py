"""What is claimed about the normalisation of a batch, proved."""

import numpy as np
import sympy as sp

from reference.normalization.batch import batch_norm, batch_norm_evaluation, batch_norm_gradient
from reference.normalization.running import batch_norm_cumulative, batch_norm_running
from reference.number_systems.exact import Exact
from reference.number_systems.symbols import Symbols
from tests.normalization_symbols import BETA, COLUMN, COLUMN_CHANGE, EPS, GAMMA, STATE, A, C, roots_taken
from tests.proofs import derivative, equal, law, proves


@proves("batch_norm", "each channel leaves with mean β")
@proves("batch_norm", "each channel leaves with variance γ²σ²/(σ² + ε)")
def test_a_channel_leaves_with_the_mean_and_variance_that_were_asked_for():
    for sentence in ("each channel leaves with mean β", "each channel leaves with variance γ²σ²/(σ² + ε)"):
        left, right = law(batch_norm, sentence)(COLUMN, GAMMA, BETA, eps=EPS)
        assert equal(left, right, simplify=roots_taken(COLUMN))


RESCALED = "scaling and shifting the input changes nothing, if ε is scaled by the square"


@proves("batch_norm", RESCALED)
@proves("batch_norm", "a negative scale flips the sign")
def test_the_scale_of_a_channel_does_not_matter_and_its_sign_does():
    left, right = law(batch_norm, RESCALED)(COLUMN, GAMMA, BETA, A, C, eps=EPS)
    assert equal(left, right, simplify=roots_taken(COLUMN))
    left, right = law(batch_norm, "a negative scale flips the sign")(COLUMN, GAMMA, BETA, eps=EPS)
    assert equal(left, right, simplify=roots_taken(COLUMN))


@proves("batch_norm", "a value alone in its channel becomes β, whatever it was")
def test_a_batch_of_one_forgets_its_input():
    sentence = "a value alone in its channel becomes β, whatever it was"
    x = Symbols.named("x", 1, 2, 1)
    assert equal(*law(batch_norm, sentence)(x, Symbols.named("g", 2), Symbols.named("b", 2), eps=EPS))


@proves("batch_norm_gradient", "the input's gradient sums to zero")
@proves("batch_norm_gradient", "along x̂ only γε(σ² + ε)^(-3/2) of the gradient is left")
def test_no_gradient_shifts_a_channel_and_hardly_any_scales_it():
    sentences = ("the input's gradient sums to zero", "along x̂ only γε(σ² + ε)^(-3/2) of the gradient is left")
    for sentence in sentences:
        left, right = law(batch_norm_gradient, sentence)(COLUMN_CHANGE, COLUMN, GAMMA, eps=EPS)
        assert equal(left, right, simplify=roots_taken(COLUMN))


def test_the_papers_gradient_is_the_derivative():
    loss = np.sum(COLUMN_CHANGE * batch_norm(COLUMN, GAMMA, BETA, eps=EPS))
    made = batch_norm_gradient(COLUMN_CHANGE, COLUMN, GAMMA, eps=EPS)
    for mine, array in zip(made, (COLUMN, GAMMA, BETA), strict=True):
        assert equal(mine, derivative(loss, array), simplify=roots_taken(COLUMN))


@proves("batch_norm_evaluation", "on the batch that the statistics are from it is what training computes")
def test_training_and_evaluation_agree_on_the_batch_itself():
    sentence = "on the batch that the statistics are from it is what training computes"
    x = Symbols.named("x", 2, 2, 1)
    assert equal(*law(batch_norm_evaluation, sentence)(x, Symbols.named("g", 2), Symbols.named("b", 2), eps=EPS))


@proves("batch_norm_running", "a momentum of 1 forgets everything before the batch")
@proves("batch_norm_running", "statistics that never change are approached by the factor 1 - α a batch")
def test_running_statistics_forget_geometrically():
    x = Symbols.named("x", 3, 2, 1)
    sentence = "a momentum of 1 forgets everything before the batch"
    assert equal(*law(batch_norm_running, sentence)(x, *STATE), simplify=sp.expand)
    sentence = "statistics that never change are approached by the factor 1 - α a batch"
    assert equal(*law(batch_norm_running, sentence)(x, *STATE, momentum=A), simplify=sp.expand)


@proves("batch_norm_cumulative", "after two batches it is the average of both")
def test_cumulative_statistics_weigh_all_batches_alike():
    one, two = Symbols.named("x", 2, 1, 1), Symbols.named("y", 2, 1, 1)
    sentence = "after two batches it is the average of both"
    assert equal(*law(batch_norm_cumulative, sentence)(one, two, Symbols.named("s", 1)), simplify=sp.expand)


def test_the_running_variance_is_the_unbiased_estimate():
    """Over all samples of two from a population, drawn with replacement, its mean is the population's variance."""
    population = [sp.Integer(n) for n in (0, 1, 5)]
    zero = Exact([0])
    drawn = [
        batch_norm_running(Exact([[[a]], [[b]]]), zero, zero, momentum=1)[1].item()
        for a in map(int, population)
        for b in map(int, population)
    ]
    mean = sp.Rational(sum(population), 3)
    assert sum(drawn) / len(drawn) == sum((x - mean) ** 2 for x in population) / 3
