"""What is claimed about the decay of weights, proved."""

import numpy as np
import pytest
import sympy as sp

from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from reference.optimizers.weight_decay import (
    adam_with_penalty,
    adamw,
    coupled_decay,
    decoupled_decay,
    l2_penalized_cost,
)
from tests.optimizers_symbols import HYPER, SHARP, ZERO, beta, g, lr, m, v, w
from tests.proofs import derivative, equal, law, proves


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
