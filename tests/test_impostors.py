"""A form of an equation that poses as another of them is known for what it is, and a misprint is caught."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

from conformance.calling.computing import parts
from conformance.judging.expected import BASE, forms
from conformance.verdict.dialects import spoken_forms, told_apart
from reference.catalogue import CATALOGUE
from tests.harness import cases, judge, properties
from tests.planted import Planted
from tests.power.ours import CAUGHT

STATED = [entry for entry in CATALOGUE.values() if entry.certified_by == "value"]
FORMS = [(entry.name, form) for entry in STATED if entry.dialects for form in forms(entry)]
MISPRINTS = [(entry.name, name) for entry in STATED for name in entry.misprints]


def posing(name, function):
    """An implementation of an equation that computes something else under its name."""

    def posed(*arrays, **options):
        return function(*arrays, **{n: np.float64(v) if isinstance(v, float) else v for n, v in options.items()})

    return Planted(f"{name}: posing", name, posed, "the catalogue", "everywhere", "value")


def told_by_limits(name, one, other):
    """Whether a row of IEEE values differs in two forms of an equation."""
    for row in CATALOGUE[name].limits:
        with suppress(ValueError, IndexError), np.errstate(all="ignore"):
            values = {n: np.array(v, dtype=float) if isinstance(v, list) else v for n, v in row.given.items()}
            results = [parts(forms(CATALOGUE[name])[form](**values)) for form in (one, other)]
            if not all(np.array_equal(a, b, equal_nan=True) for a, b in zip(*results, strict=True)):
                return True
    return False


@pytest.mark.parametrize(("name", "form"), FORMS, ids=lambda text: text.replace(" ", "-"))
def test_a_form_under_the_name_of_another_is_told_from_all_others(name, form):
    others = dict.fromkeys(forms(CATALOGUE[name]))
    del others[form]
    for case in cases(posing(name, forms(CATALOGUE[name])[form]))[::-1]:  # first those of the narrower dtype
        found = judge(case, properties()["value"])
        assert found.outcome == "passed", found.message
        told = told_apart(case, form)
        left = {other for other in others if not told[other] or other in spoken_forms(case)}
        assert found.dialect["spoken"] == form or found.dialect["spoken"] in left
        others = {other for other in others if other in left}
        if not others:
            return
    assert not [other for other in others if not told_by_limits(name, form, other)]


def test_a_loss_that_is_not_reduced_is_a_dialect_in_every_property():
    def gradient(f, inputs, options, wrt, cotangents):
        slope = 2 * (inputs["prediction"] - inputs["target"]) * cotangents[0]
        return [slope if name == "prediction" else -slope for name in wrt]

    unreduced = replace(posing("mse", forms(CATALOGUE["mse"])["none"]), gradient=gradient)
    for case in cases(unreduced):
        found = {name: judge(case, module) for name, module in properties().items()}
        assert {e.outcome for e in found.values() if e is not None} <= {"passed", "not offered"}, found
        assert found["value"].dialect["spoken"] == "none"


@pytest.mark.parametrize(("name", "misprint"), MISPRINTS, ids=lambda text: text.replace(" ", "-"))
def test_what_somebody_misprinted_is_caught(name, misprint):
    case = cases(posing(name, CATALOGUE[name].misprints[misprint].function))[0]
    assert judge(case, properties()["value"]).outcome in CAUGHT


def test_the_equation_is_the_first_of_its_forms():
    assert all(next(iter(forms(entry))) == BASE for entry in STATED)
