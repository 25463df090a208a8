"""A certificate as a page that a browser opens by itself, from anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def render(data: Mapping[str, Any], *, history: Sequence[Mapping[str, Any]] = (), path: Path | None = None) -> str:
    """The page of one certificate; `history` are earlier ones of the same framework, the oldest first.

    `path` is where the certificate lies, if it does: what identifies it is then read and not made once more.
    """
    from conformance.report.page import Page
    from conformance.report.rendering import rendered

    page = Page(data, history, path)
    return rendered("sections", f"{page.name}: {page.verdict.lower()}", "matrix", page=page)


def render_index(certificates: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """The page of a folder of certificates, each with its file's name; each one's own page lies beside it."""
    from conformance.report.rendering import rendered
    from conformance.report.shelf import Shelf

    return rendered("index", "Conformance certificates", "equations", shelf=Shelf(certificates))


def render_errata(notes: Sequence[Any]) -> str:
    """The page of checked notes: what is wrong in each, and what mends it."""
    from conformance.report.corrections import Errata
    from conformance.report.rendering import rendered

    errata = Errata(notes)
    return rendered("errata", f"Errata: {errata.verdict.lower()}", "errata", errata=errata)


def render_power(data: Mapping[str, Any]) -> str:
    """The page of the table that `python -m tests.power` writes."""
    from conformance.report.figures import Power
    from conformance.report.rendering import rendered

    return rendered("power", "The power of the suite", "bugs", power=Power(data))
