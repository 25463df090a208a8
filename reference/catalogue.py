"""An equation is a function with a formula, a source and a domain; these decorators are the only registry."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from reference.domain import Domain, DomainError
from reference.entry import CatalogueError, Equation, check_sources
from reference.statements import Claim, Function, Note, Paper, Source, Variant

__all__ = [
    "CATALOGUE",
    "Catalogue",
    "CatalogueError",
    "Claim",
    "Equation",
    "Note",
    "Paper",
    "UnknownEquation",
    "Variant",
    "equation",
]


class UnknownEquation(KeyError):
    """No equation has that name."""

    def __str__(self) -> str:
        return str(self.args[0])


class Catalogue(Mapping[str, Equation]):
    """All equations by name, in the order of the chapters; the chapters are imported at the first look."""

    def __init__(self) -> None:
        self._entries: dict[str, Equation] = {}
        self._loaded = False

    def add(self, entry: Equation) -> None:
        """Enter an equation; a name can be taken only once."""
        if entry.name in self._entries:
            first = self._entries[entry.name].function.__module__
            raise CatalogueError(f"{entry.name}: registered twice, in {first} and in {entry.function.__module__}")
        self._entries[entry.name] = entry

    def load(self) -> None:
        """Import every file of every chapter, in sorted order."""
        if self._loaded:
            return
        self._loaded = True
        for chapter in chapters():
            for module in iter_modules([str(Path(__file__).parent / chapter)]):
                import_module(f"reference.{chapter}.{module.name}")
        self._entries = dict(sorted(self._entries.items(), key=lambda item: item[1].chapter))

    def __getitem__(self, name: str) -> Equation:
        self.load()
        if name in self._entries:
            return self._entries[name]
        nearest = get_close_matches(name, self._entries, n=5, cutoff=0.4)
        hint = f"the nearest names are {', '.join(nearest)}" if nearest else "`gaugeblock list` shows all names"
        raise UnknownEquation(f"no equation is called {name!r}; {hint}")

    def __iter__(self) -> Iterator[str]:
        self.load()
        return iter(self._entries)

    def __len__(self) -> int:
        self.load()
        return len(self._entries)


CATALOGUE = Catalogue()


def chapters() -> list[str]:
    """The folders of equations, sorted."""
    here = Path(__file__).parent
    return [m.name for m in iter_modules([str(here)]) if m.ispkg and m.name != "number_systems"]


def equation(
    *,
    latex: str,
    sources: Sequence[Source],
    domain: Mapping[str, Any],
    outputs: Sequence[str],
    sizes: Mapping[str, tuple[int, int]] | None = None,
    where: Sequence[str] = (),
    differentiable: Sequence[str] | None = None,
    certified_by: str = "value",
    dtype: str = "float",
    symbols: Mapping[str, Any] | None = None,
) -> Callable[[Function], Equation]:
    """Enter the decorated function into the catalogue under its own name.

    `certified_by="proof"` marks what no framework can have; `dtype="exact"` marks counts, which are compared by
    equality. Everything real is taken to be differentiable unless `differentiable` names what is. `symbols` says what
    letters of the formula stand for where custom does not: LaTeX, and the argument, or how it comes from arguments.
    """

    def register(function: Function) -> Equation:
        name = function.__name__
        check_sources(name, sources)
        if not latex.strip():
            raise CatalogueError(f"{name}: has no formula")
        if not (function.__doc__ or "").strip():
            raise CatalogueError(f"{name}: its docstring must begin with a fact about it")
        if certified_by not in ("value", "proof") or dtype not in ("float", "exact"):
            raise CatalogueError(f"{name}: certified_by={certified_by!r}, dtype={dtype!r} is not a known combination")
        parameters = inspect.signature(function).parameters
        if list(domain) != list(parameters):
            raise CatalogueError(f"{name}: takes {list(parameters)}, but its domain speaks of {list(domain)}")
        try:
            stated = Domain(domain, sizes=sizes or {}, where=where)
        except DomainError as error:
            raise CatalogueError(f"{name}: {error}") from None
        smooth = stated.real_arrays() if differentiable is None else tuple(differentiable)
        if dtype == "exact":
            smooth = ()
        if unknown := [argument for argument in smooth if argument not in parameters]:
            raise CatalogueError(f"{name}: differentiable names {unknown}, which it does not take")
        chapter = function.__module__.split(".")[1]
        entry = Equation(
            name, chapter, function, latex, tuple(sources), stated, tuple(outputs), smooth, certified_by, dtype
        )
        entry.symbols = dict(symbols or {})
        CATALOGUE.add(entry)
        return entry

    return register
