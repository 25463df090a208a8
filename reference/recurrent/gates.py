"""What the cells share: their weights, the blocks of their gates, and the way back through both."""

import numpy as np

from reference.domain import Array, real


def weights(blocks):
    """Both matrices and both biases, with the gates' blocks of rows one below the other."""
    rows = f"{blocks}*H" if blocks > 1 else "H"
    return dict(w_ih=Array(real, f"{rows} I"), w_hh=Array(real, f"{rows} H"), b_ih=Array(real, rows), b_hh=Array(real, rows))


def affine(x, w, b):
    """x Wᵀ + b for each row of x."""
    return np.einsum("ni,hi->nh", x, w) + b


def carried_back(name, rows, x, h, w_ih, w_hh):
    """From what enters the gates, of the input's side and the state's, to one of the arguments."""
    of_input, of_state = rows
    if name in ("x", "h"):
        return np.einsum("nk,ki->ni", *((of_input, w_ih) if name == "x" else (of_state, w_hh)))
    if name in ("w_ih", "w_hh"):
        return np.einsum("nk,ni->ki", *((of_input, x) if name == "w_ih" else (of_state, h)))
    return np.sum(of_input if name == "b_ih" else of_state, axis=0)


def blocks(x, count):
    """The columns of each gate."""
    size = x.shape[1] // count
    return [x[:, i * size : (i + 1) * size] for i in range(count)]


WEIGHTS = ("w_ih", "w_hh", "b_ih", "b_hh")
SAVED = "slopes of gates from saved values, which are 0 where a gate rounds to 1"
SIZES = dict(N=(1, 3), I=(1, 3), H=(1, 3))
STATE = dict(x=Array(real, "N I", batch="N"), h=Array(real, "N H", batch="N"))
