"""Nobody writes so, whatever is meant: a fraction of half a thing, two indices in a row, a sum from nowhere."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.notes.change import with_scripts, written
from conformance.notes.tokens import CLOSE, OPEN, partners

PARTS = {r"\frac": 2, r"\sqrt": 1}  # what a command is of
SUMS = frozenset([r"\sum", r"\prod"])


def _torn(texts: Sequence[str]) -> bool:
    """Whether a fraction or a root is not of what stands in braces, or of one sign."""
    close = partners([written(text) for text in texts])
    for k, text in enumerate(texts):
        at = k + 1
        for _ in range(PARTS.get(text, 0)):
            if texts[at : at + 1] == ["{"] and at in close:
                at = close[at] + 1
            elif at < len(texts) and (texts[at].isalnum() or texts[at][1:].isalpha() or texts[at] == "["):
                at += 1
            else:
                return True
    return False


def _twice_below(texts: Sequence[str]) -> bool:
    """Whether something has two indices or two powers one behind the other, which nobody can print."""
    every = list(texts)
    ends = ((k, with_scripts(every, k)) for k, text in enumerate(every) if text in ("_", "^"))
    return any(every[end : end + 1] == [every[k]] for k, end in ends)


def _of_many(texts: Sequence[str]) -> bool:
    """Whether a root is of several things."""
    close = partners([written(text) for text in texts])
    depth = 0
    for k, text in enumerate(texts):
        if text == r"\sqrt" and k + 1 in close:
            for inside in texts[k + 2 : close[k + 1]]:
                depth += (inside in OPEN) - (inside in CLOSE)
                if inside == "," and depth == 0:
                    return True
    return False


def _half_limited(texts: Sequence[str]) -> bool:
    """Whether it is said how far a sum goes, and not where it begins."""
    every = list(texts)
    for k, text in enumerate(every[:-2]):
        if text in SUMS and every[k + 1] in ("_", "^"):
            first, last = with_scripts(every, k + 1), with_scripts(every, with_scripts(every, k + 1))
            scripts = {every[at]: every[at + 1 : end] for at, end in ((k + 1, first), (first, last)) if at < end}
            below = scripts.get("_", [])
            if "^" in scripts and (not below or (len(below) == 1 and below[0].isalpha())):
                return True
    return False


def _powers_of_one(texts: Sequence[str]) -> bool:
    """Whether a power of 1 or of 0 is taken."""
    every = zip(("", *texts), texts, texts[1:], strict=False)
    return any(first != "_" and one in ("0", "1") and after == "^" for first, one, after in every)


MARRING = (_powers_of_one, _torn, _twice_below, _of_many, _half_limited)
