"""What is claimed about one head of attention, proved."""

import numpy as np
import pytest
import sympy as sp

from reference.attention import dot_product
from reference.attention.dot_product import causal_attention, masked_attention, scaled_dot_product_attention
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from tests.attention_symbols import in_exponentials
from tests.proofs import derivative, elements, equal, law, proves, proves_forms

Q, K, V = Symbols.named("q", 1, 2, 2), Symbols.named("k", 1, 2, 2), Symbols.named("v", 1, 2, 1)


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
