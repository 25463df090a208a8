"""Softer targets, and samples made of two others."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, Mask, Simplex, real, unit
from reference.functions import either

STUDY = "001_468a25992c418006.md"
SZEGEDY = Paper("Szegedy et al. 2016, Rethinking the Inception Architecture", "section 7", "https://arxiv.org/abs/1512.00567")
ZHANG = Paper("Zhang et al. 2018, mixup: Beyond Empirical Risk Minimization", "section 1, the displayed box", "https://arxiv.org/abs/1710.09412")
YUN = Paper("Yun et al. 2019, CutMix", "section 3.1, equation 1", "https://arxiv.org/abs/1905.04899")

blend = either(
    lambda share, x, other: share * x + (1 - share) * other,
    lambda share, x, other: other + share * (x - other),
    lambda share, x, other: x + (1 - share) * (other - x),
)


@equation(
    latex=r"q_{n,c} = (1 - \alpha) y_{n,c} + \frac{\alpha}{C}",
    sources=[SZEGEDY, Note(STUDY, line=335)],
    domain=dict(y=Simplex("N C"), alpha=unit),
    outputs=("q",),
    sizes={"C": (2, 5)},
)
def label_smoothing(y, *, alpha):
    """A smoothed target cannot be reached by finite logits less than infinitely far apart; a softened one can.

    The notes give this name to the mixing of two samples, which is mixup.
    """
    return (1 - alpha) * y + alpha / y.shape[-1]


@label_smoothing.dialect(
    "among-the-others",
    latex=r"q_{n,c} = (1 - \alpha) y_{n,c} + \frac{\alpha}{C - 1} (1 - y_{n,c})",
    sources=[Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "section 7.5.1", "https://www.deeplearningbook.org/contents/regularization.html")],
    differs="α is shared by the other classes only, so that the true one keeps 1 - α",
    telling=dict(y=np.array([[1.0, 0.0]]), alpha=0.5),
)
def _(y, *, alpha):
    return (1 - alpha) * y + alpha / (y.shape[-1] - 1) * (1 - y)


@label_smoothing.law("smoothed probabilities sum to one", when="the targets do",
                     outside=dict(y=np.array([[1.0, 1.0]]), alpha=0.5))  # fmt: skip
def _(f, y, *, alpha):
    return np.sum(f(y, alpha=alpha), axis=-1), np.ones(y.shape[:-1])


@label_smoothing.law("with two classes it takes the share α/2 of each target from the other one's place")
def _(f, p, *, alpha):
    y = np.stack([p, 1 - p])[None]
    return f(y, alpha=alpha), (1 - alpha / 2) * y + alpha / 2 * (1 - y)


@equation(
    latex=r"""
        x = \lambda x_1 + (1 - \lambda) x_2 \\
        y = \lambda y_1 + (1 - \lambda) y_2
    """,
    sources=[ZHANG, Note(STUDY, line=338), Note(STUDY, line=337)],
    domain=dict(x1=Array(real, "N D"), y1=Simplex("N C"), x2=Array(real, "N D"), y2=Simplex("N C"), share=unit),
    outputs=("x", "y"),
)
def mixup(x1, y1, x2, y2, *, share):
    """Between two samples the target is asked to go along a straight line, as the input does."""
    return blend(share, x1, x2), blend(share, y1, y2)


@mixup.law("mixed probabilities sum to one", when="both targets do",
           outside=dict(x1=np.zeros((1, 1)), y1=np.array([[1.0, 1.0]]), x2=np.zeros((1, 1)), y2=np.array([[1.0, 0.0]]), share=0.5))  # fmt: skip
def _(f, x1, y1, x2, y2, *, share):
    _, y = f(x1, y1, x2, y2, share=share)
    return np.sum(y, axis=-1), np.ones(y.shape[:-1])


@mixup.law("the cross-entropy of the mixed target is the mixture of the two cross-entropies")
def _(f, x1, y1, x2, y2, scores, *, share):
    _, y = f(x1, y1, x2, y2, share=share)
    both = (np.sum(target * scores) for target in (y1, y2))
    first, second = both
    return np.sum(y * scores), share * first + (1 - share) * second


@mixup.law("exchanging the samples and the shares changes nothing")
def _(f, x1, y1, x2, y2, *, share):
    return f(x1, y1, x2, y2, share=share), f(x2, y2, x1, y1, share=1 - share)


@equation(
    latex=r"""
        \lambda = \frac{1}{H W} \sum_{h=1}^{H} \sum_{w=1}^{W} M_{h,w} \\
        x = M \odot x_1 + (1 - M) \odot x_2 \\
        y = \lambda y_1 + (1 - \lambda) y_2
    """,
    sources=[YUN, Note(STUDY, line=338)],
    domain=dict(x1=Array(real, "N D H W"), y1=Simplex("N C"), x2=Array(real, "N D H W"), y2=Simplex("N C"), mask=Mask("H W")),
    outputs=("x", "y"),
)
def cutmix(x1, y1, x2, y2, mask):
    """The target follows the share of the picture that is left of each sample.

    `mask` is 1 where the first sample stays. The paper's mask is 0 on one box; where that box is cut off at the border,
    the share has to be counted again, as it is here.
    """
    ones = np.ones_like(x1[0, 0])
    share = np.mean(np.where(mask, ones, 0 * ones))
    return np.where(mask, x1, x2), blend(share, y1, y2)


@cutmix.law("ones over zeros have as their mean what the first class has in the target", by="enumeration")
def _(f, mask):
    """The share in the target is the share of the pixels."""
    ones = np.ones((1, 1, *mask.shape))
    x, y = f(ones, np.array([[1.0, 0.0]]), 0 * ones, np.array([[0.0, 1.0]]), mask)
    return np.mean(x, axis=(1, 2, 3)), y[:, 0]


label_smoothing.wording(r"q = (1 - \alpha) y + \frac{\alpha}{C}")


def one_hot(y):
    """Targets of which each has one class."""
    return {"y": np.eye(y.shape[1])[np.argmax(y, axis=1)]}


CLASS = {"y": lambda y: np.argmax(y, axis=1)}
label_smoothing.wording(
    r"q_{n,k} = \begin{cases} 1 - \alpha & k = y_n \\ \frac{\alpha}{C - 1} & k \ne y_n \end{cases}",
    dialect="among-the-others", symbols=CLASS, given=one_hot,
)  # fmt: skip
label_smoothing.wording(
    r"q_{n,k} = \begin{cases} 1 - \alpha + \frac{\alpha}{C} & k = y_n \\ \frac{\alpha}{C} & k \ne y_n \end{cases}",
    symbols=CLASS, given=one_hot,
)  # fmt: skip
label_smoothing.wording(
    r"q(k | x) = (1 - \alpha) \delta_{k,y} + \frac{\alpha}{C}",
    symbols={r"\delta": lambda y: lambda k, label: y[0, k - 1], "x": lambda: 1},
)
