"""Wrong implementations that the suite must catch, and right ones in other honest forms that it must pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import SimpleNamespace
from typing import Any

PROPERTIES = (
    "value", "gradient", "limits", "modes", "state", "dtypes", "determinism", "random", "bad_input", "trajectory",
    "exact", "climb",
)  # fmt: skip
HOOKS = (
    "VERSION", "DTYPES", "LAYOUTS", "devices", "tensor", "array", "dtype_of", "gradient", "facts", "absent",
    "synchronize", "literal",
)  # fmt: skip


@dataclass(frozen=True)
class Planted:
    """One wrong implementation: what it imitates, where it shows, and which property has to catch it."""

    name: str
    equation: str
    function: Any
    imitates: str
    region: str
    caught_by: str
    over: str = "numpy"
    modes: tuple[str, ...] = ()
    random: bool = False
    telling: Mapping[str, Any] | None = None
    gradient: Callable[..., Any] | None = None
    algorithm: str = ""  # that its facts name


@dataclass(frozen=True)
class Honest:
    """One right implementation in a form that is not the reference's."""

    name: str
    equation: str
    function: Any
    form: str
    over: str = "numpy"
    modes: tuple[str, ...] = ()
    random: bool = False
    gradient: Callable[..., Any] | None = None
    algorithm: str = ""


PLANTED: dict[str, Planted] = {}
HONEST: dict[str, Honest] = {}


def planted(
    equation: str,
    name: str = "",
    *,
    imitates: str = "folklore",
    region: str,
    caught_by: str = "value",
    over: str = "numpy",
    modes: tuple[str, ...] = (),
    random: bool = False,
    telling: Mapping[str, Any] | None = None,
    gradient: Callable[..., Any] | None = None,
    algorithm: str = "",
) -> Callable[[Any], Any]:
    """Enter a wrong implementation of an equation; `name`, or the function's own, says in a few words what is wrong."""
    if caught_by not in PROPERTIES:
        raise ValueError(f"{caught_by!r} is none of {PROPERTIES}")

    def register(function: Any) -> Any:
        key = f"{equation}: {name or function.__name__.replace('_', ' ')}"
        if key in PLANTED:
            raise ValueError(f"{key} is planted twice")
        PLANTED[key] = Planted(
            key, equation, function, imitates, region, caught_by, over, tuple(modes), random, telling, gradient,
            algorithm,
        )  # fmt: skip
        return function

    return register


def honest(
    equation: str,
    form: str,
    *,
    over: str = "numpy",
    modes: tuple[str, ...] = (),
    random: bool = False,
    gradient: Callable[..., Any] | None = None,
    algorithm: str = "",
) -> Callable[[Any], Any]:
    """Enter a right implementation of an equation."""

    def register(function: Any) -> Any:
        key = f"{equation}: {form}"
        if key in HONEST:
            raise ValueError(f"{key} is entered twice")
        HONEST[key] = Honest(key, equation, function, form, over, tuple(modes), random, gradient, algorithm)
        return function

    return register


def load() -> None:
    """Every file of this folder and of the folders in it, in sorted order."""
    for module in sorted(m.name for m in walk_packages([str(Path(__file__).parent)], "tests.planted.")):
        import_module(module)


def head(entry: Planted | Honest) -> Any:
    """What an adapter of this entry has beside its claim: NumPy's defaults, or all that the torch adapter gives."""
    own: dict[str, Any] = {} if entry.gradient is None else {"gradient": entry.gradient}
    if entry.algorithm:
        own["facts"] = lambda *_: {"algorithms": {entry.equation: entry.algorithm}}
    if entry.over == "numpy":
        return SimpleNamespace(**{"VERSION": "planted"} | own)
    base = import_module(f"conformance.adapters.{entry.over}")
    return SimpleNamespace(**{name: getattr(base, name) for name in HOOKS if hasattr(base, name)} | own)


def of_chapter(entries: Mapping[str, Any], chapter: str) -> Iterator[Any]:
    """The entries of one chapter."""
    from reference.catalogue import CATALOGUE

    yield from (e for e in entries.values() if CATALOGUE[e.equation].chapter == chapter)
