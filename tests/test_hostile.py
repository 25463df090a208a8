"""Whatever is put into a certificate: it is refused in one line, or everything that is made of it can be made."""

import copy
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.certificate import CertificateError, compare, merge, read, to_text
from conformance.export.badge import badge
from conformance.export.ctrf import ctrf
from conformance.export.folder import readme
from conformance.export.markdown import summary
from conformance.export.sarif import sarif
from conformance.running.summary import lines
from tests.certificates import cell, certificate

WHOLE = certificate(
    cell(strain="Infinity", letter="D", outcome="failed", message="off", counterexample={"values": {"x": 1.0}}),
    cell("adam", strain=0.5, letter="A", curve={"-3": 0.25}, dialect={"spoken": "b", "told apart": {"c": 3}}),
    cell("adam", "climb", "waived", judged=3, undecided=3, waiver={"reason": "known", "url": "https://example.org"}),
    errata=[{"file": "a.md", "line": 3, "column": 1, "reason": "x", "verdict": "misprint", "counterexample": {}}],
)


def paths(data, here=()):
    """Every place in a certificate."""
    yield here
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inner:
        yield from paths(value, (*here, key))


PLACES = list(paths(WHOLE))[1:]
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-(10**50), 10**50), st.floats(allow_nan=False), st.text(),
    st.sampled_from(["", "NaN", "nan", "passed", "lost", "\ud800", "\x1b[2J", "<b>", "a|b", "a\nb", "/", "é" * 300]),
)  # fmt: skip
anything = st.recursive(
    scalars, lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=5), x, max_size=3), max_leaves=6
)


def changed(data, place, value, *, gone):
    data = copy.deepcopy(data)
    inner = data
    for step in place[:-1]:
        inner = inner[step]
    if gone:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return data


def made(data):
    """Everything that can be made of a certificate, each in one piece."""
    for text in (to_text(data), summary(data), badge(data), readme("", [("a.json", data)])):
        text.encode("utf-8", "backslashreplace")
    json.dumps([ctrf(data), sarif(data)], allow_nan=False)
    assert len(lines(data, ["certificate: x"])) <= 20
    assert len(summary(data).splitlines()) <= 60
    assert "\x1b" not in badge(data) + "".join(lines(data, []))
    compare(data, data)
    merge([("a", data), ("b", data)])


def serves(path):
    """Read it, and make all of it, unless it is refused."""
    refused = ""
    try:
        data = read(path)
    except CertificateError as error:
        refused = str(error)
    assert "\n" not in refused
    if not refused:
        made(data)


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(PLACES), anything, st.booleans())
def test_a_certificate_with_anything_anywhere_is_refused_or_serves(tmp_path_factory, place, value, gone):
    path = tmp_path_factory.getbasetemp() / "hostile.json"
    path.write_text(json.dumps(changed(WHOLE, place, value, gone=gone)), encoding="utf-8")
    serves(path)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_certificate_with_any_bytes_changed_is_refused_or_serves(tmp_path_factory, data):
    raw = bytearray(to_text(WHOLE).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "hostile.json"
    path.write_bytes(raw[: data.draw(st.integers(0, len(raw)))] if data.draw(st.booleans()) else raw)
    serves(path)


def test_why_a_certificate_is_refused_fits_on_one_line_whatever_it_holds():
    assert str(CertificateError("the case is a\nb\x1b[31m")) == r"the case is a\nb\x1b[31m"
