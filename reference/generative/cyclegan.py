"""CycleGAN: two translations, each of which undoes the other."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, nonnegative, proper, real
from reference.generative.gan import CLAMP, clamped_discriminator_loss, gan_discriminator_loss

NOTE = Note("003_ad5d26ecc7ac182d.md", line=140)


def zhu(where):
    """A place in the paper."""
    return Paper("Zhu et al. 2017, Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks", where, "https://arxiv.org/abs/1703.10593")


TELLING = dict(x=np.array([[0.0]]), x_back=np.array([[2.0]]), y=np.array([[0.0]]), y_back=np.array([[0.0]]))


JUDGED = {
    "D_Y(y_m)": "dy_real", "D_Y(G(x_n))": "dy_fake", "D_X(x_n)": "dx_real", "D_X(F(y_m))": "dx_fake",
    "L_{cycle}": lambda x, x_back, y, y_back: np.mean(np.abs(x_back - x)) + np.mean(np.abs(y_back - y)),
}  # fmt: skip


@equation(
    latex=r"""
        L = \frac{1}{N D} \sum_{n=1}^{N} \sum_{d=1}^{D} \left| F(G(x))_{n,d} - x_{n,d} \right|
          + \frac{1}{M E} \sum_{m=1}^{M} \sum_{e=1}^{E} \left| G(F(y))_{m,e} - y_{m,e} \right|
    """,
    sources=[zhu("equation 2"), NOTE],
    domain=dict(x=Array(real, "N D"), x_back=Array(real, "N D"), y=Array(real, "M E"), y_back=Array(real, "M E")),
    outputs=("loss",),
    symbols={"F(G(x))": "x_back", "G(F(y))": "y_back"},
)
def cycle_consistency_loss(x, x_back, y, y_back):
    """A horse made into a zebra and back should be the same horse.

    `x_back` is F(G(x)) and `y_back` is G(F(y)), where G leads from the first kind of picture to the second and F back.
    """
    return np.mean(np.abs(x_back - x)) + np.mean(np.abs(y_back - y))


@cycle_consistency_loss.dialect(
    "norm",
    latex=r"""
        L = \frac{1}{N} \sum_{n=1}^{N} \sum_{d=1}^{D} \left| F(G(x))_{n,d} - x_{n,d} \right| + \frac{1}{M} \sum_{m=1}^{M} \sum_{e=1}^{E} \left| G(F(y))_{m,e} - y_{m,e} \right|
    """,
    sources=[zhu("equation 2, read as printed")],
    differs="the expectation is over samples, and the norm adds up the pixels instead of taking their mean",
    telling=dict(x=np.array([[0.0, 0.0]]), x_back=np.array([[1.0, 1.0]]), y=np.array([[0.0]]), y_back=np.array([[0.0]])),
)
def _(x, x_back, y, y_back):
    return np.mean(np.sum(np.abs(x_back - x), axis=1)) + np.mean(np.sum(np.abs(y_back - y), axis=1))


@cycle_consistency_loss.law("perfect cycles cost nothing", when="each translation undoes the other", outside=TELLING)
def _(f, x, x_back, y, y_back):
    return f(x, x_back, y, y_back), 0


@cycle_consistency_loss.law("the two kinds of pictures have equal rights")
def _(f, x, x_back, y, y_back):
    return f(x, x_back, y, y_back), f(y, y_back, x, x_back)


@cycle_consistency_loss.law("it grows in proportion to the errors")
def _(f, x, x_back, y, y_back, factor):
    scaled = f(x, x + factor * (x_back - x), y, y + factor * (y_back - y))
    return scaled, np.abs(factor) * f(x, x_back, y, y_back)


@equation(
    latex=r"""
        A_Y = \frac{1}{M} \sum_{m=1}^{M} \ln D_Y(y_m) + \frac{1}{N} \sum_{n=1}^{N} \ln (1 - D_Y(G(x_n))) \\
        A_X = \frac{1}{N} \sum_{n=1}^{N} \ln D_X(x_n) + \frac{1}{M} \sum_{m=1}^{M} \ln (1 - D_X(F(y_m))) \\
        L = A_Y + A_X + \lambda L_{cycle}
    """,
    sources=[zhu("equations 1 and 3"), NOTE],
    domain=dict(
        dx_real=Array(proper, "N"), dx_fake=Array(proper, "M"), dy_real=Array(proper, "M"), dy_fake=Array(proper, "N"),
        x=Array(real, "N D"), x_back=Array(real, "N D"), y=Array(real, "M E"), y_back=Array(real, "M E"), weight=nonnegative,
    ),
    outputs=("objective",),
    symbols=JUDGED,
)
def cyclegan_objective(dx_real, dx_fake, dy_real, dy_fake, x, x_back, y, y_back, *, weight):
    """Two games and one promise: each translation should fool its discriminator, and together they should undo themselves.

    The translations minimise the objective and the discriminators maximise it. `dx_fake` is what D_X says to F(y).
    """
    games = -gan_discriminator_loss(dy_real, dy_fake) - gan_discriminator_loss(dx_real, dx_fake)
    return games + weight * cycle_consistency_loss(x, x_back, y, y_back)


@cyclegan_objective.dialect(
    "least-squares",
    latex=r"""
        A_Y = \frac{1}{M} \sum_{m=1}^{M} (D_Y(y_m) - 1)^2 + \frac{1}{N} \sum_{n=1}^{N} D_Y(G(x_n))^2 \\
        A_X = \frac{1}{N} \sum_{n=1}^{N} (D_X(x_n) - 1)^2 + \frac{1}{M} \sum_{m=1}^{M} D_X(F(y_m))^2 \\
        L = A_Y + A_X + \lambda L_{cycle}
    """,
    sources=[zhu("section 4, training details")],
    differs="the logarithms become squared distances from 1 and from 0, which the discriminators minimise",
    telling=TELLING | dict(dx_real=np.array([0.5]), dx_fake=np.array([0.5]), dy_real=np.array([0.5]), dy_fake=np.array([0.5]), weight=1.0),
)
def _(dx_real, dx_fake, dy_real, dy_fake, x, x_back, y, y_back, *, weight):
    games = [np.mean((real - 1) ** 2) + np.mean(fake**2) for real, fake in ((dy_real, dy_fake), (dx_real, dx_fake))]
    return games[0] + games[1] + weight * cycle_consistency_loss(x, x_back, y, y_back)


@cyclegan_objective.dialect(
    "clamped",
    latex=r"""
        A_Y = \frac{1}{M} \sum_{m=1}^{M} \max(\ln D_Y(y_m), -100) + \frac{1}{N} \sum_{n=1}^{N} \max(\ln (1 - D_Y(G(x_n))), -100) \\
        A_X = \frac{1}{N} \sum_{n=1}^{N} \max(\ln D_X(x_n), -100) + \frac{1}{M} \sum_{m=1}^{M} \max(\ln (1 - D_X(F(y_m))), -100) \\
        L = A_Y + A_X + \lambda L_{cycle}
    """,
    sources=[CLAMP],
    differs="no logarithm is let below -100, as where a framework's own binary cross-entropy is used",
    telling=TELLING | dict(dx_real=np.array([2.0**-200]), dx_fake=np.array([0.5]), dy_real=np.array([0.5]), dy_fake=np.array([0.5]), weight=1.0),
)
def _(dx_real, dx_fake, dy_real, dy_fake, x, x_back, y, y_back, *, weight):
    games = -clamped_discriminator_loss(dy_real, dy_fake) - clamped_discriminator_loss(dx_real, dx_fake)
    return games + weight * cycle_consistency_loss(x, x_back, y, y_back)


@cyclegan_objective.law("exchanging the two kinds of pictures changes nothing")
def _(f, dx_real, dx_fake, dy_real, dy_fake, x, x_back, y, y_back, *, weight):
    there = f(dx_real, dx_fake, dy_real, dy_fake, x, x_back, y, y_back, weight=weight)
    return there, f(dy_real, dy_fake, dx_real, dx_fake, y, y_back, x, x_back, weight=weight)


def equally(values):
    """Each of the values, as likely as any other."""
    return list(values), np.full(len(values), 1 / len(values))


cycle_consistency_loss.wording(
    r"L = \mathbb{E}_x[\|F(G(x)) - x\|_1] + \mathbb{E}_y[\|G(F(y)) - y\|_1]",
    dialect="norm",
    symbols={
        "x": lambda x: equally(x), "F(G(x))": lambda x_back: equally(x_back),
        "y": lambda y: equally(y), "G(F(y))": lambda y_back: equally(y_back),
    },
)  # fmt: skip
cyclegan_objective.wording(
    r"L = L_{GAN}(G, D_Y, X, Y) + L_{GAN}(F, D_X, Y, X) + \lambda L_{cyc}(G, F)",
    symbols={
        "L_{GAN}(G, D_Y, X, Y)": lambda dy_real, dy_fake: -gan_discriminator_loss(dy_real, dy_fake),
        "L_{GAN}(F, D_X, Y, X)": lambda dx_real, dx_fake: -gan_discriminator_loss(dx_real, dx_fake),
        "L_{cyc}(G, F)": lambda x, x_back, y, y_back: cycle_consistency_loss(x, x_back, y, y_back),
    },
)  # fmt: skip
