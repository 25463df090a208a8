"""Certificates of earlier releases are read as if this one had written them."""

from __future__ import annotations

from typing import Any

from conformance.certificate.checking import CertificateError, NoCertificate, shown
from conformance.certificate.form import VERSION

FORMER = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def upgraded(data: Any) -> Any:
    """The present form. What an earlier one did not say stays unsaid: an empty text, an empty list."""
    version = data.get("schema") if isinstance(data, dict) else None
    if isinstance(data, dict) and version == 1 and not isinstance(version, bool):
        try:
            return _from_first(data)
        except (AttributeError, KeyError, TypeError) as error:
            raise CertificateError(f"schema version 1, but without its form: {type(error).__name__} {error}") from None
    if isinstance(data, dict) and "schema" not in data:
        raise NoCertificate("it has no 'schema', so it is no certificate")
    if isinstance(data, dict) and version != VERSION:
        raise CertificateError(f"schema version {shown(version)}; this release reads 1 to {VERSION}")
    return data


def _from_first(data: dict[str, Any]) -> dict[str, Any]:
    devices = list(dict.fromkeys(cell["device"] for cell in data["cells"]))
    identity = {"devices": devices, "commit": "", "dirty": False} | data["identity"]
    new = {"schema": VERSION, "partial": False, "errata": [], **{k: v for k, v in data.items() if k != "schema"}}
    return new | {"identity": identity, "cells": [_cell(cell) for cell in data["cells"]]}


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    """In the first form what is not finite was written as Python writes it."""
    strains = {k: FORMER.get(v, v) for k, v in cell.items() if k in ("strain", "kernel") and isinstance(v, str)}
    new = cell | strains
    if "values" in (example := cell.get("counterexample", {})):
        new["counterexample"] = example | {"values": {k: _value(v) for k, v in example["values"].items()}}
    return new


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return value | {"array": _value(value["array"])}
    if isinstance(value, list):
        return [_value(v) for v in value]
    return FORMER.get(value, value) if isinstance(value, str) else value
