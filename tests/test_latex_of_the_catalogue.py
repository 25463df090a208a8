"""What the catalogue writes as a formula is what its function computes; a slip in a formula is found."""

from dataclasses import replace

import pytest

from conformance.notes.proving import Formula, formulas, refuted
from reference.catalogue import CATALOGUE

NOT_PROVED: dict[str, str] = {}  # a formula's name, and why it cannot be computed; it may only become shorter
FORMULAS = {formula.name: formula for entry in CATALOGUE.values() for formula in formulas(entry)}


@pytest.mark.parametrize("name", FORMULAS)
def test_the_formula_says_what_its_function_computes(name):
    reason = refuted(FORMULAS[name])
    if name in NOT_PROVED:
        assert reason, f"{name} is proved now: take it off the list"
    else:
        assert not reason, reason


def test_every_formula_is_proved():
    assert not NOT_PROVED


MISPRINTS = {
    f"{entry.name}~{name}": Formula(name, entry, entry.function, v.latex, v.outputs, entry.symbols, partial=True)
    for entry in CATALOGUE.values()
    for name, v in entry.misprints.items()
}


@pytest.mark.parametrize("name", MISPRINTS)
def test_what_somebody_misprinted_is_not_proved(name):
    assert refuted(MISPRINTS[name])


SLIPS = [
    ("adam", r"- \eta", r"+ \eta", "a sign"),
    ("adam", r"m_t / (1 - \beta_1^t)", r"m_t / (1 - \beta_2^t)", "an index of a letter"),
    ("adam", r"(1 - \beta_2) g_t^2", r"(1 - \beta_2) g_t", "an exponent"),
    ("adam", r"v_{t-1}", r"v_t", "a time"),
    ("nesterov", r"\beta a_t + g_t", r"\beta a_t - g_t", "a sign"),
    ("mse", r"\frac{1}{N}", r"\frac{1}{2N}", "a factor"),
    ("mse", r"\sum_{i=1}^N", r"\sum_{i=2}^N", "where a sum begins"),
    ("cross_entropy", r"\sum_{k=1}^C", r"\sum_{k=1}^{C-1}", "where a sum ends"),
    ("cross_entropy", r"x_{nk}", r"x_{kn}", "the order of indices"),
    ("binary_cross_entropy", r"\ln(1 - p_i)", r"\ln(p_i - 1)", "the order of a difference"),
    ("tanh", r"e^{x} - e^{-x}", r"e^{x} + e^{-x}", "a sign"),
    ("softmax", r"\sum_j e^{x_j}", r"\sum_j e^{x_i}", "an index"),
    ("layer_norm", r"\sigma_n^2 + \epsilon", r"\sigma_n + \epsilon", "a variance that is a deviation"),
    ("group_norm", r"x_{n,gK+k,l} - \mu_{ng}", r"x_{n,gK-k,l} - \mu_{ng}", "a sign in an index"),
    ("batch_norm_running", r"\frac{m}{m - 1}", r"\frac{m}{m + 1}", "a correction"),
    ("convolution_2d", r"u D_y - P_y", r"u D_y + P_y", "a sign in an index"),
    ("convolution_2d", r"\sum_{v=0}^{L-1}", r"\sum_{v=0}^{L}", "where a sum ends"),
    ("convolution_2d", r"y S_y", r"y S_x", "an axis"),
    ("transposed_convolution_1d", r"i S + u D - P = j", r"i S - u D - P = j", "a sign in a condition"),
    ("discrete_convolution", r"h[n - k]", r"h[n + k]", "a sign in an index"),
    ("max_pooling_2d", r"0 \le u < K", r"0 \le u \le K", "a limit"),
    ("gru_cell", r"(1 - z) n + z h", r"(1 - z) h + z n", "what is exchanged"),
    ("lstm_cell", r"o \tanh(c')", r"o \tanh(c)", "a state before the step"),
    ("lstm_cell", r"W_f x", r"W_i x", "another matrix"),
    ("rnn", r"h_{t-1}", r"h_{t+1}", "a time"),
    ("cosine_annealing", r"1 + \cos", r"1 - \cos", "a sign"),
    ("step_decay", r"\lfloor t / S \rfloor", r"\lceil t / S \rceil", "a rounding"),
    ("cyclic_rate", r"U + D - x", r"U - D - x", "a sign"),
    ("causal_attention", r"[j \le i]", r"[j < i]", "a relation"),
    ("scaled_dot_product_attention", r"Q K^\top", r"K Q^\top", "an order"),
    ("multi_head_attention", r"K W^K_h", r"K W^Q_h", "another matrix"),
    ("perceptron", r"s > 0", r"s < 0", "a relation"),
    ("least_squares", r"A^T b", r"b", "a matrix"),
    ("receptive_field", r"(k_l - 1)", r"(k_l + 1)", "a sign"),
    ("output_size", r"+ 1", r"", "a term"),
]


@pytest.mark.parametrize(("name", "right", "wrong", "slip"), SLIPS, ids=[f"{s[0]}: {s[3]}" for s in SLIPS])
def test_a_slip_is_found(name, right, wrong, slip):
    formula = FORMULAS[name]
    assert right in formula.latex
    latex = formula.latex.replace(right, wrong, 1)
    assert refuted(replace(formula, latex=latex)), f"{slip} in {name} goes unnoticed"


def test_a_wording_that_lacks_nothing_may_not_say_that_it_does():
    assert "lacks nothing" in refuted(replace(FORMULAS["mse"], lacks="a term"))
