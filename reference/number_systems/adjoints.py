"""The derivative of each elementwise function, read backwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

# For each ufunc: how the cotangent g of the output o reaches each of the operands.
ADJOINTS: dict[np.ufunc, tuple[Callable[..., Any], ...]] = {
    np.add: (lambda g, o, a, b: g, lambda g, o, a, b: g),
    np.subtract: (lambda g, o, a, b: g, lambda g, o, a, b: -g),
    np.multiply: (lambda g, o, a, b: g * b, lambda g, o, a, b: g * a),
    np.divide: (lambda g, o, a, b: g / b, lambda g, o, a, b: -(g * o) / b),
    np.negative: (lambda g, o, a: -g,),
    np.positive: (lambda g, o, a: g,),
    np.absolute: (lambda g, o, a: g * np.sign(a),),
    np.square: (lambda g, o, a: g * (2 * a),),
    np.power: (
        lambda g, o, a, n: g * (n * np.power(a, n - 1)),
        lambda g, o, a, n: g * (o * np.log(a)),
    ),
    np.maximum: (lambda g, o, a, b: _winner(g, a, b), lambda g, o, a, b: _winner(g, b, a)),
    np.minimum: (lambda g, o, a, b: _winner(g, b, a), lambda g, o, a, b: _winner(g, a, b)),
    np.sign: (lambda g, o, a: np.zeros_like(g),),
    np.sqrt: (lambda g, o, a: g / (2 * o),),
    np.exp: (lambda g, o, a: g * o,),
    np.expm1: (lambda g, o, a: g * (o + 1),),
    np.log: (lambda g, o, a: g / a,),
    np.log1p: (lambda g, o, a: g / (1 + a),),
    np.tanh: (lambda g, o, a: g * (1 - np.square(o)),),
    np.sin: (lambda g, o, a: g * np.cos(a),),
    np.cos: (lambda g, o, a: -(g * np.sin(a)),),
}


def _winner(g: Any, a: Any, b: Any) -> Any:
    """The larger of two takes the whole gradient; at a tie each takes half."""
    return np.where(a > b, g, np.where(b > a, np.zeros_like(g), g / 2))
