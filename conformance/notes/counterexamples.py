"""A wrong statement is shown by numbers: round ones for which it gives something else than it should."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.notes.agreement import close
from conformance.notes.forms import Stated
from conformance.notes.match import Leading
from conformance.notes.tree import Node
from conformance.notes.values import Evaluator
from conformance.notes.world import Reading, Undefined, World

ROUND = (1.0, 2.0, 0.5, 3.0, 0.0, -1.0)
SHARES = (0.5, 0.25, 0.75)  # of what decays
DECAYS = frozenset(["beta", "rho", "beta_1", "beta_2"])
MOST = 12  # numbers that a reader looks at


def counterexample(wrong: Node, ref: Stated, leading: Leading) -> Mapping[str, Any]:
    """Numbers by the note's names, what the note gives for them and what is right; empty where none was found."""
    from conformance.notes.worlds import world_of

    side = _worst(wrong, ref, leading)
    if side is None:
        return {}
    world = world_of(ref.node, 0)
    both = _both(world, side, ref, leading)
    if both is None or close(*both):
        return {}
    for name, (other, fixed, _) in leading.names.items():
        if name[:1].isdigit():
            world.given[other, fixed] = float(name)
    keys = [key for key in world.store if (key[0] not in world.whole or key[1]) and key not in world.given]
    for key in keys[:14]:
        for number in SHARES if key[0] in DECAYS else ROUND:
            was = world.given.get(key)
            world.given[key] = number
            again = _both(world, side, ref, leading)
            if again is not None and not close(*again):
                break
            if was is None:
                world.given.pop(key, None)
            else:
                world.given[key] = was
    both = _both(world, side, ref, leading)
    if both is None or close(*both):
        return {}
    back = {(other, fixed): name for name, (other, fixed, _) in leading.names.items()}
    shifts = {name: shift for name, (_, _, shift) in leading.names.items()}
    used = sorted(world.store, key=repr)
    where = {}
    for key in used:
        value = world.given.get(key, world.store[key])
        label = _named(key, back, shifts)
        if label is not None and not label[:1].isdigit() and isinstance(value, int | float):
            where[label] = _short(value)
    if len(where) > MOST:  # signals and functions, of which the reader needs no table
        where = {name: value for name, value in where.items() if "_" not in name}
    return {"where": where, "note": _short(both[0]), "right": _short(both[1])}


def _worst(wrong: Node, ref: Stated, leading: Leading) -> Node | None:
    """The side that differs from what is right."""
    side: Node
    for side in wrong.parts[1:]:
        both = _both(ref.world(0), side, ref, leading)
        if both is not None and not close(*both):
            return side
    return None


def _both(world: World, side: Node, ref: Stated, leading: Leading) -> tuple[Any, Any] | None:
    try:
        mine = Evaluator(world, Reading(leading.names, leading.time)).value(side)
        right = Evaluator(world).value(ref.right)
    except Undefined:
        return None
    return mine, right


def _named(key: tuple[str, tuple[Any, ...]], back: Mapping[Any, str], shifts: Mapping[str, int]) -> str | None:
    name, index = key
    if "_(" in name:
        return None
    whole = back.get((name, index))
    if whole is not None:
        return whole
    base = back.get((name, ()))
    if base is None:
        return name[1:] + _index(index, 0) if name.startswith("?") else None
    return base + _index(index, shifts.get(base, 0))


def _index(index: tuple[Any, ...], shift: int) -> str:
    return "" if not index else "_" + ",".join(str(i - shift if isinstance(i, int) else i) for i in index)


def _short(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return (
            [[round(float(x), 6) for x in row] for row in value.tolist()] if value.ndim == 2 else round(float(value), 6)
        )
    if isinstance(value, int):
        return value
    short = float(f"{value:.6g}")
    return int(short) if short == int(short) and abs(short) < 1e6 else short
