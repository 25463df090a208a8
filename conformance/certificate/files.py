"""A certificate in a file: strict JSON, a cell on a line, written whole or not at all."""

from __future__ import annotations

import json
import math
import os
import tempfile
from pathlib import Path
from typing import Any

from conformance.certificate.checking import CertificateError, check
from conformance.certificate.packing import packed, unpacked
from conformance.certificate.upgrading import upgraded

ON_LINES = ("cells", "errata", "shards")


def read(path: Path) -> dict[str, Any]:
    """A certificate in the present form, whichever it was written in, its counts checked against its cells."""
    path = Path(path)
    data = loaded(path)
    try:
        data = upgraded(data)
        if isinstance(data, dict) and isinstance(data.get("cells"), list):
            data = data | {"cells": [unpacked(cell) for cell in data["cells"]]}
        check(data)
    except CertificateError as error:
        raise type(error)(f"{path}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise CertificateError(f"{path} cannot be read as a certificate: {_first(error)}") from None
    return data  # type: ignore[no-any-return]


def loaded(path: Path, what: str = "a certificate") -> Any:
    """What a file of strict JSON holds."""
    try:
        return parsed(Path(path).read_bytes().decode("utf-8"))
    except OSError as error:
        raise CertificateError(f"{path} cannot be read as {what}: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise CertificateError(f"{path} cannot be read as {what}: {_first(error)}") from None


def _first(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def history_of(path: Path, data: dict[str, Any]) -> list[dict[str, Any]]:
    """The other whole certificates of a framework that lie in the same folder, by when their runs began."""
    found = []
    for other in sorted(path.parent.glob("*.json")):
        if other.resolve() == path.resolve():
            continue
        try:
            known = read(other)
        except CertificateError:
            continue
        if known["identity"]["framework"] == data["identity"]["framework"] and not known["partial"]:
            found.append(known)
    return sorted(found, key=lambda known: str(known["run"]["started"]))


def parsed(text: str) -> Any:
    """Strict JSON: no NaN, no number that would become infinite, no name twice in one object."""
    return json.loads(text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_once)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON; a certificate has it as text")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"the number {text[:40]} is too large")
    return number


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the name {next(n for n in names if names.count(n) > 1)!r} stands twice in one object")
    return found


def to_text(data: dict[str, Any]) -> str:
    """The certificate as its file has it: whatever is long in it stands on lines of its own, for those who compare."""
    try:
        return _text(data)
    except ValueError as error:
        raise CertificateError(f"the certificate holds what JSON has not: {error}") from None


def _text(data: dict[str, Any]) -> str:
    parts = []
    for name, value in data.items():
        if name in ON_LINES:
            rows = [_json(packed(row) if name == "cells" else row) for row in value]
            shown = "[\n" + ",\n".join(rows) + "\n]" if rows else "[]"
        else:
            shown = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
        parts.append(f"{json.dumps(name)}: {shown}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _json(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def write(data: dict[str, Any], folder: Path) -> Path:
    """A certificate has its framework's name; that of a run which did not come to its end has a name of its own."""
    partial = ".partial" if data.get("partial") else ""
    return replace_text(Path(folder) / f"{data['identity']['framework']}{partial}.json", to_text(data))


def replace_text(path: Path, text: str) -> Path:
    """A file is replaced in one move, so that whoever reads it, and whoever loses power, has the old or the new."""
    path = Path(path)
    place = path.resolve()  # through a link to what it points at
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_dir():
        raise IsADirectoryError(21, "it is a folder", str(path))
    handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))  # half a surrogate pair becomes its JSON escape
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(place)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path
