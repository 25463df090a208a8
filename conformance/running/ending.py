"""A run ends with its certificate, the page that shows it, and a word where the machine that ran it wants one."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from conformance.certificate import Certificate, CertificateError, check, history_of, replace_text, write
from conformance.running.journal import Journal
from conformance.running.recovering import died, gathered, journals, plan_of
from conformance.running.summary import lines

SHOWN = 2  # dead runs that the header mentions


class Ending:
    """What was written where, and what could not be."""

    def __init__(self, certificate: Certificate, journal: Journal) -> None:
        self.certificate, self.journal = certificate, journal
        self.data: dict[str, Any] = {}
        self.written: list[tuple[str, Path]] = []
        self.problems: list[str] = []

    def write(self, folder: Path, *, started: float, workers: int) -> None:
        """The journal is kept until the certificate is safe. Nothing that fails here fails the run."""
        if self.certificate.partial:
            gathered(self.certificate, self.journal)
        self.certificate.finish(started=started, workers=workers)
        if not self.certificate.found:
            self._forget(folder)
            return
        self.data = self.certificate.to_data()
        try:
            check(self.data)
        except CertificateError as error:
            self.problems.append(f"the certificate will not be readable: {error}")
        try:
            path = write(self.data, folder)
        except (OSError, CertificateError) as error:
            self.problems.append(f"the certificate was not written: {error}")
            self.journal.release()
            self.problems.append(f"its journal is kept: gaugeblock report recover {self.journal.folder} -o FILE")
            return
        self.written.append(("certificate", path))
        self._forget(folder)
        self._page(path)
        self._step_summary()

    def lines(self, *, quiet: bool) -> list[tuple[str, bool]]:
        """At most twenty lines, and which of them are bad news."""
        data = self.data or self.certificate.to_data()
        written = [f"{what}: {path}" for what, path in (self.written[:1] if quiet else self.written)]
        return [(line, line in self.problems) for line in lines(data, [*written, *self.problems], quiet=quiet)]

    def _forget(self, folder: Path) -> None:
        self.journal.discard()
        try:
            folder.rmdir()  # only where nothing lies in it
        except OSError:
            return

    def _page(self, path: Path) -> None:
        try:
            from conformance.report import render  # type: ignore[import-not-found,unused-ignore]

            page = render(self.data, history=history_of(path, self.data), path=path)
            self.written.append(("page", replace_text(path.with_suffix(".html"), page)))
        except Exception as error:  # noqa: BLE001 - the certificate stands, whatever becomes of its page
            if getattr(error, "name", "") != "conformance.report":  # which a release may come without
                said = " ".join(f"{type(error).__name__}: {error}".split())
                self.problems.append(f"the page was not written: {said[:200]}")

    def _step_summary(self) -> None:
        if not (place := os.environ.get("GITHUB_STEP_SUMMARY")):
            return
        from conformance.export.markdown import summary

        try:
            with Path(place).open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(summary(self.data))
        except OSError as error:
            self.problems.append(f"the step summary was not written: {error}")


def journals_beside(own: Path) -> list[str]:
    """Runs that died in the same folder, whose findings can still be had."""
    found = [other for other in journals(own.parent) if other != own and died(other)] if own.parent.exists() else []
    return [
        f"gaugeblock: a run of {_when(other)} died; gaugeblock report recover {other} makes a certificate of it"
        for other in found[:SHOWN]
    ]


def _when(journal: Path) -> str:
    try:
        return datetime.fromtimestamp(float(plan_of(journal)["started"])).astimezone().isoformat(" ", "minutes")[:16]
    except (CertificateError, KeyError, TypeError, ValueError, OverflowError, OSError):
        return "an unknown time"
