"""The page of one certificate: everything that its sections ask for, from the certificate alone."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from conformance.certificate.files import to_text
from conformance.certificate.outcomes import by_equation, fine
from conformance.report import marks, plots
from conformance.report.marks import Mark, Row, mark_of
from conformance.report.model import Chapter, Config, Entry, by_place, chapters_of, entries_of, link

RUNS = 8  # of the history


class Page:
    """What a template may ask."""

    def __init__(
        self, data: Mapping[str, Any], history: Sequence[Mapping[str, Any]] = (), path: Path | None = None
    ) -> None:
        self.path = path
        self.data, self.history = data, list(history)[-RUNS:]
        self.identity: Mapping[str, Any] = data.get("identity", {})
        self.choice: Mapping[str, Any] = data.get("choice", {})
        self.run: Mapping[str, Any] = data.get("run", {})
        self.cells: list[Row] = list(data.get("cells", []))
        self.marks = marks.MARKS
        self.plots = plots

    # The verdict ---------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return f"{self.identity.get('framework', 'unnamed')} {self.identity.get('version', '')}".strip()

    @property
    def devices(self) -> str:
        named = [str(d) for d in self.identity.get("devices", [])]
        return ", ".join(named or dict.fromkeys(str(c.get("device", "")) for c in self.cells))

    @cached_property
    def entries(self) -> list[Entry]:
        return entries_of(self.cells)

    @cached_property
    def chapters(self) -> list[Chapter]:
        return chapters_of(self.entries)

    @cached_property
    def conforming(self) -> tuple[int, int]:
        return by_equation(self.cells)

    @property
    def conforms(self) -> bool:
        """Whether a whole run found nothing wrong; a part of one proves nothing."""
        good, all_ = self.conforming
        return good == all_ > 0 and not self.data.get("partial")

    @property
    def verdict(self) -> str:
        return "Conforms" if self.conforms else "Partial" if self.partial_only else "Does not conform"

    @property
    def partial_only(self) -> bool:
        good, all_ = self.conforming
        return bool(self.data.get("partial")) and good == all_

    @property
    def sentence(self) -> str:
        good, all_ = self.conforming
        waived = len({c["equation"] for c in self.cells if c.get("outcome") == "waived"})
        spoken = sum(bool(e.spoken) for e in self.entries)
        fine_cells = sum(fine(c) for c in self.cells)
        said = f"{good:,} of {all_:,} equations conform, in {fine_cells:,} of {len(self.cells):,} cells."
        said += f" {waived:,} of them with deviations that are known and waived." if waived else ""
        return said + (f" {spoken:,} speak a named dialect." if spoken else "")

    @cached_property
    def tally(self) -> list[tuple[Mark, int]]:
        """How many cases have each mark."""
        found = Counter(c.mark.key for e in self.entries for c in e.configs.values())
        return [(mark, found[mark.key]) for mark in marks.MARKS if found[mark.key]]

    @property
    def scenarios(self) -> int:
        return sum(int(c.get("scenarios", 0)) for c in self.cells)

    # Identity ------------------------------------------------------------------------------------------

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Who was certified, by whom, where and when."""
        identity, run = self.identity, self.run
        build = identity.get("build", {})
        inside = sum(float(c.get("framework_seconds", 0)) for c in self.cells)
        whole = sum(float(c.get("seconds", 0)) for c in self.cells)
        commit = str(identity.get("commit", ""))[:12] + (" and changes" if identity.get("dirty") else "")
        return [
            (term, text)
            for term, text in (
                ("framework", self.name),
                ("build", ", ".join(f"{k} {v}" for k, v in build.items())),
                ("devices", self.devices),
                ("processor", str(identity.get("processor", ""))),
                ("platform", str(identity.get("platform", ""))),
                ("suite", ", ".join(f"{k} {v}" for k, v in identity.get("versions", {}).items())),
                ("commit", commit),
                ("Python", str(identity.get("python", ""))),
                ("begun", str(run.get("started", "")).replace("T", " ").replace("+00:00", " UTC")),
                ("took", f"{float(run.get('seconds', 0)):,.0f} s in {run.get('workers', 1)} processes"),
                ("inside the framework", f"{inside / whole:.0%} of the cells' time" if whole else ""),
                ("scenarios", f"{self.scenarios:,}"),
            )
            if text.strip()
        ]

    @property
    def command(self) -> str:
        """What makes this certificate again."""
        choice = self.choice
        options = [f"--framework={choice.get('framework', 'torch')}"]
        named = {"equations": "equations", "devices": "gauge-device", "dtypes": "gauge-dtype", "modes": "gauge-mode"}
        for key, option in named.items():
            if list(choice.get(key, [])) not in ([], ["*"]):
                options.append(f"--{option}='{','.join(map(str, choice[key]))}'")
        options += [f"--gauge-effort={choice.get('effort', 'standard')}", f"--gauge-seed={choice.get('seed', 0)}"]
        return "pytest -n auto " + " ".join(options)

    def replay(self, config: Config) -> str:
        """What replays the counterexample of a case."""
        return f"pytest --from-report=reports/latest/{self.identity.get('framework', 'torch')}.json::{config.case}"

    # Attention -----------------------------------------------------------------------------------------

    @cached_property
    def before(self) -> dict[tuple[str, str], Row]:
        return by_place(self.history[-1]) if self.history else {}

    def regressed(self, row: Row) -> bool:
        """Whether a cell was fine in the certificate before."""
        was = self.before.get((str(row.get("case")), str(row.get("property"))))
        return was is not None and fine(was) and not fine(row)

    @property
    def attention(self) -> list[tuple[Entry, Config, Row, bool]]:
        """Regressions first, then what else fails, the worst first."""
        found = [(e, c, r, self.regressed(r)) for e in self.entries for c, r in e.bad]
        return sorted(found, key=lambda x: (not x[3], marks.ORDER[mark_of(x[2]).key], -_strain(x[2])))

    @property
    def fixed(self) -> int:
        """How many cells were not fine before, and are."""
        now = by_place(self.data)
        return sum(not fine(was) and key in now and fine(now[key]) for key, was in self.before.items())

    @property
    def accepted(self) -> list[tuple[str, str, list[Entry]]]:
        """Reasons of waivers, with the equations that they are about."""
        found: dict[tuple[str, str], dict[str, Entry]] = {}
        for entry in self.entries:
            for reason, url, _ in entry.waivers:
                found.setdefault((reason, url), {})[entry.name] = entry
        return [(reason, url, list(about.values())) for (reason, url), about in found.items()]

    def past(self, entry: Entry) -> list[tuple[str, Mark]]:
        """What earlier certificates said of an equation, the oldest first."""
        found = []
        for data in self.history:
            rows = [c for c in data.get("cells", []) if c.get("equation") == entry.name]
            if rows:
                cases: dict[str, list[Row]] = {}
                for row in rows:
                    cases.setdefault(str(row.get("case")), []).append(row)
                mark = min((marks.joined(c) for c in cases.values()), key=lambda m: marks.ORDER[m.key])
                found.append((str(data.get("identity", {}).get("version", "")), mark))
        return found

    # Small things --------------------------------------------------------------------------------------

    mark = staticmethod(mark_of)
    link = staticmethod(link)

    @staticmethod
    def reason(row: Row) -> str:
        """Why a cell is as it is, in a line."""
        says = str(row.get("counterexample", {}).get("says") or row.get("message") or row.get("outcome", ""))
        return says.strip().partition("\n")[0].removeprefix(f"{row.get('case')}").strip(" :")[:300]

    @property
    def errata(self) -> list[Mapping[str, Any]]:
        return [e for e in self.data.get("errata", []) if isinstance(e, Mapping)]

    @property
    def sha(self) -> str:
        """What identifies the certificate: the digest of its file."""
        if self.path is not None:
            return hashlib.sha256(self.path.read_bytes()).hexdigest()
        return hashlib.sha256(to_text(dict(self.data)).encode("utf-8", "backslashreplace")).hexdigest()

    def flags(self, entry: Entry) -> str:
        """What a filter may ask of an equation."""
        found = ["dialect"] if entry.spoken else []
        found += ["fails"] if entry.bad else []
        found += ["waived"] if entry.waivers else []
        found += ["regressed"] if any(self.regressed(r) for _, r in entry.bad) else []
        return " ".join(found)


def _strain(row: Row) -> float:
    strain = plots.number(row.get("strain", 0))
    return strain if strain == strain else 0.0  # noqa: PLR0124 - NaN

