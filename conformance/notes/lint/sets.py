r"""TeX does not draw { and }: a set is written with \{ and \}."""

from __future__ import annotations

import re
from dataclasses import replace

from conformance.notes.lint.tokens import Formula, Group, named
from conformance.notes.model import Edit, Finding

EQUALS = frozenset(["=", r"\in", r"\subset", r"\subseteq", r"\supset", r"\supseteq", r"\cup", r"\cap", r"\setminus"])
LARGE = named(
    r"""\sum \prod \int \bigcup \bigcap \lim \max \min \sup \inf \arg \argmax \argmin \mathop"""
)
ENDS = frozenset(["", ".", ",", ";", "&", "=", r"\\", r"\ ", r"\quad", r"\qquad", r"\cup", r"\cap", r"\text"])
COUNTED = re.compile(r"[A-Za-z](=|\\in|\\leq?)")
LISTED = re.compile(r"([A-Za-z])([;,])([A-Za-z])")
FONTS = (r"\mathcal", r"\mathbb", r"\mathfrak", r"\mathscr")


def invisible_braces(formula: Formula) -> list[Finding]:
    r"""A = {(x_i, y_i)}_{i=1}^N is a set whose braces nobody sees."""
    found = []
    for i, close in formula.partner.items():
        if i > close or formula.words[i] or formula.token(formula.back(i)) not in EQUALS:
            continue
        scripts, after = formula.scripts(close + 1)
        counted = "_" in scripts and "^" in scripts and COUNTED.match(formula.said(scripts["_"]))
        listed = formula.token(formula.skip(after)) in ENDS and not scripts and _lists(formula, (i + 1, close))
        if (counted or listed) and not any(t in LARGE for t in formula.tokens[i + 1 : close]):
            reason = r"the braces of this set are not drawn: { and } only group in TeX, \{ and \} are shown"
            edits = formula.change(i, i + 1, r"\{"), formula.change(close, close + 1, r"\}")
            found.append(formula.finding("set braces", i, after, reason, *edits))
    return found


def _lists(formula: Formula, group: Group) -> bool:
    """Whether a group lists things: a comma that is in no bracket, and that is not the comma of a number."""
    depth, commas = 0, 0
    for i in range(*group):
        sign = formula.tokens[i]
        depth += (sign in "([{") - (sign in ")]}")
        digits = formula.token(i - 1).isdigit() and formula.token(i + 1).isdigit()
        commas += sign == "," and depth == 0 and not digits
    return commas > 0


def font_lists(formula: Formula) -> list[Finding]:
    r"""\mathcal{D;W} sets the semicolon and the second letter in a font that was meant for the first."""
    lists = []
    for i in formula.commands(FONTS):
        group, after = formula.argument(i + 1)
        if match := LISTED.fullmatch(formula.said(group)):
            lists.append((i, after, match))
    found = []
    fonts = _fonts(formula, {k for first, last, _ in lists for k in range(first, last)}) if lists else {}
    for i, after, match in lists:
        font, (first, mark, second) = formula.tokens[i], match.groups()
        plain, set_ = f"{font}{{{first}}}{mark}{second}", f"{font}{{{first}}}{mark}{font}{{{second}}}"
        choices = tuple((Edit(formula.begin(i), formula.end(after - 1), text),) for text in (plain, set_))
        known = fonts.get(second, set())
        certain = choices[0] if known == {""} else choices[1] if known == {font} else ()
        reason = f"a list inside {font}: {mark} and {second} are set in the font of {first}"
        made = formula.finding("font", i, after, reason, *certain)
        found.append(made if certain else replace(made, choices=choices))
    return found


def _fonts(formula: Formula, without: set[int]) -> dict[str, set[str]]:
    """The fonts in which each letter stands elsewhere; plain ones have no name."""
    found: dict[str, set[str]] = {}
    for i, token in enumerate(formula.tokens):
        if len(token) == 1 and token.isalpha() and i not in without and not formula.words[i]:
            before = formula.back(i)
            command = formula.token(formula.back(before)) if formula.token(before) == "{" else formula.token(before)
            found.setdefault(token, set()).add(command if command in FONTS else "")
    return found
