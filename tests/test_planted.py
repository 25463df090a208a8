"""A fixed sample of what `python -m tests.power` tries in full: each property catches what was planted for it."""

from dataclasses import replace

import pytest

from conformance.calling.loading import AdapterError
from reference.catalogue import CATALOGUE
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


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_what_is_accurate_in_norm_only_passes_with_a_letter_of_its_own(dtype):
    entry = planted.HONEST["convolution_1d: by Fourier transforms"]
    assert judge(cases(entry, dtypes=(dtype,))[0], properties()["value"]).letter == "N"
    unnamed = replace(entry, algorithm="")
    assert judge(cases(unnamed, dtypes=(dtype,))[0], properties()["value"]).outcome == "failed"
    with pytest.raises(AdapterError, match="bounds in norm for: fourier"):
        judge(cases(replace(entry, algorithm="winograd"), dtypes=(dtype,))[0], properties()["value"])


def test_every_bound_in_norm_has_a_right_form_that_keeps_it():
    declared = {(e.name, algorithm) for e in CATALOGUE.values() for algorithm in e.normwise}
    assert declared == {(e.equation, e.algorithm) for e in planted.HONEST.values() if e.algorithm}


def test_every_property_has_a_planted_bug():
    assert set(properties()) - {"smoke"} <= {entry.caught_by for entry in planted.PLANTED.values()}


ONLY = {  # one planted bug for each property that no other property sees
    "bad_input": "mse: a shorter target is repeated",
    "climb": "affine: small inputs of large weights are lost",
    "determinism": "affine: a second call adds to the bias",
    "dtypes": "rms_norm: float64 comes out",
    "exact": "linear_map: rounded towards zero",
    "gradient": "sparse_cross_entropy: the gradient is that of a sum",
    "limits": "relu: by a product with a comparison",
    "modes": "adagrad: foreach adds ε inside the root",
    "random": "dropout: unscaled",
    "state": "adam: one count for all weights",
    "trajectory": "adam: the second step counts as the first again",
    "value": "multi_head_attention: the scale is that of the whole width",
}


@pytest.mark.parametrize("name", sorted(properties().keys() - {"smoke"}))
def test_without_this_property_a_planted_bug_would_pass(name):
    entry = planted.PLANTED[ONLY[name]]
    wishes = _wishes(entry) | dict(dtypes=("float32",), seed=2)
    seen = {other for other in properties().keys() - {"smoke"} if caught(entry, other, **wishes) is not None}
    assert seen == {name}


@pytest.mark.parametrize("seed", range(10))
def test_where_arguments_are_of_very_unequal_scale_a_search_looks_whatever_its_seed(seed):
    entry = planted.PLANTED["affine: small inputs of large weights are lost"]
    assert caught(entry, "climb", dtypes=("float32",), seed=seed) is not None


def _wishes(entry):
    return {} if entry.over == "numpy" else dict(dtypes=("float64", "float32"), modes=() if entry.modes else ("eager",))
