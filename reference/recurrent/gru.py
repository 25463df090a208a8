"""One step of a GRU: a state that is a mixture of what it was and what comes in."""

import numpy as np

from reference.activations.sigmoid import sigmoid
from reference.activations.tanh import tanh
from reference.catalogue import Note, Paper, equation
from reference.functions import either
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

GRU_NOTE = Note("003_ad5d26ecc7ac182d.md", line=132)
CHO = Paper("Cho et al. 2014, Learning Phrase Representations using RNN Encoder-Decoder", "equations 5 to 8", "https://arxiv.org/abs/1406.1078")
TORCH_GRU = Paper("PyTorch documentation", "torch.nn.GRUCell", "https://docs.pytorch.org/docs/stable/generated/torch.nn.GRUCell.html")

mixed = either(
    lambda z, old, new: (1 - z) * new + z * old,
    lambda z, old, new: new + z * (old - new),
)


GRU = dict(x=np.ones((1, 1)), h=np.ones((1, 1)), w_ih=np.array([[0.0], [1.0], [2.0]]), w_hh=np.ones((3, 1)),
           b_ih=np.zeros(3), b_hh=np.array([0.0, 0.0, 1.0]))  # fmt: skip


FIRST_TWO = {  # W without an index is that of both gates
    "W": lambda w_ih, H: w_ih[: 2 * H], "U": lambda w_hh, H: w_hh[: 2 * H],
    "b_W": lambda b_ih, H: b_ih[: 2 * H], "b_U": lambda b_hh, H: b_hh[: 2 * H],
}  # fmt: skip


@equation(
    latex=r"""
        r = \sigma(W_r x + b_{Wr} + U_r h + b_{Ur}) \\
        z = \sigma(W_z x + b_{Wz} + U_z h + b_{Uz}) \\
        n = \tanh(W_n x + b_{Wn} + r (U_n h + b_{Un})) \\
        h' = (1 - z) n + z h
    """,
    symbols=gates("rzn"),
    sources=[GRU_NOTE, TORCH_GRU],
    domain=dict(**STATE, **weights(3)),
    sizes=SIZES,
    outputs=("h",),
)
def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    """One gate does what forget and input gate do in an LSTM: what is not kept is taken in, so the state stays a mixture."""
    xr, xz, xn = blocks(affine(x, w_ih, b_ih), 3)
    hr, hz, hn = blocks(affine(h, w_hh, b_hh), 3)
    return mixed(sigmoid(xz + hz), h, tanh(xn + sigmoid(xr + hr) * hn))


def gru_backwards(dh, x, h, w_ih, w_hh, b_ih, b_hh):
    """The gradients of what enters the three gates from the input and from the state, and z, from saved values."""
    xr, xz, xn = blocks(affine(x, w_ih, b_ih), 3)
    hr, hz, hn = blocks(affine(h, w_hh, b_hh), 3)
    r, z = sigmoid(xr + hr), sigmoid(xz + hz)
    n = tanh(xn + r * hn)
    dn = dh * (1 - z) * (1 - n**2)
    both = [dn * hn * r * (1 - r), dh * (h - n) * z * (1 - z)]
    return (np.concatenate([*both, dn], axis=1), np.concatenate([*both, dn * r], axis=1)), z


@gru_cell.backwards("h", "x", *WEIGHTS, facet=SAVED)
def _(dh, x, h, w_ih, w_hh, b_ih, b_hh):
    rows, z = gru_backwards(dh, x, h, w_ih, w_hh, b_ih, b_hh)
    direct, *others = (carried_back(name, rows, x, h, w_ih, w_hh) for name in ("h", "x", *WEIGHTS))
    return direct + dh * z, *others


@gru_cell.dialect(
    "reset before the matrix",
    latex=r"""
        r = \sigma(W_r x + b_{Wr} + U_r h + b_{Ur}) \\
        z = \sigma(W_z x + b_{Wz} + U_z h + b_{Uz}) \\
        n = \tanh(W_n x + b_{Wn} + U_n (r h) + b_{Un}) \\
        h' = (1 - z) n + z h
    """,
    sources=[CHO],
    differs="the state is reset before the matrix mixes it, and the candidate's second bias is not reset at all",
    telling=GRU,
)
def _(x, h, w_ih, w_hh, b_ih, b_hh):
    size = h.shape[1]
    xr, xz, xn = blocks(affine(x, w_ih, b_ih), 3)
    hr, hz = blocks(affine(h, w_hh[: 2 * size], b_hh[: 2 * size]), 2)
    n = tanh(xn + affine(sigmoid(xr + hr) * h, w_hh[2 * size :], b_hh[2 * size :]))
    return mixed(sigmoid(xz + hz), h, n)


@gru_cell.dialect(
    "z takes the new",
    latex=r"""
        r = \sigma(W_r x + b_{Wr} + U_r h + b_{Ur}) \\
        z = \sigma(W_z x + b_{Wz} + U_z h + b_{Uz}) \\
        n = \tanh(W_n x + b_{Wn} + r (U_n h + b_{Un})) \\
        h' = z n + (1 - z) h
    """,
    sources=[Paper("Chung et al. 2014, Empirical Evaluation of Gated Recurrent Neural Networks on Sequence Modeling", "equation 4", "https://arxiv.org/abs/1412.3555")],
    differs="the update gate is the share of the candidate instead of the old state: the signs of all its weights are turned",
    telling=GRU,
)
def _(x, h, w_ih, w_hh, b_ih, b_hh):
    xr, xz, xn = blocks(affine(x, w_ih, b_ih), 3)
    hr, hz, hn = blocks(affine(h, w_hh, b_hh), 3)
    return mixed(sigmoid(xz + hz), tanh(xn + sigmoid(xr + hr) * hn), h)


@gru_cell.dialect(
    "reset before the matrix, and z takes the new",
    latex=r"""
        r = \sigma(W_r x + b_{Wr} + U_r h + b_{Ur}) \\
        z = \sigma(W_z x + b_{Wz} + U_z h + b_{Uz}) \\
        n = \tanh(W_n x + b_{Wn} + U_n (r h) + b_{Un}) \\
        h' = z n + (1 - z) h
    """,
    sources=[Paper("Chung et al. 2014, Empirical Evaluation of Gated Recurrent Neural Networks on Sequence Modeling", "section 3.2", "https://arxiv.org/abs/1412.3555")],
    differs="both: the state is reset before the matrix, and the update gate is the share of the candidate",
    telling=GRU,
)
def _(x, h, w_ih, w_hh, b_ih, b_hh):
    size = h.shape[1]
    xr, xz, xn = blocks(affine(x, w_ih, b_ih), 3)
    hr, hz = blocks(affine(h, w_hh[: 2 * size], b_hh[: 2 * size]), 2)
    n = tanh(xn + affine(sigmoid(xr + hr) * h, w_hh[2 * size :], b_hh[2 * size :]))
    return mixed(sigmoid(xz + hz), n, h)


@gru_cell.dialect(
    "gates z, r, n",
    latex=r"(z, r) = \sigma(W x + b_W + U h + b_U) \\ n = \tanh(W_n x + b_{Wn} + r (U_n h + b_{Un})) \\ h' = (1 - z) n + z h",
    sources=[Paper("Keras documentation", "keras.layers.GRU, reset_after", "https://keras.io/api/layers/recurrent_layers/gru/")],
    differs="the update gate's block comes before the reset gate's", telling=GRU, symbols=gates("zrn") | FIRST_TWO,
)  # fmt: skip
def _(x, h, w_ih, w_hh, b_ih, b_hh):
    xz, xr, xn = blocks(affine(x, w_ih, b_ih), 3)
    hz, hr, hn = blocks(affine(h, w_hh, b_hh), 3)
    return mixed(sigmoid(xz + hz), h, tanh(xn + sigmoid(xr + hr) * hn))


@gru_cell.law("only the sum of the two biases matters", when="the candidate's second bias is 0", outside=GRU)
def _(f, x, h, w_ih, w_hh, b_ih, b_hh):
    return f(x, h, w_ih, w_hh, b_ih, b_hh), f(x, h, w_ih, w_hh, b_ih + b_hh, 0 * b_hh)


@gru_cell.law("a state between -1 and 1 stays there", when="|h| <= 1", by="balls",
              outside=dict(x=np.zeros((1, 1)), h=np.full((1, 1), 4.0), w_ih=np.zeros((3, 1)), w_hh=np.zeros((3, 1)), b_ih=np.zeros(3), b_hh=np.zeros(3)))  # fmt: skip
def _(f, x, h, w_ih, w_hh, b_ih, b_hh):
    size = np.abs(f(x, h, w_ih, w_hh, b_ih, b_hh))
    return np.maximum(size, 1), np.ones_like(size)


@gru_cell.closed_form("with all weights zero the state is halved")
def _(f, x, h, w_ih, w_hh, b_ih, b_hh):
    return f(x, h, 0 * w_ih, 0 * w_hh, 0 * b_ih, 0 * b_hh), h / 2


gru_cell.wording(
    r"r_t = \sigma(W_r x_t + U_r h_{t-1} + b_r) \\ "
    r"z_t = \sigma(W_z x_t + U_z h_{t-1} + b_z) \\ "
    r"\tilde{h}_t = \tanh(W_h x_t + U_h (r_t h_{t-1}) + b_h) \\ "
    r"h_t = (1 - z_t) \tilde{h}_t + z_t h_{t-1}", dialect="reset before the matrix",
    symbols=gates("rzh") | {name: bias for name, bias in gates_in_one("rzh").items() if name[0] == "b"},
)  # fmt: skip
gru_cell.wording(
    r"z_t = \sigma(W_z [h_{t-1}, x_t]) \\ "
    r"r_t = \sigma(W_r [h_{t-1}, x_t]) \\ "
    r"\tilde{h}_t = \tanh(W [r_t h_{t-1}, x_t]) \\ "
    r"h_t = (1 - z_t) h_{t-1} + z_t \tilde{h}_t", dialect="reset before the matrix, and z takes the new",
    symbols={name: rows for name, rows in gates_in_one("rzn").items() if name in ("W_r", "W_z")} | {"W": gates_in_one("rzn")["W_n"]},
)  # fmt: skip
gru_cell.wording(
    r"r_t = \sigma(x_t W_{xr} + h_{t-1} W_{hr} + b_r) \\ "
    r"z_t = \sigma(x_t W_{xz} + h_{t-1} W_{hz} + b_z) \\ "
    r"\tilde{h}_t = \tanh(x_t W_{xh} + (r_t h_{t-1}) W_{hh} + b_h) \\ "
    r"h_t = z_t h_{t-1} + (1 - z_t) \tilde{h}_t", dialect="reset before the matrix",
    symbols=gates_in_rows("rzh"),
)  # fmt: skip
TWICE = gates("rzn")
gru_cell.wording(  # two biases where the reset gate tells one from the other, one elsewhere
    r"r = \sigma(W_r x + U_r h + b_r) \\ "
    r"z = \sigma(W_z x + U_z h + b_z) \\ "
    r"n = \tanh(W_n x + b_n + r \odot (U_n h + c_n)) \\ "
    r"h' = (1 - z) \odot n + z \odot h",
    symbols=TWICE | gates_in_one("rzn") | {name: TWICE[name] for name in ("W_r", "W_z", "W_n")}
    | {"b_n": TWICE["b_{Wn}"], "c_n": TWICE["b_{Un}"]},
)  # fmt: skip
UNBIASED = {name: rows for name, rows in gates("rzh").items() if name[0] != "b"}
gru_cell.wording(
    r"z_t = \sigma(W_z x_t + U_z h_{t-1}) \\ "
    r"r_t = \sigma(W_r x_t + U_r h_{t-1}) \\ "
    r"\tilde{h}_t = \tanh(r_t \odot (U_h h_{t-1}) + W_h x_t) \\ "
    r"h_t = (1 - z_t) \odot \tilde{h}_t + z_t \odot h_{t-1}", symbols=UNBIASED,
)  # fmt: skip
gru_cell.wording(
    r"z_t = \sigma(W_z x_t + U_z h_{t-1}) \\ "
    r"r_t = \sigma(W_r x_t + U_r h_{t-1}) \\ "
    r"\tilde{h}_t = \tanh(W_h x_t + U_h (r_t \odot h_{t-1})) \\ "
    r"h_t = (1 - z_t) \odot h_{t-1} + z_t \odot \tilde{h}_t",
    dialect="reset before the matrix, and z takes the new", symbols=UNBIASED,
)  # fmt: skip
