"""What changed between two certificates of a framework, without what changes in every run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from conformance.certificate.checking import CertificateError
from conformance.certificate.form import LETTERS
from conformance.certificate.outcomes import fine, first_line, spoken

Row = dict[str, Any]
FORM = "the equation"


@dataclass
class Difference:
    """Each list holds lines for a reader; only the first speaks against the newer one."""

    regressions: list[str] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    dialects: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def sections(self) -> list[tuple[str, list[str]]]:
        """In the order in which they matter."""
        named = (
            ("regressions", self.regressions),
            ("fixed", self.fixed),
            ("newly waived", self.accepted),
            ("dialects", self.dialects),
            ("otherwise changed", self.changed),
            ("new cells", self.new),
            ("lost cells", self.lost),
        )
        return [(name, lines) for name, lines in named if lines]


def compare(old: Row, new: Row) -> Difference:
    """Cells are compared by case and property. Times, counts, and strains within the bound are no difference."""
    frameworks = old["identity"]["framework"], new["identity"]["framework"]
    if frameworks[0] != frameworks[1]:
        raise CertificateError(f"one certifies {frameworks[0]}, the other {frameworks[1]}; they have no cell in common")
    before, after = (_by_place(data) for data in (old, new))
    found = Difference()
    for key, now in after.items():
        was = before.get(key)
        if was is not None:
            _cell(found, was, now)
        elif not fine(now):
            found.new.append(f"{_name(now)} {now['outcome']}{_why(now)}")
    fresh = [row for key, row in after.items() if key not in before and fine(row)]
    found.new += _together(fresh)
    gone = [row for key, row in before.items() if key not in after]
    found.lost += _together(gone)
    return found


def _cell(found: Difference, was: Row, now: Row) -> None:
    lines = _section(found, was, now)
    if lines is not None:
        reason = now.get("waiver", {}).get("reason", "") if now["outcome"] == "waived" else first_line(now)
        why = f": {reason}" if reason and lines is not found.fixed else ""
        lines.append(f"{_name(now)} {was['outcome']} -> {now['outcome']}{why}")
    elif was["outcome"] == now["outcome"] in ("failed", "passed") and was.get("letter") != now.get("letter"):
        found.changed.append(f"{_name(now)} {now['outcome']}: {_letter(was)} -> {_letter(now)}")
    if was["outcome"] in ("passed", "waived") and now["outcome"] in ("passed", "waived", "failed"):
        one, other = (spoken(row) or FORM for row in (was, now))
        if one != other and now.get("dialect", {}).get("spoken") != "none":
            found.dialects.append(f"{_name(now)} {one} -> {other}")


def _section(found: Difference, was: Row, now: Row) -> list[str] | None:
    """Where a change of outcome belongs, if it is one; a search that decides little is none."""
    change = was["outcome"], now["outcome"]
    if change[0] == change[1] or (set(change) == {"passed", "undecided"} and fine(was) and fine(now)):
        return None
    if now["outcome"] in ("lost", "not offered"):
        return found.lost
    if fine(was) and not fine(now):
        return found.regressions
    if (not fine(was) and fine(now)) or change == ("waived", "passed"):
        return found.fixed
    if was["outcome"] == "not offered":
        return found.new
    return found.accepted if now["outcome"] == "waived" else found.changed


def _by_place(data: Row) -> dict[tuple[str, str], Row]:
    return {(row["case"], row["property"]): row for row in data["cells"]}


def _name(row: Row) -> str:
    return f"{row['property']}[{row['case']}]"


def _letter(row: Row) -> str:
    letter = row.get("letter", "none")
    strain = row.get("strain")
    known = letter in LETTERS[1:4] and strain is not None
    return f"{letter} (strain {strain:.3g})" if known and isinstance(strain, float | int) else str(letter)


def _why(row: Row) -> str:
    said = first_line(row)
    return f": {said}" if said else ""


def _together(rows: list[Row]) -> list[str]:
    """A line for each case: a whole equation that comes or goes is not thirteen pieces of news."""
    cases: dict[str, list[str]] = {}
    for row in rows:
        cases.setdefault(row["case"], []).append(row["property"])
    return [f"{case}: {', '.join(sorted(properties))}" for case, properties in cases.items()]
