"""An honest gradient stays within its bound, in whichever forms it is computed, and a wrong one does not."""

import numpy as np
import pytest

from conformance.scenarios.carry import carried, over_balls, over_bounds
from reference.catalogue import CATALOGUE
from reference.functions import either
from reference.normalization.layer import layer_norm
from reference.number_systems.balls import Balls
from reference.number_systems.rounded import Rounded
from reference.number_systems.rounded.format import FORMATS, float16, float32, float64
from reference.number_systems.tape import gradient
from tests.machine import Habits, Machine
from tests.proofs import sample

DIFFERENTIABLE = [e for e in CATALOGUE.values() if e.differentiable]


@pytest.mark.parametrize("entry", DIFFERENTIABLE, ids=lambda e: e.name)
def test_the_gradient_carries_a_bound(entry):
    values = sample(entry.domain, np.random.default_rng(6), lanes=2, fmt=float32)
    wrt = list(entry.differentiable)
    bounded = gradient(entry.function, over_bounds(entry.domain, values, float32), wrt)
    truth = gradient(entry.function, over_balls(entry.domain, values), wrt)
    for name in wrt:
        assert isinstance(bounded[name], Rounded)
        gap = np.abs((truth[name] - bounded[name].midpoint).midpoints())
        finite = np.isfinite(bounded[name].bound)
        assert (gap <= bounded[name].bound)[finite].all()


# What an honest gradient may be --------------------------------------------------------------------------


def over(fmt, **values):
    return {name: Rounded.of(fmt.quantize(np.asarray(x, float)), fmt) for name, x in values.items()}


def honest(entry, values, cotangents, fmt, seed):
    """The gradient as a genuine machine of the format computes it, in forms that it draws at every node."""
    generator = np.random.default_rng(seed)
    habits = Habits(fmt, generator, fused=bool(seed % 2), flush_results=bool(seed % 3), flush_operands=False)
    numbers = carried(
        entry.domain, values, lambda x: Machine(x, habits), lambda x: Machine(habits.hosted(x), habits, host=True)
    )
    with np.errstate(all="ignore"):
        made = gradient(entry, numbers, entry.differentiable, tuple(Machine(c, habits) for c in cotangents))
    return {n: np.broadcast_to(g.value, g.shape) if isinstance(g, Machine) else g for n, g in made.items()}


def scenario(entry, fmt, generator):
    values = sample(entry.domain, generator, lanes=3, fmt=fmt)
    made = entry(**over_bounds(entry.domain, values, fmt))
    outputs = made if isinstance(made, tuple) else (made,)
    return values, [fmt.quantize(generator.normal(size=o.shape)) for o in outputs]


def bounded(entry, values, cotangents, fmt):
    weights = tuple(Rounded.of(c, fmt) for c in cotangents)
    return gradient(entry, over_bounds(entry.domain, values, fmt), entry.differentiable, weights)


@pytest.mark.parametrize("fmt", ["float32", "bfloat16", "float16"])
@pytest.mark.parametrize("entry", DIFFERENTIABLE, ids=lambda e: e.name)
def test_no_honest_machine_leaves_the_bound_of_a_gradient_in_whichever_forms_it_computes(entry, fmt):
    fmt = FORMATS[fmt]
    generator = np.random.default_rng(8)
    for seed in range(2):
        values, cotangents = scenario(entry, fmt, generator)
        expected = bounded(entry, values, cotangents, fmt)
        for name, computed in honest(entry, values, cotangents, fmt, seed).items():
            with np.errstate(invalid="ignore"):
                near = np.abs(computed - expected[name].midpoint) <= expected[name].bound
            assert (near | (expected[name].bound == np.inf)).all(), (entry.name, name)


def test_a_gradient_is_charged_for_every_form_between_which_the_equation_leaves_a_choice():
    """In the first form the factor of s is x - m, here 0; in the second it is the difference of two products."""
    scaled = either(lambda x, m, s: (x - m) * s, lambda x, m, s: x * s - m * s)
    x = over(float32, x=[1.1], m=[1.1], s=[3.0])
    g = gradient(lambda x, m, s: scaled(x, m, s), x, ["x", "s"], (Rounded.of([float32.quantize(0.7)], float32),))
    assert g["s"].midpoint == 0
    assert 0 < g["s"].bound < 4 * float32.unit * 0.77
    assert gradient(lambda x, m, s: (x - m) * s, x, ["s"])["s"].bound == 0


def test_an_equation_within_another_brings_its_own_forms_of_a_gradient():
    """For one feature layer norm's x - mean is exactly 0, while x·a + b rounds: so may the gradient in gamma."""
    one = over(float32, x=[[1.1], [-0.3]], gamma=[0.7], beta=[0.2])
    eps = Rounded.scalar(1e-5, float32)
    g = gradient(lambda x, gamma, beta: 2 * layer_norm(x + x, gamma, beta, eps=eps), one, ["gamma"])["gamma"]
    assert g.midpoint == 0
    assert 2 * 2.2 / np.sqrt(1e-5) * float32.unit < g.bound < 2 * 2.2 / np.sqrt(1e-5) * 20 * float32.unit


COMPOSED = ["layer_norm", "softmax", "multi_head_attention", "pre_norm_transformer_encoder_layer", "lstm_cell"]


@pytest.mark.parametrize("name", COMPOSED)
def test_a_gradient_that_is_off_by_one_part_in_ten_thousand_is_caught_and_an_honest_one_is_not(name):
    entry, generator = CATALOGUE[name], np.random.default_rng(9)
    honestly, wrongly = [], []
    for seed in range(12):
        values, cotangents = scenario(entry, float32, generator)
        expected = bounded(entry, values, cotangents, float32)
        right = honest(entry, values, cotangents, float32, seed)
        for factor, strains in ((1.0, honestly), (1 + 1e-4, wrongly)):
            gaps = {n: np.abs(factor * right[n] - e.midpoint) for n, e in expected.items()}
            strains.append(max((gaps[n] / np.where(e.bound > 0, e.bound, np.inf)).max() for n, e in expected.items()))
    assert max(honestly) <= 1
    assert np.median(wrongly) > 1


@pytest.mark.parametrize("fmt", [float16, float32, float64], ids=lambda f: f.name)
@pytest.mark.parametrize(
    ("f", "x", "subgradients"),
    [
        (lambda x: np.maximum(x, 0), [0.0], [[0.0], [0.5], [1.0]]),
        (lambda x: np.minimum(x, 0), [0.0], [[0.0], [0.5], [1.0]]),
        (lambda x: np.abs(x), [0.0], [[-1.0], [0.0], [1.0]]),
        (lambda x: np.max(x), [2.0, 2.0, 1.0], [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.5, 0.5, 0.0]]),
        (lambda x: np.min(x), [2.0, 2.0, 3.0], [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.5, 0.5, 0.0]]),
        (lambda x: np.max(np.max(x.reshape(2, 2), axis=1)), [2.0] * 4, [[1.0, 0, 0, 0], [0, 0, 1.0, 0], [0.25] * 4]),
    ],
    ids=["maximum", "minimum", "absolute", "max", "min", "max of max"],
)
def test_at_a_kink_every_subgradient_is_right_and_nothing_is_decided(fmt, f, x, subgradients):
    g = gradient(f, over(fmt, x=x), ["x"])["x"]
    for slope in subgradients:
        assert (np.abs(slope - g.midpoint) <= g.bound).all()
    tied = np.array(subgradients).any(axis=0)
    assert not g.decided[tied].any()
    assert g.decided[~tied].all()
    enclosed = gradient(f, {"x": Balls(np.array(x))}, ["x"])["x"]
    assert all(enclosed.overlaps(np.array(slope)).all() for slope in subgradients)


@pytest.mark.parametrize(
    "f", [lambda x: np.maximum(x, 0), lambda x: np.abs(x), lambda x: np.max(x)], ids=["maximum", "absolute", "max"]
)
def test_away_from_a_kink_the_slope_is_exact_and_twice_a_subgradient_is_caught(f):
    g = gradient(f, over(float32, x=[3.0, -2.0, 1.0]), ["x"])["x"]
    assert g.decided.all()
    assert (g.bound == 0).all()
    tied = gradient(f, over(float32, x=[0.0, 0.0]), ["x"])["x"]
    assert (np.abs(2.0 - tied.midpoint) > tied.bound).all()


def test_a_slope_that_nobody_prescribes_stays_open_within_an_equation_that_declares_forms():
    relu = CATALOGUE["relu"]
    g = gradient(lambda x, y: relu(x - y) * 3, over(float32, x=[1.5, 0.1], y=[1.5, 0.2]), ["x"])["x"]
    assert g.midpoint[0] - g.bound[0] <= 0
    assert g.midpoint[0] + g.bound[0] >= 3
    assert g.midpoint[1] == g.bound[1] == 0


def test_where_the_gradient_of_a_quotient_may_overflow_on_the_way_it_is_not_decided():
    """x/y/y is beyond float16 where cotangent times x/y, divided by y, is not."""
    g = gradient(lambda x, y: x / y, over(float16, x=[3.0], y=[1e-3]), ["y"], (Rounded.of([2.0**-10], float16),))["y"]
    assert np.isfinite(g.midpoint).all()
    assert g.bound == np.inf
