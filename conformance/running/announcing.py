"""Before it begins, a run says what it is about to do, and where it keeps word of it."""

from __future__ import annotations

from pathlib import Path

from conformance.plan import Plan
from conformance.running.ending import journals_beside


def header(plan: Plan, journal: Path | None) -> list[str]:
    """Lines for the head of pytest's report."""
    equations, devices = {c.equation for c in plan.cells}, dict.fromkeys(c.device for c in plan.cells)
    what = f"{plan.identity.get('framework')} {plan.identity.get('version')} on {', '.join(devices) or 'nothing'}"
    many = f"{len(equations)} equations in {len(plan.cells)} cases of {plan.offered}"
    found = [f"gaugeblock: {what}: {many}; seed {plan.choice.seed}, effort {plan.choice.effort}"]
    if journal is None:
        return found
    found.append(f"gaugeblock: if this run dies: gaugeblock report recover {journal}")
    return found + journals_beside(journal)


def described(plan: Plan) -> dict[str, str]:
    """What is certified, in a few words for other reports."""
    found = {name: str(plan.identity.get(name, "")) for name in ("framework", "version", "commit")}
    found |= {"seed": str(plan.choice.seed), "effort": plan.choice.effort}
    return {f"gaugeblock {name}": value for name, value in found.items() if value}
