"""What the right rows of a block say of the one that is wrong; and chance, limits and unknowns are read."""

import pytest

from conformance.notes.check import judged
from conformance.notes.extract import pieces
from tests.test_notes_missing import LSTM, displayed, mended

ADAM = (
    r"m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t",
    r"v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2",
    r"\hat{m}_t = \frac{m_t}{1 - \beta_1^t}",
    r"\hat{v}_t = \frac{v_t}{1 - \beta_2^t}",
    r"w_t = w_{t-1} - \eta \frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \epsilon}",
)
CHAIN = (
    r"a_1 = \sigma(w_1 x)",
    r"a_2 = \sigma(w_2 a_1)",
    r"y = \sigma(w_3 a_2)",
    r"\frac{\partial y}{\partial w_3} = y (1 - y) a_2",
    r"\frac{\partial y}{\partial w_2} = y (1 - y) w_3 a_2 (1 - a_2) a_1",
    r"\frac{\partial y}{\partial w_1} = y (1 - y) w_3 a_2 (1 - a_2) w_2 a_1 (1 - a_1) x",
)


def verdicts(heading: str, *rows: str) -> list[str]:
    text = displayed(heading, *rows)
    return [f.verdict for f in judged(text, pieces(text))]


def slipped(rows, number, right, wrong):
    assert right in rows[number]
    return [row.replace(right, wrong, 1) if k == number else row for k, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("heading", "rows", "number", "right", "wrong"),
    [
        ("Adam", ADAM, 1, r" + (1 - \beta_2) g_t^2", ""),
        ("Adam", ADAM, 3, r"1 - \beta_2^t", r"\beta_2^t"),
        ("Sigmoid chain", CHAIN, 1, "a_1", "a_2"),
        ("Sigmoid chain", CHAIN, 5, r"\partial w_1", r"\partial w_2"),
        ("Sigmoid chain", CHAIN, 5, r"\partial y", r"\partial (1 - y)"),
        ("LSTM", LSTM, 3, "i_t *", "i_{t-1} *"),
        ("LSTM", LSTM, 0, "W_f", "x_t"),
    ],
)
def test_the_right_rows_show_what_the_wrong_one_should_be(heading, rows, number, right, wrong):
    found = mended(heading, *slipped(rows, number, right, wrong))
    assert [_bare(row) for row in found] == [_bare(row) for row in rows]


def _bare(row):
    return row.replace(" ", "").replace("{t}", "t")


def test_an_update_that_changes_nothing_lacks_what_the_row_before_gives():
    rows = (r"v_t = \gamma v_{t-1} + \eta \nabla_\theta J(\theta)", r"\theta = \theta")
    assert mended("Momentum", *rows)[1] == r"\theta = \theta-v_t"


def test_rows_of_two_dialects_do_not_go_together():
    descent = (r"v_t = \gamma v_{t-1} + \eta g_t", r"w_t = w_{t-1} - v_t")
    assert set(verdicts("Momentum", *descent)) == {"dialect"}
    assert "wrong" in verdicts("Momentum", descent[0].replace("+", "-"), descent[1])


@pytest.mark.parametrize(
    ("heading", "statement"),
    [
        ("Xavier initialization", r"W \sim \mathcal{N}\left(0, \frac{2}{n_{in} + n_{out}}\right)"),
        ("He initialization", r"\mathrm{Var}(W) = \frac{2}{n_{in}}"),
        ("Least squares", r"A^T A \hat{x} = A^T b"),
        ("Polynomial decay", r"\eta_t = \eta_0 \left(1 - \frac{t}{T}\right)^p, \quad t \le T"),
        ("Bias and variance",
         r"\mathbb{E}[(y - \hat{f}(x))^2] = \mathrm{Bias}[\hat{f}(x)]^2 + \mathrm{Var}[\hat{f}(x)] + \sigma^2"),
    ],
)  # fmt: skip
def test_chance_unknowns_and_limits_are_read(heading, statement):
    assert verdicts(heading, statement) == ["right"]


@pytest.mark.parametrize(
    ("heading", "statement", "meant"),
    [
        ("Xavier initialization", r"W \sim \mathcal{N}\left(0, \frac{n_{in} + n_{out}}{2}\right)",
         r"W \sim \mathcal{N}\left(0, \frac{2}{n_{in} + n_{out}}\right)"),
        ("Gradient descent", r"w_{t+1} = w_t - \eta \nabla L(w_{t+1})", r"w_{t+1} = w_t - \eta \nabla L(w_{t})"),
        ("Mean squared error", r"L = -\frac{1}{N} \sum_{i=1}^{N} (y_i + \hat{y}_i)^2",
         r"L = \frac{1}{N} \sum_{i=1}^{N} (y_i - \hat{y}_i)^2"),
        ("RMSE", r"RMSE = \frac{1}{n} \sum_{i=1}^{n} (y_i - \hat{y}_i)^2",
         r"RMSE = \sqrt{\frac{1}{n} \sum_{i=1}^{n} (y_i - \hat{y}_i)^2}"),
    ],
)  # fmt: skip
def test_a_statement_alone_is_mended_under_its_heading(heading, statement, meant):
    assert mended(heading, statement)[0].replace(" ", "") == meant.replace(" ", "")


@pytest.mark.parametrize("left", ["p_k", "p_i"])
def test_an_index_that_is_summed_over_does_not_number_what_is_defined(left):
    found = verdicts("Softmax", left + r" = \frac{\exp(a_i)}{\sum_{k=1}^{n} \exp(a_k)}")
    assert found == (["right"] if left == "p_i" else ["wrong"])
