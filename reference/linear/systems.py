"""Four equations in two unknowns, and in general more equations than unknowns."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, real

STUDY_NOTE = Note("004_11d13f61f87581fb.md", line=25)
STRANG = Paper("Strang 2016, Introduction to Linear Algebra", "section 4.3", "https://math.mit.edu/~gs/linearalgebra/")
CAPELLI = Paper("Strang 2016, Introduction to Linear Algebra", "section 3.3, A x = b is solvable where rank [A b] = rank A", "https://math.mit.edu/~gs/linearalgebra/")


@equation(
    latex=r"A^T A \, \hat{x} = A^T b",
    sources=[STUDY_NOTE, STRANG],
    domain=dict(A=Array(real, "M 2"), b=Array(real, "M")),
    sizes=dict(M=(3, 5)),
    outputs=("x",),
    certified_by="proof",
)
def least_squares(A, b):
    """What is left over of b stands upright on every column of A.

    For two unknowns, by Cramer's rule; A must have two independent columns. Frameworks solve the same problem by
    other and better roads (QR, singular values), so that no bound on these operations is a bound on theirs.
    """
    G, h = A.T @ A, A.T @ b
    determinant = G[0, 0] * G[1, 1] - G[0, 1] * G[1, 0]
    return np.stack([h[0] * G[1, 1] - G[0, 1] * h[1], G[0, 0] * h[1] - h[0] * G[1, 0]]) / determinant


@least_squares.law("it solves the normal equations")
def _(f, A, b):
    return A.T @ A @ f(A, b), A.T @ b


@least_squares.law(
    "it solves the equations",
    when="rank [A b] = rank A",
    outside=dict(
        A=np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]), b=np.array([0.0, 0.0, 1.0, 0.0])
    ),
)
def _(f, A, b):
    return A @ f(A, b), b


@equation(
    latex=r"C = \begin{bmatrix} A & b \end{bmatrix} \\ g = \det(C^T C)",
    sources=[STUDY_NOTE, CAPELLI],
    domain=dict(A=Array(real, "M 2"), b=Array(real, "M")),
    sizes=dict(M=(3, 5)),
    outputs=("g",),
    certified_by="proof",
)
def inconsistency(A, b):
    """Four equations in two unknowns have an answer only when b lies in a plane of space with four dimensions: almost never.

    g is the squared volume that the columns of A and b span. Where A has rank 2, g = 0 if and only if rank [A b] =
    rank A, that is if and only if some x solves A x = b. The notes have it the wrong way round: more equations than
    unknowns are solved in a special case, not in all but a special case.
    """
    C = np.concatenate([A, b[:, None]], axis=1)
    (a, d, e), (_, m, n), (_, _, z) = C.T @ C
    return a * (m * z - n * n) - d * (d * z - n * e) + e * (d * n - m * e)


@inconsistency.law("it is the squared residual of least squares times det AᵀA")
def _(f, A, b):
    G, left = A.T @ A, b - A @ least_squares(A, b)
    return f(A, b), (G[0, 0] * G[1, 1] - G[0, 1] * G[1, 0]) * np.sum(left**2)


@inconsistency.law(
    "it is 0",
    when="b is a combination of the columns",
    outside=dict(
        A=np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]), b=np.array([0.0, 0.0, 1.0, 0.0])
    ),
)
def _(f, A, b):
    return f(A, b), 0 * b[0]


least_squares.wording(r"\hat{x} = (A^T A)^{-1} A^T b")
