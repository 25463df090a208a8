"""What the laws ask of an optimizer with one buffer on the loss λw²/2: does it converge, and how fast."""

import numpy as np


def trace_and_determinant(step):
    """The two coefficients of the characteristic polynomial z² - trace·z + determinant of (w, a) -> step(w, a)."""
    (ww, aw), (wa, aa) = step(1, 0), step(0, 1)
    return ww + aa, ww * aa - wa * aw


def shrinks(trace, determinant):
    """Whether both roots of z² - trace·z + determinant lie inside the unit circle (Jury's criterion)."""
    return (np.abs(determinant) < 1) & (np.abs(trace) < 1 + determinant)
