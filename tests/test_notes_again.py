"""What a repair gives is read once more, and what is put back is written as the note writes it."""

from dataclasses import replace

import pytest

from conformance.notes.again import settled
from conformance.notes.arranging import arrangements
from conformance.notes.believing import believable
from conformance.notes.change import one
from conformance.notes.check import _understood
from conformance.notes.extract import pieces
from conformance.notes.indices import asked_at
from conformance.notes.lines import block_of
from conformance.notes.manners import among, transposed, unlimited, unprimed
from conformance.notes.model import Edit, Finding, Piece, patched
from conformance.notes.notation import affinity
from conformance.notes.parse import parse
from conformance.notes.senseless import senseless
from conformance.notes.spelling import spelled
from conformance.notes.tokens import tokens
from conformance.notes.towards import towards
from tests.notes.statements import corpus
from tests.notes.trial import said
from tests.test_notes_blocks import verdicts
from tests.test_notes_returns import JUDGE, slipped

TEXT = "a = b + c, d = e"
PIECE = Piece(TEXT, 10, "display")


def finding(verdict="wrong", edits=(), choices=(), start=0, end=9, **more):
    return Finding(start + 10, end + 10, verdict, "", edits=edits, choices=choices, **more)


def at(start, end, text, by=10):
    return (Edit(start + by, end + by, text),)


def once(rounds):
    """A judge that says one thing after the other of what it is given, and keeps that."""
    given = []

    def judge(piece):
        given.append(piece.text)
        return rounds[len(given) - 1]

    return judge, given


def local(edits):
    return [Edit(e.start - 10, e.end - 10, e.text) for e in edits]


def texts(latex):
    return [t.text for t in tokens(latex)]


def test_what_is_right_once_it_is_mended_is_mended_once():
    first = [finding(edits=at(4, 5, "x")), finding("right", start=11, end=16)]
    judge, given = once([[finding("right"), finding("right")]])
    assert settled(PIECE, first, judge) == first
    assert given == ["a = x + c, d = e"]


def test_a_line_that_is_still_wrong_once_it_is_mended_is_mended_twice():
    first = [finding(edits=at(4, 5, "xyz")), finding("right", start=11, end=16)]
    second = [finding(edits=at(10, 11, "w", by=0)), finding("right")]
    judge, given = once([second, [finding("right"), finding("right")]])
    mended, other = settled(PIECE, first, judge)
    assert given == ["a = xyz + c, d = e", "a = xyz + w, d = e"]
    assert patched(TEXT, local(mended.edits)) == given[-1]
    assert (mended.start, mended.end) == (10, 19)
    assert other == first[1]


@pytest.mark.parametrize("again", [(4, 7, "v"), (5, 6, "v"), (7, 7, "v"), (4, 4, "v"), (3, 8, "")])
def test_edits_that_meet_become_one(again):
    judge, given = once([[finding(edits=at(*again, by=0))], [finding("right")]])
    (mended,) = settled(PIECE, [finding(edits=at(4, 5, "xyz"))], judge)
    assert len(mended.edits) == 1
    assert patched(TEXT, local(mended.edits)) == given[-1]


def test_a_line_after_another_that_grew_is_mended_where_it_stands():
    first = [finding(edits=at(4, 5, "xyz")), finding("no opinion", start=11, end=16)]
    second = [finding("right"), finding(edits=at(17, 18, "u", by=0), start=13, end=18)]
    judge, given = once([second, [finding("right"), finding("right")]])
    mended, other = settled(PIECE, first, judge)
    assert (other.verdict, other.start, other.end, other.edits) == ("wrong", 21, 26, at(15, 16, "u"))
    assert patched(TEXT, local([*mended.edits, *other.edits])) == given[-1] == "a = xyz + c, d = u"


def test_what_never_comes_to_rest_is_left_as_it_was_found_first():
    first = [finding(edits=at(4, 5, "x"))]
    judge, given = once([[finding(edits=at(4, 5, text, by=0))] for text in "yzuv"])
    assert settled(PIECE, first, judge) == first
    assert len(given) == 3


def test_what_reads_as_other_lines_once_it_is_mended_is_left_as_it_was():
    first = [finding(edits=at(4, 5, "x"))]
    assert settled(PIECE, first, lambda piece: [finding("right"), finding(edits=at(0, 1, "y", by=0))]) == first


def test_what_would_be_undone_is_kept():
    first = [finding(edits=at(4, 5, "x"))]
    judge, _ = once([[finding(edits=at(4, 5, "b", by=0))]] * 3)
    assert settled(PIECE, first, judge) == first


def test_several_repairs_stay_several():
    first = [finding(choices=(at(4, 5, "x"), at(8, 9, "y"))), finding(edits=at(11, 12, "z"), start=11, end=16)]
    judge, _ = once([[finding(edits=at(0, 1, "q", by=0)), finding("right")], [finding("right"), finding("right")]])
    assert settled(PIECE, first, judge)[0] == first[0]


@pytest.mark.parametrize(
    ("name", "slips"),
    [
        ("adaptive-14", [("m_t &= ", "m_{t+1} &= "), (r"\frac{m_t}{1 - \beta_1^t}", r"\frac{1 - \beta_1^t}{m_t}")]),
        ("adaptive-10", [("m_t &= ", "m_{t-1} &= "), (r"\alpha m_{t-1}", "g_t^2 m_{t-1}")]),
        ("optimizers-16", [(r"\beta a_t + ", r"- \beta a_t + "), ("(W_t -", "(W_{t-1} -")]),
        ("networks-10", [("= W_2 W_1 x", "= x x W_1")]),
        ("recurrent-8", [("c_t =", "c_{t+1} ="), (r"o_t \odot", r"o_t^2 \odot")]),
        ("normalization-7", [(r"(1 - \alpha) \mu_B", r"(1 - \mu_B) \alpha"), (r"\alpha \hat{\s", r"\hat\mu \hat{\s")]),
    ],
)  # fmt: skip
def test_two_slips_in_one_block_are_undone(name, slips):
    statement = next(s for s in corpus("right") if s.name == name)
    text = statement.latex
    for right, wrong in slips:
        assert right in text
        text = text.replace(right, wrong, 1)
    assert said(statement, text, **JUDGE).repaired


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("recurrent-9", r"o_t \odot \tanh(c_t)", "o_t"),  # with the sign of a product that its block has
        ("recurrent-15", r" + (1 - z_t) \odot \tilde{h}_t", ""),
        ("adaptive-7", "0.9 E[g^2]_{t-1} + ", ""),
        ("losses-25", r"\log \left( \frac{e^{f_{y_i}}}", r"\log \left( \frac{e^{f_{y_j}}}"),  # an index of an index
        ("schedules-9", r"\frac{t}{T}", r"\frac{T}{T}"),
        ("networks-15", r"-\sqrt", r"\sqrt"),
        ("networks-10", "(W_1 x + b_1)", "(x + b_1)"),  # one of two sides
        ("normalization-6", r"\mu_{run} + \alpha", r"\mu_{run}^2 + \alpha"),  # a name by which averages go
        ("convolution-10", "W_{u,v}", ""),
    ],
)
def test_a_slip_is_undone_as_the_note_would_write_it(name, right, wrong):
    assert said(*slipped(name, right, wrong), **JUDGE).repaired


def test_what_is_divided_by_itself_says_nothing():
    assert senseless(parse(tuple(tokens(r"y = a \frac{T}{T}"))))
    assert senseless(parse(tuple(tokens(r"W \sim U(\sqrt{6}, \sqrt{6})"))))
    assert not senseless(parse(tuple(tokens(r"W \sim U(-\sqrt{6}, \sqrt{6})"))))
    assert not senseless(parse(tuple(tokens(r"y = a \frac{t}{T} + (1 - a) u"))))
    assert verdicts(r"$$\eta_t = \eta_0 \frac{t}{T}, \quad t \le T$$") == ["right"]


def test_a_name_that_another_line_has_may_go_from_one():
    row, rest = tokens(r"v = \hat{\mu} v + (1 - a) s"), [tokens(r"\hat{\mu} = a \hat{\mu} + (1 - a) m")]
    change = one(1.0, 2, 6, "a")
    assert believable(change, row, change.applied(row), rest)
    assert not believable(change, row, change.applied(row), [])


def test_an_average_that_runs_goes_by_a_label_or_a_hat():
    assert affinity("mu_run", "hat mu") == affinity("sigma_running", "hat sigma") == 0.6
    assert affinity("mu_B", "hat mu") < 0.3


def test_what_arrives_at_a_formula_says_so():
    changes = towards(tokens("y = a + b"), texts("z = a + c"), whole=True)
    there = [[t.text for t in c.applied(tokens("y = a + b"))] == texts("z = a + c") for c in changes]
    assert [c.arrives for c in changes] == there
    assert {*there} == {True, False}


def test_one_side_is_put_in_the_place_of_each_of_several():
    ways = ["".join(way) for way in among(texts("y = c"), texts("y = a = b"))]
    assert ways == ["y=c=b", "y=a=c"]
    assert among(texts("y = c"), texts("y = a")) == among(texts("y = c = d"), texts("y = a = b")) == []


def test_manners_of_a_note_are_kept():
    bare, full = texts(r"\sum_{j} x_j"), texts(r"\sum_{j=1}^{N} x_j + \prod_i b_i")
    assert "".join(unlimited(full, bare)) == r"\sum_jx_j+\prod_ib_i"
    assert unlimited(full, full) == full
    assert unlimited(full, texts("x")) == full
    assert "".join(transposed(texts(r"q \cdot k"), texts(r"q^\top k"))) == r"q^\topk"
    assert transposed(texts(r"q \cdot k"), texts(r"q^\top k \cdot v")) == texts(r"q \cdot k")
    assert unprimed(texts("h' = a h + b'"), texts("h = a h")) == texts("h = a h + b'")
    assert unprimed(texts("h' = a h"), texts("h' = a h")) == texts("h' = a h")


def test_functions_are_asked_at_what_is_defined():
    asked = {name: "".join(some) for name, some in asked_at(tokens(r"J(w) = L(\lambda) + w")).items()}
    assert asked == {"J": "J(w)", "L": "L(w)"}
    assert asked_at(tokens("y = L(a) + L(b)")) == {}


def goals(name):
    """For each line of a right display that is known how its own form is written in its manner."""
    statement = next(s for s in corpus("right") if s.name == name)
    note = statement.note(statement.latex)
    piece = next(p for p in pieces(note) if p.end > statement.start)
    block = block_of(piece)
    lines = [line for line in block.lines if line.states]
    known = _understood(replace(block, lines=lines), lines)
    for line in lines:
        way, rest = known.taken[id(line)], [other.row for other in lines if other is not line]
        goal = spelled(way.stated, way.leading, line.row, rest)
        yield "".join(t.text for t in line.row), {"".join(g) for g in arrangements(goal, line.row, rest)}


@pytest.mark.parametrize(
    "name",
    ["recurrent-1", "recurrent-7", "recurrent-9", "recurrent-6", "regularization-1", "normalization-7", "optimizers-4",
     "optimizers-10", "regularization-13", "losses-4"],
)  # fmt: skip
def test_a_right_line_is_written_as_it_stands(name):
    def bare(text):
        return text.replace("{", "").replace("}", "")

    for row, ways in goals(name):
        assert bare(row) in {bare(way) for way in ways}
