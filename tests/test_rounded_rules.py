"""The bounds hold where the first rules did not: each test is a way in which honest arithmetic once broke them."""

from dataclasses import replace

import numpy as np
import pytest

from reference.functions import either, settled
from reference.number_systems.rounded import Rounded
from reference.number_systems.rounded.format import bfloat16, float16, float32, float64
from reference.number_systems.verdict import undecided_branches
from reference.optimizers.averages import average
from tests.rounded_numbers import TINY, allows, f32

flushing = replace(float32, flushes="both")


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


def test_a_formula_s_zero_keeps_its_sign_however_often_it_is_met():
    two = Rounded.of(np.array([2.0]), float32)
    for _ in range(2):
        assert np.signbit((two * -0.0).midpoint).all()
        assert not np.signbit((two * 0.0).midpoint).any()
