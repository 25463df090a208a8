"""Back-propagation through time: the gradients of whole sequences, from the saved values of their gates."""

import numpy as np

from reference.recurrent.gates import SAVED, WEIGHTS, carried_back
from reference.recurrent.gru import gru_backwards, gru_cell
from reference.recurrent.lstm import lstm_backwards, lstm_cell
from reference.recurrent.sequences import encoder_decoder, gru, lstm


def gathered(steps, dh, w_ih, w_hh):
    """The gradients of inputs, first state and weights from (rows, x, h) of each step, the last step first."""
    made = {"x": np.stack([carried_back("x", *step, w_ih, w_hh) for step in reversed(steps)]), "h": dh}
    for name in WEIGHTS:
        made[name] = np.sum(np.stack([carried_back(name, *step, w_ih, w_hh) for step in steps]), axis=0)
    return made


def lstm_through_time(dstates, dh, dc, x, h, c, w_ih, w_hh, b_ih, b_hh):
    """The gradients of all arguments of an LSTM along a sequence."""
    before = [(h, c)]
    for t in range(x.shape[0]):
        before.append(lstm_cell(x[t], *before[-1], w_ih, w_hh, b_ih, b_hh))
    steps = []
    for t in reversed(range(x.shape[0])):
        gates, dc = lstm_backwards(dh + dstates[t], dc, x[t], *before[t], w_ih, w_hh, b_ih, b_hh)
        steps.append(((gates, gates), x[t], before[t][0]))
        dh = carried_back("h", *steps[-1], w_ih, w_hh)
    return gathered(steps, dh, w_ih, w_hh) | {"c": dc}


def gru_through_time(dstates, x, h, w_ih, w_hh, b_ih, b_hh):
    """The gradients of all arguments of a GRU along a sequence."""
    before = [h]
    for t in range(x.shape[0]):
        before.append(gru_cell(x[t], before[-1], w_ih, w_hh, b_ih, b_hh))
    steps, dh = [], np.zeros_like(h)
    for t in reversed(range(x.shape[0])):
        dh = dh + dstates[t]
        rows, z = gru_backwards(dh, x[t], before[t], w_ih, w_hh, b_ih, b_hh)
        steps.append((rows, x[t], before[t]))
        dh = dh * z + carried_back("h", *steps[-1], w_ih, w_hh)
    return gathered(steps, dh, w_ih, w_hh)


def both_through_time(dstates, x, h, y, *weights):
    """The gradients of encoder and decoder: the decoder's in its first state is all that reaches the encoder."""
    encoder, decoder = weights[:4], weights[4:]
    states = gru(x, h, *encoder)
    after = gru_through_time(dstates, y, states[-1], *decoder)
    last = np.concatenate([np.zeros_like(states[:-1]), after["h"][None]])
    inner = {f"{name}_out": after[name] for name in WEIGHTS}
    return gru_through_time(last, x, h, *encoder) | inner | {"y": after["x"]}


@lstm.backwards(*lstm.differentiable, facet=SAVED)
def _(dstates, dh, dc, *arguments):
    found = lstm_through_time(dstates, dh, dc, *arguments)
    return [found[name] for name in lstm.differentiable]


@gru.backwards(*gru.differentiable, facet=SAVED)
def _(dstates, *arguments):
    found = gru_through_time(dstates, *arguments)
    return [found[name] for name in gru.differentiable]


@encoder_decoder.backwards(*encoder_decoder.differentiable, facet=SAVED)
def _(dstates, *arguments):
    found = both_through_time(dstates, *arguments)
    return [found[name] for name in encoder_decoder.differentiable]
