"""Finding an adapter: a module or a package of ours by name, or anybody's file by its path."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatch
from functools import cache, cached_property
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import module_from_spec, spec_from_file_location
from inspect import signature
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import numpy as np

from conformance.adapters.contract import DTYPES, EAGER, LAYOUTS, Claim, Function
from conformance.waivers import Waiver, read_waivers
from reference.catalogue import CATALOGUE

HERE = Path(__file__).parents[1] / "adapters"
HELPERS = ("contract",)


class AdapterError(Exception):
    """An adapter cannot be found, imported or understood."""


@dataclass
class Adapter:
    """What a framework claims, and how its tensors are made and read; every hook that it leaves out suits NumPy."""

    name: str
    head: Any = None
    claims: dict[str, Claim] = field(default_factory=dict)
    waivers: list[Waiver] = field(default_factory=list)
    _accepted: dict[tuple[str, str], list[Waiver]] = field(default_factory=dict, repr=False, compare=False)
    _ending: dict[str, list[Waiver]] = field(default_factory=dict, repr=False, compare=False)

    def _given(self, name: str, default: Any) -> Any:
        return getattr(self.head, name, default)

    @property
    def version(self) -> str:
        given = self._given("VERSION", None)
        if given is not None:
            return str(given)
        try:
            return version(self.name)
        except PackageNotFoundError:
            return "unknown"

    @property
    def dtypes(self) -> tuple[str, ...]:
        return tuple(self._given("DTYPES", DTYPES[:2]))

    @property
    def layouts(self) -> tuple[str, ...]:
        return tuple(self._given("LAYOUTS", LAYOUTS[:1]))

    @property
    def modes(self) -> Mapping[str, Callable[[Function], Function]]:
        return dict(self._given("MODES", {EAGER: lambda function: function}))

    @property
    def slow(self) -> tuple[str, ...]:
        return tuple(self._given("SLOW", ()))

    @property
    def judges_gradients(self) -> bool:
        return hasattr(self.head, "gradient")

    @property
    def knows_dtypes(self) -> bool:
        return hasattr(self.head, "dtype_of") or not hasattr(self.head, "tensor")

    def devices(self) -> list[str]:
        return list(self._given("devices", lambda: ["cpu"])())

    def has(self, equation: str, device: str, dtype: str, mode: str) -> bool:
        return bool(self._given("has", lambda *_: True)(equation, device, dtype, mode))

    def absent(self, error: BaseException) -> bool:
        """Whether an error says that the framework does not have what was asked for."""
        return bool(self._given("absent", lambda e: isinstance(e, NotImplementedError))(error))

    def modes_of(self, equation: str) -> tuple[str, ...]:
        """The paths of execution of a claim: its own, or those that every function has."""
        return self.claims[equation].modes or tuple(self.modes)

    def tensor(self, x: np.ndarray, dtype: str, device: str = "cpu", layout: str = "contiguous") -> Any:
        make = self._given("tensor", _numpy_tensor)
        known = (x, dtype, device, layout)
        return make(*known[: _arguments(make)])

    def array(self, x: Any) -> np.ndarray:
        return np.asarray(self._given("array", np.asarray)(x), dtype=np.float64)

    def dtype_of(self, x: Any) -> str:
        return str(self._given("dtype_of", lambda x: np.asarray(x).dtype.name)(x))

    def gradient(self, *arguments: Any) -> Sequence[Any] | None:
        return self.head.gradient(*arguments)  # type: ignore[no-any-return]

    def facts(self, device: str, dtype: str, mode: str) -> dict[str, Any]:
        return dict(self._given("facts", lambda *_: {})(device, dtype, mode))

    @cached_property
    def held(self) -> list[Waiver]:
        """The accepted deviations whose conditions hold on this machine."""
        return [w for w in self.waivers if w.holds(self.version, self.processor())]

    @cached_property
    def crashing(self) -> list[Waiver]:
        """Inputs that are known to end the process."""
        return [w for w in self.held if w.crashes]

    def ending(self, case: str) -> list[Waiver]:
        """Inputs of a case that are known to end the process; it is asked for with every call."""
        if case not in self._ending:
            self._ending[case] = [w for w in self.crashing if fnmatch(case, w.case)]
        return self._ending[case]

    def accepted(self, case: str, property_name: str) -> list[Waiver]:
        """What of a case is accepted; it is asked for with every scenario."""
        key = case, property_name
        if key not in self._accepted:
            self._accepted[key] = [w for w in self.held if w.covers(case, property_name) and not w.crashes]
        return self._accepted[key]

    def processor(self) -> str:
        """What the machine calls its processor, and what of it the framework uses."""
        return str(self._given("processor", platform.machine)())

    def build(self) -> dict[str, str]:
        return dict(self._given("build", dict)())

    def synchronize(self, device: str) -> None:
        self._given("synchronize", lambda _: None)(device)

    def zeroed(self, device: str) -> AbstractContextManager[Any]:
        """A context in which memory holds zeros where nobody filled it, if the adapter knows of one."""
        context: AbstractContextManager[Any] = self._given("zeroed", lambda _: nullcontext())(device)
        return context


@cache
def _arguments(function: Function) -> int:
    return len(signature(function).parameters)


def available() -> list[str]:
    """The names of the adapters that ship with the suite."""
    return sorted(m.name for m in iter_modules([str(HERE)]) if m.name not in HELPERS)


@cache
def load(framework: str) -> Adapter:
    """The adapter of this name, or in this file; each is loaded once a process."""
    if framework.endswith(".py"):
        modules = [_from_file(Path(framework))]
        name, waivers = Path(framework).stem, Path(framework).with_suffix(".waivers.toml")
    elif framework in available():
        modules, name, waivers = _of_ours(framework), framework, HERE / framework / "waivers.toml"
    else:
        nearest = get_close_matches(framework, available())
        hint = f"did you mean {nearest[0]!r}? " if nearest else ""
        raise AdapterError(
            f"--framework={framework}: no adapter has that name. {hint}There are {', '.join(available())}; "
            "a file of your own is given as --framework=path/to/file.py"
        )
    return assembled(name, modules[0], _claims(modules), read_waivers(waivers) if waivers.exists() else [])


def assembled(name: str, head: Any, claims: Iterator[Claim] | Sequence[Claim], waivers: list[Waiver]) -> Adapter:
    """An adapter of these claims, each checked against the catalogue."""
    adapter = Adapter(name, head, waivers=waivers)
    for claim in claims:
        if claim.equation not in CATALOGUE:
            nearest = get_close_matches(claim.equation, CATALOGUE, n=3, cutoff=0.4)
            raise AdapterError(
                f"{name} claims {claim.equation!r}, which is no equation; the nearest are {', '.join(nearest)}"
            )
        if claim.equation in adapter.claims:
            raise AdapterError(f"{name} claims {claim.equation!r} twice")
        adapter.claims[claim.equation] = claim
    if not adapter.claims:
        raise AdapterError(f"--framework={name}: it claims no equation; decorate functions with @implements(NAME)")
    for kind, given, known in (("DTYPES", adapter.dtypes, DTYPES), ("LAYOUTS", adapter.layouts, LAYOUTS)):
        if unknown := sorted(set(given) - set(known)):
            raise AdapterError(f"{name}: {kind} names {', '.join(unknown)}; known are {', '.join(known)}")
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


def _numpy_tensor(x: np.ndarray, dtype: str, device: str, layout: str) -> np.ndarray:  # noqa: ARG001 - there is one of each
    return x.astype(dtype)
