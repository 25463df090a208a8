"""The public names, the command and the plugin: light, clear, and out of everybody's way."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from gaugeblock.command import main
from reference.catalogue import CATALOGUE, CatalogueError, Note, Paper, UnknownEquation, chapters, equation
from reference.domain import Array, lane, real

ROOT = Path(__file__).resolve().parent.parent
NOTES = ROOT.parent / "shared" / "notes"


def run(code):
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_importing_the_catalogue_is_quick_and_brings_nothing_heavy():
    code = (
        "import time; start = time.perf_counter()\n"
        "from gaugeblock import CATALOGUE; len(CATALOGUE); took = time.perf_counter() - start\n"
        "import sys; heavy = ('torch', 'pytest', 'hypothesis', 'sympy', 'flint')\n"
        "print([m for m in heavy if m in sys.modules], took < 2)"
    )
    assert run(code) == "[] True"  # 0.5 s is the aim and 0.2 s was measured; a loaded machine gets four times that


def test_the_plugin_brings_nothing_heavy_into_everybodys_pytest():
    code = (
        "import sys, gaugeblock.plugin\n"
        "heavy = ('torch', 'hypothesis', 'sympy', 'flint', 'numpy', 'reference', 'conformance')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    assert run(code) == "[]"


def test_an_unknown_public_name_says_what_there_is():
    with pytest.raises(ImportError, match="cannot import name 'CATALOG'"):
        from gaugeblock import CATALOG  # noqa: F401


def test_the_list_shows_every_equation(capsys):
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    assert all(f"  {name} " in out for name in CATALOGUE)
    assert all(chapter in out for chapter in chapters())
    assert f"{len(CATALOGUE)} equations" in out


def test_the_list_of_one_chapter_shows_only_that(capsys):
    assert main(["list", "optimizers", "--names"]) == 0
    names = capsys.readouterr().out.split()
    assert "adam" in names
    assert "sigmoid" not in names


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_equation_can_be_explained(name, capsys):
    assert main(["explain", name]) == 0
    out = capsys.readouterr().out
    entry = CATALOGUE[name]
    for part in (
        "Formula",
        "Code",
        f"def {name}(",
        "Domain",
        "Sources",
        "Certified by",
        f"tests/test_{entry.chapter}.py",
    ):
        assert part in out
    assert all(f"{dialect}:" in out for dialect in entry.dialects)
    assert max(map(len, out.splitlines())) < 200


def test_an_unknown_name_gets_the_nearest_ones(capsys):
    assert main(["explain", "addam"]) == 2
    assert "adam" in capsys.readouterr().err
    with pytest.raises(UnknownEquation, match="no equation is called 'ada'.*adam"):
        CATALOGUE["ada"]
    assert main(["list", "optimisers"]) == 2
    assert "optimizers" in capsys.readouterr().err


def test_the_readme_shows_adam_as_it_is():
    source = inspect.getsource(CATALOGUE["adam"].function)
    shown = source[source.index("def adam") :]
    assert shown in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_gives_exactly_two_commands_for_a_fresh_machine():
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line.startswith("python -m venv")]
    assert [c.rsplit("&& ", 1)[1] for c in commands] == ["pytest -n auto", "pytest tests -n auto"]


# What the decorators refuse, by the name of the equation -------------------------------------------------

PAPER = [Paper("A title", "equation 1", "https://example.org")]


def declare(name="fresh", sources=PAPER, domain=None, latex="y = x", fact="A fact."):
    def function(x):
        return x

    function.__name__ = name
    function.__doc__ = fact
    function.__module__ = "reference.activations.fresh"
    return equation(latex=latex, sources=sources, domain=domain or dict(x=lane(real)), outputs=("y",))(function)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        (dict(name="adam"), "adam: registered twice"),
        (dict(sources=[]), "fresh: has no source"),
        (dict(sources=[Paper("A title", "", "https://example.org")]), "fresh: the source .* needs a title, a place"),
        (dict(sources=[Note("note.md")]), "fresh: the source .* needs a file and a label or a line"),
        (dict(domain=dict(y=lane(real))), r"fresh: takes \['x'\], but its domain speaks of \['y'\]"),
        (dict(domain=dict(x=3)), "fresh: x is 3, which is no kind"),
        (dict(domain=dict(x=Array(real, "N+"))), "fresh: 'N.' is not arithmetic"),
        (dict(latex=" "), "fresh: has no formula"),
        (dict(fact=""), "fresh: its docstring must begin with a fact"),
    ],
)
def test_a_wrong_declaration_is_an_error_that_names_the_equation(changes, complaint):
    CATALOGUE.load()
    with pytest.raises(CatalogueError, match=complaint):
        declare(**changes)


def test_a_variant_or_a_law_that_contradicts_its_equation_is_an_error():
    adam = CATALOGUE["adam"]
    telling = dict.fromkeys(adam.domain, 1.0)
    with pytest.raises(CatalogueError, match="adam, dialect 'other': takes"):
        adam.dialect("other", latex="w", sources=PAPER, differs="all", telling=telling)(lambda w: w)
    with pytest.raises(CatalogueError, match="adam: .* has a precondition but no counterexample"):
        adam.law("a law", when="always")
    with pytest.raises(CatalogueError, match="adam: .* is proved by 'faith'"):
        adam.law("a law", by="faith")
    with pytest.raises(CatalogueError, match="names .'z'., which are no arguments"):
        adam.limit("a row", given=dict(z=1.0), gives=1.0)
    with pytest.raises(CatalogueError, match="a gradient form for 'w'"):
        adam.gradient_form("w")


@pytest.mark.skipif(not NOTES.exists(), reason="the study notes do not lie beside this clone")
def test_every_place_in_the_notes_exists():
    variants = [v for e in CATALOGUE.values() for v in [*e.dialects.values(), *e.misprints.values()]]
    for entry in [*CATALOGUE.values(), *variants]:
        for source in entry.sources:
            if isinstance(source, Note):
                lines = (NOTES / source.file).read_text(encoding="utf-8").splitlines()
                assert source.line <= len(lines), (entry.name, source)
                assert not source.label or any(source.label in line for line in lines), (entry.name, source)
                assert not source.line or lines[source.line - 1].strip(), (entry.name, source)


# The plugin ------------------------------------------------------------------------------------------------


def pytest_in(folder, *arguments):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_strangers_folders_of_the_same_name_are_left_alone(tmp_path):
    for name in ("conformance", "reference"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("mine = True\n")
    (tmp_path / "conftest.py").write_text("import pytest\n\n@pytest.fixture\ndef case():\n    return 1\n")
    (tmp_path / "conformance" / "test_own.py").write_text(
        "import reference\n\ndef test_own(case):\n    assert reference.mine and case == 1\n"
    )
    done = pytest_in(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_suite_does_not_run_on_a_strangers_reference(tmp_path):
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "__init__.py").write_text("mine = True\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "conftest.py").write_text("import reference\n")
    mixed = pytest_in(
        tmp_path, "-c", "pytest.ini", "--rootdir=.", "conftest.py", str(ROOT / "conformance" / "test_values.py")
    )
    assert mixed.returncode != 0
    assert str(tmp_path / "reference") in mixed.stdout
    assert str(ROOT / "reference") in mixed.stdout
