"""How the names of a wrong line may be read: also those that it will have once it is mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from conformance.notes.family import named, reading
from conformance.notes.forms import Stated
from conformance.notes.judging import Match
from conformance.notes.lines import Line
from conformance.notes.match import Leading, by_analogy
from conformance.notes.misreading import counted_by
from conformance.notes.notation import affinity
from conformance.notes.places import GRADIENTS, LETTERS, TIME, offset
from conformance.notes.plainness import COSTS
from conformance.notes.sights import Sight, sight_of
from conformance.notes.slips import complement
from conformance.notes.tree import Node, walk

LIKE = 0.5  # affinity of names that people have for one thing


def mended(leading: Leading, line: Line, sight: Sight, row: Stated, led: Mapping[str, str]) -> Leading:
    """A reading with the names that a line may have once it is mended."""
    made = _completed(_placed(leading, line, sight, row), sight, row)
    return _unlabelled(_relabelled(made, row, line, led), sight.atoms)


def _placed(leading: Leading, line: Line, sight: Sight, row: Stated) -> Leading:
    """A reading of the indices, too, that stand on the left alone: each is the formula's at the same place."""
    mine = counted_by(line.raw) if line.raw is not None else []
    led = {leading.names[name][0] for name in sight.atoms if name in leading.names}
    new = {
        name: (other, (), 0)
        for name, other in zip(mine, row.counted, strict=False)
        if (name not in leading.names or name not in sight.atoms) and other not in led
    }  # fmt: skip
    new = new if len(mine) == len(row.counted) else {}
    if line.raw is not None and not mine:  # such as 2i and 2i + 1, by the same letters
        same = _letters(line.raw.parts[0]) & _letters(row.left)
        new = {name: (name, (), 0) for name in sorted(same) if name not in leading.names and name not in led}
    return replace(leading, names={**leading.names, **new}, readers={}) if new else leading


def _letters(left: Node) -> set[str]:
    """The letters in the indices of what is defined."""
    return {str(n.value) for part in left.parts if isinstance(part, Node) for n in walk(part) if n.kind == "sym"}


def _completed(leading: Leading, sight: Sight, row: Stated) -> Leading:
    """A reading of what a mended statement may have, too: a gradient taken where it should be, a share as a number."""
    led = {leading.names[name][0] for name in sight.atoms if name in leading.names}
    free = [name for name in row.atoms if name not in led]
    rates = [name for name in free if name.startswith(GRADIENTS) and affinity("∇", name) > LIKE]
    new: dict[str, tuple[str, tuple[object, ...], int]] = {}
    if rates and sight.sloping:
        new["∇"] = rates[0], (), 0
    left = sight.node.parts[0].value if sight.node.kind == "rel" else ""
    for name in rates if isinstance(left, str) else ():
        new |= {f"∂{script}{cost}/∂{left}": (name, (), 0) for cost in COSTS for script in ("", "cal ")}
    stays = [name for name in free if affinity("0.9", name) > LIKE]
    for share in sight.shares if stays else ():
        new |= dict.fromkeys((str(share), complement(str(share))), (stays[0], (), 0))
    return replace(leading, names={**new, **leading.names}, readers={}) if new else leading


def _relabelled(leading: Leading, row: Stated, line: Line, led: Mapping[str, str]) -> Leading:
    """A reading in which what lost its likes, and its label with them, has its label and its likes."""
    labels = {
        like.partition("_")[2]: name.partition("_")[2] for name, like in led.items() if "_" in name and "_" in like
    }  # fmt: skip
    new: dict[str, tuple[str, tuple[object, ...], int]] = {}
    for n in walk(line.raw) if labels and line.raw is not None else ():
        there = leading.names.get(n.value) if n.kind == "sym" and len(n.parts) == 1 else None
        if there is None or n.parts[0].kind != "sym" or "_" not in there[0]:
            continue
        base, _, its = there[0].partition("_")
        if labels.get(its, n.parts[0].value) == n.parts[0].value:
            new[f"{n.value}_{n.parts[0].value}"] = there
            likes = ((other, other.partition("_")) for other in row.atoms if other != there[0])
            new |= {f"{n.value}_{labels[b]}": (o, (), 0) for o, (a, _, b) in likes if a == base and b in labels}
    return replace(leading, names={**new, **leading.names}, readers={}) if new else leading


def _unlabelled(leading: Leading, atoms: Sequence[str]) -> Leading:
    """A reading in which what is told apart by a letter here may be one thing once it is mended."""
    names = dict(leading.names)
    for name in atoms:
        base, _, label = name.partition("_")
        theirs, _, its = names[name][0].rpartition("_") if name in names else ("", "", "")
        several = base in names and names[base][0] == theirs
        if several and label.isdigit() and its.isdigit() and its != label:  # it has another's number here
            names.setdefault(f"{base}_{its}", names.pop(name))
        if label in LETTERS and base not in atoms and name in names:
            names.setdefault(base, names[name])
        if name in names and names[name][0].endswith("²"):  # a deviation is a variance once it is squared
            names.setdefault(name.rstrip("²") + "²", names[name])
    return leading if names.keys() == leading.names.keys() else replace(leading, names=names, readers={})


def otherwise(leading: Leading, left: str, row: Stated, taken: Mapping[int, Match]) -> Leading:
    """A reading in which what a line defines is what another line defines, so that it would have to be renamed."""
    names = dict(leading.names)
    for way in taken.values():
        if left in way.leading.names and way.stated.form is row.form:
            names[left] = way.leading.names[left]
            mine = named(row.left)
            quantity, index = sight_of(row).targets.get(mine, (mine, ()))
            names.setdefault(by_analogy(mine, reading(way.leading)) or mine, (quantity, index, 0))
            break
    return replace(leading, names=names, readers={})


def contradicts(mine: Mapping[str, str], led: Mapping[str, str], theirs: Sequence[str], *, again: bool) -> bool:
    """Whether names are read otherwise than in the rest of the block, or otherwise than their likes are there.

    A row that stands there again is about another quantity, whose names are its own.
    """
    if any(led.get(name, other) != other for name, other in mine.items()):
        return True
    taken = set(led.values())
    if not again and any(name not in led and other in taken for name, other in mine.items()):
        return True
    alike = {by_analogy(other, led): other for other in theirs}
    return any(alike.get(name, other) != other for name, other in mine.items())


def times(name: Node) -> list[int]:
    """How far from now the indices of time are that a name has."""
    return [at[1] for part in name.parts if isinstance(part, Node) and (at := offset(part)) and at[0] == TIME]
