"""A journal says which case was begun and what came of it, so that a process that dies leaves word of what it did."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Any

HOPELESS = 8  # smoke cases that crashed, while none ended, after which no further one is tried
SAFE = 10.0  # seconds after which what was found is sent to the disk, in case the power goes
MARK = ".journal-"  # stands in the name of every journal's folder
PLAN, EVENTS, CELLS = "plan.json", ".events.jsonl", ".cells.jsonl"


class Journal:
    """Two files a worker in one folder, a line for each event and each cell, written at once; and the plan."""

    def __init__(self, folder: Path, worker: str) -> None:
        self.folder, self.worker = folder, worker
        self.smoked: dict[str, str] = {}
        self.hopeful = False  # whether some smoke case has ended
        self.safe = monotonic()
        self.held: IO[str] | None = None

    @staticmethod
    def begun(beside: Path | None, framework: str) -> Journal:
        """A new journal: beside the certificate to come, or where files are temporary when that cannot be."""
        try:
            if beside is not None:
                beside.mkdir(parents=True, exist_ok=True)
            return Journal(Path(tempfile.mkdtemp(prefix=f"{framework}{MARK}", dir=beside)), "main")
        except OSError:
            return Journal(Path(tempfile.mkdtemp(prefix=f"{framework}{MARK}")), "main")

    def plan(self, plan: dict[str, Any], *, started: float, workers: int) -> None:
        """What the run set out to do, and which process runs it."""
        data = {"plan": plan, "started": started, "workers": workers, "process": os.getpid()}
        self.held = (self.folder / PLAN).open("w", encoding="utf-8")
        self.held.write(json.dumps(data))
        self.held.flush()
        for _ in range(100):  # somebody may be looking at it
            if held(self.held) is not False:
                break
            sleep(0.01)

    def discard(self) -> None:
        """What was found is safe elsewhere."""
        self.release()
        shutil.rmtree(self.folder, ignore_errors=True)

    def release(self) -> None:
        if self.held is not None:
            self.held.close()
            self.held = None

    def start(self, node: str) -> None:
        self._write(EVENTS, {"start": node})

    def end(self, node: str, outcome: str) -> None:
        if "::test_smoke[" in node:
            self.smoked[_case(node)] = outcome
        self._write(EVENTS, {"end": node, "outcome": outcome})

    def found(self, case: str, property_name: str, payload: str) -> None:
        """A cell with its evidence, which is JSON already."""
        self._write(CELLS, {"case": case, "property": property_name}, payload)

    def late(self, node: str) -> None:
        """The case is past its limit, and the process is about to be ended for it."""
        self._write(EVENTS, {"late": node})

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
        if self.hopeful:
            return None
        events = [e for e in self.events() if "::test_smoke[" in str(e)]
        self.hopeful = any("end" in e for e in events)
        begun = len([e for e in events if "start" in e]) - 1  # this one is among them
        if self.hopeful or begun < HOPELESS:
            return None
        return f"each of the {begun} cases before it crashed"

    def events(self) -> list[dict[str, Any]]:
        """All events of all workers."""
        return self._read(EVENTS)

    def cells(self) -> list[dict[str, Any]]:
        """All cells that ended, in each worker's order."""
        return self._read(CELLS)

    def _read(self, kind: str) -> list[dict[str, Any]]:
        """The lines of all workers; one that was cut off by a death is left out."""
        found = []
        for file in sorted(self.folder.glob(f"*{kind}")):
            for line in file.read_text(encoding="utf-8", errors="replace").split("\n"):
                try:
                    event = json.loads(line)
                except ValueError:
                    continue
                if isinstance(event, dict):
                    found.append(event)
        return found

    def _write(self, kind: str, event: dict[str, Any], payload: str = "") -> None:
        text = json.dumps(event)
        line = f'{text[:-1]}, "evidence": {payload}}}' if payload else text
        with suppress(OSError), (self.folder / f"{self.worker}{kind}").open("a", encoding="utf-8") as file:
            file.write(line + "\n")  # what cannot be kept, on a full disk, cannot be recovered, but no verdict needs it
            if kind == CELLS and monotonic() - self.safe > SAFE:
                self.safe = monotonic()
                file.flush()
                os.fsync(file.fileno())


def held(file: IO[str]) -> bool | None:
    """Hold a file for as long as this process lives; nothing is known where there are no such locks."""
    try:
        import fcntl
    except ImportError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _case(node: str) -> str:
    return node.partition("[")[2].rstrip("]")
