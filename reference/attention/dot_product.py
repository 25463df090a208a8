"""Scaled dot-product attention: each query takes a weighted average of the values."""

import numpy as np

from reference.activations.softmax import deviation, lowered, share, softmax
from reference.catalogue import Note, Paper, equation
from reference.domain import Array, Mask, real
from reference.functions import either, root, settled, shift

STUDY_NOTE = Note("003_ad5d26ecc7ac182d.md", line=157)
VASWANI = "Vaswani et al. 2017, Attention Is All You Need"
ARXIV = "https://arxiv.org/abs/1706.03762"
TORCH = Paper("PyTorch documentation", "torch.nn.functional.scaled_dot_product_attention", "https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html")
Q, K, V = Array(real, "B T D", batch="B"), Array(real, "B S D", batch="B"), Array(real, "B S E", batch="B")

scores = either(
    lambda q, k, scale: np.einsum("btd,bsd->bts", q, k) / scale,
    lambda q, k, scale: np.einsum("btd,bsd->bts", q, k) * (1 / scale),
    lambda q, k, scale: np.einsum("btd,bsd->bts", q / scale, k),
    lambda q, k, scale: np.einsum("btd,bsd->bts", q * (1 / scale), k),
    lambda q, k, scale: np.einsum("btd,bsd->bts", q / np.sqrt(scale), k / np.sqrt(scale)),
    lambda q, k, scale: np.einsum("btd,bsd->bts", q * np.sqrt(1 / scale), k * np.sqrt(1 / scale)),
)
averages = either(
    lambda e, total, v: np.einsum("bts,bse->bte", e / total, v),
    lambda e, total, v: np.einsum("bts,bse->bte", e, v) / total,
)

# The weights are made shares before the values are averaged, or, tile by tile, once their sum is known.
averaged = either(
    lambda z, total, v: attend(share(z, total), v),
    lambda z, total, v: attend(np.exp(z), v) / total,
)


def attend(weights, v):
    """The averages of the values under these weights."""
    return np.einsum("bts,bse->bte", weights, v)


def exponentials(score, mask):
    """e to each score less the largest that may be seen in its row, and 0 where nothing may be seen."""
    seen = np.where(mask, score, np.min(score, axis=-1, keepdims=True))
    z = settled(score - shift(np.max(seen, axis=-1, keepdims=True)))
    return np.where(mask, np.exp(np.where(mask, z, np.zeros_like(z))), np.zeros_like(z))


@equation(
    latex=r"\operatorname{Attention}(Q, K, V) = \operatorname{softmax}\left( \frac{Q K^\top}{\sqrt{d_k}} \right) V",
    sources=[STUDY_NOTE, Note("001_468a25992c418006.md", line=46), Paper(VASWANI, "equation 1", ARXIV)],
    domain=dict(q=Q, k=K, v=V),
    outputs=("y",),
    symbols={"d_k": "D", "d": "D"},
)
def scaled_dot_product_attention(q, k, v):
    """The order of the keys does not matter: without positions a sentence is a bag of words."""
    z = lowered(scores(q, k, root(q.shape[-1], like=q)))
    return averaged(z, np.sum(np.exp(z), axis=-1, keepdims=True), v)


@scaled_dot_product_attention.dialect(
    "unscaled", latex=r"\operatorname{Attention}(Q, K, V) = \operatorname{softmax}(Q K^\top) V",
    sources=[Paper("Luong, Pham & Manning 2015, Effective Approaches to Attention-based Neural Machine Translation", "section 3.1, the dot score", "https://arxiv.org/abs/1508.04025")],
    differs="the scores are not divided by √d, so they spread and the softmax sharpens as d grows",
    telling=dict(q=np.ones((1, 1, 4)), k=np.array([[[0.0] * 4, [1.0] * 4]]), v=np.array([[[0.0], [1.0]]])),
)  # fmt: skip
def _(q, k, v):
    return attend(softmax(np.einsum("btd,bsd->bts", q, k)), v)


def score_gradient(dy, q, k, v):
    """The weights, and the gradient in the scores divided by the root of d."""
    scale = root(q.shape[-1], like=q)
    weights = softmax(scores(q, k, scale))
    dweights = np.einsum("bte,bse->bts", dy, v)
    return weights, deviation(weights, dweights, np.sum(weights * dweights, axis=-1, keepdims=True)) / scale


@scaled_dot_product_attention.backwards("q", "k", "v")
def _(dy, q, k, v):
    weights, dscores = score_gradient(dy, q, k, v)
    return np.einsum("bts,bsd->btd", dscores, k), np.einsum("bts,btd->bsd", dscores, q), np.einsum("bts,bte->bse", weights, dy)


@scaled_dot_product_attention.law("the weights of each query sum to one: where all values are equal each query gets that value")
def _(f, q, k, value):
    same = np.stack([value] * k.shape[1], axis=1)
    return f(q, k, same), np.stack([value] * q.shape[1], axis=1)


@scaled_dot_product_attention.law("the order of the keys does not matter if the values follow it")
def _(f, q, k, v):
    return f(q, np.flip(k, axis=1), np.flip(v, axis=1)), f(q, k, v)


@scaled_dot_product_attention.law("what one query gets does not depend on the others")
def _(f, q, k, v):
    return np.flip(f(np.flip(q, axis=1), k, v), axis=1), np.concatenate([f(q[:, :1], k, v), f(q[:, 1:], k, v)], axis=1)


@scaled_dot_product_attention.closed_form("the only key returns its value, whatever the query", when="there is one key",
    outside=dict(q=np.ones((1, 1, 1)), k=np.ones((1, 2, 1)), v=np.array([[[0.0], [1.0]]])))  # fmt: skip
def _(f, q, k, v):
    return f(q, k, v), v[:, :1] + 0 * f(q, k, v)


MASK_TELLING = dict(q=np.ones((1, 1, 1)), k=np.array([[[0.0], [1.0]]]), v=np.array([[[0.0], [1.0]]]), mask=np.array([[[False, False]]]))


@equation(
    latex=r"""
        s_{ij} = \frac{1}{\sqrt{d_k}} \sum_{d} q_{id} k_{jd} \\
        w_{ij} = \frac{m_{ij} e^{s_{ij}}}{\sum_{l} m_{il} e^{s_{il}}} \\
        y_{ie} = \sum_{j} w_{ij} v_{je}
    """,
    sources=[STUDY_NOTE, Paper(VASWANI, "section 3.2.3", ARXIV)],
    domain=dict(q=Q, k=K, v=V, mask=Mask("B T S")),
    outputs=("y",),
    symbols={"d_k": "D", "d": "D"},
)
def masked_attention(q, k, v, mask):
    """A query that may see nothing has weights 0/0: there is no average of nothing, and each framework has its own answer."""
    e = exponentials(scores(q, k, root(q.shape[-1], like=q)), mask)
    return averages(e, np.sum(e, axis=-1, keepdims=True), v)


@masked_attention.dialect(
    "nothing seen is zero",
    latex=r"""
        s_{ij} = \frac{1}{\sqrt{d_k}} \sum_{d} q_{id} k_{jd} \\
        w_{ij} = \begin{cases} 0 & \sum_{l} m_{il} = 0 \\ \frac{m_{ij} e^{s_{ij}}}{\sum_{l} m_{il} e^{s_{il}}} & \sum_{l} m_{il} > 0 \end{cases} \\
        y_{ie} = \sum_{j} w_{ij} v_{je}
    """,
    sources=[TORCH],
    differs="a query that may see nothing gets zeros",
    telling=MASK_TELLING,
)
def _(q, k, v, mask):
    e = exponentials(scores(q, k, root(q.shape[-1], like=q)), mask)
    total = np.sum(e, axis=-1, keepdims=True)
    return averages(e, np.where(np.max(mask, axis=-1, keepdims=True), total, np.ones_like(total)), v)


@masked_attention.dialect(
    "large negative score",
    latex=r"""
        s_{ij} = \begin{cases} \frac{1}{\sqrt{d_k}} \sum_{d} q_{id} k_{jd} & m_{ij} = 1 \\ -10^9 & m_{ij} = 0 \end{cases} \\
        w_{ij} = \frac{e^{s_{ij} - c_i}}{\sum_{l} e^{s_{il} - c_i}}, \quad c_i = \max_j s_{ij} \\
        y_{ie} = \sum_{j} w_{ij} v_{je}
    """,
    sources=[Paper("The Annotated Transformer", "the function attention", "https://nlp.seas.harvard.edu/annotated-transformer/")],
    differs="what may not be seen has its score lowered to -10⁹, so that a query that may see nothing averages everything",
    telling=MASK_TELLING,
)
def _(q, k, v, mask):
    score = scores(q, k, root(q.shape[-1], like=q))
    return attend(softmax(np.where(mask, score, -1e9)), v)


@masked_attention.law("what each query sees has weights that sum to one", when="no query is blind",
                      outside=dict(q=np.ones((1, 1, 1)), k=np.ones((1, 1, 1)), value=np.ones((1, 1)), mask=np.array([[[False]]])))  # fmt: skip
def _(f, q, k, value, mask):
    same = np.stack([value] * k.shape[1], axis=1)
    return f(q, k, same, mask), np.stack([value] * q.shape[1], axis=1)


@masked_attention.law("masking the last keys is leaving them out")
def _(f, q, k, v):
    b, t, s = q.shape[0], q.shape[1], k.shape[1]
    mask = np.broadcast_to(np.arange(s) < s - 1, (b, t, s))
    return f(q, k, v, mask), scaled_dot_product_attention(q, k[:, :-1], v[:, :-1])


@masked_attention.law("reversing a sequence reverses the result", when="the mask is reversed along with it",
                      outside=dict(x=np.array([[[0.0], [1.0]]]), mask=np.array([[[True, False], [True, True]]]), turned=np.array([[[True, False], [True, True]]])))  # fmt: skip
def _(f, x, mask, turned):
    y = np.flip(x, axis=1)
    return f(y, y, y, turned), np.flip(f(x, x, x, mask), axis=1)


@masked_attention.closed_form("where everything may be seen it is plain attention")
def _(f, q, k, v):
    return f(q, k, v, np.ones((q.shape[0], q.shape[1], k.shape[1]), dtype=bool)), scaled_dot_product_attention(q, k, v)


def not_later(queries, keys, behind=0):
    """Which keys are no later than each query, if the queries start `behind` places after the keys."""
    return np.arange(keys)[None, :] <= np.arange(queries)[:, None] + behind


@equation(
    latex=r"""
        s_{ij} = \frac{1}{\sqrt{d_k}} \sum_{d} q_{id} k_{jd} \\
        w_{ij} = \frac{e^{s_{ij}} [j \le i]}{\sum_{l \le i} e^{s_{il}}} \\
        y_{ie} = \sum_{j \le i} w_{ij} v_{je}
    """,
    sources=[STUDY_NOTE, Paper(VASWANI, "section 3.2.3", ARXIV)],
    domain=dict(q=Q, k=K, v=V),
    outputs=("y",),
    symbols={"d_k": "D", "d": "D"},
)
def causal_attention(q, k, v):
    """No query sees a later key, so a sequence can be lengthened without changing what was computed for its beginning."""
    mask = np.broadcast_to(not_later(q.shape[1], k.shape[1]), (q.shape[0], q.shape[1], k.shape[1]))
    return masked_attention(q, k, v, mask)


@causal_attention.dialect(
    "aligned at the end",
    latex=r"""
        s_{ij} = \frac{1}{\sqrt{d_k}} \sum_{d} q_{id} k_{jd} \\
        w_{ij} = \frac{e^{s_{ij}} [j \le i + S - T]}{\sum_{l \le i + S - T} e^{s_{il}}} \\
        y_{ie} = \sum_{j} w_{ij} v_{je}
    """,
    sources=[Paper("FlashAttention", "README, the changes of version 2.1", "https://github.com/Dao-AILab/flash-attention")],
    differs="the last query stands at the last key, as when earlier keys are cached; with equal lengths there is no difference",
    telling=dict(q=np.ones((1, 1, 1)), k=np.array([[[0.0], [1.0]]]), v=np.array([[[0.0], [1.0]]])),
)
def _(q, k, v):
    t, s = q.shape[1], k.shape[1]
    return masked_attention(q, k, v, np.broadcast_to(not_later(t, s, behind=s - t), (q.shape[0], t, s)))


@causal_attention.closed_form("the first query gets the first value")
def _(f, q, k, v):
    return f(q, k, v)[:, :1], v[:, :1] + 0 * q[:, :1, :1]


@causal_attention.law("the beginning does not know how it goes on")
def _(f, q, k, v):
    return f(q, k, v)[:, :-1], f(q[:, :-1], k[:, :-1], v[:, :-1])


ONE = dict(q=[[[0.0]]], k=[[[0.0], [0.0]]])
scaled_dot_product_attention.limit("equal scores average the values", given=dict(ONE, v=[[[1.0], [3.0]]]), gives=[[[2.0]]])
scaled_dot_product_attention.limit("a NaN in a value reaches every query", given=dict(ONE, v=[[[np.nan], [3.0]]]), gives=[[[np.nan]]])
scaled_dot_product_attention.limit("huge scores do not overflow", given=dict(q=[[[1e150]]], k=[[[1e150], [0.0]]], v=[[[1.0], [3.0]]]), gives=[[[1.0]]])
masked_attention.limit("a query that may see nothing has no average", given=dict(ONE, v=[[[1.0], [3.0]]], mask=np.array([[[False, False]]])), gives=[[[np.nan]]])
masked_attention.limit("a query that may see one key gets its value", given=dict(ONE, v=[[[1.0], [3.0]]], mask=np.array([[[False, True]]])), gives=[[[3.0]]])


scaled_dot_product_attention.wording(
    r"w_{ij} = \frac{\exp(q_i \cdot k_j / \sqrt{d})}{\sum_{l=1}^{n} \exp(q_i \cdot k_l / \sqrt{d})} \\ "
    r"y_i = \sum_{j=1}^{n} w_{ij} v_j",
)  # fmt: skip
causal_attention.wording(
    r"y_i = \sum_{j=1}^{i} \frac{\exp(q_i \cdot k_j / \sqrt{d})}{\sum_{l=1}^{i} \exp(q_i \cdot k_l / \sqrt{d})} v_j",
    symbols={"T": ("T", "S")},
)  # fmt: skip
