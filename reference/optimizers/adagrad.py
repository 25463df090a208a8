"""Adagrad: each weight has a rate of its own, which every gradient lowers."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import lane, nonnegative, positive, real
from reference.optimizers.averages import ratio

NOTE = Note("001_468a25992c418006.md", label="math 6-3")


@equation(
    latex=r"""
        G_t = G_{t-1} + g_t^2 \\
        w_t = w_{t-1} - \eta \, \frac{g_t}{\sqrt{G_t} + \epsilon}
    """,
    sources=[
        Paper("Duchi, Hazan & Singer 2011, Adaptive Subgradient Methods", "Algorithm 1, diagonal", "https://jmlr.org/papers/v12/duchi11a.html"),
        NOTE,
        Note("003_ad5d26ecc7ac182d.md", line=87),
    ],
    domain=dict(w=lane(real), g=lane(real), G=lane(nonnegative), lr=positive, eps=positive),
    outputs=("w", "G"),
    differentiable=(),
)  # fmt: skip
def adagrad(w, g, G, *, lr, eps):
    """The rate of a weight falls with the square root of the sum of its squared gradients.

    G starts at 0 or at an initial accumulator, which frameworks offer as an option; a decay of the rate on top of this
    one is the schedule `inverse_time_decay`, taken before the step.
    """
    G = G + g**2
    return w - ratio(lr, g, np.sqrt(G) + eps), G


@adagrad.dialect(
    "eps-inside",
    latex=r"""
        G_t = G_{t-1} + g_t^2 \\
        w_t = w_{t-1} - \frac{\eta}{\sqrt{G_t + \epsilon}} \, g_t
    """,
    sources=[NOTE],
    differs="ε is added under the root",
    telling=dict(w=np.array([0.0]), g=np.array([1.0]), G=np.array([0.0]), lr=1.0, eps=1.0),
)
def _(w, g, G, *, lr, eps):
    G = G + g**2
    return w - ratio(lr, g, np.sqrt(G + eps)), G


@adagrad.dialect(
    "without eps",
    latex=r"""
        G_t = G_{t-1} + g_t^2 \\
        w_t = w_{t-1} - \eta \, \frac{g_t}{\sqrt{G_t}}
    """,
    sources=[Paper("Duchi, Hazan & Singer 2011, Adaptive Subgradient Methods", "Figure 1, with δ = 0", "https://jmlr.org/papers/v12/duchi11a.html")],
    differs="nothing keeps the root from 0: a weight that never had a gradient has no step",
    telling=dict(w=np.array([0.0]), g=np.array([1.0]), G=np.array([0.0]), lr=1.0, eps=1.0),
)
def _(w, g, G, *, lr, eps):
    G = G + g**2
    return w - ratio(lr, g, np.sqrt(G)), G


@adagrad.closed_form("the first step is η·g/(|g| + ε)", when="G starts at 0",
                     outside=dict(w=0.0, g=1.0, G=3.0, lr=1.0, eps=1.0))  # fmt: skip
def _(f, w, g, G, *, lr, eps):
    after, _ = f(w, g, G, lr=lr, eps=eps)
    return w - after, lr * g / (np.abs(g) + eps)


@adagrad.closed_form(
    "the k-th step under a constant gradient is η·sign(g)/√k",
    when="ε = 0, G starts at 0 and g is not 0",
    outside=dict(w=0.0, g=1.0, G=0.0, k=1, lr=1.0, eps=1.0),
)
def _(f, w, g, G, k, *, lr, eps):
    for _ in range(k):
        before, (w, G) = w, f(w, g, G, lr=lr, eps=eps)
    return (before - w) * np.sqrt(g**2 * k), lr * g


@adagrad.law("the accumulator, and with it the divisor of the rate, never falls")
def _(f, w, g, G, *, lr, eps):
    _, after = f(w, g, G, lr=lr, eps=eps)
    return np.maximum(after, G), after


@adagrad.law(
    "after n gradients the accumulator is at least n·c², so that the rate is at most η/(c√n)",
    when="each gradient is at least c > 0 in size",
    outside=dict(gradients=(1.0, 0.5, 0.25), c=1.0, lr=1.0, eps=1.0),
)
def _(f, gradients, c, *, lr, eps):
    """Hence the rate tends to 0 if the sum of squares diverges; gradients that halve leave a rate above η√3/2."""
    w, G = 0, 0
    for g in gradients:
        w, G = f(w, g, G, lr=lr, eps=eps)
    return np.maximum(G, len(gradients) * c**2), G


adagrad.limit("a weight without gradients stays, whatever the accumulator",
              given=dict(w=1.0, g=0.0, G=0.0, lr=1.0, eps=1e-10), gives=(1.0, 0.0))  # fmt: skip
adagrad.limit("a NaN in the gradient never leaves the accumulator",
              given=dict(w=1.0, g=np.nan, G=4.0, lr=1.0, eps=1e-10), gives=(np.nan, np.nan))  # fmt: skip


TWO = {"g": lambda g, G: lambda s: (np.sqrt(G), g)[s - 1], "t": lambda: 2}
adagrad.wording(  # of two gradients, of which the first has made G
    r"G_t = \sum_{s=1}^{t} g_s^2", symbols=TWO
)  # fmt: skip


adagrad.wording(r"w_{t+1,i} = w_{t,i} - \frac{\eta}{\sqrt{G_{t,ii} + \epsilon}} \, g_{t,i}", dialect="eps-inside")
SLOPE = r"\frac{\partial L}{\partial W}"
adagrad.wording(rf"h = h + {SLOPE} \odot {SLOPE} \\ W = W - \eta \frac{{1}}{{\sqrt{{h}} + \epsilon}} {SLOPE}", symbols={"h": "G", SLOPE: "g"})
adagrad.wording(
    rf"h = h + {SLOPE} \odot {SLOPE} \\ W = W - \eta \frac{{1}}{{\sqrt{{h}}}} {SLOPE}", dialect="without eps", symbols={"h": "G", SLOPE: "g"}
)
adagrad.wording(
    r"w_{t+1} = w_t - \frac{\eta}{\sqrt{\sum_{s=1}^{t} g_s^2} + \epsilon} \, g_t",
    symbols={r"\sum_{s=1}^{t} g_s^2": lambda G_after: lambda s: G_after},
)
adagrad.wording(
    r"w_{t+1,i} = w_{t,i} - \frac{\eta}{\sqrt{\sum_{s=1}^{t} g_{s,i}^2} + \epsilon} \, g_{t,i}",
    symbols={r"\sum_{s=1}^{t} g_{s,i}^2": lambda G_after: lambda s, i: G_after},
)
