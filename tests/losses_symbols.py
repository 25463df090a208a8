"""What a loss is for symbols it is for all predictions and targets."""

import numpy as np
import sympy as sp

from reference.number_systems.symbols import Symbols

P, T = Symbols.named("p", 3), Symbols.named("t", 3)
# Targets of a cross-entropy are symbols known not to be 0 or 1; by continuity in them a proof holds for those too.
SOFT = Symbols.named("y", 2, irrational=True)
LOGITS = Symbols.named("x", 2, 3)
WEIGHT = Symbols.named("w", 3, positive=True)
LABELS = np.array([2, 0])
ALPHA = Symbols.named("a", positive=True)
MEAN, Y, VARIANCE = Symbols.named("m", 2), Symbols.named("y", 2), Symbols.named("v", 2, positive=True)


def in_exponentials(expression):
    """Whether an expression of exponentials and logarithms vanishes, each taken as a symbol of its own."""
    return sp.cancel(sp.expand(sp.expand_log(sp.expand_power_exp(expression), force=True)))


def gathered(expression):
    """The same, with logarithms of sums brought to one denominator first."""
    return sp.simplify(sp.expand_log(sp.expand(expression.replace(sp.log, lambda a: sp.log(sp.factor(a)))), force=True))


def without_shift(expression):
    """The expression with its free shifts at 0; that they do not matter is proved where softmax is."""
    return expression.subs(dict.fromkeys((s for s in expression.free_symbols if s.name == "shift"), 0))


def cancelled(expression):
    return in_exponentials(without_shift(expression))
