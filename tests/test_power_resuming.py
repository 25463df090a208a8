"""A table of power that was interrupted goes on where it was, and never with rows of other code."""

import json

import pytest

from tests.power.resuming import code, resumed

HEAD = {"code": "one", "seed": 0, "seeds": 10, "versions": {"numpy": "2.4"}}


def table(folder, **other):
    path = folder / "power.json"
    rows = {"planted": {"a slip": {"ours": {"caught": True}}}, "right": {}}
    path.write_text(json.dumps(HEAD | rows | {"seconds": 60.0} | other), encoding="utf-8")
    return path


def test_rows_of_the_same_code_and_seeds_are_kept(tmp_path):
    rows, seconds = resumed(table(tmp_path), HEAD)
    assert rows == {("planted", "a slip"): {"ours": {"caught": True}}}
    assert seconds == 60.0


@pytest.mark.parametrize("other", [{"code": "two"}, {"seeds": 3}, {"versions": {"numpy": "1.0"}}])
def test_a_table_of_something_else_is_refused_with_what_differs(tmp_path, other):
    with pytest.raises(ValueError, match=next(iter(other))):
        resumed(table(tmp_path, **other), HEAD)


def test_what_does_not_judge_does_not_count_as_code():
    assert code() == code()
    assert len(code()) == 64
