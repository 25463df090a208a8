"""A schedule is a function of one integer, and wrong by one at it."""

import numpy as np

from tests.planted import honest, planted


@planted("step_decay", region="at the end of a stage: one epoch late", caught_by="value",
         telling=dict(lr=[1.0], epoch=2, size=2, gamma=0.5))  # fmt: skip
def one_late(lr, *, epoch, size, gamma):
    return lr * gamma ** (max(epoch - 1, 0) // size)


@planted("multistep_decay", region="at a milestone", caught_by="value",
         telling=dict(lr=[1.0], milestones=[1], epoch=1, gamma=0.5))  # fmt: skip
def after_milestone(lr, milestones, *, epoch, gamma):
    return lr * gamma ** int(np.sum(milestones < epoch))


@planted("cosine_restarts", region="at a restart: the end of the old cycle", caught_by="value",
         imitates="https://github.com/pytorch/pytorch/issues/23480",
         telling=dict(lr=[1.0], epoch=2, first=2, factor=1, low=0.0))  # fmt: skip
def late_restart(lr, *, epoch, first, factor, low):
    while epoch > first:
        epoch, first = epoch - first, first * factor
    return low + (lr - low) * (1 + np.cos(np.pi * epoch / first)) / 2


@planted("linear_warmup", region="at 0: the first step is taken already", caught_by="value",
         telling=dict(lr=[1.0], epoch=0, total=2, start=0.5, end=1.0))  # fmt: skip
def starts_at_one(lr, *, epoch, total, start, end):
    return lr * (start + (end - start) * min(epoch + 1, total) / total)


@planted("updates_per_epoch", region="a last batch that is full: one update too many", caught_by="value",
         telling=dict(samples=2, batch=2))  # fmt: skip
def one_too_many(*, samples, batch):
    return samples // batch + 1


@honest("exponential_decay", form="exp of a logarithm's multiple is avoided: repeated products")
def repeated(lr, *, epoch, gamma):
    for _ in range(min(epoch, 10_000)):
        lr = lr * gamma
    return lr


@honest("cosine_annealing", form="the squared cosine's sum, both ends weighed")
def plain_cosine(lr, *, epoch, total, low):
    return low + (lr - low) * (1 + float(np.cos(np.pi * epoch / total))) / 2


@honest("updates_per_epoch", form="rounded up by adding")
def by_adding(*, samples, batch):
    return (samples + batch - 1) // batch


def half_cosine(high, low, share):
    """From `high` to `low` along half a cosine."""
    return low + (high - low) * (1 + float(np.cos(np.pi * share))) / 2


@planted("cosine_annealing", "half a turn takes one epoch less", region="everywhere but at 0")
def _(lr, *, epoch, total, low):
    return half_cosine(lr, low, epoch / max(total - 1, 1))


@planted("cosine_restarts", "cycles after the second grow no more", region="several restarts, factor above 1")
def _(lr, *, epoch, first, factor, low):
    length, restarts = first, 0
    while epoch >= length:
        epoch, restarts = epoch - length, restarts + 1
        length = length * factor if restarts < 2 else length
    return half_cosine(lr, low, epoch / length)


@planted("one_cycle", "the peak is held for a step", region="the step after the peak")
def _(top, *, epoch, warm, total, div, final):
    low, least = top / div, top / div / final
    if epoch <= warm:
        return half_cosine(low, top, epoch / warm)
    return half_cosine(top, least, (epoch - warm - 1) / (total - 1 - warm))


@planted("cyclic_rate", "both sides have the length of the first", region="sides of unequal length")
def _(lr, top, *, epoch, up, down):
    place = epoch % (2 * up)
    return lr + (top - lr) * (place if place <= up else 2 * up - place) / up


@planted("reduce_on_plateau", "a loss that is equal counts as better", region="a loss at the threshold")
def _(lr, best, waited, loss, *, patience, factor, threshold):
    better = loss <= best * (1 - threshold)
    waited = np.where(better, np.zeros_like(waited), waited + 1)
    tired = waited > patience
    lr, waited = np.where(tired, lr * factor, lr), np.where(tired, np.zeros_like(waited), waited)
    return lr, np.where(better, loss, best), waited


@planted("polynomial_decay", "the rate rises again after the end", region="epochs beyond the last")
def _(lr, *, epoch, total, power):
    return lr * (abs(total - epoch) / total) ** power


@planted("sequential_rate", "the second schedule goes on counting", region="after the change")
def _(lr, first, second, *, epoch):
    return lr * (first[epoch] if epoch < len(first) else second[min(epoch, len(second) - 1)])


@planted("constant_warmup", "held for one epoch too long", region="at the end of the warm-up")
def _(lr, *, epoch, total, factor):
    return lr * factor if epoch <= total else lr * 1


@planted("exponential_decay", "the rate is rounded to float32", region="float64")
def _(lr, *, epoch, gamma):
    return (lr * gamma**epoch).astype(np.float32).astype(lr.dtype)


@honest("polynomial_decay", "the share to its power")
def _(lr, *, epoch, total, power):
    return lr * ((total - min(epoch, total)) / total) ** power
