"""What a test leaves behind: plain data, which crosses from a worker to the controller as one line of JSON."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any

from conformance.certificate.outcomes import FINE, OUTCOMES, fine

__all__ = ["FINE", "OUTCOMES", "Evidence", "fine", "plain"]


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
    curve: dict[str, float] = field(default_factory=dict)  # the worst strain by the exponent of the input's size
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

    def brief(self) -> list[tuple[str, str]]:
        """What other reports of a test run have room for."""
        strain = plain(float(self.strain))
        shown = strain if isinstance(strain, str) else f"{strain:.6g}"
        found = [("outcome", self.outcome), ("letter", self.letter), ("strain", shown)]
        return [(name, value) for name, value in found if value and (name != "strain" or self.letter)]

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
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return repr(value)
