"""A statement is right if it is some form of the catalogue under some reading of its names, and its block under one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from conformance.notes.agreement import settled
from conformance.notes.context import mentioned, named_by
from conformance.notes.forms import Stated, atoms, stated, telling_rows
from conformance.notes.lines import Block, Line
from conformance.notes.match import BY_PLACE, Leading, leadings
from conformance.notes.misreading import misplaced, scattered, unlike
from conformance.notes.notation import affinity, exchanged_roles, has_one_role, is_word
from conformance.notes.places import LETTERS
from conformance.notes.sights import Sight
from conformance.notes.tree import Node, walk

MANY, SAME = 100, 0.55  # rows that are looked through for one that a line is, and how much it resembles them then
NAMES = 4  # so many names that are all the same are no chance
CUSTOMARY = 0.5  # affinity of names that some custom has for one thing
STRANGE = 0.2  # affinity of names that no custom has for one thing
CROSSED = 0.9  # by so much more readily
READINGS = 5  # of the names, of which the first is nearly always the one, and a fifth hardly ever
NEAREST = 20  # formulas that a statement is held against
EASIEST = 0.5  # below this nobody would read the names so
LEAST = 0.28  # resemblance below which nobody would take one for the other
UNSAID = 1.4  # below this nobody would take one for the other of which nothing is said
SPOKEN = 0.5  # of an equation's name: so much of it stands there where a text speaks of it
SAID = 0.35  # how much resemblance it is worth that the words name an equation


@dataclass(frozen=True)
class Match:
    """A statement as a row of a form, and how readily it is read so."""

    stated: Stated
    leading: Leading
    node: Node
    score: float
    right: bool


def candidates(line: Line, words: str, near: int = NEAREST) -> list[tuple[float, Stated]]:
    """The rows of the catalogue that a statement resembles most, by what it is made of and what the words say."""
    told, like = telling_rows(), line.likenesses
    likely = told.places[like[told.places] >= LEAST]
    _, each = np.unique(told.says[likely], return_index=True)  # what says the same counts once
    nearest = np.sort(like[likely[each]])[::-1][:near]
    least = nearest[-1] - SAID if len(nearest) else LEAST  # below that it is not among them, whatever the words say
    likely = likely[like[likely] >= least]
    said = {e: SAID * mentioned(told.equations[e], words) for e in set(told.equation[likely].tolist())}
    score = like[likely] + np.array([said[e] for e in told.equation[likely].tolist()])
    order = np.argsort(-score, kind="stable")
    first = list(dict.fromkeys(told.says[likely[order]].tolist()))[:near]
    order = order[np.isin(told.says[likely[order]], first)]
    return [(float(score[k]), stated()[likely[k]]) for k in order.tolist()]


def holds(node: Node, row: Stated, leading: Leading) -> bool:
    return settled(node, row, leading)


def ease(leading: Leading, sight: Sight, by_place: float = BY_PLACE) -> float:
    """How readily the names are read so: 1 where each has its own name in its own place."""
    return leading.score / _easily(sight, by_place)


def score_at(ease: float, sight: Sight, by_place: float = BY_PLACE) -> float:
    """The score of names that are read so readily."""
    return ease * _easily(sight, by_place)


def _easily(sight: Sight, by_place: float) -> float:
    """The score where each name has its own name in its own place."""
    return (1 + by_place) * max(1, len(sight.atoms))


def _custom(name: str, other: str) -> float:
    """How readily one name is taken for another, where its square may have slipped."""
    squared = name != other and name.removesuffix("²") == other.removesuffix("²")
    return 1.0 if squared else affinity(name, other)


def customary(leading: Leading, sight: Sight, least: float = 0.65) -> bool:
    """Whether each name is one that others use for what it is led to."""
    _, *sides = sight.node.parts if sight.node.kind == "rel" else (sight.node, sight.node)
    stands = {n.value for side in sides for n in walk(side) if n.kind in ("sym", "apply")}
    every = [n for n in sight.atoms if (_stands(n, stands) or len(sight.atoms) < 3) and n not in sight.counting]
    near = [
        _custom(name, other + "".join(f"_{i}" for i in fixed))
        for name in every if name in leading.names for other, fixed, _ in (leading.names[name],)
    ]  # fmt: skip
    if any(is_word(name) for name in every if name not in leading.names):
        return False  # a word says what it is, and nothing here is that
    return bool(near) and min(near) >= (0.3 if least > 0.6 else 0.25) and sum(near) >= least * len(near)


def _stands(name: str, stands: set[str]) -> bool:
    """Whether a name stands on the right, alone or as one of several with numbers."""
    return name in stands or name.rpartition("_")[0] in stands


def matches(line: Line, words: str, context: frozenset[str], known: Mapping[str, str] | None = None) -> list[Match]:
    """Every way in which a line is right, the likeliest first."""
    found: list[Match] = []
    if line.versions[0].parts[-1].kind in ("sym", "num"):
        return found  # that something has another name says nothing
    best = 0.0
    said = named_by(line.word)
    never: set[tuple[str, float]] = set()  # what is no reading of one row is none of another that says the same
    for score, row in candidates(line, words):
        least = EASIEST - 0.2 * mentioned(row.form.equation, words)
        if (said and row.form.equation not in said) or (row.says, least) in never:
            continue
        if score + 1.3 < best:
            break
        way = _way(line, score, row, least, context, known)
        if way is None:
            never.add((row.says, least))
        elif way.score >= UNSAID or mentioned(row.form.equation, words) >= SPOKEN:
            found.append(way)
            best = max(best, way.score)
    found.sort(key=lambda m: -m.score)
    return found


def somehow(line: Line, words: str, context: frozenset[str]) -> bool:
    """Whether a line is right as it stands in some reading, even if nothing says that it is meant so."""
    rows = {row.says: row for _, row in candidates(line, words, MANY) if line.alike(row) >= SAME}
    return any(_way(line, 0.0, row, EASIEST, context, None) is not None for row in rows.values())


def _way(
    line: Line, score: float, row: Stated, least: float, context: frozenset[str], known: Mapping[str, str] | None
) -> Match | None:
    asked = row, least, None if known is None else tuple(sorted(known.items()))
    if asked not in line.ways:
        line.ways[asked] = next(_ways(line, row, least, context, known), None)
    found = line.ways[asked]
    if found is None:
        return None
    leading, sight = found
    return Match(row, leading, sight.node, score + ease(leading, sight), right=True)


def _ways(
    line: Line, row: Stated, least: float, context: frozenset[str], known: Mapping[str, str] | None
) -> Iterator[tuple[Leading, Sight]]:
    """The readings under which a line is a row, where they are no harder than they may be."""
    for _, sight in line.seen:
        for leading in leadings(sight, row, known, context, least=score_at(least, sight))[:READINGS]:
            if _forced(leading, row, context, sight):
                continue
            if holds(sight.node, row, leading) and not (line.raw is not None and misplaced(line.raw, row, leading)):
                yield leading, sight


def _forced(leading: Leading, row: Stated, context: frozenset[str], sight: Sight) -> bool:
    """Whether a name would be led to another although that other is also there and both have the same custom."""
    return _renamed(leading, row, context, sight) or _unaccustomed(leading, row, sight)


def _renamed(leading: Leading, row: Stated, context: frozenset[str], sight: Sight) -> bool:
    """Whether the block, a label, or what the form defines is against a name's being led to another."""
    for name, (other, fixed, _) in leading.names.items():
        full = other + "".join(f"_{i}" for i in fixed)
        if name != full and full in context and name in row.form.names and name.split("_")[0] == full.split("_")[0]:
            return True
    for name, (other, fixed, _) in leading.names.items():
        label = "_".join(map(str, fixed)) or other.partition("_")[2]
        namesakes = [n for n in sight.atoms if n != name and label and n.partition("_")[2] == label]
        if namesakes and name.partition("_")[2] != label and name in sight.atoms:
            return True  # another name has the label that this one would get
    if for_its_change(leading, sight, context):
        return True
    if any(_renumbered(name, leading) for name in leading.names if name in sight.atoms):
        return True
    left, lefts = sight.node.parts[0], {str(r.left.value) for r in row.form.stated if r.left.kind == "sym"}
    another = left.kind == "sym" and len(lefts) > 2 and left.value in lefts - {row.left.value}
    return another and affinity(left.value, str(row.left.value)) < 0.9  # the form defines something else by this name


def for_its_change(leading: Leading, sight: Sight, context: frozenset[str]) -> bool:
    """Whether a name is read as the change of what it is, though the block tells one from the other."""
    return any(
        f"Delta {name}" in context and affinity(name, leading.names[name][0]) < CUSTOMARY
        for name in sight.atoms if name in leading.names
    )  # fmt: skip


def _renumbered(name: str, leading: Leading) -> bool:
    """Whether one of several that are told apart by numbers is read as another of them."""
    other, fixed, _ = leading.names[name]
    base, _, number = name.rpartition("_")
    theirs, its = (other, str(fixed[-1])) if fixed else other.rpartition("_")[::2]
    whole = leading.names.get(base)
    return bool(number.isdigit() and its.isdigit() and its != number and whole and whole[0] == theirs)


def _unaccustomed(leading: Leading, row: Stated, sight: Sight) -> bool:
    """Whether custom is against it: names that are there in their own right, or would rather be read as each other."""
    mine = set(sight.atoms)
    led = {name: o + "".join(f"_{i}" for i in fixed) for name, (o, fixed, _) in leading.names.items()}
    if any(o != n and led.get(o) == n and o in mine for n, o in led.items()):
        return True
    if any(_against_custom(n, o, mine) for n, o in led.items() if n in mine):
        return True
    strayed = [n for n, o in led.items() if n in mine and n in row.atoms and affinity(n, o) < STRANGE]
    if len(strayed) > 1 or any(len(n) > 1 for n in strayed):
        return True  # names that are there in their own right are read as what nobody means by them
    here = {n: o for n, o in led.items() if n in mine}
    if exchanged_roles(led, mine) or scattered(here) or unlike(here):
        return True
    named = [n for n in led if n in mine and n not in LETTERS]
    return any(_crossed(a, led[a], b, led[b]) for a, b in combinations(named, 2))


def _against_custom(name: str, other: str, mine: set[str]) -> bool:
    """Whether what everybody calls so is here, too, and is read as something else; or nobody means that by a name."""
    return (other != name and other in mine and has_one_role(other)) or (
        has_one_role(name) and affinity(name, other) < STRANGE
    )


def _crossed(a: str, to_a: str, b: str, to_b: str) -> bool:
    """Whether two names would much rather be read as each other."""
    straight, crossed = (affinity(a, to_a), affinity(b, to_b)), (affinity(a, to_b), affinity(b, to_a))
    return max(straight) < min(crossed) and sum(crossed) > sum(straight) + CROSSED


def families(block: Block, found: Sequence[tuple[Line, list[Match]]]) -> list[str]:
    """The equations that a block may be about, the likeliest first."""
    scores: dict[str, float] = {}
    for _, ways in found:
        best: dict[str, float] = {}
        for way in ways:
            name = way.stated.form.equation
            best[name] = max(best.get(name, 0.0), way.score * (1.0 if spoken_of(way, block.words) else 0.3))
        for name, score in best.items():
            scores[name] = scores.get(name, 0.0) + score
    for name in scores:
        scores[name] += 0.6 * mentioned(name, block.words)
    return sorted(scores, key=lambda n: -scores[n])


def spoken_of(way: Match, words: str) -> bool:
    """Whether a row that says little is what the words are about, or as good as: it has all of that row's own names."""
    said = not way.stated.weak or mentioned(way.stated.form.equation, words) >= SPOKEN
    return said or _by_name(way) or _descends(way)


def _descends(way: Match) -> bool:
    """Whether a statement says by its sign that what is defined changes along its own gradient."""
    left, *sides = way.node.parts
    names = {str(n.value) for side in sides for n in walk(side) if n.kind == "sym"}
    rates = [name for name in names if name[:1] in ("∇", "∂")]
    return bool(rates) and str(left.value) in names and way.stated.left.kind == "sym"


def _by_name(way: Match) -> bool:
    """Whether a statement has several names, and each is the one that the catalogue has, in whatever script."""
    left = way.node.parts[0].value
    found = [(name.removeprefix("cal ").rstrip("'"), way.leading.names.get(name)) for name in atoms(way.node)]
    own = [name for name, led in found if led is not None and led[0] == name]
    others = [name for name, led in found if name not in own and name != str(left).removeprefix("cal ")]
    return len(own) + sum("_" in name for name in own) >= NAMES and not others  # a label is no chance


def chosen(ways: Sequence[Match], equation: str, dialects: Mapping[str, float]) -> Match | None:
    """The way in which a line belongs to its family, or else the likeliest."""
    mine = [w for w in ways if w.stated.form.equation == equation]
    pool = mine or list(ways)
    if not pool:
        return None
    return max(
        pool, key=lambda w: w.score + dialects.get(w.stated.form.dialect, 0.0) - (0.3 if w.stated.form.lacks else 0)
    )
