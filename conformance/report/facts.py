"""What the catalogue says of an equation; of one that it no longer has, its name is all that is known."""

from __future__ import annotations

import linecache
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile

from conformance.report.formulas import mathml
from reference.catalogue import CATALOGUE, Equation
from reference.statements import Paper, Variant


@dataclass(frozen=True)
class Source:
    """Where an equation stands: a text, and a link where there is one."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Form:
    """An equation or a dialect of it, as a reader sees it."""

    name: str
    formula: str  # HTML
    sources: tuple[Source, ...]
    differs: str = ""


@dataclass(frozen=True)
class Facts:
    """One equation."""

    name: str
    chapter: str
    says: str
    form: Form | None
    dialects: Mapping[str, Form]
    code: str

    @property
    def title(self) -> str:
        """The name without underscores."""
        words = self.name.replace("_", " ")
        return words[:1].upper() + words[1:]


def facts_of(name: str) -> Facts:
    """What is known of an equation."""
    entry = CATALOGUE.get(name)
    if entry is None:
        return Facts(name, "no longer in the catalogue", "", None, {}, "")
    dialects = {key: _form(key, dialect) for key, dialect in entry.dialects.items()}
    says = " ".join((entry.function.__doc__ or "").split())
    return Facts(name, entry.chapter, says, _form(name, entry), dialects, _code(entry))


def _form(name: str, entry: Equation | Variant) -> Form:
    sources = tuple(
        Source(f"{s.title}, {s.where}", s.url if s.url.startswith("https://") else "")
        if isinstance(s, Paper)
        else Source(str(s))
        for s in entry.sources
    )
    return Form(name, mathml(entry.latex), sources, getattr(entry, "differs", ""))


def _code(entry: Equation) -> str:
    """A function's text from its `def` to the line before the next that is not indented."""
    code = entry.function.__code__
    lines = linecache.getlines(code.co_filename)[code.co_firstlineno - 1 :]  # none in an installation without sources
    begin = next((i for i, line in enumerate(lines) if line.startswith("def ")), len(lines))
    kept = [lines[begin], *takewhile(_goes_on, lines[begin + 1 :])] if lines[begin:] else []
    return "".join(kept).rstrip()


def _goes_on(line: str) -> bool:
    return not line.strip() or line[0] in " )"
