"""Genuine arithmetic of a narrow format as one more number system: honest, but as adversarial as honesty allows.

Sums are kept open and added in a random order when somebody looks, fused with products or not; results and operands
below the smallest normal are flushed or not; library functions give either neighbour of the exact value; where forms
may be chosen, one is drawn. It is written without a look at the bounds, with nothing but rounding in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reference.number_systems.table import ARITHMETIC, structural_rules
from tests.machine import elementwise, sums
from tests.machine.habits import Habits
from tests.machine.numbers import Machine


def _reduced(function: Any) -> Callable[..., Any]:
    return lambda x, axis=None, keepdims=False: Machine(function(x.value, axis=axis, keepdims=keepdims), x.habits)


Machine.erf = elementwise.erf
Machine.rules = structural_rules() | elementwise.RULES | sums.RULES | {
    np.max: _reduced(np.max), np.min: _reduced(np.min),
    np.shape: lambda x: x.shape, np.ndim: lambda x: x.ndim, np.size: lambda x: x.size,
    np.zeros_like: lambda x: Machine(np.zeros(x.shape), x.habits, host=x.host),
    np.ones_like: lambda x: Machine(np.ones(x.shape), x.habits, host=x.host),
    np.argmax: lambda x, axis=None: Machine(np.argmax(x.value, axis=axis), x.habits),
    np.argmin: lambda x, axis=None: Machine(np.argmin(x.value, axis=axis), x.habits),
}  # fmt: skip
assert set(ARITHMETIC) <= set(Machine.rules)

__all__ = ["Habits", "Machine"]
