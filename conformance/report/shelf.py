"""Several certificates side by side: who computes what, and in which dialect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from conformance.certificate.outcomes import by_equation
from conformance.report import marks
from conformance.report.facts import Facts, facts_of
from conformance.report.model import BASE, Entry
from conformance.report.page import Page


@dataclass
class Volume:
    """A certificate of the folder, with the page that lies beside it."""

    file: str
    page: Page

    @property
    def link(self) -> str:
        return self.file.removesuffix(".json") + ".html"

    @property
    def when(self) -> str:
        return str(self.page.run.get("started", ""))[:10]

    @cached_property
    def entries(self) -> dict[str, Entry]:
        return {entry.name: entry for entry in self.page.entries}

    def form(self, name: str) -> str:
        """The form of an equation that is spoken here; nothing where it is not offered, or none fits."""
        entry = self.entries.get(name)
        if entry is None or entry.mark.key in marks.BAD | {"absent", "notrun", "lost"}:
            return ""
        return ", ".join(entry.spoken) or BASE


class Shelf:
    """What the templates of an index may ask."""

    def __init__(self, certificates: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        self.volumes = [Volume(file, Page(data)) for file, data in certificates]
        self.marks = marks.MARKS

    @cached_property
    def chapters(self) -> list[tuple[str, list[Facts]]]:
        found: dict[str, list[Facts]] = {}
        for name in dict.fromkeys(n for v in self.volumes for n in v.entries):
            facts = facts_of(name)
            found.setdefault(facts.chapter, []).append(facts)
        return list(found.items())

    def agreeing(self, name: str) -> str:
        """How many of those who compute an equation compute the same form of it."""
        forms = Counter(filter(None, (v.form(name) for v in self.volumes)))
        if not forms:
            return "none"
        ((_, most),) = forms.most_common(1)
        return f"{most} of {sum(forms.values())}"

    conforming = staticmethod(by_equation)
