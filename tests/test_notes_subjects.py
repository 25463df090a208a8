"""What a section is about, what stands beside a slip, and what a sign says, tell what was meant."""

from dataclasses import replace

import pytest

from conformance.notes.agreement import idle
from conformance.notes.believing import believable
from conformance.notes.change import one
from conformance.notes.check import _understood
from conformance.notes.context import mentioned
from conformance.notes.extract import pieces
from conformance.notes.indices import once_below
from conformance.notes.lines import block_of
from conformance.notes.manners import counted_above
from conformance.notes.parse import parse
from conformance.notes.proving.formulas import _spelled_out
from conformance.notes.repair import _sound
from conformance.notes.spelling import spelled
from conformance.notes.tokens import tokens
from tests.notes.statements import corpus
from tests.notes.trial import said
from tests.test_notes_blocks import verdicts
from tests.test_notes_returns import JUDGE, slipped

LOSS = r"L_D = -\frac{1}{m} \sum_{i=1}^{m} [ \log D(x^{(i)}) + \log(1 - D(G(z^{(i)}))) ]"
NOISY = r"L = \mathbb{E}_{x} \| x - g(f(\tilde{x})) \|^2"


def texts(latex):
    return [t.text for t in tokens(latex)]


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("convolution-2", "* h[n]", ""),  # one side says by a sign what the other spells out
        ("convolution-2", r"h[k] \, ", ""),
        ("convolution-10", r"X_{i+u, j+v} ", ""),  # an index on the left is no name of what is missing
        ("networks-1", "x_i + b", "x_i^2 + b"),
        ("networks-12", r"\sigma(w_2", r"\tanh(w_2"),  # under a heading about chains
        ("networks-20", "- D(G(z^{(i)}))", ""),  # with the sample's number above, as it stands beside it
        ("activations-15", "x > 0", "x > 1"),
        ("adaptive-17", r"(1 - \beta_1^t)", r"(1 - \beta_2^t)"),
        ("normalization-11", r"\frac{1}{d} ", ""),
    ],
)
def test_a_slip_is_undone_where_the_rest_tells_what_was_meant(name, right, wrong):
    assert said(*slipped(name, right, wrong), **JUDGE).repaired


def test_two_functions_that_slipped_alike_are_undone_under_a_heading_about_chains():
    statement, _ = slipped("networks-12", r"\sigma(w_2", r"\tanh(w_2")
    assert said(statement, r"y = \sigma(w_3 \, \tanh(w_2 \, \tanh(w_1 x)))", **JUDGE).repaired


def test_a_word_that_names_one_error_is_no_other_error():
    assert verdicts(r"$$\text{RMSE} = \text{MSE} = \sqrt{\frac{1}{N} \sum_i (y_i - \hat{y}_i)^2}$$") != ["right"]
    assert verdicts(r"$$\text{RMSE} = \sqrt{\text{MSE}} = \sqrt{\frac{1}{N} \sum_i (y_i - \hat{y}_i)^2}$$") == ["right"]


@pytest.mark.parametrize("name", ["fifth-b-36", "fifth-c-48"])
def test_what_another_equation_resembles_is_not_wrong(name):
    """A clean sample is not its noisy one; a word that nothing is led to says that something else is meant."""
    statement = next(s for s in corpus("others") if s.name == name)
    assert not said(statement, statement.latex, **JUDGE).flagged


@pytest.mark.parametrize(
    ("row", "change"),
    [
        (r"y = \log(1)", one(1.0, 5, 5, "^", "2")),  # no power of one is taken
        (NOISY, one(1.0, texts(NOISY).index("-") - 1, texts(NOISY).index("-"), r"\tilde", "{", "x", "}")),
    ],
)
def test_nobody_slips_so(row, change):
    signs = tokens(row)
    assert not believable(change, signs, change.applied(signs), [])


def test_what_says_nothing_is_no_repair():
    assert not _sound(parse(tokens(r"y = W \max(x)")))  # the largest of one thing
    assert _sound(parse(tokens(r"y = W \max(0, x)")))
    assert idle(parse(tokens(r"y = x + \log(\sqrt{1})")))  # a function of a number
    assert not idle(parse(tokens(r"y = x + \log(\sqrt{x})")))


def test_an_index_1_may_have_a_power():
    row = tokens(r"y = \frac{m}{1 - \beta_2^t}")
    at = [t.text for t in row].index("2")
    change = one(1.0, at, at + 1, "1")
    assert believable(change, row, change.applied(row), [])


def test_samples_are_numbered_above_where_a_note_numbers_none_below():
    goal = texts("z_i + y_j")
    assert counted_above(goal, [texts(LOSS)]) == texts("z^{(i)} + y_j")
    assert counted_above(goal, [texts(LOSS), texts("w_i")]) == goal


def test_a_name_has_one_step_of_time():
    assert once_below(texts("a_t_{t-1} + b_i_t + c_t")) == texts("a_{t-1} + b_i_t + c_t")


def test_a_formula_spelled_with_a_note_s_names_has_one_step_of_time_for_each():
    statement = next(s for s in corpus("right") if s.name == "adaptive-12")
    note = statement.note(statement.latex)
    block = next(block_of(piece) for piece in pieces(note) if piece.start >= statement.start)
    stating = [line for line in block.lines if line.states]
    found = _understood(replace(block, lines=stating), stating).found
    goals = [
        spelled(way.stated, way.leading, line.row, [o.row for o in stating if o is not line], plainly=True)
        for line, ways in found for way in ways if way.stated.form.equation == "adadelta"
    ]  # fmt: skip
    assert goals
    assert not any("_ t _" in " ".join(goal) or "} _" in " ".join(goal) for goal in goals)


def test_what_a_sign_says_is_not_what_is_proved():
    chain = _spelled_out(parse(tokens(r"S(i, j) = (I * K)(i, j) = \sum_m \sum_n I(m, n) K(i - m, j - n)")))
    assert [side.kind for side in chain.parts] == ["apply", "sum"]
    assert chain.value == ("=",)
    pair = parse(tokens(r"(I * K)(i, j) = \sum_m \sum_n I(m, n) K(i - m, j - n)"))
    assert _spelled_out(pair) is pair


@pytest.mark.parametrize(
    ("equation", "words"),
    [
        ("reconstruction_loss", "Autoencoders"), ("reconstruction_loss", "오토인코더"), ("sigmoid_chain", "역전파"),
        ("log_softmax", "Softmax"), ("global_max_pooling", "Pooling"),
        ("gan_discriminator_loss", "Adversarial training"),
        ("graph_propagation", "Graph convolution"), ("causal_attention", "Self-attention"),
    ],
)  # fmt: skip
def test_a_heading_about_a_subject_is_about_its_equations(equation, words):
    assert mentioned(equation, words) == 1.0


def test_a_heading_about_another_subject_is_not():
    assert mentioned("reconstruction_loss", "Denoising autoencoders") == 0.0
    assert mentioned("graph_propagation", "Paragraphs and graphs") == 0.0
