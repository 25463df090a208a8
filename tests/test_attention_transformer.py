"""What is claimed about several heads and the layers and losses built of them, proved."""

import numpy as np
import pytest
import sympy as sp

from reference.attention.dot_product import scaled_dot_product_attention
from reference.attention.transformer import (
    masked_language_model_loss,
    multi_head_attention,
    pre_norm_transformer_encoder_layer,
    transformer_encoder_layer,
)
from reference.number_systems.balls import Balls
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from tests.attention_symbols import in_exponentials, without_shift
from tests.proofs import certain, derivative, elements, equal, law, proves


def points(seed, *shape):
    """Multiples of 1/8, exactly."""
    return Balls(np.random.default_rng(seed).integers(-16, 17, size=shape) / 8)


# Several heads ------------------------------------------------------------------------------------


def weights(seed, e, f=None):
    """Projections, and for a layer the feed-forward maps and norms too, as balls of radius 0."""
    square = [points(seed + k, *shape) for k in range(4) for shape in ((e, e), (e,))]
    if f is None:
        return square
    rest = [(f, e), (f,), (e, f), (e,), (e,), (e,), (e,), (e,)]
    return [*square, *(points(seed + 9 + k, *shape) for k, shape in enumerate(rest))]


@proves("multi_head_attention", "the bias of the keys does nothing")
def test_the_bias_of_the_keys_does_nothing():
    names = ("wq", "bq", "wk", "bk", "wv", "bv", "wo", "bo")
    symbols = [Symbols.named(n, *((1, 1) if n[0] == "w" else (1,))) for n in names]
    x, y = Symbols.named("x", 1, 1, 1), Symbols.named("y", 1, 2, 1)
    left, right = law(multi_head_attention, "the bias of the keys does nothing")(x, y, y, *symbols, heads=1)
    assert equal(left, right, simplify=in_exponentials)


UNORDERED = "reversing queries, keys and values reverses the result: without positions there is no order"


@proves("multi_head_attention", UNORDERED)
def test_without_positions_there_is_no_order():
    x = Symbols.named("x", 1, 2, 2)
    named = [Symbols.named(f"u{i}", *w.shape) for i, w in enumerate(weights(0, 2))]
    assert equal(*law(multi_head_attention, UNORDERED)(x, *named, heads=2), simplify=without_shift)


def test_each_head_sees_features_of_its_own():
    x, w = points(1, 2, 3, 4), weights(2, 4)
    eye, none = Balls(np.eye(4)), Balls(np.zeros(4))
    made = multi_head_attention(x, x, x, *w[:6], eye, none, heads=2)
    for h, own in enumerate((np.s_[:2], np.s_[2:])):
        q, k, v = (np.einsum("nte,fe->ntf", x, w[i][own]) + w[i + 1][own] for i in (0, 2, 4))
        assert certain(made[..., own], scaled_dot_product_attention(q, k, v)), h


@proves("pre_norm_transformer_encoder_layer", "with the last maps of both branches zero a token passes unchanged")
def test_pre_norm_leaves_an_open_path():
    sentence = "with the last maps of both branches zero a token passes unchanged"
    x = Symbols.named("x", 1, 2, 2)
    named = [Symbols.named(f"u{i}", *w.shape) for i, w in enumerate(weights(0, 2, 1))]
    eps = Symbols.named("e", positive=True)
    assert equal(*law(pre_norm_transformer_encoder_layer, sentence)(x, *named, heads=1, eps=eps))


@proves("transformer_encoder_layer", "each token leaves with the mean of the last shift")
def test_post_norm_centres_each_token():
    sentence = "each token leaves with the mean of the last shift"
    for seed in range(3):
        layer = weights(seed, 4, 3)
        layer[-2] = Balls(np.full(4, 0.75))
        left, right = law(transformer_encoder_layer, sentence)(points(seed, 2, 3, 4), layer, heads=2, eps=Balls(0.25))
        assert certain(left, right)


# The masked-language-model loss -------------------------------------------------------------------

TEXT, WORDS = Symbols.named("x", 1, 2, 2), np.array([[1, 0]])


@proves("masked_language_model_loss", "with every word hidden it is the sparse cross-entropy of all of them")
def test_with_every_word_hidden_it_is_the_plain_loss():
    sentence = "with every word hidden it is the sparse cross-entropy of all of them"
    left, right = law(masked_language_model_loss, sentence)(TEXT, WORDS)
    assert equal(left, right, simplify=lambda e: sp.expand(without_shift(e)))


@proves("masked_language_model_loss", "what is predicted for a word that is not hidden does not matter")
def test_only_hidden_words_are_asked_for():
    sentence = "what is predicted for a word that is not hidden does not matter"
    other = Symbols.named("o", 1, 1, 2)
    left, right = law(masked_language_model_loss, sentence)(TEXT, WORDS, np.array([[False, True]]), other)
    assert equal(left, right, simplify=lambda e: sp.expand(without_shift(e)))


@proves("masked_language_model_loss", "gradient form for x")
def test_the_gradient_is_prediction_less_word_where_a_word_is_hidden():
    (form,) = masked_language_model_loss.gradient_forms
    for mask in (np.array([[True, True]]), np.array([[False, True]])):
        truth = derivative(masked_language_model_loss(TEXT, WORDS, mask), TEXT)
        assert equal(form.function(Symbols(1), TEXT, WORDS, mask), truth, simplify=in_exponentials)
        taped = gradient(masked_language_model_loss, dict(x=TEXT, labels=WORDS, mask=mask), ["x"])["x"]
        assert equal(taped, truth, simplify=in_exponentials)


# Tape ---------------------------------------------------------------------------------------------

LAYERS = [transformer_encoder_layer, pre_norm_transformer_encoder_layer]


@pytest.mark.parametrize("entry", LAYERS, ids=lambda e: e.name)
def test_the_tape_gives_the_limit_of_difference_quotients(entry):
    x, dy, step = points(3, 1, 2, 4), points(4, 1, 2, 4), points(5, 1, 2, 4)
    names = [n for n in entry.domain if n not in ("x", "heads", "eps")]
    layer = dict(zip(names, weights(6, 4, 3), strict=True)) | dict(heads=2, eps=Balls(0.5))
    taped = gradient(entry, dict(x=x, **layer), ["x"], [dy])["x"]
    h = 2.0**-45
    quotient = np.sum(dy * (entry(x=x + h * step, **layer) - entry(x=x - h * step, **layer))) / (2 * h)
    gap = np.sum(taped * step) - quotient
    assert np.abs(gap.midpoints()) + gap.radii() < 2.0**-70
    assert np.abs(quotient.midpoints()) > 2.0**-10


def test_the_tape_gives_the_derivatives_that_sympy_gives():
    x = Symbols.named("x", 1, 1, 2)
    names = ("wq", "bq", "wk", "bk", "wv", "bv", "wo", "bo")
    fixed = [Symbols(np.asarray(w.midpoints()) * 8) for w in weights(5, 2)]
    key, value = Symbols.named("k", 1, 2, 2), Symbols.named("v", 1, 2, 2)
    whole = dict(query=x, key=key, value=value, **dict(zip(names, fixed, strict=True)), heads=1)
    dy = np.array([[[1, -2]]])
    taped = gradient(multi_head_attention, whole, ["query"], [Symbols(dy)])["query"]
    truth = derivative(np.sum(multi_head_attention(**whole) * dy), x)
    for a, b in zip(elements(taped), elements(truth), strict=True):
        at = {s: sp.Rational(1 + n, 70) for n, s in enumerate(sorted((a - b).free_symbols, key=str))}
        at |= {s: 0 for s in at if s.name == "shift"}
        assert abs(sp.N((a - b).subs(at), 40)) < sp.Float("1e-25")
