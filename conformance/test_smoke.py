"""The easiest input tells whether an adapter works at all, before anything is said about its framework."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from conformance.calling.computing import Misshapen, Raised, arrays, fitting, raw
from conformance.judging.expected import Expected, format_of
from conformance.scenarios.draw import Recipe, draw
from conformance.scenarios.shared import generator
from conformance.verdict.ending import brief, raised, settle
from reference.number_systems.rounded import Rounded
from reference.number_systems.rounded.format import FORMATS

if TYPE_CHECKING:
    from conformance.plan import Case


def test_smoke(case: Case) -> None:
    """The claim takes the equation's arguments and gives as many numbers, of the same shapes."""
    random = case.adapter.claims[case.equation].random
    fmt = FORMATS["float64" if case.dtype == "exact" else case.dtype]
    scenario = draw(case.entry.domain, generator("smoke", case.equation), fmt, Recipe(lanes=4, plain=True))
    what = Expected(case.equation, scenario, format_of(case))
    try:
        values = {n: v for n, v in scenario.values.items() if not (random and n == "mask")}
        got = arrays(case, raw(case, values))
        fits(case, got, what)
    except Raised as error:
        if isinstance(error.__cause__, TypeError | AttributeError | NameError | KeyError):
            settle(case, "adapter", f"{case}: the claim raised {error}, for {brief(what)}")
        raised(case, what, "contiguous", error)
    except Misshapen as error:
        settle(case, "adapter", f"{case}: the claim {error}, for {brief(what)}")
    finite = all(np.isfinite(e.bound).all() for e in what.outputs() if isinstance(e, Rounded))
    if finite and not random and not all(np.isfinite(g).all() for g in got):
        settle(case, "adapter", f"{case}: the claim gave {got}, which is not finite, for {brief(what)}")
    case.evidence.outcome, case.evidence.judged, case.evidence.scenarios = "passed", 1, 1


def fits(case: Case, got: list[np.ndarray], what: Expected) -> None:
    """Outputs have the shapes that the equation, or one of its dialects, gives them."""
    try:
        fitting(got, what.outputs())
    except Misshapen:
        for dialect in case.entry.dialects:
            with suppress(Misshapen, ValueError, IndexError):
                return fitting(got, what.outputs(dialect))
        raise
    return None
