"""What leads from what is written to a form of the catalogue is a few places in which the two rows differ."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from difflib import SequenceMatcher

from conformance.notes.change import Change, is_letter, with_scripts, written
from conformance.notes.dearness import DEAREST
from conformance.notes.tokens import Token
from conformance.notes.vocabulary import ACCENTS, RELATIONS

ALIKE = {"[": "(", "]": ")", r"\ln": r"\log", r"\cdot": r"\times", r"\odot": r"\times"}  # that say one thing
BRACED = 0.25  # what it costs that a part ends elsewhere
SLIP = 3  # signs of an index that one slip may change: t for {t-1}
MANY = 14  # places where a row differs from a formula, beyond which it is another one


def towards(row: Sequence[Token], goal: Sequence[str], *, whole: bool) -> list[Change]:
    """What leads from what is written to a form of the catalogue, in parts."""
    here, there = _bare([t.text for t in row]), _bare(goal)
    mine, theirs = [row[k].text for k in here], [goal[k] for k in there]
    alike = {a: b for a, b in ALIKE.items() if a not in "[]" or "[" not in mine or "[" not in theirs}
    texts, wanted = [alike.get(t, t) for t in mine], [alike.get(t, t) for t in theirs]
    found_in = SequenceMatcher(None, texts, wanted, autojunk=False).get_opcodes()
    bare = [(a, b, c, d) for tag, a, b, c, d in found_in if tag != "equal"]
    named = _between_names(texts, wanted)
    found: dict[tuple[object, ...], Change] = {}
    for places in (named, _balanced(bare, texts, wanted), bare, _behind(texts, wanted)):
        whole_hunks = [
            (*_span(row, here, a, b), _closed(a == b, _kept(row, here[a:b], texts[a:b], [goal[k] for k in there[c:d]])))
            for a, b, c, d in places
        ]
        hunks = [_unbraced(hunk, row) for hunk in whole_hunks]
        single = [_alone(hunk, row, whole=whole) for hunk in hunks]
        brackets = [any(t in "()" for t in (*new, *(t.text for t in row[a:b]))) for a, b, new in hunks]
        for n in (1, 2, 3) if len(hunks) <= MANY else ():
            for chosen in itertools.combinations(range(len(hunks)), n):
                some = tuple([hunks[k] for k in chosen])
                cost = 0.1 * (n - 1)
                if sum(brackets[k] for k in chosen) > 1:
                    cost += sum(_alone(hunk, row, whole=whole) for hunk in _paired(some, row))
                else:
                    cost += sum(single[k] for k in chosen)
                if cost <= DEAREST:
                    found.setdefault(some, Change(cost, some, guided=True, arrives=n == len(hunks)))
    return list(found.values())


def _unbraced(
    hunk: tuple[int, int, tuple[str, ...]], row: Sequence[Token]
) -> tuple[int, int, tuple[str, ...]]:
    """A place in braces, where what is put in needs none of its own."""
    a, b, new = hunk
    braced = new[:1] == ("{",) and new[-1:] == ("}",) and new.count("{") == 1
    if braced and 0 < a < b < len(row) and (row[a - 1].text, row[b].text) == ("{", "}"):
        return a, b, new[1:-1]
    return hunk


def _alone(hunk: tuple[int, int, tuple[str, ...]], row: Sequence[Token], *, whole: bool) -> float:
    """What one place costs where a row differs; what is missing there is one thing, however long."""
    a, b, new = hunk
    cost = _cost(_size([t.text for t in row[a:b]], new), whole=whole and a == b)
    moved = _moves_braces([t.text for t in row[a:b]], new)
    return cost + 0.05 * (b - a > 1 and bool(new) and row[a].text == new[0]) + BRACED * moved


def _moves_braces(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether what closes a fraction or a root closes it elsewhere."""
    return _open_in(old) == _open_in(new) < 0


def _between_names(texts: Sequence[str], wanted: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Where two rows differ that are compared name by name, each with its index."""
    mine, theirs = _names(texts), _names(wanted)
    ways = SequenceMatcher(
        None, [tuple(texts[a:b]) for a, b in mine], [tuple(wanted[a:b]) for a, b in theirs], autojunk=False
    ).get_opcodes()
    here, there = [a for a, _ in mine] + [len(texts)], [a for a, _ in theirs] + [len(wanted)]
    return [(here[a], here[b], there[c], there[d]) for tag, a, b, c, d in ways if tag != "equal"]


def _behind(texts: Sequence[str], wanted: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Where the right sides differ, if what is defined is written otherwise."""
    here, there = (next((k for k, t in enumerate(row) if t in RELATIONS), -1) + 1 for row in (texts, wanted))
    if not here or not there or list(texts[:here]) == list(wanted[:there]):
        return []
    ways = SequenceMatcher(None, texts[here:], wanted[there:], autojunk=False).get_opcodes()
    return [(a + here, b + here, c + there, d + there) for tag, a, b, c, d in ways if tag != "equal"]


def _names(texts: Sequence[str]) -> list[tuple[int, int]]:
    """From where to where each name with its accent and its index reaches, and each other sign."""
    found: list[tuple[int, int]] = []
    texts, k = list(texts), 0
    while k < len(texts):
        first = k + 1 if texts[k] in ACCENTS and k + 1 < len(texts) else k
        first += texts[first] == "{" and first > k and texts[first + 2 : first + 3] == ["}"]
        braced = first > k + 1
        named = first < len(texts) and is_letter(written(texts[first]))
        end = with_scripts(texts, first + 1 + braced) if named else k + 1
        found.append((k, end))
        k = end
    return found


def _closed(inserted: bool, new: Sequence[str]) -> tuple[str, ...]:
    """What is put in, with the brackets closed that it opens."""
    missing = new.count("(") - new.count(")")
    return (*new, *([")"] * missing if inserted and new[0] != "(" and new[-1] != "(" else ()))


def _kept(row: Sequence[Token], here: Sequence[int], mine: Sequence[str], new: Sequence[str]) -> list[str]:
    """What is put in, with the braces that the note has around what stays."""
    made: list[str] = []
    for tag, a, b, c, d in SequenceMatcher(None, mine, list(new), autojunk=False).get_opcodes():
        if tag == "equal" and b - a > 1:
            first, last = _span(row, here, a, b)
            made += [t.text for t in row[first:last]]
        else:
            made += new[c:d]
    return made


def _bare(texts: Sequence[str]) -> list[int]:
    """The places of all signs but the braces around one sign that stands above or below another."""
    needless = {
        place
        for k in range(len(texts) - 3)
        if texts[k] in ("^", "_") and texts[k + 1] == "{" and texts[k + 3] == "}"
        for place in (k + 1, k + 3)
    }
    return [k for k in range(len(texts)) if k not in needless]


def _span(row: Sequence[Token], here: Sequence[int], a: int, b: int) -> tuple[int, int]:
    """Where signs stand in a row, with the braces that were left out if those are open there."""
    if a == b:
        return (here[a] if a < len(here) else len(row),) * 2
    first, last, depth, least = here[a], here[b - 1] + 1, 0, 0
    for token in row[first:last]:
        depth += (token.text == "{") - (token.text == "}")
        least = min(least, depth)
    if least < 0 and row[first - 1].text == "{":
        first, depth = first - 1, depth + 1
    if depth > 0 and row[last : last + 1] and row[last].text == "}":
        last += 1
    return first, last


def _balanced(
    places: Sequence[tuple[int, int, int, int]], texts: Sequence[str], wanted: Sequence[str]
) -> list[tuple[int, int, int, int]]:
    """Where two rows differ; what opens a brace reaches to where that brace closes."""

    made: list[tuple[int, int, int, int]] = []
    for a, b, c, d in places:
        if made and _open_in(texts[made[-1][0] : made[-1][1]]) != _open_in(wanted[made[-1][2] : made[-1][3]]):
            made[-1] = made[-1][0], b, made[-1][2], d
        else:
            made.append((a, b, c, d))
    return [_within(place, texts, wanted) for place in made]


def _open_in(some: Sequence[str]) -> int:
    """How many braces stay open behind some signs."""
    return some.count("{") - some.count("}")


def _within(
    place: tuple[int, int, int, int], texts: Sequence[str], wanted: Sequence[str]
) -> tuple[int, int, int, int]:
    """A place without the braces at its end that close what was opened before it."""
    a, b, c, d = place
    while a < b and c < d and texts[b - 1] == wanted[d - 1] == "}" and texts[a:b].count("}") > texts[a:b].count("{"):
        b, d = b - 1, d - 1
    return a, b, c, d


def _paired(
    some: Sequence[tuple[int, int, tuple[str, ...]]], row: Sequence[Token]
) -> list[tuple[int, int, tuple[str, ...]]]:
    """Changes of which one puts in or drops a bracket that another closes are one."""
    made: list[tuple[int, int, tuple[str, ...]]] = []
    for a, b, new in some:
        if made and a == b and new.count(")") > new.count("("):
            before = next((k for k, (x, y, z) in enumerate(made) if x == y and z.count("(") > z.count(")")), -1)
            if before >= 0:
                made[before] = *made[before][:2], (*made[before][2], *new[1:])
                continue
        if made and not new and [t.text for t in row[a:b]] == [")"] and any(_opening(part, row) for part in made):
            continue
        made.append((a, b, new))
    return made


def _opening(part: tuple[int, int, tuple[str, ...]], row: Sequence[Token]) -> bool:
    """Whether a bracket is dropped that closes elsewhere."""
    texts = [t.text for t in row[part[0] : part[1]]]
    return not part[2] and texts.count("(") > texts.count(")")


def _size(old: Sequence[str], new: Sequence[str]) -> int:
    """How many signs change where some become others: no braces, and nothing that stays on either side."""
    if _units(new) == _units(old) == 1 and "_" in new and "_" in old:  # a name, its index, or both
        here, there = list(old).index("_"), list(new).index("_")
        return max(1, (list(old[:here]) != list(new[:there])) + _slips(old[here:], new[there:]))
    was, is_ = [t for t in old if t not in "{}"], [t for t in new if t not in "{}"]
    if was[:1] != is_[:1] and was[-1:] != is_[-1:]:
        return max(1, _units(old), _units(new))
    while was and is_ and was[0] == is_[0]:
        was, is_ = was[1:], is_[1:]
    while was and is_ and was[-1] == is_[-1]:
        was, is_ = was[:-1], is_[:-1]
    return max(1, _units(was), _units(is_))


def _slips(old: Sequence[str], new: Sequence[str]) -> int:
    """How many slips of one index or its step lead from one to another."""
    was, is_ = [t for t in old if t not in "{}"], [t for t in new if t not in "{}"]
    ways = SequenceMatcher(None, was, is_, autojunk=False).get_opcodes()
    return sum(-(-max(b - a, d - c) // SLIP) for tag, a, b, c, d in ways if tag != "equal")


def _units(texts: Sequence[str]) -> int:
    """How many signs there are, a name with its index being one."""
    return sum(texts[first] not in "{}" for first, _ in _names(texts))


def _cost(tokens: int, *, whole: bool) -> float:
    """What a change of so many tokens costs; where the row is known, a term that is missing is one thing."""
    return 0.75 + 0.25 * (min(tokens, 3) + 0.1 * max(0, tokens - 3) if whole else tokens)
