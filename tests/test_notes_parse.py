"""What a formula says is read whole, or where it cannot be read is said."""

import pytest

from conformance.notes.parse import parse
from conformance.notes.rows import rows
from conformance.notes.tokens import tokens
from conformance.notes.tree import Unreadable, shown, walk


def read(latex):
    return shown(parse(tokens(latex)))


@pytest.mark.parametrize(
    ("latex", "tree"),
    [
        (r"\frac12 x", "mul:(div:frac(1, 2), x)"),
        (r"a_{t+1} \leftarrow \beta a_t", r"rel:('\\leftarrow',)(a[add(t, 1)], mul:(beta, a[t]))"),
        (r"w := w - 1", r"rel:('\\leftarrow',)(w, sub(w, 1))"),
        (r"\sigma_B^2 = x^2_i", "rel:('=',)(pow(sigma[B], 2), pow(x[i], 2))"),
        (r"\sum^N_{i=1} x_i^2", "sum:('i',)(1, N, ·, pow(x[i], 2))"),
        (r"\Sigma x_i w_i", "sum:('i',)(·, ·, ·, mul:(x[i], w[i]))"),
        (r"\log 2\pi", "call:ln(mul:(2, pi))"),
        (r"y (1 - y)", "mul:(y, sub(1, y))"),
        (r"f(x) g(t - x)", "mul:(apply:f(x), apply:g(sub(t, x)))"),
        (r"(f * g)(t)", "apply:f*g(t)"),
        (r"\int f(s) \, ds", "int:s(·, ·, apply:f(s))"),
        (r"\mathbb{E}[(t - \hat{f})^2]", "expect:E(pow(sub(t, hat f), 2))"),
        (r"E[g^2]_t", "E[pow(g, 2)][t]"),
        (r"\nabla \mathcal{L}(W_t - a)", "gradient:cal L(sub(W[t], a))"),
        (r"{\partial y \over \partial w_3}", "partial(y, w[3])"),
        (r"\|W\|^2_2", "pow(norm(W, 2), 2)"),
        (r"Q K^\top", "mul:(Q, transpose(K))"),
        (r"\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}", "cases(x, rel:('>',)(x, 0), 0, otherwise)"),
        (r"\stackrel{a^2}{bias}", "label:bias(pow(a, 2))"),
        (r"x^{(i)} - \Delta w_t", "sub(x[i], Delta w[t])"),
        (r"W_{t+1} = W_t - \text{lr} \cdot g", r"rel:('=',)(W[add(t, 1)], sub(W[t], mul:\cdot(lr, g)))"),
    ],
)
def test_a_formula_is_read_as_people_mean_it(latex, tree):
    assert read(latex) == tree


@pytest.mark.parametrize(
    ("latex", "reason"),
    [
        (r"m_t = \beta_1 m_{t-1", "does not close"),
        (r"a = ", "nothing stands after"),
        (r"\int f(s)", "without its differential"),
        (r"x = \text{what a reader thinks of}", "the words"),
        (r"a \pm b", "is not expected here"),
        ("", "empty"),
    ],
)
def test_what_cannot_be_read_is_not_guessed_at(latex, reason):
    with pytest.raises(Unreadable, match=reason):
        parse(tokens(latex))


def test_each_node_knows_where_it_stands():
    latex = r"w = \frac{\eta}{2} \, g_t"
    for node in walk(parse(tokens(latex))):
        if node.kind == "sym":
            assert latex[node.start : node.end].strip("\\{}") in ("w", "eta", "g_t", "t")


@pytest.mark.parametrize(
    "latex", ["{" * 1000 + "x" + "}" * 1000, "(" * 1000 + "x" + ")" * 1000, r"\frac{1}{" * 500 + "x" + "}" * 500]
)
def test_brackets_in_brackets_end_with_a_reason_and_no_crash(latex):
    with pytest.raises(Unreadable, match="too deep"):
        parse(tokens(latex))


def test_a_formula_of_ten_thousand_characters_is_read_or_refused():
    assert read("x" + " + x" * 100).startswith("add(")
    for long in ("x" + "+x" * 5000, "x y " * 900, "a = b " * 900):
        with pytest.raises(Unreadable, match=r"too long|is not expected"):
            parse(tokens(long))


@pytest.mark.parametrize(
    ("latex", "statements"),
    [
        (r"a = b \\ c = d", ["a = b", "c = d"]),
        (r"a = b\ \ c = d", ["a = b", "c = d"]),
        (r"w = w - g,\ b = b - h", ["w = w - g", "b = b - h"]),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", ["a &= b", "c &= d"]),
        (r"\cdot Discrete\ convolution:\ (f*g)(t) = 0", ["(f*g)(t) = 0"]),
        (r"a = b, \quad 0 \le t \le T", ["a = b"]),
        (r"where t = f + 1", ["t = f + 1"]),
        (r"f = \begin{cases} a & b \\ c & d \end{cases}", [r"f = \begin{cases} a & b \\ c & d \end{cases}"]),
    ],
)
def test_a_block_holds_several_statements(latex, statements):
    found = [row for row in rows(tokens(latex)) if not row.legend and not row.condition]
    assert [latex[row.tokens[0].start : row.tokens[-1].end] for row in found] == statements


def test_a_legend_is_no_statement():
    found = rows(tokens(r"w = 1,\ \eta: learning\ rate"))
    assert [row.legend for row in found] == [False, True]
