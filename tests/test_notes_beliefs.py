"""What is near an equation of the catalogue is often right all the same, and then nobody may call it wrong."""

import gc

import pytest

from conformance.notes.believing import believable
from conformance.notes.change import Change, one
from conformance.notes.context import called, mentioned
from conformance.notes.tokens import tokens
from tests.test_notes_blocks import verdicts

ENCODER = (
    r"u = \mathrm{LN}(x + \mathrm{Attn}(x, x, x))",
    r"y = \mathrm{LN}(u + W_2 \max(0, W_1 u + b_1) + b_2)",
)
DECAYED = (
    r"g_t = \nabla L(\theta_{t-1}) + \lambda \theta_{t-1}",
    r"v_t = \rho v_{t-1} + (1 - \rho) g_t^2",
    r"\theta_t = \theta_{t-1} - \frac{\eta g_t}{\sqrt{v_t} + \epsilon}",
)
GATES = (
    r"\text{NAND}(x_1, x_2) = H(-2 x_1 - 2 x_2 + 3)",
    r"\text{NOR}(x_1, x_2) = H(-2 x_1 - 2 x_2 + 1)",
)


@pytest.mark.parametrize(
    ("heading", "rows"),
    [
        ("The encoder layer", ENCODER),
        ("Weight decay inside an adaptive method", DECAYED),
        ("Logic gates", GATES),
        ("Adaptive pooling", (r"a_i = \left\lfloor \frac{i H}{h} \right\rfloor",)),
        ("Updates", (r"\theta \leftarrow \theta - \eta F(\theta)^{-1} \nabla L(\theta)",)),
        ("Updates", (r"u_t = \max(\beta_2 u_{t-1}, |g_t|)",)),
        ("The gradient of a deep network", (r"z_l = W_l a_{l-1} + b_l",)),
        ("Early stopping", (r"b_t = \min(b_{t-1}, \ell_t)",)),
        ("Gradient of the squared error", (r"\nabla_w \frac{1}{n} \| X w - y \|^2 = \frac{2}{n} X^\top (X w - y)",)),
        ("Heads", (r"Y = [H_1, \dots, H_h] W^O",)),
    ],
)
def test_what_only_resembles_an_equation_is_not_called_wrong(heading, rows):
    assert "wrong" not in verdicts(heading, *rows)


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("Pooling sizes", r"O = \left\lceil \frac{L + 2 P - K}{S} \right\rceil + 1"),
        ("Decoupled weight decay", r"w_{t+1} = (1 - \eta \lambda) w_t - \eta g_t"),
        ("Logic gates", r"y = H(-2 x_1 - 2 x_2 + 3)"),
    ],
)
def test_other_ways_of_writing_an_equation_are_known(heading, row):
    assert set(verdicts(heading, row)) <= {"right", "dialect"}


def test_weights_may_be_taken_as_they_were_before_the_step_that_changes_them():
    assert verdicts("L2 penalty", *DECAYED)[0] in ("right", "dialect")
    assert "wrong" in verdicts("L2 penalty", DECAYED[0].replace("+", "-"), *DECAYED[1:])


def test_one_function_may_stand_where_another_belongs():
    rows = (r"c_t = f_t \odot c_{t-1} + i_t \odot g_t", r"h_t = o_t \odot \tanh(c_t)")
    assert set(verdicts("LSTM", *rows)) == {"right"}
    assert verdicts("LSTM", rows[0], rows[1].replace(r"\tanh", r"\sigma")) == ["right", "wrong"]


def test_a_subject_is_no_name():
    assert mentioned("gradient_descent", "Updates") == 1
    assert called("gradient_descent", "Updates") == 0
    assert called("gradient_descent", "경사 하강법") == 1


@pytest.mark.parametrize(
    ("latex", "change"),
    [
        (r"y = \frac{1}{n} x", Change(1.0, ((6, 6, ("(",)), (9, 9, (")",))))),  # a fraction of a bracket that opens
        (r"u = x + \text{MHA}(x)", one(1.0, 4, 5, '"MultiHead')),  # a word is another one
        (r"u = [a, b] W", one(1.0, 2, 2, '"Concat')),  # a word joins blocks that brackets join
        ("b_t = a", one(1.0, 2, 3, r"\sqrt", "{", "t", "}")),  # an index becomes a root
        (r"\frac{1}{n} \| X \| = y", one(1.0, 0, 7)),  # what something is said of loses a factor
    ],
)
def test_nobody_makes_such_a_slip(latex, change):
    row = tokens(latex)
    assert not believable(change, row, change.applied(row), [])


def test_a_fraction_that_was_torn_before_does_not_stand_in_the_way():
    row = tokens(r"y = \frac{1}(n) + a - b")
    change = one(1.0, len(row) - 2, len(row) - 1, "+")
    assert believable(change, row, change.applied(row), [])


def test_a_word_may_be_misspelt_and_a_function_mistaken():
    row = tokens(r"\text{otput} = \text{softmax}(x)")
    assert believable(one(1.0, 0, 1, '"output'), row, one(1.0, 0, 1, '"output').applied(row), [])
    assert believable(one(1.0, 2, 3, '"sigmoid'), row, one(1.0, 2, 3, '"sigmoid').applied(row), [])


def test_no_line_is_mended_to_what_another_says_of_something_else():
    row, other = tokens("a = x_1 + x_2 + 3"), tokens("b = x_1 + x_2 + 1")
    change = one(1.0, len(row) - 1, len(row), "1")
    assert believable(change, row, change.applied(row), [])
    assert not believable(change, row, change.applied(row), [other])


def test_the_command_leaves_the_collector_as_it_was(tmp_path):
    from gaugeblock.command import main

    note = tmp_path / "note.md"
    note.write_text("$$ a = b $$\n", encoding="utf-8")
    before = gc.get_threshold()
    main(["notes", "check", str(note)])
    assert gc.get_threshold() == before
