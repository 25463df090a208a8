"""A bound that allows everything is worth nothing: what is wrong, undecided or of another format lies outside."""

import numpy as np
import pytest

from reference.catalogue import CATALOGUE
from reference.number_systems.rounded import Rounded
from reference.number_systems.rounded.format import bfloat16, float32, float64
from reference.number_systems.table import UnsupportedOperation
from reference.number_systems.verdict import Verdict
from tests.rounded_numbers import TINY, allows, f32


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


@pytest.mark.parametrize("fmt", [float64, float32, bfloat16], ids=lambda f: f.name)
def test_what_is_clamped_after_the_logarithm_of_zero_is_known(fmt):
    nothing = np.log(Rounded.of(np.array([0.0]), fmt))
    assert nothing.midpoint == -np.inf
    for clamped in (np.maximum(nothing, -100), -np.minimum(-nothing, 100)):
        assert clamped.midpoint == -100
        assert clamped.bound == 0
    assert np.isinf(np.minimum(nothing, -100).bound), "the other way it is infinite still"


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
