"""The letters of a formula are led to the arguments of its function, by what is declared and by custom."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from conformance.notes.parse import parse
from conformance.notes.proving.given import labelled
from conformance.notes.proving.left import definitions, plain
from conformance.notes.proving.letters import customary
from conformance.notes.rows import rows
from conformance.notes.tokens import tokens
from conformance.notes.tree import Node, same, walk
from reference.domain import Array, Domain, Kind, Labels
from reference.entry import Equation

SEQUENCES = frozenset(["T", "U"])  # axes that are time


def parsed(latex: str, symbols: Mapping[str, Any]) -> list[Node]:
    """The rows of a formula, in which what is declared as a whole is one name."""
    found = [
        parse(row.tokens) for row in rows(tokens(latex))
        if not row.condition and not row.legend and not any(t.text == '"outside' for t in row.tokens)
    ]  # fmt: skip
    for said in symbols:
        pattern = parse(tokens(said))
        if not _name(pattern):
            found = [_replaced(row, pattern, said) for row in found]
    return found


def _name(node: Node) -> str:
    if node.kind == "sym":
        return node.value if not node.parts else labelled(node)
    return ""


def _replaced(node: Node, pattern: Node, said: str) -> Node:
    if same(node, pattern):
        indexed = [n for n in walk(node) if n.kind in ("sym", "gradient")]
        letters = [p for n in indexed for p in n.parts[n.kind == "gradient" :] if plain(p)]
        unique = {p.value: p for p in letters}
        return Node("sym", said, tuple(unique.values()), node.start, node.end)
    parts = tuple(_replaced(p, pattern, said) if isinstance(p, Node) else p for p in node.parts)
    if node.kind == "index" and parts[0].kind == "sym" and parts[0].value == said:
        return parts[0]._replace(parts=(*parts[0].parts, *parts[1:]))
    return node._replace(parts=parts)


@dataclass(frozen=True)
class Naming:
    """For each letter its argument, its size, or a way to compute it."""

    meant: Mapping[str, str | tuple[str, ...] | Callable[..., Any]]
    arities: Mapping[str, int]

    @property
    def spoken(self) -> frozenset[str]:
        """The arguments that the formula speaks of."""
        found: set[str] = set()
        for meaning in self.meant.values():
            if callable(meaning):
                found |= set(inspect.signature(meaning).parameters)
            else:
                found |= set(meaning) if isinstance(meaning, tuple) else {meaning.lstrip("√")}
        return frozenset(found)

    @property
    def computed(self) -> set[str]:
        """The arguments that the formula does not name, but something that is computed from them."""
        return {n for m in self.meant.values() if callable(m) for n in inspect.signature(m).parameters}

    def after(self, names: Iterable[str]) -> bool:
        """Whether these are all compared with what comes out."""
        meanings = [self.meant[name] for name in names]
        return all(callable(m) and any(p.endswith("_after") for p in inspect.signature(m).parameters) for m in meanings)

    @property
    def alike(self) -> list[tuple[str, ...]]:
        """Arguments and sizes for which the formula has one letter."""
        return [meaning for meaning in self.meant.values() if isinstance(meaning, tuple)]

    def of(self, argument: str) -> str:
        return next((name for name, meaning in self.meant.items() if meaning == argument), "")

    def values(
        self, shown: Mapping[str, Any], arguments: Mapping[str, Any], sizes: Mapping[str, int]
    ) -> dict[str, Any]:
        """What each name is, for these arguments."""
        found = {}
        for name, meaning in self.meant.items():
            if callable(meaning):
                known = {**sizes, **arguments}
                found[name] = meaning(**{n: known[n] for n in inspect.signature(meaning).parameters})
            elif isinstance(meaning, tuple):
                found[name] = ({**sizes, **shown})[meaning[0]]
            elif meaning.startswith("√"):
                found[name] = np.sqrt(shown[meaning[1:]])
            elif meaning in shown or meaning in sizes:
                found[name] = shown[meaning] if meaning in shown else sizes[meaning]
        return found

    def timed(self, entry: Equation) -> frozenset[str]:
        """The names of arrays that have a time axis in front."""
        shapes = entry.domain.shapes()
        if self.meant.get("t") == "epoch":
            return frozenset(self.meant)
        return frozenset(
            n for n, m in self.meant.items() if isinstance(m, str) and set(shapes.get(m, [])[:1]) & SEQUENCES
        )  # fmt: skip

    def __str__(self) -> str:
        return ", ".join(f"{n}: {m if isinstance(m, str) else '...'}" for n, m in self.meant.items())


def used(found: Sequence[Node]) -> tuple[dict[str, Node], dict[str, None], set[str]]:  # noqa: C901 - a walk
    """The names that a formula uses and does not bind, with one place of each; the letters on its left sides; and
    the letters that are only indices."""
    names: dict[str, Node] = {}
    elsewhere: set[str] = set()
    letters: dict[str, None] = {}

    def visit(at: Node, bound: frozenset[str], above: str = "") -> None:
        if plain(at) and above not in ("sym", "index"):
            elsewhere.add(at.value)
        unknown = at.kind == "gradient" or (at.kind == "slope" and at.parts[1].kind in ("sym", "apply"))
        if (at.kind in ("sym", "apply") and at.value not in bound) or unknown:
            key = "∇" if unknown else at.value
            if key not in names or len(at.parts) > len(names[key].parts):
                names[key] = at
            label = labelled(at) if at.kind == "sym" else ""
            if label:
                names.setdefault(label, at._replace(parts=()))
        inner = bound
        if at.kind in ("sum", "prod", "max", "min"):
            inner = bound | set(at.value)
        for part in at.parts:
            if isinstance(part, Node) and not unknown:
                visit(part, inner, at.kind)

    for row in found:
        made = list(definitions(row))
        own = frozenset(p.value for d in made for index in d.indices for p in walk(index) if plain(p))
        letters |= dict.fromkeys(own)
        for part in row.parts[1:] if made else row.parts:
            visit(part, own)
            for name in own:
                if any(plain(n) and n.value == name for n in walk(part)):
                    letters[name] = None
    return names, letters, {n for n, at in names.items() if plain(at) and n not in elsewhere and "_" not in n}


def namings(  # noqa: C901 - what is declared, what is customary, and what stands on the left
    entry: Equation, found: Sequence[Node], symbols: Mapping[str, Any]
) -> Iterator[Naming]:
    """The ways of reading the letters, the likeliest first."""
    names, letters, indices = used(found)
    defined = {d.name for row in found for d in definitions(row)}
    arities = {}
    for name, node in names.items():
        arities[name] = sum(not _timely(p) for p in node.parts)
    declared: dict[str, Any] = {}
    for said, meaning in symbols.items():
        name = _name(parse(tokens(said))) or said
        if name in names or name in letters or name in defined or isinstance(meaning, tuple) or name == "Delta":
            declared[name] = meaning
    arguments = list(entry.domain)
    domain = entry.domain
    taken = {n for m in declared.values() if not callable(m) for n in (m if isinstance(m, tuple) else (m,))}
    open_names = sorted((n for n in names if n not in declared), key=lambda n: "_" not in n)
    table: dict[str, list[str]] = {}
    outputs = set(entry.outputs) | ({"h", "h_back"} if entry.chapter == "recurrent" else set())
    for name in open_names:
        table[name] = _candidates(name, arguments, domain, names[name], taken)
        counts = name in ("n", "m") or (len(name) == 1 and name.isupper())
        if not table[name] and name not in indices and plain(names[name]) and counts:
            table[name] = list(domain.sizes)  # how many there are has many names
        if name in indices:
            table[name] = [a for a in table[name] if a not in domain or isinstance(domain[a], Kind | Labels)]
        if name in defined and not _otherwise(name, found):  # it is a state, or an argument no more
            table[name] = [a for a in table[name] if a in outputs]
    applied = {p.value for row in found for p in row.parts[0].parts if row.parts[0].kind == "apply" and plain(p)}
    optional = [n for n in letters if n not in declared and n not in table]
    sized = {n: n for n in optional if n in domain.sizes}
    for choice in itertools.islice(_choices(list(table), table, defined), 24):
        meant = {**choice, **sized, **declared}
        for letter in optional:
            free = [a for a in arguments if a not in meant.values() and letter in customary(a)[:3]]
            if free and (letter in applied or not isinstance(domain[free[0]], Array | Labels)):
                meant[letter] = free[0]
        yield Naming(meant, arities)


def _otherwise(name: str, found: Sequence[Node]) -> bool:
    """Whether a name that is defined also stands on a right side with other indices."""
    lefts = [d.indices for row in found for d in definitions(row) if d.name == name]
    rights = [n for row in found for d in definitions(row) for n in walk(d.right)]
    uses = [n.parts for n in rights if n.kind == "sym" and n.value == name]
    return any(not any(_alike(parts, left) for left in lefts) for parts in uses)


def _alike(one: Sequence[Node], other: Sequence[Node]) -> bool:
    return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))


def _timely(node: Node) -> bool:
    return any(plain(n) and n.value == "t" for n in walk(node))


def _candidates(name: str, arguments: Sequence[str], domain: Domain, node: Node, taken: set[str]) -> list[str]:
    ranked: list[tuple[int, int, str]] = []
    for k, argument in enumerate(arguments):
        if argument in taken:
            continue
        for rank, custom in enumerate(customary(argument)):
            if custom.lstrip("√") == name:
                ranked.append((rank, k, ("√" if custom.startswith("√") else "") + argument))
    found = [argument for _, _, argument in sorted(ranked)]
    if name in domain.sizes and not node.parts:
        found.insert(0 if not found or found[0] != name else 1, name)
    return found


def _choices(names: list[str], table: Mapping[str, list[str]], defined: set[str]) -> Iterator[dict[str, str]]:
    """Each name gets one of its candidates, and no argument two names."""
    if not names:
        yield {}
        return
    name, rest = names[0], names[1:]
    for candidate in table[name]:
        for others in _choices(rest, table, defined):
            if candidate.lstrip("√") not in [o.lstrip("√") for o in others.values()]:
                yield {name: candidate, **others}
    yield from _choices(rest, table, defined)
