"""What a run had found when it died stands in its journal, from which a certificate is made all the same."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from conformance.certificate import Certificate, CertificateError
from conformance.evidence import Evidence
from conformance.plan import Plan
from conformance.running.journal import EVENTS, MARK, PLAN, Journal, held


def recovered(folder: Path) -> dict[str, Any]:
    """The certificate of a run that did not come to its end, marked as partial."""
    journal, known = Journal(folder, "recovery"), plan_of(folder)
    try:
        certificate = Certificate(Plan.of_data(known["plan"]))
        started, workers = float(known["started"]), int(known["workers"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CertificateError(f"{folder / PLAN} is no plan of this release: {type(error).__name__} {error}") from None
    gathered(certificate, journal)
    if not certificate.found:
        raise CertificateError(f"{folder}: no case had begun when the run ended")
    last = max((file.stat().st_mtime for file in folder.glob(f"*{EVENTS}")), default=started)
    certificate.partial = True
    certificate.finish(started=started, workers=workers, ended=last)
    return certificate.to_data()


def gathered(certificate: Certificate, journal: Journal) -> None:
    """Add what the journal has and the certificate has not; a case that was begun and did not end is lost."""
    for cell in journal.cells():
        key = str(cell.get("case")), str(cell.get("property"))
        if key not in certificate.found and isinstance(cell.get("evidence"), dict):
            certificate.add(*key, json.dumps(cell["evidence"]))
    late = {event["late"] for event in journal.events() if "late" in event}
    for node in _begun(journal.events()):
        case = node.partition("[")[2].rstrip("]")
        name = node.partition("[")[0].rpartition("::")[2].removeprefix("test_")
        if (case, name) not in certificate.found:
            outcome, said = ("time limit", "it ran past its time limit") if node in late else ("lost", "the run ended")
            certificate.add(case, name, Evidence(outcome=outcome, message=f"{said} before the case did").to_json())


def _begun(events: Iterable[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(event["start"] for event in events if isinstance(event.get("start"), str)))


def plan_of(folder: Path) -> dict[str, Any]:
    """What a journal says of its run."""
    try:
        known = json.loads((folder / PLAN).read_text(encoding="utf-8"))
    except OSError as error:
        raise CertificateError(f"{folder} is no journal of a run: {PLAN}: {error.strerror or error}") from None
    except ValueError as error:
        raise CertificateError(f"{folder} is no journal of a run: {PLAN}: {error}") from None
    if not isinstance(known, dict):
        raise CertificateError(f"{folder} is no journal of a run: {PLAN} holds no object")
    return known


def journals(folder: Path) -> list[Path]:
    """The journals in a folder of reports, the latest first; a folder that is itself a journal stands for itself."""
    if (folder / PLAN).exists():
        return [folder]
    found = [path for path in folder.glob(f"*{MARK}*") if (path / PLAN).is_file()]
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def died(folder: Path) -> bool:
    """Whether nobody holds the journal any more, as far as this machine can tell."""
    try:
        with (folder / PLAN).open(encoding="utf-8") as file:
            return held(file) is True
    except OSError:
        return False
