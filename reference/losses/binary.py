"""The binary cross-entropy, of probabilities and of logits."""

import numpy as np

from reference.activations.sigmoid import sigmoid
from reference.catalogue import Note, Paper, equation
from reference.domain import Array, real, unit
from reference.losses.reductions import ADDED, BARE, per, torch_documentation

STUDY_NOTE = Note("003_ad5d26ecc7ac182d.md", line=71)
BOOK = Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "section 6.2.2.2", "https://www.deeplearningbook.org/contents/mlp.html")
TORCH = torch_documentation("BCELoss")
HALVES = dict(p=np.array([0.5, 0.5]), y=np.array([1.0, 0.0]))


def surprises(p, y):
    """-y ln p - (1 - y) ln(1 - p), where 0 ln 0 is 0."""
    yes = y * np.log(np.where(y == 0, np.ones_like(p), p))
    no = (1 - y) * np.log1p(-np.where(y == 1, np.zeros_like(p), p))
    return -yes - no


@equation(
    latex=r"L = -\frac{1}{N} \sum_{i=1}^N \left( y_i \ln p_i + (1 - y_i) \ln(1 - p_i) \right)",
    sources=[STUDY_NOTE, BOOK],
    domain=dict(p=Array(unit, "N"), y=Array(unit, "N")),
    outputs=("loss",),
    differentiable=("p",),
)
def binary_cross_entropy(p, y):
    """It is least where p = y, but 0 there only if y is 0 or 1: what is left otherwise is the entropy of y itself."""
    return np.mean(surprises(p, y))


@binary_cross_entropy.dialect(
    "clamped",
    latex=r"L = -\frac{1}{N} \sum_{i=1}^N \left( y_i \max(\ln p_i, -100) + (1 - y_i) \max(\ln(1 - p_i), -100) \right)",
    sources=[Paper("PyTorch documentation", "torch.nn.BCELoss, the remark on log 0", "https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html")],
    differs="no logarithm is let below -100, so that a certain mistake costs 100 instead of infinity",
    telling=dict(p=np.array([2.0**-200]), y=np.array([1.0])),
)
def _(p, y):
    return np.mean(-y * np.maximum(np.log(p), -100) - (1 - y) * np.maximum(np.log1p(-p), -100))


@binary_cross_entropy.dialect(
    "clipped",
    latex=r"L = -\frac{1}{N} \sum_{i=1}^N \left( y_i \ln q_i + (1 - y_i) \ln(1 - q_i) \right) \\ q_i = \min(\max(p_i, 10^{-7}), 1 - 10^{-7})",
    sources=[Paper("Keras documentation", "keras.losses.BinaryCrossentropy and keras.config.epsilon", "https://keras.io/api/losses/probabilistic_losses/")],
    differs="the probabilities themselves are kept 10⁻⁷ away from 0 and 1",
    telling=dict(p=np.array([2.0**-200]), y=np.array([1.0])),
)
def _(p, y):
    return np.mean(surprises(np.clip(p, 1e-7, 1 - 1e-7), y))


@binary_cross_entropy.dialect("sum", latex=r"L = -\sum_{i=1}^N \left( y_i \ln p_i + (1 - y_i) \ln(1 - p_i) \right)",
                              sources=[TORCH], differs=ADDED, telling=HALVES)  # fmt: skip
def _(p, y):
    return np.sum(surprises(p, y))


@binary_cross_entropy.dialect("none", latex=r"L_i = -y_i \ln p_i - (1 - y_i) \ln(1 - p_i)",
                              sources=[TORCH], differs=BARE, telling=HALVES)  # fmt: skip
def _(p, y):
    return surprises(p, y)


@binary_cross_entropy.gradient_form("p")
def _(dloss, p, y):
    return dloss * per((p - y) / (p * (1 - p)), p.size)


@binary_cross_entropy.closed_form("what is right costs nothing", when="the targets are 0 or 1",
                                  outside=dict(y=np.array([0.5])))  # fmt: skip
def _(f, y):
    return f(y, y), np.zeros_like(f(y, y))


@binary_cross_entropy.closed_form("a fair coin costs ln 2, whatever the targets")
def _(f, y):
    half = np.ones_like(y) / 2
    return f(half, y), np.log(2 * np.ones_like(f(half, y)))


@binary_cross_entropy.law("exchanging the two classes changes nothing")
def _(f, p, y):
    return f(1 - p, 1 - y), f(p, y)


@binary_cross_entropy.law("no prediction costs less than the target itself", by="balls")
def _(f, p, y):
    return np.maximum(f(p, y), f(y, y)), f(p, y)


binary_cross_entropy.limit("certain and right costs nothing", given=dict(p=[0.0, 1.0], y=[0.0, 1.0]), gives=0.0)
binary_cross_entropy.limit("certain and wrong costs everything", given=dict(p=[0.0], y=[1.0]), gives=np.inf)
binary_cross_entropy.limit("certain and half wrong costs everything too", given=dict(p=[1.0], y=[0.5]), gives=np.inf)
binary_cross_entropy.limit("a NaN prediction reaches the loss", given=dict(p=[np.nan], y=[0.5]), gives=np.nan)


def costs(x, y):
    """ln(1 + eˣ) - xy, so written that nothing overflows and nothing cancels."""
    return np.maximum(x, 0) - x * y + np.log1p(np.exp(-np.abs(x)))


@equation(
    latex=r"L = \frac{1}{N} \sum_{i=1}^N \left( \max(x_i, 0) - x_i y_i + \ln(1 + e^{-|x_i|}) \right)",
    sources=[
        STUDY_NOTE,
        Paper("TensorFlow documentation", "tf.nn.sigmoid_cross_entropy_with_logits", "https://www.tensorflow.org/api_docs/python/tf/nn/sigmoid_cross_entropy_with_logits"),
    ],
    domain=dict(x=Array(real, "N"), y=Array(unit, "N")),
    outputs=("loss",),
)  # fmt: skip
def binary_cross_entropy_with_logits(x, y):
    """It never saturates: for a wrong logit the loss grows as |x|, where σ(x) has long been rounded to 0 or 1."""
    return np.mean(costs(x, y))


@binary_cross_entropy_with_logits.dialect(
    "sum", latex=r"L = \sum_{i=1}^N \left( \max(x_i, 0) - x_i y_i + \ln(1 + e^{-|x_i|}) \right)",
    sources=[torch_documentation("BCEWithLogitsLoss")], differs=ADDED,
    telling=dict(x=np.array([0.0, 0.0]), y=np.array([0.0, 1.0])),
)  # fmt: skip
def _(x, y):
    return np.sum(costs(x, y))


@binary_cross_entropy_with_logits.dialect(
    "none", latex=r"L_i = \max(x_i, 0) - x_i y_i + \ln(1 + e^{-|x_i|})",
    sources=[torch_documentation("BCEWithLogitsLoss")], differs=BARE,
    telling=dict(x=np.array([0.0, 0.0]), y=np.array([0.0, 1.0])),
)  # fmt: skip
def _(x, y):
    return costs(x, y)


@binary_cross_entropy_with_logits.gradient_form("x")
def _(dloss, x, y):
    return dloss * per(sigmoid(x) - y, x.size)


@binary_cross_entropy_with_logits.gradient_form("y")
def _(dloss, x, y):
    return dloss * per(-x, x.size)


@binary_cross_entropy_with_logits.law("it is the cross-entropy of the logits' sigmoids")
def _(f, x, y):
    return f(x, y), binary_cross_entropy(sigmoid(x), y)


@binary_cross_entropy_with_logits.law("exchanging the two classes changes nothing")
def _(f, x, y):
    return f(-x, 1 - y), f(x, y)


binary_cross_entropy_with_logits.limit("a sure logit that is right costs nothing", given=dict(x=[1000.0], y=[1.0]), gives=0.0)
binary_cross_entropy_with_logits.limit("a sure logit that is wrong costs itself", given=dict(x=[-1000.0], y=[1.0]), gives=1000.0)
binary_cross_entropy_with_logits.limit("a logit of 0 costs ln 2", given=dict(x=[0.0], y=[0.25]), gives=np.log(2.0))
binary_cross_entropy_with_logits.limit("a tiny loss is not rounded to nothing", given=dict(x=[-700.0], y=[0.0]), gives=np.exp(-700.0))
binary_cross_entropy_with_logits.limit("a NaN reaches the loss", given=dict(x=[np.nan], y=[0.5]), gives=np.nan)


@binary_cross_entropy_with_logits.kink("at a logit of 0, where both bends of the stable form meet, the slope is ½ - y",
                                       given=dict(x=[0.0], y=[0.25]))  # fmt: skip
def _(slopes):
    return slopes["x"], np.array([0.25])


binary_cross_entropy_with_logits.wording(r"L = \frac{1}{N} \sum_{i=1}^N \left( \ln(1 + e^{x_i}) - x_i y_i \right)")
binary_cross_entropy_with_logits.wording(
    r"\ell_n = -\left[ y_n \ln \sigma(x_n) + (1 - y_n) \ln(1 - \sigma(x_n)) \right]", dialect="none"
)
