"""Convolution of two sequences."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, real
from reference.functions import pi, windows

STUDY_NOTE = Note("000_301a927e2f22c6c5.md", line=63)
NUMPY = Paper("NumPy reference", "numpy.convolve, argument mode", "https://numpy.org/doc/stable/reference/generated/numpy.convolve.html")


@equation(
    latex=r"y[n] = \sum_{k=-\infty}^{\infty} x[k] \, h[n - k]",
    sources=[
        STUDY_NOTE,
        Note("001_468a25992c418006.md", label="math 8"),
        Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "equation 9.3", "https://www.deeplearningbook.org/contents/convnets.html"),
    ],
    domain=dict(x=Array(real, "M"), h=Array(real, "N")),
    sizes=dict(M=(1, 8), N=(1, 8)),
    outputs=("y",),
)
def discrete_convolution(x, h):
    """Multiplying two polynomials convolves their coefficients: M and N of them give M + N - 1.

    The filter is turned round and slid along the signal. This is the whole ("full") result, every place where the two
    meet. The notes print a small sigma where the sum sign is meant.
    """
    signal = np.pad(x, h.size - 1)
    return np.einsum("nk,k->n", windows(signal, h.shape), np.flip(h))


def central(x, h):
    """The middle of the whole result, as long as the longer of the two; an odd one out is dropped from the end."""
    start = (min(x.size, h.size) - 1) // 2
    return discrete_convolution(x, h)[start : start + max(x.size, h.size)]


@discrete_convolution.dialect(
    "same",
    latex=r"y_n = \sum_{k} x_k \, h_{n + \lfloor (\min(M, N) - 1) / 2 \rfloor - k}, \quad 0 \le n < \max(M, N)",
    sources=[NUMPY],
    differs="only the middle is kept, as long as the longer sequence",
    telling=dict(x=np.array([1.0, 2.0]), h=np.array([1.0, 1.0])),
)
def _(x, h):
    return central(x, h)


@discrete_convolution.dialect(
    "valid",
    latex=r"y_n = \sum_{k} x_k \, h_{n + \min(M, N) - 1 - k}, \quad 0 \le n \le \max(M, N) - \min(M, N)",
    sources=[NUMPY],
    differs="only the places where the two overlap wholly are kept",
    telling=dict(x=np.array([1.0, 2.0]), h=np.array([1.0, 1.0])),
)
def _(x, h):
    short, long = min(x.size, h.size), max(x.size, h.size)
    return discrete_convolution(x, h)[short - 1 : long]


@discrete_convolution.dialect(
    "cross-correlation",
    latex=r"y_n = \sum_{k} x_k \, h_{k - n + N - 1}",
    sources=[Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "equation 9.6", "https://www.deeplearningbook.org/contents/convnets.html")],
    differs="the filter is not turned round: what the layers of deep learning call convolution",
    telling=dict(x=np.array([1.0]), h=np.array([1.0, 2.0])),
)
def _(x, h):
    return discrete_convolution(x, np.flip(h))


@discrete_convolution.law("signal and filter may change places")
def _(f, x, h):
    return f(x, h), f(h, x)


@discrete_convolution.law("it is linear in the signal")
def _(f, a, x, c, y, h):
    return f(a * x + c * y, h), a * f(x, h) + c * f(y, h)


@discrete_convolution.closed_form("a unit impulse gives the filter back, delayed by the place of the impulse")
def _(f, h, *, place, length):
    impulse = np.where(np.arange(length) == place, 1 + 0 * h[0], 0 * h[0])
    return f(impulse, h), np.pad(h, (place, length - 1 - place))


@discrete_convolution.law("the result's polynomial is the product of the two polynomials")
def _(f, x, h, z):
    def polynomial(coefficients):
        return sum(c * z**k for k, c in enumerate(coefficients))

    return polynomial(f(x, h)), polynomial(x) * polynomial(h)


@discrete_convolution.closed_form("it is the product with a Toeplitz matrix, whose diagonals are constant")
def _(f, x, h):
    columns = [np.pad(h, (k, x.size - 1 - k)) for k in range(x.size)]
    return f(x, h), np.einsum("kn,k->n", np.stack(columns), x)


@discrete_convolution.law(
    "it associates",
    when="every product is kept whole",
    outside=dict(x=np.array([0.0, 1.0]), h=np.array([0.0, 1.0]), g=np.array([1.0, 0.0, 0.0]), keep="same"),
)
def _(f, x, h, g, *, keep="full"):
    by = {"full": f, "same": central}[keep]
    return by(by(x, h), g), by(x, by(h, g))


@discrete_convolution.law(
    "delaying the signal delays the result",
    when="nothing but zeros leaves at the border",
    outside=dict(x=np.array([0.0, 1.0]), h=np.array([1.0, 1.0])),
)
def _(f, x, h):
    return f(np.roll(x, 1), h), np.roll(f(x, h), 1)


@discrete_convolution.law(
    "it is the inverse Fourier transform of the product of the Fourier transforms",
    when="both are padded with zeros to L >= M + N - 1",
    outside=dict(x=np.array([1.0, 1.0]), h=np.array([1.0, 1.0]), L=2),
)
def _(f, x, h, *, L):
    angles = 2 * pi(like=x[0]) * np.outer(np.arange(L), np.arange(L)) / L
    cos, sin = np.cos(angles), np.sin(angles)

    def transformed(signal):
        padded = np.pad(signal, (0, L - signal.size))
        return np.einsum("kn,n->k", cos, padded), -np.einsum("kn,n->k", sin, padded)

    (a, b), (c, d) = transformed(x), transformed(h)
    back = (np.einsum("kn,k->n", cos, a * c - b * d) - np.einsum("kn,k->n", sin, a * d + b * c)) / L
    whole = x.size + h.size - 1
    return f(x, h)[:L], back[:whole]


discrete_convolution.limit(
    "one number with one number is their product",
    given=dict(x=np.array([3.0]), h=np.array([-2.0])),
    gives=np.array([-6.0]),
)
discrete_convolution.limit(
    "a NaN reaches the places where the filter touches it, and no others",
    given=dict(x=np.array([1.0, np.nan, 1.0, 1.0]), h=np.array([1.0, 1.0])),
    gives=np.array([1.0, np.nan, np.nan, 2.0, 1.0]),
)
discrete_convolution.limit(
    "an infinity under a filter's zero is NaN",
    given=dict(x=np.array([np.inf]), h=np.array([0.0, 1.0])),
    gives=np.array([np.nan, np.inf]),
)


discrete_convolution.wording(
    r"(x * h)[n] = \sum_{k=-\infty}^{\infty} x[k] \, h[n - k] = \sum_{k=-\infty}^{\infty} x[n - k] \, h[k]",
)  # fmt: skip
discrete_convolution.wording(
    r"(f * g)[n] = \sum_{m=-\infty}^{\infty} f[m] \, g[n - m]", symbols={"f": "x", "g": "h"},
)  # fmt: skip
discrete_convolution.wording(r"y[n] = x[n] * h[n] = \sum_{k=-\infty}^{\infty} x[k] \, h[n - k]")
discrete_convolution.wording(r"y[n] = x[n] * h[n] = \sum_{k=-\infty}^{\infty} h[k] \, x[n - k]")
discrete_convolution.wording(r"(f * g)(n) = \sum_{m} f(m) \, g(n - m)", symbols={"f": "x", "g": "h"})
