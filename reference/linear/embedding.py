"""Embeddings: a row of a table for each word."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, Labels, integer, real
from reference.functions import one_hot

STUDY_NOTE = Note("003_ad5d26ecc7ac182d.md", line=165)
PICTURE = Note("003_ad5d26ecc7ac182d.md", line=161)
BENGIO = Paper("Bengio et al. 2003, A Neural Probabilistic Language Model", "section 2, the mapping C", "https://www.jmlr.org/papers/v3/bengio03a.html")
BERT = Paper("Devlin et al. 2019, BERT: Pre-training of Deep Bidirectional Transformers", "section 3 and figure 2", "https://arxiv.org/abs/1810.04805")
TORCH = Paper("PyTorch reference", "torch.nn.Embedding, argument padding_idx", "https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html")


@equation(
    latex=r"y_n = E_{w_n}",
    sources=[STUDY_NOTE, BENGIO],
    domain=dict(words=Labels("N", "V"), E=Array(real, "V D")),
    sizes=dict(N=(1, 6)),
    outputs=("y",),
)
def embedding(words, E):
    """Looking a word up is multiplying with a vector that has a single one, without the zeros."""
    return np.take(E, words, axis=0)


@embedding.law("it is the one-hot vectors times the table")
def _(f, words, E):
    return f(words, E), one_hot(words, E.shape[0]).astype(int) @ E


@equation(
    latex=r"\bar{E}_v = \begin{cases} \sum_{n : w_n = v} \bar{y}_n & v \ne p \\ 0 & v = p \end{cases}",
    sources=[STUDY_NOTE, TORCH],
    domain=dict(words=Labels("N", "V"), dy=Array(real, "N D"), E=Array(real, "V D"), padding=integer(0, 3)),
    sizes=dict(N=(1, 6), V=(4, 6)),
    outputs=("dE",),
    differentiable=("dy",),
)
def embedding_gradient(words, dy, E, *, padding):
    """A word that stands twice learns twice, one that is missing learns nothing, and neither does the padding word.

    The table itself plays no part beyond its shape.
    """
    learns = (np.arange(E.shape[0]) != padding).astype(int)
    return np.einsum("nv,nd->vd", one_hot(words, E.shape[0]).astype(int) * learns, dy)


@embedding_gradient.dialect(
    "divided by the counts",
    latex=r"\bar{E}_v = \begin{cases} \frac{1}{\max(1, \sum_n [w_n = v])} \sum_{n : w_n = v} \bar{y}_n & v \ne p \\ 0 & v = p \end{cases}",
    sources=[Paper("PyTorch reference", "torch.nn.Embedding, argument scale_grad_by_freq", "https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html")],
    differs="a word that stands twice learns from the mean of its two places",
    telling=dict(words=np.array([0, 0]), dy=np.array([[1.0], [2.0]]), E=np.array([[0.0], [0.0]]), padding=1),
)
def _(words, dy, E, *, padding):
    counts = np.maximum(np.sum(one_hot(words, E.shape[0]).astype(int), axis=0), 1)
    return embedding_gradient(words, dy, E, padding=padding) / counts[:, None]


@embedding_gradient.law(
    "it is the gradient of the lookup: <dy, E[w]> = <dE, E>",
    when="the padding word does not occur",
    outside=dict(words=np.array([0]), dy=np.array([[1.0]]), E=np.array([[1.0]]), padding=0),
)
def _(f, words, dy, E, *, padding):
    return np.sum(f(words, dy, E, padding=padding) * E), np.sum(dy * embedding(words, E))


@equation(
    latex=r"y_n = T_{w_n} + P_n + S_{s_n}",
    sources=[PICTURE, STUDY_NOTE, BERT],
    domain=dict(words=Labels("N", "V"), sentences=Labels("N", "2"), T=Array(real, "V D"), P=Array(real, "N+spare D"),
                S=Array(real, "2 D")),
    sizes=dict(N=(1, 6), spare=(0, 2)),
    outputs=("y",),
)  # fmt: skip
def bert_embedding(words, sentences, T, P, S):
    """A sum of three lookups is one lookup in three tables: what stands where, and in which of two sentences.

    A layer normalisation and dropout follow in BERT's code; they are equations of their own.
    """
    return embedding(words, T) + P[: len(words)] + embedding(sentences, S)


@bert_embedding.law(
    "the order of the words does not matter",
    when="all positions are alike",
    outside=dict(words=np.array([0, 1]), sentences=np.array([0, 0]), T=np.array([[0.0], [1.0]]),
                 P=np.array([[0.0], [1.0]]), S=np.array([[0.0], [0.0]])),
)  # fmt: skip
def _(f, words, sentences, T, P, S):
    return np.flip(f(words, sentences, T, P, S), 0), f(np.flip(words), np.flip(sentences), T, P, S)
