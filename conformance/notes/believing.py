"""Nobody slips so far: what somebody wrote with letters of its own is meant, even if no known formula says it."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.notes.change import Change, is_letter, written
from conformance.notes.tokens import CLOSE, OPEN, Token
from conformance.notes.vocabulary import ACCENTS, FUNCTIONS, RELATIONS

Part = tuple[int, int, tuple[str, ...]]


def believable(change: Change, row: Sequence[Token], made: Sequence[Token], rest: Sequence[Sequence[Token]]) -> bool:
    """Whether a change may undo a slip: no side goes, nor a name for good, and no letter becomes a new one."""
    texts, new = [t.text for t in row], [t.text for t in made]
    left = names(new)
    if _sides(texts) != _sides(new) or any(_lost(name) for name in names(texts) - left):
        return False
    here = {t.text for some in (row, *rest) for t in some if is_letter(t)}
    return not any(_drops(part, texts, left) or _invents(part, row, here) for part in change.parts)


def renames(change: Change, row: Sequence[Token], made: Sequence[Token], rest: Sequence[Sequence[Token]]) -> bool:
    """Whether nothing is changed but what is defined, to what stands nowhere else."""
    relation = next((k for k, t in enumerate(row) if t.text in RELATIONS), 0)
    elsewhere = {t.text for other in rest for t in other}
    return (
        all(last <= relation for _, last, _ in change.parts) and made[0].text != row[0].text
        and made[0].text not in elsewhere
    )  # fmt: skip


def names(texts: Sequence[str]) -> set[str]:
    """The letters and words that stand on the line, each with its accent, and what is a function there."""
    found = set()
    depth: list[bool] = []  # of braces, which of them are below or above something
    for k, text in enumerate(texts):
        before = texts[k - 1] if k else ""
        if text == "{":
            depth.append(before in ("_", "^"))
        elif text == "}" and depth:
            depth.pop()
        elif before in ("_", "^") or any(depth):
            continue
        elif is_letter(written(text)) or text.lstrip('"') in FUNCTIONS:
            found.add(texts[k - 2] + text if before == "{" and k > 1 and texts[k - 2] in ACCENTS else text)
    return found


def _lost(name: str) -> bool:
    """Whether what has an accent is nowhere left; a letter without one may have lacked it."""
    return any(name.startswith(accent) and name != accent for accent in ACCENTS)


def _sides(texts: Sequence[str]) -> int:
    """How many sides a statement has."""
    depth = sides = 0
    for text in texts:
        depth += (text in OPEN or text == r"\begin") - (text in CLOSE or text == r"\end")
        sides += depth == 0 and text in RELATIONS
    return sides


def _drops(part: Part, texts: Sequence[str], left: set[str]) -> bool:
    """Whether something goes that is nowhere else."""
    first, last, new = part
    hanging = first and texts[first - 1] in ("_", "^")
    return not new and not hanging and bool(names(texts[first:last]) - left)


def _invents(part: Part, row: Sequence[Token], here: set[str]) -> bool:
    """Whether letters become one that the block does not have, and are not the letters of something else there."""
    first, last, new = part
    fresh = {text for text in new if is_letter(written(text))} - here
    old = {t.text for t in row[first:last] if is_letter(t)}
    return bool(fresh) and bool(old) and not old <= {t.text for t in (*row[:first], *row[last:])}
