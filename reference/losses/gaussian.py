"""Maximum likelihood for a Gaussian."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, positive, real
from reference.functions import pi
from reference.losses.reductions import ADDED, BARE, per, torch_documentation
from reference.losses.regression import mse

NIX = Paper("Nix & Weigend 1994, Estimating the mean and variance of the target probability distribution", "section 2", "https://doi.org/10.1109/ICNN.1994.374138")
TORCH = torch_documentation("GaussianNLLLoss")
TELLING = dict(mean=np.array([0.0, 0.0]), y=np.array([1.0, 1.0]), variance=np.array([1.0, 1.0]))


def surprise(mean, y, variance):
    """-ln of the density, less the constant ½ ln 2π."""
    return (np.log(variance) + (mean - y) ** 2 / variance) / 2


@equation(
    latex=r"L = \frac{1}{N} \sum_{i=1}^N \left( \frac{\ln(2 \pi)}{2} + \frac{\ln v_i}{2} + \frac{(\mu_i - y_i)^2}{2 v_i} \right)",
    sources=[Note("001_468a25992c418006.md", line=115), NIX],
    domain=dict(mean=Array(real, "N"), y=Array(real, "N"), variance=Array(positive, "N")),
    outputs=("loss",),
)
def gaussian_nll(mean, y, variance):
    """With the variance fixed at 1 it is half the mean squared error and a constant: least squares is maximum likelihood."""
    return np.mean(surprise(mean, y, variance) + np.log(2 * pi(like=variance)) / 2)


@gaussian_nll.dialect(
    "without the constant", latex=r"L = \frac{1}{N} \sum_{i=1}^N \left( \frac{\ln v_i}{2} + \frac{(\mu_i - y_i)^2}{2 v_i} \right)",
    sources=[TORCH], differs="½ ln 2π is left out, so that the loss is no longer the logarithm of a density", telling=TELLING,
)  # fmt: skip
def _(mean, y, variance):
    return np.mean(surprise(mean, y, variance))


@gaussian_nll.dialect(
    "sum", latex=r"L = \sum_{i=1}^N \left( \frac{\ln(2 \pi)}{2} + \frac{\ln v_i}{2} + \frac{(\mu_i - y_i)^2}{2 v_i} \right)",
    sources=[TORCH], differs=ADDED, telling=TELLING,
)  # fmt: skip
def _(mean, y, variance):
    return np.sum(surprise(mean, y, variance) + np.log(2 * pi(like=variance)) / 2)


@gaussian_nll.dialect(
    "none", latex=r"L_i = \frac{\ln(2 \pi)}{2} + \frac{\ln v_i}{2} + \frac{(\mu_i - y_i)^2}{2 v_i}",
    sources=[TORCH], differs=BARE, telling=TELLING,
)  # fmt: skip
def _(mean, y, variance):
    return surprise(mean, y, variance) + np.log(2 * pi(like=variance)) / 2


@gaussian_nll.gradient_form("mean")
def _(dloss, mean, y, variance):
    return dloss * per((mean - y) / variance, mean.size)


@gaussian_nll.gradient_form("variance")
def _(dloss, mean, y, variance):
    return dloss * per((1 / variance - ((mean - y) / variance) ** 2) / 2, mean.size)


@gaussian_nll.law("with unit variance it is half the mean squared error and half the logarithm of 2π")
def _(f, mean, y):
    return f(mean, y, np.ones_like(mean)), mse(mean, y) / 2 + np.log(2 * pi(like=mean)) / 2


@gaussian_nll.law("a variance v costs (r - 1 - ln r)/2 more than the squared error d² itself, where r = d²/v")
def _(f, mean, y, variance):
    ratio = (mean - y) ** 2 / variance
    return f(mean, y, variance) - f(mean, y, (mean - y) ** 2), np.mean(ratio - 1 - np.log(ratio)) / 2


@gaussian_nll.law("one variance for all is best at the mean squared error", by="balls")
def _(f, mean, y, c):
    every = np.ones_like(mean)
    best = f(mean, y, mse(mean, y) * every)
    return np.maximum(f(mean, y, c * every), best), f(mean, y, c * every)


gaussian_nll.limit("a variance of 0 sets ln 0 against 1/0", given=dict(mean=[0.0], y=[1.0], variance=[0.0]), gives=np.nan)
gaussian_nll.limit("infinite variance explains nothing", given=dict(mean=[0.0], y=[1.0], variance=[np.inf]), gives=np.inf)
gaussian_nll.limit("a NaN reaches the loss", given=dict(mean=[np.nan], y=[1.0], variance=[1.0]), gives=np.nan)


gaussian_nll.wording(r"L = \frac{1}{2} \ln(2 \pi) + \frac{1}{2} \ln \sigma^2 + \frac{(y - \mu)^2}{2 \sigma^2}", dialect="none")
gaussian_nll.wording(
    r"L = \frac{1}{2N} \sum_{i=1}^N \left( \ln \sigma_i^2 + \frac{(y_i - \mu_i)^2}{\sigma_i^2} \right)", dialect="without the constant",
)  # fmt: skip
