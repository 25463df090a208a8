"""What other authors write is not called wrong: displays by people who did not know the checker."""

import pytest

from conformance.notes.check import judged
from conformance.notes.extract import pieces
from reference.catalogue import CATALOGUE
from tests.notes.statements import corpus
from tests.notes.trial import gravest

ALARMS: dict[str, str] = {}  # right equations that are called wrong, and why; the list may only become shorter
FALSE_ALARMS: dict[str, str] = {}
OTHERS, STRANGERS = corpus("others"), corpus("strangers")


def verdict(statement):
    """The gravest word on a display in a little note of its own."""
    note = statement.note()
    return gravest([f for f in judged(note, pieces(note)) if f.end > statement.start])


def test_each_equation_of_another_author_names_one_of_the_catalogue():
    assert [s.name for s in OTHERS if s.equation not in CATALOGUE] == []
    assert len(OTHERS) > 850
    assert len(STRANGERS) > 1750


@pytest.mark.parametrize("statement", OTHERS, ids=lambda s: s.name)
def test_a_right_equation_of_another_author_is_not_called_wrong(statement):
    assert (verdict(statement) == "wrong") == (statement.name in ALARMS)


@pytest.mark.parametrize("statement", STRANGERS, ids=lambda s: s.name)
def test_another_subject_of_another_author_is_not_called_wrong(statement):
    assert (verdict(statement) in ("wrong", "incomplete")) == (statement.name in FALSE_ALARMS)
