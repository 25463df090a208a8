"""A comparison of numbers with bounds has three answers: surely, surely not, and undecided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar

import numpy as np

from reference.number_systems.table import Numbers, structural_rules

_undecided: ContextVar[list[int] | None] = ContextVar("undecided", default=None)


@contextmanager
def undecided_branches() -> Iterator[list[int]]:
    """Collect how many elements took the hull of both sides of a branch, one entry an operation."""
    counts: list[int] = []
    token = _undecided.set(counts)
    try:
        yield counts
    finally:
        _undecided.reset(token)


def tally(number: int) -> None:
    """Count elements for which a branch was undecided."""
    counts = _undecided.get()
    if number and counts is not None:
        counts.append(number)


class Verdict(Numbers):
    """An array of three-valued answers: `sure` where the answer is yes, `possible` where it is not surely no."""

    system: ClassVar[str] = "undecided comparisons"
    rank: ClassVar[int] = 0

    def __init__(self, sure: Any, possible: Any, home: Numbers) -> None:
        self.sure = np.asarray(sure, dtype=bool)
        self.possible = np.asarray(possible, dtype=bool)
        self.home = home

    def __repr__(self) -> str:
        return f"Verdict(sure={self.sure}, possible={self.possible})"

    @property
    def shape(self) -> tuple[int, ...]:
        return self.sure.shape

    @property
    def undecided(self) -> np.ndarray:
        return np.asarray(self.possible & ~self.sure)

    def lift(self, x: Any) -> Verdict:
        return x if isinstance(x, Verdict) else Verdict(x, x, self.home)

    def rearranged(self, f: Callable[[Any], Any]) -> Verdict:
        return Verdict(f(self.sure), f(self.possible), self.home)

    def joined(self, parts: list[Verdict], f: Callable[[Any], Any]) -> Verdict:
        return Verdict(f([p.sure for p in parts]), f([p.possible for p in parts]), self.home)

    def __bool__(self) -> bool:
        if self.shape == () and not self.undecided:
            return bool(self.sure)
        self.refuse("a bare `if` on a comparison (use np.where)")
        raise AssertionError


def _home(*args: Any) -> Verdict:
    return next(a for a in args if isinstance(a, Verdict))


def _both(a: Any, b: Any) -> Verdict:
    home = _home(a, b)
    a, b = home.lift(a), home.lift(b)
    return Verdict(a.sure & b.sure, a.possible & b.possible, home.home)


def _any(a: Any, b: Any) -> Verdict:
    home = _home(a, b)
    a, b = home.lift(a), home.lift(b)
    return Verdict(a.sure | b.sure, a.possible | b.possible, home.home)


def _not(a: Verdict) -> Verdict:
    return Verdict(~a.possible, ~a.sure, a.home)


def _where(condition: Verdict, yes: Any, no: Any) -> Any:
    return type(condition.home).rules[np.where](condition, condition.home.lift(yes), condition.home.lift(no))


LOGIC_RULES: dict[Any, Callable[..., Any]] = {
    np.bitwise_and: _both, np.logical_and: _both, np.bitwise_or: _any, np.logical_or: _any,
    np.invert: _not, np.logical_not: _not, np.where: _where,
    np.shape: lambda x: x.shape, np.ndim: lambda x: x.ndim, np.size: lambda x: x.size,
}  # fmt: skip
Verdict.rules = structural_rules() | LOGIC_RULES
