"""The rectifier and its slope."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import lane, real

BOOK = Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "section 6.3.1", "https://www.deeplearningbook.org/contents/mlp.html")
STUDY_NOTES = [Note("003_ad5d26ecc7ac182d.md", line=49), Note("004_11d13f61f87581fb.md", line=82)]
KINK = dict(x=np.array([0.0]))


@equation(
    latex=r"\operatorname{ReLU}(x) = \max(x, 0)",
    sources=[*STUDY_NOTES, BOOK],
    domain=dict(x=lane(real)),
    outputs=("y",),
)
def relu(x):
    """Multiplying the argument by a positive number multiplies the value by it, so ReLU networks have no scale of their own."""
    return np.maximum(x, 0)


@relu.gradient_form("x")
def _(dy, x):
    return dy * relu_slope(x)


@equation(
    latex=r"\operatorname{ReLU}'(x) = \begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}",
    sources=[Note("004_11d13f61f87581fb.md", line=88), BOOK],
    domain=dict(x=lane(real)),
    outputs=("slope",),
    differentiable=(),
)
def relu_slope(x):
    """At 0 there is no derivative: every number from 0 to 1 is a subgradient, and frameworks have to choose."""
    return np.where(x > 0, np.ones_like(x), np.zeros_like(x))


@relu_slope.dialect(
    "one-at-zero",
    latex=r"\operatorname{ReLU}'(x) = \begin{cases} 1 & x \ge 0 \\ 0 & x < 0 \end{cases}",
    sources=[BOOK],
    differs="the derivative from the right is taken at 0",
    telling=KINK,
)
def _(x):
    return np.where(x >= 0, np.ones_like(x), np.zeros_like(x))


@relu_slope.dialect(
    "half-at-zero",
    latex=r"\operatorname{ReLU}'(x) = \frac{1 + \operatorname{sign}(x)}{2}",
    sources=[Paper("JAX documentation", "jax.numpy.maximum, whose gradient is shared at a tie", "https://docs.jax.dev/en/latest/_autosummary/jax.numpy.maximum.html")],
    differs="the two arguments of max share the slope where they are equal",
    telling=KINK,
)
def _(x):
    return (1 + np.sign(x)) / 2


@relu_slope.law("the value is the slope times the argument, the kink included", by="rationals")
def _(f, x):
    return f(x) * x, relu(x)


@relu.law("a positive scale passes through", when="a >= 0", by="rationals", outside=dict(x=1.0, a=-1.0))
def _(f, x, a):
    return f(a * x), a * f(x)


@relu.law("a number is its positive part less its negative part, so two units carry everything")
def _(f, x):
    return f(x) - f(-x), x


@relu.law(
    "three units multiply a signal by their weights alone, and shrink it where those are below 1",
    when="the weights and the signal are positive",
    outside=dict(x=-1.0, w1=0.5, w2=0.5, w3=0.5),
)
def _(f, x, w1, w2, w3):
    return f(w3 * f(w2 * f(w1 * x))), w1 * w2 * w3 * x


relu.limit("everything on the left is 0", given=dict(x=[-np.inf, -1.0]), gives=[0.0, 0.0])
relu.limit("the right side passes unchanged", given=dict(x=[5e-324, np.inf]), gives=[5e-324, np.inf])
relu.limit("NaN stays NaN", given=dict(x=np.nan), gives=np.nan)
relu_slope.limit("infinities have the slopes of their sides", given=dict(x=[-np.inf, np.inf]), gives=[0.0, 1.0])
relu_slope.limit("at the kink the slope is 0", given=dict(x=[0.0, -0.0]), gives=[0.0, 0.0])


relu_slope.wording(r"f'(x) = \begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}")
relu.wording(r"y = \max(0, x)")
relu.wording(r"y = \begin{cases} x & x > 0 \\ 0 & x \le 0 \end{cases}")
