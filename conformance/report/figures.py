"""The table of power, as the page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NAMES = {"ours": "Gaugeblock", "hypothesis": "Hypothesis, compared closely", "opinfo": "OpInfo and OptimizerInfo"}


class Power:
    """What the template of the table may ask."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        if absent := [part for part in ("planted", "summary") if not isinstance(data.get(part), Mapping)]:
            raise ValueError(f"it has no {absent[0]!r}, or one that is no object")
        rows = [*data["planted"].items(), *((key, data["summary"].get(key, {})) for key in NAMES)]
        if odd := [name for name, row in rows if not isinstance(row, Mapping)]:
            raise ValueError(f"{odd[0]!r} is no object")
        self.data = data
        self.planted: Mapping[str, Any] = data["planted"]
        self.right: Mapping[str, Any] = data.get("right", {})

    @property
    def keys(self) -> list[str]:
        return [key for key in NAMES if key in self.data.get("summary", {})]

    @property
    def approaches(self) -> list[tuple[str, Mapping[str, Any]]]:
        return [(NAMES[key], self.data["summary"][key]) for key in self.keys]
