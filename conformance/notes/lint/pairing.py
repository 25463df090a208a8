"""A brace, a growing bracket and an environment each need a partner, or the formula is not drawn at all."""

from __future__ import annotations

from conformance.notes.lint.tokens import Formula
from conformance.notes.model import Finding


def unbalanced(formula: Formula) -> list[Finding]:
    """The first brace, the first bracket and the first environment without a partner."""
    found = []
    if formula.lonely:
        i = formula.lonely[0]
        partner = "closed" if formula.tokens[i] == "{" else "opened"
        found.append(formula.finding("pairs", i, i + 1, f"the brace {formula.tokens[i]} is never {partner}"))
    found += _brackets(formula)
    found += _environments(formula)
    return found


def _brackets(formula: Formula) -> list[Finding]:
    open_: list[int] = []
    for i in formula.commands((r"\left", r"\right")):
        if formula.tokens[i] == r"\left":
            open_.append(i)
        elif open_:
            open_.pop()
        else:
            return [formula.finding("pairs", i, i + 1, r"this \right has no \left before it")]
    reason = r"this \left has no \right after it (\right. is one that is not drawn)"
    return [formula.finding("pairs", open_[0], open_[0] + 1, reason)] if open_ else []


def _environments(formula: Formula) -> list[Finding]:
    open_: list[tuple[int, str]] = []
    for i in formula.commands((r"\begin", r"\end")):
        group, after = formula.argument(i + 1)
        name = formula.said(group)
        if formula.tokens[i] == r"\begin":
            open_.append((i, name))
        elif open_ and open_[-1][1] == name:
            open_.pop()
        else:
            ends = f"it ends inside {open_[-1][1]!r}" if open_ else "it was never begun"
            return [formula.finding("pairs", i, min(after, len(formula)), f"the environment {name!r}: {ends}")]
    return [formula.finding("pairs", i, i + 1, f"the environment {name!r} never ends") for i, name in open_[:1]]
