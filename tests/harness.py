"""A property is run on an implementation without pytest's own machinery, so that hundreds are judged in a minute."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import conformance
from conformance.adapters.contract import Claim
from conformance.calling.loading import assembled
from conformance.evidence import Evidence
from conformance.judging.expected import _group
from conformance.plan import Case, Choice, whole
from tests.planted import head

FOLDER = Path(conformance.__file__).parent


def properties():
    """The suite's properties by name."""
    names = sorted(m.name for m in iter_modules([str(FOLDER)]) if m.name.startswith("test_"))
    modules = [import_module(f"conformance.{name}") for name in names]
    return {test_of(module).__name__.removeprefix("test_"): module for module in modules}


def test_of(module):
    return next(f for n, f in vars(module).items() if n.startswith("test_") and f.__module__ == module.__name__)


def adapter(entry):
    """An adapter with the entry's claim alone."""
    claim = Claim(entry.equation, entry.function, tuple(entry.modes), entry.random)
    return assembled("planted", head(entry), [claim], [])


def cases(entry, *, dtypes=(), effort="standard", seed=0, modes=()):
    """The cases of one implementation."""
    made = adapter(entry)
    choice = Choice(framework="planted", effort=effort, seed=seed)
    cells = [c for c in whole(made) if not dtypes or c.dtype in (*dtypes, "exact")]
    return [Case(c, made, choice, Evidence()) for c in cells if not modes or c.mode in modes]


def judge(case, module):
    """The evidence of one property about one case, or None where it does not apply."""
    if not getattr(module, "applies", lambda _: True)(case):
        return None
    case = replace(case, evidence=Evidence(), property_name=test_of(module).__name__.removeprefix("test_"))
    with suppress(pytest.fail.Exception, pytest.skip.Exception, pytest.xfail.Exception):
        test_of(module)(case)
    return case.evidence


def caught(entry, name, **wishes):
    """The first evidence by which a property catches an implementation; None where it passes all cases."""
    module = properties()[name]
    for case in cases(entry, **wishes):
        found = judge(case, module)
        if found is not None and found.outcome in ("failed", "raised", "adapter"):
            return found
    _group.cache_clear()
    return None
