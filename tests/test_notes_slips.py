"""Slips of steps, sums, integrals, cases, chance and matrices: each is found, and mended as its author meant it."""

import pytest

from conformance.notes.change import Change
from conformance.notes.check import judged
from conformance.notes.extract import pieces
from conformance.notes.model import patched
from conformance.notes.patching import edits
from conformance.notes.tokens import tokens
from tests.test_notes_blocks import ADAM, verdicts
from tests.test_notes_missing import LSTM, displayed, mended

NESTEROV = (r"b_t = \mu b_{t-1} + g_t", r"\theta_t = \theta_{t-1} - \gamma \left( g_t + \mu b_t \right)")
ADAGRAD = (r"G_t = G_{t-1} + g_t \odot g_t", r"\theta_t = \theta_{t-1} - \eta \frac{g_t}{\sqrt{G_t} + \epsilon}")
MOMENTUM = (r"v_t = \mu v_{t-1} + g_t", r"w_t = w_{t-1} - \eta v_t")
RMSPROP = (
    r"E[g^2]_t = 0.9 E[g^2]_{t-1} + 0.1 g_t^2",
    r"\theta_{t+1} = \theta_t - \frac{\eta}{\sqrt{E[g^2]_t + \epsilon}} g_t",
)
MIXUP = (r"\tilde{x} = \lambda x_i + (1 - \lambda) x_j", r"\tilde{y} = \lambda y_i + (1 - \lambda) y_j")
CELL = (
    r"i_t = \sigma(W_i x_t + U_i h_{t-1} + b_i)",
    r"f_t = \sigma(W_f x_t + U_f h_{t-1} + b_f)",
    r"o_t = \sigma(W_o x_t + U_o h_{t-1} + b_o)",
    r"g_t = \tanh(W_g x_t + U_g h_{t-1} + b_g)",
    r"c_t = f_t \odot c_{t-1} + i_t \odot g_t",
    r"h_t = o_t \odot \tanh(c_t)",
)
CONVOLUTION = (
    r"y_{o,i,j} = b_o + \sum_{c=0}^{C-1} \sum_{u=0}^{K-1} \sum_{v=0}^{K-1} "
    r"x_{c, i S + u, j S + v} \, w_{o,c,u,v}"
)
CYCLE = (
    r"\mathcal{L}_{cyc}(G, F) = \mathbb{E}_{x}\left[ \| F(G(x)) - x \|_1 \right]"
    r" + \mathbb{E}_{y}\left[ \| G(F(y)) - y \|_1 \right]"
)
SIMCLR = (
    r"\ell_{i,j} = -\log \frac{\exp(\mathrm{sim}(z_i, z_j) / \tau)}"
    r"{\sum_{k=1}^{2N} \mathbb{1}_{[k \ne i]} \exp(\mathrm{sim}(z_i, z_k) / \tau)}"
)
SMOOTHED = r"q_k = \begin{cases} 1 - \alpha & k = y \\ \frac{\alpha}{K - 1} & k \ne y \end{cases}"
DROPPED = (
    r"h' = \begin{cases} 0 & \text{with probability } p \\ \frac{h}{1 - p} & \text{otherwise} \end{cases}"
)
HEADS = (
    r"\mathrm{MultiHead}(Q, K, V) = \mathrm{Concat}(\mathrm{head}_1, \dots, \mathrm{head}_h) W^O",
    r"\mathrm{head}_i = \mathrm{Attention}(Q W_i^Q, K W_i^K, V W_i^V)",
)
BAGGING = (
    r"\mathrm{Var}\left( \frac{1}{B} \sum_{b=1}^{B} X_b \right) = \rho \sigma^2 + \frac{1 - \rho}{B} \sigma^2"
)


def plain(row):
    return row.replace(" ", "").replace("{t}", "t").replace(r"\left", "").replace(r"\right", "")


@pytest.mark.parametrize(
    ("heading", "rows", "right", "wrong"),
    [
        ("Nesterov momentum", NESTEROV, "g_t +", "g_{t+1} +"),
        ("Adagrad", ADAGRAD, r"\frac{g_t}", r"\frac{g_{t+1}}"),
        ("Adam", ADAM, r"\beta_1) g_t", r"\beta_1) g_{t-1}"),
        ("Momentum", MOMENTUM, r"\eta v_t", r"\eta"),
        ("Momentum", MOMENTUM, "w_{t-1} - ", "- "),
        ("RMSProp", RMSPROP, r"+ \epsilon}} g_t", r"+ g_t}} \epsilon"),
        ("Mixup", MIXUP, r"\lambda y_i + ", ""),
        ("LSTM", CELL, r" \odot c_{t-1}", ""),
        ("LSTM", CELL, "W_f x_t", "x_t W_f"),
        ("LSTM", CELL, r"i_t \odot g_t", "i_t"),
        ("Convolution layer", (CONVOLUTION,), "j S + v", "i S + v"),
        ("Cycle consistency", (CYCLE,), r"x \|_1", r"x \|_2"),
        ("SimCLR", (SIMCLR,), r"[k \ne i]", "[k = i]"),
        ("Label smoothing", (SMOOTHED,), "{K - 1}", r"{\sqrt{K - 1}}"),
        ("Label smoothing", (SMOOTHED,), r"k \ne y", "k = y"),
        ("Dropout", (DROPPED,), r"\frac{h}{1 - p}", r"\frac{1 - p}{h}"),
        ("Bagging", (BAGGING,), r"\frac{1}{B} \sum", r"\frac{B}{1} \sum"),
        ("Convolution", (r"(f * g)(t) = \int_{-\infty}^{\infty} f(\tau) g(t - \tau) d\tau",), r"d\tau", ""),
        ("Convolution", (r"(f * g)(t) = \int_{-\infty}^{\infty} f(\tau) g(t - \tau) d\tau",), r"{-\infty}", "0"),
        ("Convolution", (r"s(t) = \int x(a) w(t - a) da",), "x(a)", "x"),
        ("Convolution", (r"s(t) = (x * w)(t) = \int x(a) w(t - a) da",), "(x * w)", "(a * w)"),
        ("Convolution", (r"s(t) = (x * w)(t) = \int x(a) w(t - a) da",), "w)(t)", "w)(t^2)"),
        ("Attention", HEADS, r"\mathrm{head}_1", r"\mathrm{head}_2"),
        ("AdamW", (r"w_t = (1 - \eta \lambda) w_{t-1} - \eta \frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \epsilon}",),
         r"- \eta \lambda)", ")"),
        ("Gradient descent", (r"\theta_{t+1} = \theta_t - \eta \nabla_\theta J(\theta_t)",), r"(\theta_t)",
         r"(\theta_t^2)"),
        ("Gradient descent", (r"\theta_{t+1} = \theta_t - \eta \nabla_\theta J(\theta_t)",), r"(\theta_t)",
         r"(\theta_{t-1})"),
        ("Sparse cross entropy", (r"L_i = -\log \left( \frac{e^{f_{y_i}}}{\sum_j e^{f_j}} \right)",), "{y_i}", "{y_j}"),
        ("Global average pooling", (r"y_c = \frac{1}{H W} \sum_{i=1}^{H} \sum_{j=1}^{W} x_{c,i,j}",), "y_c", "y_i"),
    ],
)  # fmt: skip
def test_a_slip_is_found_and_mended_as_it_was_meant(heading, rows, right, wrong):
    slipped = [row.replace(right, wrong, 1) for row in rows]
    assert slipped != list(rows)
    assert set(verdicts(heading, *rows)) <= {"right", "dialect"}
    assert [plain(row) for row in mended(heading, *slipped)] == [plain(row) for row in rows]


def repairs(heading, *rows):
    text = displayed(heading, *rows)
    return [
        patched(text, way)[f.start :].split("\n")[0]
        for f in judged(text, pieces(text)) for way in (f.choices or (f.edits,)) if f.verdict == "wrong"
    ]  # fmt: skip


def test_a_share_and_what_it_leaves_are_a_number_and_its_complement():
    assert verdicts("RMSProp", *RMSPROP) == ["dialect", "dialect"]
    shown = repairs("RMSProp", RMSPROP[0].replace("0.9", "0.2"), RMSPROP[1])
    assert {plain(row.removesuffix(r" \\")) for row in shown} >= {plain(RMSPROP[0])}


def test_a_sum_that_lost_its_sign_gets_it_back_where_its_index_stands():
    slipped = r"p_i = \frac{\exp(a_i)}{\exp(a_k)}"
    assert [plain(row) for row in mended("Softmax", slipped)] == [plain(r"p_i = \frac{\exp(a_i)}{\sum_k\exp(a_k)}")]


def test_a_bracket_that_goes_takes_its_size_along():
    text = r"w = \eta \left( \lambda w \right)"
    row = tokens(text)
    first, last = (next(k for k, t in enumerate(row) if t.text == bracket) for bracket in "()")
    change = Change(1.0, ((first, first + 1, ()), (last, last + 1, ())))
    assert patched(text, edits(row, change, text)).split() == ["w", "=", r"\eta", r"\lambda", "w"]


def test_repairs_that_say_the_same_in_another_order_are_one():
    slipped = [*ADAM[:1], r"v_t = \beta_2 v_{t-1}", *ADAM[2:]]
    assert repairs("Adam", *slipped) == [r"v_t = \beta_2 v_{t-1}+(1 - \beta_2)g_t^2 \\"]


@pytest.mark.parametrize(
    ("heading", "statement"),
    [
        ("Electricity", r"V_{t+1} = \alpha V_t + (1 - \alpha) R I_t"),  # an average of what has a factor of its own
        ("Algebra", r"A_{k} = V D U x_k + b"),
    ],
)
def test_what_is_no_equation_of_the_catalogue_is_not_made_one(heading, statement):
    assert verdicts(heading, statement) == ["no opinion"]


def test_a_name_that_has_one_meaning_everywhere_is_read_as_nothing_else():
    assert verdicts("Momentum", r"w_t = w_{t-1} - \eta") != ["right"]  # η is a rate, and no velocity


def test_one_condition_holds_in_some_worlds_and_not_in_others():
    for right, wrong in (("1 -", "1 +"), ("{K - 1}", "{K}")):
        assert verdicts("Label smoothing", SMOOTHED.replace(right, wrong)) == ["wrong"]


def test_a_forget_gate_that_slipped_leaves_the_other_rows_right():
    rows = [row.replace("C_{t-1}", "C_t") for row in LSTM]
    assert verdicts("LSTM", *rows).count("wrong") == 1
