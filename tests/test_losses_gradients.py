"""What is claimed about the gradients and forms of the losses, proved."""

import math

import numpy as np
import pytest
import sympy as sp

from reference.functions import one_hot
from reference.losses import reductions
from reference.losses import weighted as weighted_file
from reference.losses.binary import binary_cross_entropy, binary_cross_entropy_with_logits
from reference.losses.cross_entropy import (
    categorical_cross_entropy,
    cross_entropy,
    negative_log_likelihood,
    sparse_cross_entropy,
)
from reference.losses.gaussian import gaussian_nll
from reference.losses.regression import mae, mse, rmse
from reference.losses.weighted import weighted_cross_entropy
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from tests.losses_symbols import ALPHA, LABELS, LOGITS, MEAN, SOFT, VARIANCE, WEIGHT, P, T, Y, without_shift
from tests.proofs import derivative, elements, equal, proves, proves_forms

ONE = Symbols(1)

WEIGHTED = dict(x=LOGITS, labels=LABELS, weight=WEIGHT, ignore=-1, alpha=ALPHA)
POINTS = [
    (mse, dict(prediction=P, target=T)),
    (rmse, dict(prediction=P, target=T)),
    (mae, dict(prediction=P, target=T)),
    (binary_cross_entropy, dict(p=Symbols.named("p", 2, positive=True), y=SOFT)),
    (binary_cross_entropy_with_logits, dict(x=Symbols.named("x", 2), y=SOFT)),
    (gaussian_nll, dict(mean=MEAN, y=Y, variance=VARIANCE)),
    (
        categorical_cross_entropy,
        dict(p=Symbols.named("p", 1, 3, positive=True), y=Symbols.named("y", 1, 3, irrational=True)),
    ),
    (cross_entropy, dict(x=LOGITS[:1], y=Symbols.named("y", 1, 3))),
    (negative_log_likelihood, dict(log_p=LOGITS, labels=LABELS)),
    (sparse_cross_entropy, dict(x=LOGITS, labels=LABELS)),
    (weighted_cross_entropy, WEIGHTED),
]


def sampled(expression, seed):
    """The expression at a point: multiples of 1/8 for real symbols, positive ones for the rest, 0 for a shift."""
    generator = np.random.default_rng(seed)
    at = {}
    for s in sorted(expression.free_symbols, key=str):
        n = int(generator.integers(1, 9))
        at[s] = 0 if s.name == "shift" else sp.Rational(n if s.is_positive or s.is_irrational else n * (-1) ** n, 9)
    return sp.N(expression.subs(at), 40)


@pytest.mark.parametrize(("entry", "arguments"), POINTS, ids=lambda e: getattr(e, "name", ""))
@proves("mse", "gradient form for prediction")
@proves("mse", "gradient form for target")
@proves("mae", "gradient form for prediction")
@proves("binary_cross_entropy", "gradient form for p")
@proves("binary_cross_entropy_with_logits", "gradient form for x")
@proves("binary_cross_entropy_with_logits", "gradient form for y")
@proves("gaussian_nll", "gradient form for mean")
@proves("gaussian_nll", "gradient form for variance")
@proves("categorical_cross_entropy", "gradient form for p")
@proves("cross_entropy", "gradient form for x")
@proves("cross_entropy", "gradient form for y")
@proves("sparse_cross_entropy", "gradient form for x")
@proves("weighted_cross_entropy", "gradient form for x")
def test_tape_and_gradient_forms_give_the_derivatives_that_sympy_gives(entry, arguments):
    taped = gradient(entry, arguments, entry.differentiable, [ONE])
    loss = entry(**arguments)
    options = {k: arguments[k] for k in ("ignore", "alpha") if k in arguments}
    positional = [v for k, v in arguments.items() if k not in options]
    for name in entry.differentiable:
        truth = elements(derivative(loss, arguments[name]))
        for a, b in zip(elements(taped[name]), truth, strict=True):
            assert abs(sampled(a - b, 1)) < sp.Float("1e-30")
        for form in (f for f in entry.gradient_forms if f.wrt == name):
            made = elements(form.function(ONE, *positional, **options))
            for a, b in zip(made, truth, strict=True):
                proved = without_shift(a - b)
                if proved.has(sp.sign):  # kinks: on each side of each of them
                    assert all(abs(sampled(proved, seed)) < sp.Float("1e-30") for seed in range(8))
                else:
                    assert sp.cancel(sp.expand(sp.expand_power_exp(proved.rewrite(sp.exp)))) == 0, (name, proved)


def test_an_ignored_row_has_no_gradient():
    arguments = WEIGHTED | dict(ignore=2)
    (form,) = weighted_cross_entropy.gradient_forms
    made = form.function(ONE, *(arguments[k] for k in ("x", "labels", "weight")), ignore=2, alpha=ALPHA)
    assert elements(made[0]) == [0, 0, 0]
    taped = gradient(weighted_cross_entropy, arguments, ["x"])["x"]
    assert all(abs(sampled(a - b, 2)) < sp.Float("1e-30") for a, b in zip(elements(taped), elements(made), strict=True))


@proves_forms(reductions.per)
@proves_forms(weighted_file.blend)
def test_dividing_and_multiplying_by_the_reciprocal_agree():
    n = Symbols.named("n", positive=True)
    for forms, arguments in ((reductions.per.forms, (P, n)), (weighted_file.blend.forms, (ALPHA, n, P, T))):
        first, second = (form(*arguments) for form in forms)
        assert equal(first, second)


@proves_forms(weighted_file.averaged)
def test_the_smoothed_parts_are_averaged_together_or_apart():
    own, every, total = Symbols.named("o", 2), Symbols.named("e", 2), Symbols.named("W", positive=True)
    first, second = (form(ALPHA, 3, own, every, total) for form in weighted_file.averaged.forms)
    assert equal(first, second, simplify=sp.expand)


def test_the_clamp_of_a_certain_mistake_is_a_hundred():
    clamped = binary_cross_entropy.dialects["clamped"]
    with np.errstate(divide="ignore", invalid="ignore"):
        assert clamped(np.array([0.0]), np.array([1.0])) == 100
        assert math.isinf(binary_cross_entropy(np.array([0.0]), np.array([1.0])))
    assert np.array_equal(one_hot(LABELS, 3).argmax(axis=1), LABELS)
