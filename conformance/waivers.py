"""A waiver is a deviation that an adopter knows and accepts: which case, why, where, and for which inputs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import numpy as np

from reference.domain import DomainError, evaluate


class WaiverError(Exception):
    """A file of waivers cannot be understood."""


@dataclass(frozen=True)
class Waiver:
    """One accepted deviation.

    `case` is a pattern of case ids, `property` the name of the property without "test_". `where` is a relation between
    the arguments: only scenarios, or only lanes, for which it holds are waived, and everything else is judged. `input`
    is a telling input, replayed in every run. `version` is a pattern of the framework's version, `processor` one of
    what the adapter says of the machine's. `layouts` names those in which it shows, if it does not in all.
    `sometimes` is for what depends on memory that nobody filled, or shows in few of the draws and has no small telling
    input: such a case is waived whether or not it was seen. What `crashes` ends the process: `where` says when, no
    property tries it, and its telling input is run in a process of its own.
    """

    case: str
    reason: str
    url: str
    property: str = "value"
    where: str = ""
    version: str = "*"
    processor: str = "*"
    layouts: tuple[str, ...] = ()
    sometimes: bool = False
    crashes: bool = False
    input: Mapping[str, Any] = field(default_factory=dict)

    def covers(self, case: str, property_name: str) -> bool:
        return self.property == property_name and fnmatch(case, self.case)

    def holds(self, version: str, processor: str) -> bool:
        """Whether its condition is true of this framework on this machine."""
        return fnmatch(version, self.version) and fnmatch(processor, self.processor)

    def mask(self, values: Mapping[str, Any], layout: str = "contiguous") -> bool | np.ndarray:
        """Which of the lanes, or whether the whole scenario, is waived."""
        if self.layouts and layout not in self.layouts:
            return False
        if not self.where:
            return True
        arrays = {n: np.asarray(v) if isinstance(v, list) else v for n, v in values.items()}
        with np.errstate(all="ignore"):
            found = evaluate(self.where, arrays)
        return found if isinstance(found, np.ndarray) else bool(found)


def read_waivers(path: Path) -> list[Waiver]:
    """The rows of a TOML file; a row that says too little or something unknown is an error."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("waiver", [])
        return [_waiver(path, row) for row in rows]
    except tomllib.TOMLDecodeError as error:
        raise WaiverError(f"{path} is no TOML: {error}") from None


def _waiver(path: Path, row: dict[str, Any]) -> Waiver:
    known = set(Waiver.__dataclass_fields__)
    if unknown := sorted(set(row) - known):
        raise WaiverError(f"{path}: {row.get('case')!r} has {', '.join(unknown)}; known are {', '.join(sorted(known))}")
    if row.get("crashes") and not row.get("input"):
        raise WaiverError(f"{path}: {row.get('case')!r} crashes, but gives no telling input")
    if missing := [name for name in ("case", "reason", "url") if not row.get(name)]:
        raise WaiverError(f"{path}: the waiver {row} does not say its {', '.join(missing)}")
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    waiver = Waiver(**given)
    try:
        waiver.mask(dict(waiver.input)) if waiver.where and waiver.input else None
    except (DomainError, KeyError) as error:
        raise WaiverError(f"{path}: the condition {waiver.where!r} of {waiver.case}: {error}") from None
    return waiver


def without_case(waivers: Sequence[Waiver], cases: Sequence[str]) -> list[Waiver]:
    """The waivers that match no case of a whole plan."""
    return [w for w in waivers if not any(fnmatch(case, w.case) for case in cases)]
