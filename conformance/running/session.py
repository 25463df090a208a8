"""One run of the suite: the plan, who runs what, the time that a case may take, and the certificate at the end."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, time
from typing import Any

import pytest

from conformance.calling.loading import Adapter, load
from conformance.certificate import Certificate
from conformance.counterexample.replay import ReplayError, recorded, replay_only, wanted
from conformance.evidence import Evidence
from conformance.plan import Case, Cell, Plan, PlanError
from conformance.running.announcing import header
from conformance.running.choosing import chosen_by, replayed_choice, report_folder, workers_of
from conformance.running.ending import Ending
from conformance.running.inquiry import planned
from conformance.running.journal import Journal
from conformance.running.limits import TimeLimit, time_limit

PAYLOAD = "gaugeblock"
INTERNAL = pytest.ExitCode.INTERNAL_ERROR
NOTHING_CERTIFIED = 5  # pytest's own code for a run in which nothing was tested


class Session:
    """What the plugin keeps for a run, in the controller and in each worker."""

    def __init__(self, config: pytest.Config, listen: Callable[[Session], None]) -> None:
        self.config = config
        self.listen = listen
        self.given: dict[str, Any] | None = getattr(config, "workerinput", {}).get(PAYLOAD)
        self.plan: Plan | None = None
        self.replay: list[dict[str, Any]] = []
        self.journal: Journal | None = None
        self.certificate: Certificate | None = None
        self.ending: Ending | None = None
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
            keeps = not (self.replay or self.config.option.collectonly)
            beside = report_folder(self.config) if keeps else None
            self.journal = Journal.begun(beside, str(self.plan.identity.get("framework", "run")))
            self.journal.plan(self.plan.to_data(), started=self.started, workers=workers_of(self.config))
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
        gc.collect()
        gc.freeze()  # all that was imported and collected stays: looking for garbage in it takes a thirtieth of a run

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
        except KeyboardInterrupt:
            evidence.outcome, evidence.message = "lost", "the run was interrupted before the case ended"
            raise
        except Exception as error:
            if not isinstance(error, pytest.fail.Exception | pytest.skip.Exception | pytest.xfail.Exception):
                evidence.outcome, evidence.message = "error", f"{type(error).__name__}: {error}"
            raise
        finally:
            evidence.seconds = perf_counter() - began
            payload = evidence.to_json()
            item.user_properties.append((PAYLOAD, payload))
            if evidence.outcome != "lost":
                self.journal.found(str(case), case.property_name, payload)
                self.journal.end(item.nodeid, evidence.outcome)

    def ended(self, item: pytest.Item) -> None:
        """The evidence has crossed with the call; what follows it carries only what other reports have room for."""
        case = item.callspec.params["case"] if hasattr(item, "callspec") else None
        if isinstance(case, Case):  # a property that speaks about none of the cases is skipped as a whole
            item.user_properties[:] = _without_payload(item.user_properties) + case.evidence.brief()

    def note(self, report: pytest.TestReport) -> None:
        """The controller hears of a case: from the worker that ran it, or that it died there."""
        case = case_of(report.nodeid)
        if self.certificate is None or not case or self.journal is None:
            return
        payload: Any = dict(report.user_properties).get(PAYLOAD)
        name = property_of(report.nodeid.partition("[")[0].rpartition("::")[2])
        if report.when == "call" and payload is not None:
            self.certificate.add(case, name, payload)
            report.user_properties[:] = _without_payload(report.user_properties)
        elif report.failed:  # in setup, or with the worker
            late = self.journal.was_late(report.nodeid)
            outcome = "time limit" if late else "crashed" if report.when not in ("setup", "teardown") else "error"
            said = "it ran past its time limit, and the process was ended" if late else str(report.longrepr)[:500]
            payload = Evidence(outcome=outcome, message=said).to_json()
            self.certificate.add(case, name, payload)
            self.journal.found(case, name, payload)

    # The end ------------------------------------------------------------------------------------------

    def header(self) -> list[str]:
        """What the controller is about to do."""
        if self.certificate is None or self.plan is None or self.journal is None:
            return []
        writes = not (self.replay or self.config.option.collectonly)
        return header(self.plan, self.journal.folder if writes else None)

    def finish(self, session: pytest.Session) -> None:
        """Write the certificate, and make sure that a run which certified nothing does not look green."""
        found, journal = self.certificate, self.journal
        if found is None or journal is None:
            return
        if self.config.option.collectonly:
            journal.discard()
            return
        stopped = session.shouldfail or session.shouldstop
        found.partial = bool(stopped) or int(session.exitstatus) in (pytest.ExitCode.INTERRUPTED, INTERNAL)
        if int(session.exitstatus) == 0 and not any(c["outcome"] == "passed" for c in found.cells):
            session.exitstatus = NOTHING_CERTIFIED
        self.ending = Ending(found, journal)
        if self.replay:
            journal.discard()
            return
        self.ending.write(report_folder(self.config), started=self.started, workers=workers_of(self.config))

    def summarize(self, reporter: Any) -> None:
        """The verdict in a few lines."""
        if self.certificate is None or self.plan is None or self.ending is None or not self.certificate.found:
            if self.certificate is not None and not self.config.option.collectonly:
                reporter.write_line("nothing was certified: no case was run", red=True)
            return
        quiet = self.config.get_verbosity() < 0
        reporter.section(f"{self.plan.identity.get('framework', '')} {self.plan.identity.get('version', '')}")
        for line, marked in self.ending.lines(quiet=quiet):
            reporter.write_line(line, red=marked)


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


def property_of(function: str) -> str:
    return function.removeprefix("test_")


def case_of(nodeid: str) -> str:
    """The case between the brackets of a test's id."""
    return nodeid.partition("[")[2].rstrip("]")


def _without_payload(properties: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in properties if name != PAYLOAD]


__all__ = ["Cell", "Session"]
