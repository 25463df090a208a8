r"""A legend says what the symbols of an equation mean, so that a symbol that only the legend has is a slip in one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.notes.lint.tokens import Formula, Group, named
from conformance.notes.model import Edit, Finding

BREAKS = frozenset([r"\\", ",", ";", r"\quad", r"\qquad", r"\newline", r"\cr"])
BLANKS = frozenset([r"\ ", r"\,", r"\;", r"\:", "~", "&", r"\quad"])
ACCENTS = named(
    r"""\hat \bar \tilde \vec \dot \mathbf \mathcal \mathbb \boldsymbol \bm \widehat \widetilde"""
)
MEANT = re.compile(r"[A-Za-z]{2}|[가-힣]")
NO_MEANING = named(
    r"""\to \mapsto \rightarrow \longrightarrow = \leftarrow \in \times"""
)
DEFINES = frozenset(["=", r"\leftarrow", r"\gets", r"\sim", r"\approx", r"\equiv", r"\propto", r"\coloneqq"])


def strange_symbols(formula: Formula) -> list[Finding]:
    """Entries of a legend whose symbol is in no equation of its block."""
    if ":" not in formula.tokens:
        return []
    parts = list(_parts(formula))
    entries = [(part, name) for part in parts if (name := _entry(formula, part)) is not None]
    equations = [_before_meaning(formula, part) for part in parts if _entry(formula, part) is None]
    if not entries or not any(t in DEFINES for part in equations for t in formula.tokens[slice(*part)]):
        return []
    there = {t for part in equations for t in formula.tokens[slice(*part)]}
    written = {formula.said(name).replace("{", "").replace("}", "") for _, name in entries}
    found = []
    for _, (first, last) in entries:
        base = next((k for k in range(first, last) if formula.tokens[k] not in ACCENTS | {"{", "}"} | BLANKS), first)
        if formula.tokens[base] in there | ACCENTS or formula.tokens[base].isspace():
            continue
        symbol = formula.said((first, last))
        other = formula.tokens[base].swapcase()
        meant = symbol.replace(formula.tokens[base], other, 1) if len(other) == 1 else ""
        edits: tuple[Edit, ...] = ()
        free = meant.replace("{", "").replace("}", "") not in written
        if meant and free and _forms(formula, equations, other, meant):
            edits = (formula.change(base, base + 1, other),)
        reason = f"the legend explains {symbol}, which is in no equation of its block"
        reason += f"; they have {meant}" if edits else ""
        found.append(formula.finding("legend", first, last, reason, *edits))
    return found


def _parts(formula: Formula) -> Iterator[Group]:
    """What stands between line ends and commas that are in no bracket."""
    first, depth = 0, 0
    for i, token in enumerate(formula.tokens):
        depth += (token in ("(", "[", "{")) - (token in (")", "]", "}"))
        if token == r"\\" or (token in BREAKS and depth <= 0):  # noqa: S105 - a token of TeX
            yield first, i
            first = i + 1
    yield first, len(formula)


def _entry(formula: Formula, part: Group) -> Group | None:
    """The symbol that a part explains; nothing where it explains none."""
    first, last = part
    while first < last and (formula.tokens[first].isspace() or formula.tokens[first] in BLANKS):
        first += 1
    token = formula.token(first)
    if first >= last or not (re.fullmatch(r"[A-Za-z]|\\[A-Za-z]+", token)):
        return None
    after = formula.argument(first + 1)[1] if token in ACCENTS else first + 1
    _, after = formula.scripts(after)
    colon = formula.skip(after)
    if colon >= last or formula.tokens[colon] != ":":
        return None
    said = formula.tokens[colon + 1 : last]
    if any(t in NO_MEANING for t in said) or not MEANT.search("".join(t for t in said if t[0] != "\\")):
        return None
    return first, after


def _before_meaning(formula: Formula, part: Group) -> Group:
    """An equation, or the formula that an entry explains without its explanation."""
    first, last = part
    colon = next((i for i in range(first, last) if formula.tokens[i] == ":"), last)
    said = formula.tokens[colon + 1 : last]
    explains = MEANT.search("".join(t for t in said if t[0] != "\\")) and not any(t in NO_MEANING for t in said)
    return (first, colon) if explains else part


def _forms(formula: Formula, parts: list[Group], letter: str, meant: str) -> bool:
    """Whether a letter stands in the equations with just these indices."""
    for part in parts:
        for i in range(*part):
            if formula.tokens[i] == letter and not formula.words[i]:
                scripts, _ = formula.scripts(i + 1)
                name = letter + (f"_{formula.said(scripts['_'])}" if "_" in scripts else "")
                if name == meant.replace("{", "").replace("}", ""):
                    return True
    return False
