"""One slip or two in a right equation, drawn by a seed; only well-formed LaTeX, and never the original."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from tests.notes import structures
from tests.notes.latex import Formula
from tests.notes.slips import KINDS, Edit
from tests.notes.statements import Statement

assert structures  # it enters its kinds


@dataclass(frozen=True)
class Mutant:
    """A statement with one slip or two."""

    statement: Statement
    text: str
    kinds: tuple[str, ...]
    places: tuple[int, ...]  # offsets of the first changes, in the original

    @property
    def name(self) -> str:
        return f"{self.statement.name} {'+'.join(self.kinds)} at {','.join(map(str, self.places))}"


def plain(latex: str) -> str:
    r"""LaTeX without what does not show: blanks, needless braces, \left, \right."""
    text = re.sub(r"\\(?:left|right)(?![a-z])|\\[,;:! ]|\\q?quad\b", "", latex)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" (?![a-zA-Z])|(?<![a-zA-Z]) ", "", text)
    text = re.sub(r"(?<!\\[a-zA-Z]) (?=[a-zA-Z])", lambda m: m[0], text)
    return re.sub(r"\{(\w|\\[a-zA-Z]+)\}", r" \1 ", text).replace(" ", "")


def apply(latex: str, edit: Edit) -> str:
    """The LaTeX after the edit."""
    for start, end, text in sorted(edit, reverse=True):
        latex = latex[:start] + text + latex[end:]
    return latex


def well_formed(latex: str) -> bool:
    """Brackets close, and no script or fraction lacks what belongs to it."""
    f = Formula(latex)
    hanging = re.search(
        r"[_^]\s*([_^}]|$)|\\sqrt\s*\}|\\frac\{[^{}]*\}\s*\}|\{\s*\}|=\s*(\\\\|$|,)|[-+]\s*[-+*}),]",
        latex,
    )
    double = re.search(r"\^\s*(\w|\{[^{}]*\})\s*\^|'\s*\^2", latex)
    left, right = (len(re.findall(rf"\\{side}(?![a-zA-Z])", latex)) for side in ("left", "right"))
    return f.balanced and not hanging and not double and left == right


def singles(statement: Statement) -> list[Mutant]:
    """Every single slip, in the order of the kinds and places."""
    formula = Formula(statement.latex)
    found, seen = [], {plain(statement.latex)}
    for name, ways in KINDS.items():
        for edit in ways(formula):
            text = apply(statement.latex, edit)
            if plain(text) not in seen and well_formed(text):
                seen.add(plain(text))
                found.append(Mutant(statement, text, (name,), (min(edit)[0],)))
    return found


def edits(statement: Statement) -> list[tuple[str, Edit]]:
    """Every edit that makes a well-formed single slip."""
    formula = Formula(statement.latex)
    ways = [(name, edit) for name, way in KINDS.items() for edit in way(formula)]
    original = plain(statement.latex)
    texts = [apply(statement.latex, edit) for _, edit in ways]
    return [w for w, text in zip(ways, texts, strict=True) if plain(text) != original and well_formed(text)]


def doubles(statement: Statement, count: int, seed: int) -> list[Mutant]:
    """Some pairs of slips at different places, drawn by the seed and the statement's name."""
    random = Random(f"{seed} {statement.name}")  # noqa: S311 -- a draw, not a secret
    ways = edits(statement)
    once = {plain(apply(statement.latex, edit)) for _, edit in ways} | {plain(statement.latex)}
    found: list[Mutant] = []
    for _ in range(20 * count if len(ways) > 1 else 0):
        (a, one), (b, two) = random.sample(ways, 2)
        clear = all(s >= y + 1 or e <= x - 1 for s, e, _ in one for x, y, _ in two)
        text = apply(statement.latex, one + two) if clear else ""
        if clear and well_formed(text) and plain(text) not in once and len(found) < count:
            once.add(plain(text))
            found.append(Mutant(statement, text, tuple(sorted((a, b))), (min(one)[0], min(two)[0])))
    return found


def drawn(mutants: list[Mutant], count: int, seed: int) -> list[Mutant]:
    """Some of them, every kind in turn, drawn by the seed."""
    random = Random(seed)  # noqa: S311 -- a draw, not a secret
    by_kind: dict[tuple[str, ...], list[Mutant]] = {}
    for mutant in mutants:
        by_kind.setdefault(mutant.kinds, []).append(mutant)
    rest = [random.sample(group, len(group)) for group in by_kind.values()]
    found: list[Mutant] = []
    while rest and len(found) < count:
        found += [group.pop() for group in rest]
        rest = [group for group in rest if group]
    return found[:count]
