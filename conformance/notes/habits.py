"""The right rows of a block show how it writes each quantity, with the index that it has there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.notes.extent import inside, name_end, whole_end
from conformance.notes.forms import Stated
from conformance.notes.match import Leading
from conformance.notes.places import BINDERS, TIME
from conformance.notes.tokens import Token
from conformance.notes.tree import Node, walk
from conformance.notes.values import Evaluator
from conformance.notes.world import Reading, Undefined

Quantity = tuple[str, tuple[object, ...]]  # a name of a formula and where it is looked at
Habits = dict[Quantity, tuple[str, ...]]


EACH = "each"  # an index that is bound, where a name has its argument with it


class AsWritten(str):
    """A sign that stands as the note has it, with its steps of time."""

    __slots__ = ()


def quantities(node: Node, ref: Stated, leading: Leading | None = None) -> Iterator[tuple[Node, Quantity]]:
    """The names of a tree that nothing binds, each with the quantity of a formula that it is."""
    reading = Reading(leading.names, leading.time) if leading else Reading()
    evaluator = Evaluator(ref.world(0), reading)
    bound = {name for n in walk(node) if n.kind in BINDERS for name in n.value or ()}
    bound |= {n.value for n in walk(node) if n.kind == "int"}
    for n in walk(node):
        if n.kind != "sym" or n.start < 0 or n.value in bound:
            continue
        counted = [any(m.kind == "sym" and m.value in bound for m in walk(p)) for p in n.parts]
        try:
            index = tuple(EACH if c else evaluator.index(p) for c, p in zip(counted, n.parts, strict=True))
        except Undefined:
            continue
        if any(hasattr(i, "shape") for i in index):
            continue  # a matrix numbers nothing
        name, index = reading.led(n.value, n, index)
        if not name.startswith("?"):
            yield n, (name, index)


def habits(node: Node, row: Sequence[Token], ref: Stated, leading: Leading) -> Habits:
    """How a row writes the quantities of a formula under a reading."""
    found: Habits = {}
    for n, quantity in quantities(node, ref, leading):
        first, last = extent(row, n)
        if first < last and n.value == TIME != row[first].text:
            continue  # a step of time that is not written
        if first < last and (EACH not in quantity[1] or "(" in n.value):
            found.setdefault(quantity, tuple(t.text for t in row[first:last]))
    return found


def spans(ref: Stated, known: Habits) -> dict[int, tuple[int, list[str]]]:
    """The places of a formula's row for which a block has a way to write them: first sign, end, and the signs."""
    made: dict[int, tuple[int, list[str]]] = {}
    for n, quantity in quantities(ref.node, ref):
        texts = known.get(quantity) or _as_its_like(quantity, known)
        first, last = extent(ref.tokens, n) if texts else (0, 0)
        if first < last and n.value == TIME != ref.tokens[first].text:
            continue  # a step of time that is not written
        if texts and first < last:
            made[first] = last, [AsWritten(text) for text in texts]
    return made


def _as_its_like(quantity: Quantity, known: Habits) -> tuple[str, ...]:
    """How a block would write U_z that has W_{hr} for U_r, and y_1 that has y_j for y_2, and x_i, x_j for x_1, x_2."""
    name, index = quantity
    base, _, label = name.partition("_")
    for (other, places), texts in known.items() if len(label) == 1 else ():
        same, _, its = other.partition("_")
        if same == base and places == index and len(its) == 1:
            ways = [(its, label), *_exchanges(its, label, known)]
            for before, after in ways:
                if texts.count(before) == 1:
                    return tuple(after if text == before else text for text in texts)
    return ()


def _exchanges(its: str, label: str, known: Habits) -> Iterator[tuple[str, str]]:
    """By which signs a block tells apart what has two labels, as x_i and x_j."""
    for (name, places), texts in known.items():
        base, _, of = name.partition("_")
        there = known.get((f"{base}_{label}", places)) if of == its else None
        if there is not None and len(there) == len(texts):
            differing = [(a, b) for a, b in zip(texts, there, strict=True) if a != b]
            if len(differing) == 1:
                yield differing[0]


def extent(row: Sequence[Token], name: Node) -> tuple[int, int]:
    """From which sign to which a name stands in a row, with its index but without its power."""
    first = next((k for k, t in enumerate(row) if t.start == name.start), len(row))
    if first == len(row):
        return 0, 0
    if name.value[:1] in "∂∇":
        return first, next((k for k, t in enumerate(row) if t.start >= name.end), len(row))
    first = inside(row, first, name.value)
    last = whole_end(row, name_end(row, first, name))
    while last > first + 1 and row[last - 1].start >= name.end > 0:
        last -= 1
    return first, last
