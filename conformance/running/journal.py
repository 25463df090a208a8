"""A journal says which case was begun and which ended, so that a process that dies leaves word of what it did."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HOPELESS = 8  # smoke cases that crashed, while none ended, after which no further one is tried


class Journal:
    """One file a worker in one folder; a line for each event, written at once."""

    def __init__(self, folder: Path, worker: str) -> None:
        self.folder, self.worker = folder, worker
        self.smoked: dict[str, str] = {}

    def start(self, node: str) -> None:
        self._write({"start": node})

    def end(self, node: str, outcome: str) -> None:
        if "::test_smoke[" in node:
            self.smoked[_case(node)] = outcome
        self._write({"end": node, "outcome": outcome})

    def late(self, node: str) -> None:
        """The case is past its limit, and the process is about to be ended for it."""
        self._write({"late": node})

    def was_late(self, node: str) -> bool:
        return any(event.get("late") == node for event in self.events())

    def not_worth_running(self, node: str, case: str) -> str | None:
        """Why a case need not be tried: its smoke case failed, or nothing but crashes has been seen."""
        if "::test_smoke[" in node:
            return self._hopeless()
        if case not in self.smoked:  # another worker ran it, or it ended one
            self.smoked[case] = self._smoke(case)
        outcome = self.smoked[case]
        return None if outcome in ("passed", "") else f"its smoke case: {outcome}"

    def _smoke(self, case: str) -> str:
        found = ""
        for event in self.events():
            node = event.get("start") or event.get("end") or ""
            if "::test_smoke[" in node and _case(node) == case:
                found = event.get("outcome", "crashed")
        return found

    def _hopeless(self) -> str | None:
        events = [e for e in self.events() if "::test_smoke[" in str(e)]
        ended = [e for e in events if "end" in e]
        begun = len([e for e in events if "start" in e]) - 1  # this one is among them
        if ended or begun < HOPELESS:
            return None
        return f"each of the {begun} cases before it crashed"

    def events(self) -> list[dict[str, Any]]:
        """All events of all workers; a line that was cut off by a death is left out."""
        found = []
        for file in sorted(self.folder.glob("*.jsonl")):
            for line in file.read_text(encoding="utf-8").splitlines():
                try:
                    found.append(json.loads(line))
                except ValueError:
                    continue
        return found

    def _write(self, event: dict[str, Any]) -> None:
        with (self.folder / f"{self.worker}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(event) + "\n")


def _case(node: str) -> str:
    return node.partition("[")[2].rstrip("]")
