"""The other rows of a block show how its names are written, and what may be missing in one row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.notes.change import Change, is_letter, with_scripts, written
from conformance.notes.tokens import CLOSE, Token, partners
from conformance.notes.vocabulary import RELATIONS

STRANGE = 0.2  # what it costs that a name is written as nowhere else


def strange(change: Change, row: Sequence[Token], rest: Sequence[Sequence[Token]]) -> float:
    """What it costs that a letter gets an index, or goes without one, as nowhere else in the block."""
    if len(change.parts) != 1 or not rest:
        return 0.0
    (first, last, new), = change.parts
    if first == last or len(new) != 1 or not (is_letter(row[first]) and is_letter(written(new[0]))):
        return 0.0
    texts = [t.text for t in row]
    if last not in (first + 1, with_scripts(texts, first + 1)):
        return 0.0
    if first and texts[first - 1] in ("_", "^", "{"):
        return 0.0
    name = (*new, *texts[last : with_scripts(texts, last)])
    known = _written_names((row, *rest))
    return STRANGE if name not in known and any(other[0] == new[0] for other in known) else 0.0


def borrowed(row: Sequence[Token], rest: Sequence[Sequence[Token]]) -> Iterator[Change]:
    """A name of another row, with its index, where this row has another."""
    texts = [t.text for t in row]
    mine = _written_names([row])
    names = [name for name in _written_names(rest) if name not in mine and len(name) > 1][:10]
    relation = next((k for k, t in enumerate(texts) if t in RELATIONS), 0)
    for k, token in enumerate(row):
        if k > relation and is_letter(token) and texts[k - 1] not in ("_", "^"):
            end = with_scripts(texts, k + 1)
            for name in names:
                yield Change(1.12, ((k, end, name),))


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


def _written_names(rows: Sequence[Sequence[Token]]) -> dict[tuple[str, ...], None]:
    """Every name of some rows with the index or power that hangs on it."""
    found: dict[tuple[str, ...], None] = {}
    for row in rows:
        texts = [t.text for t in row]
        for k, token in enumerate(row):
            if is_letter(token) and (not k or texts[k - 1] not in ("_", "^", "{", r"\begin")):
                found[tuple(texts[k : with_scripts(texts, k + 1)])] = None
    return found
