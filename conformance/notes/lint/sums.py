"""A sum is of something: nothing stands behind the sign of one whose term was lost."""

from __future__ import annotations

from conformance.notes.lint.tokens import Formula
from conformance.notes.model import Finding

ENDS = frozenset(["", "}", ")", "]", "=", r"\\", "&", r"\right", r"\end", ",", ".", "+", r"\quad", r"\qquad"])


def empty_sums(formula: Formula) -> list[Finding]:
    r"""\frac{1}{N} \sum_{i=1}^{N} is a mean of nothing."""
    found = []
    for i in formula.commands((r"\sum", r"\prod")):
        scripts, after = formula.scripts(i + 1)
        limits = "=" in formula.said(scripts["_"]) if "_" in scripts else False
        if limits and "^" in scripts and _stated(formula, i) and formula.token(formula.skip(after)) in ENDS:
            kind = {"\\sum": "sum", "\\prod": "product"}[formula.tokens[i]]
            found.append(formula.finding("empty-sum", i, after, f"there is nothing behind the sign of this {kind}"))
    return found


def _stated(formula: Formula, end: int) -> bool:
    """Whether something is said to equal what a sign is a part of: else it is only shown."""
    depth = 0
    for sign in formula.tokens[:end]:
        depth += (sign == "{") - (sign == "}")
        if sign == "=" and depth == 0:
            return True
    return False
