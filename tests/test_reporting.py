"""`gaugeblock report`: what it makes of certificates, and that bad input changes nothing."""

import json
import os
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from conformance.certificate import write
from tests.certificates import cell, certificate, first_form, report, saved


def spoke(dialect):
    return {"dialect": {"spoken": dialect, "nearest": dialect, "told apart": {"x": 3}}}


def test_a_difference_names_regressions_first_and_is_silent_about_noise(tmp_path, capsys):
    old = certificate(
        cell(strain=0.1, letter="A", seconds=1.0, judged=9, undecided=1),
        cell("mse", outcome="failed", letter="D"),
        cell("adam", **spoke("the equation")),
        cell("gone"),
        cell("gone", "climb"),
        cell("tanh", "climb", "undecided"),
        cell("erf", outcome="not offered"),
        cell("huber", outcome="waived"),
    )
    new = certificate(
        cell(strain=0.9, letter="A", seconds=9.0, judged=8, undecided=2),
        cell("mse"),
        cell("adam", **spoke("eps-inside")),
        cell("fresh", outcome="failed", message="fresh-mine-cpu-float32-eager is off\nby much"),
        cell("tanh", "climb"),
        cell("erf"),
        cell("huber", outcome="failed", message="\x1b[31mred"),
        version="2.0",
    )
    paths = [saved(tmp_path, "old.json", old), saved(tmp_path, "new.json", new)]
    code, out, _ = report(capsys, "diff", *paths)
    assert code == 1
    sections = [line for line in out.splitlines() if line and line[0] not in " +-"]
    assert sections == ["regressions: 1", "fixed: 1", "dialects: 1", "new cells: 2", "lost cells: 1"]
    assert "value[huber-mine-cpu-float32-eager] waived -> failed: [31mred" in out
    assert "\x1b" not in out
    assert "the equation -> eps-inside" in out
    assert "gone-mine-cpu-float32-eager: climb, value" in out
    assert "tanh" not in out
    assert "relu" not in out
    code, out, _ = report(capsys, "diff", paths[1], paths[1])
    assert code == 0
    assert "no difference" in out, "what failed before is no regression"
    other = saved(tmp_path, "other.json", first := certificate())
    first["identity"]["framework"] = "theirs"
    other.write_text(json.dumps(first))
    assert report(capsys, "diff", paths[0], other)[0] == 2


BAD = {
    "empty.json": "",
    "half.json": '{"schema": 2, "cells": [',
    "other.json": '{"schema": 99}',
    "list.json": "[1]",
    "edited.json": json.dumps(certificate(cell()) | {"counts": {"passed": 2}}),
}


@pytest.mark.parametrize("what", ["merge", "diff", "validate", "ctrf", "sarif", "badge", "render", "power"])
def test_bad_input_is_one_line_and_code_2_and_nothing_is_overwritten(tmp_path, capsys, what):
    good = saved(tmp_path, "good.json", certificate(cell()))
    for name, text in BAD.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe{}")
    out = tmp_path / "out"
    out.write_text("old")
    for bad in [*(tmp_path / name for name in BAD), tmp_path / "bytes.json", tmp_path / "none.json", tmp_path]:
        files = [good, bad] if what in ("merge", "diff") else [bad]
        option = [] if what in ("diff", "validate") else ["-o", out]
        code, said, err = report(capsys, what, *files, *option)
        assert (code, said, err.count("\n")) == (2, "", 1), (what, bad)
        assert err.startswith("gaugeblock: ")
        assert str(bad) in err
        assert out.read_text() == "old"


@pytest.mark.parametrize("bad", BAD)
def test_a_folder_with_a_bad_certificate_keeps_the_index_that_it_has(tmp_path, capsys, bad):
    saved(tmp_path, "good.json", certificate(cell()))
    for name, text in ((bad, BAD[bad]), ("index.html", "old"), ("README.md", "old")):
        (tmp_path / name).write_text(text)
    code, said, err = report(capsys, "index", tmp_path)
    assert (code, said, err.count("\n")) == (2, "", 1)
    assert str(tmp_path / bad) in err
    assert {(tmp_path / name).read_text() for name in ("index.html", "README.md")} == {"old"}


def test_a_certificate_of_an_earlier_form_has_the_page_of_the_present_one(tmp_path, capsys):
    old, new = tmp_path / "old", tmp_path / "new"
    data = certificate(cell(strain="Infinity", letter="D", outcome="failed"), cell("adam", strain=0.5, letter="A"))
    assert report(capsys, "render", saved(old, "mine.json", first_form(data)))[0] == 0
    data["identity"]["commit"] = ""  # which the first form did not say
    assert report(capsys, "render", saved(new, "mine.json", data))[0] == 0
    pages = [re.sub(r"[0-9a-f]{64}", "", (place / "mine.html").read_text()) for place in (old, new)]
    assert pages[0] == pages[1], "but for the sums of files that are written in another order"
    assert "1 of 2 equations conform" in pages[0]


def test_an_output_that_is_a_folder_or_cannot_be_written_is_one_line(tmp_path, capsys):
    good = saved(tmp_path, "good.json", certificate(cell()))
    (tmp_path / "folder").mkdir()
    for place in (tmp_path / "folder", good / "below"):
        for what in ("merge", "badge", "ctrf"):
            code, _, err = report(capsys, what, good, "-o", place)
            assert (code, err.count("\n")) == (2, 1)
    if os.geteuid() != 0:  # for whom nothing is read-only
        (tmp_path / "folder").chmod(0o500)
        assert report(capsys, "badge", good, "-o", tmp_path / "folder" / "x.svg")[0] == 2


def test_several_files_are_all_checked_and_one_that_is_bad_shows_in_the_code(tmp_path, capsys):
    good = saved(tmp_path, "good.json", certificate(cell(), cell("mse", outcome="failed")))
    bad = saved(tmp_path, "bad.json", {"schema": 3})
    code, out, err = report(capsys, "validate", bad, good)
    assert code == 2
    assert f"{good}: mine 1.0, seed 0, effort standard: 1 of 2 equations conform in 2 cells" in out
    assert "version 3" in err


@pytest.fixture
def pages(monkeypatch):
    """Renderers that say what they were given."""

    def render(data, *, history, path):
        return f"{data['identity']['version']} after {[h['identity']['version'] for h in history]}"

    def render_power(data):
        return f"{len(data['planted'])} planted"

    def render_index(named):
        return f"{[name for name, _ in named]}"

    fake = SimpleNamespace(render=render, render_power=render_power, render_index=render_index)
    monkeypatch.setitem(sys.modules, "conformance.report", fake)
    return fake


def test_a_page_knows_the_other_certificates_of_its_framework_in_the_order_of_time(tmp_path, capsys, pages):
    for i, day in ((1, "03"), (2, "01"), (3, "02")):
        data = certificate(cell(), version=f"{i}.0", started=f"2026-01-{day}T00:00:00+00:00")
        saved(tmp_path, f"run{i}.json", data | {"partial": i == 3})
    (tmp_path / "half.json").write_text("{")
    assert report(capsys, "render", tmp_path / "run1.json")[0] == 0
    assert (tmp_path / "run1.html").read_text() == "1.0 after ['2.0']", "a partial one is no history"
    assert report(capsys, "render", tmp_path / "run1.json", tmp_path / "run3.json", "-o", tmp_path / "pages")[0] == 0
    assert sorted(p.name for p in (tmp_path / "pages").iterdir()) == ["run1.html", "run3.html"]
    assert (tmp_path / "pages" / "run3.html").read_text() == "3.0 after ['2.0', '1.0']"
    assert report(capsys, "render", tmp_path / "run1.json", tmp_path / "half.json", "-o", tmp_path / "none")[0] == 2
    assert not (tmp_path / "none").exists()


def test_a_power_table_has_a_page_and_what_is_none_is_refused(tmp_path, capsys, pages):
    assert report(capsys, "power", saved(tmp_path, "power.json", {"planted": {"a": 1}}))[0] == 0
    assert (tmp_path / "power.html").read_text() == "1 planted"
    for bad in ({}, [], {"planted": 3}):
        code, _, err = report(capsys, "power", saved(tmp_path, "bad.json", bad))
        assert (code, err.count("\n")) == (2, 1)
        assert "bad.json is no power table" in err
    assert not (tmp_path / "bad.html").exists()


def test_without_a_renderer_the_command_says_what_is_missing(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "conformance.report", None)
    code, _, err = report(capsys, "render", saved(tmp_path, "good.json", certificate(cell())))
    assert (code, err.count("\n")) == (2, 1)
    assert "'conformance.report', which is not installed" in err


def test_the_readme_of_a_folder_keeps_what_somebody_wrote_around_its_table(tmp_path, capsys, pages):
    write(certificate(cell()), tmp_path)
    saved(tmp_path, "power.json", {"planted": {}})
    (tmp_path / "README.md").write_text("# Mine\n\nOwn words.\n")
    for _ in range(2):
        code, _, err = report(capsys, "index", tmp_path)
        assert code == 0
        assert "power.json is no certificate and is left out" in err
    text = (tmp_path / "README.md").read_text()
    assert text.startswith("# Mine\n\nOwn words.\n")
    row = "| mine | 1.0 | cpu | conforms | 1 of 1 | 1 of 1 | standard | 0 | 2026-01-01 | [data](<mine.json>) |"
    assert text.count(row) == 1
    before = text, (tmp_path / "index.html").read_text()
    saved(tmp_path, "half.json", {"schema": 2})
    assert report(capsys, "index", tmp_path)[0] == 2
    assert before == ((tmp_path / "README.md").read_text(), (tmp_path / "index.html").read_text())


def test_the_command_stays_light(tmp_path):
    path = write(certificate(cell()), tmp_path)
    code = (
        "import sys; from gaugeblock.command import main; main(sys.argv[1:])\n"
        "heavy = ('numpy', 'pytest', 'torch', 'sympy', 'reference', 'hypothesis', 'jsonschema')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    for arguments in (["validate", str(path)], ["diff", str(path), str(path)], ["badge", str(path)]):
        command = [sys.executable, "-c", code, "report", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "[]", arguments
