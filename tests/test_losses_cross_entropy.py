"""What is claimed about the losses of classes, proved."""

import itertools

import numpy as np
import sympy as sp

from reference.losses.binary import binary_cross_entropy, binary_cross_entropy_with_logits
from reference.losses.cross_entropy import categorical_cross_entropy, cross_entropy, sparse_cross_entropy
from reference.losses.weighted import smoothed_targets, weighted_cross_entropy
from reference.number_systems.balls import Balls
from reference.number_systems.exact import Exact
from reference.number_systems.symbols import Symbols
from tests.losses_symbols import ALPHA, LABELS, LOGITS, SOFT, WEIGHT, cancelled, gathered, without_shift
from tests.proofs import certain, equal, law, proves

PROBABILITIES = 1 / (1 + Symbols.named("q", 2, positive=True))


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
