"""The derivative of each elementwise function, read backwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reference.functions import between, either

# Frameworks differ in which of these comes first, and so in what overflows or vanishes on the way.
_by_divisor = either(
    lambda g, o, b: -(g * o) / b,
    lambda g, o, b: -g * (o / b),
)

# For each ufunc: how the cotangent g of the output o reaches each of the operands.
ADJOINTS: dict[np.ufunc, tuple[Callable[..., Any], ...]] = {
    np.add: (lambda g, o, a, b: g, lambda g, o, a, b: g),
    np.subtract: (lambda g, o, a, b: g, lambda g, o, a, b: -g),
    np.multiply: (lambda g, o, a, b: g * b, lambda g, o, a, b: g * a),
    np.divide: (lambda g, o, a, b: g / b, lambda g, o, a, b: _by_divisor(g, o, b)),
    np.negative: (lambda g, o, a: -g,),
    np.positive: (lambda g, o, a: g,),
    np.absolute: (lambda g, o, a: _either_side(g, a),),
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
    """The larger of two takes the whole gradient. At a tie each takes half, but any share is a subgradient."""
    zero = np.zeros_like(g)
    return np.where(a > b, g, np.where(b > a, zero, between(g / 2, zero, g)))


def _either_side(g: Any, a: Any) -> Any:
    """The slope of the magnitude; at its kink 0, but any number from -1 to 1 is a subgradient."""
    if not hasattr(g, "between"):
        return g * np.sign(a)
    return np.where(a > 0, g, np.where(a < 0, -g, between(np.zeros_like(g), -g, g)))
