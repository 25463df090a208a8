"""Functions that have a name everywhere."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from conformance.notes.tree import Node
from conformance.notes.values import Evaluator
from conformance.notes.world import Undefined


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _log(x: float) -> float:
    if x <= 0:
        raise Undefined("a logarithm of what is not above 0")
    return math.log(x)


def _exp(x: float) -> float:
    if x > 300:
        raise Undefined("too large")
    return math.exp(x)


ONE: dict[str, Callable[[float], float]] = {
    "ln": _log, "log2": lambda x: _log(x) / math.log(2), "exp": _exp, "tanh": math.tanh, "sin": math.sin,
    "cos": math.cos, "tan": math.tan, "sinh": math.sinh, "cosh": math.cosh, "sigmoid": _sigmoid,
    "relu": lambda x: max(x, 0.0), "sign": lambda x: float((x > 0) - (x < 0)), "root": math.sqrt, "absolute": abs,
    "erf": math.erf, "softplus": lambda x: math.log1p(math.exp(x)), "floor": math.floor, "ceil": math.ceil,
    "arctan": math.atan,
    "sigmoid'": lambda x: _sigmoid(x) * (1 - _sigmoid(x)), "tanh'": lambda x: 1 - math.tanh(x) ** 2,
    "relu'": lambda x: float(x > 0),
}  # fmt: skip
GATES: dict[str, Callable[[float, float], float]] = {
    "and": lambda a, b: a * b, "or": lambda a, b: a + b - a * b, "nor": lambda a, b: (1 - a) * (1 - b),
    "nand": lambda a, b: 1 - a * b,
}  # fmt: skip


def called(e: Evaluator, n: Node) -> Any:
    name = n.value
    if name in ("max", "min"):
        return _extreme(e, n)
    if name in ONE:
        if len(n.parts) != 1:
            raise Undefined(f"{name} of several")
        return _each(ONE[name], e.value(n.parts[0]))
    if name in GATES and len(n.parts) == 2:
        return GATES[name](e.value(n.parts[0]), e.value(n.parts[1]))
    if name == "softmax" and len(n.parts) == 1:
        return _softmax(e, n)
    if name == "logsoftmax" and e.component is not None:
        return _log(_softmax(e, n))
    if name == "mean" and len(n.parts) == 1:
        found = e.components(n.parts[0])
        return sum(found) / len(found)
    if name == "Concat":
        inputs = tuple(float(e.value(part)) for part in n.parts if part.kind != "dots")
        return e.world.curve("Concat", inputs)
    raise Undefined(f"{name} has no value here")


def _extreme(e: Evaluator, n: Node) -> Any:
    parts = n.parts[0].parts if len(n.parts) == 1 and n.parts[0].kind in ("set", "tuple") else n.parts
    found = [e.value(part) for part in parts]
    if len(found) == 1 and e.varies(parts[0]):
        found = e.components(parts[0])
    if any(hasattr(x, "shape") for x in found):
        import numpy as np

        return (np.maximum if n.value == "max" else np.minimum)(*found)
    return (max if n.value == "max" else min)(found)


def _each(function: Callable[[float], float], x: Any) -> Any:
    if hasattr(x, "shape"):
        import numpy as np

        return np.vectorize(function)(x)
    return function(x)


def _softmax(e: Evaluator, n: Node) -> Any:
    body = n.parts[0]
    if e.world.matrices:
        import numpy as np

        x = e.value(body)
        if not hasattr(x, "shape"):
            raise Undefined("softmax of one number")
        shares = np.exp(x - x.max(axis=-1, keepdims=True))
        return shares / shares.sum(axis=-1, keepdims=True)
    if e.component is None:
        raise Undefined("all of a softmax at once")
    was = e.component
    inputs = e.components(body)
    e.component = was
    shares = [_exp(x) for x in inputs]
    return shares[(was - 1) % len(shares)] / sum(shares)
