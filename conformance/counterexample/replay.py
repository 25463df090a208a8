"""A counterexample travels as data: written into the certificate, read back, and replayed exactly."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from conformance.certificate import CertificateError, read
from conformance.certificate.form import NOT_FINITE
from conformance.evidence import plain

if TYPE_CHECKING:
    from conformance.judging.expected import Expected
    from conformance.plan import Case

KINDS = {"f": "float", "i": "int", "u": "int", "b": "bool"}


class ReplayError(Exception):
    """A certificate holds no such counterexample."""


def encoded(values: Mapping[str, Any]) -> dict[str, Any]:
    """An input as JSON: Python writes a float with as many digits as give it back exactly."""
    return {name: _encoded(value) for name, value in values.items()}


def _encoded(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return {"array": plain(value.tolist()), "kind": KINDS[value.dtype.kind], "shape": list(value.shape)}
    return plain(value)


def decoded(data: Mapping[str, Any]) -> dict[str, Any]:
    """What `encoded` wrote."""
    found: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, Mapping):
            array = np.asarray(_numbers(value["array"]), dtype=value["kind"])
            found[name] = array.reshape(value["shape"])
        else:
            found[name] = float(value) if value in NOT_FINITE else value
    return found


def _numbers(x: Any) -> Any:
    return [_numbers(e) for e in x] if isinstance(x, list) else float(x) if isinstance(x, str) else x


def asked(option: str) -> tuple[str, str]:
    """FILE::CASE, as `--from-report` takes it."""
    path, found, case = option.partition("::")
    if not found or not case:
        raise ReplayError(
            f"--from-report={option}: give FILE::CASE, such as reports/latest/torch.json::adam-torch-cpu-float32-loop"
        )
    return path, case


def recorded(option: str) -> dict[str, Any]:
    """The row of a certificate that holds the counterexample of a case."""
    path, case = asked(option)
    try:
        data = read(Path(path))
    except CertificateError as error:
        raise ReplayError(f"--from-report={option}: {path} is no certificate: {error}") from None
    rows = [row for row in data["cells"] if row["case"] == case]
    with_input = [row for row in rows if row.get("counterexample", {}).get("values")]
    if not with_input:
        what = "holds no counterexample for it" if rows else "knows no such case"
        raise ReplayError(f"--from-report={option}: {path} {what}")
    return {"rows": with_input, "choice": data["choice"]}


_REPLAY: dict[tuple[str, str], dict[str, Any]] = {}


def replay_only(rows: list[dict[str, Any]]) -> None:
    """From now on these cases are judged on their counterexamples alone."""
    _REPLAY.clear()
    _REPLAY.update({(row["case"], row["property"]): row["counterexample"] for row in rows})


def replayed(case: Case) -> list[Expected]:
    """The counterexample to replay, if there is one for the case."""
    from conformance.judging.expected import expected

    found = [example for (name, _), example in _REPLAY.items() if name == str(case)]
    return [expected(case, decoded(example["values"])) for example in found]


def wanted(case: str, property_name: str) -> bool:
    """Whether a property takes part in a replay, or there is none."""
    return not _REPLAY or (case, property_name) in _REPLAY
