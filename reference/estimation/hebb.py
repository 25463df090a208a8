"""Neurons that fire together wire together."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, positive, real

NOTE = Note("004_11d13f61f87581fb.md", line=44)
OJA = Paper("Oja 1982, A simplified neuron model as a principal component analyzer", "equation 3", "https://doi.org/10.1007/BF00275687")
HEBB = Paper("Hertz, Krogh & Palmer 1991, Introduction to the Theory of Neural Computation", "chapter 8, plain Hebbian learning", "https://doi.org/10.1201/9780429499661")
TELLING = dict(w=np.array([[1.0]]), x=np.array([1.0]), y=np.array([1.0]), lr=1.0)


@equation(
    latex=r"w'_{o,i} = w_{o,i} + \eta \, y_o x_i",
    sources=[HEBB, NOTE],
    domain=dict(w=Array(real, "O I"), x=Array(real, "I"), y=Array(real, "O"), lr=positive),
    outputs=("w",),
    certified_by="proof",
)
def hebb(w, x, y, *, lr):
    """A connection grows when both its ends are active: Pavlov's bell, rung with the food, comes to do what food does."""
    return w + lr * np.einsum("o,i->oi", y, x)


@hebb.dialect(
    "oja",
    latex=r"w'_{o,i} = w_{o,i} + \eta \, y_o (x_i - y_o w_{o,i})",
    sources=[OJA],
    differs="a decay that grows with the output's square keeps the weights from growing without end",
    telling=TELLING,
)
def _(w, x, y, *, lr):
    return w + lr * y[:, None] * (x - y[:, None] * w)


@hebb.law("with the linear output y = w·x it is gradient ascent on half of the output's square")
def _(f, w, x, *, lr):
    output = np.einsum("oi,i->o", w, x)
    climbed = np.stack([row + lr * np.einsum("i,i->", row, x) * x for row in w])
    return f(w, x, output, lr=lr), climbed


@hebb.law("with the linear output the squared length grows by ηy²(2 + η|x|²): without a decay, for ever")
def _(f, w, x, *, lr):
    output = np.einsum("oi,i->o", w, x)
    after = f(w, x, output, lr=lr)
    grown = np.sum(after**2, axis=1) - np.sum(w**2, axis=1)
    return grown, lr * output**2 * (2 + lr * np.sum(x**2))


hebb.wording(r"w_{ij} = w_{ij} + \eta \, y_i x_j")
hebb.wording(r"w_{ij} = w_{ij} + \eta \, y_i (x_j - y_i w_{ij})", dialect="oja")
