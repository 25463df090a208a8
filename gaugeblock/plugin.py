"""The pytest plugin: it does nothing until one of our own tests is collected, and imports nothing heavy before that."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent
SUITE = HOME / "conformance"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("gaugeblock", "conformance of a framework (gaugeblock)")
    group.addoption(
        "--framework",
        default="torch",
        metavar="NAME|FILE.py",
        help="the framework to certify: the name of an adapter, or the path of a file with claims (default: torch)",
    )
    group.addoption(
        "--equations",
        default="*",
        metavar="NAMES",
        help="only these equations, separated by commas; * and ? match as in file names (default: all)",
    )


def pytest_pycollect_makemodule(module_path: Path) -> None:
    """Before a module of the suite is imported, look whether it would import its own packages."""
    if _ours(module_path):
        _refuse_strangers()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" not in metafunc.fixturenames or not _ours(Path(metafunc.definition.path)):
        return
    from conformance.loading import AdapterError, load
    from conformance.plan import PlanError, cases

    options = metafunc.config.option
    try:
        planned = cases(load(options.framework), options.equations.split(","))
    except (AdapterError, PlanError) as error:
        raise pytest.Collector.CollectError(str(error)) from None
    applies = getattr(metafunc.module, "applies", lambda _: True)  # which cases a property speaks about
    metafunc.parametrize("case", [case for case in planned if applies(case)], ids=str)


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
