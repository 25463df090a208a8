"""What is claimed about recurrent networks over a sequence, proved."""

import numpy as np
import pytest
import sympy as sp

from reference.number_systems.balls import Balls
from reference.number_systems.symbols import Symbols
from reference.recurrent.cells import rnn_cell
from reference.recurrent.packed import packed_rnn
from reference.recurrent.sequences import (
    bidirectional_rnn,
    encoder_decoder,
    gradient_through_time,
    gru,
    lstm,
    recurrent_parameters,
    rnn,
)
from tests.proofs import certain, derivative, elements, equal, law, proves
from tests.recurrent_symbols import CELL, STATE, TEXT, C, H, X, narrow, parameters

# Sequences ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("network", "others"),
    [(rnn, [STATE, *narrow(1)]), (lstm, [STATE, CELL, *narrow(4)]), (gru, [STATE, *narrow(3)])],
    ids=lambda v: getattr(v, "name", ""),
)
@proves("rnn", "the beginning does not know how it goes on")
@proves("lstm", "the beginning does not know how it goes on")
@proves("gru", "the beginning does not know how it goes on")
def test_the_beginning_does_not_know_how_it_goes_on(network, others):
    left, right = law(network, "the beginning does not know how it goes on")(TEXT, *others)
    assert left.shape == (2, 1, 1)
    assert elements(left) == elements(right)


@proves("rnn", "a sequence may be cut anywhere if the state is handed over")
@proves("encoder_decoder", "all that matters of a beginning is the state that it ends in")
def test_a_sequence_may_be_cut_if_the_state_is_handed_over():
    sentence = "a sequence may be cut anywhere if the state is handed over"
    left, right = law(rnn, sentence)(TEXT, STATE, *narrow(1))
    assert elements(left) == elements(right)
    sentence = "all that matters of a beginning is the state that it ends in"
    arguments = (TEXT[:2], STATE, Symbols.named("y", 1, 1, 1), *narrow(3), *narrow(3, "o"))
    left, right = law(encoder_decoder, sentence)(*arguments)
    assert elements(left) == elements(right)


BOTH = "reversing the sequence and exchanging the directions reverses the outputs and exchanges their halves"


@proves("packed_rnn", "a sequence in a batch ends in the state that it reaches alone")
@proves("packed_rnn", "where no sequence is shorter it is the plain network")
def test_sequences_of_unequal_lengths_do_not_see_each_others_padding():
    x, h = Symbols.named("x", 3, 2, 1), Symbols.named("h", 2, 2)
    parameters = [Symbols.named("w", 2, 1), Symbols.named("u", 2, 2), Symbols.named("b", 2), Symbols.named("d", 2)]
    alone = law(packed_rnn, "a sequence in a batch ends in the state that it reaches alone")
    for last in ([0, 2], [1, 0], [2, 2]):
        assert equal(*alone(x, h, np.array(last), *parameters), simplify=lambda e: e)
    plain = law(packed_rnn, "where no sequence is shorter it is the plain network")
    assert equal(*plain(x, h, np.array([2, 2]), *parameters), simplify=lambda e: e)


@proves("bidirectional_rnn", BOTH)
def test_both_directions_are_alike():
    left, right = law(bidirectional_rnn, BOTH)(TEXT, H, C, *parameters(1), *parameters(1, "o"))
    assert left.shape == (3, 1, 4)
    assert elements(left) == elements(right)


def test_the_second_direction_has_seen_the_end_first():
    made = bidirectional_rnn(TEXT, STATE, CELL, *narrow(1), *narrow(1, "o"))
    assert equal(made[2, :, 1:], rnn_cell(TEXT[2], CELL, *narrow(1, "o")))
    assert equal(made[0, :, :1], rnn_cell(TEXT[0], STATE, *narrow(1)))


# Gradients through time ---------------------------------------------------------------------------


@proves("gradient_through_time", "the gradient has decayed to less than |w| to the number of steps")
def test_gradients_decay_with_distance():
    sentence = "the gradient has decayed to less than |w| to the number of steps"
    h, w = (a.ravel() for a in np.meshgrid([-3.0, -0.5, 0.0, 0.25, 2.0], [-0.875, -0.5, 0.0, 0.125, 0.9375]))
    for steps in (1, 2, 5):
        assert certain(*law(gradient_through_time, sentence)(Balls(h), Balls(w), steps=steps))


@proves("gradient_through_time", "around 0 each step multiplies by w")
def test_around_zero_a_gradient_may_grow():
    w = Symbols.named("w")
    for steps in (1, 3):
        sentence = "around 0 each step multiplies by w"
        assert equal(*law(gradient_through_time, sentence)(Symbols(0), w, steps=steps))
    assert gradient_through_time(np.array(0.0), np.array(2.0), steps=3) == 8


def test_a_gradient_through_time_is_a_product_of_jacobians():
    h, w = Symbols.named("h"), Symbols.named("w")
    last = h
    for steps in (1, 2, 3):
        last = np.tanh(w * last)
        assert equal(gradient_through_time(h, w, steps=steps), derivative(last, h), simplify=sp.expand)


def test_the_jacobian_of_a_step_is_the_weights_scaled_by_the_slopes():
    w = parameters(1)
    after = rnn_cell(X, H, *w)
    for j in range(2):
        jacobian = elements(derivative(elements(after)[j], H))
        truth = [(1 - elements(after)[j] ** 2) * u for u in elements(w[1][j])]
        assert all(sp.expand(a - b) == 0 for a, b in zip(jacobian, truth, strict=True))


# Counting -----------------------------------------------------------------------------------------


@proves("recurrent_parameters", "a GRU has three quarters of an LSTM's parameters")
def test_a_gru_has_three_quarters_of_an_lstms_parameters():
    i, h = sp.symbols("i h", integer=True, positive=True)
    assert equal(*law(recurrent_parameters, "a GRU has three quarters of an LSTM's parameters")(i, h))
    for blocks in (1, 3, 4):
        counted = sum(p.size for p in parameters(blocks, inputs=3, hidden=2))
        assert recurrent_parameters(inputs=3, hidden=2, blocks=blocks) == counted
