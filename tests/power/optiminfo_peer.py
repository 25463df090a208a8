"""An optimizer's own test inputs are options, with each of which its tests take a few steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.optim import SGD, Adadelta, Adagrad, Adam, AdamW, RMSprop
from torch.testing._internal.common_optimizers import optim_db

from conformance.adapters.contract import EAGER
from conformance.calling.stepping import state_names
from reference.catalogue import CATALOGUE
from tests.power.found import call, tensor, told

STEPS = 7  # as the framework's own tests take
SHAPES = ((3, 1), (3,), (1, 3), (1,))  # of its two small layers

OPTIMIZERS: dict[str, Any] = {
    "gradient_descent": SGD, "momentum": SGD, "nesterov": SGD, "dampened_momentum": SGD, "adam": Adam, "amsgrad": Adam,
    "adamw": AdamW, "adagrad": Adagrad, "adadelta": Adadelta, "rmsprop": RMSprop, "rmsprop_centered": RMSprop,
}  # fmt: skip
MEMORY = {
    "a": "momentum_buffer", "m": "exp_avg", "v": "exp_avg_sq", "top": "max_exp_avg_sq", "G": "sum",
    ("adadelta", "G"): "square_avg", ("adadelta", "H"): "acc_delta", ("rmsprop", "v"): "square_avg",
    ("rmsprop_centered", "v"): "square_avg", ("rmsprop_centered", "m"): "grad_avg",
}  # fmt: skip
NAMES = {"rho": ("rho", "alpha")} | {name: (name,) for name in ("lr", "eps", "momentum", "dampening")}
SPEAKS = {  # which options make torch's object this equation
    "gradient_descent": lambda o: not o["momentum"],
    "momentum": lambda o: o["momentum"] and not o["nesterov"] and not o["dampening"],
    "nesterov": lambda o: o["momentum"] and o["nesterov"],
    "dampened_momentum": lambda o: o["momentum"] and not o["nesterov"],
    "adam": lambda o: not o["amsgrad"], "amsgrad": lambda o: o["amsgrad"], "adamw": lambda o: not o["amsgrad"],
    "adagrad": lambda o: not o["lr_decay"] and not o["initial_accumulator_value"], "adadelta": lambda o: True,
    "rmsprop": lambda o: not o["centered"] and not o["momentum"],
    "rmsprop_centered": lambda o: o["centered"] and not o["momentum"],
}  # fmt: skip


def inputs(equation: str) -> list[dict[str, Any]]:
    """The options of the framework's tests under which its object is the equation, each completed by its defaults."""
    kind = OPTIMIZERS[equation]
    info = next(o for o in optim_db if o.optim_cls is kind)
    found = []
    for one in info.optim_inputs_func(device="cpu"):
        options = {n: float(v) if isinstance(v, torch.Tensor) else v for n, v in one.kwargs.items()}
        made = kind([torch.zeros(1)], **options)
        if SPEAKS[equation](made.defaults):
            found.append(options)
    return found


def hyper(equation: str, defaults: dict[str, Any]) -> dict[str, Any]:
    """The options by the equation's own names."""
    found = {}
    for name in CATALOGUE[equation].domain:
        if name in ("beta1", "beta2"):
            found[name] = defaults["betas"][int(name[-1]) - 1]
        elif name == "weight_decay":
            found[name] = defaults[name]
        elif name in NAMES:
            found[name] = next(defaults[theirs] for theirs in NAMES[name] if theirs in defaults)
    return found


def walked(entry: Any, made: Any, dtype: str) -> tuple[int, list[tuple[int, int, str]]]:
    """How many inputs were tried, and those at which a weight or its memory is off, with the step."""
    wrong: list[tuple[int, int, str]] = []
    number = 0
    for options in inputs(entry.equation):
        for mode in entry.modes or (EAGER,):
            number += 1
            try:
                step = _off(entry, made, options, dtype, mode)
            except Exception as error:  # noqa: BLE001 - an error is a failed test
                wrong.append((1, 3, told(error)))
                continue
            if step is not None:
                wrong.append((step[0], 3, f"{options}: {step[1]}"))
    return number, wrong


def _off(entry: Any, made: Any, options: dict[str, Any], dtype: str, mode: str) -> tuple[int, str] | None:
    """The first step at which an implementation is off, from torch's own initial values and random gradients."""
    equation, kind = CATALOGUE[entry.equation], OPTIMIZERS[entry.equation]
    g = torch.Generator().manual_seed(0)
    held = getattr(torch, dtype)
    weights = [torch.nn.Parameter(torch.randn(s, generator=g, dtype=held)) for s in SHAPES]
    right = kind(weights, **options)
    numbers = hyper(entry.equation, right.defaults)
    decay = right.defaults["weight_decay"] if "weight_decay" not in numbers else 0.0
    ours = [w.detach().numpy().copy() for w in weights]
    names = state_names(equation)
    memory: list[dict[str, Any]] = [
        {n: np.zeros(w.shape, w.dtype) for n in names} | ({"t": 1} if "t" in equation.domain else {}) for w in ours
    ]
    steps = None
    if isinstance(entry.function, type):
        steps = entry.function([([tensor(made, w.astype(float), dtype) for w in ours], numbers)], mode)
    for k in range(STEPS):
        slopes = [torch.randn(s, generator=g, dtype=held) for s in SHAPES]
        given = [(-x if right.defaults.get("maximize") else x).numpy() + x.numpy().dtype.type(decay) * w
                 for x, w in zip(slopes, ours, strict=True)]  # fmt: skip
        for w, x in zip(weights, slopes, strict=True):
            w.grad = x.clone()
        right.step()
        if steps is not None:
            steps.step([tensor(made, x.astype(float), dtype) for x in given])
            read = [{n: made.array(v).astype(dtype) for n, v in state.items()} for state in steps.read()]
            ours = [state["w"] for state in read]
            memory = [{n: state[n] for n in names} for state in read]
        else:
            for i, x in enumerate(given):
                known = {"w": ours[i], "g": x} | memory[i] | numbers
                ours[i], *state = call(entry, {n: known[n] for n in equation.domain}, mode)
                memory[i] |= dict(zip(names, state, strict=True))
                if "t" in memory[i]:
                    memory[i]["t"] += 1
        for i, w in enumerate(weights):
            theirs = {n: right.state[w].get(MEMORY.get((entry.equation, n), MEMORY.get(n))) for n in names}
            pairs = [(ours[i], w.detach()), *((memory[i][n], theirs[n]) for n in names if theirs[n] is not None)]
            try:
                for one, two in pairs:
                    torch.testing.assert_close(torch.as_tensor(np.array(one, order="C")), two, equal_nan=True)
            except AssertionError as error:
                return k + 1, told(error)
    return None
