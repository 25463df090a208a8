"""An input that ends the process is tried in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from fnmatch import fnmatch
from typing import Any

from conformance.calling.computing import inside
from conformance.counterexample.snippet import snippet
from conformance.plan import Case
from conformance.verdict.accepted import told_by
from conformance.verdict.ending import settle

PATIENCE = 100.0  # seconds
ALONE = {"OMP_NUM_THREADS": "1"}  # as a worker is: some crashes need a thread that has all of the work


def crashes(case: Case, written: Callable[[Case, Mapping[str, Any], str, str], str] = snippet) -> None:
    """Each accepted crash of this property is seen once more, or its waiver is out of date."""
    known = [w for w in case.adapter.crashing if fnmatch(str(case), w.case) and w.property == case.property_name]
    for waiver in known if case.choice.effort != "quick" else []:
        program = written(case, told_by(case, waiver), (waiver.layouts or ("contiguous",))[0], waiver.reason)
        command = [sys.executable, "-c", program]
        with inside(case):
            done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False, env=os.environ | ALONE)
        if done.returncode >= 0:  # a signal's number is negative
            said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
            settle(
                case, "stale waiver",
                f"{case}: its telling input no longer ends the process, so its waiver is out of date: {waiver.reason} "
                f"({waiver.url}); it ended with {done.returncode}: {said[-1] if said else 'nothing said'}\n\n{program}",
            )  # fmt: skip
    if known:
        case.evidence.waiver = {"reason": known[0].reason, "url": known[0].url, "where": known[0].where}
        settle(case, "waived", f"{known[0].reason} ({known[0].url})")
