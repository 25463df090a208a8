"""What a row makes of now and of before has to be what the formula makes of it, whatever is left out as idle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from weakref import WeakKeyDictionary

from conformance.notes.forms import Stated
from conformance.notes.match import Leading
from conformance.notes.parse import parse
from conformance.notes.places import GRADIENTS, TIME, mapped, offset
from conformance.notes.tree import Node, walk

KEPT = 1 << 7  # rows of which it is known what stands in them: one row is read in many ways
NEVER = frozenset[int]()
FORMULAS: WeakKeyDictionary[Stated, Mapping[str, frozenset[int]]] = WeakKeyDictionary()


def untimely(raw: Node, ref: Stated, leading: Leading) -> bool:
    """Whether what a row takes at one step is not what a formula takes there."""
    mine = taken(raw)
    if not any(mine.values()):
        return False
    theirs = _of(ref)
    led = {name: leading.names[name][0] for name in mine if name in leading.names}
    led = {name: other for name, other in led.items() if other in theirs}
    return _crossed(mine, theirs, led) or _apart(mine, theirs, led)


def levelled(raw: Node) -> Node | None:
    """A row with what it takes at one step each taken at the step of most, if that makes a difference."""
    once = {n: next(iter(steps)) for n, steps in taken(raw).items() if len(steps) == 1 and n not in GRADIENTS}
    counts = Counter(once.values())
    if len(counts) < 2:
        return None
    usual = max(counts, key=lambda step: (counts[step], step == 0))
    now = next(p for n in walk(raw) if n.kind == "sym" for p in n.parts if offset(p) == (TIME, usual))

    def change(n: Node) -> Node:
        if n.kind != "sym" or once.get(n.value, usual) == usual:
            return n
        return n._replace(parts=tuple(now if (offset(p) or ("",))[0] == TIME else p for p in n.parts))

    return mapped(raw, change)


def _crossed(mine: Mapping[str, frozenset[int]], theirs: Mapping[str, frozenset[int]], led: Mapping[str, str]) -> bool:
    """Whether what has a time is read as what has none, and the other way round."""
    gains = any(not mine[name] and theirs[other] for name, other in led.items())
    return gains and any(mine[name] and not theirs[other] for name, other in led.items())


def _apart(mine: Mapping[str, frozenset[int]], theirs: Mapping[str, frozenset[int]], led: Mapping[str, str]) -> bool:
    """Whether names that are taken at one step each are farther apart than in a formula; gradients are of either."""
    once = [n for n in led if len(mine[n]) == 1 and not n.startswith(GRADIENTS[:2]) and n not in GRADIENTS]
    late = {next(iter(mine[n])) - next(iter(theirs[led[n]])) for n in once if len(theirs[led[n]]) == 1}
    return len(late) > 1


def _of(ref: Stated) -> Mapping[str, frozenset[int]]:
    """At which steps a formula takes each of its names; without any time what is primed is now, and was before."""
    found = FORMULAS.get(ref)
    if found is None:
        steps = dict(taken(parse(ref.tokens)))
        if not any(steps.values()):
            steps |= _primed(ref, steps)
        found = FORMULAS[ref] = steps
    return found


def _primed(ref: Stated, steps: Mapping[str, frozenset[int]]) -> dict[str, frozenset[int]]:
    """At which steps a formula takes its names that has a prime for what is new; one that has no step takes all now."""
    names = {str(n.value) for row in ref.form.stated for n in walk(parse(row.tokens)) if n.kind == "sym"}
    was = {name for name in names if name + "'" in names}
    found: dict[str, frozenset[int]] = {}
    for name in steps:
        bare = name.rstrip("'")
        if bare != name and not was:
            continue  # it is another one, and no later one
        found[name] = frozenset([-1 if name in was else 0])
        found[bare] = found.get(bare, NEVER) | found[name]
    return found


@lru_cache(maxsize=KEPT)
def taken(raw: Node) -> Mapping[str, frozenset[int]]:
    """At which steps a row takes each name that it is made of."""
    found: dict[str, frozenset[int]] = {}
    for n in walk(raw):
        if n.kind != "sym":
            continue
        steps = {at[1] for part in n.parts if (at := offset(part)) is not None and at[0] == TIME}
        label = "".join(str(p.value) for p in n.parts if p.kind in ("sym", "num") and p.value != TIME)
        for name in {n.value, f"{n.value}_{label}" if label else n.value}:
            found[name] = found.get(name, NEVER) | steps
    return found
