"""The form of version 2, as far as a reader depends on it: which keys there are, and what may stand under each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from conformance.certificate.outcomes import OUTCOMES

VERSION = 2
NOT_FINITE = ("NaN", "Infinity", "-Infinity")  # as text, since JSON has no numbers for them
DTYPES = ("float64", "float32", "bfloat16", "float16", "exact")
LETTERS = ("A", "B", "C", "D", "N")

Rule = tuple[Callable[[Any], bool], str]


def _is_text(x: Any) -> bool:
    return isinstance(x, str)


def _is_count(x: Any) -> bool:
    return isinstance(x, int) and not isinstance(x, bool) and 0 <= x < 2**63


def _is_number(x: Any) -> bool:
    return isinstance(x, int | float) and not isinstance(x, bool)


def _is_figure(x: Any) -> bool:
    return _is_number(x) or (isinstance(x, str) and x in NOT_FINITE)


def _is_exponent(x: str) -> bool:
    return x.removeprefix("-").isdecimal() and x.isascii() and len(x) < 6


def _texts(x: Any) -> bool:
    return isinstance(x, Mapping) and all(_is_text(v) for v in x.values())


def _list_of(kind: type) -> Callable[[Any], bool]:
    return lambda x: isinstance(x, list) and all(isinstance(e, kind) for e in x)


def _one_of(names: tuple[str, ...]) -> Rule:
    return lambda x: isinstance(x, str) and x in names, f"one of {', '.join(names)}"


TEXT: Rule = _is_text, "text"
COUNT: Rule = _is_count, "a count"
NUMBER: Rule = lambda x: _is_number(x) and 0 <= x < 1e12, "a number that is not negative"
INTEGER: Rule = lambda x: isinstance(x, int) and not isinstance(x, bool) and abs(x) < 10**40, "an integer"
FIGURE: Rule = _is_figure, f"a number, or {', '.join(NOT_FINITE)} as text"
FLAG: Rule = lambda x: isinstance(x, bool), "true or false"
OBJECT: Rule = lambda x: isinstance(x, dict), "an object"
ROWS: Rule = _list_of(dict), "a list of objects"
NAMES: Rule = _list_of(str), "a list of text"
TEXTS: Rule = _texts, "an object of text"
TALLY: Rule = lambda x: isinstance(x, dict) and all(map(_is_count, x.values())), "an object of counts"
CURVE: Rule = (
    lambda x: isinstance(x, dict) and all(map(_is_exponent, x)) and all(map(_is_figure, x.values())),
    "an object of strains by exponents of two",
)

TOP: Mapping[str, Rule] = {
    "identity": OBJECT, "choice": OBJECT, "run": OBJECT, "planned": OBJECT, "counts": TALLY, "regions": TALLY,
    "errata": ROWS, "cells": ROWS, "partial": FLAG,
}  # fmt: skip
IDENTITY: Mapping[str, Rule] = {
    "framework": TEXT, "version": TEXT, "build": TEXTS, "devices": NAMES, "python": TEXT, "platform": TEXT,
    "processor": TEXT, "facts": OBJECT, "versions": TEXTS, "commit": TEXT, "dirty": FLAG,
}  # fmt: skip
CHOICE: Mapping[str, Rule] = {
    "framework": TEXT, "equations": NAMES, "devices": NAMES, "dtypes": NAMES, "modes": NAMES, "effort": TEXT,
    "seed": INTEGER, "limit": NUMBER,
}  # fmt: skip
RUN: Mapping[str, Rule] = {"started": TEXT, "seconds": NUMBER, "workers": COUNT}
PLANNED: Mapping[str, Rule] = {"cells": COUNT, "offered": COUNT}
WHERE: Mapping[str, Rule] = {
    "case": TEXT, "equation": TEXT, "device": TEXT, "dtype": _one_of(DTYPES), "mode": TEXT, "property": TEXT,
    "outcome": _one_of(OUTCOMES),
}  # fmt: skip
FOUND: Mapping[str, Rule] = {
    "letter": _one_of(LETTERS), "strain": FIGURE, "kernel": FIGURE, "judged": COUNT, "undecided": COUNT,
    "scenarios": COUNT, "regions": TALLY, "histogram": TALLY, "curve": CURVE, "dialect": OBJECT,
    "counterexample": OBJECT, "waiver": TEXTS, "message": TEXT, "framework_seconds": NUMBER, "seconds": NUMBER,
}  # fmt: skip
DIALECT: Mapping[str, Rule] = {"spoken": TEXT, "nearest": TEXT, "told apart": TALLY}
COUNTEREXAMPLE: Mapping[str, Rule] = {
    "values": OBJECT, "layout": TEXT, "form": TEXT, "says": TEXT, "elements": COUNT, "steps": COUNT, "snippet": TEXT,
}  # fmt: skip
ERRATUM: Mapping[str, Rule] = {
    "file": TEXT, "line": COUNT, "column": COUNT, "text": TEXT, "verdict": TEXT, "equation": TEXT, "dialect": TEXT,
    "reason": TEXT, "counterexample": OBJECT, "corrected": TEXT,
}  # fmt: skip
