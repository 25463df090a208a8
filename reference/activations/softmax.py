"""Scores into probabilities: softmax and its logarithm."""

import numpy as np

from reference.activations.sigmoid import sigmoid
from reference.catalogue import Note, Paper, equation
from reference.domain import Array, real
from reference.functions import either, settled, shift

BOOK = Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "section 6.2.2.3", "https://www.deeplearningbook.org/contents/mlp.html")
STUDY_NOTE = Note("003_ad5d26ecc7ac182d.md", line=51)
SCORES = Array(real, "N C", batch="N")

share = either(
    lambda z, total: np.exp(z) / total,
    lambda z, total: np.exp(z) * (1 / total),
    lambda z, total: np.exp(z - np.log(total)),
)
deviation = either(
    lambda y, dy, mean: y * (dy - mean),
    lambda y, dy, mean: y * dy - y * mean,
)


def lowered(x):
    """The scores less the largest of their row, which no share depends on and which keeps exp from overflowing."""
    return settled(x - shift(np.max(x, axis=-1, keepdims=True)))


@equation(
    latex=r"\operatorname{softmax}(x)_i = \frac{e^{x_i}}{\sum_j e^{x_j}}",
    sources=[STUDY_NOTE, BOOK],
    domain=dict(x=SCORES),
    outputs=("y",),
)
def softmax(x):
    """Two shares are in the ratio of e to the difference of their scores, so only differences of scores matter."""
    z = lowered(x)
    return share(z, np.sum(np.exp(z), axis=-1, keepdims=True))


@softmax.gradient_form("x")
def _(dy, x):
    y = softmax(x)
    return deviation(y, dy, np.sum(y * dy, axis=-1, keepdims=True))


@softmax.law("the shares of a row sum to one")
def _(f, x):
    return np.sum(f(x), axis=-1), np.ones_like(x[..., 0])


@softmax.law("adding one number to all scores of a row changes nothing")
def _(f, x, c):
    return f(x + c), f(x)


@softmax.law("two shares are in the ratio of e to the difference of their scores")
def _(f, x):
    y = f(x)
    return y[..., 1:] * np.exp(x[..., :-1]), y[..., :-1] * np.exp(x[..., 1:])


@softmax.law("a larger score has a larger share, so that the winner stays the winner", by="balls")
def _(f, x):
    y = f(x)
    return np.sign(y[..., 1:] - y[..., :-1]), np.sign(x[..., 1:] - x[..., :-1])


@softmax.closed_form("of two classes the second has the sigmoid of its lead", when="there are two classes",
                     outside=dict(x=np.array([[0.0, 0.0, 0.0]])))  # fmt: skip
def _(f, x):
    return f(x)[..., 1], sigmoid(x[..., 1] - x[..., 0])


@equation(
    latex=r"\operatorname{logsoftmax}(x)_i = x_i - m - \ln \sum_j e^{x_j - m} \\ m = \max_j x_j",
    sources=[STUDY_NOTE, BOOK],
    domain=dict(x=SCORES),
    outputs=("y",),
)
def log_softmax(x):
    """The largest score has to be taken away first: x - (max + ln Σ) loses at a large offset what (x - max) - ln Σ keeps."""
    z = lowered(x)
    return z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))


@log_softmax.gradient_form("x")
def _(dy, x):
    return dy - softmax(x) * np.sum(dy, axis=-1, keepdims=True)


@log_softmax.law("it is the logarithm of softmax")
def _(f, x):
    return np.exp(f(x)), softmax(x)


@log_softmax.law("adding one number to all scores of a row changes nothing")
def _(f, x, c):
    return f(x + c), f(x)


softmax.limit("one class has everything", given=dict(x=[[7.0]]), gives=[[1.0]])
softmax.limit("equal scores have equal shares", given=dict(x=[[3.0, 3.0]]), gives=[[0.5, 0.5]])
softmax.limit("a score of -inf has no share", given=dict(x=[[-np.inf, 0.0]]), gives=[[0.0, 1.0]])
softmax.limit("a row of -inf has no shares at all", given=dict(x=[[-np.inf, -np.inf]]), gives=[[np.nan, np.nan]])
softmax.limit("a score of inf leaves nothing defined", given=dict(x=[[np.inf, 0.0]]), gives=[[np.nan, np.nan]])
softmax.limit("a NaN reaches its whole row and no other", given=dict(x=[[np.nan, 0.0], [0.0, 0.0]]),
              gives=[[np.nan, np.nan], [0.5, 0.5]])  # fmt: skip
softmax.limit("huge scores do not overflow", given=dict(x=[[1e308, 1e308]]), gives=[[0.5, 0.5]])
log_softmax.limit("one class is certain", given=dict(x=[[7.0]]), gives=[[0.0]])
log_softmax.limit("a score of -inf is impossible", given=dict(x=[[-np.inf, 0.0]]), gives=[[-np.inf, 0.0]])
log_softmax.limit("where the shares underflow their logarithms do not", given=dict(x=[[0.0, 2000.0]]), gives=[[-2000.0, 0.0]])


softmax.wording(r"y_i = \frac{e^{x_i}}{\sum_{j=1}^{K} e^{x_j}}")
softmax.wording(r"y_i = \frac{e^{x_i - m}}{\sum_{j=1}^{K} e^{x_j - m}} \\ m = \max_j x_j")
log_softmax.wording(r"\ln \operatorname{softmax}(x)_i = x_i - \ln \sum_j e^{x_j}")
log_softmax.wording(r"\ln p_i = x_i - \ln \sum_{j=1}^{K} e^{x_j}")
