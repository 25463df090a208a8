"""Cells are also written without steps of time, with states as rows, and with weights that bear their gate's name."""

import numpy as np

from reference.recurrent.gates import gates, gates_in_rows
from reference.recurrent.gru import gru_cell
from reference.recurrent.lstm import lstm_cell
from reference.recurrent.sequences import gradient_through_time, recurrent_parameters


def labelled(letters):
    """What the letters of the gates stand for where states are rows and weights bear the gate's name above."""
    found = {}
    for name, block in gates_in_rows(letters).items():
        base, _, label = name.replace("{", "").replace("}", "").partition("_")
        found[f"{base}_{label[0]}^{{({label[-1]})}}" if base == "W" else f"b^{{({label})}}"] = block
    return found


def doubled(letters):
    """What they stand for where both matrices are W, told apart by the letters of where they come from."""
    found = {}
    for name, block in gates(letters).items():
        side = "i" if name[0] == "W" or name.startswith("b_{W") else "h"
        found[f"{name[0].replace('U', 'W')}_{{{side}{name.rstrip('}')[-1]}}}"] = block
    return found


lstm_cell.wording(
    r"f = \sigma(x_t W_x^{(f)} + h_{t-1} W_h^{(f)} + b^{(f)}) \\ "
    r"g = \tanh(x_t W_x^{(g)} + h_{t-1} W_h^{(g)} + b^{(g)}) \\ "
    r"i = \sigma(x_t W_x^{(i)} + h_{t-1} W_h^{(i)} + b^{(i)}) \\ "
    r"o = \sigma(x_t W_x^{(o)} + h_{t-1} W_h^{(o)} + b^{(o)}) \\ "
    r"c_t = f \odot c_{t-1} + i \odot g \\ "
    r"h_t = o \odot \tanh(c_t)",
    symbols=labelled("ifgo"),
)
gru_cell.wording(
    r"z = \sigma(x_t W_x^{(z)} + h_{t-1} W_h^{(z)} + b^{(z)}) \\ "
    r"r = \sigma(x_t W_x^{(r)} + h_{t-1} W_h^{(r)} + b^{(r)}) \\ "
    r"\tilde{h} = \tanh(x_t W_x + (r \odot h_{t-1}) W_h + b) \\ "
    r"h_t = (1 - z) \odot h_{t-1} + z \odot \tilde{h}",
    dialect="reset before the matrix, and z takes the new",
    symbols={name.replace("^{(n)}", ""): block for name, block in labelled("rzn").items()},
)
gru_cell.wording(
    r"r = \sigma(W_{ir} x + b_{ir} + W_{hr} h + b_{hr}) \\ "
    r"z = \sigma(W_{iz} x + b_{iz} + W_{hz} h + b_{hz}) \\ "
    r"n = \tanh(W_{in} x + b_{in} + r \odot (W_{hn} h + b_{hn})) \\ "
    r"h' = (1 - z) \odot n + z \odot h",
    symbols=doubled("rzn"),
)
lstm_cell.wording(
    r"i = \sigma(W_{ii} x + b_{ii} + W_{hi} h + b_{hi}) \\ "
    r"f = \sigma(W_{if} x + b_{if} + W_{hf} h + b_{hf}) \\ "
    r"g = \tanh(W_{ig} x + b_{ig} + W_{hg} h + b_{hg}) \\ "
    r"o = \sigma(W_{io} x + b_{io} + W_{ho} h + b_{ho}) \\ "
    r"c' = f \odot c + i \odot g \\ "
    r"h' = o \odot \tanh(c')",
    symbols=doubled("ifgo"),
)
recurrent_parameters.wording(
    r"n = 4 (n_h (n_x + n_h) + n_h)", dialect="one bias", given=lambda: dict(blocks=4), symbols={"n_h": "hidden", "n_x": "inputs"}
)
recurrent_parameters.wording(
    r"n = G h (d + h + 1)", dialect="one bias", symbols={"G": "blocks", "h": "hidden", "d": "inputs"}
)


def inner(h, w, *, steps):
    """The slope of the hyperbolic tangent at each step of a chain of states."""
    states = [h]
    for _ in range(steps):
        states.append(np.tanh(w * states[-1]))
    return lambda t: 1 - states[t] ** 2


def slopes(h, w, *, steps):
    """How each state of a chain moves with the one before."""
    at = inner(h, w, steps=steps)
    return lambda t: w * at(t)


def entering(h, w, *, steps):
    """How each state moves with what enters at the first step alone."""
    at = slopes(h, w, steps=steps)
    return lambda t: at(t) if t == 1 else 0.0


STEP, ENTRY = r"\frac{\partial h_j}{\partial h_{j-1}}", r"\frac{\partial h_k}{\partial W}"
BENT = r"\operatorname{diag}(\tanh'(a_j))"
CHAIN = rf"\frac{{\partial h_t}}{{\partial h_k}} = \prod_{{j=k+1}}^t {STEP}"
for chain in (CHAIN, rf"{CHAIN} = \prod_{{j=k+1}}^t {BENT} W"):
    gradient_through_time.wording(
        chain, symbols={STEP: slopes, BENT: inner, "t": "steps", "k": lambda: 0, "W": "w"}
    )
gradient_through_time.wording(
    rf"\frac{{\partial L_t}}{{\partial W}} = \sum_{{k=1}}^t \frac{{\partial L_t}}{{\partial h_t}} \left( \prod_{{j=k+1}}^t {STEP} \right) {ENTRY}",
    symbols={STEP: slopes, ENTRY: entering, r"\frac{\partial L_t}{\partial h_t}": lambda: lambda t: 1.0, "t": "steps"},
)
