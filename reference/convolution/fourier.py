"""By Fourier transforms a convolution is accurate in norm only: a small output may be off by a part of a large one.

A transform of N = 2^L numbers errs by at most Lη/(1 - Lη) of the 2-norm, with η = u + γ₄(√2 + u), for twiddles that are
off by u (Higham, theorem 24.2). A convolution is two transforms, a product with |ŵ| ≤ ‖w‖₁ and |x̂| ≤ ‖x‖₁ in each place,
and a transform back. Flushing may add to each of L stages a number below the smallest normal one, in each of N places.
"""

from math import ceil, log2, prod, sqrt

import numpy as np

from reference.catalogue import Paper
from reference.convolution.discrete import discrete_convolution
from reference.convolution.windowed import convolution_1d, convolution_2d, convolution_3d
from reference.functions import pair

HIGHAM = Paper("Higham 2002, Accuracy and Stability of Numerical Algorithms", "theorem 24.2", "https://doi.org/10.1137/1.9780898718027")
FOURIER = "fourier"


def gamma(n, u):
    """How far n roundings in a row may be off, relatively."""
    return n * u / (1 - n * u)


def norms(x, d):
    """The 1-norm and the 2-norm over the last d axes."""
    axes, size = tuple(range(x.ndim - d, x.ndim)), np.abs(x)
    most = np.max(size, axes, initial=0.0)
    scale = np.where((most > 0) & (most < np.inf), most, 1.0)  # so that no square overflows
    return np.sum(size, axes), scale * np.sqrt(np.sum((size / scale.reshape(*scale.shape, *(1,) * d)) ** 2, axes))


def reach(fmt, x, w, sizes, join):
    """How far each sum of products of spectra may be off in norm; `join` multiplies what goes together and adds it up."""
    d = len(sizes)
    N, L = prod(2 ** ceil(log2(size)) for size in sizes), sum(ceil(log2(size)) for size in sizes)
    eta = fmt.unit + gamma(4, fmt.unit) * (sqrt(2) + fmt.unit)
    tau, lost = L * eta / (1 - L * eta), 4 * L * sqrt(N) * fmt.floor
    (x1, x2), (w1, w2) = norms(x, d), norms(w, d)
    ex, ew = sqrt(N) * tau * x2 + lost, sqrt(N) * tau * w2 + lost  # of the spectra, whose 2-norms are √N times as large
    exact = sqrt(N) * join(x2, w1)
    off = join(x1, ew) + join(ex, w1) + join(ex, ew)
    off = off + (sqrt(2) * gamma(2, fmt.unit) + gamma(x.shape[-d - 1] if x.ndim > d else 1, fmt.unit)) * (exact + off) + lost
    back = (off + tau * (exact + off)) / sqrt(N) + lost
    most = fmt.largest / sqrt(2)  # an eighth of a turn adds both parts of a number before it shortens them
    beyond = join(1.0 * (x1 >= most), np.ones_like(w1)) + join(np.ones_like(x1), 1.0 * (w1 >= most))
    fits = (join(x1, w1) * N < most) & (beyond == 0)  # a spectrum may overflow where no output does
    return np.where(fits & ~np.isnan(back), back, np.inf)


def layer(fmt, x, w, padding, dilation, groups):
    """The same for all places of one output channel."""
    d = w.ndim - 2
    sizes = [
        n + 2 * p + e * (k - 1)
        for n, p, e, k in zip(x.shape[2:], pair(padding, d), pair(dilation, d), w.shape[2:], strict=True)
    ]
    N, O, A = len(x), len(w) // groups, w.shape[1]

    def join(a, b):
        return np.einsum("ngi,goi->ngo", a.reshape(N, groups, A), b.reshape(groups, O, A))

    found = reach(fmt, x, w, sizes, join)
    return found.reshape(len(x), len(w), *(1,) * d)


@discrete_convolution.normwise_bound(FOURIER, source=HIGHAM)
def _(fmt, x, h):
    return reach(fmt, x, h, [max(x.size + h.size - 1, 1)], np.multiply)


@convolution_1d.normwise_bound(FOURIER, source=HIGHAM)
def _(fmt, x, w, b, *, stride, padding, dilation, groups):
    return layer(fmt, x, w, padding, dilation, groups)


@convolution_2d.normwise_bound(FOURIER, source=HIGHAM)
def _(fmt, x, w, b, *, stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x, groups):
    return layer(fmt, x, w, (padding_y, padding_x), (dilation_y, dilation_x), groups)


@convolution_3d.normwise_bound(FOURIER, source=HIGHAM)
def _(fmt, x, w, b, *, stride, padding, dilation, groups):
    return layer(fmt, x, w, padding, dilation, groups)
