"""Which code of ours, and of everything that it stands on, a run was made with."""

from __future__ import annotations

import re
import subprocess
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

OWN = ("gaugeblock", "numpy", "python-flint", "hypothesis", "pytest", "pytest-xdist", "sympy")
OURS = ("gaugeblock", "reference", "conformance")  # what a verdict depends on
HOME = Path(__file__).resolve().parents[2]


def versions() -> dict[str, str]:
    """What is installed of this project and of all that it needs, in the order in which it says so."""
    found = {}
    for name in dict.fromkeys((*OWN, *_needed())):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _needed() -> list[str]:
    try:
        lines = requires("gaugeblock") or []
    except PackageNotFoundError:
        return []
    return [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in lines if "extra ==" not in line]


def source(home: Path = HOME) -> dict[str, str | bool]:
    """The commit of a git checkout, and whether anything in it was changed since; an installed copy has neither."""
    top = _git(home, "rev-parse", "--show-toplevel")
    if not top or Path(top).resolve() != home:  # a copy inside somebody else's checkout has not that one's commit
        return {"commit": "", "dirty": False}
    status = _git(home, "status", "--porcelain", "--", *OURS)
    return {"commit": _git(home, "rev-parse", "HEAD") or "", "dirty": status is None or bool(status)}


def _git(home: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(home), *arguments],  # noqa: S607 - whichever git there is
            capture_output=True, text=True, timeout=20, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
