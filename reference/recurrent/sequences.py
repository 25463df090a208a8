"""Recurrent networks along a sequence: forwards, in both directions, and from one sequence into another."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, choice, count, integer, lane, real
from reference.recurrent.cells import ELMAN, RNN_NOTE, rnn_cell
from reference.recurrent.gates import SIZES, weights
from reference.recurrent.gru import CHO, GRU_NOTE, gru_cell
from reference.recurrent.lstm import GERS, LSTM_NOTE, lstm_cell

VANISHING = Note("003_ad5d26ecc7ac182d.md", line=127)
BENGIO = Paper("Bengio, Simard & Frasconi 1994, Learning long-term dependencies with gradient descent is difficult", "section III", "https://doi.org/10.1109/72.279181")
SHORT = SIZES | dict(T=(1, 3), N=(1, 2), I=(1, 2), H=(1, 2))
SEQUENCE = dict(x=Array(real, "T N I"), h=Array(real, "N H"))


def states(x, h, cell):
    """The states after each step."""
    passed = []
    for t in range(x.shape[0]):
        h = cell(x[t], h)
        passed.append(h)
    return np.stack(passed)


@equation(
    latex=r"h_t = \tanh(W x_t + b_W + U h_{t-1} + b_U)",
    sources=[RNN_NOTE, ELMAN],
    domain=dict(**SEQUENCE, **weights(1)),
    sizes=SHORT,
    outputs=("states",),
)
def rnn(x, h, w_ih, w_hh, b_ih, b_hh):
    """Each state depends on all inputs up to its own and on none after."""
    return states(x, h, lambda x, h: rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh))


@equation(
    latex=r"(h_t, c_t) = \operatorname{LSTM}(x_t, h_{t-1}, c_{t-1})",
    sources=[LSTM_NOTE, GERS],
    domain=dict(**SEQUENCE, c=Array(real, "N H"), **weights(4)),
    sizes=SHORT,
    outputs=("states", "h", "c"),
)
def lstm(x, h, c, w_ih, w_hh, b_ih, b_hh):
    """Two lines run along the sequence: the state that is shown, and the cell that is kept."""
    passed = []
    for t in range(x.shape[0]):
        h, c = lstm_cell(x[t], h, c, w_ih, w_hh, b_ih, b_hh)
        passed.append(h)
    return np.stack(passed), h, c


@equation(
    latex=r"h_t = \operatorname{GRU}(x_t, h_{t-1})",
    sources=[GRU_NOTE, CHO],
    domain=dict(**SEQUENCE, **weights(3)),
    sizes=SHORT,
    outputs=("states",),
)
def gru(x, h, w_ih, w_hh, b_ih, b_hh):
    """Where the state begins between -1 and 1 it stays there: each step mixes it with a tanh."""
    return states(x, h, lambda x, h: gru_cell(x, h, w_ih, w_hh, b_ih, b_hh))


def prefixes(f, x, *others):
    """The first states of a sequence, and the states of its beginning alone."""
    whole, part = f(x, *others), f(x[:-1], *others)
    return (whole[0][:-1], part[0]) if isinstance(whole, tuple) else (whole[:-1], part)


for network in (rnn, lstm, gru):

    @network.law("the beginning does not know how it goes on")
    def _(f, x, *others):
        return prefixes(f, x, *others)


@rnn.law("a sequence may be cut anywhere if the state is handed over")
def _(f, x, h, *parameters):
    first = f(x[:1], h, *parameters)
    return f(x, h, *parameters), np.concatenate([first, f(x[1:], first[0], *parameters)])


BACKWARD = {f"{name}_back": kind for name, kind in weights(1).items()}


@equation(
    latex=r"""
        a_t = \tanh(W x_t + b_W + U a_{t-1} + b_U) \\
        z_t = \tanh(W' x_t + b_W' + U' z_{t+1} + b_U') \\
        y_t = (a_t, z_t)
    """,
    symbols={"a": "h", "z": "h_back", "W'": "w_ih_back", "U'": "w_hh_back", "b_W'": "b_ih_back", "b_U'": "b_hh_back"},
    sources=[RNN_NOTE, Paper("Schuster & Paliwal 1997, Bidirectional Recurrent Neural Networks", "section II", "https://doi.org/10.1109/78.650093")],
    domain=dict(**SEQUENCE, h_back=Array(real, "N H"), **weights(1), **BACKWARD),
    sizes=SHORT,
    outputs=("states",),
)
def bidirectional_rnn(x, h, h_back, w_ih, w_hh, b_ih, b_hh, w_ih_back, w_hh_back, b_ih_back, b_hh_back):
    """Every output knows the whole sequence, so none can be given before the sequence has ended."""
    forwards = rnn(x, h, w_ih, w_hh, b_ih, b_hh)
    backwards = rnn(np.flip(x, axis=0), h_back, w_ih_back, w_hh_back, b_ih_back, b_hh_back)
    return np.concatenate([forwards, np.flip(backwards, axis=0)], axis=-1)


@bidirectional_rnn.law("reversing the sequence and exchanging the directions reverses the outputs and exchanges their halves")
def _(f, x, h, h_back, *parameters):
    ahead, back = parameters[:4], parameters[4:]
    turned = np.flip(f(np.flip(x, axis=0), h_back, h, *back, *ahead), axis=0)
    size = h.shape[1]
    return f(x, h, h_back, *ahead, *back), np.concatenate([turned[..., size:], turned[..., :size]], axis=-1)


DECODER = {f"{name}_out": Array(kind.kind, kind.axes.replace("I", "J")) for name, kind in weights(3).items()}


@equation(
    latex=r"h_t = \operatorname{GRU}(x_t, h_{t-1}) \\ s_0 = h_T \\ s_u = \operatorname{GRU}'(y_u, s_{u-1})",
    sources=[Note("001_468a25992c418006.md", line=41), CHO],
    domain=dict(**SEQUENCE, y=Array(real, "U N J"), **weights(3), **DECODER),
    sizes=SHORT | dict(U=(1, 3), J=(1, 2)),
    outputs=("states",),
)
def encoder_decoder(x, h, y, w_ih, w_hh, b_ih, b_hh, w_ih_out, w_hh_out, b_ih_out, b_hh_out):
    """All that the second sequence learns of the first passes through one state, however long the first is."""
    summary = gru(x, h, w_ih, w_hh, b_ih, b_hh)[-1]
    return gru(y, summary, w_ih_out, w_hh_out, b_ih_out, b_hh_out)


@encoder_decoder.law("all that matters of a beginning is the state that it ends in")
def _(f, x, h, y, *parameters):
    passed = gru(x[:1], h, *parameters[:4])[0]
    return f(x, h, y, *parameters), f(x[1:], passed, y, *parameters)


@equation(
    latex=r"h_t = \tanh(w h_{t-1}) \\ \frac{\partial h_T}{\partial h_0} = \prod_{t=1}^T w (1 - h_t^2)",
    sources=[VANISHING, BENGIO],
    domain=dict(h=lane(real), w=lane(real), steps=integer(1, 6)),
    outputs=("gain",),
    differentiable=(),
)
def gradient_through_time(h, w, *, steps):
    """A gradient through time is a product of as many Jacobians as there are steps, so it decays or grows geometrically."""
    gain = np.ones_like(h)
    for _ in range(steps):
        h = np.tanh(w * h)
        gain = gain * w * (1 - h**2)
    return gain


@gradient_through_time.law("the gradient has decayed to less than |w| to the number of steps", when="|w| < 1", by="balls",
                           outside=dict(h=0.0, w=2.0, steps=1))  # fmt: skip
def _(f, h, w, *, steps):
    size = np.abs(f(h, w, steps=steps))
    most = np.minimum(np.abs(w), 1) ** steps
    return np.maximum(size, most), most


@gradient_through_time.closed_form("around 0 each step multiplies by w", when="h = 0", outside=dict(h=1.0, w=2.0, steps=1))
def _(f, h, w, *, steps):
    return f(h, w, steps=steps), w**steps


@equation(
    latex=r"n = b (H I + H^2 + 2 H)",
    sources=[GRU_NOTE, LSTM_NOTE],
    domain=dict(inputs=count, hidden=count, blocks=choice(1, 3, 4)),
    outputs=("parameters",),
    dtype="exact",
)
def recurrent_parameters(*, inputs, hidden, blocks):
    """A GRU has three blocks where an LSTM has four and a simple network one: three quarters of the parameters."""
    return blocks * (hidden * inputs + hidden**2 + 2 * hidden)


@recurrent_parameters.dialect(
    "one bias", latex=r"n = b (H I + H^2 + H)", sources=[Paper("Keras documentation", "keras.layers.LSTM", "https://keras.io/api/layers/recurrent_layers/lstm/")],
    differs="a block has one bias, since only the sum of two would matter", telling=dict(inputs=1, hidden=1, blocks=1),
)  # fmt: skip
def _(*, inputs, hidden, blocks):
    return blocks * (hidden * inputs + hidden**2 + hidden)


@recurrent_parameters.law("a GRU has three quarters of an LSTM's parameters")
def _(f, inputs, hidden):
    return 4 * f(inputs=inputs, hidden=hidden, blocks=3), 3 * f(inputs=inputs, hidden=hidden, blocks=4)


rnn.wording(r"h_t = \tanh(W x_t + U h_{t-1} + b)")
rnn.wording(
    r"h_t = \tanh(W [h_{t-1}, x_t] + b)",
    symbols={"W": lambda w_ih, w_hh: np.hstack([w_hh, w_ih]), "b": lambda b_ih, b_hh: b_ih + b_hh},
)


rnn.wording(r"h_t = \tanh(W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh})")
ANY = {"phi": lambda: np.tanh, "b_h": lambda b_ih, b_hh: b_ih + b_hh}  # a function of the author's own
rnn.wording(r"h_t = \phi(W_{xh} x_t + W_{hh} h_{t-1} + b_h)", symbols=ANY | {"W_{xh}": "w_ih", "W_{hh}": "w_hh"})
rnn.wording(
    r"h_t = \phi(x_t W_{xh} + h_{t-1} W_{hh} + b_h)",
    symbols=ANY | {"W_{xh}": lambda w_ih: w_ih.T, "W_{hh}": lambda w_hh: w_hh.T},
)  # fmt: skip
rnn.wording(r"h_t = \tanh(W_{hh} h_{t-1} + W_{xh} x_t)", symbols={"W_{xh}": "w_ih", "W_{hh}": "w_hh"})
