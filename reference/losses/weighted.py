"""The cross-entropy with everything that frameworks offer: class weights, a label to ignore, and smoothed targets."""

import numpy as np

from reference.activations.softmax import log_softmax, softmax
from reference.catalogue import Note, Paper, equation
from reference.domain import Array, Labels, integer, nonnegative, real, unit
from reference.functions import either, one_hot
from reference.losses.cross_entropy import picked, sparse_cross_entropy
from reference.losses.reductions import ADDED, BARE, torch_documentation

TORCH = torch_documentation("CrossEntropyLoss")
SZEGEDY = Paper("Szegedy et al. 2016, Rethinking the Inception Architecture for Computer Vision", "section 7", "https://arxiv.org/abs/1512.00567")
FAIRSEQ = Paper("fairseq", "criterions/label_smoothed_cross_entropy.py, label_smoothed_nll_loss", "https://github.com/facebookresearch/fairseq")
STUDY_NOTE = Note("003_ad5d26ecc7ac182d.md", line=75)
OTHERS = "the smoothed part α goes to the C - 1 other classes, and none of it back to the label's own"

blend = either(
    lambda alpha, classes, own, every: (1 - alpha) * own + alpha * (every / classes),
    lambda alpha, classes, own, every: (1 - alpha) * own + alpha / classes * every,
)


@equation(
    latex=r"q_{nc} = (1 - \alpha) y_{nc} + \frac{\alpha}{C}",
    sources=[STUDY_NOTE, SZEGEDY],
    domain=dict(one_hot=Array(unit, "N C"), alpha=unit),
    outputs=("q",),
)
def smoothed_targets(one_hot, *, alpha):
    """Smoothing mixes a certain target with the uniform distribution, and nothing is lost: a row still sums to one."""
    return blend(alpha, one_hot.shape[-1], one_hot, np.ones_like(one_hot))


@smoothed_targets.dialect(
    "over the others", latex=r"q_{nc} = (1 - \alpha) y_{nc} + \frac{\alpha}{C - 1} (1 - y_{nc})", sources=[FAIRSEQ],
    differs=OTHERS, telling=dict(one_hot=np.array([[1.0, 0.0]]), alpha=0.5),
)  # fmt: skip
def _(one_hot, *, alpha):
    return (1 - alpha) * one_hot + alpha * (1 - one_hot) / (one_hot.shape[-1] - 1)


@smoothed_targets.law("a row that sums to one still does", when="the row sums to one", outside=dict(one_hot=np.array([[1.0, 1.0]]), alpha=0.5))
def _(f, one_hot, *, alpha):
    q = f(one_hot, alpha=alpha)
    return np.sum(q, axis=-1), np.ones_like(q[..., 0])


@smoothed_targets.closed_form("smoothing by 1 leaves nothing but the uniform distribution")
def _(f, one_hot):
    return f(one_hot, alpha=1), np.ones_like(one_hot) / one_hot.shape[-1]


def kept(labels, weight, ignore):
    """The weight of each row: that of its class, or nothing if its label is the ignored one."""
    own = np.take(weight, labels)
    return np.where(labels == ignore, np.zeros_like(own), own)


def costs(x, labels, weight, ignore):
    """What the label of each row costs, with the weight of its class, and what all classes cost, each with its own."""
    log_p = log_softmax(x)
    own, every = -np.take(weight, labels) * picked(log_p, labels), -np.sum(weight * log_p, axis=-1)
    return tuple(np.where(labels == ignore, np.zeros_like(cost), cost) for cost in (own, every))


def terms(x, labels, weight, ignore, alpha):
    """What each row costs, smoothed."""
    return blend(alpha, x.shape[-1], *costs(x, labels, weight, ignore))


averaged = either(
    lambda alpha, classes, own, every, total: np.sum(blend(alpha, classes, own, every)) / total,
    lambda alpha, classes, own, every, total: blend(alpha, classes, np.sum(own) / total, np.sum(every) / total),
)


LOGARITHM = r"m_n = \max_c x_{nc} \\ \ell_{nc} = x_{nc} - m_n - \ln \sum_{k=1}^C e^{x_{nk} - m_n} \\ "
DOMAIN = dict(x=Array(real, "N C"), labels=Labels("N", below="C"), weight=Array(nonnegative, "C"), ignore=integer(-1, 3), alpha=unit)
TELLING = dict(x=np.zeros((2, 2)), labels=np.array([0, 1]), weight=np.array([1.0, 2.0]), ignore=-1, alpha=0.0)
SMOOTHED = dict(x=np.array([[1.0, 0.0]]), labels=np.array([0]), weight=np.array([1.0, 1.0]), ignore=-1, alpha=0.5)


@equation(
    latex=r"""
        m_n = \max_c x_{nc} \\
        \ell_{nc} = x_{nc} - m_n - \ln \sum_{k=1}^C e^{x_{nk} - m_n} \\
        L = -\frac{\sum_{n : t_n \ne i} \left( (1 - \alpha) w_{t_n} \ell_{n t_n} + \frac{\alpha}{C} \sum_{c=1}^C w_c \ell_{nc} \right)}{\sum_{n : t_n \ne i} w_{t_n}}
    """,
    sources=[STUDY_NOTE, TORCH],
    domain=DOMAIN,
    outputs=("loss",),
    differentiable=("x",),
)
def weighted_cross_entropy(x, labels, weight, *, ignore, alpha):
    """Weights are divided out again: multiplying all of them by one number changes nothing, and one row alone has no weight."""
    total = np.sum(kept(labels, weight, ignore))
    return averaged(alpha, x.shape[-1], *costs(x, labels, weight, ignore), total)


@weighted_cross_entropy.dialect(
    "mean over the batch",
    latex=LOGARITHM + r"L = -\frac{1}{N} \sum_{n : t_n \ne i} \left( (1 - \alpha) w_{t_n} \ell_{n t_n} + \frac{\alpha}{C} \sum_{c=1}^C w_c \ell_{nc} \right)",
    sources=[Paper("Keras documentation", "keras.losses, reduction sum_over_batch_size", "https://keras.io/api/losses/")],
    differs="the sum is divided by the number of rows, the ignored ones too, instead of by their weights",
    telling=TELLING,
)
def _(x, labels, weight, *, ignore, alpha):
    return np.mean(terms(x, labels, weight, ignore, alpha))


@weighted_cross_entropy.dialect(
    "sum", latex=LOGARITHM + r"L = -\sum_{n : t_n \ne i} \left( (1 - \alpha) w_{t_n} \ell_{n t_n} + \frac{\alpha}{C} \sum_{c=1}^C w_c \ell_{nc} \right)",
    sources=[TORCH], differs=ADDED, telling=TELLING,
)  # fmt: skip
def _(x, labels, weight, *, ignore, alpha):
    return np.sum(terms(x, labels, weight, ignore, alpha))


@weighted_cross_entropy.dialect(
    "none",
    latex=LOGARITHM + r"L_n = -[t_n \ne i] \left( (1 - \alpha) w_{t_n} \ell_{n t_n} + \frac{\alpha}{C} \sum_{c=1}^C w_c \ell_{nc} \right)",
    sources=[TORCH], differs=BARE, telling=TELLING,
)  # fmt: skip
def _(x, labels, weight, *, ignore, alpha):
    return terms(x, labels, weight, ignore, alpha)


@weighted_cross_entropy.dialect(
    "smoothing over the others",
    latex=LOGARITHM + r"L = -\frac{\sum_{n : t_n \ne i} \left( (1 - \alpha) w_{t_n} \ell_{n t_n} + \frac{\alpha}{C - 1} \sum_{c \ne t_n} w_c \ell_{nc} \right)}{\sum_{n : t_n \ne i} w_{t_n}}",
    sources=[FAIRSEQ], differs=OTHERS, telling=SMOOTHED,
)  # fmt: skip
def _(x, labels, weight, *, ignore, alpha):
    classes = x.shape[-1]
    log_p = log_softmax(x)
    counted = kept(labels, weight, ignore)
    other = -np.sum((1 - one_hot(labels, classes)) * weight * log_p, axis=-1)
    other = np.where(labels == ignore, np.zeros_like(other), other)
    cost = (1 - alpha) * -counted * picked(log_p, labels) + alpha * other / np.maximum(classes - 1, 1)
    return np.sum(cost) / np.sum(counted)


@weighted_cross_entropy.gradient_form("x")
def _(dloss, x, labels, weight, *, ignore, alpha):
    classes = x.shape[-1]
    p = softmax(x)
    own = np.take(weight, labels)[:, None] * (p - one_hot(labels, classes))
    every = p * np.sum(weight) - weight
    dx = dloss * blend(alpha, classes, own, every) / np.sum(kept(labels, weight, ignore))
    return np.where((labels == ignore)[:, None], np.zeros_like(dx), dx)


@weighted_cross_entropy.law("multiplying all weights by one number changes nothing", when="the number is not 0",
                            outside=dict(x=np.array([[0.0, 0.0]]), labels=np.array([0]), weight=np.array([1.0, 1.0]), c=0.0, alpha=0.0))  # fmt: skip
def _(f, x, labels, weight, c, *, alpha):
    return f(x, labels, c * weight, ignore=-1, alpha=alpha), f(x, labels, weight, ignore=-1, alpha=alpha)


@weighted_cross_entropy.law("an ignored row might as well not be there", when="its label is the ignored one",
                            outside=dict(x=np.array([[0.0, 0.0], [1.0, 0.0]]), labels=np.array([0, 1]), weight=np.array([1.0, 1.0]), ignore=-1, alpha=0.0))  # fmt: skip
def _(f, x, labels, weight, *, ignore, alpha):
    return f(x, labels, weight, ignore=ignore, alpha=alpha), f(x[:-1], labels[:-1], weight, ignore=ignore, alpha=alpha)


@weighted_cross_entropy.closed_form("with equal weights, nothing ignored and no smoothing it is the plain loss")
def _(f, x, labels):
    return f(x, labels, np.ones_like(x[0]), ignore=-1, alpha=0), sparse_cross_entropy(x, labels)


@weighted_cross_entropy.law("with equal weights smoothing the loss is smoothing the targets")
def _(f, x, labels, *, alpha):
    targets = smoothed_targets(one_hot(labels, x.shape[-1]) + 0 * x, alpha=alpha)
    plain = np.mean(-np.sum(targets * log_softmax(x), axis=-1))
    return f(x, labels, np.ones_like(x[0]), ignore=-1, alpha=alpha), plain


PLAIN = dict(x=[[0.0, 1.0]], weight=[1.0, 1.0], alpha=0.0)
weighted_cross_entropy.limit("where everything is ignored nothing is left to average", given=dict(PLAIN, labels=np.array([1]), ignore=1), gives=np.nan)
weighted_cross_entropy.limit("classes without weight leave nothing to average", given=dict(PLAIN, weight=[0.0, 0.0], labels=np.array([1]), ignore=-1), gives=np.nan)
weighted_cross_entropy.limit("a NaN in an ignored row stays there", given=dict(PLAIN, x=[[np.nan, 0.0], [3.0, 3.0]], labels=np.array([1, 0]), ignore=1), gives=np.log(2.0))
