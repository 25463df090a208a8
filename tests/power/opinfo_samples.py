"""A sample of an operation becomes arguments of an equation where its options leave the equation as it is."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit
from torch import Tensor

from tests.power.opinfo_options import needs, options, run
from tests.power.opinfo_windows import attention, enlarged, padded, pooled, unfolded, windowed


def unary(op: Any, sample: Any) -> Any:
    return {"x": sample.input.reshape(-1)}, run(op, sample).reshape(-1)


def rows(op: Any, sample: Any) -> Any:
    """Classes along the axis that is asked for."""
    x, dim = sample.input, sample.kwargs.get("dim", sample.args[0] if sample.args else None)
    needs(x.dim() > 0, dim is not None, x.numel(), "dtype" not in sample.kwargs)
    n = x.shape[dim]
    return {"x": x.movedim(dim, -1).reshape(-1, n)}, run(op, sample).movedim(dim, -1).reshape(-1, n)


def linear(op: Any, sample: Any) -> Any:
    def f(x: Tensor, weight: Tensor, bias: Any = None) -> dict[str, Any]:
        needs(weight.dim() == 2, x.numel())
        b = weight.new_zeros(len(weight)) if bias is None else bias
        return {"x": x.reshape(-1, x.shape[-1]), "W": weight, "b": b.reshape(-1).expand(len(weight))}

    return f(sample.input, *sample.args, **sample.kwargs), run(op, sample).reshape(-1, len(sample.args[0]))


def matrix(op: Any, sample: Any) -> Any:
    return {"W": sample.input, "x": sample.args[0]}, run(op, sample)


def compared(one: str, two: str) -> Any:
    """A loss of two arrays of one shape, averaged."""

    def convert(op: Any, sample: Any) -> Any:
        x, y = sample.input, sample.args[0]
        needs(sample.kwargs.get("reduction", "mean") == "mean", x.shape == y.shape, x.numel())
        needs(not {"weight", "pos_weight"} & {k for k, v in sample.kwargs.items() if v is not None})
        needs(len(sample.args) == 1)
        return {one: x.reshape(-1), two: y.reshape(-1)}, run(op, sample)

    return convert


def gaussian(op: Any, sample: Any) -> Any:
    o = options(F.gaussian_nll_loss, sample)
    x, y, v = o["input"], o["target"], o["var"]
    v = torch.full_like(x, v) if isinstance(v, float) else v
    needs(o["full"], o["reduction"] == "mean", x.shape == y.shape == v.shape, x.numel(), bool((v > o["eps"]).all()))
    return {"mean": x.reshape(-1), "y": y.reshape(-1), "variance": v.reshape(-1)}, run(op, sample)


def classes(kind: str) -> Any:
    """Cross-entropy: of probabilities, of labels, or of labels with weights, a label to ignore and smoothing."""

    def convert(op: Any, sample: Any) -> Any:
        o = options(F.nll_loss if kind == "log_p" else F.cross_entropy, sample)
        x, y = o["input"], o["target"]
        needs(o["reduction"] == "mean", x.dim() >= 2, x.numel())
        smoothing, n = o.get("label_smoothing", 0.0), x.shape[1]
        flat = x.movedim(1, -1).reshape(-1, n)
        if kind == "y":
            needs(y.is_floating_point(), o["weight"] is None, not smoothing)
            return {"x": flat, "y": y.movedim(1, -1).reshape(-1, n)}, run(op, sample)
        needs(not y.is_floating_point())
        y = y.reshape(-1)
        if kind == "weights":
            ignore = o["ignore_index"] if o["ignore_index"] in range(-1, 4) else -1
            needs(bool((y != -1).all()) or ignore == o["ignore_index"])
            weight = flat.new_ones(n) if o["weight"] is None else o["weight"]
            return {"x": flat, "labels": y, "weight": weight, "ignore": ignore, "alpha": smoothing}, run(op, sample)
        needs(o["weight"] is None, not smoothing, bool(((y >= 0) & (y < n) & (y != o["ignore_index"])).all()))
        return {"log_p" if kind == "log_p" else "x": flat, "labels": y}, run(op, sample)

    return convert


def layers(op: Any, sample: Any) -> Any:
    """A norm over the last axes, with the scale and the shift that it has unless it is told otherwise."""
    rms = "rms" in getattr(op, "__name__", "")
    o = options(F.rms_norm if rms else F.layer_norm, sample)
    x, n = o["input"], 1
    for size in o["normalized_shape"]:
        n *= size
    needs(x.numel())
    eps = torch.finfo(x.dtype).eps if o["eps"] is None else o["eps"]
    gamma = x.new_ones(n) if o["weight"] is None else o["weight"].reshape(-1)
    shift = {} if rms else {"beta": x.new_zeros(n) if o["bias"] is None else o["bias"].reshape(-1)}
    return {"x": x.reshape(-1, n), "gamma": gamma, **shift, "eps": eps}, run(op, sample).reshape(-1, n)


def channels(kind: str) -> Any:
    """A norm of channels: of the batch, of an instance, of groups; or what a batch leaves behind, or was left."""
    others = {"instance": F.instance_norm, "groups": F.group_norm, "local": F.local_response_norm}
    function = others.get(kind, F.batch_norm)

    def convert(op: Any, sample: Any) -> Any:
        o = options(function, sample)
        x = o["input"]
        needs(x.dim() >= 2, x.numel())
        flat = x.reshape(*x.shape[:2], -1)
        if kind == "local":
            needs(o["size"] % 2 == 1)
            names = {n: o[n] for n in ("size", "alpha", "beta", "k")}
            return {"x": flat, **names}, run(op, sample).reshape(flat.shape)
        C = x.shape[1]
        scale = {
            "gamma": x.new_ones(C) if o["weight"] is None else o["weight"],
            "beta": x.new_zeros(C) if o["bias"] is None else o["bias"],
        }
        if kind == "groups":
            made = run(op, sample).reshape(flat.shape)
            return {"x": flat, **scale, "groups": o["num_groups"], "eps": o["eps"]}, made
        before = [None if o[n] is None else o[n].detach().clone() for n in ("running_mean", "running_var")]
        learned = {"running_mean": before[0], "running_variance": before[1]}
        given = o | {"running_mean": before[0], "running_var": before[1]}
        if kind == "running":
            needs(o["training"], before[0] is not None, before[1] is not None)
            learned = {n: v.clone() for n, v in learned.items()}
            function(**given)
            return {"x": flat, **learned, "momentum": o["momentum"]}, (before[0], before[1])
        made = function(**given).reshape(flat.shape)
        if kind == "evaluation":
            needs(not o["training"], before[0] is not None)
            return {"x": flat, **scale, **learned, "eps": o["eps"]}, made
        needs(o["use_input_stats"] if kind == "instance" else o["training"])
        return {"x": flat, **scale, "eps": o["eps"]}, made

    return convert


def looked_up(*, gradient: bool = False) -> Any:
    """Rows of a table, or the gradient of the table where one of its rows is padding."""

    def convert(op: Any, sample: Any) -> Any:
        E, words, o = sample.input, sample.args[0], sample.kwargs
        needs(not o.get("max_norm"), not o.get("scale_grad_by_freq"), not o.get("sparse"), words.numel())
        if not gradient:
            return {"words": words.reshape(-1), "E": E}, run(op, sample).reshape(-1, E.shape[-1])
        needs(o.get("padding_idx") is not None)
        table = E.detach().clone().requires_grad_()
        y = op(table, *sample.args, **o)
        dy = torch.linspace(-1, 1, y.numel(), dtype=y.dtype).reshape(y.shape)
        (dE,) = torch.autograd.grad(y, table, dy)
        numbers = {"padding": o["padding_idx"] % len(E)}
        return {"words": words.reshape(-1), "dy": dy.reshape(-1, E.shape[-1]), "E": E, **numbers}, dE

    return convert


def largest_class(op: Any, sample: Any) -> Any:
    dim = sample.kwargs.get("dim", sample.args[0] if sample.args else None)
    needs(sample.input.dim() == 2, dim in (1, -1), not sample.kwargs.get("keepdim"), sample.input.numel())
    return {"scores": sample.input}, run(op, sample)


def flipped(op: Any, sample: Any) -> Any:
    needs(sample.input.dim() == 3, sample.input.numel())
    return {"x": sample.input.movedim(1, -1)[None]}, run(op, sample).movedim(1, -1)[None]


TWO = ("stride_y", "padding_y", "dilation_y")
NN = "nn.functional."
CONVERTED: dict[str, tuple[str, Any]] = {  # equation: the OpInfo, with its variant, and how a sample is converted
    "relu": (NN + "relu", unary), "sigmoid": ("sigmoid", unary), "tanh": ("tanh", unary),
    "softmax": ("softmax", rows), "log_softmax": ("log_softmax", rows),
    "affine": (NN + "linear", linear), "linear_map": ("mv", matrix),
    "mse": (NN + "mse_loss", compared("prediction", "target")),
    "mae": (NN + "l1_loss", compared("prediction", "target")),
    "binary_cross_entropy": (NN + "binary_cross_entropy", compared("p", "y")),
    "binary_cross_entropy_with_logits": (NN + "binary_cross_entropy_with_logits", compared("x", "y")),
    "gaussian_nll": (NN + "gaussian_nll_loss", gaussian), "cross_entropy": (NN + "cross_entropy", classes("y")),
    "sparse_cross_entropy": (NN + "cross_entropy", classes("labels")),
    "weighted_cross_entropy": (NN + "cross_entropy", classes("weights")),
    "negative_log_likelihood": (NN + "nll_loss", classes("log_p")),
    "layer_norm": (NN + "layer_norm", layers), "rms_norm": (NN + "rms_norm", layers),
    "group_norm": (NN + "group_norm", channels("groups")),
    "instance_norm": (NN + "instance_norm", channels("instance")),
    "batch_norm": (NN + "batch_norm", channels("batch")),
    "batch_norm_running": (NN + "batch_norm", channels("running")),
    "batch_norm_evaluation": (NN + "batch_norm", channels("evaluation")),
    "local_response_norm": (NN + "local_response_norm", channels("local")),
    "convolution_1d": (NN + "conv1d", windowed(1)), "convolution_2d": (NN + "conv2d", windowed(2, names=TWO)),
    "convolution_3d": (NN + "conv3d", windowed(3)),
    "transposed_convolution_1d": (NN + "conv_transpose1d", windowed(1, transposed=True)),
    "transposed_convolution_2d": (
        NN + "conv_transpose2d", windowed(2, transposed=True, names=("stride_y", "padding_y", "output_padding_y"))
    ),
    "max_pooling_2d": (NN + "max_pool2d", pooled("max")), "average_pooling_2d": (NN + "avg_pool2d", pooled("average")),
    "adaptive_average_pooling_2d": (NN + "adaptive_avg_pool2d", pooled("to")),
    "adaptive_max_pooling_2d": (NN + "adaptive_max_pool2d", pooled("to")),
    "global_average_pooling": (NN + "adaptive_avg_pool2d", pooled("one")),
    "global_max_pooling": (NN + "adaptive_max_pool2d", pooled("one")),
    "scaled_dot_product_attention": (NN + "scaled_dot_product_attention", attention("plain")),
    "causal_attention": (NN + "scaled_dot_product_attention", attention("causal")),
    "masked_attention": (NN + "scaled_dot_product_attention", attention("masked")),
    "constant_padding": (NN + "pad:constant", padded(constant=True)),
    "reflection_padding": (NN + "pad:reflect", padded(constant=False)),
    "replication_padding": (NN + "pad:replicate", padded(constant=False)),
    "circular_padding": (NN + "pad:circular", padded(constant=False)),
    "nearest_upsampling": (NN + "interpolate:nearest", enlarged), "unfold": (NN + "unfold", unfolded),
    "embedding": (NN + "embedding", looked_up()), "embedding_gradient": (NN + "embedding", looked_up(gradient=True)),
    "predicted_class": ("argmax", largest_class), "horizontal_flip": ("fliplr", flipped),
}  # fmt: skip
