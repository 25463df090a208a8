"""The two orders of a Transformer's layer, with each of its parts called by its name."""

import numpy as np

from reference.attention.transformer import (
    feed_forward,
    multi_head_attention,
    pre_norm_transformer_encoder_layer,
    transformer_encoder_layer,
)


def attending(wq, bq, wk, bk, wv, bv, wo, bo, heads):
    """The multi-head attention of a sequence to itself."""
    return lambda x: multi_head_attention(x, x, x, wq, bq, wk, bk, wv, bv, wo, bo, heads=heads)


def attending_to(wq, bq, wk, bk, wv, bv, wo, bo, heads):
    """The same of queries, keys and values that are told apart."""
    return lambda q, k, v: multi_head_attention(q, k, v, wq, bq, wk, bk, wv, bv, wo, bo, heads=heads)


def plainly_normalised(eps):
    """Layer norm that neither scales nor shifts."""
    return lambda x: (x - np.mean(x, -1, keepdims=True)) / np.sqrt(np.var(x, -1, keepdims=True) + eps)


FFN = {r"\operatorname{FFN}": lambda w1, b1, w2, b2: lambda x: feed_forward(x, w1, b1, w2, b2)}
MHA = {r"\operatorname{MHA}": attending}
LN = {r"\operatorname{LN}": plainly_normalised}


for h in ("h", "x'"):
    transformer_encoder_layer.wording(
        rf"{h} = \operatorname{{LayerNorm}}(x + \operatorname{{MultiHead}}(x, x, x)) \\ "
        rf"y = \operatorname{{LayerNorm}}({h} + \operatorname{{FFN}}({h}))",
        symbols=FFN,
    )
transformer_encoder_layer.wording(
    r"h = \operatorname{LayerNorm}(x + \operatorname{MHA}(x)) \\ "
    r"y = \operatorname{LayerNorm}(h + \operatorname{FFN}(h))",
    symbols=FFN | MHA,
)
transformer_encoder_layer.wording(
    r"h = \operatorname{LN}(x + \operatorname{MHA}(x, x, x)) \\ y = \operatorname{LN}(h + \operatorname{FFN}(h))",
    symbols=FFN | LN | {r"\operatorname{MHA}": attending_to},
)
pre_norm_transformer_encoder_layer.wording(
    r"h = x + \operatorname{MultiHead}(\operatorname{LN}(x), \operatorname{LN}(x), \operatorname{LN}(x)) \\ "
    r"y = h + \operatorname{FFN}(\operatorname{LN}(h))",
    symbols=FFN | LN,
)
pre_norm_transformer_encoder_layer.wording(
    r"h = x + \operatorname{MHA}(\operatorname{LN}(x)) \\ y = h + \operatorname{FFN}(\operatorname{LN}(h))",
    symbols=FFN | LN | MHA,
)
