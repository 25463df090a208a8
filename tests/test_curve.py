"""The worst strain over the size of the input: each strain lies in the bucket of its own lane's size."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.evidence import Evidence
from conformance.judging.curve import BUCKETS, LEAST, TABLE, drawn_curve, tidied
from conformance.judging.expected import Expected
from conformance.judging.strain import Strains
from conformance.scenarios.draw import Scenario


def strained(strain):
    return Strains(np.asarray(strain, dtype=float), np.ones(np.shape(strain), dtype=bool))


def curve_of(equation, values, *strains, layout="contiguous"):
    evidence = Evidence()
    what = Expected(equation, Scenario({k: np.asarray(v, dtype=float) for k, v in values.items()}), None)
    for _ in range(2):  # what is kept of the first look serves the second
        drawn_curve(evidence, what, layout, [strained(s) for s in strains])
    return tidied(evidence.curve)


def test_there_are_at_most_forty_buckets_and_every_exponent_is_within_its_own():
    assert len(BUCKETS) <= 40
    for exponent in range(LEAST, 1025):
        bucket = BUCKETS[TABLE[exponent - LEAST]]
        assert abs(bucket) >= min(abs(exponent), 1024)
        assert abs(bucket) <= max(12, 2 * abs(exponent))
        assert bucket == exponent or abs(exponent) > 12


sizes = st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=30)


@settings(deadline=None)
@given(sizes, st.data())
def test_each_lane_counts_in_the_bucket_of_its_largest_number(x, data):
    other = data.draw(st.lists(st.floats(-1, 1), min_size=len(x), max_size=len(x)))
    strain = data.draw(st.lists(st.floats(0, 8), min_size=len(x), max_size=len(x)))
    wanted = {}
    for a, b, s in zip(x, other, strain, strict=True):
        if size := max(abs(a), abs(b)):
            key = str(BUCKETS[TABLE[np.frexp(size)[1] - 1 - LEAST]])
            wanted[key] = max(wanted.get(key, 0.0), s)
    assert curve_of("adam", {"w": x, "g": other}, strain) == tidied(wanted)
    halves = [np.asarray(strain) / 2, strain]
    assert curve_of("adam", {"w": x, "g": other}, *halves) == tidied(wanted), "of several outputs the worst counts"


def test_where_lanes_are_no_scenarios_the_whole_counts_by_its_largest_number():
    assert curve_of("softmax", {"x": [0.5, -5.0]}, [0.1, 0.9]) == {"2": 0.9}
    assert curve_of("adam", {"w": [1.0, 2.0]}, [[0.3]]) == {"1": 0.3}, "nor where the shapes are others"


def test_what_has_no_size_has_no_bucket():
    assert curve_of("softmax", {"x": [0.0, 0.0]}, [0.5]) == {}
    assert curve_of("adam", {"w": [np.inf, np.nan, 0.0, 1.0]}, [0.1, 0.2, 0.3, 0.4]) == {"0": 0.4}


def test_in_another_layout_only_a_failure_counts_and_it_never_falls_back_to_the_bound():
    assert curve_of("adam", {"w": [1.0, 2.0]}, [0.5, 1.0], layout="sliced") == {}
    assert curve_of("adam", {"w": [1.0, 2.0]}, [0.5, 1.00001], layout="sliced") == {"0": 0.5, "1": 1.00001}
    assert curve_of("adam", {"w": [1.0, 2.0]}, [np.inf, 0.123456]) == {"0": np.inf, "1": 0.1235}
