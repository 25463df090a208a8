"""A case is one equation on one framework, device, dtype and mode; the plan lists them in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

from conformance.evidence import Evidence
from reference.catalogue import CATALOGUE, Equation

if TYPE_CHECKING:
    from conformance.calling.loading import Adapter

EFFORTS = ("quick", "standard", "exhaustive")


class PlanError(Exception):
    """What was asked for cannot be planned."""


@dataclass(frozen=True)
class Choice:
    """What a user asked for. Patterns match as in file names; an empty list of devices means all that exist."""

    framework: str = "torch"
    equations: tuple[str, ...] = ("*",)
    devices: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = ("*",)
    modes: tuple[str, ...] = ("*",)
    effort: str = "standard"
    seed: int = 0
    limit: float = 120.0  # seconds a case


@dataclass(frozen=True)
class Cell:
    """The coordinates of a case, as data."""

    equation: str
    framework: str
    device: str
    dtype: str
    mode: str

    def __str__(self) -> str:
        return f"{self.equation}-{self.framework}-{self.device}-{self.dtype}-{self.mode}"

    @property
    def group(self) -> str:
        """The cases that share their expected results."""
        return f"{self.equation}-{self.dtype}"


@dataclass
class Plan:
    """Which cells are certified, by what; the controller makes it once and every worker gets the same."""

    choice: Choice
    cells: list[Cell]
    offered: int  # cells of the whole plan, before the choice
    identity: dict[str, Any] = field(default_factory=dict)

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def of_data(data: dict[str, Any]) -> Plan:
        choice: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data["choice"].items()}
        return Plan(Choice(**choice), [Cell(**c) for c in data["cells"]], data["offered"], data["identity"])


@dataclass(frozen=True)
class Case:
    """What one test certifies: a cell, the adapter that computes it, and the evidence that the test leaves."""

    cell: Cell
    adapter: Adapter = field(repr=False, compare=False)
    choice: Choice = field(default_factory=Choice, repr=False, compare=False)
    evidence: Evidence = field(default_factory=Evidence, repr=False, compare=False)
    property_name: str = ""

    def __str__(self) -> str:
        return str(self.cell)

    @property
    def equation(self) -> str:
        return self.cell.equation

    @property
    def entry(self) -> Equation:
        return CATALOGUE[self.cell.equation]

    @property
    def dtype(self) -> str:
        return self.cell.dtype

    @property
    def device(self) -> str:
        return self.cell.device

    @property
    def mode(self) -> str:
        return self.cell.mode

    @property
    def slow(self) -> bool:
        """Whether every new shape is built anew, so that little is tried unless the effort is exhaustive."""
        return self.mode in self.adapter.slow and self.choice.effort != "exhaustive"


def whole(adapter: Adapter) -> list[Cell]:
    """Every cell that a framework offers: each claim on each device, in each dtype and mode, in a fixed order."""
    cells = []
    devices = adapter.devices()
    for name in (n for n in CATALOGUE if n in adapter.claims):
        exact = CATALOGUE[name].dtype == "exact"
        for device in devices[:1] if exact else devices:
            for dtype in ("exact",) if exact else adapter.dtypes:
                modes = adapter.modes_of(name)[:1] if exact else adapter.modes_of(name)
                offered = [mode for mode in modes if adapter.has(name, device, dtype, mode)]
                cells += [Cell(name, adapter.name, device, dtype, mode) for mode in offered]
    return cells


def chosen(cells: Sequence[Cell], choice: Choice, *, devices: Sequence[str], slow: Sequence[str]) -> list[Cell]:
    """The cells that were asked for. What was asked for and does not exist is an error."""
    if choice.effort not in EFFORTS:
        raise PlanError(f"--gauge-effort={choice.effort}: the efforts are {', '.join(EFFORTS)}")
    _check("--equations", choice.equations, CATALOGUE, "equation")
    _check("--gauge-device", choice.devices, devices, "device of this framework on this machine")
    _check("--gauge-dtype", choice.dtypes, {c.dtype for c in cells}, "dtype of this framework")
    _check("--gauge-mode", choice.modes, {c.mode for c in cells}, "mode of this framework")
    wanted = [
        cell
        for cell in cells
        if _matches(cell.equation, choice.equations)
        and (not choice.devices or _matches(cell.device, choice.devices))
        and _matches(cell.dtype, choice.dtypes)
        and _matches(cell.mode, choice.modes)
    ]
    return _without_most_of_the_slow(wanted, choice.effort, slow)


def _without_most_of_the_slow(cells: list[Cell], effort: str, slow: Sequence[str]) -> list[Cell]:
    """A mode that is slow to build is tried on one equation a chapter; never quickly, and everywhere exhaustively."""
    if effort == "exhaustive":
        return cells
    first: dict[tuple[str, str, str], str] = {}
    for cell in cells:
        if cell.mode in slow and cell.dtype == "float32":
            first.setdefault((CATALOGUE[cell.equation].chapter, cell.device, cell.mode), cell.equation)
    return [
        cell
        for cell in cells
        if cell.mode not in slow
        or (
            effort == "standard"
            and cell.dtype == "float32"
            and first[CATALOGUE[cell.equation].chapter, cell.device, cell.mode] == cell.equation
        )
    ]


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def _check(option: str, patterns: Sequence[str], names: Iterable[str], what: str) -> None:
    known = list(names)
    for pattern in patterns:
        if known and not any(fnmatch(name, pattern) for name in known):
            nearest = get_close_matches(pattern, known, n=4, cutoff=0.4) or (sorted(known) if len(known) < 9 else [])
            hint = f"; the nearest are {', '.join(nearest)}" if nearest else ""
            raise PlanError(f"{option}: no {what} matches {pattern!r}{hint}")
