"""What one hidden layer can approximate: with a rectifier any continuous function, with a square only parabolas."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, positive, real

STUDY_NOTE = Note("004_11d13f61f87581fb.md", line=66)
FUNCTIONS = Note("001_468a25992c418006.md", line=66)
CYBENKO = Paper("Cybenko 1989, Approximation by superpositions of a sigmoidal function", "theorem 1", "https://doi.org/10.1007/BF02551274")
LESHNO = Paper("Leshno, Lin, Pinkus & Schocken 1993, Multilayer feedforward networks with a nonpolynomial activation function can approximate any function", "theorem 1", "https://doi.org/10.1016/S0893-6080(05)80131-5")


@equation(
    latex=r"""
        t_k = a + \sum_{j=0}^{k-1} d_j \\
        c_0 = \frac{v_1 - v_0}{d_0} \\
        c_k = \frac{v_{k+1} - v_k}{d_k} - \frac{v_k - v_{k-1}}{d_{k-1}} \\
        N(t) = v_0 + \sum_{k=0}^{K-1} c_k \max(0, t - t_k)
    """,
    sources=[STUDY_NOTE, FUNCTIONS, CYBENKO, LESHNO],
    domain=dict(t=Array(real, "N"), a=Array(real, "1"), gaps=Array(positive, "K"), values=Array(real, "K+1")),
    outputs=("y",),
    differentiable=(),
    certified_by="proof",
)
def rectifier_interpolant(t, a, gaps, values):
    """One hidden unit a bend: a layer of K rectifiers draws any polygon with K sides, and so nears any continuous function.

    Between two knots N is between their values, so that on an interval |f(t) - N(t)| is at most ω, the most that f
    changes over one gap, which vanishes with the gaps. This is the constructive proof in one dimension.
    """
    knots = np.stack([a[0] + np.sum(gaps[:k]) for k in range(gaps.size)])
    slopes = (values[1:] - values[:-1]) / gaps
    bends = np.concatenate([slopes[:1], slopes[1:] - slopes[:-1]])
    hidden = np.maximum(t[:, None] - knots, 0)
    return values[0] + np.einsum("nk,k->n", hidden, bends)


@rectifier_interpolant.closed_form("between two knots it is the chord: at a part s of the gap, (1 - s) and s of the two values")
def _(f, a, gaps, values, s, *, k):
    t = a[0] + np.sum(gaps[:k]) + s * gaps[k]
    return f(np.stack([t]), a, gaps, values)[0], (1 - s) * values[k] + s * values[k + 1]


@rectifier_interpolant.law("its error on a gap is at most what the function changes there", by="rationals")
def _(f, function, a, gaps, s, *, k):
    knots = np.stack([a[0] + np.sum(gaps[:i]) for i in range(gaps.size + 1)])
    values = function(knots)
    t = knots[k] + s * gaps[k]
    error = np.abs(function(t) - f(np.stack([t]), a, gaps, values)[0])
    change = np.maximum(np.abs(function(t) - values[k]), np.abs(function(t) - values[k + 1]))
    return np.maximum(error, change), change


@equation(
    latex=r"N(t) = \sum_{k} c_k (w_k t + b_k)^2",
    sources=[STUDY_NOTE, LESHNO],
    domain=dict(t=Array(real, "N"), w=Array(real, "K"), b=Array(real, "K"), c=Array(real, "K")),
    outputs=("y",),
    differentiable=(),
    certified_by="proof",
)
def quadratic_network(t, w, b, c):
    """Squares add up to a parabola, so that no width brings a layer of them near a cubic.

    A layer approximates every continuous function exactly when its activation is no polynomial.
    """
    return np.einsum("nk,k->n", (t[:, None] * w + b) ** 2, c)


@quadratic_network.law("three steps apart, its third difference is 0, which of t³ is 6")
def _(f, t, w, b, c):
    steps = f(np.stack([t, t + 1, t + 2, t + 3]), w, b, c)
    return steps[3] - 3 * steps[2] + 3 * steps[1] - steps[0], 0 * t


@rectifier_interpolant.law(
    "a layer of four units goes through four samples of a cubic",
    when="its activation is no polynomial of lower degree",
    by="enumeration",
    outside=dict(activation=np.square),
)
def _(f, activation=None):
    t = np.array([0, 1, 2, 3])
    if activation is None:
        return f(t, t[:1], np.ones(3, dtype=int), t**3), t**3
    # Squares of affine maps span 1, t and t², whose best fit to the samples leaves a third difference of 0.
    units = activation(np.stack([0 * t + 1, t, t + 1], axis=1)).astype(float)
    return units @ (np.linalg.pinv(units) @ t**3), t**3
