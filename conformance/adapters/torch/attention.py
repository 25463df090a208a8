"""Claims of torch about attention."""

from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit
from torch import Tensor

from conformance.adapters.contract import implements


@implements("scaled_dot_product_attention")
def scaled_dot_product_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return F.scaled_dot_product_attention(q, k, v)


@implements("masked_attention")
def masked_attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)


@implements("causal_attention")
def causal_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)


@implements("multi_head_attention")
def multi_head_attention(
    query: Tensor, key: Tensor, value: Tensor, wq: Tensor, bq: Tensor, wk: Tensor, bk: Tensor, wv: Tensor, bv: Tensor,
    wo: Tensor, bo: Tensor, *, heads: int,
) -> Tensor:  # fmt: skip
    layer = torch.nn.MultiheadAttention(wq.shape[0], heads, batch_first=True, dtype=query.dtype, device=query.device)
    weights = {
        "in_proj_weight": torch.cat([wq, wk, wv]), "in_proj_bias": torch.cat([bq, bk, bv]),
        "out_proj.weight": wo, "out_proj.bias": bo,
    }  # fmt: skip
    made: tuple[Tensor, Tensor] = torch.func.functional_call(layer, weights, (query, key, value))
    return made[0]


def encoder_layer(x: Tensor, weights: tuple[Tensor, ...], *, heads: int, eps: float, norm_first: bool) -> Tensor:
    """One layer of torch's encoder with these weights, in the reference's order."""
    wq, bq, wk, bk, wv, bv, wo, bo, w1, b1, w2, b2, gamma1, beta1, gamma2, beta2 = weights
    layer = torch.nn.TransformerEncoderLayer(
        wq.shape[0], heads, w1.shape[0], dropout=0.0, layer_norm_eps=eps, batch_first=True, norm_first=norm_first,
        dtype=x.dtype, device=x.device,
    )  # fmt: skip
    named = {
        "self_attn.in_proj_weight": torch.cat([wq, wk, wv]), "self_attn.in_proj_bias": torch.cat([bq, bk, bv]),
        "self_attn.out_proj.weight": wo, "self_attn.out_proj.bias": bo, "linear1.weight": w1, "linear1.bias": b1,
        "linear2.weight": w2, "linear2.bias": b2, "norm1.weight": gamma1, "norm1.bias": beta1,
        "norm2.weight": gamma2, "norm2.bias": beta2,
    }  # fmt: skip
    made: Tensor = torch.func.functional_call(layer, named, (x,))
    return made


@implements("transformer_encoder_layer")
def transformer_encoder_layer(x: Tensor, *weights: Tensor, heads: int, eps: float, **named: Any) -> Tensor:
    return encoder_layer(x, (*weights, *named.values()), heads=heads, eps=eps, norm_first=False)


@implements("pre_norm_transformer_encoder_layer")
def pre_norm_transformer_encoder_layer(x: Tensor, *weights: Tensor, heads: int, eps: float, **named: Any) -> Tensor:
    return encoder_layer(x, (*weights, *named.values()), heads=heads, eps=eps, norm_first=True)


@implements("masked_language_model_loss")
def masked_language_model_loss(x: Tensor, labels: Tensor, mask: Tensor) -> Tensor:
    asked = torch.where(mask, labels, torch.full_like(labels, -100))
    return F.cross_entropy(x.flatten(0, 1), asked.flatten())
