"""A fixed sample of what `python -m tests.power` tries in full: each property catches what was planted for it."""

import pytest

from tests import planted
from tests.harness import cases, caught, judge, properties

planted.load()
FIRST = {}  # for each property the planted bugs that stand for it in the sample
for entry in planted.PLANTED.values():
    FIRST.setdefault(entry.caught_by, []).append(entry)
SAMPLE = [entry for entries in FIRST.values() for entry in entries[:: max(1, len(entries) // 6)][:8]]
ONE = [entries[0] for entries in FIRST.values()]


@pytest.mark.parametrize("entry", SAMPLE, ids=lambda e: e.name)
def test_a_planted_bug_is_caught_by_the_property_that_it_was_planted_for(entry):
    found = caught(entry, entry.caught_by, **_wishes(entry))
    assert found is not None, f"{entry.name}: {entry.region}"


@pytest.mark.parametrize("entry", list(planted.HONEST.values())[::3], ids=lambda e: e.name)
def test_another_honest_form_passes_every_property(entry):
    for case in cases(entry, dtypes=("float32",), effort="quick" if entry.over == "torch" else "standard"):
        for name, module in properties().items():
            found = judge(case, module)
            assert found is None or found.outcome in ("passed", "undecided", "not offered"), (name, found.message)


def test_every_property_has_a_planted_bug():
    assert set(properties()) - {"smoke"} <= {entry.caught_by for entry in planted.PLANTED.values()}


def _wishes(entry):
    return {} if entry.over == "numpy" else dict(dtypes=("float32",), modes=("eager",) if not entry.modes else ())
