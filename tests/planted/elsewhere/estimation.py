"""Bias and variance are about all training sets there could be, and a program has only a few of them."""

import numpy as np

from tests.planted import planted


@planted("bias_variance", "the mean prediction is a constant", region="the predictions' slope", caught_by="gradient",
         over="torch")  # fmt: skip
def _(truth, predictions, p, noise, q):
    centre = (p * predictions).sum().detach()
    return (truth - centre) ** 2, (p * (centre - predictions) ** 2).sum(), (q * noise**2).sum()


@planted("bias_variance", "outcomes rarer than a thousandth are left out", region="probabilities below 10⁻³")
def _(truth, predictions, p, noise, q):
    p = np.where(p < 1e-3, 0 * p, p)
    centre = np.sum(p * predictions)
    return (truth - centre) ** 2, np.sum(p * (centre - predictions) ** 2), np.sum(q * noise**2)


@planted("bias_variance", "the mean prediction passes through half the digits", region="an offset")
def _(truth, predictions, p, noise, q):
    narrow = np.float32 if p.dtype == np.float64 else np.float16
    centre = np.sum(p * predictions).astype(narrow).astype(p.dtype)
    return (truth - centre) ** 2, np.sum(p * (centre - predictions) ** 2), np.sum(q * noise**2)


@planted("bias_variance", "certain outcomes have no noise", region="one outcome of the noise")
def _(truth, predictions, p, noise, q):
    centre = np.sum(p * predictions)
    spread = np.sum(q * noise**2)
    return (truth - centre) ** 2, np.sum(p * (centre - predictions) ** 2), spread * (len(q) > 1)
