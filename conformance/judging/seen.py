"""One scenario, computed by the framework and judged against what is expected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from conformance.calling.computing import computed, fitting
from conformance.evidence import Evidence
from conformance.judging.expected import BASE, Expected
from conformance.judging.strain import Strains, strains
from conformance.plan import Case


def seen(case: Case, what: Expected, layout: str, form: str = BASE) -> tuple[list[Strains], tuple[np.ndarray, ...]]:
    """One scenario, computed and judged.

    Where it is accepted that a framework reads memory that nobody filled, what it does not give again with zeros there
    is that alone.
    """
    found, got = _once(case, what, layout, form)
    if any(s.worst > 1 for s in found) and any(w.sometimes for w in case.adapter.accepted(str(case), "determinism")):
        with case.adapter.zeroed(case.device):
            found, got = _once(case, what, layout, form)
    return found, got


def _once(case: Case, what: Expected, layout: str, form: str) -> tuple[list[Strains], tuple[np.ndarray, ...]]:
    got = computed(case, what.scenario.values, layout)
    want = what.outputs(form)
    fitting(got, want)
    return strained(what, form, got, want), got


def strained(what: Expected, form: str, got: Sequence[np.ndarray], want: Sequence[Any]) -> list[Strains]:
    """The strain of every number. Most modes and layouts give the same numbers, which are judged once."""
    key = f"strains of {form}"
    if key in what.found:
        known, found = what.found[key]
        if all(np.array_equal(g, k) for g, k in zip(got, known, strict=True)):
            return list(found)
    found = [strains(g, w) for g, w in zip(got, want, strict=True)]
    what.found[key] = ([g.copy() for g in got], found)  # for a framework may use the memory again
    return list(found)


def counted(evidence: Evidence, found: Strains) -> None:
    """What was judged, what was left undecided, and how the strains lie."""
    evidence.judged += int(found.strain.size)
    evidence.undecided += int(found.strain.size - found.decided.sum())
    evidence.histogram.update(found.histogram)
