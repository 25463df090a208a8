"""An identity that holds for all r and all inputs holds for all ε, where r is the root of σ² + ε.

ε enters the symbolic proofs as r² - σ², so that this root is the symbol r.
"""

import sympy as sp

from reference.number_systems.symbols import Symbols
from tests.proofs import elements

R = sp.Symbol("r", positive=True)
EPS = Symbols.named("e", positive=True)
A, C = Symbols.named("a", positive=True), Symbols.named("c")
COLUMN, COLUMN_CHANGE = Symbols.named("x", 3, 1, 1), Symbols.named("d", 3, 1, 1)
ROW, ROW_CHANGE = Symbols.named("x", 1, 3), Symbols.named("d", 1, 3)
GAMMA, BETA = Symbols.named("g", 1), Symbols.named("b", 1)
SCALE, SHIFT = Symbols.named("g", 3), Symbols.named("b", 3)
STATE = (Symbols.named("m", 2), Symbols.named("v", 2))
CHANNELS = Symbols.named("x", 1, 4, 1)
FACTORS = dict(alpha=A, beta=0.75, k=Symbols.named("k", positive=True))


def eps_for(x):
    """The ε that makes the root of variance plus ε the symbol r."""
    mean = sum(elements(x)) / x.size
    return R**2 - sp.expand(sum((e - mean) ** 2 for e in elements(x)) / x.size)


def unrooted(eps):
    """A simplification that puts in this ε and takes the roots, which are then perfect squares."""

    def root(power):
        return sp.powdenest(sp.factor(sp.expand(power.base)) ** power.exp, force=True)

    def simplify(e):
        e = sp.sympify(e).subs(EPS.item(), eps)
        e = e.replace(lambda p: p.is_Pow and p.exp.is_Rational and not p.exp.is_Integer, root)
        return sp.cancel(sp.together(e))

    return simplify


def roots_taken(x):
    return unrooted(eps_for(x))


def length_taken(e):
    """As `unrooted`, with ε = r² less the mean square of the row."""
    return unrooted(R**2 - sum(s**2 for s in elements(ROW)) / 3)(e)
