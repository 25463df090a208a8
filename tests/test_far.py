"""What chance seldom meets is wished for by name, and every wish that can be granted is."""

import pytest

from conformance.scenarios.far import EPOCHS, far_out
from conformance.scenarios.shared import scenarios
from reference.catalogue import CATALOGUE


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
