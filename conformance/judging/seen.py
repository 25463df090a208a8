"""One scenario, computed by the framework and judged against what is expected."""

from __future__ import annotations

import numpy as np

from conformance.calling.computing import computed, fitting
from conformance.evidence import Evidence
from conformance.judging.expected import BASE, Expected
from conformance.judging.strain import Strains, histogram, strains
from conformance.plan import Case


def seen(case: Case, what: Expected, layout: str, form: str = BASE) -> tuple[list[Strains], tuple[np.ndarray, ...]]:
    """One scenario, computed and judged.

    Where it is accepted that a framework reads memory that nobody filled, what it does not give again is that alone.
    """
    found, got = _once(case, what, layout, form)
    if any(s.worst > 1 for s in found) and any(w.sometimes for w in case.adapter.accepted(str(case), "determinism")):
        found, got = _once(case, what, layout, form)
    return found, got


def _once(case: Case, what: Expected, layout: str, form: str) -> tuple[list[Strains], tuple[np.ndarray, ...]]:
    got = computed(case, what.scenario.values, layout)
    want = what.outputs(form)
    fitting(got, want)
    return [strains(g, w) for g, w in zip(got, want, strict=True)], got


def counted(evidence: Evidence, found: Strains) -> None:
    """What was judged, what was left undecided, and how the strains lie."""
    evidence.judged += int(found.strain.size)
    evidence.undecided += int(found.strain.size - found.decided.sum())
    evidence.histogram.update(histogram(found))
