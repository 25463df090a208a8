"""Nobody states an equation of ten thousand characters or a thousand brackets; whoever writes one still gets a word."""

import pytest

from conformance.notes.check import judged
from conformance.notes.extract import pieces
from conformance.notes.repair import PAIRS, WORK
from conformance.notes.values import Evaluator

MSE = r"MSE = \frac{1}{n} \sum_{i=1}^{n} (y_i - \hat{y}_i)^2"
DEEP = {
    "braces": ("{", "x", "}"),
    "fractions": (r"\frac{1}{", "x", "}"),
    "powers": ("x^{", "x", "}"),
    "brackets": (r"\left(", "x", r"\right)"),
    "accents": (r"\hat", " x", ""),
    "functions": (r"\log", " x", ""),
    "sums": (r"\sum", " x", ""),
    "integrals": (r"\int ", "x", " dx"),
    "tables": (r"\begin{cases}", "x", r"\end{cases}"),
}
TERM = r"\displaystyle \frac {1} {n} \; \sum_{i = 1}^{n} \left( \; y_{i} \; - \; \hat {y} _{i} \; \right) ^ {2} \,"
LONG = {
    "a sum": "MSE = " + " + ".join([TERM] * 100),
    "a chain of slips": " = ".join(["MSE", *[TERM.replace("-", "+")] * 100]),
    "a thousand terms": MSE + r" + \lambda w" * 1000,
}


def findings(latex):
    text = f"# Mean squared error\n\n$$\n{latex}\n$$\n"
    return judged(text, pieces(text))


@pytest.mark.parametrize("name", DEEP)
def test_what_is_nested_a_thousand_deep_is_refused_in_words(name):
    before, inside, after = DEEP[name]
    (found,) = findings("MSE = " + before * 1000 + inside + after * 1000)
    assert found.verdict == "no opinion"
    assert found.reason.startswith("it cannot be read: ")


@pytest.mark.parametrize("name", LONG)
def test_ten_thousand_characters_cost_no_more_than_the_work_for_their_statements(name):
    assert len(LONG[name]) > 9_500
    began = Evaluator.spent
    found = findings(LONG[name])
    assert found
    assert Evaluator.spent - began <= (WORK + PAIRS) * len(found)
