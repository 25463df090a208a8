"""What a framework offers is asked once, in a process of its own, which may crash and take nothing along."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from conformance.certificate.identity import source, versions
from conformance.plan import Cell, Choice, Plan, PlanError, chosen

PATIENCE = 300.0  # seconds for an import


def planned(choice: Choice) -> Plan:
    """The plan for what was asked: the same in every process."""
    answer = _asked(choice.framework)
    if "error" in answer:
        raise PlanError(answer["error"])
    cells = [Cell(*cell) for cell in answer["cells"]]
    devices, slow = answer["devices"], answer["slow"]
    if choice.framework in {".", ""}:
        raise PlanError("--framework needs a name or the path of a file")
    identity = answer["identity"] | {"versions": versions()} | source()
    return Plan(choice, chosen(cells, choice, devices=devices, slow=slow), len(cells), identity)


def _asked(framework: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "answer.json"
        command = [sys.executable, "-m", "conformance.running.inquiry", framework, str(file)]
        home = str(Path(__file__).resolve().parents[2])
        import os

        paths = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH", "")]))
        try:
            done = subprocess.run(  # what a framework prints on import is kept out of the report
                command, capture_output=True, text=True, timeout=PATIENCE, check=False,
                env=os.environ | {"PYTHONPATH": paths},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise PlanError(f"--framework={framework}: importing it took more than {PATIENCE:.0f} s") from None
        if not file.exists():
            last = "\n".join((done.stderr or done.stdout).strip().splitlines()[-8:])
            raise PlanError(f"--framework={framework}: importing it ended with exit code {done.returncode}:\n{last}")
        return json.loads(file.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def _answer(framework: str) -> dict[str, Any]:
    from conformance.calling.loading import AdapterError, load
    from conformance.plan import whole
    from conformance.waivers import WaiverError, without_case

    try:
        adapter = load(framework)
    except (AdapterError, WaiverError) as error:
        return {"error": str(error)}
    cells = whole(adapter)
    unmatched = without_case(adapter.held, [str(c) for c in cells])
    if unmatched:
        return {"error": "these waivers match no case of the whole plan: " + ", ".join(w.case for w in unmatched)}
    identity = {
        "framework": adapter.name,
        "version": adapter.version,
        "build": {name: str(value) for name, value in adapter.build().items()},
        "devices": [str(device) for device in adapter.devices()],
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": adapter.processor(),
        "facts": _facts(adapter, cells),
    }
    rows = [[c.equation, c.framework, c.device, c.dtype, c.mode] for c in cells]
    return {"cells": rows, "devices": adapter.devices(), "slow": adapter.slow, "identity": identity}


def _facts(adapter: Any, cells: list[Cell]) -> dict[str, Any]:
    """What the adapter says of each device, dtype and mode, where it says anything."""
    keys = dict.fromkeys((c.device, c.dtype, c.mode) for c in cells)
    found = {"-".join(key): adapter.facts(*key) for key in keys}
    return {key: facts for key, facts in found.items() if facts}


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(_answer(sys.argv[1])), encoding="utf-8")
