"""Using the same data several times: folds and bootstrap samples."""

from fractions import Fraction
from itertools import pairwise, product

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import integer

NOTE = "001_468a25992c418006.md"
EFRON = Paper("Efron 1983, Estimating the Error Rate of a Prediction Rule: Improvement on Cross-Validation", "the .632 estimator", "https://doi.org/10.1080/01621459.1983.10477973")


@equation(
    latex=r"V_{k,i} = [s_k \le i < s_{k+1}], \quad s_k = k \left\lfloor \frac{N}{K} \right\rfloor + \min(k, N \bmod K)",
    sources=[Note(NOTE, line=146), Paper("scikit-learn, model_selection.KFold", "the notes on fold sizes", "https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.KFold.html")],
    domain=dict(samples=integer(2, 20), folds=integer(2, 12)),
    outputs=("validation",),
    where=("folds <= samples",),
    dtype="exact",
    certified_by="proof",
)  # fmt: skip
def k_fold(*, samples, folds):
    """In k-fold validation every sample is validated once, by a model that never saw it.

    The result has a row for each fold; 1 marks the samples that are held out, in the order of the data. The first
    N mod K folds hold one sample more than the others.
    """
    starts = [k * (samples // folds) + min(k, samples % folds) for k in range(folds + 1)]
    return np.array([[int(a <= i < b) for i in range(samples)] for a, b in pairwise(starts)])


@k_fold.law("every sample is held out exactly once", by="enumeration")
def _(f, *, samples, folds):
    return np.sum(f(samples=samples, folds=folds), axis=0), np.ones(samples, dtype=int)


@k_fold.law("no two folds differ by more than one sample", by="enumeration")
def _(f, *, samples, folds):
    sizes = np.sum(f(samples=samples, folds=folds), axis=1)
    return np.maximum(np.max(sizes) - np.min(sizes), int(samples % folds > 0)), int(samples % folds > 0)


@k_fold.closed_form("with as many folds as samples one sample is held out at a time", by="enumeration")
def _(f, *, samples):
    return f(samples=samples, folds=samples), np.eye(samples, dtype=int)


@equation(
    latex=r"P = 1 - \left( 1 - \frac{1}{n} \right)^m",
    sources=[EFRON, Note(NOTE, line=165)],
    domain=dict(samples=integer(1, 20), drawn=integer(1, 20)),
    outputs=("share",),
    certified_by="proof",
)
def bootstrap_share(*, samples, drawn):
    """A bootstrap sample of n from n, drawn with replacement, holds about 63.2 % of the data.

    It is the probability that a given one of n samples is among m drawn ones, and so the expected share of the data.
    """
    return 1 - (1 - 1 / samples) ** drawn


@bootstrap_share.dialect(
    "without-replacement",
    latex=r"P = \frac{\min(m, n)}{n}",
    sources=[Note(NOTE, line=165)],
    differs="a subset, such as 80 % of the data, holds no sample twice",
    telling=dict(samples=2, drawn=2),
)
def _(*, samples, drawn):
    return min(drawn, samples) / samples


@bootstrap_share.closed_form("it is the mean share of the samples over all possible draws", by="enumeration")
def _(f, *, samples, drawn):
    draws = list(product(range(samples), repeat=drawn))
    seen = sum(len(set(draw)) for draw in draws)
    return f(samples=Fraction(samples), drawn=drawn), Fraction(seen, len(draws) * samples)


@bootstrap_share.law("each draw adds one n-th of the share that is still missing")
def _(f, *, samples, drawn):
    missing = 1 - f(samples=samples, drawn=drawn)
    return f(samples=samples, drawn=drawn + 1), f(samples=samples, drawn=drawn) + missing / samples


@bootstrap_share.closed_form("as many draws as samples tend to the share 1 - 1/e", when="the number of samples tends to infinity",
                             outside=dict(samples=2))  # fmt: skip
def _(f, samples=None):
    import sympy as sp

    limit = 1 - sp.exp(-1)
    if samples is not None:
        return f(samples=samples, drawn=samples), float(limit)
    n = sp.Symbol("n", positive=True)
    return sp.limit(f(samples=n, drawn=n), n, sp.oo), limit


bootstrap_share.wording(r"P = 1 - \left( 1 - \frac{1}{n} \right)^n", symbols={"n": ("samples", "drawn")})
