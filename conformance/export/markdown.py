"""A build's page has room for a verdict and a table of what failed."""

from __future__ import annotations

from typing import Any

from conformance.certificate.outcomes import by_equation, fine, first_line, spoken

ROWS = 40
INSTEAD = {"|": "\\|", "<": "&lt;", ">": "&gt;", "`": "'", "\n": " "}


def summary(data: dict[str, Any]) -> str:
    """At most sixty lines of Markdown."""
    identity, cells = data["identity"], data["cells"]
    good, all_ = by_equation(cells)
    counts = ", ".join(f"{n} {name}" for name, n in sorted(data["counts"].items(), key=lambda item: -item[1]))
    lines = [
        f"## {cell_text(identity['framework'])} {cell_text(identity['version'])}: {good} of {all_} equations conform",
        "",
        f"{sum(map(fine, cells))} of {len(cells)} cells conform: {counts}. Seed {data['choice']['seed']}, effort "
        f"{cell_text(data['choice']['effort'])}." + (" The run did not come to its end." if data["partial"] else ""),
        "",
    ]
    spoken_here = list(dict.fromkeys(f"{c['equation']} ({spoken(c)})" for c in cells if spoken(c)))
    if spoken_here:
        lines += [f"Dialects: {cell_text(', '.join(spoken_here), 1000)}", ""]
    bad = [cell for cell in cells if not fine(cell)]
    if bad:
        lines += ["| outcome | property | case | why |", "| --- | --- | --- | --- |"]
        for cell in bad[:ROWS]:
            shown = (cell["outcome"], cell["property"], cell["case"], first_line(cell, 160))
            lines.append(f"| {' | '.join(map(cell_text, shown))} |")
        lines.append("")
        if len(bad) > ROWS:
            lines += [f"… and {len(bad) - ROWS} more.", ""]
    return "\n".join(lines) + "\n"


def cell_text(text: str, width: int = 200) -> str:
    """Text that stays inside its cell of a table."""
    safe = "".join(INSTEAD.get(c, c if c.isprintable() else " ") for c in str(text)[:width])
    return safe.strip()
