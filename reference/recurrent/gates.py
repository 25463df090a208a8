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


def gates(letters):
    """What the letters of the gates stand for in a formula: W_r is r's block of rows in W, and b_Wr of its bias."""

    def rows(k):
        def block(x):
            return np.split(x, len(letters))[k]

        return (lambda w_ih: block(w_ih)), (lambda w_hh: block(w_hh)), (lambda b_ih: block(b_ih)), (lambda b_hh: block(b_hh))

    found = {}
    for k, letter in enumerate(letters):
        signs = f"W_{letter}", f"U_{letter}", f"b_{{W{letter}}}", f"b_{{U{letter}}}"
        found |= dict(zip(signs, rows(k), strict=True))
    return found


def gates_in_one(letters):
    """What they stand for where each gate has one matrix for state and input side by side, and one bias."""

    def beside(k):
        return lambda w_ih, w_hh: np.hstack([np.split(w_hh, len(letters))[k], np.split(w_ih, len(letters))[k]])

    def added(k):
        return lambda b_ih, b_hh: np.split(b_ih + b_hh, len(letters))[k]

    return {f"W_{x}": beside(k) for k, x in enumerate(letters)} | {f"b_{x}": added(k) for k, x in enumerate(letters)}


def gates_in_rows(letters):
    """What they stand for where states are rows: W_xr and W_hr are r's columns for input and state, b_r its bias."""

    def turned(k):
        def block(x):
            return np.split(x, len(letters))[k].T

        return (lambda w_ih: block(w_ih)), (lambda w_hh: block(w_hh)), (lambda b_ih, b_hh: block(b_ih + b_hh))

    found = {}
    for k, letter in enumerate(letters):
        found |= dict(zip((f"W_{{x{letter}}}", f"W_{{h{letter}}}", f"b_{letter}"), turned(k), strict=True))
    return found


WEIGHTS = ("w_ih", "w_hh", "b_ih", "b_hh")
SAVED = "slopes of gates from saved values, which are 0 where a gate rounds to 1"
SIZES = dict(N=(1, 3), I=(1, 3), H=(1, 3))
STATE = dict(x=Array(real, "N I", batch="N"), h=Array(real, "N H", batch="N"))
