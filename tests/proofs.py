"""The tools of a proof: symbols, exact comparison, a time limit, and the list of what was proved."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import sympy as sp

from conformance.scenarios.draw import Recipe, draw
from reference.domain import Domain
from reference.number_systems.elements import Elements, objects
from reference.number_systems.exact import Exact
from reference.number_systems.rounded.format import float64
from reference.number_systems.symbols import Symbols

PROVED: set[tuple[str, str]] = set()  # (equation, sentence), as the decorators below saw them
FORMS_PROVED: set[int] = set()  # id of each Either that a chapter's own test proves

PROOF_SECONDS = 60


def proves(equation: str, sentence: str) -> Callable[[Any], Any]:
    """Say which law, closed form or gradient form ("gradient form for x") of which equation this test proves."""

    def mark(test: Any) -> Any:
        PROVED.add((equation, sentence))
        return test

    return mark


def proves_forms(freedom: Any) -> Callable[[Any], Any]:
    """Say that this test proves the forms of an `either` equal, which plain numbers cannot show."""

    def mark(test: Any) -> Any:
        FORMS_PROVED.add(id(freedom))
        return test

    return mark


class ProofTimedOut(AssertionError):
    """A proof that does not end is no proof."""


@contextmanager
def within(seconds: int = PROOF_SECONDS) -> Iterator[None]:
    """Fail, rather than skip, when the block takes longer."""

    def stop(*_: Any) -> None:
        raise ProofTimedOut(f"no proof within {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def law(equation: Any, sentence: str) -> Any:
    """The claim of an equation that has this sentence."""
    for claim in equation.claims:
        if claim.sentence == sentence:
            return claim
    raise AssertionError(f"{equation.name} has no claim {sentence!r}; it has {[c.sentence for c in equation.claims]}")


def elements(x: Any) -> list[Any]:
    """The elements of an array of any number system, or of a tuple of arrays."""
    if isinstance(x, tuple | list):
        return [e for part in x for e in elements(part)]
    if isinstance(x, Elements):
        return list(x.value.ravel())
    return list(np.asarray(x, dtype=object).ravel())


def equal(left: Any, right: Any, simplify: Callable[[Any], Any] = sp.simplify) -> bool:
    """Whether two symbolic or rational results are identical, element by element, for all values of the symbols."""
    a, b = elements(left), elements(right)
    if len(a) != len(b):
        raise AssertionError(f"{len(a)} elements on the left, {len(b)} on the right")
    with within():
        return all(simplify(sp.sympify(x) - sp.sympify(y)) == 0 for x, y in zip(a, b, strict=True))


def holds(equation: Any, sentence: str, *args: Any, simplify: Callable[[Any], Any] = sp.expand, **hyper: Any) -> bool:
    """Whether the two sides of a claim are identical."""
    return equal(*law(equation, sentence)(*args, **hyper), simplify=simplify)


def certain(left: Any, right: Any) -> bool:
    """Whether two enclosures agree to 40 digits, and so sharply that this says something."""
    gap = left - right
    return bool(np.all(np.abs(gap.midpoints()) + gap.radii() < 1e-40))


def named(**shapes: tuple[int, ...]) -> list[Symbols]:
    """Symbols by name, each with its shape."""
    return [Symbols.named(name, *shape) for name, shape in shapes.items()]


def rational_points(generator: np.random.Generator, *shape: int, low: int = -9, high: int = 9) -> Exact:
    """An array of random fractions with small numerators and denominators."""
    numerators = generator.integers(low, high + 1, size=shape)
    denominators = generator.integers(1, 8, size=shape)
    return Exact(numerators) / Exact(denominators)


def derivative(expression: Any, array: Symbols) -> Symbols:
    """What SymPy says about the derivative of one expression with respect to each element of an array."""
    whole = sp.sympify(expression.item() if isinstance(expression, Elements) else expression)
    return Symbols.of(np.frompyfunc(lambda s: sp.diff(whole, s), 1, 1)(array.value))


def small(domain: Domain) -> Domain:
    """The same domain with no size above 2 unless it must be, and heads one wide: symbols grow quickly with sizes."""
    most = {"D": 1} if "heads" in domain else {}
    sizes = {name: (low, max(low, min(high, most.get(name, 2)))) for name, (low, high) in domain.sizes.items()}
    return Domain(domain.arguments, sizes=sizes, where=domain.where)


def digits(x: Any) -> Symbols:
    """Numbers as SymPy's floats of sixty digits."""
    number = np.frompyfunc(lambda v: sp.Float(float(v), 60) if np.isfinite(v) else sp.sympify(v), 1, 1)
    return Symbols.of(objects(number(x)))


def sample(domain: Any, generator: Any, *, lanes: int = 8, fmt: Any = float64) -> dict[str, Any]:
    """Ordinary arguments of an equation, its real arrays in a format, and few steps taken."""
    values = draw(domain, generator, fmt, Recipe(lanes=lanes)).values
    return {name: value % 7 + 1 if name == "t" and isinstance(value, int) else value for name, value in values.items()}
