"""Adadelta: a step in the units of the weight, because the root of its past steps is the numerator."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, decay, lane, nonnegative, positive, real
from reference.functions import either
from reference.optimizers.averages import average
from reference.optimizers.rmsprop import rmsprop

NOTE = "001_468a25992c418006.md"
ZEILER = Paper("Zeiler 2012, ADADELTA: An Adaptive Learning Rate Method", "Algorithm 1", "https://arxiv.org/abs/1212.5701")

# The new step: roots of the two means, divided before the gradient is multiplied or after.
move = either(
    lambda above, g, below: np.sqrt(above) / np.sqrt(below) * g,
    lambda above, g, below: np.sqrt(above) * g / np.sqrt(below),
    lambda above, g, below: np.sqrt(above / below) * g,
)


@equation(
    latex=r"""
        G_t = \rho G_{t-1} + (1 - \rho) g_t^2 \\
        d_t = \frac{\sqrt{H_{t-1} + \epsilon}}{\sqrt{G_t + \epsilon}} \, g_t \\
        H_t = \rho H_{t-1} + (1 - \rho) d_t^2 \\
        w_t = w_{t-1} - \eta \, d_t
    """,
    sources=[ZEILER, Note(NOTE, label="math 6-4")],
    domain=dict(w=lane(real), g=lane(real), G=lane(nonnegative), H=lane(nonnegative), lr=positive, rho=decay, eps=positive),
    outputs=("w", "G", "H"),
    differentiable=(),
)
def adadelta(w, g, G, H, *, lr, rho, eps):
    """The step has the unit of the weight, so that no rate is needed: Zeiler and the notes have η = 1.

    Where a framework offers a rate, H holds the squares of the steps before they are multiplied by it.
    """
    G = average(rho, G, g**2)
    d = move(H + eps, g, G + eps)
    return w - lr * d, G, average(rho, H, d**2)


TELLING = dict(w=np.array([0.0]), g=np.array([2.0]), G=np.array([0.0]), H=np.array([0.0]), lr=0.5, rho=0.5, eps=1.0)


@adadelta.dialect(
    "rate-remembered",
    latex=r"""
        G_t = \rho G_{t-1} + (1 - \rho) g_t^2 \\
        d_t = \eta \, \frac{\sqrt{H_{t-1} + \epsilon}}{\sqrt{G_t + \epsilon}} \, g_t \\
        H_t = \rho H_{t-1} + (1 - \rho) d_t^2 \\
        w_t = w_{t-1} - d_t
    """,
    sources=[Note(NOTE, label="math 6-4")],
    differs="H holds the squares of what the weight really moved by, the rate included",
    telling=TELLING,
)
def _(w, g, G, H, *, lr, rho, eps):
    G = average(rho, G, g**2)
    d = lr * move(H + eps, g, G + eps)
    return w - d, G, average(rho, H, d**2)


@adadelta.law(
    "multiplying the loss by a positive number leaves the step as it is",
    when="ε = 0 and H > 0",
    outside=dict(w=0.0, g=1.0, G=0.0, H=0.0, factor=2.0, lr=1.0, rho=0.0, eps=1.0),
)
def _(f, w, g, G, H, factor, *, lr, rho, eps):
    plain, _, updates = f(w, g, G, H, lr=lr, rho=rho, eps=eps)
    scaled, _, same = f(w, factor * g, factor**2 * G, H, lr=lr, rho=rho, eps=eps)
    return (scaled, same), (plain, updates)


@adadelta.law("its two means do not depend on the rate")
def _(f, w, g, G, H, other, *, lr, rho, eps):
    return f(w, g, G, H, lr=lr, rho=rho, eps=eps)[1:], f(w, g, G, H, lr=other, rho=rho, eps=eps)[1:]


@adadelta.closed_form(
    "it never starts",
    when="ε = 0, H = 0 and g is not 0",
    outside=dict(w=0.0, g=1.0, G=0.0, H=0.0, lr=1.0, rho=0.0, eps=1.0),
)
def _(f, w, g, G, H, *, lr, rho, eps):
    after, _, updates = f(w, g, G, H, lr=lr, rho=rho, eps=eps)
    return (after, updates), (w, H * 0)


@rmsprop.law(
    "it is Adadelta with a step size, as the notes say",
    when="ε = 0 and η² = H > 0: the step size has to take the place of the numerator",
    outside=dict(w=0.0, g=1.0, v=0.0, H=1.0, lr=2.0, rho=0.0),
)
def _(f, w, g, v, H, *, lr, rho):
    """Adadelta times a step size would keep its numerator √(H + ε), which RMSprop has given up."""
    after, square = f(w, g, v, lr=lr, rho=rho, eps=0)
    other, same, _ = adadelta(w, g, v, H, lr=1, rho=rho, eps=0)
    return (after, square), (other, same)


adadelta.limit("a weight without gradients stays",
               given=dict(w=1.0, g=0.0, G=0.0, H=0.0, lr=1.0, rho=0.5, eps=1e-6), gives=(1.0, 0.0, 0.0))  # fmt: skip


@equation(
    latex=r"""
        G = \frac{1}{S} \left( g^2 + \sum_{s=2}^{S} q_s \right) \\
        H = \frac{1}{S} \sum_{s=1}^{S} u_s \\
        d = \frac{\sqrt{H + \epsilon}}{\sqrt{G + \epsilon}} \, g \\
        w' = w - d \\
        q'_s = \begin{cases} q_{s+1} & s < S \\ g^2 & s = S \end{cases} \\
        u'_s = \begin{cases} u_{s+1} & s < S \\ d^2 & s = S \end{cases}
    """,
    sources=[Note(NOTE, line=271), Paper("Zeiler 2012, ADADELTA: An Adaptive Learning Rate Method", "section 3.1", "https://arxiv.org/abs/1212.5701")],
    domain=dict(w=Array(real, "P"), g=Array(real, "P"), squares=Array(nonnegative, "S P"), updates=Array(nonnegative, "S P"), eps=positive),
    outputs=("w", "squares", "updates"),
    differentiable=(),
    certified_by="proof",
)  # fmt: skip
def adadelta_windowed(w, g, squares, updates, *, eps):
    """A window of S squares forgets the oldest one entirely, at the price of remembering S of them.

    The rows of the two windows go from the oldest to the newest; the exponential mean takes their place in practice.
    """
    squares = np.concatenate([squares[1:], (g**2)[None]])
    d = move(np.mean(updates, axis=0) + eps, g, np.mean(squares, axis=0) + eps)
    return w - d, squares, np.concatenate([updates[1:], (d**2)[None]])


@adadelta_windowed.law("the oldest square of a gradient has no influence on the step")
def _(f, w, g, squares, updates, other, *, eps):
    changed = np.concatenate([other[None], squares[1:]])
    return f(w, g, squares, updates, eps=eps), f(w, g, changed, updates, eps=eps)


adadelta.wording(
    r"G_t = \rho G_{t-1} + (1 - \rho) g_t^2 \\ "
    r"\Delta w_t = -\frac{\sqrt{H_{t-1} + \epsilon}}{\sqrt{G_t + \epsilon}} \, g_t \\ "
    r"w_{t+1} = w_t + \Delta w_t \\ "
    r"H_t = \rho H_{t-1} + (1 - \rho) (\Delta w_t)^2",
)  # fmt: skip
adadelta.wording(
    r"G_t = \rho G_{t-1} + (1 - \rho) g_t^2 \\ "
    r"w_{t+1} = w_t - \frac{\sqrt{H_{t-1} + \epsilon}}{\sqrt{G_t + \epsilon}} \, g_t \\ "
    r"H_t = \rho H_{t-1} + (1 - \rho) (\Delta w_t)^2",
    symbols={r"\Delta w": lambda w, w_after: w_after - w},
)  # fmt: skip
adadelta.wording(
    r"G_t = \rho G_{t-1} + (1 - \rho) g_t^2 \\ "
    r"d_t = \sqrt{\frac{H_{t-1} + \epsilon}{G_t + \epsilon}} \, g_t \\ "
    r"H_t = \rho H_{t-1} + (1 - \rho) d_t^2 \\ "
    r"w_t = w_{t-1} - d_t",
)  # fmt: skip
