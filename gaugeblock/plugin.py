"""The pytest plugin: it does nothing until one of our own tests is asked for, and imports nothing heavy before that."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conformance.running.session import Session

HOME = Path(__file__).resolve().parent.parent
SUITE = HOME / "conformance"
KEY: pytest.StashKey[Session] = pytest.StashKey()
PATHS = ("--framework", "--report-dir", "--from-report")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("gaugeblock", "conformance of a framework (gaugeblock)")
    add = group.addoption
    add("--framework", default="torch", metavar="NAME|FILE.py",
        help="what to certify: an adapter's name, or the path of a file with claims (default: torch)")  # fmt: skip
    add("--equations", default="*", metavar="NAMES",
        help="only these equations, separated by commas; * and ? match as in file names (default: all)")  # fmt: skip
    add("--gauge-device", default="", metavar="NAMES",
        help="cpu, cuda, cuda:1, ...; one that is not there is an error (default: all that are)")  # fmt: skip
    add("--gauge-dtype", default="*", metavar="NAMES", help="float64, float32, bfloat16, float16 (default: all)")
    add("--gauge-mode", default="*", metavar="NAMES", help="only these paths of execution (default: all)")
    add("--gauge-effort", default="standard", metavar="EFFORT",
        help="quick (about half a minute), standard (a few minutes) or exhaustive")  # fmt: skip
    add("--gauge-seed", default=0, type=int, metavar="N", help="of all that is drawn (default: 0)")
    add("--gauge-limit", default=120.0, type=float, metavar="SECONDS", help="that one case may take (default: 120)")
    add("--report-dir", default="reports/latest", metavar="DIR",
        help="where the certificate is written (default: reports/latest)")  # fmt: skip
    add("--from-report", default="", metavar="FILE::CASE",
        help="replay the counterexample of one case of a certificate, exactly")  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(args: list[str]) -> None:
    """A path after a blank moves pytest's rootdir, so that other files would be collected."""
    for option in PATHS:
        if option in args:
            raise pytest.UsageError(f"{option} takes its value after an equals sign: {option}=VALUE")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if not _asked_for(config):
        return
    from conformance.running.session import Session

    config.stash[KEY] = Session(config, Live.sessions.append)
    if getattr(config.option, "maxworkerrestart", "") is None:  # a framework that crashes must not end the run
        config.option.maxworkerrestart = str(10**6)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    if ours := session.config.stash.get(KEY, None):
        _refuse_strangers()
        ours.start()
        _describe(session.config, ours)


def pytest_report_header(config: pytest.Config) -> list[str]:
    ours = config.stash.get(KEY, None)
    return [] if ours is None else ours.header()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    if ours := node.config.stash.get(KEY, None):
        node.workerinput["gaugeblock"] = ours.for_worker(node.gateway.id)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    ours = config.stash.get(KEY, None)
    return None if ours is None else ours.scheduler(log)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> None:
    """Before a module of the suite is imported, look whether it would import its own packages."""
    if not _ours(module_path):
        return
    _refuse_strangers()
    config = parent.config
    if KEY not in config.stash:
        from conformance.running.session import Session

        config.stash[KEY] = Session(config, Live.sessions.append)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames and _ours(Path(metafunc.definition.path)):
        metafunc.config.stash[KEY].parametrize(metafunc)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if ours := config.stash.get(KEY, None):
        ours.order(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Any:
    ours = item.config.stash.get(KEY, None)
    if ours is None or not _ours(item.path):
        return (yield)
    with ours.watched(item):
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    ours = item.config.stash.get(KEY, None)
    if ours is not None and _ours(item.path):
        ours.ended(item)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    for ours in Live.sessions:
        ours.note(report)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if ours := session.config.stash.get(KEY, None):
        ours.finish(session)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if ours := config.stash.get(KEY, None):
        ours.summarize(terminalreporter)


class Live:
    """The sessions of this process that collect reports; pytest gives that hook no configuration."""

    sessions: list[Session] = []  # noqa: RUF012 - one a process


def pytest_unconfigure(config: pytest.Config) -> None:
    if (ours := config.stash.get(KEY, None)) and ours in Live.sessions:
        Live.sessions.remove(ours)


def _describe(config: pytest.Config, ours: Session) -> None:
    """Say in pytest's own XML report, if one is written, what was certified."""
    if ours.plan is None or ours.certificate is None:
        return
    from conformance.running.announcing import described

    for plugin in config.pluginmanager.get_plugins():
        if callable(add := getattr(plugin, "add_global_property", None)):
            for name, value in described(ours.plan).items():
                add(name, value)


def _asked_for(config: pytest.Config) -> bool:
    """Whether the suite is among what was asked for, or this process is a worker of a run that asked for it."""
    if hasattr(config, "workerinput"):
        return "gaugeblock" in config.workerinput
    return any(_names_us(str(argument), config) for argument in config.args)


def _names_us(argument: str, config: pytest.Config) -> bool:
    place = argument.partition("::")[0]
    if config.option.pyargs and not Path(place).exists() and place.split(".")[0] == "conformance":
        spec = find_spec("conformance")
        return spec is not None and SUITE in [Path(p).resolve() for p in spec.submodule_search_locations or []]
    path = Path(place).resolve()
    return path in (SUITE, HOME) or SUITE in path.parents


def _ours(test: Path) -> bool:
    """Whether a test belongs to the suite, told by where its file lies, not by its name."""
    return SUITE in test.resolve().parents


def _refuse_strangers() -> None:
    """The suite's own packages must be the ones that are imported, not somebody's folders of the same name."""
    for name in ("reference", "conformance"):
        spec = find_spec(name)
        places = [Path(p).resolve() for p in (spec.submodule_search_locations or [])] if spec else []
        if HOME / name not in places:
            found = ", ".join(map(str, places)) or "nothing"
            raise pytest.Collector.CollectError(
                f"the conformance suite at {SUITE} needs its own package {name!r} at {HOME / name}, but that name "
                f"means {found} here; run it from another folder, or with `pytest --pyargs conformance`"
            )
