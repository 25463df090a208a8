"""Notation can be wrong whatever the mathematics says: a brace that is not shown, a limit that is its own opposite."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conformance.notes.lint.captions import captions
from conformance.notes.lint.integrals import differentials, equal_limits
from conformance.notes.lint.legends import strange_symbols
from conformance.notes.lint.pairing import unbalanced
from conformance.notes.lint.sets import font_lists, invisible_braces
from conformance.notes.lint.sums import empty_sums
from conformance.notes.lint.symbols import glued_letters, greek_sums, mistyped_indices
from conformance.notes.lint.tokens import Formula
from conformance.notes.model import Finding, Piece

RULES: tuple[Callable[[Formula], list[Finding]], ...] = (
    invisible_braces, font_lists, glued_letters, equal_limits, empty_sums, greek_sums, differentials,
    mistyped_indices, strange_symbols,
)  # fmt: skip
TIDINESS = frozenset({"caption"})  # says something about the text, nothing about its notation


def lint(text: str, pieces: Sequence[Piece]) -> list[Finding]:
    """What is wrong with the notation of a note, in its order; where braces do not balance nothing else is said."""
    found: list[Finding] = []
    for piece in pieces:
        if piece.kind in ("display", "inline"):
            formula = Formula(piece)
            found += unbalanced(formula) or [finding for rule in RULES for finding in rule(formula)]
    return sorted(found + captions(text), key=lambda f: (f.start, f.end))
