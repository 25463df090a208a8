"""An identity of exponentials holds for all scores if it holds with each e^x taken as a symbol of its own."""

import sympy as sp


def without_shift(e):
    """The expression with its free shifts at 0; that they do not matter is proved where softmax is."""
    e = sp.sympify(e)
    return e.subs(dict.fromkeys((s for s in e.free_symbols if s.name == "shift"), 0))


def in_exponentials(e):
    """Whether an expression of exponentials vanishes, each e^x taken as a symbol of its own."""
    return sp.cancel(sp.expand(sp.expand_power_exp(sp.expand(without_shift(e)))))
