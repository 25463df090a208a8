"""The certificate: what a run found, as data. Version 1 of its form is `certificate.schema.json` beside this file."""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.plan import Plan

VERSION = 1
OWN = ("gaugeblock", "numpy", "python-flint", "hypothesis", "pytest", "pytest-xdist", "sympy")


class CertificateError(Exception):
    """A certificate cannot be written or read."""


class Certificate:
    """Collects the cells of a run in the controller."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.coordinates = {str(cell): cell for cell in plan.cells}
        self.found: dict[tuple[str, str], dict[str, Any]] = {}
        self.run: dict[str, Any] = {}

    def add(self, case: str, property_name: str, payload: str) -> None:
        """One cell, from the JSON that its worker sent; a cell that is reported twice keeps the worse news."""
        evidence = json.loads(payload)
        if case in self.coordinates:
            self.found[case, property_name] = evidence

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The rows, in the order of the plan and of the properties' names."""
        place = {name: i for i, name in enumerate(self.coordinates)}
        rows = []
        for (case, name), evidence in sorted(self.found.items(), key=lambda item: (place[item[0][0]], item[0][1])):
            cell = self.coordinates[case]
            where = {"equation": cell.equation, "device": cell.device, "dtype": cell.dtype, "mode": cell.mode}
            rows.append({"case": case, **where, "property": name, **evidence})
        return rows

    def finish(self, *, started: float, workers: int) -> None:
        ended = datetime.now(UTC)
        self.run = {
            "started": datetime.fromtimestamp(started, UTC).isoformat(timespec="seconds"),
            "seconds": round(ended.timestamp() - started, 3),
            "workers": workers,
        }

    def to_data(self) -> dict[str, Any]:
        """The certificate as JSON has it."""
        from dataclasses import asdict

        rows = self.cells
        regions: Counter[str] = Counter()
        for row in rows:
            if row["property"] == "value":
                regions.update(row.get("regions", {}))
        return {
            "schema": VERSION,
            "identity": self.plan.identity | {"versions": _versions()},
            "choice": asdict(self.plan.choice) | {"framework": _name(self.plan)},
            "run": self.run,
            "planned": {"cells": len(self.plan.cells), "offered": self.plan.offered},
            "counts": dict(sorted(Counter(row["outcome"] for row in rows).items())),
            "regions": dict(regions.most_common()),
            "cells": rows,
        }


def write(data: dict[str, Any], folder: Path) -> Path:
    """Write a certificate whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{data['identity']['framework']}.json"
    text = json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path


def read(path: Path) -> dict[str, Any]:
    """A certificate of this version, its counts checked against its cells."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CertificateError(f"{path} cannot be read as a certificate: {error}") from None
    if not isinstance(data, dict) or data.get("schema") != VERSION:
        found = data.get("schema") if isinstance(data, dict) else type(data).__name__
        raise CertificateError(f"{path}: schema version {found!r}; this release reads version {VERSION}")
    counted = Counter(row["outcome"] for row in data["cells"])
    if dict(counted) != data["counts"]:
        raise CertificateError(f"{path}: the cells are {dict(counted)}, but the counts say {data['counts']}")
    return data


def _name(plan: Plan) -> str:
    return plan.choice.framework


def _versions() -> dict[str, str]:
    found = {}
    for name in OWN:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
