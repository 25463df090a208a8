"""Sections are files in a folder, put together in the order of their names; everything that is shown is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

HOME = Path(__file__).parent


def rendered(folder: str, title: str, skip: str, **what: Any) -> str:
    """The sections of a folder, each given the same, within the frame of every page."""
    names = sorted(path.name for path in (HOME / folder).glob("*.html"))
    environment = _environment()
    sections = [environment.get_template(f"{folder}/{name}").render(**what) for name in names]
    return environment.get_template("page.html").render(
        title=title, skip=skip, sections=sections, style=_own("style.css"), script=_own("script.js")
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HOME), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


@cache
def _own(name: str) -> str:
    """A file of ours, which goes into the page as it is."""
    return (HOME / name).read_text(encoding="utf-8")
