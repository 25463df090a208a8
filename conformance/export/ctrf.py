"""The Common Test Report Format tells a dashboard of any kind which tests passed.

Its schema is https://github.com/ctrf-io/ctrf/blob/main/schema/ctrf.schema.json.
"""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, datetime
from typing import Any

SPECIFICATION = "0.1.0"
STATUS = {"passed": "passed", "waived": "other", "not offered": "skipped", "not run": "skipped", "undecided": "other"}
LABELS = ("equation", "device", "dtype", "mode", "property", "letter", "strain")


def ctrf(data: dict[str, Any]) -> dict[str, Any]:
    """A document with a test for each cell; what is neither passed, failed nor left out is "other"."""
    identity, run = data["identity"], data["run"]
    tests = [_test(cell) for cell in data["cells"]]
    counts = Counter(test["status"] for test in tests)
    start = _milliseconds(run["started"])
    summary: dict[str, Any] = {"tests": len(tests)}
    summary |= {name: counts.get(name, 0) for name in ("passed", "failed", "skipped", "pending", "other")}
    summary |= {"start": start, "stop": start + round(1000 * run["seconds"])}
    return {
        "reportFormat": "CTRF",
        "specVersion": SPECIFICATION,
        "generatedBy": "gaugeblock",
        "results": {
            "tool": {"name": "gaugeblock", "version": identity["versions"].get("gaugeblock", "unknown")},
            "summary": summary,
            "tests": tests,
            "environment": {
                "appName": identity["framework"],
                "appVersion": identity["version"],
                "osPlatform": identity["platform"],
                "extra": {
                    "devices": identity["devices"], "seed": data["choice"]["seed"], "effort": data["choice"]["effort"],
                    "partial": data["partial"],
                },
            },
        },
    }  # fmt: skip


def _test(cell: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": f"{cell['property']}[{cell['case']}]",
        "status": STATUS.get(cell["outcome"], "failed"),
        "rawStatus": cell["outcome"],
        "duration": round(1000 * cell.get("seconds", 0.0)),
        "suite": [cell["equation"], cell["property"]],
        "device": cell["device"],
        "labels": {name: cell[name] for name in LABELS if name in cell},
    }
    if message := cell.get("message"):
        found["message"] = message
    if program := cell.get("counterexample", {}).get("snippet"):
        found["snippet"] = program
    return found


def _milliseconds(moment: str) -> int:
    try:
        known = datetime.fromisoformat(moment)
    except ValueError:
        return 0
    return math.floor(1000 * (known if known.tzinfo else known.replace(tzinfo=UTC)).timestamp())
