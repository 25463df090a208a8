"""The other rows of a block show how its names are written, and what may be missing in one row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from conformance.notes.change import Change, is_letter, with_scripts, written
from conformance.notes.tokens import CLOSE, Token, partners
from conformance.notes.vocabulary import ACCENTS, RELATIONS

ROWS = 3  # of a block, of which one may be what another should be
NEW = 0.05  # what it costs that it stands nowhere else at all
STRANGE = 0.2  # what it costs that a name is written as nowhere else


Names = dict[tuple[str, ...], None]  # each with the index or power that hangs on it


def strange(change: Change, row: Sequence[Token], known: Names, goal: Names, signs: frozenset[str]) -> float:
    """What it costs that a letter gets an index, or goes without one, as nowhere in the block or in what is meant.

    A letter or an accent that is none of the signs of a block is a little farther off than one that it has.
    """
    new = signs and any(
        text not in signs and (text in ACCENTS or is_letter(written(text)))
        for _, _, put_in in change.parts for text in put_in
    )  # fmt: skip
    new = new or (signs and any(_numbers(part, row, signs) for part in change.parts))
    return sum(_strange(part, row, known, goal) for part in change.parts) + NEW * bool(new)


def _numbers(part: tuple[int, int, tuple[str, ...]], row: Sequence[Token], signs: frozenset[str]) -> bool:
    """Whether a number stands below something, where the block numbers nothing so."""
    first, _, new = part
    before = row[first - 1].text if first else ""
    pairs = pairwise((before, *new))
    return any(text.isdigit() and text not in signs and under == "_" for under, text in pairs)


def _strange(part: tuple[int, int, tuple[str, ...]], row: Sequence[Token], known: Names, goal: Names) -> float:
    """The same of one place of a change."""
    first, last, new = part
    if not new and first and last > first and row[first].text == "_" and is_letter(row[first - 1]):
        return STRANGE if (row[first - 1].text,) not in known | goal else 0.0
    if len(new) > 1:
        put_in = names_in(new) if first and row[first - 1].text not in ("_", "^") else {}
        ways = ((name, known if len(name) == 1 and _known(name, known) else known | goal) for name in put_in)
        return STRANGE if any(_otherwise(name, how) for name, how in ways) else 0.0
    if first == last or len(new) != 1 or not (is_letter(row[first]) and is_letter(written(new[0]))):
        return 0.0
    texts = [t.text for t in row]
    if last not in (first + 1, with_scripts(texts, first + 1)):
        return 0.0
    if first and texts[first - 1] in ("_", "^", "{"):
        return 0.0
    name = (*new, *texts[last : with_scripts(texts, last)])
    return STRANGE if _otherwise(name, known if _known(name, known) else goal) else 0.0


def _otherwise(name: tuple[str, ...], known: Names) -> bool:
    """Whether a letter is known, but nowhere so."""
    return name not in known and _known(name, known)


def _known(name: tuple[str, ...], known: Names) -> bool:
    return any(other[0] == name[0] for other in known)


def borrowed(row: Sequence[Token], rest: Sequence[Sequence[Token]]) -> Iterator[Change]:
    """A name of another row, with its index, where this row has another."""
    texts = [t.text for t in row]
    mine = written_names([row])
    names = [name for name in written_names(rest) if name not in mine and len(name) > 1][:10]
    relation = next((k for k, t in enumerate(texts) if t in RELATIONS), 0)
    for k, end in _places(row):
        for name in names if k > relation else ():
            yield Change(1.12, ((k, end, name),))


def as_another(row: Sequence[Token], rest: Sequence[Sequence[Token]]) -> Iterator[list[str]]:
    """What stands in another row of one letter, for the letter that this row defines: b = b - ... beside w = w - ..."""
    mine = row[0].text if row and is_letter(row[0]) else ""
    for other in rest[:ROWS]:
        theirs = other[0].text if is_letter(other[0]) else ""
        if mine and theirs and mine != theirs:
            yield [mine if t.text == theirs else t.text for t in other]


def names_in(texts: Sequence[str]) -> Names:
    """Every name of some signs."""
    return written_names([[written(text) for text in texts]]) if texts else {}


def meant(row: Sequence[Token], goal: Names) -> Iterator[Change]:
    """A name of what is meant, with its index, that the row lacks: where the row has another."""
    texts = [t.text for t in row]
    lacking = [name for name in goal if len(name) > 1 and name[0] not in texts][:4]
    relation = next((k for k, t in enumerate(texts) if t in RELATIONS), 0)
    for k, end in _places(row):
        for name in lacking if k > relation else ():
            yield Change(1.1, ((k, end, name),))


def brackets_again(row: Sequence[Token], rest: Sequence[Sequence[Token]]) -> Iterator[Change]:
    """A bracket that another row of the block has may be missing behind a name or a bracket."""
    texts = [t.text for t in row]
    groups: dict[tuple[str, ...], None] = {}
    for other in rest:
        for first, last in partners(list(other)).items():
            if other[first].text == "(" and 4 <= last - first <= 16:
                groups[tuple(t.text for t in other[first : last + 1])] = None
    ends = [k for k, t in enumerate(texts) if k and (t in CLOSE or is_letter(row[k])) and texts[k + 1 : k + 2] != ["_"]]
    for group in list(groups)[:6]:
        if not any(tuple(texts[k : k + len(group)]) == group for k in range(len(texts))):
            for k in ends[:20]:
                yield Change(1.35, ((k + 1, k + 1, group),))


def written_names(rows: Sequence[Sequence[Token]]) -> Names:
    """Every name of some rows with the index or power that hangs on it."""
    return {tuple([t.text for t in row[a:b]]): None for row in rows for a, b in _places(row)}


def _places(row: Sequence[Token]) -> list[tuple[int, int]]:
    """Where the names of a row begin and end, with their accents and with what hangs on them."""
    texts = [t.text for t in row]
    close = partners(list(row))
    found: list[tuple[int, int]] = []
    for k, token in enumerate(row):
        if k and (texts[k - 1] in ("_", "^", r"\begin") or (texts[k - 1] == "{" and texts[k - 2] in ("_", "^"))):
            continue
        if token.text in ACCENTS and k + 1 in close:
            found.append((k, with_scripts(texts, close[k + 1] + 1)))
        elif is_letter(token) and not (k > 1 and texts[k - 1] == "{" and texts[k - 2] in ACCENTS):
            found.append((k, with_scripts(texts, k + 1)))
    return found
