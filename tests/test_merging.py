"""Certificates that are put together: what belongs together, and what does not."""

import json
import time

import pytest

from conformance.certificate import read
from gaugeblock.command import main
from tests.certificates import cell, certificate, report, saved
from tests.large_certificates import FULL


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
    start = time.process_time()
    code, out, _ = report(capsys, "merge", *paths, "-o", tmp_path / "all.json")
    took = time.process_time() - start
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


def test_three_thousand_cells_of_eight_shards_are_merged_and_shown_in_less_than_three_seconds(tmp_path, capsys):
    cells = [row for row in FULL["cells"] if "counterexample" in row]
    cells += [row for row in FULL["cells"] if "counterexample" not in row][: 3000 - len(cells)]
    paths = [saved(tmp_path, f"shard{i}.json", certificate(*cells[i::8])) for i in range(8)]
    start = time.process_time()
    assert report(capsys, "merge", *paths, "-o", tmp_path / "whole" / "all.json")[0] == 0
    assert report(capsys, "render", tmp_path / "whole" / "all.json")[0] == 0
    took = time.process_time() - start
    assert len(read(tmp_path / "whole" / "all.json")["cells"]) == 3000
    assert (tmp_path / "whole" / "all.html").stat().st_size > 100_000
    assert took < 3.0


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
