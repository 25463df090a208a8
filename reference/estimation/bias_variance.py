"""What the expected squared error of an estimate is made of."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, Simplex, lane, real

STUDY_NOTE = Note("001_468a25992c418006.md", label="math 4")
GEMAN = Paper("Geman, Bienenstock & Doursat 1992, Neural Networks and the Bias/Variance Dilemma", "section 3.1", "https://doi.org/10.1162/neco.1992.4.1.1")
FIVE = np.array([0.5, 0.5])


def mean(weights, values):
    """The expectation of values that are taken with these probabilities."""
    return np.einsum("k,k->", weights, values)


@equation(
    latex=r"""
        \bar{f} = \sum_{k=1}^{K} p_k \hat{f}_k \\
        bias^2 = (f - \bar{f})^2 \\
        variance = \sum_{k=1}^{K} p_k (\bar{f} - \hat{f}_k)^2 \\
        noise = \sum_{j=1}^{J} q_j \epsilon_j^2
    """,
    sources=[STUDY_NOTE, GEMAN],
    domain=dict(truth=Array(real, ""), predictions=Array(real, "K"), p=Simplex("K"), noise=Array(real, "J"), q=Simplex("J")),
    outputs=("bias2", "variance", "noise"),
)
def bias_variance(truth, predictions, p, noise, q):
    """The expected squared error of an estimate is its squared bias plus its variance plus the noise of the target.

    The training set takes one of K forms with the probabilities p, and leads to the predictions f̂; the target is
    f + ε, where ε takes one of J values with the probabilities q.
    """
    centre = mean(p, predictions)
    return (truth - centre) ** 2, mean(p, (centre - predictions) ** 2), mean(q, noise**2)


@bias_variance.misprint(
    "square inside the bias",
    latex=r"""
        \bar{f} = \sum_{k=1}^{K} p_k \hat{f}_k \\
        bias^2 = (f - \bar{f}^2)^2 \\
        variance = \sum_{k=1}^{K} p_k (\bar{f} - \hat{f}_k)^2 \\
        noise = \sum_{j=1}^{J} q_j \epsilon_j^2
    """,
    sources=[STUDY_NOTE],
    differs="the mean prediction is squared before it is compared with the truth, which not even has its unit",
    telling=dict(truth=np.array(2.0), predictions=np.array([2.0]), p=np.array([1.0]), noise=np.array([0.0]), q=np.array([1.0])),
)
def _(truth, predictions, p, noise, q):
    centre = mean(p, predictions)
    return (truth - centre**2) ** 2, mean(p, (centre - predictions) ** 2), mean(q, noise**2)


@bias_variance.misprint(
    "noise without its square",
    latex=r"""
        \bar{f} = \sum_{k=1}^{K} p_k \hat{f}_k \\
        bias^2 = (f - \bar{f})^2 \\
        variance = \sum_{k=1}^{K} p_k (\bar{f} - \hat{f}_k)^2 \\
        noise = \sum_{j=1}^{J} q_j \epsilon_j
    """,
    sources=[STUDY_NOTE],
    differs="the last term is the mean of the noise, which is 0, instead of the mean of its square",
    telling=dict(truth=np.array(0.0), predictions=np.array([0.0]), p=np.array([1.0]), noise=np.array([-1.0, 1.0]), q=FIVE),
)
def _(truth, predictions, p, noise, q):
    centre = mean(p, predictions)
    return (truth - centre) ** 2, mean(p, (centre - predictions) ** 2), mean(q, noise)


@bias_variance.law(
    "the three parts add up to the expected squared error",
    when="the noise has mean 0 and is independent of the training set",
    outside=dict(truth=0.0, predictions=np.array([1.0]), noise=np.array([1.0]), joint=np.array([[1.0]])),
)
def _(f, truth, predictions, noise, joint):
    """`joint` has the probability of each training set (rows) together with each noise (columns)."""
    p, q = np.sum(joint, axis=1), np.sum(joint, axis=0)
    error = (truth + noise - predictions[:, None]) ** 2
    return sum(f(truth, predictions, p, noise, q)), np.einsum("kj,kj->", joint, error)


@equation(
    latex=r"gap = L_{test} - L_{train}",
    sources=[
        Note("001_468a25992c418006.md", line=131),
        Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "section 5.2", "https://www.deeplearningbook.org/contents/ml.html"),
    ],
    domain=dict(train=lane(real), test=lane(real)),
    outputs=("gap",),
    certified_by="proof",
)
def generalization_gap(train, test):
    """A model that fits neither its training data nor new data may have no gap at all."""
    return test - train


@generalization_gap.dialect(
    "size",
    latex=r"gap = \left| L_{test} - L_{train} \right|",
    sources=[Note("001_468a25992c418006.md", line=131)],
    differs="only the size of the difference counts, so that a lucky test set looks like overfitting",
    telling=dict(train=np.array([1.0]), test=np.array([0.0])),
)
def _(train, test):
    return np.abs(test - train)


@generalization_gap.law("a constant added to the loss leaves the gap")
def _(f, train, test, constant):
    return f(train + constant, test + constant), f(train, test)


@generalization_gap.law("exchanging training and test set changes its sign")
def _(f, train, test):
    return f(test, train), -f(train, test)


RANDOM = {  # values and their probabilities
    r"\hat{f}": lambda predictions, p: (predictions, p),
    r"\epsilon": lambda noise, q: (noise - noise @ q, q),
    "t": lambda truth, noise, q: (truth + noise - noise @ q, q),
}
bias_variance.wording(
    r"\mathbb{E}\left[(t - \hat{f})^2\right] = \mathbb{E}\left[(t - f + f - \hat{f})^2\right] = \left( f - \mathbb{E}[\hat{f}] \right)^2 + \mathbb{E}\left[(\mathbb{E}[\hat{f}] - \hat{f})^2\right] + \mathbb{E}[\epsilon^2]", symbols=RANDOM,
)  # fmt: skip
bias_variance.wording(
    r"\operatorname{Bias} = \mathbb{E}[\hat{f}] - f \\ "
    r"\operatorname{Variance} = \mathbb{E}\left[ (\hat{f} - \mathbb{E}[\hat{f}])^2 \right]",
    symbols=RANDOM | {r"\operatorname{Bias}": lambda truth, predictions, p: predictions @ p - truth,
                      r"\operatorname{Variance}": lambda variance_after: variance_after},
)  # fmt: skip


AT = {  # the same, where the estimate is one at x
    r"\operatorname{Var}(\hat{f}(x))": lambda predictions, p: (predictions - predictions @ p) ** 2 @ p,
    r"\hat{f}(x)": RANDOM[r"\hat{f}"], "y": RANDOM["t"], "f(x)": "truth",
    r"\sigma^2": lambda noise, q: (noise - noise @ q) ** 2 @ q,
}  # fmt: skip
bias_variance.wording(
    r"\mathbb{E}\left[(y - \hat{f}(x))^2\right] = \left( \mathbb{E}[\hat{f}(x)] - f(x) \right)^2 + \mathbb{E}\left[(\hat{f}(x) - \mathbb{E}[\hat{f}(x)])^2\right] + \sigma^2", symbols=AT,
)  # fmt: skip
bias_variance.wording(
    r"\mathbb{E}\left[(y - \hat{f}(x))^2\right] = \left( \mathbb{E}[\hat{f}(x)] - f(x) \right)^2 + \operatorname{Var}(\hat{f}(x)) + \sigma^2", symbols=AT,
)  # fmt: skip
bias_variance.wording(
    r"\mathbb{E}\left[(\hat{f}(x) - f(x))^2\right] = \left( \mathbb{E}[\hat{f}(x)] - f(x) \right)^2 + \mathbb{E}\left[(\hat{f}(x) - \mathbb{E}[\hat{f}(x)])^2\right]", symbols=AT,
)  # fmt: skip
