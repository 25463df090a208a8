"""One step of an LSTM: a cell that is kept, and three gates around it."""

import numpy as np

from reference.activations.sigmoid import sigmoid
from reference.activations.tanh import tanh
from reference.catalogue import Note, Paper, equation
from reference.domain import Array, lane, real, unit
from reference.recurrent.gates import (
    SAVED,
    SIZES,
    STATE,
    WEIGHTS,
    affine,
    blocks,
    carried_back,
    gates,
    gates_in_one,
    gates_in_rows,
    weights,
)

LSTM_NOTE = Note("003_ad5d26ecc7ac182d.md", line=129)
GERS = Paper("Gers, Schmidhuber & Cummins 2000, Learning to Forget: Continual Prediction with LSTM", "section 3", "https://doi.org/10.1162/089976600300015015")
TORCH_LSTM = Paper("PyTorch documentation", "torch.nn.LSTMCell", "https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTMCell.html")


@equation(
    latex=r"c' = f c + i g \\ h' = o \tanh(c')",
    sources=[LSTM_NOTE, GERS],
    domain=dict(c=lane(real), f=lane(unit), i=lane(unit), g=lane(real), o=lane(unit)),
    outputs=("h", "c"),
)
def lstm_memory(c, f, i, g, o):
    """What is remembered is only ever multiplied by the forget gate: as long as that is 1, no gradient vanishes."""
    c = f * c + i * g
    return o * tanh(c), c


@lstm_memory.closed_form("a gate that forgets nothing and one that lets nothing in copy the cell for ever", when="f = 1 and i = 0",
                         outside=dict(c=1.0, f=0.5, i=0.0, g=1.0, o=1.0))  # fmt: skip
def _(lstm, c, f, i, g, o):
    kept = c
    for _ in range(5):
        _, kept = lstm(kept, f, i, g, o)
    return kept, c + 0 * g


def lstm_step(c, i, f, g, o):
    """The memory, with the gates still to be squashed."""
    return lstm_memory(c, sigmoid(f), sigmoid(i), tanh(g), sigmoid(o))


GATES = dict(x=np.ones((1, 1)), h=np.zeros((1, 1)), c=np.ones((1, 1)), w_ih=np.array([[0.0], [1.0], [2.0], [3.0]]),
             w_hh=np.zeros((4, 1)), b_ih=np.zeros(4), b_hh=np.zeros(4))  # fmt: skip


@equation(
    latex=r"""
        i = \sigma(W_i x + b_{Wi} + U_i h + b_{Ui}) \\
        f = \sigma(W_f x + b_{Wf} + U_f h + b_{Uf}) \\
        g = \tanh(W_g x + b_{Wg} + U_g h + b_{Ug}) \\
        o = \sigma(W_o x + b_{Wo} + U_o h + b_{Uo}) \\
        c' = f c + i g \\
        h' = o \tanh(c')
    """,
    symbols=gates("ifgo"),
    sources=[LSTM_NOTE, GERS, TORCH_LSTM],
    domain=dict(**STATE, c=Array(real, "N H", batch="N"), **weights(4)),
    sizes=SIZES,
    outputs=("h", "c"),
)
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    """Three gates decide how much is forgotten, taken in and shown; their blocks lie in the order i, f, g, o."""
    i, f, g, o = blocks(affine(x, w_ih, b_ih) + affine(h, w_hh, b_hh), 4)
    return lstm_step(c, i, f, g, o)


def lstm_backwards(dh, dc, x, h, c, w_ih, w_hh, b_ih, b_hh):
    """The gradients of what enters the four gates and of the old cell, from saved values."""
    i, f, g, o = blocks(affine(x, w_ih, b_ih) + affine(h, w_hh, b_hh), 4)
    i, f, g, o = sigmoid(i), sigmoid(f), tanh(g), sigmoid(o)
    shown = tanh(f * c + i * g)
    dc = dc + dh * o * (1 - shown**2)
    into = [dc * g * i * (1 - i), dc * c * f * (1 - f), dc * i * (1 - g**2), dh * shown * o * (1 - o)]
    return np.concatenate(into, axis=1), dc * f


@lstm_cell.backwards("c", "x", "h", *WEIGHTS, facet=SAVED)
def _(dh, dc, x, h, c, w_ih, w_hh, b_ih, b_hh):
    gates, dc = lstm_backwards(dh, dc, x, h, c, w_ih, w_hh, b_ih, b_hh)
    return dc, *(carried_back(name, (gates, gates), x, h, w_ih, w_hh) for name in ("x", "h", *WEIGHTS))


@lstm_cell.dialect(
    "gates i, f, o, g", latex=r"(i, f, o, g) = W x + b_W + U h + b_U \\ c' = \sigma(f) c + \sigma(i) \tanh(g) \\ h' = \sigma(o) \tanh(c')",
    sources=[Paper("Zaremba, Sutskever & Vinyals 2014, Recurrent Neural Network Regularization", "section 3.1", "https://arxiv.org/abs/1409.2329")],
    differs="the output gate's block comes before the candidate's", telling=GATES,
)  # fmt: skip
def _(x, h, c, w_ih, w_hh, b_ih, b_hh):
    i, f, o, g = blocks(affine(x, w_ih, b_ih) + affine(h, w_hh, b_hh), 4)
    return lstm_step(c, i, f, g, o)


@lstm_cell.dialect(
    "gates i, o, f, g", latex=r"(i, o, f, g) = W x + b_W + U h + b_U \\ c' = \sigma(f) c + \sigma(i) \tanh(g) \\ h' = \sigma(o) \tanh(c')",
    sources=[Paper("ONNX operators", "LSTM, the order iofc of W", "https://onnx.ai/onnx/operators/onnx__LSTM.html")],
    differs="the output gate's block comes before the forget gate's", telling=GATES,
)  # fmt: skip
def _(x, h, c, w_ih, w_hh, b_ih, b_hh):
    i, o, f, g = blocks(affine(x, w_ih, b_ih) + affine(h, w_hh, b_hh), 4)
    return lstm_step(c, i, f, g, o)


@lstm_cell.dialect(
    "without a forget gate", latex=r"(i, f, g, o) = W x + b_W + U h + b_U \\ c' = c + \sigma(i) \tanh(g) \\ h' = \sigma(o) \tanh(c')",
    sources=[Paper("Hochreiter & Schmidhuber 1997, Long Short-Term Memory", "section 4", "https://doi.org/10.1162/neco.1997.9.8.1735")],
    differs="nothing is ever forgotten: the cell of 1997 only adds", telling=GATES,
)  # fmt: skip
def _(x, h, c, w_ih, w_hh, b_ih, b_hh):
    i, _, g, o = blocks(affine(x, w_ih, b_ih) + affine(h, w_hh, b_hh), 4)
    return lstm_memory(c, np.ones_like(c), sigmoid(i), tanh(g), sigmoid(o))


@lstm_cell.law("only the sum of the two biases matters")
def _(f, x, h, c, w_ih, w_hh, b_ih, b_hh):
    return f(x, h, c, w_ih, w_hh, b_ih, b_hh), f(x, h, c, w_ih, w_hh, b_ih + b_hh, 0 * b_hh)


lstm_memory.limit("an open forget gate keeps a cell of inf", given=dict(c=np.inf, f=1.0, i=0.0, g=1.0, o=1.0), gives=(1.0, np.inf))
lstm_memory.limit("closing the forget gate on inf is undefined", given=dict(c=np.inf, f=0.0, i=0.0, g=1.0, o=1.0), gives=(np.nan, np.nan))
lstm_memory.limit("a closed output gate hides the cell without losing it", given=dict(c=3.0, f=1.0, i=0.0, g=1.0, o=0.0), gives=(0.0, 3.0))


lstm_cell.wording(
    r"f_t = \sigma(W_f x_t + U_f h_{t-1} + b_f) \\ "
    r"i_t = \sigma(W_i x_t + U_i h_{t-1} + b_i) \\ "
    r"o_t = \sigma(W_o x_t + U_o h_{t-1} + b_o) \\ "
    r"g_t = \tanh(W_g x_t + U_g h_{t-1} + b_g) \\ "
    r"c_t = f_t c_{t-1} + i_t g_t \\ "
    r"h_t = o_t \tanh(c_t)",
    symbols={name: bias for name, bias in gates_in_one("ifgo").items() if name[0] == "b"},
)  # fmt: skip
lstm_cell.wording(
    r"f_t = \sigma(W_f [h_{t-1}, x_t] + b_f) \\ "
    r"i_t = \sigma(W_i [h_{t-1}, x_t] + b_i) \\ "
    r"\tilde{c}_t = \tanh(W_c [h_{t-1}, x_t] + b_c) \\ "
    r"c_t = f_t c_{t-1} + i_t \tilde{c}_t \\ "
    r"o_t = \sigma(W_o [h_{t-1}, x_t] + b_o) \\ "
    r"h_t = o_t \tanh(c_t)",
    symbols=gates_in_one("ifco"),
)  # fmt: skip
lstm_cell.wording(
    r"i_t = \sigma(x_t W_{xi} + h_{t-1} W_{hi} + b_i) \\ "
    r"f_t = \sigma(x_t W_{xf} + h_{t-1} W_{hf} + b_f) \\ "
    r"o_t = \sigma(x_t W_{xo} + h_{t-1} W_{ho} + b_o) \\ "
    r"\tilde{c}_t = \tanh(x_t W_{xc} + h_{t-1} W_{hc} + b_c) \\ "
    r"c_t = f_t c_{t-1} + i_t \tilde{c}_t \\ "
    r"h_t = o_t \tanh(c_t)",
    symbols=gates_in_rows("ifco"),
)  # fmt: skip
lstm_cell.wording(
    r"i_t = \sigma(W_i x_t + U_i h_{t-1}) \\ "
    r"f_t = \sigma(W_f x_t + U_f h_{t-1}) \\ "
    r"o_t = \sigma(W_o x_t + U_o h_{t-1}) \\ "
    r"\tilde{c}_t = \tanh(W_c x_t + U_c h_{t-1}) \\ "
    r"c_t = f_t \odot c_{t-1} + i_t \odot \tilde{c}_t \\ "
    r"h_t = o_t \odot \tanh(c_t)",
    symbols={name: rows for name, rows in gates("ifco").items() if name[0] != "b"},
)  # fmt: skip
