"""The five study notes: each slip of notation and each claim in their prose, found where it is."""

from pathlib import Path

import pytest

from conformance.notes.claims import claims
from conformance.notes.extract import pieces
from conformance.notes.folder import read
from conformance.notes.lint import lint
from conformance.notes.model import patched

NOTES = Path(__file__).resolve().parent.parent.parent / "shared" / "notes"
pytestmark = pytest.mark.skipif(not NOTES.is_dir(), reason=f"the study notes are not here: {NOTES} is no folder")

MATHEMATICS = {"000": (4, 0), "001": (18, 0), "002": (6, 1), "003": (0, 0), "004": (0, 0)}  # marked, and bare in a line
MENDED = {
    ("000", 63): r"\sum_{k=-\infty}^{\infty}",
    ("000", 77): r"\int_{-\infty}^{\infty}",
    ("001", 74): r"\{(x_i,y_i)\}^N_{i=1}",
    ("001", 249): "G_t",
    ("001", 290): "m_{t-1}",
    ("001", 293): "m_t",
    ("001", 316): r"\mathcal{D};W",
}
NOT_MENDED = {
    ("001", 99): "math 3 stands under a picture",
    ("001", 117): "img 3 is on line 105 already",
    ("001", 233): "g_t, which is in no equation",
    ("001", 350): "img 7-1 is on line 342 already",
    ("001", 403): "before img 8-2 there is no img 8-1",
}
CLAIMED = {
    ("000", 82): "right",
    ("000", 107): "right",
    ("000", 116): "wrong",
    ("000", 117): "wrong",
    ("000", 147): "incomplete",
    ("001", 285): "wrong",
    ("001", 337): "wrong",
    ("001", 442): "incomplete",
    ("002", 181): "right",
    ("003", 51): "right",
    ("003", 103): "right",
    ("003", 105): "right",
    ("004", 25): "wrong",
    ("004", 63): "right",
    ("004", 66): "wrong",
}


@pytest.fixture(params=sorted(MATHEMATICS))
def note(request):
    (path,) = NOTES.glob(f"{request.param}_*.md")
    return request.param, read(str(path))


def test_all_their_mathematics_is_found(note):
    name, source = note
    kinds = [piece.kind for piece in pieces(source.text)]
    assert (len(kinds) - kinds.count("plain"), kinds.count("plain")) == MATHEMATICS[name]


def test_each_slip_of_notation_is_found_and_mended(note):
    name, source = note
    found = lint(source.text, pieces(source.text))
    places = {(name, source.lines.place(f.start)[0]) for f in found}
    assert places == {place for place in MENDED | NOT_MENDED if place[0] == name}
    mended = patched(source.text, [edit for finding in found for edit in finding.edits])
    for (which, line), text in MENDED.items():
        if which == name:
            assert text in mended.split("\n")[line - 1]
    for finding in found:
        line = source.lines.place(finding.start)[0]
        assert NOT_MENDED.get((name, line), "") in finding.reason
        assert bool(finding.edits) == ((name, line) in MENDED)


def test_each_claim_is_judged(note):
    name, source = note
    found = {(name, source.lines.place(f.start)[0]): f.verdict for f in claims(source.text)}
    assert found == {place: verdict for place, verdict in CLAIMED.items() if place[0] == name}
