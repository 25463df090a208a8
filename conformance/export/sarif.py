"""SARIF 2.1.0 lets a code host show an erratum beside the line in which the equation stands."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any
from urllib.parse import quote

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"wrong": "error", "misprint": "error", "undecided": "note", "unknown": "note", "dialect": "note"}


def sarif(data: dict[str, Any]) -> dict[str, Any]:
    """A run with a result for each erratum of a certificate; without errata it says that nothing was found."""
    errata = data["errata"]
    verdicts = list(dict.fromkeys(str(e.get("verdict") or "erratum") for e in errata))
    rules = [{"id": name, "shortDescription": {"text": f"An equation in a text: {name}"}} for name in verdicts]
    version = data["identity"]["versions"].get("gaugeblock", "0.0.0")
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


def _result(erratum: dict[str, Any], verdicts: list[str]) -> dict[str, Any]:
    verdict = str(erratum.get("verdict") or "erratum")
    said = [str(erratum[name]) for name in ("reason", "text") if erratum.get(name)]
    if corrected := erratum.get("corrected"):
        said.append(f"corrected: {corrected}")
    region: dict[str, Any] = {"startLine": max(1, erratum.get("line", 1))}
    if column := erratum.get("column", 0):
        region["startColumn"] = column
    place = {"artifactLocation": {"uri": _uri(str(erratum.get("file", "unknown")))}, "region": region}
    properties = {k: erratum[k] for k in ("equation", "dialect", "counterexample", "corrected") if erratum.get(k)}
    return {
        "ruleId": verdict,
        "ruleIndex": verdicts.index(verdict),
        "level": LEVELS.get(verdict, "warning"),
        "message": {"text": "\n".join(said) or verdict},
        "locations": [{"physicalLocation": place}],
        "properties": properties,
    }


def _uri(file: str) -> str:
    """A path as an address: a relative one stays so."""
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
