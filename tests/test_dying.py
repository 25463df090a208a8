"""A run that is ended from outside leaves what it had found; one that ends well leaves nothing else."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from conformance.certificate import read
from conformance.running.journal import Journal
from conformance.running.recovering import died, journals, recovered
from tests.certificates import report

ROOT = Path(__file__).resolve().parent.parent
MINE = """
import time
import numpy as np
from gaugeblock import implements

@implements("relu")
def relu(x):
    return np.maximum(x, 0)

@implements("sigmoid")
def sigmoid(x):
    time.sleep({})
    return 1 / (1 + np.exp(-x))
"""


def command(folder, *options, sleep=0.0):
    (folder / "mine.py").write_text(MINE.format(sleep))
    return [
        sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(ROOT / "conformance"), "--gauge-effort=quick",
        f"--framework={folder / 'mine.py'}", f"--report-dir={folder / 'reports'}", "--gauge-dtype=float32", *options,
    ]  # fmt: skip


def begun(folder, *options, sleep=1000.0):
    """A run that has ended some cells and is inside another one."""
    process = subprocess.Popen(
        command(folder, *options, sleep=sleep), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    deadline = time.time() + 100
    while time.time() < deadline:
        lines = [line for p in (folder / "reports").glob("*/*.events.jsonl") for line in p.read_text().splitlines()]
        if any("sigmoid" in line for line in lines) and sum('"end"' in line for line in lines) > 3:
            return process
        time.sleep(0.05)
    process.kill()
    raise AssertionError(process.communicate()[0])


def lost(found, *, workers):
    """The equations of the cells that were lost; a second worker may have been inside one of its own."""
    equations = [cell["equation"] for cell in found["cells"] if cell["outcome"] == "lost"]
    assert found["counts"]["lost"] == len(equations) <= 1 + bool(workers)
    return equations


@pytest.mark.skipif(os.name != "posix", reason="there is no such signal")
@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["alone", "workers"])
def test_a_run_that_was_killed_leaves_a_journal_of_which_a_certificate_is_made(tmp_path, capsys, options):
    process = begun(tmp_path, *options)
    (journal,) = journals(tmp_path / "reports")
    assert not died(journal)
    code, _, err = report(capsys, "recover", tmp_path / "reports")
    assert code == 2
    assert "still going" in err
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert died(journal)
    for file in journal.glob("*.jsonl"):
        with file.open("a") as torn:  # as the power leaves it
            torn.write('{"case": "relu-mine-cpu-flo')
    done = subprocess.run(command(tmp_path, "--co", "-k", "nothing"), capture_output=True, text=True, check=False)
    assert "died" not in done.stdout, "who only asks what there is learns of nothing else"
    code, out, _ = report(capsys, "recover", tmp_path / "reports")
    assert code == 0, out
    found = read(tmp_path / "reports" / "mine.partial.json")
    assert found["partial"]
    assert "sigmoid" in lost(found, workers=options)
    assert found["counts"]["passed"] > 3
    assert any("strain" in c or "judged" in c for c in found["cells"]), "with the evidence of each"
    assert not journal.exists()
    code, _, err = report(capsys, "recover", tmp_path / "reports")
    assert (code, err.count("\n")) == (2, 1)


@pytest.mark.skipif(os.name != "posix", reason="there is no such signal")
@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["alone", "workers"])
def test_an_interrupted_run_writes_a_partial_certificate_beside_the_whole_one(tmp_path, options):
    done = subprocess.run(command(tmp_path), cwd=ROOT, capture_output=True, text=True, check=True)
    assert "2 of 2 equations conform" in done.stdout
    whole = (tmp_path / "reports" / "mine.json").read_bytes()
    process = begun(tmp_path, *options)
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == pytest.ExitCode.INTERRUPTED, out
    found = read(tmp_path / "reports" / "mine.partial.json")
    assert found["partial"]
    assert "sigmoid" in lost(found, workers=options)
    assert "partial, the run did not come to its end" in out
    assert (tmp_path / "reports" / "mine.json").read_bytes() == whole
    assert not journals(tmp_path / "reports")


def test_a_run_that_stops_at_the_first_failure_is_partial(tmp_path):
    text = MINE.format(0).replace("np.maximum(x, 0)", "x")
    (tmp_path / "mine.py").write_text(text)
    options = command(tmp_path, "-x")
    (tmp_path / "mine.py").write_text(text)
    done = subprocess.run(options, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert read(tmp_path / "reports" / "mine.partial.json")["counts"]["failed"] == 1


def test_a_run_says_what_it_plans_and_leaves_its_certificate_alone(tmp_path):
    step = tmp_path / "step.md"
    step.write_text("before\n")
    environment = os.environ | {"GITHUB_STEP_SUMMARY": str(step)}
    xml = tmp_path / "junit.xml"
    done = subprocess.run(
        command(tmp_path, "-n2", f"--junitxml={xml}"), cwd=ROOT, capture_output=True, text=True, check=True,
        env=environment,
    )  # fmt: skip
    assert "gaugeblock: mine unknown on cpu: 2 equations in 2 cases of 4; seed 0, effort quick" in done.stdout
    assert {p.name for p in (tmp_path / "reports").iterdir()} <= {"mine.json", "mine.html"}
    assert step.read_text().startswith("before\n## mine unknown: 2 of 2 equations conform")
    certificate = read(tmp_path / "reports" / "mine.json")
    assert not certificate["partial"]
    assert certificate["identity"]["devices"] == ["cpu"]
    suite = ET.parse(xml).getroot().find("testsuite")  # noqa: S314 - it is our own
    named = {p.get("name"): p.get("value") for p in suite.find("properties")}
    assert named["gaugeblock framework"] == "mine"
    assert named["gaugeblock seed"] == "0"
    values = [c for c in suite.iter("testcase") if c.get("name", "").startswith("test_value[")]
    properties = [{p.get("name"): p.get("value") for p in c.iter("property")} for c in values]
    assert all(set(p) == {"outcome", "letter", "strain"} for p in properties)
    assert {p["outcome"] for p in properties} == {"passed"}
    assert "framework_seconds" not in xml.read_text(), "the evidence itself stays out of it"
    curves = [c["curve"] for c in certificate["cells"] if c["property"] == "value"]
    assert all(0 < len(curve) <= 40 and all(-1024 <= int(e) <= 1024 for e in curve) for curve in curves)
    assert all(list(curve) == sorted(curve, key=int) for curve in curves)


def test_a_page_that_cannot_be_made_does_not_fail_the_run(tmp_path):
    (tmp_path / "without_ink.py").write_text(
        "import conformance.report\n"
        "def render(data, *, history):\n    raise ValueError('no ink')\n"
        "conformance.report.render = render\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    done = subprocess.run(
        command(tmp_path, "--equations=relu", "-p", "without_ink"),
        cwd=ROOT, capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("the page was not written: ") == 1
    assert not (tmp_path / "reports" / "mine.html").exists()
    assert read(tmp_path / "reports" / "mine.json")["counts"]


def test_little_is_said_where_little_was_asked_for(tmp_path):
    options = command(tmp_path, "-q", "--equations=relu")
    done = subprocess.run(options, cwd=ROOT, capture_output=True, text=True, check=True)
    ours = done.stdout.partition("mine unknown")[2].splitlines()[1:]
    assert len(ours) == 3, "the verdict, the path, and pytest's own last line"
    assert "gaugeblock:" not in done.stdout


def test_a_certificate_that_cannot_be_written_leaves_its_journal(tmp_path):
    (tmp_path / "reports").write_text("a file where a folder should be")
    done = subprocess.run(command(tmp_path, "--equations=relu"), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "the certificate was not written" in done.stdout
    journal = Path(done.stdout.partition("is kept: gaugeblock report recover ")[2].split(" ")[0])
    found = recovered(journal)
    shutil.rmtree(journal)
    assert found["counts"]["passed"]
    assert set(found["counts"]) <= {"passed", "undecided"}


def test_a_folder_that_is_no_journal_or_a_broken_one_is_one_line(tmp_path, capsys):
    journal = tmp_path / "mine.journal-1"
    journal.mkdir()
    for text in ("", "[]", "{}", '{"plan": 3}', '{"plan": {"choice": {}, "cells": [{"a": 1}]}, "started": 0}'):
        (journal / "plan.json").write_text(text)
        code, _, err = report(capsys, "recover", journal)
        assert (code, err.count("\n")) == (2, 1), text
        assert journal.exists()
    assert report(capsys, "recover", tmp_path / "none")[0] == 2


def test_a_journal_takes_torn_and_strange_lines(tmp_path):
    journal = Journal(tmp_path, "gw0")
    journal.start("conformance/test_value.py::test_value[a]")
    journal.found("a", "value", json.dumps({"outcome": "passed"}))
    with (tmp_path / "gw1.cells.jsonl").open("wb") as file:
        file.write(b'[1]\n"x"\n\xff\xfe\n{"case": "b", "property"')
    assert journal.cells() == [{"case": "a", "property": "value", "evidence": {"outcome": "passed"}}]
