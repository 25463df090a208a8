"""Graph propagation: each node gathers from its neighbours."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, nonnegative, real
from reference.functions import either

STUDY_NOTE = Note("000_301a927e2f22c6c5.md", line=133)
KIPF = Paper("Kipf & Welling 2017, Semi-Supervised Classification with Graph Convolutional Networks", "equation 2", "https://arxiv.org/abs/1609.02907")

gathered = either(
    lambda A, X, W: (A @ X) @ W,
    lambda A, X, W: A @ (X @ W),
)


@equation(
    latex=r"Y = A X W",
    sources=[STUDY_NOTE, KIPF],
    domain=dict(A=Array(nonnegative, "N N"), X=Array(real, "N F"), W=Array(real, "F O")),
    outputs=("Y",),
)
def graph_propagation(A, X, W):
    """After k layers a node knows what lies within k edges of it, and no more.

    Rows of X are nodes. Gathering and then transforming is transforming and then gathering.
    """
    return gathered(A, X, W)


@graph_propagation.dialect(
    "symmetric normalisation",
    latex=r"""
        \tilde{A} = A + I \\
        \tilde{D}_{ii} = \sum_j \tilde{A}_{ij} \\
        Y = \tilde{D}^{-1/2} \tilde{A} \tilde{D}^{-1/2} X W
    """,
    symbols={"I": lambda N: np.eye(N)},
    sources=[KIPF],
    differs="each node is its own neighbour, and each edge is divided by the roots of both its ends' degrees",
    telling=dict(A=np.array([[0.0]]), X=np.array([[1.0]]), W=np.array([[1.0]])),
)
def _(A, X, W):
    closed = A + np.eye(A.shape[0], dtype=int)
    roots = np.sqrt(np.sum(closed, axis=1))
    return gathered(closed / roots[:, None] / roots, X, W)


@graph_propagation.law("both bracketings are equal")
def _(f, A, X, W):
    return f(A, X, W), A @ (X @ W)


@graph_propagation.law("renaming the nodes renames the result")
def _(f, A, X, W, *, order):
    renamed = np.take(np.take(A, order, axis=0), order, axis=1)
    return f(renamed, np.take(X, order, axis=0), W), np.take(f(A, X, W), order, axis=0)


@graph_propagation.law("each node sums over its neighbours, weighted by the edges")
def _(f, A, X, W):
    N = X.shape[0]
    return f(A, X, W), np.stack([sum(A[i, j] * (X[j] @ W) for j in range(N)) for i in range(N)])
