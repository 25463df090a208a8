"""Rates that go down and up again: cosines, restarts, triangles, and the one cycle."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import count, integer, lane, natural, nonnegative, positive
from reference.functions import pi
from reference.schedules.decays import keras, torch

NOTE = Note("003_ad5d26ecc7ac182d.md", line=98)
SGDR = Paper("Loshchilov & Hutter 2017, SGDR: Stochastic Gradient Descent with Warm Restarts", "equation 5", "https://arxiv.org/abs/1608.03983")
CYCLIC = Paper("Smith 2017, Cyclical Learning Rates for Training Neural Networks", "section 3", "https://arxiv.org/abs/1506.01186")
ONE_CYCLE = Paper("Smith & Topin 2018, Super-Convergence", "section 4", "https://arxiv.org/abs/1708.07120")


def half_cosine(start, end, elapsed, length):
    """From start to end along half a wave; elapsed and length are numbers of steps."""
    return end + (start - end) * (1 + np.cos(pi(like=start) * elapsed / length)) / 2


@equation(
    latex=r"\eta_t = \eta_{min} + \frac{1}{2} (\eta_0 - \eta_{min}) \left( 1 + \cos \frac{\pi t}{T} \right)",
    sources=[NOTE, SGDR, torch("CosineAnnealingLR")],
    domain=dict(lr=lane(positive), epoch=natural, total=count, low=nonnegative),
    outputs=("lr",),
    differentiable=(),
)
def cosine_annealing(lr, *, epoch, total, low):
    """The rate falls slowly at both ends and fastest in the middle; after T epochs it rises again."""
    return half_cosine(lr, low, epoch, total)


@cosine_annealing.dialect(
    "held",
    latex=r"\eta_t = \eta_{min} + \frac{1}{2} (\eta_0 - \eta_{min}) \left( 1 + \cos \frac{\pi \min(t, T)}{T} \right)",
    sources=[keras("CosineDecay")],
    differs="after T epochs the rate stays where it is",
    telling=dict(lr=np.array([1.0]), epoch=2, total=1, low=0.0),
)
def _(lr, *, epoch, total, low):
    return half_cosine(lr, low, min(epoch, total), total)


@cosine_annealing.law("the rates at t and T - t lie equally far from the middle")
def _(f, lr, *, epoch, total, low):
    here, there = (f(lr, epoch=t, total=total, low=low) for t in (epoch, total - epoch))
    return here + there, lr + low


@cosine_annealing.law(
    "the next distance from the lowest rate is this one times the quotient of their 1 + cos",
    when="the rate is not at its lowest",
    outside=dict(lr=1.0, epoch=1, total=1, low=0.0),
)
def _(f, lr, *, epoch, total, low):
    """The chained form, which divides by the distance: nothing leads on from the lowest rate."""
    here, after = (f(lr, epoch=t, total=total, low=low) for t in (epoch, epoch + 1))
    now, then = (1 + np.cos(pi(like=lr) * t / total) for t in (epoch, epoch + 1))
    return after - low, (here - low) * (then / now)


def restart(epoch, first, factor):
    """The epochs since the last restart, and the length of the cycle that runs."""
    while epoch >= first:
        epoch, first = epoch - first, first * factor
    return epoch, first


@equation(
    latex=r"""
        i = \max \left\{ k : s_k \le t \right\}, \quad s_k = T_0 \sum_{j=0}^{k-1} f^j \\
        T_{cur} = t - s_i, \quad T_i = T_0 f^i \\
        \eta_t = \eta_{min} + \frac{1}{2} (\eta_0 - \eta_{min}) \left( 1 + \cos \frac{\pi T_{cur}}{T_i} \right)
    """,
    symbols={"f": "factor", "T_0": "first"},
    sources=[NOTE, SGDR, torch("CosineAnnealingWarmRestarts")],
    domain=dict(lr=lane(positive), epoch=natural, first=count, factor=integer(1, 3), low=nonnegative),
    outputs=("lr",),
    differentiable=(),
)
def cosine_restarts(lr, *, epoch, first, factor, low):
    """At each restart the rate jumps back to the top, and the cycle that begins is `factor` times as long as the last."""
    elapsed, length = restart(epoch, first, factor)
    return half_cosine(lr, low, elapsed, length)


@cosine_restarts.law("the i-th restart comes after T₀(1 + f + ... + fⁱ⁻¹) epochs and gives the first rate back")
def _(f, lr, *, first, factor, low, i):
    epoch = first * sum(factor**k for k in range(i))
    return f(lr, epoch=epoch, first=first, factor=factor, low=low), lr


def triangle(height, x, up, down):
    """How high a slope of this height has risen, or is still, at step x of its cycle."""
    return height * x / up if x <= up else height * (up + down - x) / down


@equation(
    latex=r"""
        c = \left\lfloor \frac{t}{U + D} \right\rfloor \\
        x = t - c (U + D) \\
        \eta_t = \eta_{min} + (\eta_{max} - \eta_{min}) \min \left( \frac{x}{U}, \frac{U + D - x}{D} \right)
    """,
    sources=[NOTE, CYCLIC, torch("CyclicLR")],
    domain=dict(lr=lane(positive), top=lane(positive), epoch=natural, up=count, down=count),
    outputs=("lr",),
    differentiable=(),
    symbols={r"\eta_{min}": "lr"},
)
def cyclic_rate(lr, top, *, epoch, up, down):
    """A triangle between two rates has the mean of the two as its mean, however steep its sides are."""
    return lr + triangle(top - lr, epoch % (up + down), up, down)


@cyclic_rate.dialect(
    "halving",
    latex=r"""
        c = \left\lfloor \frac{t}{U + D} \right\rfloor \\
        x = t - c (U + D) \\
        \eta_t = \eta_{min} + \frac{\eta_{max} - \eta_{min}}{2^c} \min \left( \frac{x}{U}, \frac{U + D - x}{D} \right)
    """,
    sources=[CYCLIC],
    differs="each triangle is half as high as the one before (triangular2)",
    telling=dict(lr=np.array([0.0]), top=np.array([1.0]), epoch=3, up=1, down=1),
)
def _(lr, top, *, epoch, up, down):
    cycle, x = divmod(epoch, up + down)
    return lr + triangle((top - lr) / 2**cycle, x, up, down)


@cyclic_rate.closed_form("over whole cycles the mean is the mean of both rates", when="U + D divides the number of epochs",
                         outside=dict(lr=0.0, top=1.0, start=0, epochs=3, up=1, down=1))  # fmt: skip
def _(f, lr, top, *, start, epochs, up, down):
    rates = [f(lr, top, epoch=start + t, up=up, down=down) for t in range(epochs)]
    return sum(rates) * 2, epochs * (lr + top)


@equation(
    latex=r"""
        \eta_t = \begin{cases}
            \eta_{max} + \frac{1}{2} (\eta_{max}/\delta - \eta_{max}) (1 + \cos \frac{\pi t}{W}) & t \le W \\
            \frac{\eta_{max}}{\delta \phi} + \frac{1}{2} (\eta_{max} - \frac{\eta_{max}}{\delta \phi}) (1 + \cos \frac{\pi (t - W)}{T - 1 - W}) & \text{otherwise}
        \end{cases}
    """,
    sources=[NOTE, ONE_CYCLE, torch("OneCycleLR")],
    domain=dict(top=lane(positive), epoch=natural, warm=count, total=integer(3, 20), div=positive, final=positive),
    outputs=("lr",),
    where=("warm < total - 1", "epoch < total"),
    differentiable=(),
)
def one_cycle(top, *, epoch, warm, total, div, final):
    """One rise to the highest rate and one long fall far below the first: the whole training is a single cycle.

    The highest rate is reached at step `warm`, the lowest at step T - 1, the last. The first rate is top/div, and the
    last one top/(div·final).
    """
    low, least = top / div, top / div / final
    if epoch <= warm:
        return half_cosine(low, top, epoch, warm)
    return half_cosine(top, least, epoch - warm, total - 1 - warm)


@one_cycle.dialect(
    "linear",
    latex=r"""
        \eta_t = \begin{cases}
            \frac{\eta_{max}}{\delta} + (\eta_{max} - \frac{\eta_{max}}{\delta}) \frac{t}{W} & t \le W \\
            \eta_{max} + (\frac{\eta_{max}}{\delta \phi} - \eta_{max}) \frac{t - W}{T - 1 - W} & \text{otherwise}
        \end{cases}
    """,
    sources=[ONE_CYCLE, torch("OneCycleLR")],
    differs="both sides are straight",
    telling=dict(top=np.array([1.0]), epoch=1, warm=3, total=6, div=2.0, final=2.0),
)
def _(top, *, epoch, warm, total, div, final):
    low, least = top / div, top / div / final
    if epoch <= warm:
        return low + (top - low) * epoch / warm
    return top + (least - top) * (epoch - warm) / (total - 1 - warm)


@one_cycle.closed_form("it begins at top/div, reaches the top at step W and ends at top/(div·final)")
def _(f, top, *, warm, total, div, final):
    rates = (f(top, epoch=t, warm=warm, total=total, div=div, final=final) for t in (0, warm, total - 1))
    return tuple(rates), (top / div, top, top / div / final)


@one_cycle.closed_form("after a third of the rise it has risen by a quarter of it")
def _(f, top, *, third, total, div, final):
    low = top / div
    return f(top, epoch=third, warm=3 * third, total=total, div=div, final=final), low + (top - low) / 4


cosine_annealing.wording(r"\eta_t = \frac{\eta_0}{2} \left( 1 + \cos \frac{\pi t}{T} \right)")


cosine_restarts.wording(
    r"\eta_t = \eta_{min} + \frac{1}{2} (\eta_{max} - \eta_{min}) \left( 1 + \cos \frac{\pi T_{cur}}{T_i} \right)",
    symbols={
        r"\eta_{max}": "lr", "T_{cur}": lambda epoch, first, factor: restart(epoch, first, factor)[0],
        "T_i": lambda epoch, first, factor: restart(epoch, first, factor)[1],
    },
)  # fmt: skip
cosine_annealing.wording(
    r"\eta_t = \eta_{min} + \frac{1}{2} (\eta_{max} - \eta_{min}) \left( 1 + \cos \frac{t \pi}{T} \right)",
    symbols={r"\eta_{max}": "lr"},
)
