"""Rates that fall by a factor: at each epoch, at some epochs, or like a power."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, count, integer, lane, natural, nonnegative, positive, proper
from reference.functions import either, whole

NOTE = Note("003_ad5d26ecc7ac182d.md", line=98)


def torch(name):
    """The page of one of torch's schedulers."""
    page = f"https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.{name}.html"
    return Paper(f"PyTorch, torch.optim.lr_scheduler.{name}", "the formula", page)


def keras(name):
    """The page of one of Keras's schedules."""
    return Paper(f"Keras, optimizers.schedules.{name}", "the formula", "https://keras.io/api/optimizers/learning_rate_schedules/")


def chained(rate, factor, times):
    """A product taken factor by factor, as a scheduler takes it that only knows the rate before."""
    for _ in range(times):
        rate = rate * factor
    return rate


scaled = either(lambda rate, factor, times: rate * factor**times, chained)


@equation(
    latex=r"\eta_t = \eta_0 \, \gamma^{\lfloor t / S \rfloor}",
    sources=[NOTE, torch("StepLR"), Paper("He et al. 2016, Deep Residual Learning", "section 3.4", "https://arxiv.org/abs/1512.03385")],
    domain=dict(lr=lane(positive), epoch=natural, size=count, gamma=proper),
    outputs=("lr",),
    differentiable=(),
)
def step_decay(lr, *, epoch, size, gamma):
    """A staircase below the exponential decay by γ^(1/S): both meet where a stair begins."""
    return scaled(lr, gamma, epoch // size)


@step_decay.law("the next rate is γ times this one where S divides the next epoch, else the same")
def _(f, lr, *, epoch, size, gamma):
    following = f(lr, epoch=epoch + 1, size=size, gamma=gamma)
    return following, f(lr, epoch=epoch, size=size, gamma=gamma) * (gamma if (epoch + 1) % size == 0 else 1)


@equation(
    latex=r"\eta_t = \eta_0 \, \gamma^{\sum_{i=1}^{M} [s_i \le t]}",
    sources=[NOTE, torch("MultiStepLR")],
    domain=dict(lr=lane(positive), milestones=Array(integer(1, 12), "M"), epoch=natural, gamma=proper),
    outputs=("lr",),
    sizes={"M": (1, 4)},
    differentiable=(),
)
def multistep_decay(lr, milestones, *, epoch, gamma):
    """The decay takes place at the epochs that are named, and twice at one that is named twice."""
    return scaled(lr, gamma, np.sum(milestones <= epoch))


@multistep_decay.law("milestones at all multiples of S are the staircase", by="enumeration")
def _(f, lr, *, epoch, size, gamma):
    milestones = np.arange(size, epoch + size + 1, size)
    return f(lr, milestones, epoch=epoch, gamma=gamma), step_decay(lr, epoch=epoch, size=size, gamma=gamma)


@equation(
    latex=r"\eta_t = \eta_0 \, \gamma^t",
    sources=[NOTE, torch("ExponentialLR"), keras("ExponentialDecay")],
    domain=dict(lr=lane(positive), epoch=natural, gamma=proper),
    outputs=("lr",),
    differentiable=(),
)
def exponential_decay(lr, *, epoch, gamma):
    """All rates to come add up to η₀/(1 - γ): a minimum farther away than that many gradients is out of reach."""
    return scaled(lr, gamma, epoch)


@exponential_decay.law("the next rate is γ times this one")
def _(f, lr, *, epoch, gamma):
    return f(lr, epoch=epoch + 1, gamma=gamma), f(lr, epoch=epoch, gamma=gamma) * gamma


@exponential_decay.closed_form("the rates up to epoch t add up to η₀(1 - γᵗ⁺¹)/(1 - γ)")
def _(f, lr, *, epoch, gamma):
    total = sum(f(lr, epoch=t, gamma=gamma) for t in range(epoch + 1))
    return total * (1 - gamma), lr * (1 - gamma ** (epoch + 1))


@equation(
    latex=r"\eta_t = \frac{\eta_0}{1 + \delta t}",
    sources=[NOTE, keras("InverseTimeDecay"), Paper("Robbins & Monro 1951, A Stochastic Approximation Method", "section 4", "https://doi.org/10.1214/aoms/1177729586")],
    domain=dict(lr=lane(positive), epoch=natural, decay=nonnegative),
    outputs=("lr",),
    differentiable=(),
)  # fmt: skip
def inverse_time_decay(lr, *, epoch, decay):
    """These rates add up without end while their squares do not: what Robbins and Monro ask of a stochastic descent."""
    return lr / (1 + decay * epoch)


@inverse_time_decay.law("the inverse of the rate grows by δ/η₀ an epoch")
def _(f, lr, *, epoch, decay):
    return 1 / f(lr, epoch=epoch + 1, decay=decay) - 1 / f(lr, epoch=epoch, decay=decay), decay / lr


# The share of the epochs that are left, to a power: divided first, divided at the end, or taken from 1 as it is printed.
falling = either(
    lambda rate, left, total, power: rate * (left / total) ** power,
    lambda rate, left, total, power: rate * left**power / total**power,
    lambda rate, left, total, power: rate * (1 - (total - left) / total) ** power,
)


@equation(
    latex=r"\eta_t = \eta_0 \left( 1 - \frac{\min(t, T)}{T} \right)^p",
    sources=[NOTE, torch("PolynomialLR"), keras("PolynomialDecay")],
    domain=dict(lr=lane(positive), epoch=natural, total=count, power=positive),
    outputs=("lr",),
    differentiable=(),
)
def polynomial_decay(lr, *, epoch, total, power):
    """It reaches 0 at epoch T and stays there; p = 1 is the straight line."""
    return falling(lr, whole(total - min(epoch, total), like=power), total, power)


@polynomial_decay.dialect(
    "cycling",
    latex=r"\eta_t = \eta_0 \left( 1 - \frac{t}{T \max(1, \lceil t / T \rceil)} \right)^p",
    sources=[keras("PolynomialDecay")],
    differs="past its end it starts again over a longer way, the next multiple of T",
    telling=dict(lr=np.array([1.0]), epoch=3, total=2, power=1.0),
)
def _(lr, *, epoch, total, power):
    total = total * max(1, -(-epoch // total))
    return falling(lr, whole(total - epoch, like=power), total, power)


polynomial_decay.limit("at its end it is 0", given=dict(lr=1.0, epoch=4, total=4, power=2.0), gives=0.0)
polynomial_decay.limit("past its end it is 0", given=dict(lr=1.0, epoch=5, total=4, power=2.0), gives=0.0)


@polynomial_decay.law("with p = 1 the steps down are equal", when="p = 1 and t < T",
                      outside=dict(lr=1.0, epoch=1, total=4, power=2.0))  # fmt: skip
def _(f, lr, *, epoch, total, power):
    here, after = (f(lr, epoch=t, total=total, power=power) for t in (epoch, epoch + 1))
    return (here - after) * total, lr


@equation(
    latex=r"\eta_t = \eta_0 \prod_{s=1}^{T} \gamma_s",
    sources=[NOTE, torch("MultiplicativeLR")],
    domain=dict(lr=lane(positive), factors=Array(positive, "T")),
    outputs=("lr",),
    differentiable=(),
)
def multiplicative_decay(lr, factors):
    """Each epoch multiplies the rate by a factor of its own; the order of the factors does not matter at the end."""
    for t in range(factors.shape[0]):
        lr = lr * factors[t]
    return lr


@multiplicative_decay.law("equal factors are the exponential decay", when="all factors are γ",
                          outside=dict(lr=1.0, factors=np.array([0.5, 1.0]), gamma=0.5))  # fmt: skip
def _(f, lr, factors, *, gamma):
    return f(lr, factors), exponential_decay(lr, epoch=factors.shape[0], gamma=gamma)


@equation(
    latex=r"\eta_t = \eta_0 \, \lambda_t",
    sources=[NOTE, torch("LambdaLR")],
    domain=dict(lr=lane(positive), factors=Array(positive, "T"), epoch=natural),
    outputs=("lr",),
    sizes={"T": (1, 12)},
    where=("epoch < T",),
    differentiable=(),
)
def lambda_rate(lr, factors, *, epoch):
    """A table of factors of the first rate: unlike a product of factors, an epoch forgets the ones before it."""
    return lr * factors[epoch]


@equation(
    latex=r"\eta_t = \begin{cases} \eta_0 \, \lambda_t & t < M \\ \eta_0 \, \mu_{t-M} & \text{otherwise} \end{cases}",
    sources=[NOTE, torch("SequentialLR")],
    domain=dict(lr=lane(positive), first=Array(positive, "M"), second=Array(positive, "T"), epoch=natural),
    outputs=("lr",),
    sizes={"M": (1, 4), "T": (1, 8)},
    where=("epoch < M + T",),
    differentiable=(),
)
def sequential_rate(lr, first, second, *, epoch):
    """The second schedule counts from its own first epoch, and starts from the first rate, not from the last."""
    before = first.shape[0]
    return lr * (first[epoch] if epoch < before else second[epoch - before])


@equation(
    latex=r"\eta_t = \eta_0 \prod_{s=1}^{T} \lambda_s \mu_s",
    sources=[NOTE, torch("ChainedScheduler")],
    domain=dict(lr=lane(positive), first=Array(positive, "T"), second=Array(positive, "T")),
    outputs=("lr",),
    differentiable=(),
)
def chained_rate(lr, first, second):
    """Two schedules that multiply the same rate act like one with the products of their factors."""
    for t in range(first.shape[0]):
        lr = lr * first[t] * second[t]
    return lr


@chained_rate.law("it is one schedule with the products of the factors")
def _(f, lr, first, second):
    return f(lr, first, second), multiplicative_decay(lr, first * second)


polynomial_decay.wording(r"\eta_t = \eta_0 \left( 1 - \frac{t}{T} \right)^p", lacks="the minimum is missing: it is right only until t = T")
polynomial_decay.wording(
    r"\eta_t = \eta_{end} + (\eta_0 - \eta_{end}) \left( 1 - \frac{t}{T} \right)^p",
    symbols={r"\eta_{end}": lambda: 0.0},
    lacks="the minimum is missing: it is right only until t = T",
)
exponential_decay.wording(r"\eta_t = \eta_0 e^{-k t}", symbols={"k": lambda gamma: -np.log(gamma)})
exponential_decay.wording(
    r"\eta_t = \gamma \eta_{t-1}", symbols={r"\eta_{t-1}": lambda lr, epoch, gamma: lr * gamma ** (epoch - 1.0)}
)
multiplicative_decay.wording(
    r"\eta_t = \eta_{t-1} \lambda(t)",
)
