"""A symbol is known by how it is written elsewhere in the same formula."""

from __future__ import annotations

import re
from collections import Counter

from conformance.notes.lint.tokens import Formula, named
from conformance.notes.model import Finding

WORDS = named(
    """of is in it at to by on or as if we an be no so do ln lg dt dx dy dz du dv dw ds dr"""
)
LIMITS = re.compile(r"[A-Za-z]=.+")
NO_LIMIT = frozenset(["2", "*", r"\prime", "-1", r"\top", r"\dagger", "'"])
SUMS = {r"\sigma": r"\sum", r"\pi": r"\prod"}
LARGE = named(
    r"""\sum \prod \int \lim \max \min \sup \inf \bigcup \bigcap \argmax \argmin | ) ] \} \| \right"""
)


def glued_letters(formula: Formula) -> list[Finding]:
    """Gt is a product of G and t, and where G_t stands beside it nobody means one."""
    indexed = {base + index for base, index, _ in _indexed(formula)}
    if not indexed:
        return []
    bare = _bare(formula)
    found = []
    for i, token in enumerate(formula.tokens[:-1]):
        pair = token + formula.tokens[i + 1]
        if len(pair) != 2 or pair not in indexed or pair.lower() in WORDS or formula.words[i]:
            continue
        alone = not (formula.token(i - 1).isalnum() or formula.token(i + 2).isalnum()) and formula.token(i - 1) != "_"
        if alone and formula.token(formula.skip(i + 2)) not in ("_", "'") and not bare[token]:
            index, last = _index(formula, i, indexed)
            name = f"{token}_{index}"
            reason = f"{pair} is the product of {token} and {formula.tokens[i + 1]}; elsewhere here it is {name}"
            found.append(formula.finding("glued", i, last, reason, formula.change(i, last, name)))
    return found


def _index(formula: Formula, i: int, indexed: set[str]) -> tuple[str, int]:
    """The index of a glued letter, with a step after it where that index stands elsewhere; and the token after it."""
    base, index = formula.tokens[i], formula.tokens[i + 1]
    step = "".join(formula.tokens[i + 2 : i + 4]).replace("−", "-")
    if step in ("-1", "+1") and base + index + step in {name.replace("−", "-") for name in indexed}:
        return f"{{{index}{step}}}", i + 4
    return index, i + 2


def _indexed(formula: Formula) -> list[tuple[str, str, int]]:
    """Letters with a subscript: the letter, the subscript, and the letter's token."""
    found = []
    for i, token in enumerate(formula.tokens):
        if token == "_" and i:  # noqa: S105 - a token of TeX
            group, _ = formula.argument(i + 1)
            base = formula.back(i)
            if base >= 0 and not formula.words[i]:
                found.append((formula.tokens[base], formula.said(group), base))
    return found


def _bare(formula: Formula) -> Counter[str]:
    """How often a letter stands for itself, without an index and without another letter beside it."""
    found: Counter[str] = Counter()
    for i, token in enumerate(formula.tokens):
        if len(token) == 1 and token.isalpha() and not formula.words[i]:
            beside = formula.token(i - 1).isalpha() or formula.token(i + 1).isalnum()
            found[token] += not beside and formula.token(formula.skip(i + 1)) != "_" and formula.token(i - 1) != "_"
    return found


def greek_sums(formula: Formula) -> list[Finding]:
    r"""\sigma_{k=1}^{n} is a letter with two indices; what adds is \sum."""
    found = []
    for i in formula.commands(tuple(SUMS)):
        scripts, after = formula.scripts(i + 1)
        if set(scripts) != {"_", "^"} or formula.said(scripts["^"]) in NO_LIMIT:
            continue
        more = formula.token(formula.skip(after)) not in ("", "=", "&", ",", ".", r"\\", "+", "-", ")", "}")
        if LIMITS.fullmatch(formula.said(scripts["_"])) and more:
            name, right = formula.tokens[i], SUMS[formula.tokens[i]]
            reason = f"{name} has the limits of a sum or product, which is written {right}"
            found.append(formula.finding("greek", i, after, reason, formula.change(i, i + 1, right)))
    return found


def mistyped_indices(formula: Formula) -> list[Finding]:
    """m_{t=1} beside m_t and v_{t-1}: the keys of = and - are neighbours."""
    indexed = _indexed(formula)
    known = {index for _, index, _ in indexed}
    names = {(base, index) for base, index, _ in indexed}
    found = []
    for base, index, i in indexed:
        name, sign, offset = index.partition("=")
        before = f"{name}-{offset}"
        if not sign or len(name) != 1 or not name.isalpha() or offset != "1" or base in LARGE:
            continue
        if (base.isalpha() or base[0] == "\\") and (base, name) in names and before in known:
            (first, last), after = formula.argument(formula.skip(i + 1) + 1)
            equals = next(k for k in range(first, last) if formula.tokens[k] == "=")
            reason = f"the index {index} is no index: {base}_{name} stands beside it, and elsewhere here it is {before}"
            found.append(formula.finding("index", i, after, reason, formula.change(equals, equals + 1, "-")))
    return found
