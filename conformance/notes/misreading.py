"""Some readings give a row a formula's value, and still nobody would read it so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from conformance.notes.forms import Stated
from conformance.notes.match import Leading
from conformance.notes.notation import LEARNED, SLOPES, affinity
from conformance.notes.order import mixed
from conformance.notes.places import BINDERS, foretells
from conformance.notes.senseless import senseless
from conformance.notes.timing import untimely
from conformance.notes.tree import Node, same, walk

COST = 0.5  # how readily a name is taken for a cost
KEPT = 1 << 7  # rows of which it is known what stands in them: one row is read in many ways
JOINED = frozenset(["call", "apply"])  # what blocks may be joined by


def transposed(raw: Node, ref: Stated, leading: Leading) -> bool:
    """Whether an index of what is defined is read as one that the formula has at another place there."""
    mine, theirs = counted_by(raw), ref.counted
    if len(mine) != len(theirs) or not mine:
        return False
    led = [leading.names.get(name, ("", (), 0))[0] for name in mine]
    if len(mine) > 1:
        free = _names(raw).keys() - _bound(raw) - set(mine)
        strays = {other for name, (other, _, _) in leading.names.items() if name in free}
        if strays & set(theirs):
            return True
    elsewhere = set(theirs) | ({name for name in ref.atoms if len(name) > 1} if len(mine) == 1 else set())
    return any(other in elsewhere and other != there for other, there in zip(led, theirs, strict=True))


def misplaced(raw: Node, ref: Stated, leading: Leading) -> bool:
    """Whether an index stands where another belongs, though what is said has the formula's value."""
    if senseless(raw) or mixed(raw) or transposed(raw, ref, leading) or untimely(raw, ref, leading):
        return True
    if (foretells(raw) and not ref.foretelling) or along_another(raw, leading):
        return True
    if any(_along_itself(n) for n in walk(raw)) or _by_a_number(raw) or _of_another_thing(raw, ref, leading):
        return True
    if _joined(raw, ref) or _silently_summed(raw, ref) or _along_a_number(raw):
        return True
    return ref.left.value in LEARNED and any(map(_no_slope, leading.names.items()))


def _no_slope(read: tuple[str, tuple[str, tuple[object, ...], int]]) -> bool:
    """Whether a slope is read as what is none, such as a velocity."""
    name, (other, _, _) = read
    return name.startswith("∂") and not other.startswith(("∂", "∇")) and other not in SLOPES


def along_another(raw: Node, leading: Leading) -> bool:
    """Whether a slope along one quantity is read as the slope along another."""
    if not any(name.startswith("∂") for name in leading.names):
        return False
    along = {name: other for name, (other, fixed, _) in leading.names.items() if not fixed}
    slopes = [n for n in walk(raw) if n.kind == "partial" and n.parts[1].kind == "sym"]
    for name, variable in ((f"∂{n.parts[0].value}/∂{n.parts[1].value}", n.parts[1].value) for n in slopes):
        target = along.get(name, "")
        other = target.rpartition("∂")[2] if "∂" in target else ""
        if other and along.get(variable, other) != other:
            return True
    return False


def counted_by(raw: Node) -> list[str]:
    """The indices of what a row defines, if all of them are letters."""
    left = raw.parts[0] if raw.kind == "rel" else raw
    if left.kind not in ("sym", "apply") or not all(p.kind == "sym" and not p.parts for p in left.parts):
        return []
    return [str(p.value) for p in left.parts]


def _joined(raw: Node, ref: Stated) -> bool:
    """Whether a formula takes a matrix of what is joined, and a row joins nothing."""
    if not any(n.kind == "mul" and any(_joins(p) for p in n.parts) for n in walk(ref.node)):
        return False
    return not any(_joins(n) or (n.kind in JOINED and len(n.parts) > 1) for n in walk(raw))


def _along_a_number(raw: Node) -> bool:
    """Whether a slope is looked at where a sum goes to: that counts, and is no weight."""
    at = {n.parts[0].value for n in walk(raw) if n.kind == "gradient" and n.parts and n.parts[0].kind == "sym"}
    limits = (p for n in walk(raw) if n.kind in BINDERS for p in n.parts[:3] if isinstance(p, Node))
    return any(n.kind == "sym" and n.value in at for p in limits for n in walk(p))


def _along_itself(node: Node) -> bool:
    """Whether of something it is said how it changes with itself."""
    return node.kind == "partial" and same(node.parts[0], node.parts[1])


def _by_a_number(raw: Node) -> bool:
    """Whether a mean is taken by the size of what is no set, but stands as a number elsewhere."""
    sizes = [n.parts[0] for n in walk(raw) if n.kind == "abs" and n.parts[0].kind == "sym"]
    summed = any(n.kind == "sum" for n in walk(raw))
    return summed and any(sum(same(n, size) for n in walk(raw)) > sizes.count(size) for size in sizes)


def _of_another_thing(raw: Node, ref: Stated, leading: Leading) -> bool:
    """Whether a function that a formula has without an argument is taken of something else than what is defined."""
    left, *sides = raw.parts if raw.kind == "rel" else (raw,)
    if left.kind != "apply" or not all(p.kind == "sym" for p in left.parts):
        return False
    placed = {n.value for n in walk(ref.node) if n.kind in ("sym", "apply") and n.parts}
    taken = [n for side in sides for n in walk(side) if n.kind == "apply" and len(n.parts) == len(left.parts)]
    plain = [n for n in taken if leading.names.get(n.value, ("", (), 0))[0] not in {"", *placed}]
    return any(not all(same(a, b) for a, b in zip(n.parts, left.parts, strict=True)) for n in plain)


def counted_for(raw: Node, leading: Leading, ref: Stated) -> bool:
    """Whether how far a sum goes, and nothing else, is read as what has members."""
    alone = _limits_alone(raw)
    return bool(alone) and any(leading.names.get(name, ("", (), 0))[0] in ref.members for name in alone)


@lru_cache(maxsize=KEPT)
def _names(raw: Node) -> Counter[str]:
    """How often each name stands in a row."""
    return Counter(str(n.value) for n in walk(raw) if n.kind == "sym")


@lru_cache(maxsize=KEPT)
def _bound(raw: Node) -> frozenset[str]:
    """With what sums count."""
    return frozenset(name for n in walk(raw) if n.kind in BINDERS and n.value for name in n.value)


@lru_cache(maxsize=KEPT)
def _limits_alone(raw: Node) -> frozenset[str]:
    """The names that stand nowhere but where sums begin or end."""
    limits = [p for n in walk(raw) if n.kind in BINDERS for p in n.parts[:2] if isinstance(p, Node)]
    within = Counter(str(n.value) for limit in limits for n in walk(limit) if n.kind == "sym")
    return frozenset(name for name, count in within.items() if count == _names(raw)[name])


def _joins(node: Node) -> bool:
    return node.kind == "tuple" and node.value == "["


def _silently_summed(raw: Node, ref: Stated) -> bool:
    """Whether two factors have an index that nothing counts with, where a formula has a product of vectors."""
    if not any(n.kind == "transpose" for n in walk(ref.node)) or any(n.kind == "transpose" for n in walk(raw)):
        return False
    counted = _bound(raw).union(counted_by(raw))
    products = ([_lone_index(p) for p in n.parts] for n in walk(raw) if n.kind == "mul")
    return any(i and i not in counted and some.count(i) > 1 for some in products for i in some)


def _lone_index(node: Node) -> str:
    """The one letter by which a name is counted."""
    alone = node.kind == "sym" and len(node.parts) == 1 and node.parts[0].kind == "sym"
    return str(node.parts[0].value) if alone else ""


def as_what_changes(led: Mapping[str, str]) -> bool:
    """Whether a change is read as what changes, or what changes as a change."""
    pairs = [*led.items(), *((other, name) for name, other in led.items())]
    return any(name.startswith("Delta ") and other in LEARNED for name, other in pairs)


def unlike(led: Mapping[str, str]) -> bool:
    """Whether a square is read as what it is the square of, or a cost as its slope."""
    squares = any(name.endswith("²") and other == name[:-1] for name, other in led.items())
    slopes = (name for name, other in led.items() if other.startswith("∂") and len(name) > 1)
    return squares or any(affinity(name, "L") >= COST for name in slopes)


def exchanged(led: Mapping[str, str]) -> bool:
    """Whether two names that a formula has, too, are read as each other."""
    return any(name != other and led.get(other) == name for name, other in led.items())


def scattered(led: Mapping[str, str]) -> bool:
    """Whether names with labels are read as two kinds of thing of which one has another letter, too: W_z as a bias."""
    to: dict[str, set[str]] = {}
    back: dict[str, set[str]] = {}
    for name, other in led.items():
        base, _, label = name.partition("_")
        if label and not label.isdigit():
            to.setdefault(base, set()).add(other.partition("_")[0])
        back.setdefault(other.partition("_")[0], set()).add(base)
    return any(len(kinds) > 1 and any(len(back[kind]) > 1 for kind in kinds) for kinds in to.values())
