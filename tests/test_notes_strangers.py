"""What notes by strangers brought up: headings that name nothing, letters of their own, slips that people make."""

import pytest

from conformance.notes.believing import believable
from conformance.notes.change import one
from conformance.notes.context import mentioned
from conformance.notes.notation import affinity
from conformance.notes.tokens import tokens
from conformance.notes.towards import towards
from tests.test_notes_blocks import verdicts
from tests.test_notes_missing import mended
from tests.test_notes_parse import read
from tests.test_notes_slips import CELL, plain

LINE = (
    r"L = \frac{1}{n} \sum_{i=1}^{n} (w x_i + b - y_i)^2",
    r"\frac{\partial L}{\partial w} = \frac{2}{n} \sum_{i=1}^{n} (w x_i + b - y_i) x_i",
    r"\frac{\partial L}{\partial b} = \frac{2}{n} \sum_{i=1}^{n} (w x_i + b - y_i)",
)
AHEAD = (
    r"v_{t+1} = \mu v_t - \varepsilon \nabla f(\theta_t + \mu v_t)",
    r"\theta_{t+1} = \theta_t + v_{t+1}",
)
AVERAGE = (r"m_t = \beta m_{t-1} + (1 - \beta) g_t", r"\theta_t = \theta_{t-1} - \alpha m_t")
STANDARD = (
    r"\mu_B = \frac{1}{m}\sum_{i=1}^{m} x_i",
    r"\sigma_B^2 = \frac{1}{m}\sum_{i=1}^{m} (x_i - \mu_B)^2",
    r"\hat x_i = \frac{x_i - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}}",
)
SUMS = (r"O_{i,j} = b + \sum_{u=0}^{K-1} \sum_{v=0}^{K-1} X_{i+u, j+v} W_{u,v}",)
GATES = (CELL[0], CELL[1], CELL[3], CELL[2], *CELL[4:])
STRIDED = (
    r"y_{o,i,j} = b_o + \sum_{c=0}^{C-1} \sum_{m=0}^{K-1} \sum_{n=0}^{K-1} w_{o,c,m,n} x_{c, Si+m, Sj+n}",
)
ROOT = (r"\text{RMSE} = \sqrt{\text{MSE}} = \sqrt{\frac{1}{N} \sum_i (y_i - \hat{y}_i)^2}",)
GAUSS = (r"\ell = \frac{1}{2} \log(2 \pi) + \frac{1}{2} \log \sigma^2 + \frac{(y - \mu)^2}{2 \sigma^2}",)
MODELS = (r"\operatorname{Var}(\bar f) = \rho \sigma^2 + \frac{1 - \rho}{B} \sigma^2",)
FROZEN = (r"y = \gamma \frac{x - \mu_{\mathrm{run}}}{\sqrt{\sigma^2_{\mathrm{run}} + \epsilon}} + \beta",)
TURNED = (r"\hat{x} = (A^\top A)^{-1} A^\top b",)


@pytest.mark.parametrize(
    ("heading", "rows", "right", "wrong"),
    [
        ("Fitting a line", LINE, "- y_i) x_i", "- y_i)"),
        ("Looking ahead", AHEAD, r"- \varepsilon", r"+ \varepsilon"),
        ("Where the momentum would lead", AHEAD, r"- \varepsilon", r"+ \varepsilon"),
        ("Momentum", AVERAGE, "(1 -", "(2 -"),
        ("Momentum", AVERAGE, r"(1 - \beta)", r"1 - \beta"),
        ("Statistics of a batch", STANDARD, r"\sqrt{\sigma_B^2 + \epsilon}", r"\sigma_B^2 + \epsilon"),
        ("LSTM", CELL, r"\tanh(W_g", r"\sigma(W_g"),
        ("LSTM", GATES, r"\tanh(W_g", r"\sigma(W_g"),
        ("Convolution layer", SUMS, "i+u", "u+u"),
        ("Convolution layer", SUMS, "{K-1}", "K"),
        ("Convolution layer", STRIDED, "Sj+n", "Si+n"),
        ("합성곱 층", STRIDED, r"\sum_{m=0}^{K-1}", r"\sum_{m=0}^{K}"),
        ("Averaging correlated models", MODELS, "+", "-"),
        ("Inference", FROZEN, "x - ", "x + "),
        ("Normal equations", TURNED, r"A^\top b", "A b"),
    ],
)
def test_a_slip_is_found_where_no_heading_names_the_equation(heading, rows, right, wrong):
    slipped = [row.replace(right, wrong, 1) for row in rows]
    assert slipped != list(rows)
    assert set(verdicts(heading, *rows)) <= {"right", "dialect"}
    bare = [plain(row).replace("{K-1}", "K-1") for row in mended(heading, *slipped)]
    assert bare == [plain(row).replace("{K-1}", "K-1") for row in rows]


def test_a_letter_that_stands_twice_may_stand_for_another_once():
    slipped = GAUSS[0].replace("(y -", r"(\mu -")
    assert verdicts("Gaussian likelihood", slipped) == ["wrong"]


def test_a_word_of_initials_is_no_letter_of_the_formula():
    assert verdicts("Losses", *ROOT) == ["right"]
    assert verdicts("Losses", ROOT[0].replace(r" - \hat{y}_i", "")) == ["wrong"]


@pytest.mark.parametrize(
    ("heading", "rows"),
    [
        ("Exercises", (r"x_{k+1} = x_k - \alpha \nabla f(x_k)",)),
        ("Optimisation", (r"\theta^{(\tau+1)} = \theta^{(\tau)} - \eta \nabla L(\theta^{(\tau)})",)),
        ("Optimizers", (r"v_t = \beta v_{t-1} + \nabla L(W_{t-1})", r"W_t = W_{t-1} - \alpha v_t")),
        ("Losses", (r"L(\theta) = \frac{1}{N} \sum_{n=1}^{N} (y_n - f(x_n; \theta))^2",)),
        ("Looking ahead", AHEAD),
    ],
)
def test_what_is_right_is_known_in_other_letters_and_steps(heading, rows):
    assert set(verdicts(heading, *rows)) <= {"right", "dialect"}


def test_what_is_right_as_something_else_is_no_slip_unless_its_heading_says_so():
    rows = (
        r"c_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t",
        r"\theta_t = \theta_{t-1} - \eta_t ( \operatorname{sign}(c_t) + \lambda \theta_{t-1} )",
        r"m_t = \beta_2 m_{t-1} + (1 - \beta_2) g_t",
    )
    assert "wrong" not in verdicts("A tricky step", *rows)


def test_words_begin_where_they_begin():
    assert mentioned("gan_value", "an organ") == 0
    assert mentioned("output_size", "it converges") == 0
    assert mentioned("output_size", "a Conv2d layer") == 1


def test_slopes_along_different_quantities_are_different_names():
    assert affinity("∂L/∂w", "∂J/∂w") > affinity("∂L/∂w", "∂L/∂b")
    assert affinity("sigma_run²", "sigma²") > 0.5


@pytest.mark.parametrize(
    ("latex", "tree"),
    [
        (r"f(x_n; \theta)", "apply:f(x[n])"),
        (r"\{ a + b \} c", "mul:(add(a, b), c)"),
        (r"\{ a \}", "set(a)"),
    ],
)
def test_parameters_behind_a_semicolon_and_braces_around_a_sum_say_nothing(latex, tree):
    assert read(latex) == tree


def test_a_root_is_put_within_the_braces_that_are_there():
    row = tokens(r"x = \frac{a}{b + c}")
    goal = [t.text for t in tokens(r"x = \frac{a}{\sqrt{b + c}}")]
    made = ["".join(t.text for t in change.applied(row)) for change in towards(row, goal, whole=True)]
    assert r"x=\frac{a}{\sqrt{b+c}}" in made
    assert not any(r"}\sqrt" in text for text in made)


@pytest.mark.parametrize(
    ("latex", "first", "last", "new"),
    [
        ("y_i = g_i (a_i - m)", 8, 11, ("a",)),  # the index that the left has, too
        ("y = f(x)", 1, 1, ("^", "2")),  # a power of what is defined
        (r"y = \phi(x)", 2, 3, (r"\max",)),  # a function of one's own becomes a known one
        ("y(x) = a", 1, 4, ()),  # what is defined is a function no longer
    ],
)
def test_nobody_slips_so(latex, first, last, new):
    row = tokens(latex)
    change = one(1.0, first, last, *new)
    assert not believable(change, row, change.applied(row), [])
