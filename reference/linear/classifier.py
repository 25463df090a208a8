"""The linear classifier: a decision, and a loss that adds up distances."""

import numpy as np

from reference.activations.sigmoid import sigmoid
from reference.catalogue import Note, Paper, equation
from reference.domain import Array, lane, real
from reference.functions import shift

DISTANCES = Note("000_301a927e2f22c6c5.md", line=123)
THRESHOLD = Note("003_ad5d26ecc7ac182d.md", line=47)
HIGHEST = Note("001_468a25992c418006.md", line=114)
BISHOP = "Bishop 2006, Pattern Recognition and Machine Learning"
BISHOP_URL = "https://www.microsoft.com/en-us/research/publication/pattern-recognition-machine-learning/"


@equation(
    latex=r"\ell = \sum_{n} \sqrt{\sum_o \left(p_{n,o} - \sum_i W_{o,i} x_i\right)^2}",
    sources=[DISTANCES],
    domain=dict(W=Array(real, "O I"), x=Array(real, "I"), points=Array(real, "N O")),
    sizes=dict(N=(1, 6)),
    outputs=("loss",),
)
def sum_of_distances(W, x, points):
    """The point with the least sum of distances to others is their geometric median, which one outlier cannot carry off.

    The image W x is one vector, and the distances are those to each of the points. At a point itself the loss has a
    corner and no gradient.
    """
    away = points - np.einsum("oi,i->o", W, x)
    return np.sum(np.sqrt(np.sum(away**2, axis=1)))


@sum_of_distances.dialect(
    "squared distances",
    latex=r"\ell = \sum_{n} \sum_o \left(p_{n,o} - \sum_i W_{o,i} x_i\right)^2",
    sources=[Note("000_301a927e2f22c6c5.md", line=126)],
    differs="the distances are squared, as MSE does, and then the mean of the points is best",
    telling=dict(W=np.array([[1.0]]), x=np.array([0.0]), points=np.array([[2.0]])),
)
def _(W, x, points):
    return np.sum((points - np.einsum("oi,i->o", W, x)) ** 2)


@sum_of_distances.law("moving the image and the points alike changes nothing")
def _(f, W, x, points, step):
    moved = np.concatenate([W, step[:, None]], axis=1)
    return f(moved, np.concatenate([x, np.ones(1, dtype=int)]), points + step), f(W, x, points)


@sum_of_distances.gradient_form("W")
def _(dy, W, x, points):
    # Each point pulls with a force of length 1.
    away = np.einsum("oi,i->o", W, x) - points
    units = away / np.sqrt(np.sum(away**2, axis=1, keepdims=True))
    return dy * np.sum(units, axis=0)[:, None] * x


sum_of_distances.limit(
    "a triangle of 3 and 4 has the distance 5",
    given=dict(W=np.array([[0.0], [0.0]]), x=np.array([1.0]), points=np.array([[3.0, 4.0], [0.0, 1.0]])),
    gives=6.0,
)


@equation(
    latex=r"c = \begin{cases} 1 & \sigma(s) > \tfrac12 \\ 0 & \text{otherwise} \end{cases}",
    sources=[THRESHOLD, Paper(BISHOP, "section 4.3.2", BISHOP_URL)],
    domain=dict(s=lane(real)),
    outputs=("c",),
    differentiable=(),
)
def binary_decision(s):
    """Above one half of the probability is right of zero in the score: the bend does not move the boundary."""
    p = sigmoid(s)
    return np.where(p > 0.5, np.ones_like(p), np.zeros_like(p))


@binary_decision.law("it is whether the score is positive")
def _(f, s):
    return f(s), np.where(s > 0, np.ones_like(s), np.zeros_like(s))


binary_decision.limit("an even chance is decided against", given=dict(s=0.0), gives=0.0)
binary_decision.limit("certainty", given=dict(s=np.inf), gives=1.0)


@equation(
    latex=r"c_n = \mathrm{argmax}_k \, \frac{e^{s_{n,k}}}{\sum_j e^{s_{n,j}}}",
    sources=[HIGHEST, Paper(BISHOP, "section 4.3.4", BISHOP_URL)],
    domain=dict(scores=Array(real, "N K", batch="N")),
    sizes=dict(K=(1, 6)),
    outputs=("c",),
    differentiable=(),
)
def predicted_class(scores):
    """Softmax keeps the order of the scores, so that the class can be read off without it."""
    e = np.exp(scores - shift(np.max(scores, axis=1, keepdims=True)))
    return np.argmax(e / np.sum(e, axis=1, keepdims=True), axis=1)


@predicted_class.law("it is the place of the largest score", by="enumeration")
def _(f, scores):
    return f(scores), np.argmax(scores, axis=1)


predicted_class.limit("of equal scores the first is taken", given=dict(scores=np.array([[1.0, 2.0, 2.0]])), gives=np.array([1]))
