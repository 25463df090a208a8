"""A counterexample is as small as the bug allows, wherever in the input it was."""

import numpy as np
import pytest

from conformance.counterexample.smaller import fewer, least_sizes, part, sizes_of
from reference.catalogue import CATALOGUE
from tests import planted
from tests.harness import caught

planted.load()
SMALLEST = {  # the elements of its largest array, and the steps of an optimizer
    "rmsprop: from the fifth weight on one memory is shared": (1, 2),
    "sparse_cross_entropy: the maximum is that of the first eight": (9, 1),
    "global_average_pooling: square images": (2, 1),
    "negative_log_likelihood: a product with a one-hot row": (2, 1),
}


@pytest.mark.parametrize("name", SMALLEST)
def test_a_counterexample_is_as_small_as_it_can_be(name):
    entry = planted.PLANTED[name]
    found = caught(entry, entry.caught_by, dtypes=("float32",)).counterexample
    arrays = [np.prod(v["shape"]) for v in found.get("values", {}).values() if isinstance(v, dict)]
    assert (found.get("elements", max(arrays, default=0)), found.get("steps", 1)) == SMALLEST[name]


def test_a_class_that_stays_keeps_its_examples():
    domain = CATALOGUE["sparse_cross_entropy"].domain
    name = next(n for n in domain if n in domain.real_arrays())
    labels = next(n for n in domain if n not in domain.real_arrays())
    values = {name: np.arange(10.0).reshape(2, 5), labels: np.array([4, 1])}
    size = sizes_of(domain, values)
    classes = domain.shapes()[name][1]
    kept = part(domain, values, size | {classes: 2}, {classes: np.array([1, 4])})
    assert kept[name].tolist() == [[1.0, 4.0], [6.0, 9.0]]
    assert kept[labels].tolist() == [1, 0]


def test_an_input_never_grows():
    domain = CATALOGUE["linear_map"].domain
    values = {"W": np.ones((2, 3)), "x": np.ones(3)}
    for name in domain.sizes:
        assert part(domain, values, sizes_of(domain, values) | {name: 4}, {}) is None


@pytest.mark.parametrize("now", [2, 3, 16, 17, 364])
def test_fewer_places_are_fewer_and_no_place_is_twice(now):
    for places in fewer(now, 1):
        assert 1 <= len(places) < now
        assert len(set(places.tolist())) == len(places)


def test_the_first_sizes_that_are_tried_are_the_least():
    domain = CATALOGUE["layer_norm"].domain
    assert next(least_sizes(domain)) == {name: low for name, (low, _) in domain.sizes.items()}


@pytest.mark.parametrize(
    ("bug", "name", "elements", "steps"),
    [
        ("sequential_rate: the second schedule goes on counting", "climb", 2, None),
        ("embedding_gradient: overwritten", "climb", 2, None),
        ("adam: a gradient of nothing but zeros is none", "trajectory", 1, 2),
        ("nesterov: what is read goes on moving", "state", 1, 2),
    ],
)
def test_what_shows_on_two_numbers_or_in_two_steps_is_shown_there(bug, name, elements, steps):
    found = caught(planted.PLANTED[bug], name, dtypes=("float64",))
    assert found.counterexample["elements"] <= elements
    assert found.counterexample.get("steps") == steps
