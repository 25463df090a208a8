"""The certificate as data: what is written is read back, and what is not one is refused in one line."""

import copy
import json
import math
import struct
from dataclasses import fields
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.certificate import CertificateError, check, merge, read, replace_text, to_text, write
from conformance.certificate import form as form_of
from conformance.certificate.collecting import Certificate
from conformance.certificate.identity import HOME, source, versions
from conformance.certificate.packing import LONG, packed, unpacked
from conformance.evidence import OUTCOMES, Evidence
from conformance.plan import Cell, Choice, Plan
from tests.certificates import cell, certificate, first_form

SCHEMA = json.loads((HOME / "conformance" / "certificate.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
EXAMPLE = {"values": {"x": {"array": [1.0, "NaN"], "kind": "float", "shape": [2]}, "n": 3}, "says": "y[0] is 2"}
FULL = certificate(
    cell(strain="Infinity", letter="D", outcome="failed", message="off", counterexample=EXAMPLE),
    cell("sigmoid", strain=0.5, letter="A", curve={"-3": 0.25, "16": 0.5}, regions={"ordinary": 7}, judged=7),
    cell("sigmoid", "climb", "undecided", judged=3, undecided=3, dialect={"spoken": "none", "told apart": {"b": 0}}),
)


def saved(folder, data, name="mine.json"):
    path = folder / name
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def test_what_is_written_is_read_back_and_has_the_form_of_the_schema(tmp_path):
    path = write(FULL, tmp_path)
    assert read(path) == FULL
    VALIDATOR.validate(json.loads(path.read_text(encoding="utf-8")))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith('{"case"') for line in lines) == len(FULL["cells"]), "a cell stands on one line"
    assert [p.name for p in tmp_path.iterdir()] == ["mine.json"]


def test_the_checker_and_the_schema_know_the_same_names():
    rows = SCHEMA["properties"]["cells"]["items"]["properties"]
    assert set(rows) == {*form_of.WHERE, *form_of.FOUND}
    assert {f.name for f in fields(Evidence)} <= {"outcome", *form_of.FOUND}, "what a test leaves can be written"
    assert {*SCHEMA["properties"]} == {"schema", "shards", *form_of.TOP}
    assert set(SCHEMA["properties"]["identity"]["properties"]) == set(form_of.IDENTITY)
    assert set(SCHEMA["properties"]["errata"]["items"]["properties"]) == set(form_of.ERRATUM)
    assert tuple(rows["outcome"]["enum"]) == OUTCOMES
    assert SCHEMA["properties"]["schema"]["const"] == form_of.VERSION


def broken():
    """Each way in which a certificate is none, and what is said of it."""

    def edited(*path, to):
        data = copy.deepcopy(FULL)
        place = data
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to
        return json.dumps(data)

    text = json.dumps(FULL)
    twice = certificate(cell(), cell())
    return {
        "nothing": ("", "cannot be read"),
        "an empty object": ("{}", "has no 'schema'"),
        "a list": ("[]", "a certificate is an object"),
        "cut off": (text[: len(text) // 2], "cannot be read"),
        "NaN as a number": (text.replace('"Infinity"', "NaN"), "NaN is no number of JSON"),
        "a number that becomes infinite": (text.replace("120.0", "1e999"), "1e999 is too large"),
        "a number beyond all measure": (text.replace("120.0", "1e300"), "instead of a number"),
        "a count beyond all measure": (edited("cells", 1, "judged", to=10**30), "instead of a count"),
        "a number of too many digits": (text.replace("120.0", "9" * 5000), "cannot be read"),
        "a name that stands twice": (text.replace('"schema": 2', '"schema": 2, "schema": 2'), "stands twice"),
        "too deep": ("[" * 100_000, "cannot be read"),
        "version 99": (edited("schema", to=99), "version 99; this release reads 1 to 2"),
        "a version that is true": (edited("schema", to=True), "version True"),
        "version 1 without its form": ('{"schema": 1}', "without its form"),
        "version 1 with cells of another kind": ('{"schema": 1, "cells": 3}', "without its form"),
        "edited counts": (edited("counts", "passed", to=7), "but the counts say"),
        "an edited outcome": (edited("cells", 0, "outcome", to="passed"), "but the counts say"),
        "an edited sum of regions": (edited("regions", "ordinary", to=8), "7 scenarios of the region 'ordinary'"),
        "an unknown outcome": (edited("cells", 0, "outcome", to="splendid"), "'splendid' instead of one of passed"),
        "a cell twice": (json.dumps(twice), "is there twice"),
        "a cell of another case": (edited("cells", 0, "mode", to="fused"), "its case is relu-mine-cpu-float32-fused"),
        "a missing part": (json.dumps({k: v for k, v in FULL.items() if k != "run"}), "has no 'run'"),
        "an unknown part": (json.dumps(FULL | {"extra": 1}), "'extra', which version 2 does not know"),
        "a negative count": (edited("cells", 1, "judged", to=-7), "-7 instead of a count"),
        "true for a count": (edited("cells", 1, "judged", to=True), "True instead of a count"),
        "more undecided than judged": (edited("cells", 1, "undecided", to=8), "8 undecided of 7 judged"),
        "Python's own infinity": (edited("cells", 0, "strain", to="inf"), "'inf' instead of a number"),
        "a curve by names": (edited("cells", 1, "curve", to={"small": 1.0}), "strains by exponents"),
        "more cases than were planned": (edited("planned", "cells", to=1), "2 cases, where 1 were planned"),
        "an erratum of numbers": (edited("errata", to=[{"line": "3"}]), "erratum 1: 'line'"),
        "a packed array of nothing": (
            edited("cells", 0, "counterexample", "values", "x", to={"packed": "", "kind": "float", "shape": [900]}),
            "has 0 bytes",
        ),
        "a packed array of rubbish": (
            edited("cells", 0, "counterexample", "values", "x", to={"packed": "AAAA", "kind": "float", "shape": [900]}),
            "cannot be unpacked",
        ),
        "a packed array of too much": (
            edited("cells", 0, "counterexample", "values", "x", to={"packed": "", "kind": "float", "shape": [10**9]}),
            "a packed array of 1000000000 numbers",
        ),
    }


@pytest.mark.parametrize("way", broken())
def test_what_is_no_certificate_is_refused_in_one_line_that_names_the_file(tmp_path, way):
    text, says = broken()[way]
    path = saved(tmp_path, text)
    with pytest.raises(CertificateError) as refused:
        read(path)
    said = str(refused.value)
    assert said.startswith(str(path))
    assert says in said
    assert "\n" not in said
    assert len(said) < 400


def test_what_cannot_be_opened_or_is_not_text_is_refused(tmp_path):
    (tmp_path / "latin.json").write_bytes(b'{"schema": "\xe9"}')
    for path, says in ((tmp_path, "folder|directory"), (tmp_path / "none.json", "No such"), ("latin.json", "utf-8")):
        with pytest.raises(CertificateError, match=says):
            read(tmp_path / path)


def test_a_certificate_of_version_1_is_read_in_the_present_form(tmp_path):
    found = read(saved(tmp_path, first_form(FULL)))
    assert found == FULL | {"identity": FULL["identity"] | {"commit": ""}}
    VALIDATOR.validate(found)
    assert read(write(found, tmp_path / "again")) == found


@settings(deadline=None)
@given(st.binary(min_size=8 * (LONG - 4), max_size=8 * (LONG + 40)), st.booleans())
def test_a_long_array_keeps_every_bit_in_its_file(bits, square):
    numbers = struct.unpack(f"<{len(bits) // 16 * 2}d", bits[: len(bits) // 16 * 16])
    shown = [_text(x) for x in numbers]
    array, shape = (shown, [len(shown)]) if not square else ([shown[::2], shown[1::2]], [2, len(shown) // 2])
    value = {"array": array, "kind": "float", "shape": shape}
    one = {"counterexample": {"values": {"x": value, "n": 1}}}
    there = json.loads(json.dumps(packed(one)))
    if math.prod(shape) > LONG:
        assert "packed" in there["counterexample"]["values"]["x"]
    assert json.dumps(unpacked(there)) == json.dumps(one), "also the sign of zero"


def _text(x):
    return x if math.isfinite(x) else "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"


def test_nothing_that_json_has_not_leaves_a_test(tmp_path):
    import numpy as np

    found = Evidence("failed", "D", math.inf, math.nan, curve={"0": -math.inf}, message="half \udc80 a pair")
    found.counterexample = {"values": {"x": np.float32("nan"), "y": np.array([np.inf, 1.0]), "n": np.int64(3)}}
    data = json.loads(found.to_json())
    assert (data["strain"], data["curve"], "kernel" in data) == ("Infinity", {"0": "-Infinity"}, False)
    assert data["counterexample"]["values"] == {"x": "NaN", "y": ["Infinity", 1.0], "n": 3}
    whole = certificate(cell(**data))
    assert read(write(whole, tmp_path)) == whole, "text that is no text of UTF-8 comes back as it was"
    with pytest.raises(CertificateError, match="JSON has not"):
        write(certificate(cell(strain=math.nan)), tmp_path)
    assert read(tmp_path / "mine.json") == whole, "and the file that was there is as it was"


def interrupted(*_, **__):
    raise KeyboardInterrupt


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = write(FULL, tmp_path)
    before = path.read_bytes()
    for name in ("fsync", "fdopen"):
        with monkeypatch.context() as patch:
            patch.setattr(f"os.{name}", interrupted)
            with pytest.raises(KeyboardInterrupt):
                replace_text(path, "half")
        assert path.read_bytes() == before
        assert [p.name for p in tmp_path.iterdir()] == ["mine.json"]


def test_a_place_that_is_a_folder_is_not_written_over(tmp_path):
    (tmp_path / "mine.json").mkdir()
    with pytest.raises(IsADirectoryError):
        write(FULL, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.json"]


def test_a_partial_certificate_leaves_the_whole_one_beside_it(tmp_path):
    write(FULL, tmp_path)
    assert write(FULL | {"partial": True}, tmp_path).name == "mine.partial.json"
    assert read(tmp_path / "mine.json") == FULL


def test_a_cell_that_is_reported_twice_keeps_the_worse_news():
    plan = Plan(Choice("mine"), [Cell("relu", "mine", "cpu", "float32", "eager")], 1, FULL["identity"])
    found = Certificate(plan)
    for outcome in ("passed", "error", "passed"):
        found.add("relu-mine-cpu-float32-eager", "value", Evidence(outcome).to_json())
    found.add("relu-mine-cpu-float64-eager", "value", Evidence("passed").to_json())  # was never planned
    found.finish(started=0.0, workers=1)
    data = found.to_data()
    check(data)
    assert data["counts"] == {"error": 1}


def test_the_versions_are_of_all_that_is_needed_and_the_commit_of_this_checkout_alone(tmp_path):
    known = versions()
    assert {"gaugeblock", "numpy", "hypothesis", "pytest"} <= set(known)
    assert source(tmp_path) == {"commit": "", "dirty": False}
    assert source(Path(__file__).parent) == {"commit": "", "dirty": False}, "a folder inside a checkout is none"
    found = source()
    assert len(found["commit"]) in (0, 40)


def test_the_text_of_a_merged_certificate_has_a_shard_on_a_line(tmp_path):
    merged = merge([("a", certificate(cell())), ("b", certificate(cell("mse"), equations=("mse",)))])
    VALIDATOR.validate(merged)
    assert sum(line.startswith('{"identity"') for line in to_text(merged).splitlines()) == 2
    assert read(write(merged, tmp_path)) == merged
