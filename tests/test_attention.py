"""What is claimed about attention, proved."""

import numpy as np
import pytest
import sympy as sp

from reference.attention import dot_product
from reference.attention import positions as positions_file
from reference.attention.dot_product import causal_attention, masked_attention, scaled_dot_product_attention
from reference.attention.positions import sinusoidal_positions
from reference.attention.transformer import (
    masked_language_model_loss,
    multi_head_attention,
    pre_norm_transformer_encoder_layer,
    transformer_encoder_layer,
)
from reference.number_systems.balls import Balls
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from tests.proofs import derivative, elements, equal, law, proves, proves_forms

Q, K, V = Symbols.named("q", 1, 2, 2), Symbols.named("k", 1, 2, 2), Symbols.named("v", 1, 2, 1)


def without_shift(e):
    """The expression with its free shifts at 0; that they do not matter is proved where softmax is."""
    e = sp.sympify(e)
    return e.subs(dict.fromkeys((s for s in e.free_symbols if s.name == "shift"), 0))


def in_exponentials(e):
    """Whether an expression of exponentials vanishes, each e^x taken as a symbol of its own."""
    return sp.cancel(sp.expand(sp.expand_power_exp(sp.expand(without_shift(e)))))


def certain(left, right):
    """Whether two enclosures agree to 40 digits, and so sharply that this says something."""
    gap = left - right
    return bool(np.all(np.abs(gap.midpoints()) + gap.radii() < 1e-40))


def points(seed, *shape):
    """Multiples of 1/8, exactly."""
    return Balls(np.random.default_rng(seed).integers(-16, 17, size=shape) / 8)


# One head -----------------------------------------------------------------------------------------


@proves(
    "scaled_dot_product_attention",
    "the weights of each query sum to one: where all values are equal each query gets that value",
)
def test_the_weights_of_a_query_sum_to_one():
    sentence = "the weights of each query sum to one: where all values are equal each query gets that value"
    left, right = law(scaled_dot_product_attention, sentence)(Q, K, Symbols.named("v", 1, 2))
    assert equal(left, right, simplify=in_exponentials)


@proves("scaled_dot_product_attention", "the order of the keys does not matter if the values follow it")
def test_without_positions_a_sentence_is_a_bag_of_words():
    sentence = "the order of the keys does not matter if the values follow it"
    assert equal(*law(scaled_dot_product_attention, sentence)(Q, K, V), simplify=in_exponentials)


@proves("scaled_dot_product_attention", "what one query gets does not depend on the others")
def test_queries_do_not_know_each_other():
    sentence = "what one query gets does not depend on the others"
    assert equal(*law(scaled_dot_product_attention, sentence)(Q, K, V), simplify=in_exponentials)


@proves("scaled_dot_product_attention", "the only key returns its value, whatever the query")
def test_the_only_key_returns_its_value():
    sentence = "the only key returns its value, whatever the query"
    assert equal(*law(scaled_dot_product_attention, sentence)(Q, K[:, :1], V[:, :1]))


def test_attention_is_the_textbook_sum():
    made = scaled_dot_product_attention(Q, K, V)
    q, k, v = (np.array(elements(a), dtype=object).reshape(a.shape[1:]) for a in (Q, K, V))
    for i in range(2):
        e = [sp.exp(sp.expand((q[i, 0] * k[j, 0] + q[i, 1] * k[j, 1]) / sp.sqrt(2))) for j in range(2)]
        truth = (e[0] * v[0, 0] + e[1] * v[1, 0]) / (e[0] + e[1])
        assert equal(made[0, i, 0], truth, simplify=in_exponentials)


@proves("masked_attention", "what each query sees has weights that sum to one")
def test_masked_weights_sum_to_one():
    mask = np.array([[[True, False], [True, True]]])
    sentence = "what each query sees has weights that sum to one"
    assert equal(*law(masked_attention, sentence)(Q, K, Symbols.named("v", 1, 2), mask), simplify=in_exponentials)


@proves("masked_attention", "masking the last keys is leaving them out")
@proves("masked_attention", "where everything may be seen it is plain attention")
def test_masking_is_leaving_out():
    for sentence in ("masking the last keys is leaving them out", "where everything may be seen it is plain attention"):
        assert equal(*law(masked_attention, sentence)(Q, K, V), simplify=in_exponentials)


@proves("masked_attention", "reversing a sequence reverses the result")
def test_attention_turns_with_its_sequence():
    mask = np.array([[[True, False], [True, True]]])
    turned = np.flip(np.flip(mask, axis=1), axis=2)
    sentence = "reversing a sequence reverses the result"
    x = Symbols.named("x", 1, 2, 1)
    assert equal(*law(masked_attention, sentence)(x, mask, turned), simplify=in_exponentials)


@proves("causal_attention", "the first query gets the first value")
@proves("causal_attention", "the beginning does not know how it goes on")
def test_causal_attention_does_not_look_ahead():
    for sentence in ("the first query gets the first value", "the beginning does not know how it goes on"):
        assert equal(*law(causal_attention, sentence)(Q, K, V), simplify=in_exponentials)


@proves_forms(dot_product.scores)
@proves_forms(dot_product.averages)
@proves_forms(dot_product.averaged)
def test_scaling_before_or_after_the_product_is_the_same():
    scale = Symbols.named("s", positive=True)
    weights, total = Symbols.named("w", 1, 2, 2), Symbols.named("t", 1, 2, 1)
    for freedom, arguments in ((dot_product.scores, (Q, K, scale)), (dot_product.averages, (weights, total, V))):
        first, *others = (form(*arguments) for form in freedom.forms)
        assert others
        assert all(equal(other, first, simplify=lambda e: sp.expand(sp.cancel(e))) for other in others)
    first, last = (form(weights, total, V) for form in dot_product.averaged.forms)
    assert equal(first, last, simplify=in_exponentials)


@pytest.mark.parametrize("name", ["q", "k", "v"])
@proves("scaled_dot_product_attention", "gradient form for q")
@proves("scaled_dot_product_attention", "gradient form for k")
@proves("scaled_dot_product_attention", "gradient form for v")
def test_the_gradients_of_attention_are_the_derivatives(name):
    arguments = dict(q=Q[:, :1, :1], k=K[:, :, :1], v=V)
    dy = Symbols.named("d", 1, 1, 1)
    truth = derivative(np.sum(dy * scaled_dot_product_attention(**arguments)), arguments[name])
    (form,) = [f for f in scaled_dot_product_attention.gradient_forms if f.wrt == name]
    assert equal(form.function(dy, *arguments.values()), truth, simplify=in_exponentials)
    taped = gradient(scaled_dot_product_attention, arguments, [name], [dy])[name]
    assert equal(taped, truth, simplify=in_exponentials)


def test_what_a_mask_hides_has_no_gradient():
    mask = np.array([[[True, False]]])
    for name in "kv":
        taped = gradient(masked_attention, dict(q=Q[:, :1], k=K, v=V, mask=mask), [name], [Symbols.named("d", 1, 1, 1)])
        assert elements(taped[name][:, 1]) == [0] * taped[name][:, 1].size


# Positions ----------------------------------------------------------------------------------------

PLACES, OFFSET = Symbols.named("p", 2), Symbols.named("o", 1)
BASE = Symbols.named("b", positive=True)


@proves("sinusoidal_positions", "moving by some places is a rotation of each pair that does not depend on the place")
@proves("sinusoidal_positions", "all places lie on one sphere, whose squared radius is the number of pairs")
@proves("sinusoidal_positions", "the product of two places depends on their distance alone")
def test_a_distance_is_a_rotation():
    for pairs in (1, 2, 3):
        hyper = dict(pairs=pairs, base=BASE)
        sentence = "moving by some places is a rotation of each pair that does not depend on the place"
        left, right = law(sinusoidal_positions, sentence)(PLACES, OFFSET, **hyper)
        assert equal(left, right, simplify=lambda e: sp.expand(sp.expand_trig(sp.expand(e))))
        sentence = "all places lie on one sphere, whose squared radius is the number of pairs"
        assert equal(*law(sinusoidal_positions, sentence)(PLACES, **hyper), simplify=sp.trigsimp)
        sentence = "the product of two places depends on their distance alone"
        left, right = law(sinusoidal_positions, sentence)(PLACES[:1], PLACES[1:], OFFSET, **hyper)
        assert equal(left, right, simplify=whole_angles)


def whole_angles(e):
    """The expression in sines and cosines of single angles, with each sin² replaced by 1 - cos²."""
    e = sp.expand(sp.expand_trig(sp.expand(e)))
    for sine in e.atoms(sp.sin):
        free = sp.Dummy()
        e = sp.expand(e.subs(sine, free))
        e = sp.expand(sp.rem(e, free**2 - (1 - sp.cos(sine.args[0]) ** 2), free)).subs(free, sine)
    return sp.expand(e)


def test_the_slowest_of_two_pairs_has_the_root_of_the_base_as_wavelength():
    made = sinusoidal_positions(Symbols([1]), pairs=2, base=Symbols(10000))
    assert elements(made) == [sp.sin(1), sp.cos(1), sp.sin(sp.Rational(1, 100)), sp.cos(sp.Rational(1, 100))]


@proves_forms(positions_file.angle)
def test_a_frequency_is_an_inverse_wavelength():
    arguments = [Symbols.named(n, positive=True) for n in "pbe"]
    first, *others = (form(*arguments) for form in positions_file.angle.forms)
    assert all(equal(other, first) for other in others)


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
