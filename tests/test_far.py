"""What chance seldom meets is wished for by name, and every wish that can be granted is."""

import numpy as np
import pytest

from conformance.scenarios.draw import draw
from conformance.scenarios.far import EPOCHS, far_out
from conformance.scenarios.shared import scenarios
from conformance.scenarios.steps import has_steps
from reference.catalogue import CATALOGUE
from reference.number_systems.rounded.format import FORMATS


def sizes_of(name, dtype="float32", effort="standard"):
    return [s.sizes for s in scenarios(name, dtype, effort, 0)]


@pytest.mark.parametrize("axis", ["N", "D"])
def test_each_size_goes_beyond_vectors_blocks_and_pages_alone(axis):
    found = {s[axis] for s in sizes_of("layer_norm")}
    assert {9, 17, 33, 769, 4097} <= found


def test_where_work_is_square_a_size_stops_at_a_few_vectors():
    assert max(max(s.values()) for s in sizes_of("causal_attention") if s) <= 257


def test_one_long_line_of_errors_has_65537_of_them():
    assert 65_537 in {s["N"] for s in sizes_of("mse") if s}
    assert 65_537 not in {s["N"] for s in sizes_of("mse", "float64") if s}


@pytest.mark.parametrize(("name", "number", "end"), [("momentum", "momentum", 0.0), ("adamw", "weight_decay", 0.0)])
def test_a_number_is_seen_at_its_end_whatever_the_seed(name, number, end):
    for seed in range(3):
        assert end in {s.values[number] for s in scenarios(name, "float32", "standard", seed)}


def test_counts_pass_the_words_that_hold_them():
    counts = {s.values["t"] for s in scenarios("adam", "float64", "standard", 0)}
    assert {2**24 + 1, 2**31} <= counts


def test_at_an_odd_count_beyond_a_float_one_step_more_still_shows():
    adam = CATALOGUE["adam"]
    wishes = [wish for _, wish in far_out(adam, "float64", "standard", 0) if wish.lasting]
    assert {wish.numbers["t"] for wish in wishes} == {2**24 + 1, 2**31 + 1}
    for wish in wishes:
        for seed in range(10):
            values = draw(adam.domain, np.random.default_rng(seed), FORMATS["float64"], wish).values
            assert all(0.01 < values[beta] ** values["t"] < 0.99 for beta in ("beta1", "beta2"))


@pytest.mark.parametrize("seed", range(10))
def test_after_a_thousand_epochs_the_rate_is_still_falling(seed):
    gammas = [s.values["gamma"] for s in scenarios("exponential_decay", "float32", "standard", seed)
              if s.values["epoch"] == 1001]  # fmt: skip
    assert any(0.01 < gamma**1001 < 0.99 for gamma in gammas)


@pytest.mark.parametrize("seed", range(10))
def test_the_last_of_a_long_row_can_not_be_left_out_unseen(seed):
    rows = [s.values["x"] for s in scenarios("layer_norm", "float32", "standard", seed) if s.sizes["D"] == 4097]
    for x in rows:
        assert (abs(x[:, -1]) > 8 * abs(x[:, :-1]).max()).all()
        assert (x != 0).all()
    assert rows


@pytest.mark.parametrize("seed", range(10))
def test_whatever_the_seed_two_actions_are_equally_good(seed):
    found = [s.values for s in scenarios("q_target", "float32", "standard", seed)]
    alike = [(v["q"] == v["q"].max(axis=1, keepdims=True)).sum(axis=1) > 1 for v in found]
    assert any((a & (v["q"].max(axis=1) != 0) & (v["ended"] == 0)).any() for a, v in zip(alike, found, strict=True))


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
def test_whatever_the_seed_all_lengths_lie_below_every_floor(dtype):
    for seed in range(10):
        found = [s.values for s in scenarios("simclr_loss", dtype, "standard", seed) if "minute" in s.regions]
        assert all(0 < np.linalg.norm(v[name], axis=1).max() < 1e-12 for v in found for name in "ab")
        assert found


def test_where_a_format_holds_no_squares_of_the_minute_there_is_none():
    assert not [s for s in scenarios("simclr_loss", "float16", "standard", 0) if "minute" in s.regions]


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
def test_on_both_sides_of_a_step_sums_lie_next_to_it(dtype):
    near = FORMATS[dtype].smallest * 2**20
    for seed in range(10):
        found = [s.values for s in scenarios("perceptron", dtype, "standard", seed) if "brink" in s.regions]
        sums = np.concatenate([v["x"] @ v["w"] + v["b"] for v in found])
        assert ((sums > 0) & (sums < near)).any()
        assert ((sums < 0) & (sums > -near)).any()


def test_an_equation_has_a_step_where_a_little_more_gives_the_same():
    assert {name for name in CATALOGUE if has_steps(name)} >= {"perceptron", "predicted_class", "step"}
    assert not has_steps("relu")
    assert not has_steps("adam")


def test_an_epoch_lies_far_out_and_on_the_border_of_its_period():
    found = [(s.values["epoch"], s.values["size"]) for s in scenarios("step_decay", "float32", "standard", 0)]
    assert {(e, e) for e in EPOCHS} | {(e, 1) for e in EPOCHS} <= set(found)


def test_lanes_of_one_call_fill_more_than_a_page():
    assert {4097, 20_000} <= {s.lanes for s in scenarios("adam", "float32", "standard", 0)}
    assert max(s.lanes for s in scenarios("adam", "float64", "standard", 0)) == 4097


def test_probabilities_sum_to_one_exactly_and_some_are_rare():
    rare = False
    for dtype in ("float64", "bfloat16"):
        for seed in range(6):
            for s in scenarios("cross_entropy", dtype, "standard", seed):
                y = s.values["y"]
                assert (y.sum(axis=-1) == 1).all()
                rare |= bool(((y > 0) & (y < 2.0**-6)).any())
    assert rare


def test_quick_effort_stays_small():
    names = [name for name, _ in far_out(CATALOGUE["layer_norm"], "float32", "quick", 0)]
    assert 0 < len(names) < 5
