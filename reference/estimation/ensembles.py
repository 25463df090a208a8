"""Many models instead of one: averages, votes and boosting."""

from math import comb

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, Labels, Simplex, integer, lane, nonnegative, positive, unit
from reference.functions import one_hot

NOTE = "001_468a25992c418006.md"
BREIMAN = Paper("Breiman 1996, Bagging Predictors", "section 4.1", "https://doi.org/10.1007/BF00058655")
ELEMENTS = Paper("Hastie, Tibshirani & Friedman 2009, The Elements of Statistical Learning", "equation 15.1", "https://hastie.su.domains/ElemStatLearn/")
FREUND = Paper("Freund & Schapire 1997, A Decision-Theoretic Generalization of On-Line Learning", "Figure 2", "https://doi.org/10.1006/jcss.1997.1504")
ADABOOST = Paper("Hastie, Tibshirani & Friedman 2009, The Elements of Statistical Learning", "Algorithm 10.1", "https://hastie.su.domains/ElemStatLearn/")
CONDORCET = Paper("Kuncheva 2014, Combining Pattern Classifiers", "chapter 4, majority vote", "https://doi.org/10.1002/9781118914564")


@equation(
    latex=r"V = \rho \sigma^2 + \frac{1 - \rho}{n} \sigma^2",
    sources=[ELEMENTS, BREIMAN, Note(NOTE, line=170)],
    domain=dict(variance=lane(nonnegative), correlation=lane(unit), models=integer(1, 20)),
    outputs=("variance",),
    certified_by="proof",
)
def bagging_variance(variance, correlation, *, models):
    """Averaging more models lowers the variance only to what they have in common."""
    return correlation * variance + (1 - correlation) / models * variance


@bagging_variance.law("it is the variance of the mean of n estimates with one variance and one correlation")
def _(f, variance, correlation, *, models):
    covariance = [[variance if i == j else correlation * variance for j in range(models)] for i in range(models)]
    return f(variance, correlation, models=models), sum(sum(row) for row in covariance) / models**2


bagging_variance.limit("one model keeps its variance", given=dict(variance=4.0, correlation=0.25, models=1), gives=4.0)
bagging_variance.limit("equal models gain nothing", given=dict(variance=4.0, correlation=1.0, models=8), gives=4.0)
bagging_variance.limit("independent models gain a factor n", given=dict(variance=4.0, correlation=0.0, models=8), gives=0.5)


@equation(
    latex=r"y_i = \operatorname{argmax}_c \sum_{m=1}^{M} [h_{m,i} = c]",
    sources=[Note(NOTE, line=167), CONDORCET],
    domain=dict(votes=Labels("M N", below="classes"), classes=integer(2, 5)),
    outputs=("winners",),
    certified_by="proof",
)
def majority_vote(votes, *, classes):
    """A majority is right more often than its members are, if they err independently and less than half of the time.

    `votes` has a row for each model; of classes with equally many votes the first one wins.
    """
    return np.argmax(np.sum(one_hot(votes, classes), axis=0), axis=-1)


@majority_vote.law("the order of the voters does not matter", by="enumeration")
def _(f, votes, order, *, classes):
    return f(votes[order], classes=classes), f(votes, classes=classes)


@equation(
    latex=r"\bar{p}_{i,c} = \frac{1}{M} \sum_{m=1}^{M} p_{m,i,c}",
    sources=[Note(NOTE, line=167), Paper("Lakshminarayanan, Pritzel & Blundell 2017, Deep Ensembles", "section 2.4", "https://arxiv.org/abs/1612.01474")],
    domain=dict(probabilities=Simplex("M N C")),
    outputs=("mean",),
    certified_by="proof",
)  # fmt: skip
def soft_vote(probabilities):
    """A voter who is sure weighs more here than one who is not; the mean of probabilities is one again."""
    return np.mean(probabilities, axis=0)


@soft_vote.law("the mean of probabilities sums to one", when="each voter's probabilities do",
               outside=dict(probabilities=np.array([[[1.0, 1.0]]])))  # fmt: skip
def _(f, probabilities):
    return np.sum(f(probabilities), axis=-1), np.ones(probabilities.shape[1:-1])


@equation(
    latex=r"P = \sum_{k=\lfloor M/2 \rfloor + 1}^{M} \binom{M}{k} p^k (1 - p)^{M-k}",
    sources=[CONDORCET, Note(NOTE, line=167)],
    domain=dict(p=lane(unit), voters=integer(1, 15)),
    outputs=("accuracy",),
    certified_by="proof",
)
def majority_accuracy(p, *, voters):
    """Condorcet's jury: each two more independent voters bring the majority nearer to certainty, if p > 1/2."""
    terms = (comb(voters, k) * p**k * (1 - p) ** (voters - k) for k in range(voters // 2 + 1, voters + 1))
    return sum(terms, start=0 * p)


@majority_accuracy.law(
    "two more voters make the majority better",
    when="1/2 < p < 1 and the number of voters is odd",
    outside=dict(p=0.25, voters=1),
)
def _(f, p, *, voters):
    return f(p, voters=voters + 2) > f(p, voters=voters), True


@equation(
    latex=r"""
        W = \sum_{i=1}^{R} r_i + \sum_{j=1}^{Q} q_j \\
        e = \frac{1}{W} \sum_{j=1}^{Q} q_j \\
        \alpha = \frac{1}{2} \ln \frac{1 - e}{e} \\
        r'_i = \frac{r_i}{2 W (1 - e)} \\
        q'_j = \frac{q_j}{2 W e}
    """,
    sources=[FREUND, Note(NOTE, line=171), Paper("Schapire & Singer 1999, Improved Boosting Algorithms", "Figure 1", "https://doi.org/10.1023/A:1007614523901")],
    domain=dict(right=Array(positive, "R"), wrong=Array(positive, "Q")),
    outputs=("alpha", "right", "wrong"),
    certified_by="proof",
)  # fmt: skip
def adaboost(right, wrong):
    """After reweighting, the last learner of a boosted sum is no better than a coin.

    `right` and `wrong` are the weights of the samples that it classified rightly and wrongly; α is its own weight in
    the sum. The exponentials exp(∓α), once normalised, come down to these two quotients.
    """
    total = np.sum(right) + np.sum(wrong)
    error = np.sum(wrong) / total
    alpha = np.log((1 - error) / error) / 2
    return alpha, right / (2 * total * (1 - error)), wrong / (2 * total * error)


@adaboost.dialect(
    "without-half",
    latex=r"""
        W = \sum_{i=1}^{R} r_i + \sum_{j=1}^{Q} q_j \\
        e = \frac{1}{W} \sum_{j=1}^{Q} q_j \\
        \alpha = \ln \frac{1 - e}{e} \\
        r'_i = \frac{r_i}{2 W (1 - e)} \\
        q'_j = \frac{q_j}{2 W e}
    """,
    sources=[ADABOOST],
    differs="α is twice as large: only the wrong samples are reweighted, by exp α, before the weights are normalised",
    telling=dict(right=np.array([3.0]), wrong=np.array([1.0])),
)
def _(right, wrong):
    total = np.sum(right) + np.sum(wrong)
    error = np.sum(wrong) / total
    return np.log((1 - error) / error), right / (2 * total * (1 - error)), wrong / (2 * total * error)


@adaboost.law("the new weights give half to the samples that were wrong, and half to the others")
def _(f, right, wrong):
    _, one, other = f(right, wrong)
    return (2 * np.sum(one), 2 * np.sum(other)), (1, 1)


@adaboost.law("the new weights are the old times exp(-α) or exp(α), normalised")
def _(f, right, wrong):
    alpha, one, other = f(right, wrong)
    less, more = right * np.exp(-alpha), wrong * np.exp(alpha)
    total = np.sum(less) + np.sum(more)
    return (one, other), (less / total, more / total)


@adaboost.law("the learner's weight is the stationary point of the exponential loss")
def _(f, right, wrong):
    alpha, _, _ = f(right, wrong)
    return np.sum(wrong) * np.exp(alpha), np.sum(right) * np.exp(-alpha)


adaboost.wording(r"\alpha = \frac{1}{2} \ln \frac{1 - \epsilon}{\epsilon}",
                 symbols={r"\epsilon": lambda right, wrong: np.sum(wrong) / (np.sum(right) + np.sum(wrong))})  # fmt: skip
bagging_variance.wording(r"\operatorname{Var}\left(\frac{1}{n} \sum_{b=1}^n X_b\right) = \rho \sigma^2 + \frac{1 - \rho}{n} \sigma^2")
bagging_variance.wording(r"\operatorname{Var}(\bar{X}) = \rho \sigma^2 + \frac{1 - \rho}{n} \sigma^2")
bagging_variance.wording(
    r"\operatorname{Var}\left(\frac{1}{B} \sum_{b=1}^B \hat{f}_b(x)\right) = \rho \sigma^2 + \frac{1 - \rho}{B} \sigma^2",
    symbols={"B": "models"},
)
bagging_variance.wording(
    r"\mathbb{E}\left[\left(\frac{1}{k} \sum_i \epsilon_i\right)^2\right] = \frac{1}{k} v + \frac{k - 1}{k} c",
    symbols={"k": "models", "v": "variance", "c": lambda variance, correlation: variance * correlation},
)
majority_vote.wording(r"y = \operatorname{argmax}_c \sum_{m=1}^M [h_m = c]")
majority_vote.wording(r"\hat{y} = \operatorname{argmax}_c \sum_{m=1}^M [h_m(x) = c]",
                      symbols={"h": lambda votes: lambda m, x: votes[m - 1, 0] + 1, "x": lambda: 1})  # fmt: skip
majority_accuracy.wording(r"P = \sum_{k=(n+1)/2}^{n} \binom{n}{k} p^k (1 - p)^{n-k}",
                          symbols={"n": "voters"}, given=lambda voters: {"voters": voters | 1})  # fmt: skip
