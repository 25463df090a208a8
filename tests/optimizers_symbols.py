"""What holds for symbols holds for every weight, gradient, memory and rate."""

from reference.number_systems.symbols import Symbols

HYPER = {name: Symbols.named(name, positive=True) for name in ("lr", "beta1", "beta2", "eps")}
SHARP = HYPER | dict(eps=0)  # without ε
w, g, m, a = (Symbols.named(s) for s in "wgma")
v, G, H, lr, rho, eps, beta, curvature = (
    Symbols.named(s, positive=True) for s in ("v", "G", "H", "lr", "rho", "eps", "beta", "lambda")
)
FORCE = Symbols.named("g", nonzero=True)  # a gradient that is not 0
ZERO = Symbols(0)
