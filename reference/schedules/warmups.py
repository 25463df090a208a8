"""Rates that start low: held down for a while, or rising along a line."""

from reference.catalogue import Note, equation
from reference.domain import count, lane, natural, positive, proper, unit
from reference.functions import either
from reference.schedules.decays import torch

NOTE = Note("003_ad5d26ecc7ac182d.md", line=98)


# The whole rate again, which a scheduler that only knows the rate before has to get by a division.
restored = either(
    lambda lr, factor: lr,
    lambda lr, factor: lr * factor * (1 / factor),
)


@equation(
    latex=r"\eta_t = \begin{cases} \phi \, \eta_0 & t < T \\ \eta_0 & \text{otherwise} \end{cases}",
    sources=[NOTE, torch("ConstantLR")],
    domain=dict(lr=lane(positive), epoch=natural, total=count, factor=proper),
    outputs=("lr",),
    differentiable=(),
)
def constant_warmup(lr, *, epoch, total, factor):
    """A rate held down for the first epochs jumps at their end."""
    return lr * factor if epoch < total else restored(lr, factor)


@equation(
    latex=r"\eta_t = \eta_0 \left( \phi + (\psi - \phi) \frac{\min(t, T)}{T} \right)",
    sources=[NOTE, torch("LinearLR")],
    domain=dict(lr=lane(positive), epoch=natural, total=count, start=proper, end=unit),
    outputs=("lr",),
    differentiable=(),
)
def linear_warmup(lr, *, epoch, total, start, end):
    """The rate rises, or falls, by the same amount at each of T epochs, and then stays."""
    return lr * (start + (end - start) * min(epoch, total) / total)


@linear_warmup.closed_form("it starts at φη₀ and ends at ψη₀")
def _(f, lr, *, total, start, end):
    both = (f(lr, epoch=t, total=total, start=start, end=end) for t in (0, total))
    return tuple(both), (lr * start, lr * end)


@linear_warmup.law("the next rate is this one times 1 + (ψ - φ)/(φT + (ψ - φ)t)", when="t < T",
                   outside=dict(lr=1.0, epoch=2, total=2, start=0.5, end=1.0))  # fmt: skip
def _(f, lr, *, epoch, total, start, end):
    """The chained form, which has to divide by the rate that it comes from."""
    here, after = (f(lr, epoch=t, total=total, start=start, end=end) for t in (epoch, epoch + 1))
    return after, here * (1 + (end - start) / (start * total + (end - start) * epoch))


linear_warmup.limit("after its end the rate stays", given=dict(lr=1.0, epoch=9, total=4, start=0.5, end=1.0), gives=1.0)
constant_warmup.limit("the epoch T itself has the whole rate", given=dict(lr=1.0, epoch=4, total=4, factor=0.5), gives=1.0)
constant_warmup.limit("the epoch before T has the part", given=dict(lr=1.0, epoch=3, total=4, factor=0.5), gives=0.5)


linear_warmup.wording(r"\eta_t = \eta_0 \, \frac{t}{T}", lacks="the minimum is missing: it is right only until t = T")
linear_warmup.wording(r"\eta_t = \eta_0 \min\left( 1, \frac{t}{T} \right)")
linear_warmup.wording(r"\eta_t = \begin{cases} \frac{t}{T} \eta & t \le T \\ \eta & t > T \end{cases}")
