"""Distances between predictions and targets: the mean squared error, its root, and the mean absolute error."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, real
from reference.losses.reductions import ADDED, BARE, per, torch_documentation

BOOK = "https://www.deeplearningbook.org/contents/ml.html"
DIVE = Paper("Zhang et al. 2023, Dive into Deep Learning", "equations 3.1.5 and 3.1.6", "https://d2l.ai/chapter_linear-regression/linear-regression.html")
BISHOP = Paper("Bishop 2006, Pattern Recognition and Machine Learning", "equation 1.2", "https://www.microsoft.com/en-us/research/publication/pattern-recognition-machine-learning/")
METRICS = Paper("Willmott & Matsuura 2005, Advantages of the mean absolute error over the root mean square error", "equations 1 and 2", "https://doi.org/10.3354/cr030079")
PAIR = dict(prediction=Array(real, "N"), target=Array(real, "N"))
TELLING = dict(prediction=np.array([2.0, 0.0]), target=np.array([0.0, 0.0]))


@equation(
    latex=r"L = \frac{1}{N} \sum_{i=1}^N (y_i - \hat{y}_i)^2",
    sources=[
        Note("001_468a25992c418006.md", line=77), Note("003_ad5d26ecc7ac182d.md", line=81), Note("000_301a927e2f22c6c5.md", line=126),
        Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "section 5.1.4", BOOK),
    ],
    domain=PAIR,
    outputs=("loss",),
)  # fmt: skip
def mse(prediction, target):
    """The mean is the constant that minimises it, and an error twice as large costs four times as much."""
    return np.mean((prediction - target) ** 2)


@mse.dialect("sum", latex=r"L = \sum_{i=1}^N (y_i - \hat{y}_i)^2", sources=[torch_documentation("MSELoss")],
             differs=ADDED, telling=TELLING)  # fmt: skip
def _(prediction, target):
    return np.sum((prediction - target) ** 2)


@mse.dialect("none", latex=r"L_i = (y_i - \hat{y}_i)^2", sources=[torch_documentation("MSELoss")],
             differs=BARE, telling=TELLING)  # fmt: skip
def _(prediction, target):
    return (prediction - target) ** 2


@mse.dialect("half", latex=r"L = \frac{1}{2N} \sum_{i=1}^N (y_i - \hat{y}_i)^2", sources=[DIVE],
             differs="half as much, so that the slope has no 2", telling=TELLING)  # fmt: skip
def _(prediction, target):
    return np.mean((target - prediction) ** 2) / 2


@mse.dialect("half of the sum", latex=r"L = \frac{1}{2} \sum_{i=1}^N (y_i - \hat{y}_i)^2", sources=[BISHOP],
             differs="half of the sum, so that the slope has no 2 and no N",
             telling=dict(prediction=np.array([2.0, 0.0, 0.0]), target=np.zeros(3)))  # fmt: skip
def _(prediction, target):
    return np.sum((target - prediction) ** 2) / 2


@mse.gradient_form("prediction")
def _(dloss, prediction, target):
    return dloss * per(2 * (prediction - target), prediction.size)


@mse.gradient_form("target")
def _(dloss, prediction, target):
    return dloss * per(2 * (target - prediction), prediction.size)


@equation(
    latex=r"R = \sqrt{\frac{1}{N} \sum_{i=1}^N (y_i - \hat{y}_i)^2}",
    sources=[Note("000_301a927e2f22c6c5.md", line=126), METRICS],
    domain=PAIR,
    outputs=("loss",),
)
def rmse(prediction, target):
    """It has the data's unit and is never below the mean absolute error; where all is right it has no derivative."""
    return np.sqrt(np.mean((prediction - target) ** 2))


@equation(
    latex=r"L = \frac{1}{N} \sum_{i=1}^N |y_i - \hat{y}_i|",
    sources=[Note("003_ad5d26ecc7ac182d.md", line=79), METRICS],
    domain=PAIR,
    outputs=("loss",),
)
def mae(prediction, target):
    """Any median is a constant that minimises it, and an error twice as large costs twice as much."""
    return np.mean(np.abs(prediction - target))


@mae.dialect("sum", latex=r"L = \sum_{i=1}^N |y_i - \hat{y}_i|", sources=[torch_documentation("L1Loss")],
             differs=ADDED, telling=TELLING)  # fmt: skip
def _(prediction, target):
    return np.sum(np.abs(prediction - target))


@mae.dialect("none", latex=r"L_i = |y_i - \hat{y}_i|", sources=[torch_documentation("L1Loss")],
             differs=BARE, telling=TELLING)  # fmt: skip
def _(prediction, target):
    return np.abs(prediction - target)


@mae.gradient_form("prediction")
def _(dloss, prediction, target):
    return dloss * per(np.sign(prediction - target), prediction.size)


for loss in (mse, rmse, mae):

    @loss.closed_form("what is right costs nothing")
    def _(f, target):
        return f(target, target), np.zeros_like(f(target, target))


for loss in (mse, mae):

    @loss.law("N times the loss is no less than the cost of any one error, so that only what is right costs nothing", by="rationals")
    def _(f, prediction, target):
        total = f(prediction, target) * prediction.size
        return np.maximum(total, np.max(single(f, prediction, target))), total


def single(f, prediction, target):
    """What each error costs alone."""
    return np.stack([f(prediction[i : i + 1], target[i : i + 1]) for i in range(prediction.size)])


@mse.law("in another unit, c times as small, the loss is c² times as large")
def _(f, prediction, target, c):
    return f(c * prediction, c * target), c**2 * f(prediction, target)


for loss in (rmse, mae):

    @loss.law("it has the unit of the data")
    def _(f, prediction, target, c):
        return f(c * prediction, c * target), np.abs(c) * f(prediction, target)


@mse.law("a constant costs the square of its distance from the mean more than the mean does")
def _(f, target, c):
    mean = np.mean(target)
    same = np.ones_like(target)
    return f(c * same, target) - f(mean * same, target), (c - mean) ** 2


@mae.law("no constant costs less than a median", when="m is a median of the targets", by="rationals",
         outside=dict(target=np.array([0.0, 0.0, 1.0]), m=1.0, c=0.0))  # fmt: skip
def _(f, target, m, c):
    same = np.ones_like(target)
    return np.maximum(f(c * same, target), f(m * same, target)), f(c * same, target)


@mse.law("an outlier has a larger share of it than of the mean absolute error", when="no other error is larger",
         by="rationals", outside=dict(error=np.array([1.0, 2.0])))  # fmt: skip
def _(f, error):
    zero = np.zeros_like(error)
    squared = f(error[:1], zero[:1]) / f(error, zero)
    absolute = mae(error[:1], zero[:1]) / mae(error, zero)
    return np.maximum(squared, absolute), squared


@rmse.law("its square exceeds that of the mean absolute error by the variance of the absolute errors")
def _(f, prediction, target):
    error = np.abs(prediction - target)
    return f(prediction, target) ** 2 - mae(prediction, target) ** 2, np.mean((error - np.mean(error)) ** 2)


@equation(
    latex=r"""
        \frac{\partial L}{\partial w} = -\frac{2}{N} \sum_{i=1}^N (y_i - w x_i - b) x_i \\
        \frac{\partial L}{\partial b} = -\frac{2}{N} \sum_{i=1}^N (y_i - w x_i - b)
    """,
    sources=[Note("001_468a25992c418006.md", label="math 2"), Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "section 5.1.4", BOOK)],
    domain=dict(w=Array(real, "1"), b=Array(real, "1"), x=Array(real, "N"), y=Array(real, "N")),
    outputs=("dw", "db"),
    differentiable=(),
)  # fmt: skip
def mse_gradient(w, b, x, y):
    """At the minimum the errors sum to zero and are orthogonal to the inputs."""
    share = per(2 * (w * x + b - y), x.size)
    return np.sum(share * x, axis=0, keepdims=True), np.sum(share, axis=0, keepdims=True)


@mse_gradient.dialect(
    "half",
    latex=r"""
        \frac{\partial L}{\partial w} = -\frac{1}{N} \sum_{i=1}^N (y_i - w x_i - b) x_i \\
        \frac{\partial L}{\partial b} = -\frac{1}{N} \sum_{i=1}^N (y_i - w x_i - b)
    """,
    sources=[DIVE],
    differs="it is the slope of half the mean squared error, so that it has no 2",
    telling=dict(w=np.array([0.0]), b=np.array([0.0]), x=np.array([1.0]), y=np.array([1.0])),
)
def _(w, b, x, y):
    share = per(w * x + b - y, x.size)
    return np.sum(share * x, axis=0, keepdims=True), np.sum(share, axis=0, keepdims=True)


@mse_gradient.misprint(
    "doubled minus",
    latex=r"""
        \frac{\partial L}{\partial w} = -\frac{1}{N} \sum_{i=1}^N -2 (y_i - w x_i - b) x_i \\
        \frac{\partial L}{\partial b} = -\frac{1}{N} \sum_{i=1}^N -2 (y_i - w x_i - b)
    """,
    sources=[Note("001_468a25992c418006.md", label="math 2")],
    differs="the inner derivative's minus stands inside the sum and once more before it, so that descent would climb",
    telling=dict(w=np.array([0.0]), b=np.array([0.0]), x=np.array([1.0]), y=np.array([1.0])),
)
def _(w, b, x, y):
    share = per(2 * (y - w * x - b), x.size)
    return np.sum(share * x, axis=0, keepdims=True), np.sum(share, axis=0, keepdims=True)


@mse_gradient.law("it is the derivative of the mean squared error of the line wx + b")
def _(f, w, b, x, y, h):
    dw, db = f(w, b, x, y)
    middle = (mse((w + h) * x + b, y) - mse((w - h) * x + b, y)) / (2 * h)
    lifted = (mse(w * x + b + h, y) - mse(w * x + b - h, y)) / (2 * h)
    return np.stack([dw[0], db[0]]), np.stack([middle, lifted])


mse.limit("a NaN on either side reaches the loss", given=dict(prediction=[np.nan, 0.0], target=[0.0, 0.0]), gives=np.nan)
mse.limit("infinities that agree are undecided", given=dict(prediction=[np.inf], target=[np.inf]), gives=np.nan)
mse.limit("the square may overflow", given=dict(prediction=[1e200], target=[0.0]), gives=np.inf)
mae.limit("where a square would overflow the absolute error does not", given=dict(prediction=[1e200], target=[0.0]), gives=1e200)
mae.limit("a NaN on either side reaches the loss", given=dict(prediction=[0.0], target=[np.nan]), gives=np.nan)
rmse.limit("one error is its own root mean square", given=dict(prediction=[3.0], target=[0.0]), gives=3.0)
