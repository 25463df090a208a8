"""The cross-entropy of several classes: of probabilities, of logits, and of class numbers."""

import numpy as np

from reference.activations.softmax import log_softmax, softmax
from reference.catalogue import Note, Paper, equation
from reference.domain import Array, Labels, Simplex, real
from reference.functions import one_hot
from reference.losses.reductions import ADDED, BARE, per, torch_documentation

BOOK = Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "section 6.2.2.3", "https://www.deeplearningbook.org/contents/mlp.html")
TORCH = torch_documentation("CrossEntropyLoss")
CATEGORICAL = [Note("003_ad5d26ecc7ac182d.md", line=73), Note("001_468a25992c418006.md", line=114)]
SPARSE = Note("003_ad5d26ecc7ac182d.md", line=75)
LOGITS = Array(real, "N C")
EVEN = np.zeros((2, 2))


@equation(
    latex=r"L = -\frac{1}{N} \sum_{n=1}^N \sum_{c=1}^C y_{nc} \ln p_{nc}",
    sources=[*CATEGORICAL, BOOK],
    domain=dict(p=Simplex("N C"), y=Simplex("N C")),
    outputs=("loss",),
    differentiable=("p",),
)
def categorical_cross_entropy(p, y):
    """It exceeds the divergence of p from y by the entropy of y, which is 0 only for targets that are certain."""
    return np.mean(-np.sum(y * np.log(np.where(y == 0, np.ones_like(p), p)), axis=-1))


@categorical_cross_entropy.gradient_form("p")
def _(dloss, p, y):
    return -dloss * per(np.where(y == 0, np.zeros_like(p), y / p), p.shape[0])


@categorical_cross_entropy.closed_form("what is right costs nothing", when="each target is certain of one class",
                                       outside=dict(y=np.array([[0.5, 0.5]])))  # fmt: skip
def _(f, y):
    return f(y, y), np.zeros_like(f(y, y))


@categorical_cross_entropy.law("no prediction costs less than the target itself", by="balls")
def _(f, p, y):
    return np.maximum(f(p, y), f(y, y)), f(p, y)


categorical_cross_entropy.limit("a class that is neither predicted nor meant costs nothing", given=dict(p=[[0.0, 1.0]], y=[[0.0, 1.0]]), gives=0.0)
categorical_cross_entropy.limit("a class that is ruled out and meant costs everything", given=dict(p=[[0.0, 1.0]], y=[[1.0, 0.0]]), gives=np.inf)


@equation(
    latex=r"L = -\frac{1}{N} \sum_{n=1}^N \sum_{c=1}^C y_{nc} \left( x_{nc} - m_n - \ln \sum_{k=1}^C e^{x_{nk} - m_n} \right) \\ m_n = \max_c x_{nc}",
    sources=[*CATEGORICAL, BOOK],
    domain=dict(x=LOGITS, y=Simplex("N C")),
    outputs=("loss",),
)
def cross_entropy(x, y):
    """Its gradient in the logits is what was predicted less what was meant, however wrong the prediction."""
    return np.mean(-np.sum(y * log_softmax(x), axis=-1))


@cross_entropy.dialect(
    "sum", latex=r"L = -\sum_{n=1}^N \sum_{c=1}^C y_{nc} \ln \operatorname{softmax}(x_n)_c",
    sources=[TORCH], differs=ADDED, telling=dict(x=EVEN, y=np.eye(2)),
)  # fmt: skip
def _(x, y):
    return np.sum(-np.sum(y * log_softmax(x), axis=-1))


@cross_entropy.dialect(
    "none", latex=r"L_n = -\sum_{c=1}^C y_{nc} \ln \operatorname{softmax}(x_n)_c",
    sources=[TORCH], differs=BARE, telling=dict(x=EVEN, y=np.eye(2)),
)  # fmt: skip
def _(x, y):
    return -np.sum(y * log_softmax(x), axis=-1)


@cross_entropy.gradient_form("x")
def _(dloss, x, y):
    return dloss * per(softmax(x) * np.sum(y, axis=-1, keepdims=True) - y, x.shape[0])


@cross_entropy.gradient_form("y")
def _(dloss, x, y):
    return dloss * per(-log_softmax(x), x.shape[0])


@cross_entropy.law("it is the cross-entropy of the softmax of the logits")
def _(f, x, y):
    return f(x, y), categorical_cross_entropy(softmax(x), y)


@equation(
    latex=r"L = -\frac{1}{N} \sum_{n=1}^N \ell_{n t_n}",
    sources=[SPARSE, torch_documentation("NLLLoss")],
    domain=dict(log_p=LOGITS, labels=Labels("N", below="C")),
    outputs=("loss",),
)
def negative_log_likelihood(log_p, labels):
    """Nothing in it makes the numbers logarithms of probabilities: whoever calls it has to."""
    return np.mean(-picked(log_p, labels))


def picked(rows, labels):
    """From each row the number that its label names."""
    return np.take_along_axis(rows, labels[:, None], axis=1)[:, 0]


@negative_log_likelihood.dialect("sum", latex=r"L = -\sum_{n=1}^N \ell_{n t_n}", sources=[torch_documentation("NLLLoss")],
                                 differs=ADDED, telling=dict(log_p=-np.ones((2, 2)), labels=np.array([0, 1])))  # fmt: skip
def _(log_p, labels):
    return np.sum(-picked(log_p, labels))


@equation(
    latex=r"L = -\frac{1}{N} \sum_{n=1}^N \left( x_{n t_n} - m_n - \ln \sum_{k=1}^C e^{x_{nk} - m_n} \right) \\ m_n = \max_c x_{nc}",
    sources=[SPARSE, BOOK],
    domain=dict(x=LOGITS, labels=Labels("N", below="C")),
    outputs=("loss",),
)
def sparse_cross_entropy(x, labels):
    """A class number says no less than a one-hot row, so nothing but the memory for the targets is saved."""
    return np.mean(-picked(log_softmax(x), labels))


@sparse_cross_entropy.dialect(
    "sum", latex=r"L = -\sum_{n=1}^N \ln \operatorname{softmax}(x_n)_{t_n}",
    sources=[TORCH], differs=ADDED, telling=dict(x=EVEN, labels=np.array([0, 1])),
)  # fmt: skip
def _(x, labels):
    return np.sum(-picked(log_softmax(x), labels))


@sparse_cross_entropy.dialect(
    "none", latex=r"L_n = -\ln \operatorname{softmax}(x_n)_{t_n}",
    sources=[TORCH], differs=BARE, telling=dict(x=EVEN, labels=np.array([0, 1])),
)  # fmt: skip
def _(x, labels):
    return -picked(log_softmax(x), labels)


@sparse_cross_entropy.gradient_form("x")
def _(dloss, x, labels):
    return dloss * per(softmax(x) - one_hot(labels, x.shape[-1]), x.shape[0])


@sparse_cross_entropy.law("class numbers and one-hot rows give the same loss")
def _(f, x, labels):
    return f(x, labels), cross_entropy(x, one_hot(labels, x.shape[-1]))


@sparse_cross_entropy.law("it is the negative log-likelihood of log-softmax")
def _(f, x, labels):
    return f(x, labels), negative_log_likelihood(log_softmax(x), labels)


@sparse_cross_entropy.law("adding one number to all logits of a row changes nothing")
def _(f, x, labels, c):
    return f(x + c, labels), f(x, labels)


@sparse_cross_entropy.closed_form("logits that are all equal cost ln C")
def _(f, x, labels):
    flat = f(np.zeros_like(x), labels)
    return flat, np.log(x.shape[-1] * np.ones_like(flat))


sparse_cross_entropy.limit("one class costs nothing", given=dict(x=[[5.0]], labels=np.array([0])), gives=0.0)
sparse_cross_entropy.limit("sure and wrong costs the lead", given=dict(x=[[2000.0, 0.0]], labels=np.array([1])), gives=2000.0)
sparse_cross_entropy.limit("a large offset costs no digits", given=dict(x=[[1e15 + 1, 1e15]], labels=np.array([0])), gives=np.log1p(np.exp(-1.0)))
sparse_cross_entropy.limit("a logit of -inf that is meant costs everything", given=dict(x=[[-np.inf, 0.0]], labels=np.array([0])), gives=np.inf)
sparse_cross_entropy.limit("a NaN logit reaches the loss", given=dict(x=[[np.nan, 0.0]], labels=np.array([1])), gives=np.nan)


cross_entropy.wording(r"L = -\sum_{c=1}^C y_c \ln \frac{e^{x_c}}{\sum_{k=1}^C e^{x_k}}", dialect="none")
sparse_cross_entropy.wording(r"L = -x_t + \ln \sum_{k=1}^C e^{x_k}", dialect="none")
sparse_cross_entropy.wording(r"L = -\ln \frac{e^{x_t}}{\sum_{k=1}^C e^{x_k}}", dialect="none")
negative_log_likelihood.wording(r"L = -\frac{1}{N} \sum_{n=1}^N \ln p_{n t_n}", symbols={"p": lambda log_p: np.exp(log_p)})


categorical_cross_entropy.wording(r"L = -\sum_{c=1}^C y_c \ln p_c")
negative_log_likelihood.wording(
    r"L = -\frac{1}{N} \sum_{n=1}^{N} \ln p(y_n | x_n)",
    symbols={"p(y_n | x_n)": lambda log_p, labels: np.exp(log_p[np.arange(len(labels)), labels])},
)
