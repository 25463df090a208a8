"""A rate that falls when the loss does not."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import lane, natural, positive, proper
from reference.schedules.decays import torch

NOTE = Note("003_ad5d26ecc7ac182d.md", line=98)
KERAS = Paper("Keras, ReduceLROnPlateau", "the arguments", "https://keras.io/api/callbacks/reduce_lr_on_plateau/")
TELLING = dict(lr=np.array([1.0]), best=np.array([4.0]), waited=np.array([0]), loss=np.array([2.5]),
               patience=0, factor=0.5, threshold=0.5)  # fmt: skip


def next_state(better, lr, best, waited, loss, patience, factor):
    """A better loss is remembered; more than `patience` others in a row lower the rate and start the count again."""
    waited = np.where(better, 0, waited + 1)
    tired = waited > patience
    return np.where(tired, lr * factor, lr), np.where(better, loss, best), np.where(tired, 0, waited)


@equation(
    latex=r"""
        b = [\ell < (1 - \theta) \, m] \\
        n = (1 - b)(k + 1) \\
        \eta' = \begin{cases} \phi \, \eta & n > P \\ \eta & \text{otherwise} \end{cases} \\
        m' = \begin{cases} \ell & b = 1 \\ m & \text{otherwise} \end{cases} \\
        k' = \begin{cases} 0 & n > P \\ n & \text{otherwise} \end{cases}
    """,
    sources=[NOTE, torch("ReduceLROnPlateau")],
    domain=dict(lr=lane(positive), best=lane(positive), waited=lane(natural), loss=lane(positive),
                patience=natural, factor=proper, threshold=proper),
    outputs=("lr", "best", "waited"),
    differentiable=(),
)  # fmt: skip
def reduce_on_plateau(lr, best, waited, loss, *, patience, factor, threshold):
    """A loss counts as better if it is below the best by a share of it; otherwise patience runs out.

    `waited` is the number of epochs since the last better loss or the last reduction. A share means nothing for a best
    loss of 0 or less.
    """
    return next_state(loss < best * (1 - threshold), lr, best, waited, loss, patience, factor)


@reduce_on_plateau.dialect(
    "absolute-threshold",
    latex=r"""
        b = [\ell < m - \theta] \\
        n = (1 - b)(k + 1) \\
        \eta' = \begin{cases} \phi \, \eta & n > P \\ \eta & \text{otherwise} \end{cases} \\
        m' = \begin{cases} \ell & b = 1 \\ m & \text{otherwise} \end{cases} \\
        k' = \begin{cases} 0 & n > P \\ n & \text{otherwise} \end{cases}
    """,
    sources=[torch("ReduceLROnPlateau")],
    differs="a loss is better if it is below the best by θ itself (torch's threshold_mode abs)",
    telling=TELLING,
)
def _(lr, best, waited, loss, *, patience, factor, threshold):
    return next_state(loss < best - threshold, lr, best, waited, loss, patience, factor)


@reduce_on_plateau.dialect(
    "impatient",
    latex=r"""
        b = [\ell < m - \theta] \\
        n = (1 - b)(k + 1) \\
        \eta' = \begin{cases} \phi \, \eta & n \ge P \land b = 0 \\ \eta & \text{otherwise} \end{cases} \\
        m' = \begin{cases} \ell & b = 1 \\ m & \text{otherwise} \end{cases} \\
        k' = \begin{cases} 0 & n \ge P \\ n & \text{otherwise} \end{cases}
    """,
    sources=[KERAS],
    differs="θ is absolute, and the rate falls at the P-th epoch without a better loss instead of the one after it",
    telling=TELLING | dict(loss=np.array([8.0]), patience=1),
)
def _(lr, best, waited, loss, *, patience, factor, threshold):
    better = loss < best - threshold
    waited = np.where(better, 0, waited + 1)
    tired = (waited >= patience) & (waited > 0)
    return np.where(tired, lr * factor, lr), np.where(better, loss, best), np.where(tired, 0, waited)


@reduce_on_plateau.law(
    "a loss that never gets better lowers the rate once in P + 1 epochs",
    when="no loss is better than the best",
    by="enumeration",
    outside=dict(lr=1.0, best=2.0, losses=(0.5,), patience=0, factor=0.5, threshold=0.5),
)
def _(f, lr, best, losses, *, patience, factor, threshold):
    start, waited = lr, 0
    for loss in losses:
        lr, best, waited = f(lr, best, waited, loss, patience=patience, factor=factor, threshold=threshold)
    return lr, start * factor ** (len(losses) // (patience + 1))


reduce_on_plateau.limit(
    "a NaN is no better loss: it costs patience and is not remembered",
    given=dict(lr=1.0, best=2.0, waited=0, loss=np.nan, patience=0, factor=0.5, threshold=0.5),
    gives=(0.5, 2.0, 0),
)
reduce_on_plateau.limit(
    "a loss on the threshold is no better",
    given=dict(lr=1.0, best=2.0, waited=0, loss=1.0, patience=0, factor=0.5, threshold=0.5),
    gives=(0.5, 2.0, 0),
)
reduce_on_plateau.limit(
    "the first loss is better than infinity",
    given=dict(lr=1.0, best=np.inf, waited=0, loss=3.0, patience=0, factor=0.5, threshold=0.5),
    gives=(1.0, 3.0, 0),
)
