"""Convolution of two functions of a real variable: the integral, sampled and in closed form."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.convolution.discrete import discrete_convolution
from reference.domain import Array, lane, positive, real
from reference.functions import pi

NOTE_000 = Note("000_301a927e2f22c6c5.md", line=77)
NOTE_001 = Note("001_468a25992c418006.md", label="math 8")
BOOK = Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "equation 9.1", "https://www.deeplearningbook.org/contents/convnets.html")
TELLING = dict(f=np.array([1.0, 1.0]), g=np.array([1.0, 1.0]), step=1.0)


def stepwise(values, step):
    """The function whose value is one number on each piece of the line, in turn, and 0 outside."""

    def at(place):
        k = int(place if isinstance(place, int) else np.floor(place / step))
        return values[k] if 0 <= k < len(values) else 0.0

    return at


STEPS = {"f": lambda f, step: stepwise(f, step), "g": lambda g, step: stepwise(g, step)}


@equation(
    latex=r"(f * g)(n \Delta) = \int_{-\infty}^{\infty} f(\tau) \, g(n \Delta - \tau) \, d\tau = \Delta \sum_{k=0}^{n-1} f_k \, g_{n-1-k}",
    symbols=STEPS | {r"\Delta": "step"},
    sources=[NOTE_000, NOTE_001, BOOK],
    domain=dict(f=Array(real, "M"), g=Array(real, "N"), step=positive),
    sizes=dict(M=(1, 6), N=(1, 6)),
    outputs=("y",),
    certified_by="proof",
)
def convolution_integral(f, g, *, step):
    """The convolution of two staircases is the polygon through a Riemann sum: at its corners the sum is the integral.

    f is f_k from kΔ to (k+1)Δ and 0 outside, g likewise. The result is what the integral is at Δ, 2Δ, ..., (M+N-1)Δ;
    it is 0 at 0 and beyond, and straight in between. For other functions the sum tends to the integral with Δ where
    the support is compact or the tail is bounded by something that can be integrated.
    """
    return step * discrete_convolution(f, g)


@convolution_integral.misprint(
    "g at t",
    latex=r"(f * g)(t) = \int_{-\infty}^{\infty} f(t - \tau) \, g(t) \, d\tau",
    sources=[NOTE_001],
    differs="the second form has g(t) where g(τ) belongs, so that g leaves the integral: g(t) times the area of f",
    telling=TELLING,
)
def _(f, g, *, step):
    # g is continuous from the right, so that at Δ it is g_1
    return np.pad(g, (0, f.size))[1:] * (step * np.sum(f))


@convolution_integral.misprint(
    "from infinity to infinity",
    latex=r"(f * g)(t) = \int_{\infty}^{\infty} f(\tau) \, g(t - \tau) \, d\tau",
    sources=[NOTE_000],
    differs="the lower end has lost its minus sign, and an integral from one end to the same end is 0",
    telling=TELLING,
)
def _(f, g, *, step):
    return 0 * step * discrete_convolution(f, g)


@convolution_integral.closed_form("n steps of height 1 with n steps of height 1 are a triangle")
def _(f, one, *, n, step):
    heights = np.arange(1, 2 * n)
    box = np.stack([one] * n)
    return f(box, box, step=step), step * one * one * np.minimum(heights, 2 * n - heights)


@convolution_integral.closed_form("samples of exp(-t) up to t give t exp(-t), too large by one part in n")
def _(f, t, *, n):
    samples = np.exp(-np.arange(n + 1) * t / n)
    return f(samples, samples, step=t / n)[n], t * np.exp(-t) * (n + 1) / n


@convolution_integral.law("the area of the result is the product of the areas")
def _(f, x, y, *, step):
    # The polygon ends at 0 on both sides, so that the trapezoidal rule gives its area as a plain sum.
    return step * np.sum(f(x, y, step=step)), (step * np.sum(x)) * (step * np.sum(y))


def _integral(first, second, t, low, high):
    """What SymPy says about the integral of first(τ) second(t - τ)."""
    import sympy as sp

    tau = sp.Symbol("tau", real=True)
    return sp.integrate(first(tau) * second(t - tau), (tau, low, high))


@equation(
    latex=r"(\varphi_a * \varphi_b)(t) = \frac{e^{-t^2 / (2 (a^2 + b^2))}}{\sqrt{2 \pi (a^2 + b^2)}}",
    sources=[NOTE_001, BOOK],
    domain=dict(t=lane(real), a=positive, b=positive),
    outputs=("y",),
    certified_by="proof",
)
def gaussian_convolution(t, *, a, b):
    """Two Gaussians convolve to a Gaussian whose variance is the sum of theirs: independent errors add in squares."""
    variance = a**2 + b**2
    return np.exp(-(t**2) / (2 * variance)) / np.sqrt(2 * pi(like=t) * variance)


@gaussian_convolution.law("it is the convolution integral of two normal densities")
def _(f, t, *, a, b):
    import sympy as sp

    def density(s):
        return lambda x: sp.exp(-(x**2) / (2 * s**2)) / (sp.sqrt(2 * sp.pi) * s)

    wide, narrow = a.item(), b.item()
    return f(t, a=a, b=b), _integral(density(wide), density(narrow), t.item(), -sp.oo, sp.oo)


@equation(
    latex=r"(\Pi * \Pi)(t) = \max(0, 1 - |t|)",
    sources=[NOTE_001, BOOK],
    domain=dict(t=lane(real)),
    outputs=("y",),
    certified_by="proof",
)
def box_convolution(t):
    """A box of width 1 with itself is a triangle: the sum of two uniform errors is most often near its middle."""
    return np.maximum(1 - np.abs(t), 0)


@box_convolution.law("it is the convolution integral of two unit boxes")
def _(f, t):
    import sympy as sp

    half, middle = sp.Rational(1, 2), t.item()
    low, high = sp.Max(-half, middle - half), sp.Min(half, middle + half)
    return f(t), sp.Max(0, high - low)


@equation(
    latex=r"(e^{-a s} * e^{-b s})(t) = \frac{e^{-b t} - e^{-a t}}{a - b}",
    sources=[NOTE_001, BOOK],
    domain=dict(t=lane(positive), a=positive, b=positive),
    where=("a != b",),
    outputs=("y",),
    certified_by="proof",
)
def exponential_convolution(t, *, a, b):
    """Two decays in a row first rise and then fall; from t = 0 on, both being 0 before. With equal rates it is t e^(-at)."""
    return (np.exp(-b * t) - np.exp(-a * t)) / (a - b)


@exponential_convolution.law("it is the convolution integral of two decays that start at 0")
def _(f, t, *, a, b):
    import sympy as sp

    fast, slow = a.item(), b.item()
    return f(t, a=a, b=b), _integral(lambda x: sp.exp(-fast * x), lambda x: sp.exp(-slow * x), t.item(), 0, t.item())


convolution_integral.wording(
    r"(f * g)(t) = \int_{-\infty}^{\infty} f(\tau) \, g(t - \tau) \, d\tau = \int_{-\infty}^{\infty} f(t - \tau) \, g(\tau) \, d\tau",
    symbols={"f": lambda f: stepwise(f, 1), "g": lambda g: stepwise(g, 1), r"\Delta": lambda: 1.0},
)  # fmt: skip
convolution_integral.wording(
    r"s(t) = (f * g)(t) = \int_{-\infty}^{\infty} f(\tau) \, g(t - \tau) \, d\tau",
    symbols={"f": lambda f: stepwise(f, 1), "g": lambda g: stepwise(g, 1), r"\Delta": lambda: 1.0},
)  # fmt: skip
