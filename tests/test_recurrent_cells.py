"""What is claimed about the cells of recurrent networks, proved."""

import numpy as np
import sympy as sp

from reference.number_systems.balls import Balls
from reference.number_systems.symbols import Symbols
from reference.recurrent.cells import rnn_cell
from reference.recurrent.gru import gru_cell, mixed
from reference.recurrent.lstm import lstm_cell, lstm_memory
from tests.proofs import certain, derivative, elements, equal, law, proves, proves_forms
from tests.recurrent_symbols import C, H, X, parameters

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
