"""What is put back is written as what stands beside it; where two repairs are as small, both are shown."""

import pytest

from conformance.notes.believing import believable
from conformance.notes.change import Change, one
from conformance.notes.lateness import fit, late
from conformance.notes.parse import parse
from conformance.notes.tokens import tokens
from tests.notes.dialects import catalogued
from tests.notes.statements import corpus
from tests.notes.trial import said
from tests.test_notes_blocks import verdicts
from tests.test_notes_missing import mended

CORPUS = {s.name: s for s in corpus("right")}
JUDGE = {"judge": "conformance.notes.check:judged", "pieces": "conformance.notes.extract:pieces"}


def slipped(name, right, wrong):
    statement = CORPUS[name]
    assert right in statement.latex
    return statement, statement.latex.replace(right, wrong, 1)


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("adaptive-19", r" \hat{m}_t", ""),  # at the time of what it is divided by, with the accent that it has
        ("adaptive-12", r"x_t + \Delta x_t", "x_t + x_t"),
        ("adaptive-12", r"+ (1 - \rho) \Delta x_t^2", ""),  # a change is named after what changes
        ("adaptive-5", "G_t + ", "G_{t-1} + "),  # what another line defines, at the step at which it does
        ("adaptive-5", r"+ \epsilon", "+ w_{t+1}"),
        ("adaptive-15", "v_t = ", "v_{t+1} = "),  # what is used at t is defined at t
        ("regularization-20", "p_{m,c}", "M"),  # without the index that what is defined goes without
        ("regularization-10", r"\epsilon) y", r"\epsilon) \epsilon"),  # a prime may be a part of a name
        ("recurrent-15", r"\tanh(W_h x_t", r"\tanh( x_t"),  # no sign between a matrix and what it is taken of
        ("recurrent-15", "W_r x_t + U_r", "W_r U_r + x_t"),  # a matrix stands before what it is taken of
        ("recurrent-7", r"i_t * \tilde{C}_t", r"\tilde{C}_t"),  # with the sign that stands between vectors there
        ("activations-21", "e^{a_k - m}", "e^{ - m}"),  # with the index of what is defined, which no sum counts with
        ("activations-21", r"e^{a_i - m}}", "}"),
        ("activations-11", r"\exp(2z) + 1", r"\exp(2z)"),  # with the function that stands there for a power of e
        ("attention-8", r"\cos\left( pos / 10000^{2i/d_{model}}", r"\cos\left( pos / 10000"),
        ("losses-3", "(y_i - w x_i - b)^2", "y_i - w x_i - b^2"),
        ("losses-31", "(w x_i + b - y_i) x_i", "(w x_i - y_i) x_i"),  # a sign before a bracket may be in it
        ("networks-15", r"-\sqrt{\frac{6}{n_{in} + n_{out}}}", r"-\sqrt{\frac{6}{\sqrt{n_{in} + n_{out}}}}"),
        ("networks-26", r"\exp(\mathrm{sim}(z_i, z_k)", r"\log(\mathrm{sim}(z_i, z_k)"),
        ("convolution-25", "x_{c,i,j}", ""),
        ("optimizers-14", r"(1 - \beta) dw", "(1 ) dw"),
    ],
)
def test_a_name_comes_back_as_those_beside_it_are_written(name, right, wrong):
    assert said(*slipped(name, right, wrong), **JUDGE).repaired


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("optimizers-10", r"\theta - v_t", r"\theta + v_t"),  # either line may be the one that does not fit
        ("optimizers-14", r"(1 - \beta) dw", r"\beta dw"),  # the complement, or nothing at all
        ("losses-27", r"\log \sigma^2", r"\log \sigma"),  # a square is missing here, or too much there
        ("regularization-19", r"{B} \sigma^2", r"{B} \sigma"),
    ],
)
def test_where_two_repairs_are_as_small_both_are_shown(name, right, wrong):
    found = said(*slipped(name, right, wrong), **JUDGE)
    assert found.repaired
    assert len(found.repairs) == 2


def test_two_names_that_changed_places_with_others_are_found():
    rows = (r"\eta_t = \frac{t}{2} \left( 1 + \cos \frac{\pi t}{\eta_0} \right)",)
    assert mended("Cosine annealing", *rows)[0].count(r"\eta_0") == 1
    assert r"\frac{\pi t}{T}" in mended("Cosine annealing", *rows)[0]


@pytest.mark.parametrize(
    ("heading", "right", "wrong"),
    [
        ("RNN", r"h_t = \tanh(W x_t + U h_{t-1} + b)", r"h_t = \tanh(W x_t + W h_{t-1} + b)"),
        ("RNN", r"h_t = \tanh(x_t W_x + h_{t-1} W_h + b)", r"h_t = \tanh(x_t W_x + h_{t-1} x_t + b)"),
        (
            "Perceptron",
            r"y = \begin{cases} 1 & \sum_i w_i x_i + b > 0 \\ 0 & \text{otherwise} \end{cases}",
            r"y = \begin{cases} 1 & w_i x_i + b > 0 \\ 0 & \text{otherwise} \end{cases}",
        ),
        (
            "Mini-batch gradient",
            r"g = \frac{1}{B} \sum_{i=1}^{B} \nabla_\theta \ell_i(\theta)",
            r"g = \frac{1}{B} \sum_{i=1}^{B} \nabla_\theta \ell_i(B)",
        ),
    ],
)
def test_what_nobody_would_read_so_is_not_right(heading, right, wrong):
    assert set(verdicts(heading, right)) <= {"right", "dialect"}
    assert verdicts(heading, wrong) == ["wrong"]


def test_a_gate_is_no_bias_though_each_name_could_be_any():
    statement, latex = slipped("recurrent-14", "b_{iz} + W_{hz}", "W_{hz} + b_{iz}")
    assert said(statement, latex, **JUDGE).verdict != "right"


@pytest.mark.parametrize(
    ("latex", "change"),
    [
        (r"y = \min(0, x)", Change(1.0, ((3, 4, (r"\sqrt", "{")), (7, 8, ("}",))))),
        (r"L = \sum_{i=2}^{n} x_i", one(1.0, 4, 9, "i")),  # how far it goes, and not from where
        (r"s \leftarrow a s", one(1.0, 1, 1, "'")),
        (r"w^{(l)} = n^{(l-1)}", one(1.0, 8, 14)),
        (r"m^t = a^t b", Change(1.0, ((1, 3, ()), (5, 7, ())))),
    ],
)
def test_nobody_slips_so(latex, change):
    row = tokens(latex)
    made = change.applied(row)
    assert made != row
    assert not believable(change, row, made, [])


def test_what_is_used_at_one_step_is_defined_at_it():
    used = parse(tokens("w_t = w_{t-1} - v_t"))
    assert late(parse(tokens("v_{t+1} = b v_{t-1} + g_t")), [used])
    assert not late(parse(tokens("v_t = b v_{t-1} + g_t")), [used])
    assert fit(parse(tokens("v_t = b v_{t-1} + g_t")), [used]) > fit(parse(tokens("v_{t+1} = b v_t + g_t")), [used])


@pytest.mark.parametrize(
    ("name", "right", "wrong", "dialect"),
    [
        ("regularization-1", r"\frac{\lambda}{2}", r"\lambda", True),
        ("networks-16", r"\frac{2}", r"\frac{1}", True),
        ("losses-10", r"\frac{1}{n} ", "", True),
        ("regularization-3", r"\sum_{j} ", "", False),  # an index comes free
        ("networks-16", r"\frac{2}", r"\frac{3}", False),
        ("recurrent-15", "+ b_z", "", False),  # one gate alone
        ("adaptive-3", r" + \epsilon", "", True),  # a form beside it shares the other line
        ("adaptive-3", "G_{t-1} + ", "", False),
    ],
)
def test_a_slip_that_makes_a_catalogued_dialect_does_not_count(name, right, wrong, dialect):
    statement, latex = slipped(name, right, wrong)
    assert catalogued(latex, statement) == dialect
