"""How a note writes its names: with their accents, labels and squares, alone and with an index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from conformance.notes.extent import inside, name_end, whole_end
from conformance.notes.indices import bound_in, computed, tree_of
from conformance.notes.tokens import Token
from conformance.notes.tree import Node, Unreadable, walk
from conformance.notes.vocabulary import ACCENTS


def has_its_own(name: str, texts: Sequence[str]) -> bool:
    """Whether a name is written with its step of time or its number in it: a slope, or an index under a hat."""
    return name.startswith(("∇", "∂")) or ("_" in texts and texts[0] in ACCENTS)


def _spoken(node: Node, led: frozenset[str]) -> Iterator[Node]:
    """A tree's nodes, but for the letters of labels, which name nothing."""
    yield node
    if node.kind == "sym" and _label(node) in led:
        return
    for part in node.parts:
        if part is not None:
            yield from _spoken(part, led)


def _label(n: Node) -> str:
    """What a name with a label under it is called, if its index may be one."""
    simple = n.parts and all(p.kind == "sym" and not p.parts for p in n.parts)
    return f"{n.value}_" + "".join(str(p.value) for p in n.parts) if simple else ""


def names_of(row: Sequence[Token], led: frozenset[str], *, indexed: bool = False) -> dict[str, list[str]]:
    """How each name is written in a note: anywhere, or before an index."""
    found: dict[str, list[str]] = {}
    try:
        node = tree_of(tuple(row))
    except Unreadable:
        return found
    at = {t.start: k for k, t in enumerate(row)}
    for n in _spoken(node, led):
        if n.kind in ("sym", "apply") and n.start in at and n.start >= 0 and (n.parts or not indexed):
            first = inside(row, at[n.start], str(n.value))
            last = name_end(row, first, n)
            if _label(n) in led:
                found.setdefault(_label(n), [t.text for t in row[first : whole_end(row, last)]])
            found.setdefault(str(n.value), [t.text for t in row[first:last]])
            if n.parts and all(p.kind == "num" for p in n.parts):
                whole = whole_end(row, last)
                found.setdefault(
                    f"{n.value}_" + "_".join(str(p.value) for p in n.parts), [t.text for t in row[first:whole]]
                )
        elif n.kind == "pow" and n.parts[0].kind == "sym" and n.parts[1].value == 2 and n.start in at and n.start >= 0:
            last = next((k for k, t in enumerate(row) if t.start >= n.end), len(row))
            found.setdefault(f"{n.parts[0].value}²", [t.text for t in row[at[n.start] : last]])
        elif n.kind in ("gradient", "partial") and n.start in at and n.start >= 0:
            last = next((k for k, t in enumerate(row) if t.start >= n.end), len(row))
            name = "∇" if n.kind == "gradient" else f"∂{n.parts[0].value}/∂{n.parts[1].value}"
            found.setdefault(name, [t.text for t in row[at[n.start] : last]])
    return found


def indexed(rows: Sequence[Sequence[Token]], led: frozenset[str]) -> dict[str, list[str]]:
    """The names that stand with one and the same index everywhere, with that index."""
    seen: dict[str, set[tuple[str, ...]]] = {}
    for row in rows:
        try:
            node = tree_of(tuple(row))
        except Unreadable:
            continue
        at = {t.start: k for k, t in enumerate(row)}
        counting = set(bound_in(node))
        for n in _spoken(node, led):
            counted = any(m.kind == "sym" and m.value in counting for p in n.parts for m in walk(p))
            plain = n.kind == "sym" and not any(computed(p) for p in n.parts)
            if plain and n.start in at and n.start >= 0 and not (counted and row is not rows[0]):
                first = inside(row, at[n.start], str(n.value))
                last = name_end(row, first, n)
                last = whole_end(row, last) if n.parts else last
                while last > first + 1 and row[last - 1].start >= n.end > 0:
                    last -= 1
                seen.setdefault(str(n.value), set()).add(tuple(t.text for t in row[first:last]))
    return {name: list(texts) for name, found in seen.items() if len(found) == 1 for texts in found}


def like(name: str, mine: Mapping[str, list[str]]) -> list[str]:
    """A name as another is written that differs from it in one sign of its label."""
    base, _, label = name.partition("_")
    for other, texts in mine.items():
        same, _, labels = other.partition("_")
        differing = [(a, b) for a, b in zip(labels, label, strict=False) if a != b]
        if same == base and len(labels) == len(label) and len(differing) == 1 and texts.count(differing[0][0]) == 1:
            return [differing[0][1] if t == differing[0][0] else t for t in texts]
    return []
