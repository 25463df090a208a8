"""What a run accepts in torch is what the page of findings says, row by row."""

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from conformance.calling.loading import assembled
from conformance.waivers import Waiver, WaiverError, read_waivers
from reference.domain import evaluate

ROOT = Path(__file__).resolve().parent.parent
WAIVERS = ROOT / "conformance" / "adapters" / "torch" / "waivers.toml"
PAGE = (ROOT / "reports" / "findings.md").read_text(encoding="utf-8")
ROWS = tomllib.loads(WAIVERS.read_text(encoding="utf-8"))["waiver"]


def test_every_accepted_deviation_has_its_heading_and_its_program_and_no_heading_is_left_over():
    headings = re.findall(r"^## \d+\. (.*)$", PAGE, re.MULTILINE)
    assert sorted(headings) == sorted({row["reason"] for row in ROWS})
    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
    assert all("```python" in section for section in sections)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['case']} {row.get('property', 'value')}")
def test_every_accepted_deviation_is_named_where_it_shows(row):
    section = PAGE.split(f". {row['reason']}\n")[1].split("\n## ")[0]
    assert f"`{row['case'].replace('-torch-cpu', '')}`" in section
    assert row["url"] in PAGE


def test_a_condition_may_ask_for_the_largest_size_in_an_array():
    values = {"x": np.array([1.0, -3.0, np.nan]), "w": np.array([[2.0]])}
    assert evaluate("largest(x) * largest(w) > 5", values)
    assert not evaluate("largest(x) > 3", values)
    assert evaluate("largest(x) == 0", {"x": np.zeros(0)})


def test_a_row_about_a_processor_holds_there_and_nowhere_else():
    row = Waiver("sigmoid-mine-*", "why", "https://example.org", processor="* float16=no*")
    assert row.holds("1.0", "x86_64 AVX512 bfloat16=yes float16=no")
    assert not row.holds("1.0", "x86_64 AVX512 bfloat16=no float16=yes")


def test_a_crash_without_a_telling_input_cannot_be_accepted(tmp_path):
    file = tmp_path / "mine.waivers.toml"
    file.write_text('[[waiver]]\ncase = "*"\nreason = "why"\nurl = "u"\ncrashes = true\n')
    with pytest.raises(WaiverError, match="no telling input"):
        read_waivers(file)


def test_only_crashes_that_hold_on_this_machine_are_spared():
    class Head:
        VERSION = "1"

        @staticmethod
        def processor():
            return "toy"

    rows = [Waiver("a", "r", "u", crashes=True, processor=p, input={"x": 1}) for p in ("toy", "other")]
    from conformance.adapters.contract import Claim

    adapter = assembled("mine", Head, [Claim("sigmoid", abs, ())], [*rows, Waiver("b", "r", "u")])
    assert [w.processor for w in adapter.crashing] == ["toy"]
