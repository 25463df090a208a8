"""One step of a simple recurrent network."""

import numpy as np

from reference.activations.tanh import tanh
from reference.catalogue import Note, Paper, equation
from reference.recurrent.gates import SIZES, STATE, affine, weights

RNN_NOTE = Note("003_ad5d26ecc7ac182d.md", line=124)
ELMAN = Paper("Elman 1990, Finding Structure in Time", "figure 2", "https://doi.org/10.1207/s15516709cog1402_1")


@equation(
    latex=r"h' = \tanh(W x + b_W + U h + b_U)",
    sources=[RNN_NOTE, ELMAN],
    domain=dict(**STATE, **weights(1)),
    sizes=SIZES,
    outputs=("h",),
)
def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    """The same weights serve every step, so a sequence of any length needs no more of them."""
    return tanh(affine(x, w_ih, b_ih) + affine(h, w_hh, b_hh))


@rnn_cell.dialect(
    "rectified", latex=r"h' = \max(0, W x + b_W + U h + b_U)",
    sources=[Paper("Le, Jaitly & Hinton 2015, A Simple Way to Initialize Recurrent Networks of Rectified Linear Units", "section 2", "https://arxiv.org/abs/1504.00941")],
    differs="a rectifier takes the place of tanh, so the state is no longer bounded",
    telling=dict(x=np.ones((1, 1)), h=np.zeros((1, 1)), w_ih=np.ones((1, 1)), w_hh=np.zeros((1, 1)), b_ih=np.zeros(1), b_hh=np.zeros(1)),
)  # fmt: skip
def _(x, h, w_ih, w_hh, b_ih, b_hh):
    return np.maximum(affine(x, w_ih, b_ih) + affine(h, w_hh, b_hh), 0)


@rnn_cell.law("only the sum of the two biases matters")
def _(f, x, h, w_ih, w_hh, b_ih, b_hh):
    return f(x, h, w_ih, w_hh, b_ih, b_hh), f(x, h, w_ih, w_hh, b_ih + b_hh, 0 * b_hh)
