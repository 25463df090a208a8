"""Multi-head attention, the encoder layer of the Transformer, and the loss that BERT learns by."""

import numpy as np

from reference.activations.relu import relu
from reference.activations.softmax import log_softmax, softmax
from reference.attention.dot_product import scaled_dot_product_attention
from reference.catalogue import Note, Paper, equation
from reference.domain import Array, Labels, Mask, integer, positive, real
from reference.functions import one_hot
from reference.losses.cross_entropy import picked, sparse_cross_entropy
from reference.losses.reductions import per
from reference.normalization.layer import layer_norm

STUDY_NOTE = Note("003_ad5d26ecc7ac182d.md", line=157)
VASWANI = "Vaswani et al. 2017, Attention Is All You Need"
ARXIV = "https://arxiv.org/abs/1706.03762"
SQUARE, VECTOR = Array(real, "heads*D heads*D"), Array(real, "heads*D")
PROJECTIONS = dict(wq=SQUARE, bq=VECTOR, wk=SQUARE, bk=VECTOR, wv=SQUARE, bv=VECTOR, wo=SQUARE, bo=VECTOR)
SIZES = dict(N=(1, 2), T=(1, 3), D=(1, 2))


def linear(x, w, b):
    """x Wᵀ + b over the last axis of "N T E"."""
    return np.einsum("nte,fe->ntf", x, w) + b


def split(x, heads):
    """From "N T heads*D" to one batch entry a head."""
    n, t, e = x.shape
    return np.moveaxis(x.reshape((n, t, heads, e // heads)), 2, 1).reshape((n * heads, t, e // heads))


def joined(x, heads):
    """The way back: the heads side by side again."""
    b, t, d = x.shape
    return np.moveaxis(x.reshape((b // heads, heads, t, d)), 1, 2).reshape((b // heads, t, heads * d))


def head(x, h, heads):
    """The rows of a matrix, or the part of a bias, that belong to one of the heads, counted from 1."""
    return np.split(x, heads)[h - 1]


HEADS = {
    "W^Q": lambda wq, heads: lambda h: head(wq, h, heads).T, "b^Q": lambda bq, heads: lambda h: head(bq, h, heads),
    "W^K": lambda wk, heads: lambda h: head(wk, h, heads).T, "b^K": lambda bk, heads: lambda h: head(bk, h, heads),
    "W^V": lambda wv, heads: lambda h: head(wv, h, heads).T, "b^V": lambda bv, heads: lambda h: head(bv, h, heads),
    "W^O": lambda wo: wo.T, "b^O": "bo", "H": "heads",
}  # fmt: skip


@equation(
    latex=r"""
        A_h = \operatorname{Attention}(Q W^Q_h + b^Q_h, K W^K_h + b^K_h, V W^V_h + b^V_h) \\
        \operatorname{MultiHead}(Q, K, V) = \operatorname{Concat}(A_1, \dots, A_H) W^O + b^O
    """,
    sources=[STUDY_NOTE, Paper(VASWANI, "section 3.2.2", ARXIV)],
    domain=dict(query=Array(real, "N T heads*D", batch="N"), key=Array(real, "N S heads*D", batch="N"),
                value=Array(real, "N S heads*D", batch="N"), **PROJECTIONS, heads=integer(1, 3)),
    sizes=SIZES | dict(S=(1, 3)),
    outputs=("y",),
    symbols=HEADS,
)  # fmt: skip
def multi_head_attention(query, key, value, wq, bq, wk, bk, wv, bv, wo, bo, *, heads):
    """The bias of the keys does nothing: it adds the same number to all scores of a query."""
    parts = (split(linear(x, w, b), heads) for x, w, b in ((query, wq, bq), (key, wk, bk), (value, wv, bv)))
    return linear(joined(scaled_dot_product_attention(*parts), heads), wo, bo)


@multi_head_attention.law("the bias of the keys does nothing")
def _(f, query, key, value, wq, bq, wk, bk, wv, bv, wo, bo, *, heads):
    with_it = f(query, key, value, wq, bq, wk, bk, wv, bv, wo, bo, heads=heads)
    return with_it, f(query, key, value, wq, bq, wk, 0 * bk, wv, bv, wo, bo, heads=heads)


@multi_head_attention.law("reversing queries, keys and values reverses the result: without positions there is no order")
def _(f, x, *weights, heads):
    y = np.flip(x, axis=1)
    return f(y, y, y, *weights, heads=heads), np.flip(f(x, x, x, *weights, heads=heads), axis=1)


LAYER = dict(
    x=Array(real, "N T heads*D", batch="N"), **PROJECTIONS,
    w1=Array(real, "F heads*D"), b1=Array(real, "F"), w2=Array(real, "heads*D F"), b2=VECTOR,
    gamma1=VECTOR, beta1=VECTOR, gamma2=VECTOR, beta2=VECTOR, heads=integer(1, 3), eps=positive,
)  # fmt: skip


NOTHING, NO_BIAS, ONES = np.zeros((2, 2)), np.zeros(2), np.ones(2)
OUTSIDE = (*(NOTHING, NO_BIAS) * 6, ONES, NO_BIAS, np.array([1.0, 2.0]), NO_BIAS)


def normalised(x, gamma, beta, eps):
    """Layer norm of each token."""
    n, t, e = x.shape
    return layer_norm(x.reshape((n * t, e)), gamma, beta, eps=eps).reshape((n, t, e))


def feed_forward(x, w1, b1, w2, b2):
    """Two affine maps with a rectifier between them, for each token alone."""
    return linear(relu(linear(x, w1, b1)), w2, b2)


@equation(
    latex=r"""
        h = \operatorname{LayerNorm}_1(x + \operatorname{MultiHead}(x, x, x)) \\
        y = \operatorname{LayerNorm}_2(h + \max(0, h W_1^T + b_1) W_2^T + b_2)
    """,
    sources=[STUDY_NOTE, Paper(VASWANI, "sections 3.1 and 3.3", ARXIV)],
    domain=LAYER,
    sizes=SIZES | dict(F=(1, 3)),
    outputs=("y",),
)
def transformer_encoder_layer(
    x, wq, bq, wk, bk, wv, bv, wo, bo, w1, b1, w2, b2, gamma1, beta1, gamma2, beta2, *, heads, eps
):
    """Each token leaves normalised, so nothing passes from layer to layer untouched: the original order, post-norm."""
    attended = multi_head_attention(x, x, x, wq, bq, wk, bk, wv, bv, wo, bo, heads=heads)
    h = normalised(x + attended, gamma1, beta1, eps)
    return normalised(h + feed_forward(h, w1, b1, w2, b2), gamma2, beta2, eps)


@equation(
    latex=r"""
        n = \operatorname{LayerNorm}_1(x) \\
        h = x + \operatorname{MultiHead}(n, n, n) \\
        y = h + \max(0, \operatorname{LayerNorm}_2(h) W_1^T + b_1) W_2^T + b_2
    """,
    sources=[STUDY_NOTE, Paper("Xiong et al. 2020, On Layer Normalization in the Transformer Architecture", "table 1", "https://arxiv.org/abs/2002.04745")],
    domain=LAYER,
    sizes=SIZES | dict(F=(1, 3)),
    outputs=("y",),
)
def pre_norm_transformer_encoder_layer(
    x, wq, bq, wk, bk, wv, bv, wo, bo, w1, b1, w2, b2, gamma1, beta1, gamma2, beta2, *, heads, eps
):
    """With the norms inside the branches an unbroken path of sums leads from the last layer to the first."""
    n = normalised(x, gamma1, beta1, eps)
    h = x + multi_head_attention(n, n, n, wq, bq, wk, bk, wv, bv, wo, bo, heads=heads)
    return h + feed_forward(normalised(h, gamma2, beta2, eps), w1, b1, w2, b2)


@pre_norm_transformer_encoder_layer.closed_form("with the last maps of both branches zero a token passes unchanged")
def _(f, x, wq, bq, wk, bk, wv, bv, wo, bo, w1, b1, w2, b2, gamma1, beta1, gamma2, beta2, *, heads, eps):
    shut = (wq, bq, wk, bk, wv, bv, 0 * wo, 0 * bo, w1, b1, 0 * w2, 0 * b2, gamma1, beta1, gamma2, beta2)
    return f(x, *shut, heads=heads, eps=eps), x


@transformer_encoder_layer.law("each token leaves with the mean of the last shift", when="the last scale is one number for all features", by="balls",
                               outside=dict(x=np.array([[[0.0, 1.0]]]), weights=OUTSIDE, heads=1, eps=1.0))  # fmt: skip
def _(f, x, weights, *, heads, eps):
    y = f(x, *weights, heads=heads, eps=eps)
    return np.mean(y, axis=-1), np.mean(weights[-1]) + 0 * y[..., 0]


@equation(
    latex=r"L = -\frac{\sum_{(n, t) : m_{nt} = 1} \ln \operatorname{softmax}(x_{nt})_{l_{nt}}}{\sum_{n, t} m_{nt}}",
    sources=[Note("003_ad5d26ecc7ac182d.md", line=163), Note("001_468a25992c418006.md", line=47),
             Paper("Devlin et al. 2019, BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding", "section 3.1, task 1", "https://arxiv.org/abs/1810.04805")],
    domain=dict(x=Array(real, "N T C"), labels=Labels("N T", below="C"), mask=Mask("N T")),
    outputs=("loss",),
    differentiable=("x",),
)  # fmt: skip
def masked_language_model_loss(x, labels, mask):
    """Only the hidden words are asked for; a text in which none is hidden has no loss, not a loss of 0."""
    n, t, c = x.shape
    surprise = -picked(log_softmax(x.reshape((n * t, c))), labels.reshape(n * t))
    hidden = mask.reshape(n * t)
    return np.sum(np.where(hidden, surprise, np.zeros_like(surprise))) / np.sum(np.where(hidden, 1, 0))


@masked_language_model_loss.dialect(
    "mean over all words",
    latex=r"L = -\frac{1}{N T} \sum_{(n, t) : m_{nt} = 1} \ln \operatorname{softmax}(x_{nt})_{l_{nt}}",
    sources=[Paper("Keras documentation", "keras.losses, reduction sum_over_batch_size", "https://keras.io/api/losses/")],
    differs="the words that nobody asked for are counted too, so the loss depends on how many were hidden",
    telling=dict(x=np.zeros((1, 2, 2)), labels=np.array([[0, 1]]), mask=np.array([[True, False]])),
)
def _(x, labels, mask):
    n, t, c = x.shape
    surprise = -picked(log_softmax(x.reshape((n * t, c))), labels.reshape(n * t))
    return np.mean(np.where(mask.reshape(n * t), surprise, np.zeros_like(surprise)))


@masked_language_model_loss.gradient_form("x")
def _(dloss, x, labels, mask):
    n, t, c = x.shape
    rows = dloss * per(softmax(x.reshape((n * t, c))) - one_hot(labels.reshape(n * t), c), np.sum(np.where(mask, 1, 0)))
    return np.where(mask.reshape(n * t, 1), rows, np.zeros_like(rows)).reshape((n, t, c))


@masked_language_model_loss.closed_form("with every word hidden it is the sparse cross-entropy of all of them")
def _(f, x, labels):
    n, t, c = x.shape
    every = np.ones((n, t), dtype=bool)
    return f(x, labels, every), sparse_cross_entropy(x.reshape((n * t, c)), labels.reshape(n * t))


@masked_language_model_loss.law("what is predicted for a word that is not hidden does not matter", when="the first word is not hidden",
                                outside=dict(x=np.zeros((1, 1, 2)), labels=np.array([[0]]), mask=np.array([[True]]), other=np.array([[[1.0, 0.0]]])))  # fmt: skip
def _(f, x, labels, mask, other):
    return f(np.concatenate([other, x[:, 1:]], axis=1), labels, mask), f(x, labels, mask)


masked_language_model_loss.limit("where nothing is hidden nothing is left to average", given=dict(x=[[[0.0, 1.0]]], labels=np.array([[0]]), mask=np.array([[False]])), gives=np.nan)
masked_language_model_loss.limit("a NaN at a word that is not hidden stays there", given=dict(x=[[[np.nan, 0.0], [0.0, 0.0]]], labels=np.array([[0, 0]]), mask=np.array([[False, True]])), gives=np.log(2.0))


multi_head_attention.wording(
    r"\operatorname{MultiHead}(Q, K, V) = \operatorname{Concat}(H_1, \dots, H_h) W^O \\ "
    r"H_i = \operatorname{Attention}(Q W_i^Q, K W_i^K, V W_i^V)",
    symbols={"h": "heads"},
)  # fmt: skip
transformer_encoder_layer.wording(
    r"h = \operatorname{LayerNorm}(x + \operatorname{MultiHead}(x, x, x)) \\ "
    r"y = \operatorname{LayerNorm}(h + W_2 \max(0, W_1 h + b_1) + b_2)",
)  # fmt: skip
