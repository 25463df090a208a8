"""What is taken at one step, in which order a matrix and a vector stand, and what the telling numbers are."""

import pytest

from conformance.notes.check import judged
from conformance.notes.extract import pieces
from conformance.notes.model import patched
from conformance.notes.notation import affinity
from conformance.notes.order import mixed
from conformance.notes.parse import parse
from conformance.notes.timing import levelled, taken
from conformance.notes.tokens import tokens
from conformance.notes.tree import shown


def said(heading, latex):
    note = f"# Notes\n\n## {heading}\n\n$$\n{latex}\n$$\n"
    return note, judged(note, pieces(note))


def row(latex):
    return parse(tokens(latex))


COSINE = r"\eta_t = \eta_{min} + \frac{1}{2} (\eta_{max} - \eta_{min}) (1 + \cos(\frac{T_{cur}}{T_i} \pi))"
RIGHT = [
    ("Long short-term memory", r"h_t = o_t \odot \tanh(c_t)"),
    ("Long short-term memory", r"f_t = \sigma(W_f x_t + U_f h_{t-1} + b_f)"),
    ("AdaBoost", r"\alpha_t = \frac{1}{2} \ln\left( \frac{1 - \epsilon_t}{\epsilon_t} \right)"),
    ("Recurrent networks (RNN)", r"h_t = \tanh(x_t W_x + h_{t-1} W_h + b)"),
    ("Recurrent networks (RNN)", r"h_t = \tanh(W_x x_t + W_h h_{t-1} + b)"),
    ("Cosine annealing", COSINE),
    ("Linear warmup", r"\eta_t = \eta_0 \min\left( 1, \frac{t}{T} \right)"),
    ("Gradient descent", r"w := w - \eta \frac{\partial L}{\partial w}"),
]  # fmt: skip
SLIPPED = [
    ("Long short-term memory", r"h_t = o_t \odot \tanh(c_{t-1})", r"h_t = o_t \odot \tanh(c_{t})"),
    ("AdaBoost", r"\alpha_{t-1} = \frac{1}{2} \ln\left( \frac{1 - \epsilon_t}{\epsilon_t} \right)",
     r"\alpha_{t} = \frac{1}{2} \ln\left( \frac{1 - \epsilon_t}{\epsilon_t} \right)"),
    ("Recurrent networks (RNN)", r"h_t = \tanh(x_t W_x + W_h h_{t-1} + b)",
     r"h_t = \tanh(W_x x_t + W_h h_{t-1} + b)"),
    ("Cosine annealing", COSINE.replace(r"{T_{cur}}{T_i}", r"{T_i}{T_{cur}}"), COSINE),
    ("Linear warmup", r"\eta_t = \eta_0 \min\left( 1, \frac{t}{T^2} \right)",
     r"\eta_t = \eta_0 \min\left( 1, \frac{t}{T} \right)"),
]  # fmt: skip


@pytest.mark.parametrize(("heading", "latex"), RIGHT)
def test_what_is_taken_where_the_formula_takes_it_is_right(heading, latex):
    assert [f.verdict for f in said(heading, latex)[1]] in (["right"], ["dialect"])


@pytest.mark.parametrize(("heading", "latex", "meant"), SLIPPED)
def test_what_is_taken_elsewhere_is_put_there(heading, latex, meant):
    note, (found,) = said(heading, latex)
    assert found.verdict == "wrong"
    ways = found.choices or (found.edits,)
    assert said(heading, meant)[0] in [patched(note, way) for way in ways]


def test_a_step_along_a_slope_without_its_rate_is_no_step_by_a_velocity():
    _, (found,) = said("Gradient descent", r"w := w - \frac{\partial L}{\partial w}")
    assert found.verdict == "wrong"


def test_what_has_a_time_is_nothing_that_has_none():
    latex = r"a^{(t)} = \tanh(W_{aa} W_{ax} + a^{(t-1)} x^{(t)} + b_a)"
    _, (found,) = said("Recurrent networks (RNN)", latex)
    assert found.verdict == "wrong"


def test_nothing_is_learned_along_the_slope_of_a_rate():
    assert affinity("∂eta/∂w", "∂L/∂w") < affinity("∂J/∂w", "∂L/∂w")


def test_each_name_is_taken_at_its_steps():
    found = taken(row(r"h_t = \tanh(W_x x_t + U h_{t-1})"))
    assert {n: set(s) for n, s in found.items() if n in ("h", "x", "W_x", "U")} == {
        "h": {0, -1}, "x": {0}, "W_x": set(), "U": set(),
    }  # fmt: skip


def test_what_is_taken_at_another_step_than_most_is_levelled():
    level = levelled(row(r"h_t = o_t \tanh(c_{t-1})"))
    assert level is not None
    assert shown(level) == shown(row(r"h_t = o_t \tanh(c_t)"))
    assert levelled(row(r"h_t = o_t \tanh(c_t)")) is None


@pytest.mark.parametrize(
    ("latex", "twofold"),
    [("y = x W + V h", True), ("y = W x + V h", False), ("y = x W + h V", False), ("y = x W z", False)],
)
def test_a_row_has_its_matrices_on_one_side(latex, twofold):
    assert mixed(row(latex)) == twofold


def test_a_name_with_a_custom_of_its_own_is_no_other_with_a_label():
    assert affinity("T_cur", "t") > affinity("T_cur", "T")
    assert affinity("T_i", "T") > affinity("T_i", "t")
