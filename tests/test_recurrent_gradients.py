"""What is claimed about the gradients of recurrent networks, proved."""

import numpy as np
import pytest
import sympy as sp

from reference.number_systems.balls import Balls
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from reference.recurrent import through_time
from reference.recurrent.cells import rnn_cell
from reference.recurrent.gru import gru_cell
from reference.recurrent.lstm import lstm_cell, lstm_memory
from reference.recurrent.sequences import bidirectional_rnn, encoder_decoder, gru, lstm, rnn
from tests.proofs import certain, derivative, elements, proves
from tests.recurrent_symbols import CELL, STATE, TEXT, H, X, narrow, parameters

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
        assert form.together.function.__module__ == through_time.__name__
        mine = form.function(*cotangents, *values.values())
        assert mine.shape == taped[form.wrt].shape
        assert certain(mine, taped[form.wrt])
