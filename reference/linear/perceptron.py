"""The perceptron, the logic gates that it computes, and the one that takes two layers."""

from itertools import product

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, choice, lane, real
from reference.domain import bit as bits

UNIT = Note("002_ba28ceac52ab63bb.md", line=50)
SIGNALS = Note("000_301a927e2f22c6c5.md", line=17)
GATES = Note("004_11d13f61f87581fb.md", line=59)
CURVES = Note("004_11d13f61f87581fb.md", line=63)
ROSENBLATT = Paper("Rosenblatt 1958, The Perceptron", "Psychological Review 65, pages 386-408", "https://doi.org/10.1037/h0042519")
MCCULLOCH_PITTS = Paper("McCulloch & Pitts 1943, A logical calculus of the ideas immanent in nervous activity", "Bulletin of Mathematical Biophysics 5, pages 115-133", "https://doi.org/10.1007/BF02478259")
MINSKY_PAPERT = Paper("Minsky & Papert 1969, Perceptrons", "chapter 1", "https://doi.org/10.7551/mitpress/11301.001.0001")

CORNERS = np.array(list(product((0, 1), repeat=2)))
WEIGHTS = {"and": (2, 2, -3), "or": (2, 2, -1), "nand": (-2, -2, 3), "nor": (-2, -2, 1)}  # no sum is 0
OF_GATES = {"w_1": lambda gate: WEIGHTS[gate][0], "w_2": lambda gate: WEIGHTS[gate][1], "b": lambda gate: WEIGHTS[gate][2]}


def fires(s):
    """1 where the sum is above the threshold 0, else 0."""
    return np.where(s > 0, np.ones_like(s), np.zeros_like(s))


@equation(
    latex=r"y = f\left(\sum_i w_i x_i + b\right) \\ f(s) = \begin{cases} 1 & s > 0 \\ 0 & s \le 0 \end{cases}",
    sources=[UNIT, SIGNALS, ROSENBLATT],
    domain=dict(x=Array(real, "N I", batch="N"), w=Array(real, "I"), b=Array(real, "1")),
    sizes=dict(N=(1, 8)),
    outputs=("y",),
    differentiable=(),
)
def perceptron(x, w, b):
    """One unit cuts space in two with a plane; the weights stand upright on it and the bias moves it."""
    return fires(np.einsum("ni,i->n", x, w) + b)


@perceptron.dialect(
    "fires on the plane",
    latex=r"y = f\left(\sum_i w_i x_i + b\right) \\ f(s) = \begin{cases} 1 & s \ge 0 \\ 0 & s < 0 \end{cases}",
    sources=[MCCULLOCH_PITTS],
    differs="a sum of exactly 0 makes the unit fire",
    telling=dict(x=np.array([[0.0]]), w=np.array([1.0]), b=np.array([0.0])),
)
def _(x, w, b):
    s = np.einsum("ni,i->n", x, w) + b
    return np.where(s >= 0, np.ones_like(s), np.zeros_like(s))


@perceptron.law("a common positive factor of weights and bias changes nothing")
def _(f, x, w, b, scale):
    return f(x, scale * w, scale * b), f(x, w, b)


@perceptron.law(
    "some unit computes the table of two bits",
    when="the table is neither exclusive or nor its complement",
    by="enumeration",
    outside=dict(table=(1, 0, 0, 1)),
)
def _(f, table):
    integers = [np.array(v) for v in product(range(-2, 3), range(-2, 3), range(-3, 4))]
    found = [v for v in integers if np.array_equal(f(CORNERS, v[:2], v[2:]), table)]
    return int(bool(found)), 1


perceptron.limit(
    "on the plane itself it is silent",
    given=dict(x=np.array([[1.0, 1.0], [-0.0, 0.0]]), w=np.array([1.0, -1.0]), b=np.array([0.0])),
    gives=np.array([0.0, 0.0]),
)


@equation(
    latex=r"y = \begin{cases} 1 & w_1 p + w_2 q + b > 0 \\ 0 & w_1 p + w_2 q + b \le 0 \end{cases}",
    symbols=OF_GATES,
    sources=[GATES, MCCULLOCH_PITTS],
    domain=dict(p=lane(bits), q=lane(bits), gate=choice("and", "or", "nand", "nor")),
    outputs=("y",),
    dtype="exact",
)
def logic_gate(p, q, *, gate):
    """Four of the gates are one unit each: (2, 2, -3) is AND, (2, 2, -1) OR, and their negatives are NAND and NOR."""
    first, second, bias = WEIGHTS[gate]
    return fires(first * p + second * q + bias)


@logic_gate.closed_form("the weights give the gates' tables", by="enumeration")
def _(f, *, gate):
    tables = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "nand": (1, 1, 1, 0), "nor": (1, 0, 0, 0)}
    return f(CORNERS[:, 0], CORNERS[:, 1], gate=gate), np.array(tables[gate])


@equation(
    latex=r"a = p q \\ n = (1 - p)(1 - q) \\ y = a + n - a n",
    sources=[CURVES, MINSKY_PAPERT],
    domain=dict(p=lane(bits), q=lane(bits)),
    outputs=("y",),
    dtype="exact",
)
def exclusive_nor(p, q):
    """Whether two bits agree is a question for two layers: no single threshold unit answers it."""
    both, neither = logic_gate(p, q, gate="and"), logic_gate(p, q, gate="nor")
    return logic_gate(both, neither, gate="or")


@exclusive_nor.dialect(
    "exclusive or",
    latex=r"o = p + q - p q \\ n = 1 - p q \\ y = o n",
    sources=[MINSKY_PAPERT],
    differs="whether they differ, the complement",
    telling=dict(p=np.array([0]), q=np.array([0])),
)
def _(p, q):
    either, not_both = logic_gate(p, q, gate="or"), logic_gate(p, q, gate="nand")
    return logic_gate(either, not_both, gate="and")


@exclusive_nor.closed_form("two layers give the table 1, 0, 0, 1", by="enumeration")
def _(f):
    return f(CORNERS[:, 0], CORNERS[:, 1]), np.array([1, 0, 0, 1])


perceptron.wording(r"y = f\left(\sum_{i=1}^{n} w_i x_i + b\right)", symbols={"f": lambda: fires})
perceptron.wording(r"y = \begin{cases} 1 & \sum_i w_i x_i + b > 0 \\ 0 & \sum_i w_i x_i + b \le 0 \end{cases}")
logic_gate.wording(r"y = \begin{cases} 0 & b + w_1 x_1 + w_2 x_2 \le 0 \\ 1 & b + w_1 x_1 + w_2 x_2 > 0 \end{cases}", symbols={"x_1": "p", "x_2": "q"})
