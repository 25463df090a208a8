"""A run's cells come one at a time, from any worker; the controller alone puts them together."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from conformance.certificate.checking import counts_of, regions_of
from conformance.certificate.form import VERSION
from conformance.certificate.outcomes import fine

if TYPE_CHECKING:
    from conformance.plan import Plan


class Certificate:
    """Collects the cells of a run in the controller."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.coordinates = {str(cell): cell for cell in plan.cells}
        self.place = {name: i for i, name in enumerate(self.coordinates)}
        self.found: dict[tuple[str, str], dict[str, Any]] = {}
        self.run: dict[str, Any] = {}
        self.partial = False

    def add(self, case: str, property_name: str, payload: str) -> None:
        """One cell, from the JSON that its worker sent; a cell that is reported twice keeps the worse news."""
        evidence = json.loads(payload)
        known = self.found.get((case, property_name))
        if case not in self.coordinates or (known and fine(evidence) and not fine(known)):
            return
        self.found[case, property_name] = _said_once(evidence)

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The rows, in the order of the plan and of the properties' names."""
        rows = []
        for (case, name), evidence in sorted(self.found.items(), key=lambda item: (self.place[item[0][0]], item[0][1])):
            cell = self.coordinates[case]
            where = {"equation": cell.equation, "device": cell.device, "dtype": cell.dtype, "mode": cell.mode}
            rows.append({"case": case, **where, "property": name, **evidence})
        return rows

    def finish(self, *, started: float, workers: int, ended: float | None = None) -> None:
        seconds = (ended or datetime.now(UTC).timestamp()) - started
        self.run = {
            "started": datetime.fromtimestamp(started, UTC).isoformat(timespec="seconds"),
            "seconds": round(max(0.0, seconds), 3),
            "workers": workers,
        }

    def to_data(self) -> dict[str, Any]:
        """The certificate as JSON has it."""
        rows = self.cells
        choice = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self.plan.choice).items()}
        return {
            "schema": VERSION,
            "partial": self.partial,
            "identity": dict(self.plan.identity),
            "choice": choice,
            "run": self.run,
            "planned": {"cells": len(self.plan.cells), "offered": self.plan.offered},
            "counts": counts_of(rows),
            "regions": regions_of(rows),
            "errata": [],
            "cells": rows,
        }


def _said_once(evidence: dict[str, Any]) -> dict[str, Any]:
    """The program of a counterexample stands in the message too, where a terminal shows it."""
    program, message = evidence.get("counterexample", {}).get("snippet"), evidence.get("message", "")
    return evidence | {"message": message.replace(program, "").rstrip()} if program and program in message else evidence
