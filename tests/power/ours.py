"""A suite that derives its bounds judges a case by every property in turn, and its first verdict stands."""

from __future__ import annotations

from collections.abc import Mapping
from time import process_time
from typing import Any

import numpy as np
import torch

from conformance.calling.computing import Misshapen, Raised
from conformance.calling.stepping import is_step
from conformance.counterexample.replay import decoded
from conformance.evidence import Evidence
from conformance.judging.expected import _group
from tests.harness import cases, judge, properties
from tests.power.found import Found, Tally, largest

CAUGHT = ("failed", "raised", "adapter")


def tried(entry: Any, *, seed: int = 0, to_the_end: bool = False) -> Found:
    """Every property on every case, in the order of a run: by dtype, the smoke case first."""
    torch.manual_seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - an implementation may draw from it
    tally, found, also = Tally(), Found(), []
    start = process_time()
    for case, name, module in _order(tally.of(entry), seed):
        evidence = _judged(case, module)
        if evidence is None:
            continue
        found.tried += evidence.scenarios
        if evidence.outcome == "error" and not found.caught:
            found.message = f"error in {name}: {evidence.message}"
        if evidence.outcome not in CAUGHT:
            continue
        also.append(name)
        if not found.caught:
            found.caught, found.by = True, name
            found.calls, found.seconds = tally.calls, process_time() - start
            found.elements, found.steps = _size(evidence, is_step(case.entry))
            found.message = evidence.message.strip().partition("\n")[0][:300]
            if not to_the_end:
                break
    found.whole = process_time() - start
    if not found.caught:
        found.calls, found.seconds = tally.calls, found.whole
    found.also = tuple(dict.fromkeys(also))
    _group.cache_clear()
    return found


def also_caught(entries: Mapping[str, Any], seed: int) -> dict[str, str]:
    """What is caught on a further seed, and by what; all implementations of an equation share what is expected."""
    found: dict[str, str] = {}
    orders = {name: list(_order(entry, seed)) for name, entry in entries.items()}
    for dtype in dict.fromkeys(case.dtype for order in orders.values() for case, _, _ in order):
        for name, order in orders.items():
            torch.manual_seed(seed)
            np.random.seed(seed)  # noqa: NPY002 - an implementation may draw from it
            for case, of, module in order:
                if case.dtype != dtype or name in found:
                    continue
                evidence = _judged(case, module)
                if evidence is not None and evidence.outcome in CAUGHT:
                    found[name] = f"{of}: {evidence.message.strip().partition(chr(10))[0][:300]}"
    _group.cache_clear()
    return found


def _order(entry: Any, seed: int) -> Any:
    named = properties()
    made = cases(entry, effort="standard", seed=seed)
    for dtype in dict.fromkeys(case.dtype for case in made):
        group = [case for case in made if case.dtype == dtype]
        yield from ((case, "smoke", named["smoke"]) for case in group)
        yield from ((case, name, module) for case in group for name, module in named.items() if name != "smoke")


def _judged(case: Any, module: Any) -> Evidence | None:
    """An error of the framework that a property does not expect is a finding; another error is the suite's own."""
    try:
        return judge(case, module)
    except (Raised, Misshapen) as error:
        return Evidence(outcome="raised", message=str(error))
    except Exception as error:  # noqa: BLE001 - whatever it is, the table goes on and says it
        return Evidence(outcome="error", message=f"{type(error).__name__}: {error}")


def _size(evidence: Evidence, walks: bool) -> tuple[int | None, int | None]:
    """The largest array, and for an optimizer the steps: those that the counterexample tells of."""
    found = evidence.counterexample
    steps = int(found.get("steps", 1)) if walks else None
    if "elements" in found:
        return int(found["elements"]), steps
    if "values" in found:
        return largest(decoded(found["values"])), steps
    return None, steps
