"""The bounds hold where an adversary once found that honest arithmetic breaks them."""

import numpy as np

from reference.functions import either, settled
from reference.number_systems.rounded import Rounded
from reference.number_systems.rounded.format import bfloat16, float32, float64
from reference.number_systems.tape import gradient
from tests.rounded_numbers import allows, bf16, f16, f32


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
