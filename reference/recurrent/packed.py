"""Sequences of unequal lengths in one batch: each stops at its own end."""

import numpy as np

from reference.catalogue import Paper, equation
from reference.domain import Labels
from reference.recurrent.cells import ELMAN, RNN_NOTE, rnn_cell
from reference.recurrent.gates import weights
from reference.recurrent.sequences import SEQUENCE, SHORT, rnn

TORCH = Paper(
    "PyTorch, torch.nn.utils.rnn.pack_padded_sequence", "the description",
    "https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_padded_sequence.html",
)  # fmt: skip


@equation(
    latex=r"""
        h_{t,n} = \begin{cases} \tanh(W x_{t,n} + b_W + U h_{t-1,n} + b_U) & t \le l_n \\ h_{t-1,n} & t > l_n \end{cases} \\
        y_{t,n} = \begin{cases} h_{t,n} & t \le l_n \\ 0 & t > l_n \end{cases}
    """,
    sources=[RNN_NOTE, ELMAN, TORCH],
    domain=dict(**SEQUENCE, last=Labels("N", below="T"), **weights(1)),
    sizes=SHORT,
    outputs=("states", "h"),
)
def packed_rnn(x, h, last, w_ih, w_hh, b_ih, b_hh):
    """What stands behind a sequence's end is never read: neither its states nor its gradient depend on the padding.

    `last` is the position, from 0, of each sequence's last step.
    """
    passed = []
    for t in range(x.shape[0]):
        running = (t <= last)[:, None]
        h = np.where(running, rnn_cell(x[t], h, w_ih, w_hh, b_ih, b_hh), h)
        passed.append(np.where(running, h, np.zeros_like(h)))
    return np.stack(passed), h


@packed_rnn.law("a sequence in a batch ends in the state that it reaches alone")
def _(f, x, h, last, *parameters):
    _, ends = f(x, h, last, *parameters)
    alone = [rnn(x[: last[n] + 1, n : n + 1], h[n : n + 1], *parameters)[-1] for n in range(x.shape[1])]
    return ends, np.concatenate(alone)


@packed_rnn.closed_form(
    "where no sequence is shorter it is the plain network",
    when="all sequences are as long as the batch",
    outside=dict(
        x=np.ones((2, 1, 1)), h=np.zeros((1, 1)), last=np.array([0]),
        w_ih=np.ones((1, 1)), w_hh=np.ones((1, 1)), b_ih=np.zeros(1), b_hh=np.zeros(1),
    ),
)  # fmt: skip
def _(f, x, h, last, *parameters, **named):
    return f(x, h, last, *parameters, **named)[0], rnn(x, h, *parameters, **named)
