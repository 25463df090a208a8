"""A test ends with an outcome and a message that shows the value and says what to do."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from conformance.calling.computing import Misshapen, Raised
from conformance.judging.expected import Expected
from conformance.judging.strain import letter
from conformance.plan import Case
from conformance.verdict.accepted import waivers_of
from conformance.waivers import Waiver


def settle(case: Case, outcome: str, message: str) -> None:
    """End a test with an outcome. A failure that somebody has accepted for this property is waived."""
    known = waivers_of(case, case.property_name) if outcome in ("failed", "raised") else []
    if known and case.property_name not in ("value", "gradient"):
        case.evidence.waiver = {"reason": known[0].reason, "url": known[0].url}
        outcome, message = "waived", f"{known[0].reason} ({known[0].url})"
    case.evidence.outcome, case.evidence.message = outcome, message
    if outcome == "waived":
        raise pytest.xfail.Exception(message, pytrace=False)
    searched = case.property_name == "climb" or case.choice.effort == "quick"
    if outcome in ("not offered", "not run") or (outcome == "undecided" and searched):
        pytest.skip(message)  # few scenarios, or a search, may decide nothing; the standard effort has to
    pytest.fail(message, pytrace=False)


def accepted(case: Case, waivers: list[Waiver], waived: Mapping[int, float]) -> None:
    """Without a failure beside them: each waiver still covers a deviation, or is out of date."""
    if not waivers:
        return
    stale = [w for i, w in enumerate(waivers) if waived[i] <= 1 and not w.sometimes]
    seen_again = [w for i, w in enumerate(waivers) if waived[i] > 1]
    first = (stale or seen_again or waivers)[0]
    case.evidence.waiver = {"reason": first.reason, "url": first.url, "where": first.where}
    if stale and case.choice.effort != "quick":
        settle(case, "stale waiver", f"{case} passes, so its waiver is out of date: {first.reason} ({first.url})")
    worst = max(waived.values())
    if worst > 1:
        case.evidence.strain, case.evidence.letter = worst, letter(worst)
        settle(case, "waived", f"{first.reason} ({first.url})")
    case.evidence.waiver = {}


def unanswered(case: Case, what: Expected, layout: str, error: Raised | Misshapen) -> None:
    """There is nothing to judge: an error was raised, or what came is not what the equation has."""
    if isinstance(error, Raised):
        raised(case, what, layout, error)
    settle(case, "adapter", f"{case}: the claim {error}, for {brief(what)}")


def raised(case: Case, what: Expected, layout: str, error: Raised) -> None:
    """A framework that raises for an input of the domain has failed, unless it says that it does not have this."""
    cause = error.__cause__
    if cause is not None and case.adapter.absent(cause):
        settle(case, "not offered", str(error))
    settle(case, "raised", f"{case} raised {error}\nfor {brief(what)}, tensors {layout}")


def brief(what: Expected) -> str:
    """A scenario in a line or two."""
    shown = [
        f"{n}={np.array2string(np.asarray(v), threshold=12, edgeitems=2)}" for n, v in what.scenario.values.items()
    ]
    return ", ".join(shown)[:700]


def undecided(case: Case) -> None:
    """Where no bound said anything, nothing was certified."""
    if case.evidence.judged and case.evidence.undecided == case.evidence.judged:
        settle(case, "undecided", f"{case}: undecided, no bound was small enough to say anything")
