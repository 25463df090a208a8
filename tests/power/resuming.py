"""A table takes hours; what an earlier run of the same code has found is found."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
JUDGING = ("reference", "conformance")  # what decides what is caught
APART = ("conformance/notes", "conformance/report", "conformance/export")  # which have no part in it
SAME = ("code", "seed", "seeds", "versions")


def code() -> str:
    """What tells the code that judges from any other; what is judged says of itself where it stands."""
    digest = sha256()
    for folder in JUDGING:
        for path in sorted(ROOT.joinpath(folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(APART):
                digest.update(f"{name}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def source(entry: Any) -> str:
    """What tells the file in which a bug was planted from any other."""
    return sha256(Path(inspect.getfile(entry.function)).read_bytes()).hexdigest()


def resumed(path: Path, data: Mapping[str, Any]) -> tuple[dict[tuple[str, str], dict[str, Any]], float]:
    """The rows of an earlier table, and how long they took; of another code, or other seeds, there are none."""
    found = json.loads(path.read_text(encoding="utf-8"))
    differ = [f"{key} {found.get(key)!r}, not {data[key]!r}" for key in SAME if found.get(key) != data[key]]
    if differ:
        raise ValueError(f"{path} is a table of {'; '.join(differ)}")
    rows = {(shelf, name): row for shelf in ("planted", "right") for name, row in found[shelf].items()}
    return rows, float(found["seconds"])
