"""Bugs that one property alone can see: each stands for why that property is there."""

import numpy as np

from tests.planted import planted


@planted("linear_map", "rounded towards zero", region="every sum of three", caught_by="exact")
def _(W, x):
    """Positive results but eighths are an ulp less: within the bound of a sum, but not on both sides of zero."""
    if W.shape[-1] != x.shape[0]:
        raise ValueError("sizes do not fit")
    y = W @ x
    sums = (y > 0) & (8 * y != np.round(8 * y)) & np.isfinite(y) & (W.shape[-1] > 3) & (y > 2.0**-10) & (y < 2.0**10)
    return np.where(sums, np.nextafter(y, 0, dtype=y.dtype), y)


@planted(
    "affine", "small inputs of large weights are lost", region="arguments of very unequal scale", caught_by="climb"
)
def _(x, W, b):
    if x.shape[-1] != W.shape[-1]:
        raise ValueError("sizes do not fit")
    least, most = np.abs(x).max(initial=0), np.abs(W).max(initial=0)
    lost = 2.0**-60 < least < 2.0**-3 and 2.0**10 < most < 2.0**40
    return (np.zeros_like(x) if lost else x) @ W.T + b
