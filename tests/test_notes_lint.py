"""Notation that is wrong whatever it says, and right notation, of which nothing is said."""

import time

import pytest

from conformance.notes.extract import pieces
from conformance.notes.lint import lint
from conformance.notes.model import patched

WRONG = {
    r"\frac{a}{b": ("pairs", None),
    r"a } b": ("pairs", None),
    r"\left( a + b": ("pairs", None),
    r"a \right) + b": ("pairs", None),
    r"\begin{cases} a": ("pairs", None),
    r"\begin{cases} a \end{array}": ("pairs", None),
    r"\mathcal{D} = {(x_i,y_i)}^N_{i=1}": ("set braces", r"\mathcal{D} = \{(x_i,y_i)\}^N_{i=1}"),
    r"S = {a, b, c}": ("set braces", r"S = \{a, b, c\}"),
    r"X = {x_i}_{i=1}^{n}": ("set braces", r"X = \{x_i\}_{i=1}^{n}"),
    r"y \in {0, 1}": ("set braces", r"y \in \{0, 1\}"),
    r"f(\mathcal{D;W}) + \|W\|": ("font", r"f(\mathcal{D};W) + \|W\|"),
    r"f(\mathcal{D,W}) + \mathcal{W}": ("font", r"f(\mathcal{D},\mathcal{W}) + \mathcal{W}"),
    r"f(\mathcal{D;W})": ("font", None),
    r"w = \sqrt{Gt} \\ G_t = g_t": ("glued", r"w = \sqrt{G_t} \\ G_t = g_t"),
    r"p = q(x_t|x_{t-1}) = q(x_t|xt−1)": ("glued", r"p = q(x_t|x_{t-1}) = q(x_t|x_{t-1})"),
    r"y_1 = x_1 + x2,\ x_2 = 3": ("glued", r"y_1 = x_1 + x_2,\ x_2 = 3"),
    r"\int_{\infty}^{\infty} f(x) dx": ("limits", r"\int_{-\infty}^{\infty} f(x) dx"),
    r"\int_\infty^\infty f(x) dx": ("limits", r"\int_{-\infty}^\infty f(x) dx"),
    r"\int_{-\infty}^{-\infty} f(x) dx": ("limits", r"\int_{-\infty}^{\infty} f(x) dx"),
    r"\sum_{k=\infty}^{\infty} x_k": ("limits", r"\sum_{k=-\infty}^{\infty} x_k"),
    r"F = \int_{a}^{a} f(x) dx": ("limits", None),
    r"L = \frac{1}{N} \sum_{i=1}^{N}": ("empty-sum", None),
    r"y = \frac{e^{a}}{\sum_{j=1}^{K} }, \quad a = 1": ("empty-sum", None),
    r"\sigma_{k=-\infty}^{\infty}{x[k]h[n-k]}": ("greek", r"\sum_{k=-\infty}^{\infty}{x[k]h[n-k]}"),
    r"\pi_{i=1}^n p_i": ("greek", r"\prod_{i=1}^n p_i"),
    r"h(t) = \int f(\gamma)g(t-\gamma) dr": ("differential", r"h(t) = \int f(\gamma)g(t-\gamma) d\gamma"),
    r"h(t) = \int_0^1 {f(u)g(t-u)}dx": ("differential", r"h(t) = \int_0^1 {f(u)g(t-u)}du"),
    r"m_t = b m_{t=1} + g_t \\ v_t = v_{t-1}": ("index", r"m_t = b m_{t-1} + g_t \\ v_t = v_{t-1}"),
    r"m_t = b m_{t-1} \\ M_t: Momentum": ("legend", r"m_t = b m_{t-1} \\ m_t: Momentum"),
    r"w = w - \eta v,\ \eta:learning\ rate,\ g_t:Gradient": ("legend", None),
}
RIGHT = [
    r"\sum_{i=1}^{n} \sum_{j=1}^{m}",
    r"y = \sum_{i=1}^{n} \left( x_i + b \right)",
    r"y = \sum_{i=1}^{n} x_i + \prod_{i=1}^{n} \dots",
    r"A = \{(x_i, y_i)\}_{i=1}^N",
    r"x = {3,14} + {a \over b}",
    r"y = {\sum_{i=1}^n x_i, z}_{i=1}^{n}",
    r"\mathbb{E}_{x \sim p}[f(x)] + \mathrm{a,b} + \text{if } x, y",
    r"\left. \frac{\partial f}{\partial x} \right|_{t=1}",
    r"\left\{ a \right. + \{ b \}",
    r"kx = k_x + k",
    r"L = L_x + Lx \cdot L",
    r"\int_a^a f(x) dx = 0",
    r"\int_{-\infty}^{\infty} e^{-x^2} dx = \sqrt{\pi}",
    r"\int_{-\infty}^{+\infty} f(\tau) g(t-\tau)\,d\tau",
    r"\sigma_{k=1}^2 + \sigma_{i=1} + \sigma_{ij}^{n}",
    r"\Sigma_{i=1}^n x_i",
    r"\int f(x)\, d\mu(x) + \int f\, dP + \int X_t dW_t + \oint E \cdot dl",
    r"V = \int_0^1 c(a) dt + \int f(a) g(a) dt",
    r"J = \int_0^\infty (x^T Q x + u^T R u) \, dz",
    r"\int_{\in fty}^{\infty} f(x) dx",
    r"S = \int L(q, \dot{q}) dz",
    r"\int_0^1 dx + \int 3 dx + \int_0^1 \int_0^1 f(x, y) dy dx",
    r"E = \int \frac{p(x)}{q(x)} dx + \int \mathbf{f}(\mathbf{x}) d\mathbf{x}",
    r"x_{t=1} + x_t",
    r"\sum_{t=1}^{T} x_{t-1} + \prod_{t=1} x_t",
    r"f: X \to Y,\ x \in X",
    r"P(A) : P(B) = 1 : 2",
    r"\eta: learning\ rate",
    r"y = x,\ \hat{}: nothing",
    r"x_j = y,\ x_i: input",
    r"y = ax + b,\ a: slope,\ b: intercept",
    r"\cdot Discrete\ convolution:\ (f*g)(t) = \sum_i f(i)",
    r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}",
    r"f(x) = \begin{cases} 0, & x < 0 \\ 1, & x \geq 0 \end{cases}",
    r"\underset{\theta}{\arg\min}\ \mathcal{L}(\theta)",
    r"\stackrel{a}{b} \% \_ \$",
]


def found(text):
    return [(f.rule, patched(text, f.edits) if f.edits else None) for f in lint(text, pieces(text))]


@pytest.mark.parametrize("formula", WRONG)
def test_what_is_wrong_with_the_notation_is_found_and_mended(formula):
    rule, mended = WRONG[formula]
    for text in (f"$$\n{formula}\n$$", f"so $${formula}$$ here"):
        assert found(text) == [(rule, mended and text.replace(formula, mended))]


@pytest.mark.parametrize("formula", RIGHT)
def test_nothing_is_said_of_what_is_well_formed(formula):
    assert found(f"$$\n{formula}\n$$") == []


@pytest.mark.parametrize("formula", [f for f, (_, mended) in WRONG.items() if mended])
def test_nothing_is_said_of_what_was_mended(formula):
    assert found(f"$$\n{WRONG[formula][1]}\n$$") == []


def test_where_two_repairs_are_as_small_both_are_shown_and_none_is_chosen():
    text = r"$$f(\mathcal{D;W})$$"
    (finding,) = lint(text, pieces(text))
    assert not finding.edits
    assert [patched(text, choice) for choice in finding.choices] == [
        r"$$f(\mathcal{D};W)$$",
        r"$$f(\mathcal{D};\mathcal{W})$$",
    ]


def test_captions_that_share_a_number_or_words_or_leave_one_out_are_found():
    text = """![a](a.png)

**[img 1. First]**

![b](b.png)

**[img 1. First]**

![c](c.png)

**[math 2. A picture]**

![d](d.png)

**[img 4. Fourth]**

![e](e.png)

**[img 4-2. Fifth]**

$$a = b$$

**[math 4. A formula]**

```
**[img 4. in code]**
```
"""
    said = [(text[f.start : f.end].partition("]")[0], f.reason) for f in lint(text, pieces(text))]
    assert said == [
        ("[img 1. First", "img 1 is on line 3 already; the words 'First' belong to another picture, on line 3"),
        ("[math 2. A picture", "math 2 stands under a picture and calls it a formula"),
        ("[img 4. Fourth", "before img 4 there is no img 3"),
        ("[img 4-2. Fifth", "before img 4-2 there is no img 4-1"),
    ]


def test_a_link_is_no_caption_and_a_formula_under_another_number_is_none_left_out():
    assert lint("[img 1](a) [fig 7](b)\n\n[img 2]: c\n", []) == []
    assert lint("**[img 1. a]**\n\n**[math 2. b]**\n\n**[img 3. c]**\n", []) == []


def test_a_megabyte_with_two_thousand_equations_takes_seconds():
    block = r"$$m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t \\ v_t = \frac{\sum_{i=1}^n x_i}{\sqrt{n}},\ v_t: mean$$"
    words = "Words about it, and more of them. " * 11
    text = "\n\n".join(f"## Part {i}\n\n{words}\n\n{block}" for i in range(2000))
    assert len(text.encode()) > 900_000
    start = time.process_time()
    known = pieces(text)
    assert len(known) == 2000
    assert lint(text, known) == []
    assert time.process_time() - start < 6, "three on a machine that does nothing else"


@pytest.mark.parametrize(
    "formula",
    ["{" * 1000 + "x" + "}" * 1000, "a_t + " * 2000, "{" * 5000, r"\left(" * 3000, "x_{t=1}" * 2000, r"\int " * 3000,
     r"\int f(x) " * 2000, "a: bb, " * 2000, r"\text{" * 2000 + "}" * 2000, r"\begin{a}" * 2000, " " * 20000 + "_",
     "= {a,b}" * 2000, "Gt G_t " * 2000, r"\mathcal{D;W} " * 1000, "'" * 10000, r"\sum_1 " * 3000],
    ids=lambda f: f[:12].strip() or "blanks",
)  # fmt: skip
def test_no_formula_takes_long(formula):
    start = time.process_time()
    text = f"$$\n{formula}\n$$"
    lint(text, pieces(text))
    assert time.process_time() - start < 2
