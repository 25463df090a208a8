"""One run of the suite: the plan, who runs what, the time that a case may take, and the certificate at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter, time
from typing import Any

import pytest

from conformance.calling.loading import Adapter, load
from conformance.certificate import Certificate, CertificateError, write
from conformance.counterexample.replay import ReplayError, recorded, replay_only, wanted
from conformance.evidence import Evidence
from conformance.plan import Case, Cell, Choice, Plan, PlanError
from conformance.running.inquiry import planned
from conformance.running.journal import Journal
from conformance.running.limits import TimeLimit, time_limit
from conformance.running.summary import lines

PAYLOAD = "gaugeblock"
NOTHING_CERTIFIED = 5  # pytest's own code for a run in which nothing was tested


class Session:
    """What the plugin keeps for a run, in the controller and in each worker."""

    def __init__(self, config: pytest.Config, listen: Callable[[Session], None]) -> None:
        self.config = config
        self.listen = listen
        self.unwritten = ""
        self.given: dict[str, Any] | None = getattr(config, "workerinput", {}).get(PAYLOAD)
        self.plan: Plan | None = None
        self.replay: list[dict[str, Any]] = []
        self.journal: Journal | None = None
        self.certificate: Certificate | None = None
        self.written: Path | None = None
        self.started = time()

    # The plan -----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Make the plan, or take the controller's. What cannot be planned is an error of usage."""
        try:
            self._start()
        except (PlanError, ReplayError) as error:
            raise pytest.UsageError(str(error)) from None

    def _start(self) -> None:
        if self.plan is not None:
            return
        if self.given is not None:
            self.plan = Plan.of_data(self.given["plan"])
            self.replay = self.given["replay"]
            self.journal = Journal(Path(self.given["journal"]), self.given["worker"])
        else:
            choice = chosen_by(self.config)
            if option := self.config.option.from_report:
                found = recorded(option)
                self.replay = found["rows"]
                choice = replayed_choice(choice, found)
            self.plan = planned(choice)
            self.journal = Journal(Path(tempfile.mkdtemp(prefix="gaugeblock-")), "main")
            self.certificate = Certificate(self.plan)
            self.listen(self)
        replay_only(self.replay)

    def for_worker(self, worker: str) -> dict[str, Any]:
        """What a worker is told, as plain data."""
        assert self.plan is not None and self.journal is not None  # noqa: PT018 - the session has started
        return {
            "plan": self.plan.to_data(),
            "replay": self.replay,
            "journal": str(self.journal.folder),
            "worker": worker,
        }

    @property
    def adapter(self) -> Adapter:
        assert self.plan is not None
        return load(self.plan.choice.framework)

    def parametrize(self, metafunc: pytest.Metafunc) -> None:
        """Give a property the cases that it speaks about."""
        try:
            self._start()
        except (PlanError, ReplayError) as error:
            raise pytest.Collector.CollectError(str(error)) from None
        assert self.plan is not None
        name = property_of(metafunc.function.__name__)
        applies = getattr(metafunc.module, "applies", lambda _: True)
        adapter = self.adapter
        cases = [Case(cell, adapter, self.plan.choice, Evidence(), name) for cell in self.plan.cells]
        metafunc.parametrize("case", [c for c in cases if wanted(str(c), name) and applies(c)], ids=str)

    def order(self, items: list[pytest.Item]) -> None:
        """Cases that share their expected results stand together, each with its smoke case first."""
        if self.plan is None:
            return
        place = {str(cell): (i, cell.group) for i, cell in enumerate(self.plan.cells)}
        first: dict[str, int] = {}
        for i, group in place.values():
            first.setdefault(group, i)

        def key(item: pytest.Item) -> tuple[int, int, int]:
            case = case_of(item.nodeid)
            if case not in place:
                return (-1, 0, 0)
            i, group = place[case]
            return (first[group], int("test_smoke" not in item.nodeid), i)

        items.sort(key=key)

    def scheduler(self, log: Any) -> Any:
        """Hands whole groups to workers."""
        from conformance.running.scheduling import ByGroup

        assert self.plan is not None
        return ByGroup(self.config, log, {str(cell): cell.group for cell in self.plan.cells})

    # A case -------------------------------------------------------------------------------------------

    @contextmanager
    def watched(self, item: pytest.Item) -> Iterator[None]:
        """Journal a case as it starts and ends, end it when it takes too long, and hand on what it found."""
        case: Case = item.callspec.params["case"]  # type: ignore[attr-defined]
        assert self.plan is not None and self.journal is not None  # noqa: PT018 - the session has started
        evidence, began = case.evidence, perf_counter()
        self.journal.start(item.nodeid)
        try:
            with time_limit(self.plan.choice.limit, lambda: self.journal.late(item.nodeid)):  # type: ignore[union-attr]
                if (reason := self.journal.not_worth_running(item.nodeid, str(case))) is not None:
                    known = self.journal.smoked.get(str(case)) == "waived"
                    evidence.outcome, evidence.message = "waived" if known else "not run", reason
                    (pytest.xfail if known else pytest.skip)(reason)
                yield
                still_waived(case)
        except TimeLimit as error:
            evidence.outcome, evidence.message = "time limit", str(error)
            pytest.fail(f"{case}: {error}", pytrace=False)
        except Exception as error:
            if not isinstance(error, pytest.fail.Exception | pytest.skip.Exception | pytest.xfail.Exception):
                evidence.outcome, evidence.message = "error", f"{type(error).__name__}: {error}"
            raise
        finally:
            evidence.seconds = perf_counter() - began
            payload = evidence.to_json()
            item.user_properties.append((PAYLOAD, payload))
            self.journal.end(item.nodeid, evidence.outcome)

    def note(self, report: pytest.TestReport) -> None:
        """The controller hears of a case: from the worker that ran it, or that it died there."""
        case = case_of(report.nodeid)
        if self.certificate is None or not case or self.journal is None:
            return
        payload: Any = dict(report.user_properties).get(PAYLOAD)
        name = property_of(report.nodeid.partition("[")[0].rpartition("::")[2])
        if report.when == "call" and payload is not None:
            self.certificate.add(case, name, payload)
        elif report.failed:  # in setup, or with the worker
            late = self.journal.was_late(report.nodeid)
            outcome = "time limit" if late else "crashed" if report.when not in ("setup", "teardown") else "error"
            said = "it ran past its time limit, and the process was ended" if late else str(report.longrepr)[:500]
            self.certificate.add(case, name, Evidence(outcome=outcome, message=said).to_json())

    # The end ------------------------------------------------------------------------------------------

    def finish(self, session: pytest.Session) -> None:
        """Write the certificate, and make sure that a run which certified nothing does not look green."""
        if self.certificate is None or self.plan is None or self.config.option.collectonly:
            return
        found = self.certificate
        if self.journal is not None:
            shutil.rmtree(self.journal.folder, ignore_errors=True)
        found.finish(started=self.started, workers=_workers(self.config))
        if int(session.exitstatus) == 0 and not any(c["outcome"] == "passed" for c in found.cells):
            session.exitstatus = NOTHING_CERTIFIED
        if not found.cells or self.replay:
            return
        try:
            folder = (
                Path(self.config.rootpath if _in_clone(self.config) else Path.cwd()) / self.config.option.report_dir
            )
            self.written = write(found.to_data(), folder)
        except (OSError, CertificateError) as error:
            self.written = None
            self.unwritten = str(error)

    def summarize(self, reporter: Any) -> None:
        """The verdict in a few lines."""
        if self.certificate is None or self.plan is None or not self.certificate.cells:
            if self.certificate is not None and not self.config.option.collectonly:
                reporter.write_line("nothing was certified: no case was run", red=True)
            return
        quiet = self.config.get_verbosity() < 0
        reporter.section(f"{self.plan.identity.get('framework', '')} {self.plan.identity.get('version', '')}")
        for line in lines(self.certificate.to_data(), self.written)[: 2 if quiet else 20]:
            reporter.write_line(line)
        if self.unwritten:
            reporter.write_line(f"the certificate was not written: {self.unwritten}", red=True)


def still_waived(case: Case) -> None:
    """A property that passes although its deviation was accepted says that the waiver is out of date.

    What shows only sometimes is waived all the same: a framework that is known to deviate has not passed.
    """
    from conformance.verdict.accepted import waivers_of
    from conformance.verdict.ending import settle

    rows = waivers_of(case, case.property_name)
    known = [w for w in rows if not w.sometimes]
    if known and case.property_name not in ("value", "gradient") and case.choice.effort != "quick":
        case.evidence.waiver = {"reason": known[0].reason, "url": known[0].url}
        settle(case, "stale waiver", f"{case} passes, so its waiver is out of date: {known[0].reason} ({known[0].url})")
    if luck := [w for w in rows if w.sometimes]:
        case.evidence.waiver = {"reason": luck[0].reason, "url": luck[0].url, "where": luck[0].where}
        settle(case, "waived", f"not seen in this run, but known: {luck[0].reason} ({luck[0].url})")


def chosen_by(config: pytest.Config) -> Choice:
    """What the command line asks for."""
    option = config.option
    framework = option.framework
    if framework.endswith(".py"):
        framework = str((config.invocation_params.dir / framework).resolve())
    return Choice(
        framework, _split(option.equations), _split(option.gauge_device), _split(option.gauge_dtype),
        _split(option.gauge_mode), option.gauge_effort, option.gauge_seed, option.gauge_limit,
    )  # fmt: skip


def replayed_choice(choice: Choice, found: dict[str, Any]) -> Choice:
    """The framework of a certificate, unless another is asked for; and only the equation that is replayed."""
    recorded_choice = found["choice"]
    framework = recorded_choice["framework"] if choice.framework == "torch" else choice.framework
    return replace(
        choice, framework=framework, equations=(found["rows"][0]["equation"],), effort=recorded_choice["effort"]
    )


def property_of(function: str) -> str:
    return function.removeprefix("test_")


def case_of(nodeid: str) -> str:
    """The case between the brackets of a test's id."""
    return nodeid.partition("[")[2].rstrip("]")


def _split(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.split(","))))


def _workers(config: pytest.Config) -> int:
    return len(getattr(config.option, "tx", None) or []) or 1


def _in_clone(config: pytest.Config) -> bool:
    return Path(__file__).resolve().parents[2] == config.rootpath and os.access(config.rootpath, os.W_OK)


__all__ = ["Cell", "Session"]
