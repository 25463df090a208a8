"""`gaugeblock report`: what it makes of certificates, and that bad input changes nothing."""

import json
import os
import subprocess
import sys
import time
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from conformance.certificate import fine, read, write
from gaugeblock.command import main
from tests.certificates import cell, certificate


def report(capsys, *arguments):
    """The exit code, and what was said on both channels."""
    code = main(["report", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def saved(folder, name, data):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def shards(folder, many=8, cells=3000):
    """Parts of one run, each with equations of its own."""
    for i in range(many):
        rows = [
            cell(f"equation{i}", f"p{k}", strain=0.5, letter="A", regions={"ordinary": 3}, message="m" * 40)
            for k in range(cells // many)
        ]
        yield saved(folder, f"shard{i}.json", certificate(*rows, equations=(f"equation{i}",)))


def test_three_thousand_cells_of_eight_shards_are_merged_in_less_than_a_second(tmp_path, capsys):
    paths = list(shards(tmp_path))
    start = time.perf_counter()
    code, out, _ = report(capsys, "merge", *paths, "-o", tmp_path / "all.json")
    took = time.perf_counter() - start
    assert code == 0
    assert took < 1.0
    merged = read(tmp_path / "all.json")
    assert "3000 cells of 8 certificates" in out
    assert merged["planned"]["cells"] == 8
    assert merged["choice"]["equations"] == [f"equation{i}" for i in range(8)]
    assert merged["run"]["seconds"] == 12.0
    assert len(merged["shards"]) == 8
    again = main(["report", "merge", str(tmp_path / "all.json"), str(paths[0]), "-o", str(tmp_path / "more.json")])
    assert again == 0, "what was merged merges with a part of itself"
    assert read(tmp_path / "more.json")["cells"] == merged["cells"]
    assert len(read(tmp_path / "more.json")["shards"]) == 8


def test_a_file_merged_with_itself_is_itself(tmp_path, capsys):
    one = saved(tmp_path, "one.json", certificate(cell(), cell("mse", outcome="failed")))
    assert report(capsys, "merge", one, one, "-o", tmp_path / "two.json")[0] == 0
    assert read(tmp_path / "two.json") == read(one)


def test_devices_of_several_machines_merge_and_each_keeps_its_own_words(tmp_path, capsys):
    one, other = certificate(cell(), cell("mse")), certificate(cell(device="cuda:0"))
    other["identity"] |= {"platform": "Windows", "devices": ["cpu", "cuda:0"], "build": {"driver": "13"}, "dirty": True}
    other["partial"] = True
    paths = [saved(tmp_path, "a.json", one), saved(tmp_path, "b.json", other)]
    assert report(capsys, "merge", *paths, "-o", tmp_path / "c.json")[0] == 0
    found = read(tmp_path / "c.json")
    assert found["identity"]["devices"] == ["cpu", "cuda:0"]
    assert found["identity"]["platform"] == "Linux, Windows"
    assert found["identity"]["build"] == {"threads": "1", "driver": "13"}
    assert (found["partial"], found["identity"]["dirty"], found["planned"]["cells"]) == (True, True, 3)
    assert [s["identity"]["platform"] for s in found["shards"]] == ["Linux", "Windows"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d["choice"].update(seed=7), "the seed is 0 and 7"),
        (lambda d: d["choice"].update(effort="quick"), "the effort is standard and quick"),
        (lambda d: d["identity"].update(version="2.0"), "its version is 1.0 and 2.0"),
        (lambda d: d["identity"].update(commit=""), "the commit is abc and none"),
        (lambda d: d["identity"]["versions"].update(gaugeblock="0.2"), "gaugeblock is 0.1.0 and 0.2"),
        (lambda d: d["identity"]["versions"].update(numpy="2"), "numpy is absent and 2"),
    ],
)
def test_what_does_not_belong_together_is_not_merged_and_the_error_says_what_differs(tmp_path, capsys, change, says):
    other = certificate(cell("mse"))
    change(other)
    paths = [saved(tmp_path, "a.json", certificate(cell())), saved(tmp_path, "b.json", other)]
    out = saved(tmp_path, "out.json", {"old": True})
    code, _, err = report(capsys, "merge", *paths, "-o", out)
    assert code == 2
    assert says in err
    assert err.count("\n") == 1
    assert json.loads(out.read_text()) == {"old": True}


def test_a_cell_that_two_have_differently_is_an_error_or_the_later_ones(tmp_path, capsys):
    one = saved(tmp_path, "a.json", certificate(cell(seconds=1.0, strain=0.2, letter="A")))
    alike = saved(tmp_path, "b.json", certificate(cell(seconds=2.0, strain=0.3, letter="A"), started="2026-01-02"))
    other = saved(tmp_path, "c.json", certificate(cell(outcome="failed", letter="D")))
    assert report(capsys, "merge", one, alike, "-o", tmp_path / "out.json")[0] == 0, "alike but for noise"
    code, _, err = report(capsys, "merge", one, other, "-o", tmp_path / "out.json")
    assert code == 2
    assert "value[relu-mine-cpu-float32-eager] is passed (A) in" in err
    assert "with --last the later one counts" in err
    assert report(capsys, "merge", one, other, "--last", "-o", tmp_path / "out.json")[0] == 0
    assert read(tmp_path / "out.json")["counts"] == {"failed": 1}


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


@pytest.mark.parametrize("what", ["merge", "diff", "validate", "ctrf", "sarif", "badge", "render"])
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


CTRF_REQUIRED = {
    "type": "object",
    "required": ["results", "reportFormat", "specVersion"],
    "properties": {
        "reportFormat": {"const": "CTRF"},
        "results": {
            "required": ["tool", "summary", "tests"],
            "properties": {
                "summary": {
                    "required": ["tests", "passed", "failed", "skipped", "pending", "other", "start", "stop"],
                    "additionalProperties": {"type": "integer"},
                },
                "tests": {
                    "items": {
                        "required": ["name", "status", "duration"],
                        "properties": {
                            "status": {"enum": ["passed", "failed", "skipped", "pending", "other"]},
                            "duration": {"type": "integer"},
                            "suite": {"type": "array", "minItems": 1, "items": {"type": "string"}},
                        },
                    }
                },
            },
        },
    },
}


def test_a_dashboard_learns_what_passed_and_what_did_not(tmp_path, capsys):
    rows = [cell(f"e{i}", outcome=name) for i, name in enumerate(("passed", "failed", "waived", "not offered", "lost"))]
    good = saved(tmp_path, "good.json", certificate(*rows))
    _, out, _ = report(capsys, "ctrf", good)
    found = json.loads(out)
    jsonschema.validate(found, CTRF_REQUIRED)
    summary = found["results"]["summary"]
    assert {k: summary[k] for k in ("tests", "passed", "failed", "skipped", "other")} == {
        "tests": 5, "passed": 1, "failed": 2, "skipped": 1, "other": 1,
    }  # fmt: skip
    assert summary["stop"] - summary["start"] == 1500
    assert [test["rawStatus"] for test in found["results"]["tests"]] == [row["outcome"] for row in rows]


def test_an_erratum_is_shown_beside_its_line(tmp_path, capsys):
    erratum = {
        "file": "notes/a b.md", "line": 3, "column": 7, "text": "m/(1-b)", "verdict": "misprint", "equation": "adam",
        "dialect": "", "reason": "the exponent is missing", "counterexample": {"t": 2}, "corrected": "m/(1-b^t)",
    }  # fmt: skip
    bare = {"file": "b.md"}
    path = saved(tmp_path, "good.json", certificate(cell(), errata=[erratum, bare]))
    (run,) = json.loads(report(capsys, "sarif", path)[1])["runs"]
    first, second = run["results"]
    assert first["level"] == "error"
    place = first["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "notes/a%20b.md"},
        "region": {"startLine": 3, "startColumn": 7},
    }
    assert "corrected: m/(1-b^t)" in first["message"]["text"]
    assert second["ruleId"] == run["tool"]["driver"]["rules"][second["ruleIndex"]]["id"]
    none = saved(tmp_path, "none.json", certificate(cell()))
    assert json.loads(report(capsys, "sarif", none)[1])["runs"][0]["results"] == []


def test_a_badge_says_its_verdict_also_to_who_cannot_see_it(tmp_path, capsys):
    rows = [cell("a"), cell("b"), cell("c", outcome="failed"), cell("d", outcome="not offered")]
    data = certificate(*rows, version='<&">')
    path = saved(tmp_path, "good.json", data)
    assert report(capsys, "badge", path, "-o", tmp_path / "badge.svg")[0] == 0
    drawing = ET.fromstring((tmp_path / "badge.svg").read_text())  # noqa: S314 - it is our own
    shown = [element.text for element in drawing.iter() if element.tag.endswith("text")]
    assert shown == ["gaugeblock", "2 of 3 conform"], "what is not offered is not in the denominator"
    assert drawing.get("role") == "img"
    assert drawing.get("aria-label") == 'gaugeblock, mine <&">: 2 of 3 conform'
    assert not any(fine(row) for row in rows[2:3])


@pytest.fixture
def pages(monkeypatch):
    """Renderers that say what they were given."""

    def render(data, *, history):
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
    assert text.count("| mine | 1.0 | 1 of 1 | 1 of 1 | 0 | standard | 2026-01-01 | [mine.json](<mine.json>) |") == 1
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
