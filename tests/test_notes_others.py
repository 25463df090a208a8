"""What other authors write is not called wrong: displays by people who did not know the checker."""

import pytest

from conformance.notes.check import judged
from conformance.notes.extract import pieces
from reference.catalogue import CATALOGUE
from tests.notes.statements import corpus
from tests.notes.trial import gravest

ALARMS = {  # right equations that are called wrong, and why; the list may only become shorter
    "first-d-12": "a set that is counted over has the index of what it is counted for",
    "first-f-31": "a transposed convolution by its signals is taken for a convolution",
    "third-d-12": "a factor of the schedule in front of AdamW's step has no row in the catalogue",
    "third-d-4": "a rectifier between two affine maps has no row in the catalogue",
    "third-d-8": "a step of time above a mean is taken for an index",
}
FALSE_ALARMS = {"first-h-6": "a falling body's speed nears its last one as an average does"}
OTHERS, STRANGERS = corpus("others"), corpus("strangers")


def verdict(statement):
    """The gravest word on a display in a little note of its own."""
    note = statement.note()
    return gravest([f for f in judged(note, pieces(note)) if f.end > statement.start])


def test_each_equation_of_another_author_names_one_of_the_catalogue():
    assert [s.name for s in OTHERS if s.equation not in CATALOGUE] == []
    assert len(OTHERS) > 450
    assert len(STRANGERS) > 850


@pytest.mark.parametrize("statement", OTHERS, ids=lambda s: s.name)
def test_a_right_equation_of_another_author_is_not_called_wrong(statement):
    assert (verdict(statement) == "wrong") == (statement.name in ALARMS)


@pytest.mark.parametrize("statement", STRANGERS, ids=lambda s: s.name)
def test_another_subject_of_another_author_is_not_called_wrong(statement):
    assert (verdict(statement) in ("wrong", "incomplete")) == (statement.name in FALSE_ALARMS)
