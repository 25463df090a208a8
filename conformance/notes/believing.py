"""Nobody slips so far: what somebody wrote with letters of its own is meant, even if no known formula says it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from conformance.notes.change import Change, is_letter, with_scripts, written
from conformance.notes.indices import left_index
from conformance.notes.marring import MARRING
from conformance.notes.tokens import CLOSE, OPEN, Token
from conformance.notes.vocabulary import ACCENTS, FUNCTIONS, RELATIONS

FREE = frozenset(["f", "g", r"\phi", r"\psi", r"\varphi"])  # that stand for any function

INDEX = 3  # signs of the longest index that may be too much on the left
LONG = 5  # signs that no two lines have in common by chance
SPELT = 0.7  # of the letters of two words that are one word, misspelt
DEVIATIONS = frozenset([r"\sigma", r"\hat", r"\tilde", "s", "v", "e"])
Part = tuple[int, int, tuple[str, ...]]


def believable(change: Change, row: Sequence[Token], made: Sequence[Token], rest: Sequence[Sequence[Token]]) -> bool:
    """Whether a change may undo a slip: no side goes, nor a name for good, and no letter becomes a new one."""
    texts, new = [t.text for t in row], [t.text for t in made]
    left = names(new)
    if _sides(texts) != _sides(new) or _called(texts) & (left - _called(new)):
        return False
    before = names(texts)
    elsewhere = set().union(*(names([t.text for t in some]) for some in rest))
    gone = before - left
    if any((_lost(n) and n not in elsewhere) or (n in new and _merged(n, before & left)) for n in gone):
        return False
    here = before | elsewhere
    index = {text for text in left_index(row) if text.isalnum()}
    relation = next((k for k, text in enumerate(texts) if text in RELATIONS), 0)
    if any(_reshapes(part, texts, relation) or _bares(part, texts, index) for part in change.parts):
        return False
    if any(_computes(part, texts) or _shortens(part, relation) or _lands(part, texts) for part in change.parts):
        return False
    marred = any(mars(new) and not mars(texts) for mars in MARRING)
    marred = marred or _unmarks(change, texts) or _words_for_letters(change, texts) or _primes(change, (row, *rest))
    marred = marred or not _numbered_by(texts) <= _numbered_by(new)
    marred = marred or all(set(put) == {","} for _, _, put in change.parts)
    if marred or _as_another_line(new, rest) or _other_words(texts, new, rest):
        return False
    return not any(_drops(part, texts, left) or _invents(part, texts, here, change) for part in change.parts)


def _words_for_letters(change: Change, texts: Sequence[str]) -> bool:
    """Whether letters that stand together as a word does, in several places, become one name: bs is a batch's size."""
    old = Counter((tuple(texts[first:last]), new) for first, last, new in change.parts)
    return any(n > 1 and len(some) > 1 and all(is_letter(written(t)) for t in some) for (some, _), n in old.items())


def _primes(change: Change, rows: Sequence[Sequence[Token]]) -> bool:
    """Whether something gets a prime where nothing has one."""
    given = any("'" in new for _, _, new in change.parts)
    return given and not any(t.text in ("'", r"\prime") for row in rows for t in row)


def _as_another_line(texts: Sequence[str], rest: Sequence[Sequence[Token]]) -> bool:
    """Whether a line would say of one thing what another line of the block says of another."""
    mine = _right_side(texts)
    return len(mine) > LONG and any(
        _right_side(other) == mine and list(other) != list(texts) for other in ([t.text for t in row] for row in rest)
    )


def _right_side(texts: Sequence[str]) -> list[str]:
    relation = next((k for k, text in enumerate(texts) if text in RELATIONS), len(texts))
    return list(texts[relation + 1 :])


def _other_words(texts: Sequence[str], new: Sequence[str], rest: Sequence[Sequence[Token]]) -> bool:
    """Whether a word would be another one, which is neither misspelt nor a function that everybody knows."""
    here = _words(texts) | {word for row in rest for word in _words([t.text for t in row])}
    lost, found = _words(texts) - _words(new), _words(new) - here
    return any(
        not any(_misspelt(word, other) for other in against)
        for word, against in (*((w, _words(new)) for w in lost), *((w, _words(texts)) for w in found))
        if FUNCTIONS.get(word, "Concat") == "Concat"  # how blocks are joined has no name that everybody uses
    )


def _words(texts: Sequence[str]) -> set[str]:
    return {text[1:] for text in texts if text[:1] == '"' and len(text) > 2 and text[1:].isalpha()}


def _misspelt(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio() > SPELT


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


def _merged(name: str, kept: set[str]) -> bool:
    """Whether of two names that an accent tells apart, as what is clean and what is noisy, one is no value any more."""
    return any(accent + name in kept for accent in ACCENTS)


def _reshapes(part: Part, texts: Sequence[str], relation: int) -> bool:
    """Whether what is defined becomes a power, no deviation's, or loses its brackets."""
    first, last, new = part
    if last > relation:
        return False
    squared = "^" in new and "^" not in texts[first:last] and texts[0] not in DEVIATIONS and not _turns(new)
    before = texts[first - 1] if first else ""
    called = first < last and texts[first] == "(" and (is_letter(written(before)) or before.startswith('"'))
    return squared or (called and "(" not in new)


def _lands(part: Part, texts: Sequence[str]) -> bool:
    """Whether what hung above or below something comes to stand on the line."""
    first, last, new = part
    return texts[last - 1 : last] in (["_"], ["^"]) and first < last and tuple(new[-1:]) != (texts[last - 1],)


def _turns(new: Sequence[str]) -> bool:
    """Whether what stands above is the sign of a transpose."""
    return any(pair in (("^", "T"), ("^", r"\top")) for pair in itertools.pairwise(new))


def _computes(part: Part, texts: Sequence[str]) -> bool:
    """Whether an index becomes a root or another function, or what is estimated."""
    first, _, new = part
    computed = any(text == r"\sqrt" or text in FUNCTIONS or text in ACCENTS for text in new)
    return computed and _hanging(texts, first) == "_"


def _shortens(part: Part, relation: int) -> bool:
    """Whether a formula of which something is said loses more than a sign or an index."""
    first, last, new = part
    return last <= relation and not new and last - first > INDEX


def _unmarks(change: Change, texts: Sequence[str]) -> bool:
    """Whether names lose what tells one from another above them: a step in brackets, or one and the same."""
    gone = [tuple(texts[first:last]) for first, last, new in change.parts if not new]
    lost = [some for some in gone if some[:1] == ("^",)]
    marks = [some for some in lost if not some[1:2][0].isdigit()]
    return any(some[1:3] == ("{", "(") for some in lost) or len(marks) > len(set(marks))


def _numbered_by(texts: Sequence[str]) -> set[tuple[str, ...]]:
    """The indices that are a function of others."""
    every = list(texts)
    below = (tuple(every[k : with_scripts(every, k)]) for k, text in enumerate(every) if text == "_")
    return {some for some in below if "(" in some}


def _called(texts: Sequence[str]) -> set[str]:
    """The letters that stand before a bracket, as a function's name does."""
    return {text for text, after in itertools.pairwise(texts) if after == "(" and text in FREE}


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


def _invents(part: Part, texts: Sequence[str], here: set[str], change: Change) -> bool:
    """Whether letters become one that the block does not have, or a function that is known, and stand nowhere else."""
    first, last, new = part
    old = list(texts[first:last])
    if not any(is_letter(written(text)) for text in old):
        return False
    if _hangs(texts, first):
        return bool({text for text in new if is_letter(written(text))} - set(texts))
    known = [text for text in new if text in FUNCTIONS]
    if known and texts[last : last + 1] == ["("]:
        return not any(text in FUNCTIONS or text == r"\sigma" for text in old)  # one function for another
    return bool(names(new) - here) and not (_again(old, texts, first) or _moves(part, old, change))


def _moves(part: Part, old: list[str], change: Change) -> bool:
    """Whether a name that goes in one place, and is not what is defined, comes back in another."""
    if part[0] == 0:
        return False
    others = [list(new) for first, last, new in change.parts if (first, last, new) != part]
    return any(new[k : k + len(old)] == old for new in others for k in range(len(new) - len(old) + 1))


def _again(old: list[str], texts: Sequence[str], first: int) -> bool:
    """Whether the same letters, with the same index, are what is defined, or stand behind it a second time."""
    relation = next((k for k, text in enumerate(texts) if text in RELATIONS), -1)
    if first > relation and list(texts[:relation]) == old and "_" in old:
        return True
    behind = texts[first + len(old) : with_scripts(list(texts), first + len(old))]
    places = range(relation + 1, len(texts) - len(old) + 1)
    return any(
        k != first and list(texts[k : k + len(old)]) == old
        and texts[k + len(old) : with_scripts(list(texts), k + len(old))] in (behind, [])
        for k in places
    )  # fmt: skip


def _hangs(texts: Sequence[str], place: int) -> bool:
    """Whether a place is below or above something."""
    return bool(_hanging(texts, place))


def _hanging(texts: Sequence[str], place: int) -> str:
    """The sign by which a place hangs below or above something."""
    depth = 0
    for k in range(place - 1, -1, -1):
        depth += (texts[k] == "}") - (texts[k] == "{")
        if depth < 0 and k and texts[k - 1] in ("_", "^"):
            return texts[k - 1]
        depth = max(depth, 0)
    return texts[place - 1] if place > 0 and texts[place - 1] in ("_", "^") else ""


def _bares(part: Part, texts: Sequence[str], index: set[str]) -> bool:
    """Whether a name loses the index that what is defined has, too."""
    first, last, new = part
    old = list(texts[first:last])
    if "_" not in old or "_" in new or names(new) - names(old):
        return False
    base = old[: old.index("_")]
    return bool(set(old[len(base) :]) & index) and list(new) == base
