"""Every output of an equation lies within the bound that the equation itself derives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
import pytest

from conformance.computing import computed, parts
from conformance.judge import Strain, strain
from conformance.scenarios.carry import over_bounds
from conformance.scenarios.draw import draw
from reference.catalogue import CATALOGUE
from reference.number_systems.rounded.format import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.plan import Case

SCENARIOS = 12
LANES = 64


def test_value(case: Case) -> None:
    """The framework speaks the equation, or one of its dialects, and within the bound everywhere."""
    entry = CATALOGUE[case.equation]
    forms: dict[str, Callable[..., Any]] = {"the equation": entry, **entry.dialects}
    worst = dict.fromkeys(forms, Strain(0.0, 0))
    telling: dict[str, str] = {}
    generator = np.random.default_rng(crc32(case.equation.encode()))
    fmt = FORMATS["float64" if case.dtype == "exact" else case.dtype]
    for _ in range(SCENARIOS):
        values = draw(entry.domain, generator, lanes=LANES, quantize=fmt.quantize)
        outputs = computed(case, values)
        arguments = values if case.dtype == "exact" else over_bounds(entry.domain, values, fmt)
        for name, form in forms.items():
            expected = form(**arguments)
            found = [strain(o, e) for o, e in zip(outputs, parts(expected), strict=True)]
            here = max(found, key=lambda s: s.worst)
            decided = worst[name].decided + sum(s.decided for s in found)
            if here.worst > worst[name].worst:
                telling[name] = _shown(values, here)
            keep = here if here.worst >= worst[name].worst else worst[name]
            worst[name] = Strain(keep.worst, decided, keep.place, keep.computed, keep.exact, keep.bound)
    # of the forms that pass, the one on which the most elements were decided; if none does, the one that fails least
    nearest = min(worst, key=lambda name: (max(worst[name].worst, 1.0), -worst[name].decided))
    _report(case, nearest, worst[nearest], telling.get(nearest, ""))


def _shown(values: Mapping[str, Any], where: Strain) -> str:
    """The input that showed it: whole where it is small, the one lane where it has lanes."""
    shown = []
    for name, value in values.items():
        if isinstance(value, np.ndarray) and value.shape == (LANES,) and len(where.place) == 1:
            shown.append(f"{name}={float(value[where.place])!r}")
        else:
            shown.append(f"{name}={np.array2string(np.asarray(value), threshold=30, separator=', ')}")
    return ", ".join(shown)


def _report(case: Case, form: str, found: Strain, telling: str) -> None:
    waiver = case.adapter.waiver(str(case), "value")
    if found.passes and found.decided:
        if waiver is not None:
            pytest.fail(f"{case} passes, so its waiver is out of date: {waiver.reason} ({waiver.url})", pytrace=False)
        return
    if waiver is not None:
        pytest.xfail(f"{waiver.reason} ({waiver.url})")
    if found.passes:
        pytest.fail(f"{case}: undecided, no bound was small enough to say anything", pytrace=False)
    pytest.fail(
        f"{case} is off by {found.worst:.4g} times what honest rounding explains, even against {form}:\n"
        f"got {found.computed!r}, want {found.exact!r} ± {found.bound:.3g}, for {telling}",
        pytrace=False,
    )
