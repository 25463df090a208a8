"""What counts is how soon a wrong implementation is known for wrong; a fixed sample of those that were planted."""

import pytest

from benchmarks.ways import PEERS, elementwise, first
from tests import planted
from tests.harness import cases
from tests.power import ours

planted.load()
BUGS = [e for e in planted.PLANTED.values() if e.equation in elementwise() and not e.random][::8]
PATIENCE = 5.0  # seconds that a peer has, shrinking apart


@pytest.mark.parametrize("way", ["gaugeblock", *PEERS])
@pytest.mark.parametrize("bug", BUGS, ids=lambda e: e.name)
def test_seconds_to_the_first_counterexample(benchmark, bug, way):
    case = cases(bug, dtypes=("float32",))[0]

    def search():
        if way in PEERS:
            return first(case, way, PATIENCE)
        found = ours.tried(bug)
        return found.seconds if found.caught else None

    benchmark.group = bug.name
    benchmark.extra_info |= {"way": way, "first": benchmark.pedantic(search, rounds=1)}
