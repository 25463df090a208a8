"""What a page shows of a certificate: its cells by equation, and what about them needs a reader's eye."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from conformance.report import marks, plots
from conformance.report.facts import Facts, facts_of
from conformance.report.marks import BAD, Mark, Row, joined, mark_of

BASE = "the equation"
Column = tuple[str, str, str]  # device, mode, dtype


@dataclass
class Config:
    """One case: an equation on one device, in one mode and dtype, with what every property said."""

    column: Column
    case: str
    rows: list[Row] = field(default_factory=list)

    @cached_property
    def mark(self) -> Mark:
        return joined(self.rows)

    @cached_property
    def value(self) -> Row:
        """The row that tells most about numbers: of the values, else of what has any."""
        named = {str(r.get("property")): r for r in self.rows}
        return named.get("value") or named.get("random") or next(iter(self.rows), {})

    @property
    def strain(self) -> str:
        """The worst strain that counts; nothing where nothing was judged."""
        found = [plots.number(r["strain"]) for r in self.rows if "strain" in r and r.get("letter")]
        return plots.shown(max(found)) if found else ""

    @property
    def counts(self) -> dict[str, int]:
        """How many strains lie in each power of two."""
        return dict(self.value.get("histogram", {}))

    @property
    def bad(self) -> list[Row]:
        return [r for r in self.rows if mark_of(r).key in BAD]

    @property
    def said(self) -> str:
        """The cell in words, for who does not see it."""
        strain = f", worst strain {self.strain}" if self.strain else ""
        return f"{' '.join(self.column)}: {self.mark.word}{strain}"


@dataclass
class Entry:
    """An equation with all of its cases."""

    facts: Facts
    configs: dict[Column, Config] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.facts.name

    @cached_property
    def mark(self) -> Mark:
        found = [c.mark for c in self.configs.values() if c.mark.key != "absent"]
        return min(found, key=lambda m: marks.ORDER[m.key]) if found else marks.BY_KEY["absent"]

    @property
    def bad(self) -> list[tuple[Config, Row]]:
        return [(config, row) for config in self.configs.values() for row in config.bad]

    @cached_property
    def spoken(self) -> dict[str, int]:
        """The dialects that its cases speak, and on how many numbers that was told from the equation."""
        found: Counter[str] = Counter()
        for config in self.configs.values():
            dialect = config.value.get("dialect", {})
            form = str(dialect.get("spoken", ""))
            if form not in ("", BASE, "none"):
                found[form] += int(dialect.get("told apart", {}).get(BASE, 0))
        return dict(found)

    @property
    def told(self) -> dict[str, int]:
        """On how many numbers each form was told from the one that is spoken."""
        found: Counter[str] = Counter()
        for config in self.configs.values():
            found.update(config.value.get("dialect", {}).get("told apart", {}))
        return dict(found)

    @property
    def waivers(self) -> list[tuple[str, str, list[str]]]:
        """Reasons, links, and the cells that they are about."""
        found: dict[tuple[str, str], list[str]] = {}
        for config in self.configs.values():
            for row in config.rows:
                if waiver := row.get("waiver"):
                    place = f"{row.get('property')} {' '.join(config.column)}"
                    found.setdefault((str(waiver.get("reason", "")), link(waiver.get("url"))), []).append(place)
        return [(reason, url, places) for (reason, url), places in found.items()]

    @property
    def curve(self) -> tuple[str, list[tuple[float, float, str]]]:
        """The case whose strain depends most on the size of its input, and the points."""
        drawn = [(c, c.value.get("curve", {})) for c in self.configs.values() if len(c.value.get("curve", {})) > 2]
        if not drawn:
            return "", []
        config, points = max(drawn, key=lambda pair: max(plots.number(s) for s in pair[1].values()))
        return " ".join(config.column), plots.curve(points, self.high)

    @cached_property
    def high(self) -> int:
        """Where the plots of this equation end: far beyond the bound only if something is."""
        beyond = any(name == "inf" or int(name) > 0 for c in self.configs.values() for name in c.counts)
        steep = any(plots.number(s) > 1 for c in self.configs.values() for s in c.value.get("curve", {}).values())
        return plots.HIGH if beyond or steep else plots.CALM

    def outline(self, config: Config) -> str:
        """The histogram of one case."""
        return plots.histogram(config.counts, self.high)

    @property
    def examples(self) -> list[tuple[Config, Row]]:
        """Counterexamples, one of each property."""
        found: dict[str, tuple[Config, Row]] = {}
        for config, row in self.bad:
            if row.get("counterexample") or row.get("message"):
                found.setdefault(str(row.get("property")), (config, row))
        return list(found.values())


@dataclass
class Chapter:
    """Equations with the columns that any of them has."""

    name: str
    entries: list[Entry]

    @cached_property
    def columns(self) -> list[Column]:
        return list(dict.fromkeys(c for e in self.entries for c in e.configs))

    @property
    def heads(self) -> list[tuple[str, int, int]]:
        """Device and mode over their dtypes: what it says, how wide it is, and where it begins."""
        found: list[tuple[str, int, int]] = []
        for i, (device, mode, _) in enumerate(self.columns):
            text = f"{device} {mode}"
            if found and found[-1][0] == text:
                found[-1] = (text, found[-1][1] + 1, found[-1][2])
            else:
                found.append((text, 1, i))
        return found


def entries_of(cells: Sequence[Row]) -> list[Entry]:
    """The equations of a certificate in the order in which it has them, columns sorted by mode."""
    found: dict[str, Entry] = {}
    for row in cells:
        name = str(row.get("equation", ""))
        if name not in found:
            found[name] = Entry(facts_of(name))
        column = str(row.get("device", "")), str(row.get("mode", "")), str(row.get("dtype", ""))
        configs = found[name].configs
        if column not in configs:
            configs[column] = Config(column, str(row.get("case", "")))
        configs[column].rows.append(row)
    return list(found.values())


def chapters_of(entries: Sequence[Entry]) -> list[Chapter]:
    """Equations by chapter; within one, columns of a mode stand together."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.facts.chapter, []).append(entry)
    chapters = [Chapter(name, group) for name, group in found.items()]
    for chapter in chapters:
        first = {c[:2]: i for i, c in reversed(list(enumerate(chapter.columns)))}
        chapter.columns.sort(key=lambda c: first[c[:2]])
    return chapters


def link(url: Any) -> str:
    """A link that a page may carry: another scheme than https is none."""
    return str(url) if str(url).startswith("https://") else ""


def by_place(data: Mapping[str, Any]) -> dict[tuple[str, str], Row]:
    """The cells of a certificate by case and property."""
    return {(str(c.get("case")), str(c.get("property"))): c for c in data.get("cells", [])}
