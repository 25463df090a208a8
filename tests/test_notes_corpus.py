"""The material that a checker of notes is measured with: its size, its form, and that its slips come from the seed."""

from collections import Counter

import pytest

from reference.catalogue import CATALOGUE
from tests.notes.bulk import long_note
from tests.notes.equivalent import counts, same
from tests.notes.latex import Formula
from tests.notes.mutator import apply, doubles, edits, plain, singles, well_formed
from tests.notes.slips import KINDS
from tests.notes.statements import CORPUS, DISPLAY, by_hand, corpus

RIGHT, FOREIGN = corpus("right"), corpus("foreign")
EVERY_TENTH = RIGHT[::10]


def test_there_are_as_many_equations_as_promised():
    assert len(RIGHT) >= 150
    assert len(FOREIGN) >= 400


def test_each_right_equation_names_one_of_the_catalogue_and_each_foreign_one_none():
    assert [s.name for s in RIGHT if s.equation not in CATALOGUE] == []
    assert [s.name for s in FOREIGN if s.equation] == []


def test_a_form_is_a_dialect_of_its_equation_or_a_known_word():
    for s in RIGHT:
        dialects = {d.name for d in CATALOGUE[s.equation].dialects.values()}
        assert s.form in dialects | {"", "derivative", "recurrence"}, (s.name, s.form)


def test_no_equation_is_there_twice_in_the_other_corpus():
    assert not {plain(s.latex) for s in RIGHT} & {plain(s.latex) for s in FOREIGN}


@pytest.mark.parametrize("kind", ["right", "foreign"])
def test_no_display_is_left_open(kind):
    for path in sorted((CORPUS / kind).glob("*.md")):
        rest = DISPLAY.sub("", path.read_text(encoding="utf-8"))
        assert "$$" not in rest, path
        assert "\\[" not in rest, path


@pytest.mark.parametrize("statement", RIGHT + FOREIGN, ids=lambda s: s.name)
def test_every_equation_is_well_formed_and_stands_once_in_its_little_note(statement):
    assert Formula(statement.latex).balanced
    assert statement.headings
    assert statement.note()[statement.start :].startswith(statement.latex)


def test_half_of_the_headings_are_korean():
    found = Counter(any("가" <= c <= "힣" for c in s.headings[-1]) for s in RIGHT + FOREIGN)
    assert found[True] >= (len(RIGHT) + len(FOREIGN)) / 3


@pytest.mark.parametrize("statement", EVERY_TENTH, ids=lambda s: s.name)
def test_a_slip_is_well_formed_and_never_the_original(statement):
    found = singles(statement)
    assert found
    for mutant in found + doubles(statement, 5, 0):
        assert well_formed(mutant.text), mutant
        assert plain(mutant.text) != plain(statement.latex), mutant


@pytest.mark.parametrize("statement", EVERY_TENTH, ids=lambda s: s.name)
def test_the_same_seed_gives_the_same_slips(statement):
    assert singles(statement) == singles(statement)
    assert doubles(statement, 8, 1) == doubles(statement, 8, 1)
    assert len(edits(statement)) < 20 or doubles(statement, 8, 1) != doubles(statement, 8, 2)


def test_every_right_equation_offers_slips():
    assert [s.name for s in RIGHT if len(singles(s)) < 3] == []


def test_every_kind_of_slip_happens():
    assert {m.kinds[0] for s in RIGHT for m in singles(s)} == set(KINDS)


def test_edits_at_two_places_do_not_disturb_each_other():
    assert apply("a + b", ((0, 1, "cc"), (4, 5, "dd"))) == "cc + dd"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("y = a + b", "y = b + a"),
        (r"L = \frac{1}{N} \sum_{i=1}^{N} (y_i - p_i)^2", r"L = \frac{1}{N} \sum_{j=1}^{N} (p_j - y_j)^2"),
        (r"L = \sum_i |y_i - p_i|", r"L = \sum_i \left| p_i - y_i \right|"),
        (r"L = -\sum_i \left( a_i + b_i \right)", r"L = -\sum_i a_i + b_i"),
        (r"w_t = w_{t-1} - \eta g_t", r"w_t = w_{t-1} - g_{t-1} \eta"),
        (r"w = w - \eta \frac{g}{\sqrt{v}}", r"w = w - \frac{\eta}{\sqrt{v}} g"),
        (r"v_t = \mu v_{t-1} + g_t", r"v_t = \beta v_{t-1} + g_t"),
        (r"J = L + \frac{\alpha}{2} w^2", r"J = L + \frac{l}{2} w^2"),
        (r"(f * g)(t) = \sum_k f_k g_{t-k}", r"(g * f)(t) = \sum_k f_k g_{t-k}"),
        (r"W \sim N(0, \frac{2}{a + b})", r"W \sim N(0, \frac{2}{b + a})"),
        (r"w_{t+1} = w_t - \eta m_t", r"w_t = w_{t-1} - \eta m_t"),
        (r"\tanh(z) = \frac{\exp(2z) - 1}{\exp(2z) + 1}", r"\tanh(z) = \frac{\exp(z)^2 - 1}{\exp(2z) + 1}"),
        (r"h_t = \tanh(W_{hh} h_{t-1} + W_{xh} x_t)", r"h_t = \tanh(W_{hh} h_{t-1} + W x_t)"),
        (r"a = \frac{1}{1 + \text{decay} \times \text{epoch}}", r"a = \frac{1}{1 + k t}"),
        (r"H_t = (1 - a) (\Delta w_t)^2", r"H_t = (1 - a) \Delta w_t^2"),
        (r"P = (K^2 C_{in} + 1) \times C_{out}", r"P = C_{out} (K^2 C_{in} + 1)"),
        (r"w_{t+1} \leftarrow w_t - \eta g_t", r"w_t \leftarrow w_t - \eta g_t"),
        (r"L = \sum_{i=1}^{N} (y_i - p_i)^2", r"L = \sum_{i=0}^{N-1} (y_i - p_i)^2"),
        (r"L = \sum_{i=1}^{m} D(z^{(i)})", r"L = \sum_{i=0}^{m-1} D(z^{(i)})"),
        (r"L = \mathbb{E}_{x}\left[ \| f(x) - x \|_1 \right] + c", r"L = \mathbb{E}_{x} \| f(x) - x \|_1 + c"),
        (r"h_t = \tanh(W x_t + b_{ih} + U h_{t-1} + b_{hh})", r"h_t = \tanh(W x_t + U h_{t-1} + b_{hh})"),
        (r"h_t = \tanh(W x_t + b_{ih} + U h_{t-1} + b_{hh})", r"h_t = \tanh(W x_t + b_{ih} + U h_{t-1})"),
        (r"y = \frac{\mathbf{x} - \hat{\boldsymbol{\mu}}_B}{s}", r"y = \frac{\mathbf{x} - \mu_B}{s}"),
    ],
)
def test_what_changes_nothing_does_not_count(one, other):
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("y = a - b", "y = b - a"),
        ("w = w - a g", "w = w + a g"),
        ("w = w - a g", "w = w - 2 a g"),
        (r"L = \sum_{i=1}^{N} x_i", r"L = \sum_{i=0}^{N} x_i"),
        (r"v_t = \mu v_{t-1} + g_t", r"v_t = \beta v_{t-1} + \mu g_t"),
        (r"v = \mu v + \eta g", r"v = \eta v + \eta g"),
        (r"y = \tanh(x)", r"y = \exp(x)"),
        (r"s(z)_i = \frac{e^{z_i}}{\sum_j e^{z_j}}", r"s(z)_j = \frac{e^{z_i}}{\sum_j e^{z_j}}"),
        (r"m_t = b m_{t-1} + g_t \\ v_t = c v_{t-1} + g_t^2", r"m_t = b m_{t-1} + g_t \\ v_t = c v_{t-1} + g_{t-1}^2"),
        (r"f = \begin{cases} x & x > 0 \\ 0 & \end{cases}", r"f = \begin{cases} 1 & x > 0 \\ 0 & \end{cases}"),
        (r"(f * g)(t) = \sum_k f_k g_{t-k}", r"(f * f)(t) = \sum_k f_k g_{t-k}"),
        (r"W \sim N(0, \frac{2}{a + b})", r"W \sim N(0, \frac{2}{a - b})"),
        (r"W \sim N(0, \frac{2}{a + b})", r"W \sim U(0, \frac{2}{a + b})"),
        (r"w_{t+1} = w_t - \eta m_t", r"w_t = w_t - \eta m_t"),
        (r"w_{t+1} = w_t - \eta m_t", r"w_{t-1} = w_t - \eta m_t"),
        (r"v_t = b v_{t-1} + g_t \\ w_t = w_{t-1} - v_t", r"v_t = b v_{t-1} + g_t \\ w_t = w_{t-1} - v_{t-1}"),
        (r"\tanh(z) = \frac{\exp(2z) - 1}{\exp(2z) + 1}", r"\tanh(z) = \frac{\exp(z) - 1}{\exp(2z) + 1}"),
        (r"h_t = \tanh(W_{hh} h_{t-1} + W_{xh} x_t)", r"h_t = \tanh(W_{hh} h_{t-1} + W_{hh} x_t)"),
        (r"y = \mathrm{softmax}(x)", r"y = \mathrm{sigmoid}(x)"),
        (r"w_{t+1} \leftarrow w_t - \eta g_t", r"w_{t-1} \leftarrow w_t - \eta g_t"),
        (r"w_{t+1} = w_t - \eta g_t", r"w_t = w_t - \eta g_t"),
        (r"L = \sum_{i=1}^{N} (y_i - p_i)^2", r"L = \sum_{i=0}^{N} (y_i - p_i)^2"),
        (r"L = \sum_{i=1}^{N} i x_i", r"L = \sum_{i=0}^{N-1} i x_i"),
        (r"y_j = \sum_{i=1}^{n} x_{j+i}", r"y_j = \sum_{i=0}^{n-1} x_{j+i}"),
        (r"L = \mathbb{E}_{x}[ \| f(x) \|_1 + c ]", r"L = \mathbb{E}_{x} \| f(x) \|_1 + \mathbb{E}_{x} c^2"),
        (r"n_t = \tanh(W x_t + b_{i} + r (U h + b_{h}))", r"n_t = \tanh(W x_t + b_{i} + r (U h))"),
        (r"h_t = \tanh(W x_t + b + U h_{t-1})", r"h_t = \tanh(W x_t + U h_{t-1})"),
        (r"h_t = \tanh(W x_t + b + c) + c", r"h_t = \tanh(W x_t + b) + c"),
    ],
)
def test_what_changes_something_counts(one, other):
    assert not same(one, other)


def test_matrices_do_not_commute():
    assert same("Z = Q K", "Z = K Q")
    assert not same("Z = Q K", "Z = K Q", "scaled_dot_product_attention")


def test_a_dialect_does_not_count_where_somebody_says_so():
    mutant = next(m for s in RIGHT for m in singles(s) if counts(m))
    assert not counts(mutant, lambda latex, statement: True)


def test_the_long_note_is_as_long_as_promised_and_comes_from_its_seed():
    note = long_note()
    assert 990_000 < len(note.encode()) < 1_010_000
    assert len(list(DISPLAY.finditer(note))) == 2000
    assert note == long_note()
    assert note != long_note(seed=1)


def test_each_slip_by_hand_is_one_in_an_equation_of_the_catalogue():
    every = by_hand()
    assert len(every) == 420
    assert {s.equation for s, _, _ in every} <= set(CATALOGUE)
    assert all(s.latex != text for s, text, _ in every)
