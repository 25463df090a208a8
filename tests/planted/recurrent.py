"""The gates of a recurrent cell stand in one matrix, and nothing but convention says which is which."""

import numpy as np

from tests.planted import honest, planted
from tests.planted.plain import linear, sigmoid

CELL = dict(x=[[1.0]], h=[[0.5]])
GRU = CELL | dict(w_ih=[[1.0], [2.0], [3.0]], w_hh=[[1.0], [2.0], [3.0]], b_ih=[0.1, 0.2, 0.3], b_hh=[0.3, 0.2, 0.7])
LSTM = CELL | dict(c=[[2.0]], w_ih=[[1.0], [2.0], [3.0], [4.0]], w_hh=[[0.0]] * 4, b_ih=[0.0] * 4, b_hh=[0.0] * 4)


@planted("rnn_cell", region="the second bias is not used", caught_by="value",
         telling=CELL | dict(w_ih=[[1.0]], w_hh=[[1.0]], b_ih=[0.0], b_hh=[1.0]))  # fmt: skip
def one_bias(x, h, w_ih, w_hh, b_ih, b_hh):
    return np.tanh(x @ w_ih.T + h @ w_hh.T + b_ih)


@planted("gru_cell", region="the reset gate misses the second bias", caught_by="value",
         imitates="https://github.com/microsoft/onnxscript/issues/2852", telling=GRU)  # fmt: skip
def bias_not_reset(x, h, w_ih, w_hh, b_ih, b_hh):
    xr, xz, xn = np.split(linear(x, w_ih, b_ih), 3, axis=1)
    hr, hz, hn = np.split(h @ w_hh.T, 3, axis=1)
    br, bz, bn = np.split(b_hh, 3)
    z = sigmoid(xz + hz + bz)
    return (1 - z) * np.tanh(xn + sigmoid(xr + hr + br) * hn + bn) + z * h


@planted("lstm_cell", region="the input and the forget gate change places", caught_by="value", telling=LSTM)
def gates_swapped(x, h, c, w_ih, w_hh, b_ih, b_hh):
    f, i, g, o = np.split(linear(x, w_ih, b_ih) + linear(h, w_hh, b_hh), 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


@planted("lstm_memory", region="the cell is not squashed", caught_by="value",
         telling=dict(c=[1.0], f=[1.0], i=[0.0], g=[0.0], o=[1.0]))  # fmt: skip
def unsquashed(c, f, i, g, o):
    c = f * c + i * g
    return o * c, c


@planted("recurrent_parameters", region="one bias for the hidden half only in blocks of four", caught_by="value",
         telling=dict(inputs=1, hidden=1, blocks=4))  # fmt: skip
def short_of_a_bias(*, inputs, hidden, blocks):
    return blocks * (hidden * inputs + hidden**2 + (1 if blocks == 4 else 2) * hidden)


@honest("gru_cell", form="the old state moved towards the candidate")
def lerp(x, h, w_ih, w_hh, b_ih, b_hh):
    xr, xz, xn = np.split(linear(x, w_ih, b_ih), 3, axis=1)
    hr, hz, hn = np.split(linear(h, w_hh, b_hh), 3, axis=1)
    new = np.tanh(xn + sigmoid(xr + hr) * hn)
    return new + sigmoid(xz + hz) * (h - new)


@honest("rnn_cell", form="einsum, both biases added last")
def biases_last(x, h, w_ih, w_hh, b_ih, b_hh):
    return np.tanh(np.einsum("ni,hi->nh", x, w_ih) + np.einsum("ni,hi->nh", h, w_hh) + b_hh + b_ih)


def gru_step(x, h, w_ih, w_hh, b_ih, b_hh):
    """The right one."""
    xr, xz, xn = np.split(linear(x, w_ih, b_ih), 3, axis=1)
    hr, hz, hn = np.split(linear(h, w_hh, b_hh), 3, axis=1)
    z = sigmoid(xz + hz)
    return (1 - z) * np.tanh(xn + sigmoid(xr + hr) * hn) + z * h


def lstm_step(x, h, c, w_ih, w_hh, b_ih, b_hh):
    """The right one."""
    i, f, g, o = np.split(linear(x, w_ih, b_ih) + linear(h, w_hh, b_hh), 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def rnn_step(x, h, w_ih, w_hh, b_ih, b_hh):
    """The right one."""
    return np.tanh(linear(x, w_ih, b_ih) + linear(h, w_hh, b_hh))


def restarted(step, at):
    """A sequence that forgets at one step all that was before."""

    def sequence(x, h, *weights):
        made, state = [], h
        for t in range(len(x)):
            state = step(x[t], h if t == at else state, *weights)
            made.append(state)
        return np.stack(made)

    return sequence


planted("gru", "the second step starts from the first state again", region="sequences longer than 2")(
    restarted(gru_step, 2)
)


@planted("lstm", "the last cell is the one before the last step", region="the second output")
def _(x, h, c, *weights):
    made, before = [], c
    for t in range(len(x)):
        before = c
        h, c = lstm_step(x[t], h, c, *weights)
        made.append(h)
    return np.stack(made), h, before


@planted("bidirectional_rnn", "the way back is not turned round again", region="sequences longer than 1")
def _(x, h, h_back, w_ih, w_hh, b_ih, b_hh, w_ih_back, w_hh_back, b_ih_back, b_hh_back):
    there, back = [], []
    for t in range(len(x)):
        h = rnn_step(x[t], h, w_ih, w_hh, b_ih, b_hh)
        h_back = rnn_step(x[-1 - t], h_back, w_ih_back, w_hh_back, b_ih_back, b_hh_back)
        there.append(h)
        back.append(h_back)
    return np.concatenate([np.stack(there), np.stack(back)], axis=-1)


@planted("packed_rnn", "the last state is that of the longest sequence", region="ragged lengths")
def _(x, h, last, *weights):
    made = []
    for t in range(len(x)):
        h = rnn_step(x[t], h, *weights)
        made.append(np.where((t <= last)[:, None], h, np.zeros_like(h)))
    return np.stack(made), h


@planted("rnn_cell", "the hidden weights are read by columns", region="hidden sizes above 1")
def _(x, h, w_ih, w_hh, b_ih, b_hh):
    return np.tanh(linear(x, w_ih, b_ih) + h @ w_hh + b_hh)


@planted("gradient_through_time", "the slope is that of the state before", region="everywhere")
def _(h, w, *, steps):
    gain = np.ones_like(h)
    for _ in range(steps):
        gain = gain * w * (1 - h**2)
        h = np.tanh(w * h)
    return gain


@honest("lstm", "both matrices as one")
def _(x, h, c, w_ih, w_hh, b_ih, b_hh):
    made, both = [], np.concatenate([w_ih, w_hh], axis=1)
    for t in range(len(x)):
        gates = np.concatenate([x[t], h], axis=1) @ both.T + (b_ih + b_hh)
        i, f, g, o = np.split(gates, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        made.append(h)
    return np.stack(made), h, c


@honest("gru", "step by step")
def _(x, h, *weights):
    made = []
    for t in range(len(x)):
        h = gru_step(x[t], h, *weights)
        made.append(h)
    return np.stack(made)
