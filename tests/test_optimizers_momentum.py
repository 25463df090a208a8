"""What is claimed about gradient descent and momentum, proved."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
import sympy as sp

from reference.number_systems.exact import Exact
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from reference.optimizers.gradient_descent import gradient_descent, minibatch_gradient
from reference.optimizers.momentum import dampened_momentum, momentum
from reference.optimizers.nesterov import nesterov
from reference.optimizers.quadratics import shrinks
from tests.optimizers_symbols import ZERO, a, beta, curvature, g, lr, w
from tests.proofs import derivative, equal, law, proves

# Gradient descent ---------------------------------------------------------------------------------


@proves("gradient_descent", "on the loss λw²/2 the t-th weight is (1 - ηλ)ᵗ times the first")
def test_gradient_descent_on_a_quadratic_is_a_geometric_sequence():
    sentence = "on the loss λw²/2 the t-th weight is (1 - ηλ)ᵗ times the first"
    assert all(equal(*law(gradient_descent, sentence)(w, curvature, t, lr=lr)) for t in range(5))
    t = sp.Symbol("t", integer=True, positive=True)  # and by induction for every t
    last = Symbols((1 - lr.item() * curvature.item()) ** t * w.item())
    following = Symbols((1 - lr.item() * curvature.item()) ** (t + 1) * w.item())
    assert equal(gradient_descent(last, curvature * last, lr=lr), following)


@proves("gradient_descent", "each step on the loss λw²/2 comes closer to its minimum")
def test_gradient_descent_converges_exactly_for_rates_between_0_and_2_over_the_curvature():
    x = sp.Symbol("x", real=True)  # ηλ; the loss is even and homogeneous, so w = 1 stands for all w
    sides = law(gradient_descent, "each step on the loss λw²/2 comes closer to its minimum")
    closer, _ = sides(Symbols(1), 1, lr=Symbols(x))
    assert sp.solveset(closer.item(), x, sp.S.Reals) == sp.Interval.open(0, 2)


@proves("gradient_descent", "on the loss (w² - 1)²/4 the descent stays on the side of the hill where it started")
def test_two_starts_of_gradient_descent_end_in_two_minima():
    x, rate = sp.Symbol("x", positive=True), sp.Symbol("eta", positive=True)
    after = gradient_descent(Symbols(x), Symbols(x) ** 3 - Symbols(x), lr=Symbols(rate)).item()
    unit, slow = sp.Interval.Lopen(0, 1), sp.Interval.Lopen(0, sp.Rational(1, 2))
    assert sp.simplify(after.subs(x, -x) + after) == 0  # the mirror image of a start takes the mirror image of its way
    grown = sp.factor(after - x)  # η x (1 - x²) is not negative on (0, 1]: the weight only rises
    assert sp.simplify(grown - rate * x * (1 - x) * (1 + x)) == 0
    short = sp.factor((1 - after) / (1 - x))  # 1 - η x (1 + x) is not negative for η <= 1/2: and never passes 1
    assert sp.simplify(short - (1 - rate * x * (1 + x))) == 0
    assert sp.maximum(x * (1 + x), x, unit) * slow.sup == 1
    sides = law(gradient_descent, "on the loss (w² - 1)²/4 the descent stays on the side of the hill where it started")
    for start in (Fraction(-1, 2), Fraction(1, 100)):
        assert equal(*sides(Exact(start), 4, lr=Exact(Fraction(1, 2))))


@proves("minibatch_gradient", "over all batches its mean is the gradient of all the data")
def test_the_minibatch_gradient_is_unbiased():
    for samples in range(1, 5):
        gradients = Symbols.named("g", samples, 2)
        for size in range(1, samples + 1):
            batches = tuple(combinations(range(samples), size))
            sides = law(minibatch_gradient, "over all batches its mean is the gradient of all the data")
            assert equal(*sides(gradients, batches))


def test_the_tape_finds_the_gradient_of_the_minibatch_gradient():
    gradients, d = Symbols.named("g", 3, 1), Symbols.named("d", 1)
    given = dict(gradients=gradients, chosen=np.array([0, 2, 2]))
    found = gradient(minibatch_gradient.function, given, ["gradients"], [d])["gradients"]
    assert equal(found, derivative(np.sum(d * minibatch_gradient(**given)), gradients))


# Momentum -----------------------------------------------------------------------------------------


@proves("momentum", "it is gradient descent")
def test_without_momentum_it_is_gradient_descent():
    assert equal(*law(momentum, "it is gradient descent")(w, a, g, lr=lr, momentum=0))


@proves("momentum", "after t equal gradients the buffer is g(1 - βᵗ)/(1 - β)")
def test_the_buffer_is_a_geometric_sum():
    sentence = "after t equal gradients the buffer is g(1 - βᵗ)/(1 - β)"
    assert all(equal(*law(momentum, sentence)(w, ZERO, g, t, lr=lr, momentum=beta), sp.expand) for t in range(1, 6))


@proves("momentum", "with the rate in the buffer the weights are the same")
def test_the_rate_may_stand_in_the_buffer_if_it_is_constant():
    gradients = [Symbols.named(f"g{k}") for k in range(3)]
    sides = law(momentum, "with the rate in the buffer the weights are the same")
    assert equal(*sides(w, a, gradients, [lr] * 3, momentum=beta), sp.expand)


@proves("momentum", "on the loss λw²/2 its roots are those of z² - (1 + β - ηλ)z + β")
def test_momentum_on_a_quadratic_has_these_roots():
    sides = law(momentum, "on the loss λw²/2 its roots are those of z² - (1 + β - ηλ)z + β")
    assert equal(*sides(curvature, lr=lr, momentum=beta))


@proves("nesterov", "on the loss λw²/2 its roots are those of z² - (1 + β)(1 - ηλ)z + β(1 - ηλ)")
def test_nesterov_on_a_quadratic_has_these_roots():
    sentence = "on the loss λw²/2 its roots are those of z² - (1 + β)(1 - ηλ)z + β(1 - ηλ)"
    assert equal(*law(nesterov, sentence)(curvature, lr=lr, momentum=beta), sp.expand)


def converging_rates(equation, share, **hyper):
    """The rates for which the equation converges on w²/2 at momentum `share`, as a set of reals."""
    x = sp.Symbol("x", real=True)
    converges, _ = law(equation, "it converges on the loss λw²/2")(1, lr=Symbols(x), momentum=Symbols(share), **hyper)
    parts = sp.And.make_args(converges.item())
    return sp.Intersection(*(sp.solveset(part.func(*map(sp.expand, part.args)), x, sp.S.Reals) for part in parts))


SHARES = (sp.Integer(0), sp.Rational(1, 3), sp.Rational(1, 2), sp.Rational(9, 10))


@proves("momentum", "it converges on the loss λw²/2")
def test_momentum_converges_exactly_below_its_bound():
    for share in SHARES:
        assert converging_rates(momentum, share) == sp.Interval.open(0, 2 * (1 + share))
    # For every β: |1 + β - x| < 1 + β is 0 < x < 2(1 + β), and the determinant β is below 1.
    x, b = sp.symbols("x b", positive=True)
    assert sp.expand((1 + b) ** 2 - (1 + b - x) ** 2 - x * (2 * (1 + b) - x)) == 0


@proves("nesterov", "it converges on the loss λw²/2")
def test_nesterov_converges_exactly_below_its_bound():
    for share in SHARES:
        assert converging_rates(nesterov, share) == sp.Interval.open(0, 2 * (1 + share) / (1 + 2 * share))
    # For every β: Jury's three conditions are x > 0, 2 + 2β > (1 + 2β)x, and β(x - 1) < 1, which the second implies.
    x, b = sp.symbols("x b", positive=True)
    trace, determinant = (1 + b) * (1 - x), b * (1 - x)
    assert sp.expand(1 - trace + determinant - x) == 0
    assert sp.expand(1 + trace + determinant - (2 + 2 * b - (1 + 2 * b) * x)) == 0
    at_the_bound = sp.cancel(1 + determinant.subs(x, 2 * (1 + b) / (1 + 2 * b)))
    assert sp.cancel(at_the_bound * (1 + 2 * b) - (1 + b)) == 0  # positive, so the third holds up to the second's bound


@proves("dampened_momentum", "it converges on the loss λw²/2")
def test_dampening_lengthens_the_rates_that_converge():
    for share in SHARES:
        for dampening in (sp.Integer(0), sp.Rational(1, 4), sp.Rational(1, 2)):
            found = converging_rates(dampened_momentum, share, dampening=Symbols(dampening))
            assert found == sp.Interval.open(0, 2 * (1 + share) / (1 - dampening))


def test_the_roots_lie_in_the_circle_exactly_where_jurys_criterion_says():
    for trace in [Fraction(n, 4) for n in range(-9, 10)]:
        for determinant in [Fraction(n, 4) for n in range(-5, 6)]:
            size = np.max(np.abs(np.roots([1, -float(trace), float(determinant)])))
            if abs(size - 1) > 1e-9:
                assert (size < 1) == bool(shrinks(trace, determinant)), (trace, determinant)


@proves("dampened_momentum", "without dampening it is momentum")
def test_without_dampening_it_is_momentum():
    sides = law(dampened_momentum, "without dampening it is momentum")
    assert equal(*sides(w, a, g, 3, lr=lr, momentum=beta, dampening=0))


@proves("dampened_momentum", "it is gradient descent")
def test_without_momentum_and_dampening_it_is_gradient_descent():
    assert equal(*law(dampened_momentum, "it is gradient descent")(w, a, g, 3, lr=lr, momentum=0, dampening=0))
    undamped = dampened_momentum.dialects["first-undamped"]  # which needs no word about dampening here
    after, _ = undamped(w, a, g, 3, lr=lr, momentum=0, dampening=Symbols.named("d"))
    assert equal(after, gradient_descent(w, g, lr=lr))


AT_THE_WEIGHT = "torch's weight is the place to which the old velocity leads, w - ηβa"
VELOCITY = "Sutskever's weights are the same and his velocity is -ηa"


@proves("nesterov", AT_THE_WEIGHT)
@proves("nesterov", VELOCITY)
@pytest.mark.parametrize("sentence", [AT_THE_WEIGHT, VELOCITY])
def test_the_three_forms_of_nesterov_go_the_same_way_for_every_gradient(sentence):
    unknown = sp.Function("L'")

    def slope(x):
        return Symbols.of(np.frompyfunc(lambda e: unknown(sp.expand(e)), 1, 1)(x.value))

    assert equal(*law(nesterov, sentence)(w, a, slope, [lr] * 3, momentum=beta), sp.expand)
