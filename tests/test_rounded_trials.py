"""Genuine narrow arithmetic comes near to its bounds, one operation at a time, and never leaves them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.scenarios.carry import over_bounds
from reference.catalogue import CATALOGUE
from reference.functions import erf
from reference.number_systems.balls import Balls
from reference.number_systems.rounded import Rounded
from reference.number_systems.rounded.format import FORMATS, bfloat16, float16, float32, float64
from reference.optimizers.averages import average
from tests.fuzz import OPERATIONS, Expression, batch, judged
from tests.machine import Habits, Machine
from tests.speed import adam, peak

# Tight enough to be worth something: each operation alone ---------------------------------------------------

SINGLE = {
    "x + y": lambda x, y: x + y,
    "x - y": lambda x, y: x - y,
    "x + y + x": lambda x, y: x + y + x,
    "x * y": lambda x, y: x * y,
    "x / y": lambda x, y: x / y,
    "x * y + x": lambda x, y: x * y + x,
    "np.square": lambda x, y: np.square(x),
    "x**2": lambda x, y: x**2,
    "x**3": lambda x, y: x**3,
    "x**-1": lambda x, y: x**-1,
    "np.sqrt": lambda x, y: np.sqrt(np.abs(x)),
    "np.exp": lambda x, y: np.exp(x),
    "np.expm1": lambda x, y: np.expm1(x),
    "np.log": lambda x, y: np.log(np.abs(x)),
    "np.log1p": lambda x, y: np.log1p(np.abs(x)),
    "np.tanh": lambda x, y: np.tanh(x),
    "np.sin": lambda x, y: np.sin(x),
    "np.cos": lambda x, y: np.cos(x),
    "erf": lambda x, y: erf(x),
    "np.sum": lambda x, y: np.sum(np.stack([x, y, x * 0 + 1]), axis=0),
    "np.mean": lambda x, y: np.mean(np.stack([x, y]), axis=0),
    "np.einsum": lambda x, y: np.einsum("ij,ij->j", np.stack([x, y]), np.stack([y, y])),
    "0.1 * x": lambda x, y: 0.1 * x,
    "average": lambda x, y: average(0.9, x, y),
}


@pytest.mark.parametrize("fmt", [float32, bfloat16, float16], ids=lambda f: f.name)
@pytest.mark.parametrize("name", SINGLE)
def test_some_honest_machine_reaches_a_quarter_of_the_bound(name, fmt):
    f, worst = SINGLE[name], 0.0
    for seed in range(60):
        generator = np.random.default_rng(seed)
        habits = Habits(fmt, generator, fused=bool(seed % 2), flush_results=False, flush_operands=False)
        x, y = (fmt.quantize(generator.uniform(0.5, 4, 64) * generator.choice([-1, 1], 64)) for _ in range(2))
        bounded = f(Rounded.of(x, fmt), Rounded.of(y, fmt))
        with np.errstate(all="ignore"):
            computed = f(Machine(x, habits), Machine(y, habits)).value
        error = np.abs((f(Balls(x), Balls(y)) - computed).midpoints())
        worst = max(worst, float(np.max(np.where(bounded.bound > 0, error / np.maximum(bounded.bound, 1e-300), 0.0))))
    assert 0.25 <= worst <= 1, worst


def test_memory_grows_no_faster_than_the_inputs():
    entry = CATALOGUE["adam"]
    small, large = (over_bounds(entry.domain, adam(lanes), float32) for lanes in (10_000, 40_000))
    assert peak(lambda: entry(**large)) < 4.2 * peak(lambda: entry(**small))


# The whole, tried against genuine arithmetic ------------------------------------------------------------


@pytest.mark.parametrize("extreme", [False, True], ids=["ordinary", "extreme"])
@pytest.mark.parametrize("fmt", [float32, bfloat16, float16], ids=lambda f: f.name)
def test_no_honest_machine_leaves_the_bounds(fmt, extreme):
    tally = batch(1_000_000, 1500, fmt, extreme)
    assert not tally.outside, tally.outside[:3]


@st.composite
def expressions(draw):
    """Trees that Hypothesis can make smaller."""
    leaves = draw(st.integers(1, 3))
    steps = []
    for k in range(draw(st.integers(1, 6))):
        name = draw(st.sampled_from(sorted(OPERATIONS)))
        operands = tuple(draw(st.integers(0, leaves + k - 1)) for _ in range(OPERATIONS[name][0]))
        steps.append((name, operands, draw(st.sampled_from([2.0, 0.5, 0.1, -1.5, 0.999]))))
    return Expression(steps, leaves)


@settings(max_examples=400, deadline=None)
@given(expressions(), st.integers(0, 2**32), st.sampled_from([float32, bfloat16, float16]), st.booleans())
def test_no_expression_that_hypothesis_can_think_of_leaves_its_bound(expression, seed, fmt, extreme):
    tally = judged(seed, fmt, extreme, expression)
    assert not tally.outside, tally.outside


def test_the_carrier_of_double_precision_is_sound_too():
    tally = batch(2_000_000, 200, FORMATS["float64"], False)
    assert not tally.outside, tally.outside[:3]


def test_most_ordinary_expressions_are_decided():
    tally = batch(3_000_000, 600, float32, False)
    assert tally.decided / tally.lanes > 0.9


def test_the_error_of_a_tiny_divisor_is_not_lost_to_underflow():
    """The divisor is off by an ulp, which is 1e-136, and the quotient is 1e-190."""
    divisor = np.power(Rounded.of(np.array([1e-12]), float64), Rounded.scalar(10.0, float64))
    quotient = Rounded.of(np.array([-9.4562486044001e-310]), float64) / divisor
    share = divisor.bound / np.abs(divisor.midpoint)
    assert (quotient.bound >= share * np.abs(quotient.midpoint)).all()
