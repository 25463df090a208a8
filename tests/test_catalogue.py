"""Each entry of the catalogue is whole: its table holds, its variants differ, its claims are proved and refuted."""

import inspect
import math
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import numpy as np
import pytest

import tests
from reference.catalogue import CATALOGUE, chapters
from reference.functions import Either
from reference.number_systems.symbols import Symbols
from tests.proofs import FORMS_PROVED, PROVED, equal, sample

LIMITS = [(e, limit) for e in CATALOGUE.values() for limit in e.limits]
VARIANTS = [(e, v) for e in CATALOGUE.values() for v in [*e.dialects.values(), *e.misprints.values()]]
REFUTED = [(e, claim) for e in CATALOGUE.values() for claim in e.claims if claim.outside is not None]


def results(made):
    return made if isinstance(made, tuple) else (made,)


def same(a, b):
    """Equal as IEEE values: NaN is NaN, and 0 is not -0."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return a.shape == b.shape and bool(
        np.all((np.isnan(a) & np.isnan(b)) | ((a == b) & (np.signbit(a) == np.signbit(b))))
    )


def differ(a, b):
    """Whether two results of plain numbers differ by far more than rounding could explain."""
    a, b = (np.concatenate([np.ravel(np.asarray(x, dtype=float)) for x in results(r)]) for r in (a, b))
    if a.shape != b.shape:
        return True
    gap = np.abs(a - b)
    return bool(np.any(~(gap <= 1e-9 * (np.abs(a) + np.abs(b)))))


@pytest.mark.parametrize(("entry", "limit"), LIMITS, ids=lambda x: getattr(x, "name", None) or x.sentence)
def test_the_table_of_limits_is_what_the_reference_gives(entry, limit):
    given = {k: np.asarray(v) if isinstance(v, float | list) else v for k, v in limit.given.items()}
    with np.errstate(all="ignore"):
        made = results(entry(**given))
    assert all(same(a, b) for a, b in zip(made, limit.gives, strict=True)), (made, limit.gives)


@pytest.mark.parametrize(("entry", "variant"), VARIANTS, ids=lambda x: x.name)
def test_the_telling_input_tells_the_variant_from_the_equation(entry, variant):
    with np.errstate(all="ignore"):
        assert differ(entry(**variant.telling), variant(**variant.telling))


@pytest.mark.parametrize(("entry", "claim"), REFUTED, ids=lambda x: getattr(x, "name", None) or x.sentence)
def test_the_claim_is_false_outside_its_precondition(entry, claim):
    with np.errstate(all="ignore"):
        left, right = claim(**claim.outside)
        assert differ(left, right), (left, right)


def read_all_proofs():
    """What is proved is known once every file of proofs is read."""
    for module in iter_modules([str(Path(tests.__file__).parent)]):
        if module.name.startswith("test_"):
            import_module(f"tests.{module.name}")


def test_every_claim_and_every_gradient_form_has_a_proof():
    read_all_proofs()
    needed = {(e.name, c.sentence) for e in CATALOGUE.values() for c in e.claims}
    needed |= {(e.name, f"gradient form for {f.wrt}") for e in CATALOGUE.values() for f in e.gradient_forms}
    assert not needed - PROVED, sorted(needed - PROVED)
    assert not PROVED - needed, sorted(PROVED - needed)


def freedoms():
    """Every `either` that a chapter declares."""
    found = {}
    for chapter in chapters():
        package = import_module(f"reference.{chapter}")
        for module in iter_modules(package.__path__):
            loaded = import_module(f"reference.{chapter}.{module.name}")
            found |= {id(v): (f"{module.name}.{k}", v) for k, v in vars(loaded).items() if isinstance(v, Either)}
    return list(found.values())


@pytest.mark.parametrize(("name", "freedom"), freedoms(), ids=lambda x: x if isinstance(x, str) else "")
def test_all_forms_of_a_declared_freedom_are_the_same_function(name, freedom):
    read_all_proofs()
    if id(freedom) in FORMS_PROVED:
        return
    symbols = [Symbols.named(p, positive=True) for p in inspect.signature(freedom.forms[0]).parameters]
    first, *rest = (form(*symbols) for form in freedom.forms)
    assert all(equal(other, first) for other in rest), name


def test_the_names_of_the_outputs_match_what_the_function_gives():
    for entry in CATALOGUE.values():
        arguments = sample(entry.domain, np.random.default_rng(0))
        with np.errstate(all="ignore"):
            assert len(results(entry(**arguments))) == len(entry.outputs), entry.name
    assert math.isfinite(len(CATALOGUE))
