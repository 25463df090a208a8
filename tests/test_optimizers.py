"""What is claimed about the optimizers, proved."""

from reference.number_systems.symbols import Symbols
from reference.optimizers.adam import adam
from tests.proofs import equal, law, proves

HYPER = {name: Symbols.named(name, positive=True) for name in ("lr", "beta1", "beta2", "eps")}


@proves("adam", "negating the gradient and its average mirrors the step")
def test_negating_the_gradient_mirrors_the_step():
    w, g, m = (Symbols.named(s) for s in "wgm")
    v = Symbols.named("v", positive=True)
    for t in (1, 2, 5):
        assert equal(*law(adam, "negating the gradient and its average mirrors the step")(w, g, m, v, t, **HYPER))


@proves("adam", "the first step from zero moments is η·g/(|g| + ε)")
def test_adams_first_step_does_not_depend_on_the_size_of_the_gradient():
    w, g, zero = Symbols.named("w"), Symbols.named("g"), Symbols(0)
    assert equal(*law(adam, "the first step from zero moments is η·g/(|g| + ε)")(w, g, zero, zero, 1, **HYPER))
