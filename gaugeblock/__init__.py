"""The reference standard for deep learning: each equation stated once, and certified with evidence.

Everything here is imported when it is first used, so that importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.adapters.contract import implements
    from reference.catalogue import CATALOGUE

__version__ = "0.1.0"
__all__ = ["CATALOGUE", "implements"]

_HOMES = {"CATALOGUE": "reference.catalogue", "implements": "conformance.adapters.contract"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; its public names are {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
