"""What other tools are told of a certificate."""

import json
from xml.etree import ElementTree as ET

import jsonschema

from conformance.certificate import fine
from conformance.export.markdown import summary
from tests.certificates import cell, certificate, report, saved

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


def test_a_builds_page_has_the_verdict_and_at_most_sixty_lines_whatever_failed():
    rows = [cell(f"e{i}", outcome="failed", message="a | b\n`c` <script>" * 90) for i in range(500)]
    rows.append(cell("adam", dialect={"spoken": "eps-inside"}))
    text = summary(certificate(*rows))
    assert len(text.splitlines()) <= 60
    assert text.startswith("## mine 1.0: 1 of 501 equations conform\n")
    assert "Dialects: adam (eps-inside)" in text
    assert "… and 460 more." in text
    assert "<script>" not in text
    table = [line for line in text.splitlines() if line.startswith("| failed")]
    assert all(line.replace("\\|", "").count("|") == 5 for line in table)
    assert "|" not in summary(certificate(cell()))
