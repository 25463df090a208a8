"""The closing lines of a run: the verdict with its denominator, what needs attention, and where the rest is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from conformance.evidence import fine

SHOWN = 8


def lines(data: dict[str, Any], written: Path | None) -> list[str]:
    """At most twenty lines."""
    cells = data["cells"]
    counts = data["counts"]
    good = sum(fine(c) for c in cells)
    equations = {c["equation"] for c in cells}
    bad = [c for c in cells if not fine(c)]
    wrong = {c["equation"] for c in bad}
    said = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items(), key=lambda item: -item[1]))
    found = [
        f"{len(equations - wrong)} of {len(equations)} equations conform; {good} of {len(cells)} cells: {said}",
        (
            f"seed {data['choice']['seed']}, effort {data['choice']['effort']}, {_scenarios(cells):,} scenarios, "
            f"{_share(cells):.0%} of the cells' time inside the framework"
        ),
    ]
    if in_norm := sum(c.get("letter") == "N" for c in cells):
        found.append(f"{in_norm} cells pass in norm only")
    spoken = [c for c in cells if c.get("dialect", {}).get("spoken", "none") not in ("none", "the equation")]
    names = dict.fromkeys(f"{c['equation']} ({c['dialect']['spoken']})" for c in spoken)
    if names:
        found.append("dialects: " + ", ".join(names)[:200])
    for cell in sorted(bad, key=lambda c: c["outcome"])[:SHOWN]:
        message = (cell.get("message") or "").splitlines()
        found.append(f"  {cell['outcome']}: {cell['property']}[{cell['case']}] {message[0][:110] if message else ''}")
    if len(bad) > SHOWN:
        found.append(f"  and {len(bad) - SHOWN} more")
    if written is not None:
        found.append(f"certificate: {written}")
    return found


def _scenarios(cells: list[dict[str, Any]]) -> int:
    return sum(c.get("scenarios", 0) for c in cells)


def _share(cells: list[dict[str, Any]]) -> float:
    whole = sum(c.get("seconds", 0.0) for c in cells)
    return sum(c.get("framework_seconds", 0.0) for c in cells) / whole if whole else 0.0
