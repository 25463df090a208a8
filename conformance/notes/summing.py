"""A sum that is missing, or that should be a mean, is seen by what it would count with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from conformance.notes.change import Change, is_letter, one
from conformance.notes.tokens import Token

LENGTHS = frozenset("NMBKCDTLnm")  # letters for how many there are
LABELS = ("in}", "out")  # that count nothing
FARTHER = 0.05  # what it costs that the sum begins farther from what it counts
BEFORE = 6  # places in front of a name where the sum over its index may begin


def means(texts: list[str], i: int, close: Mapping[int, int]) -> Iterator[Change]:
    """A sum that should be a mean: divided by how many there are."""
    k = i + 1
    while texts[k : k + 1] in (["_"], ["^"]) and k + 1 < len(texts):
        end = close.get(k + 1, k + 1)
        inside = texts[k + 2 : end] if k + 1 in close else texts[k + 1 : k + 2]
        if texts[k] == "^" and len(inside) == 1:
            yield one(1.1, i, i, r"\frac", "{", "1", "}", "{", *inside, "}")
        k = end + 1


def summed(row: Sequence[Token], texts: list[str], close: Mapping[int, int], relation: int) -> Iterator[Change]:
    """The sum over an index that stands on the right alone, where nothing counts with it."""
    counted = {k + 1 + (texts[k + 1] == "{") for k, t in enumerate(texts[:-1]) if t == "_"}
    counted -= {k for k in counted if "".join(texts[k : k + 3]).startswith(LABELS)}
    places = [k for k in counted if k < len(row) and is_letter(row[k]) and texts[k + 1 : k + 2] != ["="]]
    left = {texts[k] for k in places if k < relation}
    bound = {texts[k] for k in counted if k < len(row) and texts[k + 1 : k + 2] in (["="], [r"\in"], [r"\ne"])}
    bound |= {texts[k + 2] for k, t in enumerate(texts[:-2]) if t in (r"\sum", r"\prod") and texts[k + 1] == "_"}
    free = [k for k in places if k > relation >= 0 and texts[k] not in left | bound and len(texts[k]) == 1]
    ends = [t for k, t in enumerate(texts) if k > relation and t in LENGTHS and texts[k - 1] not in ("_", "^")]
    for letter in dict.fromkeys(texts[k] for k in free):
        first = min(k for k in free if texts[k] == letter)
        starts = [k for k in range(relation + 1, first) if _begins(texts, k, close)]
        for rank, k in enumerate(reversed(starts[-BEFORE:])):
            far = FARTHER * rank
            yield one(1.0 + far, k, k, r"\sum", "_", letter)
            for end in dict.fromkeys(ends):
                yield one(0.95 + far, k, k, r"\sum", "_", "{", letter, "=", "1", "}", "^", end)


def argued(row: Sequence[Token], texts: list[str]) -> Iterator[Change]:
    """What is integrated may lack its argument."""
    at = next((k for k, t in enumerate(texts) if t == "d" and r"\int" in texts[:k]), -1)
    if at < 0 or at + 1 >= len(row) or not is_letter(row[at + 1]):
        return
    for k in range(texts.index(r"\int") + 1, at):
        if is_letter(row[k]) and texts[k - 1] not in ("_", "^", "{") and texts[k + 1] not in ("(", "[", "_", "^"):
            yield one(1.1, k + 1, k + 1, "(", texts[at + 1], ")")


def _begins(texts: list[str], k: int, close: Mapping[int, int]) -> bool:
    """Whether a factor or a term begins at a place, rather than what hangs on one."""
    if texts[k] in ("_", "^", "{", "}", ")", "]", "+", "=", "&", ","):
        return False
    before = texts[k - 1]
    if before in ("_", "^") or (before == "{" and k > 1 and texts[k - 2] in ("_", "^", r"\hat", r"\bar", r"\tilde")):
        return False
    inside = [a for a, b in close.items() if a < k <= b and texts[a] == "{" and a and texts[a - 1] in ("_", "^")]
    return not inside
