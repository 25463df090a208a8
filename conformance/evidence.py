"""What a test leaves behind: plain data, which crosses from a worker to the controller as one line of JSON."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any

OUTCOMES = (
    "passed",  # every output within its bound, and something was decided
    "failed",  # a deviation that honest rounding does not explain
    "undecided",  # within the bounds, none of which was small enough to say anything
    "waived",  # a deviation that is known and accepted
    "stale waiver",  # a waiver whose deviation is no longer there
    "raised",  # the framework raised an error for an input of the domain
    "adapter",  # the adapter gives the wrong number or shape of things, even for the easiest input
    "not offered",  # the framework says that it does not have it
    "not run",  # the smoke case failed, so that nothing else would mean anything
    "time limit",  # the case took longer than it may
    "crashed",  # the process died
    "lost",  # the run ended before the case did
    "error",  # the suite itself failed
)
FINE = ("passed", "waived", "not offered")


def fine(row: dict[str, Any]) -> bool:
    """Whether a cell leaves its equation conforming. A search that decided nothing says nothing against it."""
    return row["outcome"] in FINE or (row["outcome"], row.get("property")) == ("undecided", "climb")


@dataclass
class Evidence:
    """The findings of one property about one case."""

    outcome: str = "error"
    letter: str = ""
    strain: float = 0.0
    kernel: float = math.nan  # the strain for a kernel that rounds once, where the dtype has 16 bits
    judged: int = 0  # numbers compared with their bounds
    undecided: int = 0  # those of them whose bound was too wide to say anything
    scenarios: int = 0
    regions: Counter[str] = field(default_factory=Counter)
    histogram: Counter[str] = field(default_factory=Counter)  # of log2 of the strain
    dialect: dict[str, Any] = field(default_factory=dict)
    counterexample: dict[str, Any] = field(default_factory=dict)
    waiver: dict[str, str] = field(default_factory=dict)
    message: str = ""
    framework_seconds: float = 0.0
    seconds: float = 0.0

    def to_data(self) -> dict[str, Any]:
        """What was found, without what was not looked at; NaN and infinities are text."""
        found = {f.name: getattr(self, f.name) for f in fields(self)}
        return {k: plain(v) for k, v in found.items() if v not in ({}, "", 0) and v == v}  # noqa: PLR0124 - NaN

    def to_json(self) -> str:
        return json.dumps(self.to_data(), allow_nan=False)


def plain(value: Any) -> Any:
    """A value as JSON has it: NumPy's numbers become Python's, what is not finite becomes text."""
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return repr(value)
