"""A row of signs in its parts: what brackets hold together, and what signs of relation take apart."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.notes.tokens import CLOSE, OPEN
from conformance.notes.vocabulary import RELATIONS

BARS = frozenset(["|", r"\|"])
PARTS = RELATIONS | {",", ";", "&", r"\\", r"\quad"}


def parts_of(texts: Sequence[str]) -> list[tuple[list[str], list[str]]]:
    """What stands between signs of relation and commas, outside all brackets, each with the sign after it."""
    found: list[tuple[list[str], list[str]]] = [([], [])]
    for item in grouped(texts):
        if len(item) == 1 and item[0] in PARTS:
            found[-1] = found[-1][0], item
            found.append(([], []))
        else:
            found[-1][0].extend(item)
    return found


def grouped(texts: Sequence[str]) -> list[list[str]]:
    """Signs, and groups in brackets or bars as one."""
    found: list[list[str]] = []
    k = 0
    while k < len(texts):
        end = closing(texts, k)
        found.append(list(texts[k : end + 1]))
        k = end + 1
    return found


def closing(texts: Sequence[str], k: int) -> int:
    """Where the group ends that begins at a place; the place itself where none does."""
    if texts[k] in BARS:
        depth = 0
        for end in range(k + 1, len(texts)):
            depth += (texts[end] in OPEN) - (texts[end] in CLOSE)
            if depth == 0 and texts[end] == texts[k]:
                return end
        return k
    if texts[k] not in OPEN:
        return k
    depth = 0
    for end in range(k, len(texts)):
        depth += (texts[end] in OPEN) - (texts[end] in CLOSE)
        if depth == 0:
            return end
    return k
