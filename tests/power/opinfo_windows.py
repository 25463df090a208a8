"""What looks at an image through windows, or at a sequence through scores, has most of the options."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit

from tests.power.opinfo_options import needs, options, pair, run, same


def windowed(d: int, *, transposed: bool = False, names: tuple[str, ...] = ()) -> Any:
    """A convolution in any number of dimensions; an axis has a size of its own where the equation has one for it."""

    def convert(op: Any, sample: Any) -> Any:
        last = ("output_padding", "groups", "dilation") if transposed else ("dilation", "groups")
        order = ("stride", "padding", *last)
        known = dict(zip(("weight", "bias", *order), sample.args, strict=False)) | sample.kwargs
        x, w = sample.input, known["weight"]
        needs(x.numel())
        batched = x if x.dim() == d + 2 else x[None]
        groups = known.get("groups", 1)
        bias = known.get("bias")
        b = w.new_zeros(w.shape[1] * groups if transposed else len(w)) if bias is None else bias
        numbers: dict[str, Any] = {"groups": groups}
        for name in order:
            if name == "groups":
                continue
            value = known.get(name, 0 if "padding" in name else 1)
            axes = [f"{name}_y", f"{name}_x"] if f"{name}_y" in names else [name]
            numbers |= dict(zip(axes, pair(value, d), strict=True)) if len(axes) == d == 2 else {name: same(value, d)}
        y = run(op, sample)
        return {"x": batched, "w": w, "b": b, **numbers}, y if y.dim() == d + 2 else y[None]

    return convert


def pooled(kind: str) -> Any:
    """A pooling with windows, or to a number of rows and columns."""

    def convert(op: Any, sample: Any) -> Any:
        x = sample.input
        needs(x.dim() in (3, 4), x.numel())
        batched = x if x.dim() == 4 else x[None]
        y = run(op, sample)
        y = y[0] if isinstance(y, tuple) else y
        y = y if y.dim() == 4 else y[None]
        if kind in ("to", "one"):
            size = sample.args[0] if sample.args else sample.kwargs["output_size"]
            size = (size, size) if not isinstance(size, tuple | list) else tuple(size)
            needs(len(size) == 2)
            rows_, columns = (s or batched.shape[i] for i, s in enumerate(size, 2))
            lines = {"rows": rows_, "columns": columns}
            needs(kind == "to" or set(lines.values()) == {1})
            return {"x": batched, **(lines if kind == "to" else {})}, y if kind == "to" else y[:, :, 0, 0]
        names = ("kernel_size", "stride", "padding", *(("dilation",) if kind == "max" else ()), "ceil_mode")
        names += () if kind == "max" else ("count_include_pad", "divisor_override")
        known = dict(zip(names, sample.args, strict=False)) | sample.kwargs
        needs(known.get("divisor_override") is None)
        kernel = pair(known["kernel_size"])
        stride, padding = pair(known.get("stride") or kernel), pair(known.get("padding", 0))
        numbers = {"kernel": kernel, "stride": stride, "padding": padding}
        found = {f"{n}_{axis}": v[i] for n, v in numbers.items() for i, axis in enumerate("yx")}
        last = {"dilation": same(known.get("dilation", 1))} if kind == "max" else {}
        found |= last | {"ceil_mode": bool(known.get("ceil_mode", False))}
        found |= {} if kind == "max" else {"count_include_pad": bool(known.get("count_include_pad", True))}
        return {"x": batched, **found}, y

    return convert


def attention(kind: str) -> Any:
    """Attention without what the equation has no name for."""

    def convert(op: Any, sample: Any) -> Any:
        o = dict(zip(("key", "value", "attn_mask"), sample.args, strict=False)) | sample.kwargs
        q, k, v, mask = sample.input, o["key"], o["value"], o.get("attn_mask")
        needs(not o.get("dropout_p"), o.get("scale") is None, not o.get("enable_gqa"), q.shape[:-2] == k.shape[:-2])
        needs(q.dim() >= 3, q.numel(), k.numel(), v.shape[:-2] == k.shape[:-2])
        needs(bool(o.get("is_causal")) == (kind == "causal"), (mask is not None) == (kind == "masked"))
        found = {n: x.reshape(-1, *x.shape[-2:]) for n, x in (("q", q), ("k", k), ("v", v))}
        if kind == "masked":
            needs(mask.dtype is torch.bool)
            shape = (*q.shape[:-1], k.shape[-2])
            found["mask"] = mask.expand(shape).reshape(-1, *shape[-2:])
        return found, run(op, sample).reshape(-1, q.shape[-2], v.shape[-1])

    return convert


def padded(*, constant: bool) -> Any:
    """Four borders of images."""

    def convert(op: Any, sample: Any) -> Any:
        o = options(F.pad, sample)
        pad = [*o["pad"], 0, 0, 0, 0][: max(4, len(o["pad"]))]
        needs(sample.input.dim() == 4, len(pad) == 4, min(pad) >= 0, sample.input.numel())
        borders = dict(zip(("left", "right", "top", "bottom"), pad, strict=True))
        fill = {"value": float(o["value"] or 0)} if constant else {}
        return {"x": sample.input, **borders, **fill}, run(op, sample)

    return convert


def enlarged(op: Any, sample: Any) -> Any:
    x, y = sample.input, run(op, sample)
    needs(x.dim() == 4, x.numel())
    scale = [b // a for a, b in zip(x.shape[2:], y.shape[2:], strict=True)]
    needs(len(set(scale)) == 1, scale[0] >= 1, [a * scale[0] for a in x.shape[2:]] == list(y.shape[2:]))
    return {"x": x, "scale": scale[0]}, y


def unfolded(op: Any, sample: Any) -> Any:
    o = options(F.unfold, sample)
    needs(sample.input.dim() == 4, sample.input.numel())
    numbers = {n: same(o[f"{n}_size" if n == "kernel" else n]) for n in ("kernel", "stride", "padding", "dilation")}
    return {"x": sample.input, **numbers}, run(op, sample)
