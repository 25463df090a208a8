"""A recurrent layer makes the same small mistake at each step, and squashes it each time."""

import numpy as np
import torch

from tests.planted import planted
from tests.planted.elsewhere.slopes import sloped
from tests.planted.plain import linear
from tests.planted.recurrent import gru_step, lstm_step, rnn_step


def run(step, x, h, *weights):
    """All states of a sequence."""
    made = []
    for row in x:
        h = step(row, h, *weights)
        made.append(h)
    return np.stack(made)


@planted("rnn_cell", "tanh by a quotient of exponentials", region="sums above 355, in float32 above 44")
def _(x, h, w_ih, w_hh, b_ih, b_hh):
    with np.errstate(all="ignore"):
        e = np.exp(2 * (linear(x, w_ih, b_ih) + linear(h, w_hh, b_hh)))
        return (e - 1) / (e + 1)


@planted("gru_cell", "the two biases of the candidate change places", region="biases that differ")
def _(x, h, w_ih, w_hh, b_ih, b_hh):
    n = 2 * h.shape[1]
    return gru_step(x, h, w_ih, w_hh, np.append(b_ih[:n], b_hh[n:]), np.append(b_hh[:n], b_ih[n:]))


@planted("lstm_cell", "the forget gate has a bias of one more", region="everywhere")
def _(x, h, c, w_ih, w_hh, b_ih, b_hh):
    forget = np.repeat(np.array([0, 1, 0, 0], b_ih.dtype), h.shape[1])
    return lstm_step(x, h, c, w_ih, w_hh, b_ih + forget, b_hh)


@planted("lstm_memory", "a forget gate that is wide open lets nothing in", region="f of exactly 1")
def _(c, f, i, g, o):
    c = np.where(f == 1, c, f * c + i * g)
    return o * np.tanh(c), c


@planted("lstm_memory", "the cell is cut at ten", region="cells beyond 10")
def _(c, f, i, g, o):
    c = np.clip(f * c + i * g, -10, 10).astype(c.dtype)
    return o * np.tanh(c), c


@planted("lstm", "a state of zeros is no state, and its cell is none", region="h of zeros, c of others")
def _(x, h, c, *weights):
    c, made = (c if np.any(h) else np.zeros_like(c)), []
    for row in x:
        h, c = lstm_step(row, h, c, *weights)
        made.append(h)
    return np.stack(made), h, c


@planted("gru", "all samples start from the first one's state", region="batches above one")
def _(x, h, *weights):
    return run(gru_step, x, np.repeat(h[:1], len(h), axis=0), *weights)


@planted("rnn", "the slope ends two steps back", region="sequences of three and more", caught_by="gradient",
         over="torch")  # fmt: skip
def _(x, h, w_ih, w_hh, b_ih, b_hh):
    made = []
    for t in range(len(x)):
        h = h.detach() if t >= 2 else h
        h = torch.tanh(x[t] @ w_ih.T + b_ih + h @ w_hh.T + b_hh)
        made.append(h)
    return torch.stack(made)


@planted("bidirectional_rnn", "both ways start from one state", region="states that differ")
def _(x, h, h_back, w_ih, w_hh, b_ih, b_hh, w_ih_back, w_hh_back, b_ih_back, b_hh_back):
    there = run(rnn_step, x, h, w_ih, w_hh, b_ih, b_hh)
    back = run(rnn_step, x[::-1], h, w_ih_back, w_hh_back, b_ih_back, b_hh_back)
    return np.concatenate([there, back[::-1]], axis=-1)


@planted("packed_rnn", "behind the end stands the last state", region="ragged lengths")
def _(x, h, last, *weights):
    made = []
    for t in range(len(x)):
        h = np.where((t <= last)[:, None], rnn_step(x[t], h, *weights), h)
        made.append(h)
    return np.stack(made), h


@planted("packed_rnn", "a sequence that has ended passes no slope on", region="ragged lengths", caught_by="gradient",
         over="torch")  # fmt: skip
def _(x, h, last, w_ih, w_hh, b_ih, b_hh):
    made = []
    for t in range(len(x)):
        running = (t <= last)[:, None]
        h = torch.where(running, torch.tanh(x[t] @ w_ih.T + b_ih + h @ w_hh.T + b_hh), h.detach())
        made.append(torch.where(running, h, torch.zeros_like(h)))
    return torch.stack(made), h


@planted("gru_cell", "the reset gate has no slope", region="the backward pass", caught_by="gradient", over="torch")
def _(x, h, w_ih, w_hh, b_ih, b_hh):
    (xr, xz, xn), (hr, hz, hn) = (x @ w_ih.T + b_ih).chunk(3, 1), (h @ w_hh.T + b_hh).chunk(3, 1)
    r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
    right, flat = (torch.tanh(xn + gate * hn) for gate in (r, r.detach()))
    return sloped((1 - z) * right + z * h, (1 - z) * flat + z * h)


@planted("encoder_decoder", "what is handed over passes through half the digits", region="everywhere, slightly")
def _(x, h, y, w_ih, w_hh, b_ih, b_hh, w_ih_out, w_hh_out, b_ih_out, b_hh_out):
    summary = run(gru_step, x, h, w_ih, w_hh, b_ih, b_hh)[-1]
    narrow = np.float32 if x.dtype == np.float64 else np.float16
    return run(gru_step, y, summary.astype(narrow).astype(x.dtype), w_ih_out, w_hh_out, b_ih_out, b_hh_out)


@planted("gradient_through_time", "the way back ends after five steps", region="six steps")
def _(h, w, *, steps):
    gain = np.ones_like(h)
    for t in range(steps):
        h = np.tanh(w * h)
        gain = gain * w * (1 - h**2) if steps - t <= 5 else gain
    return gain


@planted("recurrent_parameters", "inputs are squared, not states", region="sizes that differ")
def _(*, inputs, hidden, blocks):
    return blocks * (hidden * inputs + inputs**2 + 2 * hidden)
