"""What leads from one tree to another are the slips between them, in whatever order terms and factors stand."""

import pytest

from conformance.notes import aligning
from conformance.notes.aligning import aligned
from conformance.notes.believing import believable
from conformance.notes.borrowing import strange, written_names
from conformance.notes.change import Change, one
from conformance.notes.misreading import as_what_changes, exchanged, unlike
from conformance.notes.parse import parse
from conformance.notes.repair import _sound
from conformance.notes.tokens import Token, tokens
from tests.notes.statements import corpus
from tests.notes.trial import said
from tests.test_notes_blocks import verdicts
from tests.test_notes_missing import mended

CORPUS = {s.name: s for s in corpus("right")}
JUDGE = {"judge": "conformance.notes.check:judged", "pieces": "conformance.notes.extract:pieces"}
SHARE = r"P = 1 - ( 1 - \frac{1}{n} )^n"
SOFT = r"p = \frac{e^{a}}{e^{a} + e^{b}}"
CONTRAST = (
    r"\ell_{i,j} = -\log \frac{\exp(\mathrm{sim}(z_i, z_j)/\tau)}"
    r"{\sum_{k=1, k \ne i}^{2N} \exp(\mathrm{sim}(z_i, z_k)/\tau)}"
)
TREND = (
    r"s_t = \alpha x_t + (1 - \alpha)(s_{t-1} + b_{t-1}) \\ "
    r"b_t = \beta (s_t - s_{t-1}) + (1 - \beta) b_{t-1}"
)
CLIPPED = r"\theta_{t+1} = \theta_t - \eta \operatorname{clip}\left(\frac{m_t}{\max(\gamma h_t, \epsilon)}, 1\right)"


def written(row):
    return " ".join(token.text for token in row)


def whole(row, goal):
    """What the row becomes if every slip is undone, and what that costs."""
    row = tokens(row)
    changes = aligned(row, [t.text for t in tokens(goal)], 9.9)
    most = max(changes, key=lambda change: len(change.parts) + change.cost / 99)
    return written(most.applied(row)), round(most.cost, 3)


@pytest.mark.parametrize(
    ("row", "goal", "made", "cost"),
    [
        ("y = a + b", "y = b - a", "y = - a + b", 1.0),  # a sign, in whatever order
        (r"q = y (1 - a^2) + \frac{a}{K^2}", r"q = (1 - a) y + \frac{a}{K}", r"q = y (1 - a) + \frac{a}{K}", 2.1),
        (r"P = 1 - ( 1 - \frac{n}{1} )^n", SHARE, SHARE, 1.1),  # what stands below the line stands above it
        (r"y = \frac{\sqrt{a + b}}{c}", r"y = \frac{c}{a - b}", r"y = \frac{c}{a - b}", 3.4),
        (r"p = \frac{\log(a)}{e^{a} + e^{b}}", SOFT, r"p = \frac{\exp(a)}{e^{a} + e^{b}}", 1.0),
        (r"y = -\log(1 - p)", r"y = -\log(p)", r"y = -\log(p)", 1.0),  # a complement
        (r"y = -\log(p)", r"y = -\log(1 - p)", r"y = -\log((1 - p))", 1.0),
        ("y = a x", "y = a x + b c", "y = a x + b c", 1.5),  # a term that is missing is one thing
        ("y = x + c d", "y = a + x + c d", "y = a + x + c d", 1.25),
        ("y = x + c d", "y = - a + x + c d", "y = - a + x + c d", 1.25),
        ("y = a x - b", "y = a x", "y = a x", 1.25),
        ("y = b + a x", "y = a x", "y = a x", 1.25),
        (r"y = \sum_i x_i", r"y = \frac{1}{N} \sum_i x_i", r"y = \frac{1}{N} \sum_i x_i", 1.0),
        (r"c = f \odot d", r"c = i \odot f \odot d", r"c = i \odot f \odot d", 1.0),  # with the sign that stands there
        (r"y = \frac{x}{N} z", r"y = \frac{1}{N} z", r"y = \frac{1}{N} z", 1.0),
        (r"y = \sqrt{x}", "y = x", "y = x", 1.1),
        (r"y = \sqrt{a + b} c", "y = (a + b) c", "y = (a + b) c", 1.1),
        (r"y = \frac{a}{\sqrt{b + c}}", r"y = \frac{a}{b + c}", r"y = \frac{a}{b + c}", 1.1),
        ("y = a + b", r"y = \sqrt{a + b}", r"y = \sqrt{a + b}", 1.1),
        (r"y = \tanh(x)", "y = x", "y = ( x )", 1.2),
        ("y = a x", r"y = \tanh(a x)", r"y = \tanh(a x)", 1.2),
        (r"y = A A x", r"y = A^T A x", r"y = A^T A x", 1.0),
        (r"y = x_i^2", r"y = x_j", "y = x_j", 2.1),
        ("v = b v_{t-1}", "v = b v_t", "v = b v_t", 1.0),
        ("v = b v_t", "v = b v_{t-1}", "v = b v_{t-1}", 1.0),  # in braces, which one sign goes without
        (r"y = \sum_{i=2}^{N-1} x_i", r"y = \sum_{i=1}^{N} x_i", r"y = \sum_{i=1}^{N} x_i", 2.35),
        (r"y = \sum_{i=1}^{N} x_i", r"y = \sum_{j=1}^{N} x_i", r"y = \sum_{j=1}^{N} x_i", 1.2),
        ("y = x_i", r"y = \sum_i x_i", r"y = \sum_i x_i", 1.2),
        (r"y = \sum_i x_i", "y = x_i", "y = x_i", 1.2),
        ("y = (1 - g^2) a", "y = (1 - a) g^2", "y = (1 - a) g^2", 1.1),  # an exchange is one slip
        (r"f = \begin{cases} 2 & x < 1 \\ 0 & x \le 0 \end{cases}",
         r"f = \begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}",
         r"f = \begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}", 3.2),
    ],
)  # fmt: skip
def test_the_slips_between_two_trees_are_found_each_at_its_cost(row, goal, made, cost):
    assert whole(row, goal) == (written(tokens(made)), cost)


@pytest.mark.parametrize(
    ("row", "goal"),
    [
        ("y = a + + b", "y = a + b"),  # what cannot be read
        (r"y = \| a + b \|", r"y = \max(d, e - f)"),
    ],
)
def test_another_thing_altogether_is_no_slip(row, goal):
    assert not aligned(tokens(row), [t.text for t in tokens(goal)], 3.1)


def test_what_is_said_in_another_way_is_no_slip():
    assert not aligned(tokens(r"y = b \exp(x) + a"), [t.text for t in tokens("y = a + e^x b")], 9.9)
    mean = [t.text for t in tokens(r"y = \frac{\sum_{i=1}^N x}{N}")]
    assert not aligned(tokens(r"y = \frac{1}{N} \sum_i x"), mean, 9.9)


def test_each_slip_is_tried_alone_and_with_the_others():
    row, goal = tokens("y = a x^2 - b"), [t.text for t in tokens("y = a x + b")]
    made = {written(change.applied(row)) for change in aligned(row, goal, 9.9)}
    assert made == {"y = a x - b", "y = a x ^ 2 + b", "y = a x + b"}


def test_what_costs_too_much_is_not_tried():
    row, goal = tokens("y = a x^2 - b"), [t.text for t in tokens("y = a x + b")]
    assert {len(change.parts) for change in aligned(row, goal, 1.05)} == {1}
    assert aligning.EDITS >= aligning.CHOSEN


def test_anything_may_stand_where_something_is_missing():
    row = [*tokens(r"L = \sum_i"), Token("x", -1, -1)]
    goal = [t.text for t in tokens(r"L = \sum_i (y_i - p_i)^2")]
    made = {written(c.applied(row)) for c in aligned(row, goal, 3.1, missing=True)}
    assert made == {written(tokens(r"L = \sum_i (y_i - p_i)^2"))}
    here = {written(c.applied(row)) for c in aligned(row, goal, 9.9)}
    assert not made & here  # a name that was written is no such place


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("regularization-22", ((r"\left( 1 - \frac{1}{n} \right)", r"1 - \frac{n}{1}"),)),  # a bracket, and a fraction
        ("schedules-9", ((r"\eta_0 \frac", r"\eta_0^2 \frac"), ("{T},", r"{\sqrt{T}},"))),
        ("losses-8", (("y_i)^2", "y_i^2)^2"), ("{N}}", "{N^2}}"))),
        ("activations-7", (("e^x - e", "e^x + e"), ("{e^x + e^{-x}}", r"{\sqrt{e^x + e^{-x}}}"))),
        ("activations-18", ((r"\exp(o_k)", r"\exp(o_j)"), (r"{\sum_{j} \exp(o_j)}", r"{\sqrt{\sum_{j} \exp(o_j)}}"))),
        ("regularization-21", ((r"\binom{M}{k}", r"\binom{k}{M}"), ("{M-k}", "{M}"))),
        ("networks-17", (("A^T A", "A A"), ("A^T b", "b"))),  # the sign of a transpose, on either side
        ("regularization-11", ((r"\alpha)", r"\alpha^2)"), ("{K}", "{K^2}"))),  # a square too many, twice
        ("losses-19", ((r"y_c \log", r"\hat{y}_c \log"), (r"\log", r"\exp"))),  # a name that is there a second time
        ("losses-13", ((r"y^{(i)} \log h_\theta(x^{(i)}) + (1 - y", r"(1 + y"),)),  # a model is what predicts
        ("losses-25", (("-\\log", "-\\exp"), ("e^{f_j}", ""))),  # where nothing can be read
        ("regularization-23", (("{1}{2}", "{2}{2}"), ("1 - \\epsilon", "1 + \\epsilon"))),  # nobody writes 2 / 2
        ("activations-20", (("k=1", "k=2"), ("a_k", "a_i"))),  # nor how far a sum goes without where it begins
        ("networks-26", ((r"\exp(\mathrm{sim}(z_i, z_j)", r"\log(\mathrm{sim}(z_i, z_j)"),
                         (r"z_k) / \tau", r"z_i) / \tau"))),  # a long line tells what it is
    ],
)  # fmt: skip
def test_two_slips_in_one_statement_are_undone(name, changes):
    statement = CORPUS[name]
    text = statement.latex
    for right, wrong in changes:
        assert right in text
        text = text.replace(right, wrong, 1)
    assert said(statement, text, **JUDGE).repaired


@pytest.mark.parametrize(
    "row",
    [
        r"J(w) = J(J) + \lambda w^2",  # of itself
        r"a = \frac{2}{2} \ln b",
        r"a = \frac{N}{N} \sum_i b_i",
        r"a = \frac{0}{2} b",
        r"a = \sqrt{b}^2",
        r"a = \sqrt{b^2}",
        r"a = \frac{b}{c} c",
        r"a = c \frac{b}{c d}",
        r"a = \max(b, b)",
        "a = b - b",
        "f(x) = 2 f(x)",  # of its own value
    ],
)
def test_nobody_writes_what_says_the_same_without_it(row):
    assert not _sound(parse(tokens(row)))


@pytest.mark.parametrize(
    "row", [r"y = \sigma(w \sigma(v x))", r"a = \frac{2}{3} b", r"a = \sqrt{b}^3", r"a = \sqrt{b^3}", "f(x) = g(x)"]
)
def test_a_function_of_its_own_value_is_no_slip(row):
    assert _sound(parse(tokens(row)))


@pytest.mark.parametrize(
    ("latex", "change"),
    [
        ("y = x_{nchw} + b", one(1.0, 10, 10, "_", "{", "h", "c", "w", "}")),  # two indices one behind the other
        (r"y = \sum^N_{i=1} x_i", one(1.0, 5, 11)),  # how far, and not from where
        (r"y = \frac{1}{bs} \sum_{i=1}^{bs} x_i", Change(2.0, ((7, 9, ("n",)), (19, 21, ("n",))))),
        (r"y = \sum_{i=0}^{n} x_i", one(1.0, 9, 10)),  # a limit does not come to stand on the line
        ("y = x_{nchw} + b", one(1.0, 6, 6, ",")),  # a comma says nothing
        (r"y = \gamma_{c(k)} x", one(1.0, 3, 10, "_", "c")),  # an index that is a function of another
        ("w^{(1)} = w^{(0)} - g^{(0)}", Change(2.0, ((7, 12, ()), (14, 19, ())))),
    ],
)
def test_nobody_makes_such_a_slip(latex, change):
    row = tokens(latex)
    assert not believable(change, row, change.applied(row), ())


def test_a_square_may_be_too_many_in_two_places():
    row = tokens("y = (1 - a^2) + b^2")
    change = Change(2.0, ((6, 8, ()), (11, 13, ())))
    assert written(change.applied(row)) == "y = ( 1 - a ) + b"
    assert believable(change, row, change.applied(row), ())


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("Gradient descent", r"w = w - \eta \frac{\partial L}{\partial L}"),  # along itself
        ("Mini-batch gradient", r"g_t = \frac{1}{|w_t|} \sum_{i \in B_t} \nabla \ell_i(w_t)"),  # no set
        ("Discrete convolution", r"y[n] = x[n^2] * h[n] = \sum_{k=-\infty}^{\infty} h[k] \, x[n-k]"),
        ("Linear warmup", r"\eta_t = t \cdot \min\left( 1, \frac{\eta_0}{T} \right)"),  # time stays time
        ("Training iterations", r"\text{iterations} = \text{epochs} \times \left\lceil \frac{B}{N} \right\rceil"),
    ],
)
def test_what_nobody_would_read_so_is_not_right(heading, row):
    assert not {"right", "dialect"} & set(verdicts(heading, row))


def test_a_penalty_is_added_to_the_cost_of_the_same_weights():
    heading, row = "L2 penalty", r"\tilde{J}(\theta) = J(%s) + \lambda \sum_{j} \theta_j^2"
    assert verdicts(heading, row % r"\theta") == ["dialect"]
    assert not {"right", "dialect"} & set(verdicts(heading, row % r"\lambda"))


def test_what_limits_a_sum_is_no_vector():
    statement = CORPUS["networks-3"]
    text = statement.latex.replace("i=1", "i=0", 1).replace("w_i x_i", "x_i", 1)
    assert said(statement, text, **JUDGE).repaired


def test_a_change_is_not_what_changes():
    assert as_what_changes({"Delta x": "theta"})
    assert as_what_changes({"theta": "Delta w"})
    assert not as_what_changes({"Delta x": "Delta w", "x": "theta"})


def test_a_variance_is_no_deviation_and_a_cost_is_no_slope():
    assert unlike({"sigma²": "sigma"})
    assert unlike({"cal L_MSE": "∂L/∂w"})
    assert not unlike({"sigma²": "v", "sigma": "sigma", "g": "∂L/∂w", "cal L": "L"})
    row = r"y = \gamma \frac{x - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}} + \beta"
    assert r"\sqrt{\sigma_B^2" in mended("Batch normalization", row.replace(r"+ \epsilon", ""))[0]


def test_no_two_names_are_read_as_each_other():
    assert exchanged({"N": "B", "B": "N"})
    assert not exchanged({"N": "B", "B": "K"})


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("SimCLR", CONTRAST),
        ("Predictions", r"\operatorname*{argmax}_j \hat y_j = \operatorname*{argmax}_j o_j"),
        ("Negative log likelihood", r"\text{nll} = -\frac{1}{bs} \sum_{i=1}^{bs} \log p_{i, y_i}"),
        ("A filter", r"\hat x_t = A \hat x_{t-1} + B u_t \\ P_t = A P_{t-1} A^\top + Q"),
        ("A trend", TREND),
        ("Losses", r"L = -\frac{\sum_{n=1}^{N} w_{y_n} \log p_{n, y_n}}{\sum_{n=1}^{N} w_{y_n}}"),  # of probabilities
        ("A second-order method", CLIPPED),
    ],
)
def test_two_slips_away_is_not_wrong(heading, row):
    assert "wrong" not in verdicts(heading, row)


def test_what_is_put_back_is_read_as_if_it_had_stood_there():
    """A model's value in letters that stand in no note is the same function."""
    row = tokens(r"y = h_\theta(x^{(i)})")
    again = [Token(t.text, -1, -1, source=t.text) for t in row]
    kinds = [node.parts[1].kind for node in (parse(row), parse(again))]
    assert kinds[0] == kinds[1]


def test_a_number_below_a_name_is_strange_where_nothing_is_numbered():
    row = tokens(r"x = \lambda x_i + (1 - \lambda) x_i")
    known = written_names([row])
    signs = frozenset(text for name in known for text in name)
    assert row[5].text == "i"
    number, letter = (strange(one(1.0, 5, 6, index), row, known, known, signs) for index in ("2", "i"))
    assert number > letter


def test_an_index_that_goes_leaves_a_name_that_nobody_has():
    row = tokens(r"e = \omega_i h_i")
    known = written_names([row])
    assert strange(one(1.0, 3, 5), row, known, {}, frozenset()) > 0
    assert strange(one(1.0, 3, 5), row, known, {(r"\omega",): None}, frozenset()) == 0


def test_words_come_before_resemblance():
    """Under Adam's heading the term that is missing is Adam's, though another optimizer's is shorter."""
    row = r"w_t = w_{t-1} - \eta \, \frac{m_t / (1 - \beta_1^t)}{\sqrt{v_t / (1 - \beta_2^t)} + \epsilon}"
    assert mended("Adam", row.replace(r"\sqrt{v_t / (1 - \beta_2^t)} +", ""))[0].count("v_t") == 1


def test_the_smaller_repair_keeps_the_names_that_are_there():
    heading = "Scaled dot-product attention"
    made = mended(heading, r"\mathrm{Attention}(Q, K, V) = \mathrm{softmax}\left( \frac{K^T}{d_k} \right) V")
    assert "d_k" in made[0]
