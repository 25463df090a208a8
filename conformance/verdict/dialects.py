"""Which form of its equation a framework speaks, and which it does not.

A form that has no answer for an input says nothing there, so that everything would pass: where others say something,
they are asked too.
"""

from __future__ import annotations

import numpy as np

from conformance.calling.computing import Misshapen, Raised
from conformance.judging.expected import BASE, Expected, all_expected, forms
from conformance.judging.seen import seen
from conformance.judging.strain import apart
from conformance.plan import Case
from conformance.verdict.accepted import waived_away
from reference.number_systems.rounded import Rounded

MANY = 64  # scenarios that show which dialect is spoken
FEW = 300  # numbers in the largest array of each
TOLD = 3  # forms are held against each other on each telling input, and on one in so many of what is drawn


def spoken_form(case: Case) -> str:
    """The form that fails in the fewest scenarios: the equation itself, unless a dialect does better."""
    return spoken_forms(case)[0]


def spoken_forms(case: Case) -> list[str]:
    """The forms that fail in as few scenarios as any; first that whose bounds say most, of equals the equation."""
    failures = dict.fromkeys(forms(case.entry), 0)  # beside what is accepted
    strained = dict(failures)
    if len(failures) == 1:
        return [BASE]
    chosen = [e for e in all_expected(case) if e.scenario.lanes <= FEW][:MANY]
    for what in chosen:
        fair = not left_open(case, what)  # what has an answer is not worse for being wrong than what has none
        for form in failures:
            try:
                found, _ = seen(case, what, "contiguous", form)
            except Raised:
                continue
            except Misshapen:
                failures[form] += 1
                continue
            strained[form] += fair and any(s.worst > 1 for s in found)
            failures[form] += any(s.worst > 1 for s in waived_away(case, what.scenario.values, found))
    left = [form for form in failures if failures[form] == min(failures.values())]
    if len(left) > 1:
        left.sort(key=lambda form: (strained[form], -sum(_says(what, form) for what in chosen)))
    return left


def shaped_form(case: Case) -> str:
    """The equation itself, unless the claim's outputs have the shapes of a dialect alone."""
    for what in all_expected(case)[: len(case.entry.dialects) + 1]:
        try:
            seen(case, what, "contiguous")
        except Misshapen:
            return spoken_form(case)
        except Raised:
            continue
    return BASE


def _says(what: Expected, form: str) -> int:
    """How many numbers have a bound small enough to say something; what has no bound is a count, and says all."""
    made = what.outputs(form)
    return sum(int((o.decided & np.isfinite(o.bound)).sum()) if isinstance(o, Rounded) else np.size(o) for o in made)


def left_open(case: Case, what: Expected) -> bool:
    """Whether the equation has no answer where one of its dialects has one."""
    own = silent(what)
    return bool(own) and any(silent(what, dialect) < own for dialect in case.entry.dialects)


def silent(what: Expected, form: str = BASE) -> int:
    """How many numbers a form leaves open: 0/0 is no answer, nor is the logarithm of zero a finite one."""
    bounded = [o for o in what.outputs(form) if isinstance(o, Rounded)]
    return sum(int((~np.isfinite(o.midpoint) & (o.err == np.inf)).sum()) for o in bounded)


def told_apart(case: Case, spoken: str) -> dict[str, int]:
    """On how many numbers each other form differs from the spoken one by more than both bounds."""
    told: dict[str, int] = {}
    for form in forms(case.entry):
        if form != spoken:
            told[form] = sum(_differ(what, spoken, form) for what in all_expected(case) if what.number % TOLD == 0)
    return told


def _differ(what: Expected, one: str, other: str) -> int:
    key = f"{one} | {other}"
    if key not in what.found:
        pair = zip(what.outputs(one), what.outputs(other), strict=False)
        same = [np.shape(a) == np.shape(b) for a, b in zip(what.outputs(one), what.outputs(other), strict=False)]
        number = sum(int(np.sum(apart(a, b))) for (a, b), fits in zip(pair, same, strict=True) if fits)
        what.found[key] = (number + sum(not fits for fits in same),)
    return int(what.found[key][0])
