"""The bounds hold where the first rules did not: each test is a way in which honest arithmetic once broke them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.scenarios.carry import over_bounds
from reference.catalogue import CATALOGUE
from reference.functions import either, erf, settled
from reference.number_systems.balls import Balls
from reference.number_systems.rounded import Rounded
from reference.number_systems.rounded.format import FORMATS, bfloat16, float16, float32, float64
from reference.number_systems.table import UnsupportedOperation
from reference.number_systems.tape import gradient
from reference.number_systems.verdict import Verdict, undecided_branches
from reference.optimizers.averages import average
from tests.fuzz import OPERATIONS, Expression, batch, judged
from tests.machine import Habits, Machine
from tests.speed import adam, peak

flushing = replace(float32, flushes="both")
TINY = float32.smallest


def f32(*x, fmt=float32):
    return Rounded.of(np.array(x, dtype=float), fmt)


def allows(result, computed):
    """Whether an honest machine may give these numbers."""
    gap = np.abs(np.asarray(computed, dtype=float) - result.midpoint)
    return np.where(np.isfinite(computed), gap <= result.bound, np.isinf(result.bound))


# Where the first rules were unsound ------------------------------------------------------------------


def test_products_inside_a_sum_may_underflow():
    assert allows(np.dot(f32(2.0**-83), f32(2.0**-67)), 0.0)
    assert allows(np.dot(f32(2.0**-80), f32(2.0**-80)), 0.0), (
        "not even the exact lattice helps below the smallest normal"
    )


def test_a_partial_sum_may_overflow():
    assert allows(np.sum(f32(2.0**127, 2.0**127, -(2.0**127))), np.inf)
    assert np.sum(f32(2.0**126, 2.0**126, -(2.0**126))).bound == 0, "where every partial sum fits, the sum is exact"


def test_a_mean_is_never_exact_but_a_plain_sum_is():
    x = f32(0.0, 3.0, -2.0, -1.0, 0.0)
    assert np.sum(x).bound == 0
    assert allows(np.mean(x), -1.4e-8)
    welford = np.float32(0)
    for k, number in enumerate(np.float32([-8, 44, -37]), start=1):
        welford += (number - welford) / np.float32(k)
    assert allows(np.mean(f32(-8.0, 44.0, -37.0)), float(welford))
    scaled = sum(np.float32(number) / np.float32(3) for number in (-1, 63, -62))
    assert allows(np.mean(f32(-1.0, 63.0, -62.0)), float(scaled))


def test_an_infinite_error_survives_a_zero():
    product = np.einsum("i,i->", np.exp(f32(199.0)), f32(0.0))
    assert np.isinf(product.bound)
    assert np.isinf((np.exp(f32(199.0)) * f32(0.0)).bound)


def test_no_bound_is_ever_nan_even_if_two_forms_overflow():
    apart = either(lambda x: np.exp(x) - np.exp(x), lambda x: np.exp(x) * 0)
    assert np.isinf(apart(f32(199.0)).bound)


def test_results_may_be_flushed_and_operands_too():
    assert allows(np.sum(f32(1.5 * TINY, -TINY, fmt=flushing)), 0.0)
    assert allows(
        f32(1e-40 // 2.0**-149 * 2.0**-149, fmt=flushing) * f32(float32.quantize(np.array(1e38)), fmt=flushing), 0.0
    )
    unflushed = f32(2.0**-133) * f32(2.0**126)
    assert not allows(unflushed, 0.0), "only a flushing machine takes a subnormal operand for zero"


def test_a_chain_of_plus_and_minus_is_one_sum_in_any_order():
    a, b, c = f32(1.0), f32(2.0**-25), f32(-1.0)
    assert allows((a + b) + c, 0.0)
    assert allows((a + c) + b, 0.0)


def test_a_settled_sum_enters_the_next_as_one_term():
    a, b, c = f32(1.0), f32(-1.0), f32(2.0**-25)
    assert not allows(settled(a + b) + c, 0.0)


def test_the_shifted_logarithm_of_softmax_has_one_order():
    x = f32(4000.0, 4000.5, 3999.25)
    largest = np.max(x)
    log_sum = np.log(np.sum(np.exp(x - largest)))
    right = settled(x - largest) - log_sum
    careless = np.float32(x.midpoint) - (np.float32(4000.5) + np.float32(log_sum.midpoint))
    assert not allows(right, careless).all()
    assert allows((x - largest) - log_sum, careless).all(), "with any order allowed the bug would pass"


def test_an_average_may_be_a_lerp():
    v, g, beta2 = np.float32(1.0), np.float32(1e-3), 1e-3
    square = np.float32(g * g)
    lerp = v + np.float32(1 - beta2) * (square - v)
    bounded = average(Rounded.scalar(beta2, float32), f32(float(v)), f32(float(g)) ** 2)
    assert allows(bounded, float(lerp))
    assert not allows(
        Rounded.scalar(beta2, float32) * f32(1.0) + (1 - Rounded.scalar(beta2, float32)) * f32(float(g)) ** 2,
        float(lerp),
    )


def test_a_branch_on_uncertain_numbers_covers_both_sides():
    a = f32(1 + 2.0**-12)
    with undecided_branches() as counts:
        branch = np.where(a * a > f32(1 + 2.0**-11), 1, 0)
    assert allows(branch, 0.0)
    assert allows(branch, 1.0)
    assert sum(counts) == 1


@pytest.mark.parametrize("n", [3, 4, 8, 16])
def test_an_integer_power_may_be_repeated_products(n):
    x = np.float32(1.2345679)
    product = x
    for _ in range(n - 1):
        product = np.float32(product * x)
    assert allows(f32(float(x)) ** n, float(product))


def test_the_power_of_an_uncertain_zero_is_finite():
    near_zero = f32(1.0) * f32(1e-7 // 2.0**-40 * 2.0**-40) - f32(1e-7 // 2.0**-40 * 2.0**-40)
    assert np.isfinite((near_zero**2).bound)
    assert (near_zero**2).bound <= 4 * near_zero.bound**2 + float32.floor * 4
    assert (near_zero**1).bound == near_zero.bound
    assert (near_zero**0).bound == 0


def test_a_count_in_an_exponent_is_a_library_power_on_the_host():
    correction = 1 - Rounded.scalar(0.999, float32) ** 10_000
    assert correction.bound < 20 * 2.0**-53
    assert correction.host


def test_a_reciprocal_power_may_vanish_on_the_way():
    halfway = f32(float32.quantize(np.array(2.0**-63.25)))
    assert allows(halfway**-2, np.inf), "the square of the base underflows, though the result would fit"


def test_a_scalar_that_is_subnormal_in_the_dtype_is_charged_absolutely():
    product = f32(float32.quantize(np.array(1e30))) * Rounded.scalar(1e-40, float32)
    assert allows(product, float32.quantize(np.array(1e30)) * 0.0)


def test_a_verdict_says_what_it_could_resolve():
    cancelled = (f32(1.0) / f32(3.0)) * f32(3.0) - f32(1.0)
    assert cancelled.decided, "the terms of a sum are what was computed, not their difference"
    assert not settled(cancelled).decided, "on its own, the difference is smaller than its bound"
    assert np.sum(f32(1.0, -1.0)).decided, "a bound of 0 always decides"


def test_float16_does_not_flush_but_the_other_formats_do():
    assert float16.floor == 2.0**-25
    assert {f.name: f.floor == f.smallest for f in (float32, float64, bfloat16)} == dict.fromkeys(
        ("float32", "float64", "bfloat16"), True
    )


# What an adversary found later -----------------------------------------------------------------------------


def f16(*x):
    return Rounded.of(float16.quantize(np.array(x, dtype=float)), float16)


def bf16(*x):
    return Rounded.of(bfloat16.quantize(np.array(x, dtype=float)), bfloat16)


def test_the_room_for_an_exact_sum_is_measured_with_a_rounded_mass():
    assert np.sum(Rounded.of([1.0, 1.0, 1 + 2.0**-51, 1.0], float64)).bound > 0
    assert np.sum(Rounded.of([2.0**53, 1.0], float64)).bound >= 1
    assert np.dot(Rounded.of([2.0**53, 1.0], float64), Rounded.of([1.0, 1.0], float64)).bound >= 1
    assert np.sum(Rounded.of([2.0**24 - 1, 1.0], float32)).bound == 0


def test_a_scalar_below_float16s_grain_may_be_lost():
    assert allows(f16(0.0) + 1e-8, 0.0)
    assert allows(f16(0.0) + 2.9e-8 + 2.9e-8, 0.0)
    assert allows(np.sqrt(f16(0.0) + 1e-8), 0.0)


def test_each_stored_sum_within_a_sum_may_be_lost_near_zero():
    rows = f16(*[2.0**-12] * 64).reshape(32, 2) @ f16(1.9 * 2.0**-14, 0.0).reshape(2, 1)
    assert allows(np.sum(rows), 0.0)


def test_a_scalar_that_is_chosen_is_stored_in_the_format():
    tenth = float(bfloat16.quantize(np.array(0.1)))
    assert allows(np.clip(bf16(0.5, -1.0), -0.1, 0.1), [tenth, -tenth]).all()
    assert allows(np.where(np.array([True, False]), bf16(1.0, 1.0), 0.1), [1.0, tenth]).all()
    assert allows(np.concatenate([bf16(1.0), np.array([0.1])]), [1.0, tenth]).all()
    assert allows(np.maximum(f16(1.0), 1e9), np.inf)


def test_a_chain_that_may_overflow_both_ways_may_be_nan():
    a, b, c, d = (f32(float(float32.quantize(np.array(x)))) for x in (3e38, 3e38, -3.4e38, -2e38))
    both = a + b + c + d
    assert np.isinf((1 / both).bound)
    assert np.isinf(np.tanh(both).bound)


def test_a_scattered_sum_may_overflow_in_some_places_only():
    places = f32(2.0**127, 1.0, 1.0).scattered(np.array([0, 1, 1]), 2)
    total = places + f32(2.0**127, 1.0)
    assert np.isinf(total.bound[0])
    assert total.bound[1] == 0


def test_nothing_and_a_scalar_are_stored_too():
    assert allows(np.sum(Rounded.of([], bfloat16)) + 0.1, float(bfloat16.quantize(np.array(0.1))))
    empty = f32(1.0, 1.0, 1.0).scattered(np.array([-1, 1, 1]), 2)
    assert allows(f32(2.0**-133, 1.0) + empty, [0.0, 3.0]).all()


def test_an_inner_freedom_tells_the_outer_one_that_differences_of_bounds_mean_nothing():
    inner, far = either(lambda s: np.sin(s)), 2.0**20
    lost = lambda a: settled(settled(settled(a + far) - far) - a)  # noqa: E731
    outer = either(lambda a: a * 1.0, lambda a: a + inner(lost(a) * 2.0**30))
    assert outer(f32(float(np.float32(np.pi))) * f32(float(np.float32(1.1)))).bound > 1


def test_nested_gradients_through_a_scatter_are_never_nan():
    f = lambda x: 1 / (x.scattered(np.array([0, 1, -1]), 3) - 1.0)  # noqa: E731
    assert not np.isnan(gradient(f, {"x": f32(1.0, 2.0, 3.0)}, ["x"])["x"].bound).any()


def test_an_exponent_of_large_error_is_not_lost_in_the_ones_of_expm1():
    uncertain = np.where(f32(1.0) / 3 * 3 >= 1, f32(-67.0), f32(213.0))
    assert np.isinf(np.expm1(uncertain).bound)
    assert np.isinf(np.exp(uncertain).bound)


def test_a_constant_that_is_no_number_has_no_bound():
    assert np.isinf(np.maximum(Rounded.of([0.75], float64), np.nan).bound)
    assert np.clip(Rounded.of([0.75], float64), None, 0.5).midpoint == 0.5
    assert (Rounded.of([0.0], float64) + (2**53 + 1)).bound >= 1


# What else the rules promise ----------------------------------------------------------------------------


def test_naive_variance_stays_outside_the_bound_of_batch_norm():
    x = float32.quantize(1000 + np.random.default_rng(0).normal(size=(32, 1)))
    single = np.float32(x)
    eps, mean = np.float32(1e-5), single.mean(axis=0)
    naive = (single - mean) / np.sqrt((single * single).mean(axis=0) - mean * mean + eps)
    two_pass = (single - mean) / np.sqrt(((single - mean) ** 2).mean(axis=0) + eps)
    ones, zeros = f32(1.0), f32(0.0)
    result = CATALOGUE["batch_norm"](Rounded.of(x[:, :, None], float32), ones, zeros, eps=Rounded.scalar(1e-5, float32))
    assert not allows(result, naive[:, :, None]).all()
    assert allows(result, two_pass[:, :, None]).all()


def test_integer_convolutions_must_be_exact_to_the_bit():
    generator = np.random.default_rng(1)
    x, w = (generator.integers(-8, 9, size=(4, 4)).astype(float) for _ in range(2))
    assert (Rounded.of(x, float32) @ Rounded.of(w, float32)).bound.max() == 0
    thirds = float32.quantize(w / 3)
    assert (Rounded.of(x, float32) @ Rounded.of(thirds, float32)).bound.min() > 0


def test_a_narrow_sum_accumulates_in_its_accumulator_and_rounds_once():
    x = Rounded.of(bfloat16.quantize(np.linspace(1, 2, 64)), bfloat16)
    total = np.sum(x)
    assert total.bound / total.midpoint < 1.1 * bfloat16.unit
    chain = x[0]
    for k in range(1, 64):
        chain = chain + x[k]
    assert chain.bound / chain.midpoint > 40 * bfloat16.unit, "additions that are stored one by one round one by one"


def test_the_kernel_bound_of_a_narrow_format_rounds_once_at_the_end():
    x = bfloat16.quantize(np.array([0.3, 1.7, -2.2]))
    operations = np.tanh(Rounded.of(x, bfloat16)) * Rounded.of(x, bfloat16)
    kernel = (np.tanh(Rounded.of(x, bfloat16.kernel)) * Rounded.of(x, bfloat16.kernel)).stored(bfloat16)
    assert (kernel.bound < operations.bound).all()


def test_an_overflowing_divisor_gives_zero_not_anything():
    logistic = 1 / (1 + np.exp(f32(200.0)))
    assert logistic.bound < 2 * TINY


def test_inputs_must_be_numbers_of_the_format():
    with pytest.raises(ValueError, match="0.1.* is not a float32 number"):
        Rounded.of(np.array([0.1]), float32)


def test_arrays_of_two_formats_do_not_meet_silently():
    with pytest.raises(UnsupportedOperation, match="bfloat16 and float32"):
        f32(1.0) + Rounded.of(np.array([1.0]), bfloat16)


def test_python_refuses_to_branch_on_an_undecided_comparison():
    a = f32(1 + 2.0**-12)
    undecided = a * a > f32(1 + 2.0**-11)
    assert isinstance(undecided, Verdict)
    with pytest.raises(UnsupportedOperation, match=r"np\.where"):
        bool(undecided)


def test_bfloat16_takes_the_nearest_number_and_at_a_tie_the_even_one():
    generator = np.random.default_rng(2)
    exponents = generator.integers(-120, 120, 20_000)
    exact = np.ldexp(generator.integers(128, 256, 20_000) / 128.0, exponents)
    spacing = np.ldexp(2.0**-7, exponents)
    even = (np.ldexp(exact, 7 - exponents) % 2) == 0
    assert np.array_equal(bfloat16.quantize(exact), exact)
    tie = bfloat16.quantize(exact + spacing / 2)
    assert np.array_equal(tie, np.where(even, exact, exact + spacing))
    assert np.array_equal(bfloat16.quantize(exact + spacing / 2 * (1 + 2.0**-40)), exact + spacing), (
        "not twice, over float32"
    )
    assert np.array_equal(bfloat16.quantize(exact + spacing / 2 * (1 - 2.0**-40)), exact)


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
