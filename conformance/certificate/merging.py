"""Parts of one certificate, from several machines or devices, are one certificate when they certify the same thing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from conformance.certificate.checking import CertificateError, check, counts_of, regions_of, shown
from conformance.certificate.form import VERSION

Part = tuple[str, dict[str, Any]]  # where it was read, and what it says

SAME: dict[str, Callable[[dict[str, Any]], Any]] = {
    "the framework": lambda d: d["identity"]["framework"],
    "its version": lambda d: d["identity"]["version"],
    "the commit": lambda d: d["identity"]["commit"] or "none",
    "the seed": lambda d: d["choice"]["seed"],
    "the effort": lambda d: d["choice"]["effort"],
}


def merge(parts: Sequence[Part], *, last: bool = False) -> dict[str, Any]:
    """One certificate of several. A cell that two of them have differently is an error, or the later one's."""
    if not parts:
        raise CertificateError("there is nothing to merge")
    _belong_together(parts)
    datas = [data for _, data in parts]
    cells = _cells(parts, last=last)
    missing = sum(d["planned"]["cells"] - len({c["case"] for c in d["cells"]}) for d in _distinct(datas))
    merged: dict[str, Any] = {
        "schema": VERSION,
        "partial": any(d["partial"] for d in datas),
        "identity": _identity(parts),
        "choice": _choice(datas),
        "run": _run(datas),
        "planned": {
            "cells": len({c["case"] for c in cells}) + missing,
            "offered": max(d["planned"]["offered"] for d in datas),
        },
        "counts": counts_of(cells),
        "regions": regions_of(cells),
        "errata": _once(e for d in datas for e in d["errata"]),
        "shards": shards(datas),
        "cells": cells,
    }
    if len(merged["shards"]) == 1:  # the same thing, given twice
        del merged["shards"]
    check(merged)
    return merged


def shards(datas: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of what a merged certificate was put together: the identity, the choice and the time of each part, once."""
    own = ("identity", "choice", "run", "planned")
    return _once(s for d in datas for s in d.get("shards") or [{name: d[name] for name in own}])


def _belong_together(parts: Sequence[Part]) -> None:
    (first, one), *rest = parts
    for name, other in rest:
        differing = [
            f"{what} is {_short(of(one))} and {_short(of(other))}" for what, of in SAME.items() if of(one) != of(other)
        ]
        versions = one["identity"]["versions"], other["identity"]["versions"]
        differing += [
            f"{key} is {versions[0].get(key, 'absent')} and {versions[1].get(key, 'absent')}"
            for key in dict.fromkeys((*versions[0], *versions[1]))
            if versions[0].get(key) != versions[1].get(key)
        ]
        facts = one["identity"]["facts"], other["identity"]["facts"]
        differing += [f"the facts of {k} differ" for k in facts[0] if k in facts[1] and facts[0][k] != facts[1][k]]
        if differing:
            raise CertificateError(f"{first} and {name} do not belong together: {'; '.join(differing)}")


def _cells(parts: Sequence[Part], *, last: bool) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    origin: dict[tuple[str, str], str] = {}
    for name, data in parts:
        for cell in data["cells"]:
            key = cell["case"], cell["property"]
            known = found.get(key)
            if known is not None and not last and _verdict(known) != _verdict(cell):
                raise CertificateError(
                    f"{cell['property']}[{cell['case']}] is {_said(known)} in {origin[key]} and {_said(cell)} in "
                    f"{name}; with --last the later one counts"
                )
            if known is None or (last and not (known["outcome"] != "lost" and cell["outcome"] == "lost")):
                found[key], origin[key] = cell, name
    order = {case: i for i, case in enumerate(dict.fromkeys(case for case, _ in found))}
    return sorted(found.values(), key=lambda cell: (order[cell["case"]], cell["property"]))


def _verdict(cell: dict[str, Any]) -> tuple[Any, ...]:
    return cell["outcome"], cell.get("letter"), cell.get("dialect", {}).get("spoken")


def _said(cell: dict[str, Any]) -> str:
    outcome, letter, spoken = _verdict(cell)
    return " ".join(filter(None, [outcome, letter and f"({letter})", spoken and f"speaking {spoken!r}"]))


def _identity(parts: Sequence[Part]) -> dict[str, Any]:
    """What may differ between machines is listed; each part's own words stay in the shards."""
    all_ = [data["identity"] for _, data in parts]
    found = dict(all_[0])
    for name in ("python", "platform", "processor"):
        found[name] = ", ".join(dict.fromkeys(i[name] for i in all_))
    names = dict.fromkeys(k for i in all_ for k in i["build"])
    found["build"] = {k: ", ".join(dict.fromkeys(i["build"][k] for i in all_ if k in i["build"])) for k in names}
    found["devices"] = list(dict.fromkeys(d for i in all_ for d in i["devices"]))
    found["facts"] = {k: v for i in all_ for k, v in i["facts"].items()}
    found["dirty"] = any(i["dirty"] for i in all_)
    return found


def _choice(datas: Sequence[dict[str, Any]]) -> dict[str, Any]:
    found = dict(datas[0]["choice"])
    for name in ("equations", "devices", "dtypes", "modes"):
        asked = [d["choice"][name] for d in datas]
        everything = name == "devices" and not all(asked)  # none that was named means all that exist
        found[name] = [] if everything else list(dict.fromkeys(x for names in asked for x in names))
    found["limit"] = max(d["choice"]["limit"] for d in datas)
    return found


def _run(datas: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The time is that of all parts together, as if one machine had done them in turn."""
    runs = _distinct(datas)
    return {
        "started": min(d["run"]["started"] for d in runs),
        "seconds": round(sum(d["run"]["seconds"] for d in runs), 3),
        "workers": max(d["run"]["workers"] for d in runs),
    }


def _distinct(datas: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what was given twice."""
    return _once(iter(datas))


def _once(things: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for thing in things:
        if thing not in found:
            found.append(thing)
    return found


def _short(value: Any) -> str:
    return value if isinstance(value, str) and len(value) < 60 and value.isprintable() else shown(value)
