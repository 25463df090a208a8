"""The closing lines of a run: the verdict with its denominator, what needs attention, and where the rest is."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from conformance.certificate.outcomes import by_equation, fine, first_line, spoken

WIDTH = 118
MOST = 20  # lines in all
ORDER = (
    "failed", "crashed", "time limit", "raised", "stale waiver", "adapter", "error", "undecided", "not run", "lost",
)  # fmt: skip


def lines(data: dict[str, Any], last: Sequence[str], *, quiet: bool = False) -> list[str]:
    """At most twenty lines, the last ones given; the verdict and those alone where little was asked for."""
    found = [verdict(data)]
    if quiet:
        return found + list(last)
    cells = data["cells"]
    found.append(
        f"seed {data['choice']['seed']}, effort {data['choice']['effort']}, {scenarios(cells):,} scenarios, "
        f"{share(cells):.0%} of the cells' time inside the framework"
    )
    if worst := strained(cells):
        found.append(_cut("most strained within the bound: " + ", ".join(worst)))
    if in_norm := sum(c.get("letter") == "N" for c in cells):
        found.append(f"{in_norm} cells pass in norm only")
    if names := dialects(cells):
        said = f"{len(names)} dialect{'s' * (len(names) > 1)} spoken: {', '.join(names)}"
        found += wrap(said, WIDTH, subsequent_indent="  ", max_lines=4, placeholder=" …")
    bad = failures(cells)
    room = MOST - len(found) - len(last)
    shown = bad if len(bad) <= room else bad[: room - 1]
    found += [f"  {_cut(line, WIDTH - 2)}" for line in shown]
    if len(bad) > len(shown):
        found.append(f"  and {len(bad) - len(shown)} more of the kind; the certificate has them all")
    return found + list(last)


def verdict(data: dict[str, Any]) -> str:
    """How many equations conform, of how many, and what became of the cells."""
    cells = data["cells"]
    good, equations = by_equation(cells)
    counts = sorted(data["counts"].items(), key=lambda item: -item[1])
    said = ", ".join(f"{number} {outcome}" for outcome, number in counts)
    ended = "partial, the run did not come to its end: " if data.get("partial") else ""
    return f"{ended}{good} of {equations} equations conform; {sum(map(fine, cells))} of {len(cells)} cells: {said}"


def strained(cells: list[dict[str, Any]], most: int = 3) -> list[str]:
    """The equations whose values came nearest to their bounds, each with its worst strain."""
    worst: dict[str, float] = {}
    for cell in cells:
        strain = cell.get("strain", 0.0)
        if cell["property"] == "value" and cell["outcome"] == "passed" and isinstance(strain, float | int):
            worst[cell["equation"]] = max(worst.get(cell["equation"], 0.0), strain)
    ranked = sorted(worst.items(), key=lambda item: -item[1])[:most]
    return [f"{name} {strain:.3f}" for name, strain in ranked if strain]


def dialects(cells: list[dict[str, Any]]) -> list[str]:
    """Which dialects are spoken, each once."""
    return list(dict.fromkeys(f"{c['equation']} ({spoken(c)})" for c in cells if spoken(c)))


def failures(cells: list[dict[str, Any]]) -> list[str]:
    """A line for each property of an equation that does not conform in some cases, with the reason of the first."""
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for cell in (c for c in cells if not fine(c)):
        groups.setdefault((cell["outcome"], cell["equation"], cell["property"]), []).append(cell)
    ranked = sorted(groups.items(), key=lambda item: ORDER.index(item[0][0]))
    found = []
    for (outcome, _, name), rows in ranked:
        why = first_line(rows[0])
        more = f" (and {len(rows) - 1} more cases)" if len(rows) > 1 else ""
        found.append(f"{outcome}: {name}[{rows[0]['case']}]{more}{': ' if why else ''}{why}")
    return found


def scenarios(cells: list[dict[str, Any]]) -> int:
    return sum(c.get("scenarios", 0) for c in cells)


def share(cells: list[dict[str, Any]]) -> float:
    """How much of the time was spent inside the framework."""
    whole = sum(c.get("seconds", 0.0) for c in cells)
    return sum(c.get("framework_seconds", 0.0) for c in cells) / whole if whole else 0.0


def _cut(text: str, width: int = WIDTH) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip(" ,") + "…"
