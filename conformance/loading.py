"""Finding an adapter: a module or a package of ours by name, or anybody's file by its path."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatch
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import numpy as np

from conformance.adapters.contract import Claim
from reference.catalogue import CATALOGUE

HERE = Path(__file__).parent / "adapters"
HELPERS = ("contract",)


class AdapterError(Exception):
    """An adapter cannot be found, imported or understood."""


@dataclass(frozen=True)
class Waiver:
    """A deviation that is known and accepted, with the reason and the place where it is discussed."""

    case: str
    reason: str
    url: str
    property: str = "value"


@dataclass
class Adapter:
    """What a framework claims, and how its tensors are made and read."""

    name: str
    tensor: Callable[[np.ndarray, str], Any]
    array: Callable[[Any], np.ndarray]
    gradient: Callable[..., Sequence[Any] | None] | None = None
    claims: dict[str, Claim] = field(default_factory=dict)
    waivers: list[Waiver] = field(default_factory=list)

    def waiver(self, case: str, property_name: str) -> Waiver | None:
        """The waiver that covers a case of a property, if there is one."""
        return next((w for w in self.waivers if fnmatch(case, w.case) and w.property == property_name), None)


def available() -> list[str]:
    """The names of the adapters that ship with the suite."""
    return sorted(m.name for m in iter_modules([str(HERE)]) if m.name not in HELPERS)


def load(framework: str) -> Adapter:
    """The adapter of this name, or in this file."""
    if framework.endswith(".py"):
        modules = [_from_file(Path(framework))]
        name, folder = Path(framework).stem, None
    elif framework in available():
        modules, name, folder = _of_ours(framework), framework, HERE / framework
    else:
        nearest = get_close_matches(framework, available())
        hint = f"did you mean {nearest[0]!r}? " if nearest else ""
        raise AdapterError(
            f"--framework={framework}: no adapter has that name. {hint}There are {', '.join(available())}; "
            "a file of your own is given as --framework=path/to/file.py"
        )
    head = modules[0]
    tensor, array = getattr(head, "tensor", _numpy_tensor), getattr(head, "array", np.asarray)
    adapter = Adapter(name, tensor, array, getattr(head, "gradient", None))
    for claim in _claims(modules):
        _check(name, claim, adapter.claims)
        adapter.claims[claim.equation] = claim
    if not adapter.claims:
        raise AdapterError(f"--framework={framework}: it claims no equation; decorate functions with @implements(NAME)")
    if folder is not None and (folder / "waivers.toml").exists():
        rows = tomllib.loads((folder / "waivers.toml").read_text(encoding="utf-8")).get("waiver", [])
        adapter.waivers = [Waiver(**row) for row in rows]
    return adapter


def _from_file(path: Path) -> ModuleType:
    spec = spec_from_file_location(f"gaugeblock_adapter_{path.stem}", path)
    if not path.exists() or spec is None or spec.loader is None:
        raise AdapterError(f"--framework={path}: there is no such file")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _of_ours(framework: str) -> list[ModuleType]:
    name = f"conformance.adapters.{framework}"
    try:
        head = import_module(name)
        parts = sorted(m.name for m in iter_modules(getattr(head, "__path__", [])))
        return [head, *(import_module(f"{name}.{part}") for part in parts)]
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] == "conformance":
            raise
        raise AdapterError(
            f"--framework={framework}: the package {missing.name!r} is not installed; `pip install "
            f"'gaugeblock[{framework}]'` installs what is certified"
        ) from None


def _claims(modules: list[ModuleType]) -> Iterator[Claim]:
    """The claims in the order in which they are written."""
    for module in modules:
        yield from (value for value in vars(module).values() if isinstance(value, Claim))


def _check(framework: str, claim: Claim, taken: dict[str, Claim]) -> None:
    if claim.equation not in CATALOGUE:
        nearest = get_close_matches(claim.equation, CATALOGUE, n=3, cutoff=0.4)
        raise AdapterError(
            f"{framework} claims {claim.equation!r}, which is no equation; the nearest are {', '.join(nearest)}"
        )
    if claim.equation in taken:
        raise AdapterError(f"{framework} claims {claim.equation!r} twice")


def _numpy_tensor(x: np.ndarray, dtype: str) -> np.ndarray:
    return x.astype(dtype)
