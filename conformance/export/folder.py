"""A folder of certificates says in its README what they certify."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import quote

from conformance.certificate.outcomes import by_equation, fine
from conformance.export.markdown import cell_text

BEGIN, END = "<!-- certificates: written by `gaugeblock report index` -->", "<!-- /certificates -->"
HEAD = "# Certificates\n\nWhat each framework computes of the catalogue, as data. `index.html` shows them.\n\n"


def readme(before: str, named: list[tuple[str, dict[str, Any]]], pages: Collection[str] = ()) -> str:
    """The table between two marks; what stands around them stays, and a text without them gets it at the end."""
    made = f"{BEGIN}\n\n{table(named, pages)}\n{END}"
    head, begin, rest = before.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if begin and end:
        return head + made + tail
    return (before.rstrip() + "\n\n" if before.strip() else HEAD) + made + "\n"


def table(named: list[tuple[str, dict[str, Any]]], pages: Collection[str] = ()) -> str:
    """A row for each certificate of a folder, with a link to its page where that is among those that there are."""
    lines = [
        "| framework | version | devices | outcome | equations that conform | cells | effort | seed | begun | read |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, data in named:
        identity, choice, cells = data["identity"], data["choice"], data["cells"]
        good, all_ = by_equation(cells)
        outcome = "partial" if data["partial"] else "conforms" if good == all_ > 0 else "does not conform"
        page = name.removesuffix(".json") + ".html"
        links = [f"[data](<{quote(name)}>)", *([f"[page](<{quote(page)}>)"] if page in pages else [])]
        shown = (
            identity["framework"], identity["version"], ", ".join(identity["devices"]), outcome, f"{good} of {all_}",
            f"{sum(map(fine, cells))} of {len(cells)}", choice["effort"], str(choice["seed"]),
            data["run"]["started"][:10],
        )  # fmt: skip
        lines.append(f"| {' | '.join(map(cell_text, shown))} | {', '.join(links)} |")
    return "\n".join(lines) + "\n"
