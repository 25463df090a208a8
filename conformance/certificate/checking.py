"""A certificate is believed when it has its form and its counts are those of its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from conformance.certificate import form
from conformance.certificate.form import Rule

HEAD = ("identity", "choice", "run", "planned")


class CertificateError(Exception):
    """A certificate cannot be written, read, or put together with another; why fits on one line, whatever it holds."""

    def __init__(self, says: str) -> None:
        super().__init__("".join(c if c.isprintable() else ascii(c)[1:-1] for c in says))


class NoCertificate(CertificateError):
    """Some other JSON, which does not even say that it is one."""


def check(data: Any) -> None:
    """Nothing is returned: the first thing that is wrong is an error that shows it."""
    if not isinstance(data, dict):
        raise CertificateError(f"a certificate is an object, and this is {shown(data)}")
    if data.get("schema") != form.VERSION or isinstance(data.get("schema"), bool):
        raise CertificateError(f"schema version {shown(data.get('schema'))}; this release writes {form.VERSION}")
    _all(data, form.TOP, "the certificate")
    _known(data, {"schema", "shards", *form.TOP}, "the certificate")
    if not form.ROWS[0](data.get("shards", [])):
        raise CertificateError(f"the shards are {shown(data['shards'])} instead of {form.ROWS[1]}")
    for part, where in ((data, ""), *((shard, " of a shard") for shard in data.get("shards", []))):
        _all(part, dict.fromkeys(HEAD, form.OBJECT), f"the head{where}")
        _all(part["identity"], form.IDENTITY, f"the identity{where}")
        _all(part["choice"], form.CHOICE, f"the choice{where}")
        _all(part["run"], form.RUN, f"the run{where}")
        _all(part["planned"], form.PLANNED, f"what was planned{where}")
    for i, erratum in enumerate(data["errata"]):
        _some(erratum, form.ERRATUM, f"erratum {i + 1}")
    _cells(data)
    _sums(data)


def _cells(data: Mapping[str, Any]) -> None:
    framework = data["identity"]["framework"]
    seen: set[tuple[str, str]] = set()
    for i, cell in enumerate(data["cells"]):
        where = f"cell {i + 1}"
        _all(cell, form.WHERE, where)
        where = f"{cell['property']}[{cell['case']}]"
        own = f"{cell['equation']}-{framework}-{cell['device']}-{cell['dtype']}-{cell['mode']}"
        if cell["case"] != own:
            raise CertificateError(f"{where}: by its equation, device, dtype and mode its case is {own}")
        _some({k: v for k, v in cell.items() if k not in form.WHERE}, form.FOUND, where)
        _some(cell.get("dialect", {}), form.DIALECT, f"the dialect of {where}")
        _some(cell.get("counterexample", {}), form.COUNTEREXAMPLE, f"the counterexample of {where}")
        if cell.get("undecided", 0) > cell.get("judged", 0):
            raise CertificateError(f"{where}: {cell['undecided']} undecided of {cell.get('judged', 0)} judged")
        if (key := (cell["case"], cell["property"])) in seen:
            raise CertificateError(f"{where} is there twice")
        seen.add(key)
    cases = len({case for case, _ in seen})
    if cases > data["planned"]["cells"]:
        raise CertificateError(f"{cases} cases, where {data['planned']['cells']} were planned")


def _sums(data: Mapping[str, Any]) -> None:
    counted = counts_of(data["cells"])
    if counted != data["counts"]:
        raise CertificateError(f"the cells are {_tally(counted)}, but the counts say {_tally(data['counts'])}")
    regions = regions_of(data["cells"])
    for name in sorted({*regions, *data["regions"]}):
        if regions.get(name, 0) != data["regions"].get(name, 0):
            raise CertificateError(
                f"the cells have {regions.get(name, 0)} scenarios of the region {name!r}, "
                f"but the sum says {data['regions'].get(name, 0)}"
            )


def counts_of(cells: list[dict[str, Any]]) -> dict[str, int]:
    """How many cells came to each outcome."""
    return dict(sorted(Counter(cell["outcome"] for cell in cells).items()))


def regions_of(cells: list[dict[str, Any]]) -> dict[str, int]:
    """How many scenarios of each region were judged for the values."""
    found: Counter[str] = Counter()
    for cell in cells:
        if cell["property"] == "value":
            found.update(cell.get("regions", {}))
    return dict(found.most_common())


def _all(data: Mapping[str, Any], rules: Mapping[str, Rule], where: str) -> None:
    missing = [name for name in rules if name not in data]
    if missing:
        raise CertificateError(f"{where} has no {' and no '.join(map(repr, missing))}")
    _some({name: data[name] for name in rules}, rules, where)


def _some(data: Mapping[str, Any], rules: Mapping[str, Rule], where: str) -> None:
    _known(data, rules, where)
    for name, value in data.items():
        holds, what = rules[name]
        if not holds(value):
            raise CertificateError(f"{where}: {name!r} is {shown(value)} instead of {what}")


def _known(data: Mapping[str, Any], names: Any, where: str) -> None:
    if unknown := [name for name in data if name not in names]:
        raise CertificateError(f"{where} has {shown(unknown[0])}, which version {form.VERSION} does not know")


def _tally(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items()) or "none"


def shown(value: Any) -> str:
    """A value as an error shows it: on one line, and no longer than that."""
    text = ascii(value) if isinstance(value, str | int | float | bool | type(None)) else f"{type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."
