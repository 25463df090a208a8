"""What is claimed about regularization, proved."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
import sympy as sp

from reference.number_systems.exact import Exact
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from reference.regularization.augmentation import grayscale, horizontal_flip, occlusion
from reference.regularization.dropout import alpha_dropout, dropout, masks
from reference.regularization.early_stopping import early_stopping, early_stopping_gap
from reference.regularization.mixing import cutmix, label_smoothing, mixup
from reference.regularization.noise import noisy_input_loss, noisy_weights_loss
from tests.proofs import derivative, equal, law, proves, rational_points

p, share = (Symbols.named(s, positive=True) for s in ("p", "s"))


def simplex(name, classes):
    """A row of probabilities that sums to one, whatever its symbols are."""
    free = [sp.Symbol(f"{name}{k}", real=True) for k in range(classes - 1)]
    return Symbols.of(np.array([[*free, 1 - sum(free)]], dtype=object))


# Dropout ------------------------------------------------------------------------------------------


@proves("dropout", "over all masks its mean is x")
@proves("dropout", "over all masks its variance is x²p/(1 - p)")
def test_dropout_keeps_the_mean_and_adds_this_variance():
    x = Symbols.named("x", 3)
    for sentence in ("over all masks its mean is x", "over all masks its variance is x²p/(1 - p)"):
        assert equal(*law(dropout, sentence)(x, p=p, keep=1 - p))


@proves("dropout", "over all masks two numbers are uncorrelated")
def test_two_dropped_numbers_are_uncorrelated():
    weighted = list(masks(2, 1 - p))
    sides = law(dropout, "over all masks two numbers are uncorrelated")
    assert equal(*sides(Symbols.named("x", 2), p=p, weighted=weighted))


@proves("dropout", "gradient form for x")
def test_the_gradient_of_dropout_is_dropout_of_the_gradient():
    x, dy = Symbols.named("x", 3), Symbols.named("d", 3)
    (form,) = dropout.gradient_forms
    for mask, _ in masks(3, Fraction(1, 2)):
        weighted = np.sum(dy * dropout(x, mask, p=p))
        assert equal(form.function(dy, x, mask, p=p), derivative(weighted, x))


def test_alpha_dropout_keeps_mean_0_and_variance_1():
    """Over both masks and any x with these two moments, wherever dropped numbers are sent to."""
    rate, lowest, x = (sp.Symbol(s, real=True) for s in ("q", "s", "x"))
    moments = [1, 0, 1]  # of x: 1, E x, E x²
    made = [alpha_dropout(Symbols(x), bit, Symbols(rate), Symbols(lowest)).item() for bit in (0, 1)]
    for power, wanted in ((1, 0), (2, 1)):
        weighted = sp.expand(rate * made[0] ** power + (1 - rate) * made[1] ** power)
        mean = sum(c * moments[n] for (n,), c in sp.Poly(weighted, x).terms())
        assert sp.simplify(mean - wanted) == 0


# Early stopping -----------------------------------------------------------------------------------


@proves("early_stopping", "a loss that falls by more than the threshold each epoch never stops the training")
def test_a_falling_loss_never_stops_the_training():
    sides = law(early_stopping, "a loss that falls by more than the threshold each epoch never stops the training")
    for patience in (1, 2, 3):
        losses = [Exact(-2 * n) for n in range(6)]
        assert equal(*sides(Exact(2), losses, patience=patience, threshold=1))


@proves("early_stopping", "it stops P epochs after the last better loss")
def test_training_stops_p_epochs_after_the_best_loss():
    sides = law(early_stopping, "it stops P epochs after the last better loss")
    for patience, at in product((1, 2, 3), range(4)):
        for rest in product((0, 1, 2), repeat=patience):
            losses = [Exact(-n) for n in range(at + 1)] + [Exact(n - at) for n in rest]
            assert equal(*sides(losses, at=at, patience=patience, threshold=0))


@proves("early_stopping_gap", "it stops where early stopping by the validation loss stops")
def test_with_a_constant_training_loss_the_gap_is_the_validation_loss():
    sides = law(early_stopping_gap, "it stops where early stopping by the validation loss stops")
    for validation in product((1.0, 2.0, 3.0), repeat=4):
        for patience in (1, 2):
            assert equal(*sides((1.0,) * 4, validation, patience=patience))


# Targets and mixtures -----------------------------------------------------------------------------


@proves("label_smoothing", "smoothed probabilities sum to one")
@pytest.mark.parametrize("variant", ["", "among-the-others"])
def test_smoothed_probabilities_sum_to_one(variant):
    smoothing = label_smoothing.dialects[variant] if variant else label_smoothing
    claim = law(label_smoothing, "smoothed probabilities sum to one")
    for classes in (2, 3, 4):
        assert equal(*claim.sides(smoothing.function, simplex("y", classes), alpha=p))


@proves("label_smoothing", "with two classes it takes the share α/2 of each target from the other one's place")
def test_smoothing_of_two_classes_mixes_a_target_with_its_complement():
    sides = law(label_smoothing, "with two classes it takes the share α/2 of each target from the other one's place")
    assert equal(*sides(Symbols.named("y"), alpha=p))


@proves("mixup", "mixed probabilities sum to one")
@proves("mixup", "exchanging the samples and the shares changes nothing")
def test_a_mixture_is_symmetric_and_has_a_target_of_probabilities():
    given = Symbols.named("x", 1, 2), simplex("y", 3), Symbols.named("u", 1, 2), simplex("v", 3)
    for sentence in ("mixed probabilities sum to one", "exchanging the samples and the shares changes nothing"):
        assert equal(*law(mixup, sentence)(*given, share=share), sp.expand)


@proves("mixup", "the cross-entropy of the mixed target is the mixture of the two cross-entropies")
def test_the_cross_entropy_of_a_mixture_is_a_mixture():
    x, u, scores = (Symbols.named(s, 1, 3) for s in "xus")
    sides = law(mixup, "the cross-entropy of the mixed target is the mixture of the two cross-entropies")
    assert equal(*sides(x, simplex("y", 3), u, simplex("v", 3), scores, share=share), sp.expand)


@proves("cutmix", "ones over zeros have as their mean what the first class has in the target")
def test_the_target_of_cutmix_counts_pixels():
    sides = law(cutmix, "ones over zeros have as their mean what the first class has in the target")
    for bits in product((False, True), repeat=4):
        assert equal(*sides(np.array(bits).reshape(2, 2)))


# Noise and augmentation ---------------------------------------------------------------------------


def balanced(rows, columns):
    """Noise whose rows have the mean 0."""
    free = Symbols.named("e", rows - 1, columns)
    return np.concatenate([free, -np.sum(free, axis=0, keepdims=True)])


@proves("noisy_input_loss", "it is the loss without noise and the penalty wᵀCw, where C is the covariance of the noise")
@proves("noisy_weights_loss", "it is the loss without noise and xᵀCx, in which no weight appears")
@pytest.mark.parametrize("rows", [2, 3])
def test_noise_of_mean_0_adds_a_quadratic_form(rows):
    w, x, y = Symbols.named("w", 2), Symbols.named("x", 2), Symbols.named("y")
    for equation in (noisy_input_loss, noisy_weights_loss):
        assert equal(*equation.laws[0](w, x, y, balanced(rows, 2)), sp.expand)


def test_noise_on_the_weights_does_not_change_the_gradient():
    w, x, y = Symbols.named("w", 2), Symbols.named("x", 2), Symbols.named("y")
    noisy = derivative(noisy_weights_loss(w, x, y, balanced(2, 2)), w)
    assert equal(noisy, derivative((np.einsum("d,d->", w, x) - y) ** 2, w))


@proves("noisy_input_loss", "signs of one size on each input alone cost σ²‖w‖²/D")
def test_isotropic_noise_is_ridge():
    (claim,) = noisy_input_loss.closed_forms
    assert equal(*claim(Symbols.named("w", 3), Symbols.named("x", 3), Symbols.named("y"), sigma=p), sp.expand)


@pytest.mark.parametrize("equation", [noisy_input_loss, noisy_weights_loss], ids=lambda e: e.name)
def test_the_tape_finds_the_gradient_of_the_noisy_losses(equation):
    given = dict(w=Symbols.named("w", 2), x=Symbols.named("x", 2), y=Symbols.named("y"), noise=Symbols.named("e", 2, 2))
    made = gradient(equation.function, given, list(given))
    assert all(equal(made[name], derivative(equation(**given), given[name])) for name in given)


@proves("horizontal_flip", "flipping twice gives the picture back")
def test_flipping_twice_gives_the_picture_back():
    assert equal(*law(horizontal_flip, "flipping twice gives the picture back")(Symbols.named("x", 1, 2, 2, 3)))


@proves("horizontal_flip", "it commutes with a convolution whose kernel is flipped too")
def test_flipping_commutes_with_a_convolution_exactly_on_a_symmetric_grid():
    sides = law(horizontal_flip, "it commutes with a convolution whose kernel is flipped too")
    for width, taps, before, after, stride in product((2, 3, 4), (1, 2), (0, 1), (0, 1), (1, 2)):
        picture, kernel = Symbols.named("x", 1, 1, 1, width), Symbols.named("k", 1, 1, 1, taps)
        left, right = sides(picture, kernel, before=before, after=after, stride=stride)
        fits = before == after and (width + before + after - taps) % stride == 0
        assert not fits or equal(left, right, sp.expand)


@proves("grayscale", "adding a colour adds its gray")
def test_gray_is_linear():
    x, other = Symbols.named("x", 1, 3, 1, 2), Symbols.named("u", 1, 3, 1, 2)
    assert equal(*law(grayscale, "adding a colour adds its gray")(x, other), sp.expand)
    weights = [Fraction(299, 1000), Fraction(587, 1000), Fraction(114, 1000)]
    assert sum(weights) == 1  # as decimals, so that gray stays gray


@proves("occlusion", "covering twice is covering once")
def test_covering_twice_is_covering_once():
    x, value = rational_points(np.random.default_rng(0), 1, 2, 2, 2), rational_points(np.random.default_rng(1), 2)
    for bits in product((False, True), repeat=4):
        assert equal(*law(occlusion, "covering twice is covering once")(x, np.array(bits).reshape(2, 2), value))


# Gradients ----------------------------------------------------------------------------------------

SMALL = {
    "dropout": (dropout, dict(x=Symbols.named("x", 2), mask=np.array([0, 1]), p=p), ["x"]),
    "label_smoothing": (label_smoothing, dict(y=Symbols.named("y", 1, 2), alpha=p), ["y"]),
    "mixup": (mixup, {k: Symbols.named(k, 1, 2) for k in ("x1", "y1", "x2", "y2")} | dict(share=share),
              ["x1", "y1", "x2", "y2"]),
    "cutmix": (cutmix, {k: Symbols.named(k, 1, 1, 1, 2) for k in ("x1", "x2")}
               | {k: Symbols.named(k, 1, 2) for k in ("y1", "y2")} | dict(mask=np.array([[True, False]])),
               ["x1", "y1", "x2", "y2"]),
    "horizontal_flip": (horizontal_flip, dict(x=Symbols.named("x", 1, 1, 1, 2)), ["x"]),
    "grayscale": (grayscale, dict(x=Symbols.named("x", 1, 3, 1, 1)), ["x"]),
    "occlusion": (occlusion, dict(x=Symbols.named("x", 1, 1, 1, 2), mask=np.array([[True, False]]),
                                  value=Symbols.named("v", 1)), ["x", "value"]),
}  # fmt: skip


@pytest.mark.parametrize(("equation", "given", "wrt"), SMALL.values(), ids=SMALL)
def test_the_tape_finds_the_gradient_that_sympy_derives(equation, given, wrt):
    made = equation(**given)
    outputs = made if isinstance(made, tuple) else (made,)
    cotangents = [Symbols.named(f"d{k}", *output.shape) for k, output in enumerate(outputs)]
    whole = sum(np.sum(d * output) for d, output in zip(cotangents, outputs, strict=True))
    found = gradient(equation.function, given, wrt, cotangents)
    assert all(equal(found[name], derivative(whole, given[name])) for name in wrt)
