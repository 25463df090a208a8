"""SARIF 2.1.0 lets a code host show an erratum beside the line in which the equation stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"wrong": "error", "misprint": "error", "undecided": "note", "unknown": "note", "dialect": "note"}


def sarif(data: dict[str, Any]) -> dict[str, Any]:
    """A run with a result for each erratum of a certificate; without errata it says that nothing was found."""
    return log(data["errata"], data["identity"]["versions"].get("gaugeblock", "0.0.0"))


def log(errata: Sequence[Mapping[str, Any]], version: str) -> dict[str, Any]:
    """A run with a result for each erratum; `rule`, `end` and `replacements` of one may say more than a certificate."""
    verdicts = list(dict.fromkeys(map(_rule, errata)))
    rules = [{"id": name, "shortDescription": {"text": f"An equation in a text: {name}"}} for name in verdicts]
    tool = {"name": "gaugeblock", "semanticVersion": version, "rules": rules}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": tool},
                "columnKind": "unicodeCodePoints",
                "results": [_result(erratum, verdicts) for erratum in errata],
            }
        ],
    }


def _rule(erratum: Mapping[str, Any]) -> str:
    return str(erratum.get("rule") or erratum.get("verdict") or "erratum")


def _result(erratum: Mapping[str, Any], verdicts: list[str]) -> dict[str, Any]:
    verdict = str(erratum.get("verdict") or "erratum")
    said = [str(erratum[name]) for name in ("reason", "text") if erratum.get(name)]
    if corrected := erratum.get("corrected"):
        said.append(f"corrected: {corrected}")
    region: dict[str, Any] = {"startLine": max(1, erratum.get("line", 1))}
    if column := erratum.get("column", 0):
        region["startColumn"] = column
    if end := erratum.get("end"):
        region |= {"endLine": end[0], "endColumn": end[1]}
    place = {"artifactLocation": {"uri": _uri(str(erratum.get("file", "unknown")))}, "region": region}
    properties = {k: erratum[k] for k in ("equation", "dialect", "counterexample", "corrected") if erratum.get(k)}
    result = {
        "ruleId": _rule(erratum),
        "ruleIndex": verdicts.index(_rule(erratum)),
        "level": erratum.get("level") or LEVELS.get(verdict, "warning"),
        "message": {"text": "\n".join(said) or verdict},
        "locations": [{"physicalLocation": place}],
        "properties": properties,
    }
    if replacements := erratum.get("replacements"):
        result["fixes"] = [_fix(replacements, place["artifactLocation"])]
    return result


def _fix(replacements: Sequence[tuple[tuple[int, int], tuple[int, int], str]], location: Any) -> dict[str, Any]:
    """A repair: from a line and column to another, and the text that goes there."""
    made = [
        {
            "deletedRegion": {"startLine": a[0], "startColumn": a[1], "endLine": b[0], "endColumn": b[1]},
            "insertedContent": {"text": text},
        }
        for a, b, text in replacements
    ]
    change = {"artifactLocation": location, "replacements": made}
    return {"description": {"text": "the smallest change after which it is right"}, "artifactChanges": [change]}


def _uri(file: str) -> str:
    """A path as an address: a relative one stays so."""
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
