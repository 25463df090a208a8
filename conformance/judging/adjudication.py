"""A failure counts once rigorous enclosures of the truth confirm it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.calling.computing import computed, parts
from conformance.judging.expected import expected, forms
from conformance.plan import Case
from conformance.scenarios.carry import over_balls
from reference.number_systems.balls import Balls
from reference.number_systems.rounded import Rounded


def adjudicated(case: Case, values: Mapping[str, Any], layout: str, form: str) -> bool:
    """Whether some output is certainly farther from the truth than its bound. Counts have nothing to enclose."""
    entry = case.entry
    if case.dtype == "exact":
        return True
    got = computed(case, values, layout)
    bounds = expected(case, values).outputs(form)
    with np.errstate(all="ignore"):
        truth = parts(forms(entry)[form](**over_balls(entry.domain, values)))
    return any(_beyond(g, t, b) for g, t, b in zip(got, truth, bounds, strict=True))


def _beyond(got: np.ndarray, truth: Any, expected: Any) -> bool:
    """Whether the least distance to the enclosure exceeds the bound; without an enclosure the first verdict stands."""
    bound = expected.bound if isinstance(expected, Rounded) else np.zeros(np.shape(expected))
    if not isinstance(truth, Balls):
        return bool(np.any(got != np.asarray(truth)))
    if got.shape != np.shape(bound):
        return True
    finite = np.isfinite(got)
    gap = truth - np.where(finite, got, 0.0)
    with np.errstate(all="ignore"):
        least = np.abs(gap.midpoints()) - gap.radii()
        unknown = ~np.isfinite(gap.radii())
        beyond = np.where(finite, unknown | (least > bound), np.isfinite(bound))
    over = expected.over if isinstance(expected, Rounded) else None
    if over is not None:
        beyond &= ~over | (np.sign(got) != np.sign(expected.midpoint)) | ~np.isinf(got)
    return bool(beyond.any())
