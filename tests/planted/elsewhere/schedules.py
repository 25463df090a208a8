"""A rate that is a little wrong is still a rate, and the training goes on with it."""

import math

import numpy as np

from tests.planted import planted
from tests.planted.schedules import half_cosine


@planted("step_decay", "stages are counted by a product with 1/S", region="S = 49 and others, where a stage begins")
def _(lr, *, epoch, size, gamma):
    return lr * gamma ** int(epoch * (1 / size))


@planted("multistep_decay", "a milestone that is named twice counts once", region="repeated milestones")
def _(lr, milestones, *, epoch, gamma):
    return lr * gamma ** int(np.sum(np.unique(milestones) <= epoch))


@planted("multistep_decay", "milestones are looked for as if they were in order", region="milestones out of order")
def _(lr, milestones, *, epoch, gamma):
    return lr * gamma ** int(np.searchsorted(milestones, epoch, side="right"))


@planted("inverse_time_decay", "the decay is by whole tenths", region="δt no multiple of a tenth")
def _(lr, *, epoch, decay):
    return lr / (1 + math.floor(10 * decay * epoch) / 10)


@planted("linear_warmup", "the end is never reached", region="at the end of the warm-up and after it")
def _(lr, *, epoch, total, start, end):
    return lr * (start + (end - start) * min(epoch, total - 1) / total)


@planted("cosine_annealing", "after the end it begins anew", region="epochs beyond the last")
def _(lr, *, epoch, total, low):
    return half_cosine(lr, low, (epoch % total if epoch > total else epoch) / total)


@planted("cosine_annealing", "the lowest rate is never above the first", region="low above lr")
def _(lr, *, epoch, total, low):
    return half_cosine(lr, np.minimum(low, lr), epoch / total)


@planted("cosine_restarts", "restarts are counted by a logarithm", region="restarts where the logarithm falls short")
def _(lr, *, epoch, first, factor, low):
    if factor == 1:
        return half_cosine(lr, low, epoch % first / first)
    n = int(math.log(epoch / first * (factor - 1) + 1) / math.log(factor))
    length = first * factor**n
    return half_cosine(lr, low, (epoch - first * (factor**n - 1) // (factor - 1)) / length)


@planted("cyclic_rate", "the second cycle has the sides in the other order", region="from the second cycle on")
def _(lr, top, *, epoch, up, down):
    turn, place = divmod(epoch, up + down)
    up, down = (down, up) if turn % 2 else (up, down)
    return lr + (top - lr) * min(place / up, (up + down - place) / down)


@planted("one_cycle", "the lowest rate is the highest divided once", region="the fall")
def _(top, *, epoch, warm, total, div, final):
    if epoch <= warm:
        return half_cosine(top / div, top, epoch / warm)
    return half_cosine(top, top / final, (epoch - warm) / (total - 1 - warm))


def plateau(better, lr, best, waited, loss, patience, factor):
    """The right rule for whatever counts as better."""
    waited = np.where(better, np.zeros_like(waited), waited + 1)
    tired = waited > patience
    return np.where(tired, lr * factor, lr), np.where(better, loss, best), tired, waited


@planted("reduce_on_plateau", "the wait goes on after a reduction", region="a reduction")
def _(lr, best, waited, loss, *, patience, factor, threshold):
    lr, best, _, waited = plateau(loss < best * (1 - threshold), lr, best, waited, loss, patience, factor)
    return lr, best, waited


@planted("reduce_on_plateau", "a loss that is no number is the best", region="NaN", caught_by="limits")
def _(lr, best, waited, loss, *, patience, factor, threshold):
    better = ~(loss >= best * (1 - threshold))
    lr, best, tired, waited = plateau(better, lr, best, waited, loss, patience, factor)
    return lr, best, np.where(tired, np.zeros_like(waited), waited)


@planted("reduce_on_plateau", "a worse loss is remembered when the rate falls", region="a reduction")
def _(lr, best, waited, loss, *, patience, factor, threshold):
    lr, best, tired, waited = plateau(loss < best * (1 - threshold), lr, best, waited, loss, patience, factor)
    return lr, np.where(tired, loss, best), np.where(tired, np.zeros_like(waited), waited)


@planted("polynomial_decay", "the power is a whole number", region="powers that are none")
def _(lr, *, epoch, total, power):
    return lr * ((total - min(epoch, total)) / total) ** max(round(power), 1)


@planted("exponential_decay", "after a thousand epochs the rate stays", region="epochs above 1000")
def _(lr, *, epoch, gamma):
    return lr * gamma ** min(epoch, 1000)


@planted("lambda_rate", "factors are remembered", region="the second epoch and later")
def _(lr, factors, *, epoch):
    return lr * np.prod(factors[: epoch + 1])


@planted("sequential_rate", "the first schedule is held for one epoch", region="the change")
def _(lr, first, second, *, epoch):
    M = len(first)
    return lr * (first[min(epoch, M - 1)] if epoch <= M else second[epoch - M])


@planted("multiplicative_decay", "products below 10⁻⁸ are held there", region="many small factors")
def _(lr, factors):
    return lr * np.maximum(np.prod(factors), lr.dtype.type(1e-8))


@planted("chained_rate", "the second schedule is one factor late", region="factors that differ")
def _(lr, first, second):
    for t in range(len(first)):
        lr = lr * first[t] * second[max(t - 1, 0)]
    return lr


@planted("constant_warmup", "the last warm epoch is half warm", region="the last epoch of the warm-up, T above 1")
def _(lr, *, epoch, total, factor):
    if total > 1 and epoch == total - 1:
        return lr * (1 + factor) / 2
    return lr * factor if epoch < total else lr * 1


@planted("training_iterations", "batches run on over the end of an epoch", region="batches that do not divide")
def _(*, samples, batch, epochs):
    return -(-samples * epochs // batch)
