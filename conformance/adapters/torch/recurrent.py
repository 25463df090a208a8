"""Claims of torch about recurrent networks."""

import torch
from torch import Tensor
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from conformance.adapters.contract import implements


def loaded(layer: torch.nn.Module, like: Tensor, suffix: str, *weights: Tensor) -> dict[str, Tensor]:
    """The layer, moved to the dtype and device of a tensor, and its weights by name."""
    layer.to(like)
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    named = {name + suffix: w for name, w in zip(names, weights, strict=True)}
    for name, given in named.items():  # as load_state_dict does, which would cut the graph
        own = layer.get_parameter(name).shape
        if own != given.shape:
            raise ValueError(
                f"size mismatch for {name}: the layer has {tuple(own)}, and {tuple(given.shape)} was given"
            )
    return named


@implements("rnn_cell")
def rnn_cell(x: Tensor, h: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor) -> Tensor:
    layer = torch.nn.RNNCell(w_ih.shape[1], h.shape[1])
    made: Tensor = torch.func.functional_call(layer, loaded(layer, x, "", w_ih, w_hh, b_ih, b_hh), (x, h))
    return made


@implements("lstm_cell")
def lstm_cell(
    x: Tensor, h: Tensor, c: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor
) -> tuple[Tensor, ...]:
    layer = torch.nn.LSTMCell(w_ih.shape[1], h.shape[1])
    made: tuple[Tensor, ...] = torch.func.functional_call(
        layer, loaded(layer, x, "", w_ih, w_hh, b_ih, b_hh), (x, (h, c))
    )
    return made


@implements("gru_cell")
def gru_cell(x: Tensor, h: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor) -> Tensor:
    layer = torch.nn.GRUCell(w_ih.shape[1], h.shape[1])
    made: Tensor = torch.func.functional_call(layer, loaded(layer, x, "", w_ih, w_hh, b_ih, b_hh), (x, h))
    return made


@implements("rnn")
def rnn(x: Tensor, h: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor) -> Tensor:
    layer = torch.nn.RNN(w_ih.shape[1], h.shape[1])
    made = torch.func.functional_call(layer, loaded(layer, x, "_l0", w_ih, w_hh, b_ih, b_hh), (x, h[None]))
    states: Tensor = made[0]
    return states


@implements("packed_rnn")
def packed_rnn(
    x: Tensor, h: Tensor, last: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor
) -> tuple[Tensor, ...]:
    layer = torch.nn.RNN(w_ih.shape[1], h.shape[1])
    packed = pack_padded_sequence(x, (last + 1).cpu(), enforce_sorted=False)
    parameters = loaded(layer, x, "_l0", w_ih, w_hh, b_ih, b_hh)
    states, end = torch.func.functional_call(layer, parameters, (packed, h[None]))
    return pad_packed_sequence(states, total_length=len(x))[0], end[0]


@implements("lstm")
def lstm(x: Tensor, h: Tensor, c: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor) -> tuple[Tensor, ...]:
    layer = torch.nn.LSTM(w_ih.shape[1], h.shape[1])
    named = loaded(layer, x, "_l0", w_ih, w_hh, b_ih, b_hh)
    states, (last, cell) = torch.func.functional_call(layer, named, (x, (h[None], c[None])))
    return states, last[0], cell[0]


@implements("gru")
def gru(x: Tensor, h: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor) -> Tensor:
    layer = torch.nn.GRU(w_ih.shape[1], h.shape[1])
    made = torch.func.functional_call(layer, loaded(layer, x, "_l0", w_ih, w_hh, b_ih, b_hh), (x, h[None]))
    states: Tensor = made[0]
    return states


@implements("bidirectional_rnn")
def bidirectional_rnn(
    x: Tensor, h: Tensor, h_back: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor,
    w_ih_back: Tensor, w_hh_back: Tensor, b_ih_back: Tensor, b_hh_back: Tensor,
) -> Tensor:  # fmt: skip
    layer = torch.nn.RNN(w_ih.shape[1], h.shape[1], bidirectional=True)
    named = loaded(layer, x, "_l0", w_ih, w_hh, b_ih, b_hh)
    named |= loaded(layer, x, "_l0_reverse", w_ih_back, w_hh_back, b_ih_back, b_hh_back)
    states: Tensor = torch.func.functional_call(layer, named, (x, torch.stack([h, h_back])))[0]
    return states


@implements("encoder_decoder")
def encoder_decoder(
    x: Tensor, h: Tensor, y: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor,
    w_ih_out: Tensor, w_hh_out: Tensor, b_ih_out: Tensor, b_hh_out: Tensor,
) -> Tensor:  # fmt: skip
    encoder, decoder = (torch.nn.GRU(s.shape[2], h.shape[1]) for s in (x, y))
    named = loaded(encoder, x, "_l0", w_ih, w_hh, b_ih, b_hh)
    summary: Tensor = torch.func.functional_call(encoder, named, (x, h[None]))[1]
    named = loaded(decoder, y, "_l0", w_ih_out, w_hh_out, b_ih_out, b_hh_out)
    states: Tensor = torch.func.functional_call(decoder, named, (y, summary))[0]
    return states


@implements("gradient_through_time")
def gradient_through_time(h: Tensor, w: Tensor, *, steps: int) -> Tensor:
    start = h.detach().requires_grad_()
    last = start
    for _ in range(steps):
        last = torch.tanh(w * last)
    (gain,) = torch.autograd.grad(last.sum(), start)
    return gain


@implements("recurrent_parameters")
def recurrent_parameters(*, inputs: int, hidden: int, blocks: int) -> int:
    layer = {1: torch.nn.RNN, 3: torch.nn.GRU, 4: torch.nn.LSTM}[blocks](inputs, hidden, device="meta")
    return sum(p.numel() for p in layer.parameters())
