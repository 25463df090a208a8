"""Early stopping: training ends when the validation loss does not fall any more."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import count, lane, natural, nonnegative, real

PRECHELT = Paper("Prechelt 1998, Early Stopping - But When?", "section 2", "https://doi.org/10.1007/3-540-49430-8_3")
KERAS = Paper("Keras, EarlyStopping", "the arguments min_delta and patience", "https://keras.io/api/callbacks/early_stopping/")
NOTE = Note("003_ad5d26ecc7ac182d.md", line=95)
GAP_NOTE = Note("001_468a25992c418006.md", line=311)


def next_state(better, best, waited, loss, patience):
    """The best loss so far, how long ago it was, and whether that is too long."""
    waited = np.where(better, 0, waited + 1)
    return np.where(better, loss, best), waited, np.where(waited >= patience, 1, 0)


@equation(
    latex=r"""
        b = [\ell < m - \theta] \\
        m' = \begin{cases} \ell & b = 1 \\ m & \text{otherwise} \end{cases} \\
        k' = (1 - b)(k + 1) \\
        s = [k' \ge P]
    """,
    sources=[NOTE, KERAS, PRECHELT],
    domain=dict(best=lane(real), waited=lane(natural), loss=lane(real), patience=count, threshold=nonnegative),
    outputs=("best", "waited", "stop"),
    differentiable=(),
)
def early_stopping(best, waited, loss, *, patience, threshold):
    """After P epochs in a row that did not lower the best loss by more than θ, training stops.

    The best loss starts at infinity and `waited` at 0. With θ > 0 a loss that creeps down by less than θ an epoch is
    compared with the old best each time, so that the sum of its small gains may still count.
    """
    return next_state(loss < best - threshold, best, waited, loss, patience)


@early_stopping.dialect(
    "relative-threshold",
    latex=r"""
        b = [\ell < (1 - \theta) m] \\
        m' = \begin{cases} \ell & b = 1 \\ m & \text{otherwise} \end{cases} \\
        k' = (1 - b)(k + 1) \\
        s = [k' \ge P]
    """,
    sources=[Paper("PyTorch, torch.optim.lr_scheduler.ReduceLROnPlateau", "threshold_mode rel", "https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html")],
    differs="the loss has to fall by a share of the best one",
    telling=dict(best=np.array([4.0]), waited=np.array([0]), loss=np.array([3.0]), patience=1, threshold=0.5),
)
def _(best, waited, loss, *, patience, threshold):
    return next_state(loss < best * (1 - threshold), best, waited, loss, patience)


@early_stopping.law(
    "a loss that falls by more than the threshold each epoch never stops the training",
    when="each loss is below the one before by more than θ",
    by="enumeration",
    outside=dict(best=2.0, losses=(1.0, 1.0), patience=1, threshold=0.5),
)
def _(f, best, losses, *, patience, threshold):
    waited, stop = 0, 0
    for loss in losses:
        best, waited, stop = f(best, waited, loss, patience=patience, threshold=threshold)
    return stop, 0


@early_stopping.law(
    "it stops P epochs after the last better loss",
    when="no later loss is better",
    by="enumeration",
    outside=dict(losses=(2.0, 3.0, 1.0), at=0, patience=2, threshold=0.0),
)
def _(f, losses, *, at, patience, threshold):
    """`at` is the epoch of the best loss, counted from 0; the sides are the first epochs at which training stops."""
    best, waited = losses[0] + 2 * threshold + 1, 0
    for epoch, loss in enumerate(losses):
        best, waited, stop = f(best, waited, loss, patience=patience, threshold=threshold)
        if stop:
            return epoch, at + patience
    return len(losses), at + patience


early_stopping.limit(
    "the first loss is better than infinity",
    given=dict(best=np.inf, waited=0, loss=5.0, patience=1, threshold=0.0),
    gives=(5.0, 0, 0),
)
early_stopping.limit(
    "an equal loss is not better",
    given=dict(best=5.0, waited=0, loss=5.0, patience=1, threshold=0.0),
    gives=(5.0, 1, 1),
)
early_stopping.limit(
    "a fall by exactly the threshold is not enough",
    given=dict(best=4.0, waited=0, loss=3.0, patience=2, threshold=1.0),
    gives=(4.0, 1, 0),
)
early_stopping.limit(
    "a NaN is not better and is not remembered",
    given=dict(best=5.0, waited=0, loss=np.nan, patience=2, threshold=0.0),
    gives=(5.0, 1, 0),
)


@equation(
    latex=r"""
        d = \ell_{validation} - \ell_{training} \\
        b = [d < m] \\
        m' = \begin{cases} d & b = 1 \\ m & \text{otherwise} \end{cases} \\
        k' = (1 - b)(k + 1) \\
        s = [k' \ge P]
    """,
    sources=[GAP_NOTE],
    domain=dict(best=lane(real), waited=lane(natural), train=lane(real), validation=lane(real), patience=count),
    outputs=("best", "waited", "stop"),
    differentiable=(),
    certified_by="proof",
)
def early_stopping_gap(best, waited, train, validation, *, patience):
    """Stopping at the smallest generalization gap may stop before anything is learnt: an untrained model has no gap."""
    gap = validation - train
    return next_state(gap < best, best, waited, gap, patience)


@early_stopping_gap.law(
    "it stops where early stopping by the validation loss stops",
    when="the training loss is constant",
    by="enumeration",
    outside=dict(train=(3.0, 1.0), validation=(3.0, 2.0), patience=1),
)
def _(f, train, validation, *, patience):
    """Smallest counterexample: a validation loss that falls from 3 to 2 while the training loss falls faster."""
    one = two = (np.inf, 0, 0)
    for own, other in zip(train, validation, strict=True):
        one = f(*one[:2], own, other, patience=patience)
        two = early_stopping(*two[:2], other, patience=patience, threshold=0)
    return one[2], two[2]
