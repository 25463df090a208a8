"""SimCLR: two views of one picture should be alike, and unlike all others."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, positive, real
from reference.functions import settled, shift

NOTE = Note("001_468a25992c418006.md", line=50)
CHEN = Paper("Chen et al. 2020, A Simple Framework for Contrastive Learning of Visual Representations", "equation 1", "https://arxiv.org/abs/2002.05709")
OORD = Paper("van den Oord, Li & Vinyals 2018, Representation Learning with Contrastive Predictive Coding", "equation 4", "https://arxiv.org/abs/1807.03748")


def directions(z):
    """Each row at length 1."""
    return z / np.sqrt(np.sum(z**2, axis=1, keepdims=True))


def surprise(scores, right):
    """The mean of -ln softmax at the right column of each row."""
    top = shift(np.max(scores, axis=1, keepdims=True))
    total = np.log(np.sum(np.exp(scores - top), axis=1))
    return np.mean(total - settled(np.take_along_axis(scores, right[:, None], axis=1) - top)[:, 0])


@equation(
    latex=r"""
        z_i = \begin{cases} a_i & i \le N \\ b_{i-N} & i > N \end{cases} \\
        p(i) = (i + N - 1) \bmod (2 N) + 1 \\
        s_{i,j} = \frac{z_i \cdot z_j}{\|z_i\| \|z_j\|} \\
        L = -\frac{1}{2N} \sum_{i=1}^{2N} \ln \frac{\exp(s_{i,p(i)} / \tau)}{\sum_{j=1}^{2N} [j \ne i] \exp(s_{i,j} / \tau)}
    """,
    sources=[CHEN, NOTE],
    domain=dict(a=Array(real, "N D"), b=Array(real, "N D"), temperature=positive),
    outputs=("loss",),
    sizes={"D": (2, 4)},
)
def simclr_loss(a, b, *, temperature):
    """Among all other views in the batch, a view has to find the one other view of its own picture.

    Row n of `a` and row n of `b` come from one picture, so that p(i) is i + N or i - N. Only a view's comparison with
    itself is left out.
    """
    z = directions(np.concatenate([a, b]))
    scores = z @ z.T / temperature
    views = np.arange(scores.shape[0])
    others = np.array([np.delete(views, i) for i in views], dtype=int)
    partner = (views + a.shape[0]) % scores.shape[0]
    place = partner - (partner > views)  # where it is once the view itself is left out
    return surprise(np.take_along_axis(scores, others, axis=1), place)


@simclr_loss.dialect(
    "across",
    latex=r"""
        s_{i,j} = \frac{a_i \cdot b_j}{\|a_i\| \|b_j\|} \\
        L = -\frac{1}{N} \sum_{i=1}^{N} \ln \frac{\exp(s_{i,i} / \tau)}{\sum_{j=1}^{N} \exp(s_{i,j} / \tau)}
    """,
    sources=[OORD],
    differs="first views are compared with second views only (InfoNCE)",
    telling=dict(a=np.array([[1.0, 0.0], [0.0, 1.0]]), b=np.array([[1.0, 0.0], [0.0, 1.0]]), temperature=1.0),
)
def _(a, b, *, temperature):
    return surprise(directions(a) @ directions(b).T / temperature, np.arange(a.shape[0]))


@simclr_loss.law("the lengths of the vectors do not matter")
def _(f, a, b, factor, *, temperature):
    return f(factor * a, b, temperature=temperature), f(a, b, temperature=temperature)


@simclr_loss.law("the two views have equal rights")
def _(f, a, b, *, temperature):
    return f(a, b, temperature=temperature), f(b, a, temperature=temperature)


@simclr_loss.closed_form("one picture alone costs nothing")
def _(f, a, b, *, temperature):
    return f(a[:1], b[:1], temperature=temperature), 0


@simclr_loss.closed_form("if all views are alike it is ln(2N - 1)")
def _(f, a, n, *, temperature):
    same = np.stack([a] * n)
    return np.exp(f(same, same, temperature=temperature)), 2 * n - 1


def cosines(a, b):
    """How alike each two views are, where the two views of a picture stand side by side."""
    z = directions(np.stack([a, b], axis=1).reshape(-1, a.shape[1]))
    return z @ z.T


simclr_loss.wording(
    r"""
        \ell_{i,j} = -\ln \frac{\exp(\mathrm{sim}(z_i, z_j) / \tau)}{\sum_{k=1}^{2N} [k \ne i] \exp(\mathrm{sim}(z_i, z_k) / \tau)} \\
        L = \frac{1}{2N} \sum_{n=1}^{N} \left( \ell_{2n-1,2n} + \ell_{2n,2n-1} \right)
    """,
    symbols={r"\mathrm{sim}(z_i, z_j)": cosines, r"\mathrm{sim}(z_i, z_k)": cosines},
)  # fmt: skip
