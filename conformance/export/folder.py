"""A folder of certificates says in its README what they certify."""

from __future__ import annotations

from typing import Any

from conformance.certificate.outcomes import by_equation, fine
from conformance.export.markdown import cell_text

BEGIN, END = "<!-- certificates: written by `gaugeblock report index` -->", "<!-- /certificates -->"
HEAD = "# Certificates\n\nWhat each framework computes of the catalogue, as data. `index.html` shows them.\n\n"


def readme(before: str, named: list[tuple[str, dict[str, Any]]]) -> str:
    """The table between two marks; what stands around them stays, and a text without them gets it at the end."""
    made = f"{BEGIN}\n\n{table(named)}\n{END}"
    head, begin, rest = before.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if begin and end:
        return head + made + tail
    return (before.rstrip() + "\n\n" if before.strip() else HEAD) + made + "\n"


def table(named: list[tuple[str, dict[str, Any]]]) -> str:
    """A row for each certificate of a folder."""
    lines = [
        "| framework | version | equations that conform | cells | seed | effort | begun | certificate |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, data in named:
        good, all_ = by_equation(data["cells"])
        cells = data["cells"]
        shown = (
            data["identity"]["framework"], data["identity"]["version"],
            f"{good} of {all_}{' (partial)' if data['partial'] else ''}", f"{sum(map(fine, cells))} of {len(cells)}",
            str(data["choice"]["seed"]), data["choice"]["effort"], data["run"]["started"][:10],
        )  # fmt: skip
        lines.append(f"| {' | '.join(map(cell_text, shown))} | [{cell_text(name)}](<{name}>) |")
    return "\n".join(lines) + "\n"
