"""The threshold: a unit fires or it does not."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import lane, real

NUMPY = Paper(
    "NumPy manual", "numpy.heaviside, whose second argument is the value at 0",
    "https://numpy.org/doc/stable/reference/generated/numpy.heaviside.html",
)  # fmt: skip


@equation(
    latex=r"H(x) = \begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}",
    sources=[
        Note("003_ad5d26ecc7ac182d.md", line=42),
        Paper("NIST Digital Library of Mathematical Functions", "section 1.16(iv)", "https://dlmf.nist.gov/1.16#iv"),
    ],
    domain=dict(x=lane(real)),
    outputs=("y",),
    differentiable=(),
)
def step(x):
    """The derivative is 0 wherever there is one, so that no gradient can pass through a threshold."""
    return np.where(x > 0, np.ones_like(x), np.zeros_like(x))


@step.dialect(
    "one-at-zero",
    latex=r"H(x) = \begin{cases} 1 & x \ge 0 \\ 0 & x < 0 \end{cases}",
    sources=[NUMPY],
    differs="the threshold itself fires",
    telling=dict(x=np.array([0.0])),
)
def _(x):
    return np.where(x >= 0, np.ones_like(x), np.zeros_like(x))


@step.dialect(
    "half-at-zero",
    latex=r"H(x) = \frac{1 + \operatorname{sign}(x)}{2}",
    sources=[NUMPY],
    differs="the threshold gives one half, which makes H(x) + H(-x) = 1 without exception",
    telling=dict(x=np.array([0.0])),
)
def _(x):
    return (1 + np.sign(x)) / 2


@step.law("a positive scale changes nothing", when="a > 0", by="rationals", outside=dict(x=1.0, a=-1.0))
def _(f, x, a):
    return f(a * x), f(x)


@step.law(
    "a number and its opposite give 0 and 1 between them", when="x is not 0", by="rationals", outside=dict(x=0.0)
)
def _(f, x):
    return f(x) + f(-x), np.ones_like(x)


step.limit("the threshold itself does not fire", given=dict(x=0.0), gives=0.0)
step.limit("negative zero is zero", given=dict(x=-0.0), gives=0.0)
step.limit("the smallest positive number fires", given=dict(x=5e-324), gives=1.0)
step.limit("infinities are nothing special", given=dict(x=[-np.inf, np.inf]), gives=[0.0, 1.0])
