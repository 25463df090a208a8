"""A statement of the literature: its formula, the function that computes it, and what is known about it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reference.domain import Domain
from reference.statements import (
    PROOFS,
    Claim,
    Function,
    GradientForm,
    Kink,
    Limit,
    Paper,
    Source,
    Together,
    Variant,
    Wording,
    applied,
)


class CatalogueError(Exception):
    """An entry of the catalogue contradicts itself or another entry."""


@dataclass
class Equation:
    """A statement of the literature: a formula, the function that computes it, and what is known about it."""

    name: str
    chapter: str
    function: Function
    latex: str
    sources: tuple[Source, ...]
    domain: Domain
    outputs: tuple[str, ...]
    differentiable: tuple[str, ...]
    certified_by: str
    dtype: str
    dialects: dict[str, Variant] = field(default_factory=dict)
    misprints: dict[str, Variant] = field(default_factory=dict)
    laws: list[Claim] = field(default_factory=list)
    closed_forms: list[Claim] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    kinks: list[Kink] = field(default_factory=list)
    gradient_forms: list[GradientForm] = field(default_factory=list)
    normwise: dict[str, Function] = field(default_factory=dict)
    wordings: list[Wording] = field(default_factory=list)
    symbols: Mapping[str, Any] = field(default_factory=dict)  # what letters stand for, where custom does not say
    alone: Function | None = None  # the function with freedoms that count only where it is judged alone

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return applied(self, args, kwargs)

    @property
    def claims(self) -> list[Claim]:
        """The laws and the closed forms: everything about the equation that is proved."""
        return [*self.laws, *self.closed_forms]

    def dialect(
        self,
        name: str,
        *,
        latex: str,
        sources: Sequence[Source],
        differs: str,
        telling: Mapping[str, Any],
        outputs: Sequence[str] = (),
        symbols: Mapping[str, Any] | None = None,
    ) -> Callable[[Function], Variant]:
        """Register another formula that the literature or a framework uses under the same name."""
        register = self._variant(self.dialects, "dialect", name, latex, sources, differs, telling, outputs)

        def spelled(function: Function) -> Variant:
            made = register(function)
            made.symbols = dict(symbols or {})
            return made

        return spelled

    def wording(
        self,
        latex: str,
        *,
        dialect: str = "",
        lacks: str = "",
        symbols: Mapping[str, Any] | None = None,
        given: Callable[..., Mapping[str, Any]] | None = None,
    ) -> None:
        """Add the formula as others write it: in other letters or steps, or without what it needs to be right."""
        if dialect and dialect not in self.dialects:
            raise CatalogueError(f"{self.name}: a wording of the dialect {dialect!r}, which it does not have")
        self.wordings.append(Wording(latex, dialect, lacks, dict(symbols or {}), given))

    def misprint(
        self,
        name: str,
        *,
        latex: str,
        sources: Sequence[Source],
        differs: str,
        telling: Mapping[str, Any],
        outputs: Sequence[str] = (),
    ) -> Callable[[Function], Variant]:
        """Register a formula that somebody printed for this equation and that is wrong."""
        return self._variant(self.misprints, "misprint", name, latex, sources, differs, telling, outputs)

    def law(
        self, sentence: str, *, when: str = "", by: str = "symbols", outside: Mapping[str, Any] | None = None
    ) -> Callable[[Function], Function]:
        """Register a property: the function gets the equation and its inputs, and gives two sides that are equal."""
        return self._claim(self.laws, sentence, when, by, outside)

    def closed_form(
        self, sentence: str, *, when: str = "", by: str = "symbols", outside: Mapping[str, Any] | None = None
    ) -> Callable[[Function], Function]:
        """Register a case with a known answer: the two sides are what the equation gives, and that answer."""
        return self._claim(self.closed_forms, sentence, when, by, outside)

    def limit(self, sentence: str, *, given: Mapping[str, Any], gives: Any) -> None:
        """Add a row to the table of IEEE values. Several outputs are given as a tuple."""
        known = inspect.signature(self.function).parameters
        unknown = [name for name in given if name not in known]
        if unknown or not sentence:
            raise CatalogueError(f"{self.name}: the limit {sentence!r} names {unknown}, which are no arguments of it")
        self.limits.append(Limit(sentence, dict(given), gives if isinstance(gives, tuple) else (gives,)))

    def kink(self, sentence: str, *, given: Mapping[str, Any]) -> Callable[[Function], Function]:
        """Register what the gradients satisfy together at an input of round numbers where a bend hides it."""
        if missing := [name for name in self.domain if name not in given]:
            raise CatalogueError(f"{self.name}: the kink {sentence!r} is not given {', '.join(missing)}")

        def register(function: Function) -> Function:
            self.kinks.append(Kink(sentence, dict(given), function))
            return function

        return register

    def gradient_form(self, wrt: str, *, facet: str = "") -> Callable[[Function], Function]:
        """Register another way of computing the gradient with respect to one argument."""
        if wrt not in self.differentiable:
            raise CatalogueError(
                f"{self.name}: a gradient form for {wrt!r}, but differentiable are {self.differentiable}"
            )

        def register(function: Function) -> Function:
            self.gradient_forms.append(GradientForm(wrt, function, facet))
            return function

        return register

    def backwards(self, *wrt: str, facet: str = "") -> Callable[[Function], Function]:
        """Register a way of computing the gradients with respect to several arguments at once, in this order."""

        def register(function: Function) -> Function:
            together = Together(wrt, function)
            for name in wrt:
                self.gradient_form(name, facet=facet)(together.part(name))
                self.gradient_forms[-1] = replace(self.gradient_forms[-1], together=together)
            return function

        return register

    def by_itself(self, function: Function) -> Function:
        """Register the equation with freedoms that count where it is judged alone, and are lost in what it is part of.

        Within another equation they would cost an evaluation each, for bounds that the sums around them drown.
        """
        self.alone = function
        return function

    def normwise_bound(self, algorithm: str, *, source: Source) -> Callable[[Function], Function]:
        """Register how far the outputs of an algorithm may be off that is accurate in norm only.

        The function gets a format (its `unit`, `floor` and `largest`) and the inputs as plain numbers, and gives for
        each output, or for all of them, what is added to the bound of the formula itself.
        """
        check_sources(f"{self.name}, in norm by {algorithm!r}", [source])
        if algorithm in self.normwise:
            raise CatalogueError(f"{self.name}: the bound in norm of {algorithm!r} is registered twice")

        def register(function: Function) -> Function:
            self.normwise[algorithm] = function
            return function

        return register

    def _variant(
        self,
        shelf: dict[str, Variant],
        kind: str,
        name: str,
        latex: str,
        sources: Sequence[Source],
        differs: str,
        telling: Mapping[str, Any],
        outputs: Sequence[str],
    ) -> Callable[[Function], Variant]:
        def register(function: Function) -> Variant:
            where = f"{self.name}, {kind} {name!r}"
            if name in self.dialects or name in self.misprints:
                raise CatalogueError(f"{where}: registered twice")
            check_sources(where, sources)
            own, base = (list(inspect.signature(f).parameters) for f in (function, self.function))
            if own != base:
                raise CatalogueError(f"{where}: takes {own}, but the equation takes {base}")
            if set(telling) != set(base):
                raise CatalogueError(
                    f"{where}: the telling input gives {sorted(telling)}, but {sorted(base)} are needed"
                )
            if not (latex.strip() and differs):
                raise CatalogueError(f"{where}: needs its formula and a sentence saying what differs")
            variant = Variant(
                name, function, latex, tuple(sources), differs, dict(telling), tuple(outputs) or self.outputs
            )
            shelf[name] = variant
            return variant

        return register

    def _claim(
        self, shelf: list[Claim], sentence: str, when: str, by: str, outside: Mapping[str, Any] | None
    ) -> Callable[[Function], Function]:
        if by not in PROOFS:
            raise CatalogueError(f"{self.name}: {sentence!r} is proved by {by!r}, which is none of {PROOFS}")
        if any(claim.sentence == sentence for claim in self.claims):
            raise CatalogueError(f"{self.name}: {sentence!r} is registered twice")
        if when and outside is None:
            raise CatalogueError(f"{self.name}: {sentence!r} has a precondition but no counterexample outside it")
        if outside is not None and not when:
            raise CatalogueError(f"{self.name}: {sentence!r} has a counterexample but no precondition that excludes it")

        def register(function: Function) -> Function:
            shelf.append(Claim(sentence, function, self, when, by, outside))
            return function

        return register


def check_sources(where: str, sources: Sequence[Source]) -> None:
    if not sources:
        raise CatalogueError(f"{where}: has no source; give a Paper or a Note")
    for source in sources:
        if isinstance(source, Paper):
            if not (source.title and source.where and source.url.startswith("http")):
                raise CatalogueError(f"{where}: the source {source} needs a title, a place and a URL")
        elif not (source.file and (source.label or source.line)):
            raise CatalogueError(f"{where}: the source {source} needs a file and a label or a line")
