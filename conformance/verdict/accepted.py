"""What an adopter accepts is taken out of what a property found; the rest stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.judging.expected import Expected
from conformance.judging.strain import Strains
from conformance.plan import Case
from conformance.scenarios.draw import is_elementwise
from conformance.scenarios.shared import quantized
from conformance.waivers import Waiver, WaiverError
from reference.number_systems.rounded.format import FORMATS


def waivers_of(case: Case, property_name: str) -> list[Waiver]:
    """The accepted deviations of a case, where their conditions hold."""
    return case.adapter.accepted(str(case), property_name)


def told_by(case: Case, waiver: Waiver) -> dict[str, Any]:
    """The telling input of a waiver, in the case's dtype."""
    if missing := [name for name in case.entry.domain if name not in waiver.input]:
        raise WaiverError(f"the telling input of the waiver of {waiver.case} lacks {', '.join(missing)}")
    arrays = {n: np.asarray(v) if isinstance(v, list) else v for n, v in waiver.input.items()}
    return quantized(case.entry.domain, arrays, FORMATS["float64" if case.dtype == "exact" else case.dtype])


def covered(case: Case, waiver: Waiver, values: Mapping[str, Any], layout: str) -> bool | np.ndarray:
    """What a waiver takes out: lanes of an elementwise equation, else the whole scenario."""
    mask = waiver.mask(values, layout)
    return mask if is_elementwise(case.entry.domain) else bool(np.any(mask))


def taken_out(
    case: Case, waivers: list[Waiver], waived: dict[int, float], what: Expected, layout: str, found: list[Strains]
) -> list[Strains]:
    """What is left of the strains without what is accepted; `waived` remembers how much each waiver covered."""
    for i, waiver in enumerate(waivers):
        if all(s.worst <= 1 for s in found):
            break  # nothing to accept
        mask = covered(case, waiver, what.scenario.values, layout)
        left = [s.without(mask) for s in found]
        waived[i] = max([waived[i], *(s.worst for s, r in zip(found, left, strict=True) if s.worst > r.worst)])
        found = left
    return found


def waived_away(
    case: Case, values: Mapping[str, Any], found: list[Strains], layout: str = "contiguous"
) -> list[Strains]:
    """Strains without what the value property's waivers cover."""
    for waiver in waivers_of(case, "value"):
        if any(one.worst > 1 for one in found):
            mask = covered(case, waiver, values, layout)
            found = [one.without(mask) for one in found]
    return found
