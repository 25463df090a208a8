"""What other tools are told of a certificate."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from conformance.certificate import fine
from conformance.export.ctrf import ctrf
from conformance.export.markdown import summary
from tests.certificates import cell, certificate, report, saved
from tests.large_certificates import FULL, SMALL

# CTRF's own schema comes with its package for Node.js: npm install --prefix build/ctrf ctrf@0.3.0
OFFICIAL = Path(__file__).parents[1] / "build" / "ctrf" / "node_modules" / "ctrf" / "dist" / "ctrf-schema-0.0.json"
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


@pytest.mark.parametrize("data", [FULL, SMALL, certificate()], ids=["full", "small", "empty"])
def test_what_a_dashboard_is_told_has_the_form_that_its_own_schema_asks_for(data):
    if not OFFICIAL.exists():
        pytest.skip("npm install --prefix build/ctrf ctrf@0.3.0 brings CTRF's own schema")
    schema = json.loads(OFFICIAL.read_text(encoding="utf-8"))
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    assert [*jsonschema.Draft7Validator(schema, format_checker=checker).iter_errors(ctrf(data))] == []


def only(*required, **optional):
    """An object with these members and, it may be, those, and no others."""
    names = {name: {} for name in required} | optional
    return {"type": "object", "required": [*required], "properties": names, "additionalProperties": False}


# OASIS's schema of SARIF 2.1.0 is not here; this says anew what it asks of the parts that we write.
TEXT, PLACE = {"type": "string"}, {"type": "integer", "minimum": 1}
SARIF_RESULT = only(
    "message", ruleId=TEXT, ruleIndex={"type": "integer", "minimum": 0},
    level={"enum": ["none", "note", "warning", "error"]}, locations={"type": "array"}, properties={"type": "object"},
)  # fmt: skip
SARIF_RESULT["properties"]["message"] = only("text")
SARIF_RESULT["properties"]["locations"]["items"] = only(
    physicalLocation=only(
        artifactLocation=only(uri=TEXT | {"pattern": r"^[!-~]+$"}), region=only(startLine=PLACE, startColumn=PLACE),
    )
)  # fmt: skip
SARIF_RULE = only("id", shortDescription=only("text"))
SARIF_DRIVER = only("name", semanticVersion=TEXT, rules={"type": "array", "uniqueItems": True, "items": SARIF_RULE})
SARIF_RUN = only(
    "tool", columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results={"type": "array", "items": SARIF_RESULT},
)  # fmt: skip
SARIF_RUN["properties"]["tool"] = only("driver") | {"properties": {"driver": SARIF_DRIVER}}
SARIF = only("version", "runs", **{"$schema": TEXT})
SARIF["properties"] |= {"version": {"const": "2.1.0"}, "runs": {"type": "array", "items": SARIF_RUN}}


def test_an_erratum_is_shown_beside_its_line(tmp_path, capsys):
    erratum = {
        "file": "notes/a b.md", "line": 3, "column": 7, "text": "m/(1-b)", "verdict": "misprint", "equation": "adam",
        "dialect": "", "reason": "the exponent is missing", "counterexample": {"t": 2}, "corrected": "m/(1-b^t)",
    }  # fmt: skip
    bare = {"file": "b.md"}
    path = saved(tmp_path, "good.json", certificate(cell(), errata=[erratum, bare]))
    told = json.loads(report(capsys, "sarif", path)[1])
    jsonschema.validate(told, SARIF)
    (run,) = told["runs"]
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
    told = json.loads(report(capsys, "sarif", none)[1])
    jsonschema.validate(told, SARIF)
    assert told["runs"][0]["results"] == []


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
