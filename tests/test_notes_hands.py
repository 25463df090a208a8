"""Other hands write the same otherwise; what they mean is read, and what nobody means by a slip is no repair."""

import pytest

from conformance.notes.believing import believable, renames
from conformance.notes.change import Change
from conformance.notes.forms import stated
from conformance.notes.lines import Line, versions
from conformance.notes.match import leadings
from conformance.notes.pairing import pairs
from conformance.notes.parse import parse
from conformance.notes.tokens import tokens
from tests.test_notes_blocks import verdicts
from tests.test_notes_missing import mended
from tests.test_notes_parse import read


@pytest.mark.parametrize(
    ("latex", "tree"),
    [
        (r"\int f(\tau) \, \mathrm{d}\tau", "int:tau(·, ·, apply:f(tau))"),
        (r"\int f(\tau) \, \mathrm d\tau", "int:tau(·, ·, apply:f(tau))"),
        (r"\mathbf{w}^{\mathsf T} \mathbf{x}", "mul:(transpose(w), x)"),
        (r"w^\mathsf{T} x", "mul:(transpose(w), x)"),
        (r"\hat{\sigma}_\mathcal{B}^2", "pow(hat sigma[cal B], 2)"),
        (r"\arg\max_c x_c", "call:argmax(x[c])"),
        (r"\operatorname*{arg\,max}_c x_c", "call:argmax(x[c])"),
        (r"\#params = n", "rel:('=',)(params, n)"),
        (r"q(k|x)", "apply:q(k, x)"),
        (r"|x| + |z|", "add(abs(x), abs(z))"),
        (r"\max_{m=0, \ldots, kH-1} x_m", "max:('m',)(0, sub(kH, 1), ·, x[m])"),
        (r"(x)^+", "call:relu(x)"),
        (r"\text{padding}[0] - 1", "sub(padding[0], 1)"),
        (r"\mathrm{E}[x]", "expect:E(x)"),
        (r"d(k - 1)", "mul:(d, sub(k, 1))"),
        (r"\partial_{w} L", "partial(L, w)"),
        (r"G_{t,ii}", "G[t, i]"),
        (r"s_{i,i}", "s[i, i]"),
        (r"g^{ave}_{t-1}", "g^ave[sub(t, 1)]"),
        (r"y_{\text{true},i}", "y_true[i]"),
        (r"x_c(i, j)", "x[c, i, j]"),
        (r"l(y, \hat{y})", "apply:l(y, hat y)"),
        (r"a ={}& b", "rel:('=',)(a, b)"),
    ],
)
def test_what_other_hands_write_is_read(latex, tree):
    assert read(latex.replace("&", "")) == tree


@pytest.mark.parametrize(
    ("heading", "rows"),
    [
        ("Batch normalization", (r"y = \frac{x - \mathrm{E}[x]}{\sqrt{\mathrm{Var}[x] + \epsilon}} * \gamma + \beta",)),
        ("Softmax", (r"f_j(z) = \frac{e^{z_j}}{\sum_k e^{z_k}}",)),
        ("Softmax", (r"\hat{y}_i = \mathrm{softmax}(\theta)_i = \frac{\exp(\theta_i)}{\sum_{j} \exp(\theta_j)}",)),
        ("Derivative of the sigmoid", (r"g'(z) = g(z) (1 - g(z)) = \frac{e^{-z}}{(1 + e^{-z})^2}",)),
        ("Output size", (r"OH = \left\lfloor \frac{H + 2P - FH}{S} \right\rfloor + 1",)),
        ("Cross entropy", (r"CCE = -\frac{1}{N} \sum_{i=1}^{N} \sum_{c=1}^{C} t_{ic} \log p_{ic}",)),
        ("Momentum", (r"\theta_{k+1} = \theta_k - \alpha g_k + \beta (\theta_k - \theta_{k-1})",)),
        ("Recurrent networks", (r"h_t = \phi(W_{xh} x_t + W_{hh} h_{t-1} + b_h)",)),
        ("Adagrad", (r"h \leftarrow h + g \odot g", r"W \leftarrow W - \eta \frac{1}{\sqrt{h}} g")),
        ("Adadelta", (
            r"G = \gamma G + (1 - \gamma) g^2", r"\Delta_\theta = \frac{\sqrt{s + \epsilon}}{\sqrt{G + \epsilon}} g",
            r"\theta = \theta - \Delta_\theta", r"s = \gamma s + (1 - \gamma) \Delta_\theta^2",
        )),
    ],
)  # fmt: skip
def test_what_other_hands_write_is_known(heading, rows):
    assert set(verdicts(heading, *rows)) <= {"right", "dialect"}


@pytest.mark.parametrize(
    ("heading", "rows", "right", "wrong"),
    [
        ("Nesterov", (r"b_t = \mu b_{t-1} + g_t", r"w_t = w_{t-1} - \gamma (g_t + \mu b_t)"), "{t-1}", "{t+1}"),
        ("Inverse time decay", (r"\alpha_t = \frac{\alpha_0}{1 + k t}",), r"\alpha_t", r"\alpha_{t+1}"),
        ("LSTM", (r"c_t = f_t \odot c_{t-1} + i_t \odot g_t", r"h_t = o_t \odot \tanh(c_t)"), "c_{t-1}", "c_t"),
        ("Categorical cross entropy", (r"CE = -\sum_{c=1}^{C} y_c \log \hat{y}_c",), r"y_c \log \hat{y}_c",
         r"\hat{y}_c \log y_c"),
        ("Mean squared error", (r"MSE = \frac{1}{N} \sum_{i=1}^{N} (y_i - \hat{y}_i)^2",), r"\sum_{i=1}^{N} ", ""),
        ("RMSE", (r"\mathrm{RMSE} = \sqrt{\frac{1}{N} \sum_{i=1}^{N} (\hat{y}_i - y_i)^2}",),
         r"^{N} (\hat{y}_i - y_i)", r"^{N+1} (\hat{y}_i + y_i)"),
    ],
)  # fmt: skip
def test_slips_that_went_unseen_are_found(heading, rows, right, wrong):
    text = "|".join(rows)
    slipped = text.replace(right, wrong, 1).split("|")
    assert slipped != list(rows)
    assert "wrong" in verdicts(heading, *slipped)
    plain = ["".join(row.split()).replace("{N}", "N") for row in rows]
    assert ["".join(row.split()).replace("{N}", "N").replace("{t}", "t") for row in mended(heading, *slipped)] == plain


@pytest.mark.parametrize(
    ("heading", "rows"),
    [
        ("LSTM", (r"c_t = f_t \odot c_{t-1} + i_t \odot g_t", r"h_{t-1} = o_t \odot \tanh(c_t)")),
        ("Hebb", (r"w_{ij} \leftarrow w_{ij} + \eta \, y_j x_j",)),
        ("Gradient descent", (r"w := w - \alpha",)),
        ("Fully connected layers", (r"Y = X^2 W + b",)),
    ],
)
def test_what_nobody_can_mean_is_not_right(heading, rows):
    assert verdicts(heading, *rows)[-1] not in ("right", "dialect")


def test_a_slope_is_not_held_against_what_it_is_the_slope_of():
    rows = (r"\frac{\partial L}{\partial z} = \mathrm{softmax}(z) - y", r"L = -\sum_{k} y_k \log \mathrm{softmax}(z)_k")
    assert "wrong" not in verdicts("Softmax regression and cross entropy", *rows)


def test_what_is_not_spoken_of_is_not_found_by_a_faint_likeness():
    mask = r"M_{ij} = \begin{cases} 0 & j \le i \\ -\infty & j > i \end{cases}"
    assert verdicts("Masks", mask) == ["no opinion"]


def test_the_likeliest_reading_defines_what_the_formula_defines_for_its_step():
    line = Line(tuple(tokens(r"w \leftarrow w - \alpha")), parse(tokens(r"w \leftarrow w - \alpha")))
    versions([line])
    row = next(r for r in stated() if r.form.equation == "gradient_descent" and "add(t, 1)" in r.says)
    assert leadings(line.seen[0][1], row)[0].names["w"] == ("w", (), 1)


def test_a_remark_in_brackets_behind_a_statement_is_no_factor():
    assert verdicts("Gradient descent", r"w_t = w_{t-1} - \eta g_t \quad (t = 1, 2, \dots)") == ["right"]


def changed(latex, first, last, *new):
    row = tokens(latex)
    change = Change(1.0, ((first, last, new),))
    return change, row, change.applied(row)


def test_a_name_that_goes_for_good_is_no_slip():
    assert not believable(*changed("y = w a x", 3, 4), ())
    assert believable(*changed("y = w x x", 3, 4), ())


def test_a_side_that_goes_is_no_slip():
    assert not believable(*changed("y = a = a", 3, 5), ())


def test_a_letter_that_becomes_a_new_one_is_no_slip_but_one_of_the_block_may_be_meant():
    assert not believable(*changed("y = w x", 3, 4, "z"), ())
    assert believable(*changed("y = w x", 3, 4, "z"), [tokens("z = 1")])


def test_another_name_for_what_is_defined_is_no_repair():
    assert renames(*changed("y = w x", 0, 1, "z"), ())
    assert not renames(*changed("y = w x", 0, 1, "z"), [tokens("u = z + 1")])


def test_of_two_changes_those_that_lead_nearer_come_first():
    row = tokens("y = a - b")
    changes = [Change(1.0, ((k, k + 1, (new,)),)) for k, new in ((2, "p"), (2, "c"), (4, "q"), (4, "d"), (3, "+"))]
    goals = [["y", "=", "c", "-", "d"]]
    _, likely, _ = pairs(changes, row, goals, most=3.0)
    assert [t.text for t in next(likely).applied(row)] == goals[0]
    assert not any(any(some) for some in pairs(changes, row, goals, most=2.0))
