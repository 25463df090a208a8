"""What is claimed about recurrent networks, proved."""

import numpy as np
import pytest
import sympy as sp

from reference.number_systems.balls import Balls
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from reference.recurrent import through_time
from reference.recurrent.cells import rnn_cell
from reference.recurrent.gru import gru_cell, mixed
from reference.recurrent.lstm import lstm_cell, lstm_memory
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
from tests.proofs import derivative, elements, equal, law, proves, proves_forms

X, H, C = Symbols.named("x", 1, 1), Symbols.named("h", 1, 2), Symbols.named("c", 1, 2)


def parameters(blocks, prefix="", inputs=1, hidden=2):
    """Both matrices and both biases, as symbols."""
    rows = blocks * hidden
    shapes = dict(w=(rows, inputs), u=(rows, hidden), a=(rows,), b=(rows,))
    return [Symbols.named(prefix + name, *shape) for name, shape in shapes.items()]


def certain(left, right):
    """Whether two enclosures agree to 40 digits, and so sharply that this says something."""
    gap = left - right
    return bool(np.all(np.abs(gap.midpoints()) + gap.radii() < 1e-40))


# Cells --------------------------------------------------------------------------------------------

BIASES = "only the sum of the two biases matters"


@proves("rnn_cell", BIASES)
@proves("lstm_cell", BIASES)
@proves("gru_cell", BIASES)
def test_only_the_sum_of_two_biases_matters():
    assert equal(*law(rnn_cell, BIASES)(X, H, *parameters(1)), simplify=sp.expand)
    for left, right in zip(*law(lstm_cell, BIASES)(X, H, C, *parameters(4)), strict=True):
        assert equal(left, right, simplify=sp.expand)
    w, u, a, b = parameters(3)
    assert equal(*law(gru_cell, BIASES)(X, H, w, u, a, np.concatenate([b[:4], 0 * b[4:]])), simplify=sp.expand)


@proves("lstm_memory", "a gate that forgets nothing and one that lets nothing in copy the cell for ever")
def test_an_open_forget_gate_copies_the_cell():
    c, g, o = (Symbols.named(n) for n in "cgo")
    sentence = "a gate that forgets nothing and one that lets nothing in copy the cell for ever"
    assert equal(*law(lstm_memory, sentence)(c, Symbols(1), Symbols(0), g, o))


def test_the_cell_passes_back_its_forget_gate_and_nothing_else():
    c, f, i, g, o = (Symbols.named(n) for n in "cfigo")
    _, kept = lstm_memory(c, f, i, g, o)
    assert equal(derivative(kept, c), f)


@proves("gru_cell", "with all weights zero the state is halved")
def test_a_gru_without_weights_halves_its_state():
    assert equal(*law(gru_cell, "with all weights zero the state is halved")(X, H, *parameters(3)))


@proves("gru_cell", "a state between -1 and 1 stays there")
def test_a_gru_stays_between_minus_one_and_one():
    generator = np.random.default_rng(1)
    for _ in range(5):
        shapes = ((4, 2), (4, 3), (9, 2), (9, 3), (9,), (9,))
        x, _, *weights = (Balls(generator.integers(-16, 17, size=s) / 8) for s in shapes)
        h = Balls(generator.integers(-8, 9, size=(4, 3)) / 8)
        assert certain(*law(gru_cell, "a state between -1 and 1 stays there")(x, h, *weights))


def test_the_gates_are_the_textbook_ones():
    """With one unit the LSTM and the GRU, written out once more from their definitions."""
    x, h, c = sp.symbols("x h c", real=True)
    one = [Symbols([[s]]) for s in (x, h, c)]
    w, u, a, b = (np.array(elements(p), dtype=object) for p in parameters(4, inputs=1, hidden=1))
    i, f, g, o = (w * x + u * h + a + b)[:4]
    cell = 1 / (1 + sp.exp(-f)) * c + 1 / (1 + sp.exp(-i)) * sp.tanh(g)
    made_h, made_c = lstm_cell(*one, *parameters(4, inputs=1, hidden=1))
    assert equal(made_c, cell, simplify=sp.expand)
    assert equal(made_h, sp.tanh(sp.expand(cell)) / (1 + sp.exp(-o)), simplify=lambda e: sp.simplify(sp.expand(e)))
    w, u, a, b = (np.array(elements(p), dtype=object) for p in parameters(3, inputs=1, hidden=1))
    r, z = (1 / (1 + sp.exp(-sp.expand(w[k] * x + u[k] * h + a[k] + b[k]))) for k in range(2))
    n = sp.tanh(w[2] * x + a[2] + r * (u[2] * h + b[2]))
    made = gru_cell(*one[:2], *parameters(3, inputs=1, hidden=1))
    opaque = sp.Symbol("n", real=True)
    made = sp.expand(made.item().replace(sp.tanh, lambda arg: opaque if same(arg, n.args[0]) else sp.tanh(arg)))
    assert same(made, (1 - z) * opaque + z * h)


def same(a, b):
    return sp.simplify(sp.expand(a) - sp.expand(b)) == 0


@proves_forms(mixed)
def test_a_mixture_may_be_an_interpolation():
    first, second = (form(*(Symbols.named(n) for n in "zon")) for form in mixed.forms)
    assert equal(first, second)


# Sequences ----------------------------------------------------------------------------------------

TEXT = Symbols.named("x", 3, 1, 1)
STATE, CELL = Symbols.named("h", 1, 1), Symbols.named("c", 1, 1)


def narrow(blocks, prefix=""):
    return parameters(blocks, prefix, inputs=1, hidden=1)


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


# Tape ---------------------------------------------------------------------------------------------

POINTS = [
    (rnn_cell, [X, H, *parameters(1)]),
    (lstm_memory, [Symbols.named(n) for n in "cfigo"]),
    (lstm_cell, [X, STATE, CELL, *narrow(4)]),
    (gru_cell, [X, STATE, *narrow(3)]),
    (rnn, [TEXT[:2], STATE, *narrow(1)]),
    (bidirectional_rnn, [TEXT[:2], STATE, CELL, *narrow(1), *narrow(1, "o")]),
]


@pytest.mark.parametrize(("entry", "values"), POINTS, ids=lambda e: getattr(e, "name", ""))
def test_the_tape_gives_the_derivatives_that_sympy_gives(entry, values):
    arguments = dict(zip(entry.domain, values, strict=True))
    made = entry(**arguments)
    outputs = made if isinstance(made, tuple) else (made,)
    cotangents = [Symbols(np.arange(1, o.size + 1).reshape(o.shape) * (k + 1)) for k, o in enumerate(outputs)]
    whole = sum(np.sum(d * o) for d, o in zip(cotangents, outputs, strict=True))
    taped = gradient(entry, arguments, list(arguments), cotangents)
    free = sorted({s for v in values for s in (e for e in elements(v))}, key=str)
    at = {s: sp.Rational((7 * n) % 11 - 5, 8) for n, s in enumerate(free)}
    for name, array in arguments.items():
        for a, b in zip(elements(taped[name]), elements(derivative(whole, array)), strict=True):
            assert abs(sp.N(a.subs(at), 40) - sp.N(b.subs(at), 40)) < sp.Float("1e-30")


def opaque(e):
    """Whether an expression vanishes, each exponential and each tanh taken as a symbol of its own."""
    named = {}

    def symbol(p):
        return named.setdefault((p.func, sp.expand(p.args[0])), sp.Dummy())

    return sp.cancel(sp.together(e.replace(lambda p: isinstance(p, sp.exp | sp.tanh), symbol)))


CELLS = [(lstm_cell, POINTS[2][1], name) for name in lstm_cell.differentiable]
CELLS += [(gru_cell, POINTS[3][1], name) for name in gru_cell.differentiable]


@pytest.mark.parametrize(("entry", "values", "name"), CELLS, ids=lambda e: getattr(e, "name", str(e)[:4]))
@proves("lstm_cell", "gradient form for x")
@proves("lstm_cell", "gradient form for h")
@proves("lstm_cell", "gradient form for c")
@proves("lstm_cell", "gradient form for w_ih")
@proves("lstm_cell", "gradient form for w_hh")
@proves("lstm_cell", "gradient form for b_ih")
@proves("lstm_cell", "gradient form for b_hh")
@proves("gru_cell", "gradient form for x")
@proves("gru_cell", "gradient form for h")
@proves("gru_cell", "gradient form for w_ih")
@proves("gru_cell", "gradient form for w_hh")
@proves("gru_cell", "gradient form for b_ih")
@proves("gru_cell", "gradient form for b_hh")
def test_gates_pass_gradients_by_slopes_from_their_values(entry, values, name):
    arguments = dict(zip(entry.domain, values, strict=True))
    made = entry(**arguments)
    outputs = made if isinstance(made, tuple) else (made,)
    cotangents = [Symbols.named(f"d{k}", *o.shape) for k, o in enumerate(outputs)]
    whole = sum(np.sum(d * o) for d, o in zip(cotangents, outputs, strict=True))
    (form,) = [f for f in entry.gradient_forms if f.wrt == name]
    truth = derivative(whole, arguments[name])
    for mine, right in zip(elements(form.function(*cotangents, *values)), elements(truth), strict=True):
        assert opaque(mine - right) == 0


SEQUENCES = [
    (lstm, ((3, 2, 2), (2, 2), (2, 2), (8, 2), (8, 2), (8,), (8,))),
    (gru, ((3, 2, 2), (2, 2), (6, 2), (6, 2), (6,), (6,))),
    (encoder_decoder, ((3, 2, 2), (2, 2), (2, 2, 1), (6, 2), (6, 2), (6,), (6,), (6, 1), (6, 2), (6,), (6,))),
]


@pytest.mark.parametrize(("entry", "shapes"), SEQUENCES, ids=lambda e: getattr(e, "name", ""))
def test_the_tape_gives_the_limit_of_difference_quotients(entry, shapes):
    """Along one direction, from enclosures so sharp that the quotient's own error is what is left."""
    generator = np.random.default_rng(2)

    def drawn():
        return dict(zip(entry.domain, (Balls(generator.integers(-8, 9, size=s) / 8) for s in shapes), strict=True))

    values, steps = drawn(), drawn()
    made = entry(**values)
    outputs = made if isinstance(made, tuple) else (made,)
    cotangents = [Balls(generator.integers(-8, 9, size=o.shape) / 8) for o in outputs]

    def total(h):
        moved = entry(**{name: v + h * steps[name] for name, v in values.items()})
        moved = moved if isinstance(moved, tuple) else (moved,)
        return sum(np.sum(d * o) for d, o in zip(cotangents, moved, strict=True))

    h = 2.0**-45
    quotient = (total(h) - total(-h)) / (2 * h)
    taped = gradient(entry, values, list(values), cotangents)
    gap = sum(np.sum(g * steps[name]) for name, g in taped.items()) - quotient
    assert np.abs(gap.midpoints()) + gap.radii() < 2.0**-65
    assert np.abs(quotient.midpoints()) > 2.0**-10


def proves_all_forms(*entries):
    """Every gradient form of these equations."""

    def mark(test):
        for entry in entries:
            for form in entry.gradient_forms:
                proves(entry.name, f"gradient form for {form.wrt}")(test)
        return test

    return mark


@pytest.mark.parametrize(("entry", "shapes"), SEQUENCES, ids=lambda e: getattr(e, "name", ""))
@proves_all_forms(lstm, gru, encoder_decoder)
def test_back_propagation_through_time_is_the_chain_rule(entry, shapes):
    """By enclosures at points: step by step by hand, and what the tape makes of the whole, which is held above."""
    generator = np.random.default_rng(3)
    values = dict(zip(entry.domain, (Balls(generator.integers(-8, 9, size=s) / 8) for s in shapes), strict=True))
    made = entry(**values)
    outputs = made if isinstance(made, tuple) else (made,)
    cotangents = [Balls(generator.integers(-8, 9, size=o.shape) / 8) for o in outputs]
    taped = gradient(entry, values, list(values), cotangents)
    assert [f.wrt for f in entry.gradient_forms] == list(values)
    for form in entry.gradient_forms:
        assert form.function.__module__ == through_time.__name__
        mine = form.function(*cotangents, *values.values())
        assert mine.shape == taped[form.wrt].shape
        assert certain(mine, taped[form.wrt])
