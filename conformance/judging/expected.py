"""What an equation gives for a scenario, and how far an honest evaluation may be off, is made once for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from conformance.calling.computing import fatal, parts
from conformance.calling.loading import AdapterError
from conformance.scenarios.carry import over_bounds
from conformance.scenarios.draw import Scenario
from conformance.scenarios.shared import scenarios
from reference.catalogue import CATALOGUE, Equation
from reference.number_systems.rounded import Format, Rounded
from reference.number_systems.rounded.format import FORMATS

if TYPE_CHECKING:
    from conformance.plan import Case

BASE = "the equation"


@dataclass
class Expected:
    """A scenario with the outputs of the equation and of each dialect, computed when they are first asked for."""

    equation: str
    scenario: Scenario
    fmt: Format | None
    algorithm: str = ""  # by which the framework computes it, if that is accurate in norm only
    number: int = 0  # among those that are drawn; telling inputs have none
    found: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    def outputs(self, form: str = BASE) -> tuple[Any, ...]:
        """The outputs of one form, over numbers with bounds."""
        if form not in self.found:
            self.found[form] = self._made(form, self.fmt)
        return self.found[form]

    def kernel(self, form: str = BASE) -> tuple[Any, ...]:
        """The outputs of a kernel that works in the accumulation format and rounds once, at the end."""
        name = f"{form}, kernel"
        if name not in self.found:
            if self.fmt is None:
                return self.outputs(form)
            made = self._made(form, self.fmt.kernel)
            self.found[name] = tuple(o.stored(self.fmt) if hasattr(o, "stored") else o for o in made)
        return self.found[name]

    def _made(self, form: str, fmt: Format | None) -> tuple[Any, ...]:
        entry = CATALOGUE[self.equation]
        values = self.scenario.values
        carried = values if fmt is None else over_bounds(entry.domain, values, fmt)
        with np.errstate(all="ignore"):
            made = parts(forms(entry)[form](**carried))
            if not self.algorithm or fmt is None:
                return made
            wider = parts(entry.normwise[self.algorithm](fmt.accumulates, **values))
            return tuple(widened(o, wider[i % len(wider)]) for i, o in enumerate(made))


def widened(output: Rounded, by: np.ndarray) -> Rounded:
    """A number with a wider bound."""
    return Rounded(output.value, output.bound + by, output.fmt, terms=output.terms)


def forms(entry: Equation) -> dict[str, Callable[..., Any]]:
    """The equation and its dialects by name."""
    return {BASE: entry.alone or entry.function, **{name: dialect.function for name, dialect in entry.dialects.items()}}


def format_of(case: Case) -> Format | None:
    """The format under test, with what the adapter says about it; counts have none."""
    if case.dtype == "exact":
        return None
    facts = {k: v for k, v in case.adapter.facts(case.device, case.dtype, case.mode).items() if k in FACTS}
    return replace(FORMATS[case.dtype], **facts) if facts else FORMATS[case.dtype]


FACTS = ("flushes", "ulps", "accumulator", "host", "scalar")


def algorithm_of(case: Case) -> str:
    """The algorithm that the adapter names for this equation, which has to have a bound in norm for it."""
    facts = case.adapter.facts(case.device, case.dtype, case.mode)
    named = str(facts.get("algorithms", {}).get(case.equation, ""))
    if named and named not in case.entry.normwise:
        known = ", ".join(case.entry.normwise) or "none"
        raise AdapterError(f"facts name {named!r} for {case.equation}, which has bounds in norm for: {known}")
    return named


def all_expected(case: Case) -> list[Expected]:
    """The scenarios of an equation and a dtype with what is expected of them, kept while their group is judged."""
    claim = case.adapter.claims[case.equation]
    drawn = case.equation, case.dtype, case.choice.effort, case.choice.seed, claim.lanes
    group = _group(*drawn, format_of(case), algorithm_of(case))
    return [e for e in group if not fatal(case, e.scenario.values)] if case.adapter.crashing else group


@lru_cache(maxsize=2)
def _group(
    equation: str, dtype: str, effort: str, seed: int, lanes: int, fmt: Format | None, algorithm: str
) -> list[Expected]:
    drawn = scenarios(equation, dtype, effort, seed, most=lanes)
    kept = [s for s in drawn if stated(equation, s)]
    first = sum(bool(s.origin) for s in kept)  # telling inputs, which stand before what is drawn
    return [Expected(equation, s, fmt, algorithm, number=max(0, i - first)) for i, s in enumerate(kept)]


def stated(equation: str, scenario: Scenario) -> bool:
    """Whether an equation has an answer: sizes beyond their ranges may not fit together; only those are tried."""
    if not any(region.startswith("size") for region in scenario.regions):
        return True
    try:
        with np.errstate(all="ignore"):
            parts(CATALOGUE[equation].function(**scenario.values))
    except (ValueError, IndexError):
        return False
    return True


def expected(case: Case, values: Mapping[str, Any]) -> Expected:
    """What is expected of one input, such as a counterexample."""
    return Expected(case.equation, Scenario(dict(values)), format_of(case), algorithm_of(case))
