"""A call of a way to test an equation judges some number of scenarios, from one to tens of thousands."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any

import hypothesis
import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.extra import numpy as hnp

from conformance.calling.computing import Raised, computed, parts, raw
from conformance.calling.loading import load
from conformance.evidence import Evidence
from conformance.judging.expected import _group
from conformance.plan import Case, Choice, whole
from conformance.scenarios.draw import Recipe, draw
from conformance.scenarios.regions import ORDINARY
from reference.catalogue import CATALOGUE, Equation
from reference.domain import Array, Lane
from reference.domain import Choice as Options
from reference.number_systems.rounded.format import FORMATS
from tests.harness import judge, properties

LANES = 65_536
RATES = 256  # lanes of a schedule, of which each is a parameter group of its own
EXAMPLES = 50  # that Hypothesis draws a call at most, where all that counts is how many
SECONDS = 0.5  # that a call of a peer shall not last longer than, if one example does not
DTYPE = "float32"
RELATIVE, ABSOLUTE = 1.3e-6, 1e-5  # what torch.testing.assert_close takes for float32
QUIET = dict(
    database=None, deadline=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck],
    report_multiple_bugs=False,
)  # fmt: skip


class OutOfTime(KeyboardInterrupt):
    """The time of a search is over; Hypothesis lets it pass."""


@dataclass
class Watch:
    """What one way has looked at, and whether it ends with the first number that is not close."""

    seen: int = 0
    until: float = math.inf
    strict: bool = False

    def close(self, same: bool, number: int = 1) -> None:
        """So many scenarios were compared."""
        self.seen += number
        if perf_counter() > self.until:
            raise OutOfTime
        assert same or not self.strict


def elementwise() -> list[str]:
    """The equations of real numbers that torch claims of which each element is a scenario, each argument free."""
    claims = load("torch").claims
    entries = [CATALOGUE[name] for name in claims if not claims[name].random]
    return [
        e.name for e in entries
        if e.dtype == "float" and set(lanes(e)) & set(e.domain.real_arrays())
        and not e.domain.where and not any(isinstance(a, Array) for a in e.domain.values())
    ]  # fmt: skip


def lanes(entry: Equation) -> list[str]:
    """The arguments of which each element belongs to a scenario of its own."""
    return [n for n, a in entry.domain.items() if isinstance(a, Lane)]


def wide(entry: Equation) -> int:
    """How many scenarios a call of the framework has where nothing but their number counts."""
    return RATES if entry.chapter == "schedules" else LANES


def group(name: str) -> list[Case]:
    """The cases that share what is expected: every mode that is quick to build."""
    adapter = load("torch")
    cells = [cell for cell in whole(adapter) if (cell.equation, cell.dtype, cell.device) == (name, DTYPE, "cpu")]
    cases = [Case(cell, adapter, Choice(), Evidence()) for cell in cells]
    return [case for case in cases if not case.slow]


def gaugeblock(cases: list[Case]) -> Callable[[], int]:
    """The value property: scenarios drawn, expected with bounds once, and judged in every mode and layout."""
    module = properties()["value"]

    def run() -> int:
        _group.cache_clear()
        return sum(judge(case, module).scenarios for case in cases)  # type: ignore[union-attr]

    return run


def bare(cases: list[Case]) -> Callable[[], int]:
    """The framework alone, in every mode: nothing is compared."""
    values = filled(cases[0].entry, 0)

    def run() -> int:
        for case in cases:
            raw(case, values)
        return wide(cases[0].entry) * len(cases)

    return run


def plain(case: Case, watch: Watch) -> Any:
    """A Hypothesis test that draws each number and compares, one scenario an example."""
    names = lanes(case.entry)

    def test(values: dict[str, Any]) -> None:
        one = {n: np.array([v]) if n in names else v for n, v in values.items()}
        watch.close(_same(case, one))

    return given(st.fixed_dictionaries(numbers(case.entry)))(test)


def many(case: Case, watch: Watch) -> Any:
    """A Hypothesis test that draws a seed, fills all lanes, and compares with allclose."""

    def test(seed: int) -> None:
        watch.close(_same(case, filled(case.entry, seed)), wide(case.entry))

    return given(st.integers(0, 2**32 - 1))(test)


def each(case: Case, watch: Watch) -> Any:
    """In the manner of array-api-tests: arrays are drawn, and each element is compared with Python's own numbers."""
    entry, names, drawn = case.entry, lanes(case.entry), numbers(case.entry)

    def test(data: Any) -> None:
        shape = data.draw(hnp.array_shapes(max_dims=3, max_side=6))
        values = {
            n: data.draw(hnp.arrays(np.float32, shape, elements=s)).astype(float) if n in names else data.draw(s)
            for n, s in drawn.items()
        }
        got = computed(case, values)
        for place in np.ndindex(shape):
            one = {n: float(v[place]) if n in names else v for n, v in values.items()}
            with np.errstate(all="ignore"):
                want = parts(entry.function(**one))
            pairs = zip(got, want, strict=True)
            watch.close(all(math.isclose(a[place], b, rel_tol=RELATIVE, abs_tol=ABSOLUTE) for a, b in pairs))

    return given(st.data())(test)


PEERS: dict[str, Callable[[Case, Watch], Any]] = {"plain": plain, "each": each, "many": many}


def counting(case: Case, peer: str) -> Callable[[], int]:
    """A call of a peer, which gives how many scenarios it compared, close or not."""
    watch = Watch()

    def run(examples: int) -> int:
        before = watch.seen
        hypothesis.seed(0)(settings(max_examples=examples, **QUIET)(PEERS[peer](case, watch)))()
        return watch.seen - before

    run(1)
    began = perf_counter()
    run(2)
    return partial(run, min(EXAMPLES, max(1, int(2 * SECONDS / (perf_counter() - began)))))


def first(case: Case, peer: str, seconds: float) -> float | None:
    """The seconds after which a peer has found a number that is not close, or None where it has none by then."""
    watch = Watch(until=perf_counter() + seconds, strict=True)
    began = perf_counter()
    try:
        hypothesis.seed(0)(settings(max_examples=10**9, **QUIET)(PEERS[peer](case, watch)))()
    except OutOfTime:
        return None
    except (AssertionError, Raised, Flaky):  # what fails at times is found too
        return perf_counter() - began
    return None


def filled(entry: Equation, seed: int) -> dict[str, Any]:
    """Customary hyperparameters, and ordinary numbers in every lane."""
    recipe = Recipe(ORDINARY, lanes=wide(entry), plain=True)
    return draw(entry.domain, np.random.default_rng(seed), FORMATS[DTYPE], recipe).values


def numbers(entry: Equation) -> dict[str, Any]:
    """What Hypothesis draws for each argument: an ordinary number of its kind."""
    return {n: _number(a.kind if isinstance(a, Lane) else a) for n, a in entry.domain.items()}


def _number(kind: Any) -> Any:
    if isinstance(kind, Options):
        return st.sampled_from(kind.options)
    low, high = max(kind.low, -10), min(kind.high, 10)
    if kind.integer:
        return st.integers(int(low), int(high))
    return st.floats(low, high, exclude_min=kind.without_low, exclude_max=kind.without_high, width=32)


def _same(case: Case, values: dict[str, Any]) -> bool:
    with np.errstate(all="ignore"):
        want = parts(case.entry.function(**values))
    pairs = zip(computed(case, values), want, strict=True)
    return all(np.allclose(a, b, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True) for a, b in pairs)
