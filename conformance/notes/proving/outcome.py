"""What a formula says of each output, element by element, is what its function gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from conformance.notes.proving.given import Unknown
from conformance.notes.proving.left import Definition, plain
from conformance.notes.proving.naming import Naming
from conformance.notes.proving.outputs import outputs
from conformance.notes.proving.program import Program
from conformance.notes.tree import Node, same, walk

if TYPE_CHECKING:
    from conformance.notes.proving.formulas import Formula

DIGITS = 1e-9  # of a result, and of 1/100 where it is smaller: different formulas differ by far more


class Difference(Exception):
    """The formula says another number than the function gives."""


class Nothing(Exception):
    """An output without elements shows nothing."""


def compared(
    program: Program, rows: Sequence[Node], made: Sequence[Definition], formula: Formula, naming: Naming,
    results: Sequence[Any],
) -> None:  # fmt: skip
    """Raise Difference where an output is not what the formula says."""
    if same_on_all_sides(program, rows, made, formula, results):
        return
    named = outputs(made, formula.outputs, naming)
    defined = {d.label or d.name: d for d in made}
    stated = {name: defined[name] for name, meaning in naming.meant.items() if callable(meaning) and name in defined}
    for name, d in stated.items():
        program.bound = {"t": program.now("t")}
        index = tuple(program.index(p) for p in d.indices)
        program.bound = {}
        said = program.found(d.name, index, Node("sym", d.name, d.indices, 0, 0))
        if not agree(said, program.values[name]):
            raise Difference(f"{name} differs: {_short(said)}, but it is {_short(program.values[name])}")
    if stated and (naming.after(stated) or (formula.partial and set(defined) <= set(stated))):
        return
    if not named:
        raise Unknown("no row defines an output")
    if len(named) < len(formula.outputs) and not formula.partial:
        raise Unknown(f"no row defines {', '.join(o for o in formula.outputs if o not in named)}")
    for output, (name, place) in named.items():
        result = np.asarray(results[formula.outputs.index(output)])
        if any(d.name == name and d.right.kind == "call" and d.right.value == "argmax" for d in made):
            result = result + program.given.base
        state = formula.entry.chapter == "recurrent" and output in formula.entry.domain
        _compare(program, name, [d for d in made if d.name == name], result, output, place, state=state)


def same_on_all_sides(
    program: Program, rows: Sequence[Node], made: Sequence[Definition], formula: Formula, results: Sequence[Any]
) -> bool:
    """An equation that solves nothing for a name holds for the outputs."""
    if len(rows) > 1 or not made or made[0].name not in ("(mul)", "(expect)") or not formula.solved:
        return False
    names = [f"hat {output}" for output in formula.outputs]
    if any(n.kind == "sym" and n.value not in program.values and n.value not in names for n in walk(rows[0].parts[0])):
        return False
    for output, result in zip(formula.outputs, results, strict=True):
        program.values = {**program.values, f"hat {output}": result}
    first, *others = (program.value(side) for side in rows[0].parts)
    for other in others:
        if not agree(first, other):
            raise Difference(f"the sides differs: {_short(first)}, and {_short(other)}")
    return True


def _compare(
    program: Program, name: str, rows: Sequence[Definition], result: Any, output: str, at: tuple[Any, ...], *,
    state: bool,
) -> None:  # fmt: skip
    left = max(rows, key=lambda row: row.rank).indices
    fixed: list[Any] = []
    for k, part in enumerate(left):
        letters = [n.value for n in walk(part) if plain(n)]
        known = all(letter in program.values for letter in letters)
        if letters and known and all(same(row.indices[k], part) for row in rows):
            fixed.append(program.value(part))
        elif program.of_time(part) and not program.given.timed:
            program.bound = {"t": program.now("t")}
            fixed.append(program.value(part))
            program.bound = {}
        else:
            fixed.append(None)
    fixed = list(at) or fixed
    if program.given.timed and state and plain(left[0]):  # the state after the last step
        fixed[0] = program.given.base + (program.length(left[0].value, rows[0].right) or 1) - 1
    for k, part in enumerate(left):
        if fixed[k] is None and not result.ndim and plain(part) and part.value in program.steps[id(rows[-1])]:
            fixed[k] = program.given.base + (program.length(part.value, rows[-1].right) or 1) - 1
    free = sum(at is None for at in fixed)
    if free > result.ndim:
        fixed = [part.value if at is None else at for part, at in zip(left, fixed, strict=True)]
        free = 0
    node = Node("sym", name, tuple(left), 0, 0)
    result = _fewer(program, name, fixed, free, result, node)
    base = program.given.base
    for place in np.ndindex(result.shape[:free]):
        numbers = iter(place)
        index = tuple(
            _number(program, part, next(numbers) + base) if at is None else at
            for part, at in zip(left, fixed, strict=True)
        )
        said = program.found(name, index, node)
        if not agree(said, result[place]):
            where = f"{output}{list(index) if index else ''}"
            raise Difference(f"{where} differs: {_short(said)}, but it is {_short(result[place])}")


def _number(program: Program, part: Node, at: int) -> Any:
    """What stands in brackets on the left, where it is a multiple of a number that is counted."""
    letters = {n.value for n in walk(part) if plain(n) and n.value not in program.values}
    if plain(part) or len(letters) != 1 or any(n.kind in ("num", "add", "sub") for n in walk(part)):
        return at
    program.bound = {letters.pop(): at}
    found = program.value(part)
    program.bound = {}
    return found


def _fewer(program: Program, name: str, fixed: Sequence[Any], free: int, result: Any, node: Node) -> Any:
    """The result without axes of length 1 that the formula does not number."""
    if not result.size:
        raise Nothing
    base = program.given.base
    index = tuple(_number(program, p, base) if at is None else at for p, at in zip(node.parts, fixed, strict=True))
    first = program.found(name, index, node)
    surplus = result.ndim - free - np.ndim(first)
    for _ in range(surplus):
        lone = [k for k, n in enumerate(result.shape) if n == 1]
        if not lone:
            break
        result = np.squeeze(result, axis=lone[0])
    return result


def agree(said: Any, result: Any) -> bool:
    """Whether two results are the same but for rounding."""
    a, b = np.asarray(said), np.asarray(result)
    if a.ndim == 0 and a == 0:
        a = np.zeros_like(b)  # the sum of nothing has no shape
    if a.shape != b.shape:
        if a.size != b.size or np.squeeze(a).shape != np.squeeze(b).shape:
            return False
        a, b = np.squeeze(a), np.squeeze(b)
    a, b = a.astype(float), b.astype(float)
    scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), 0.01)
    with np.errstate(all="ignore"):
        near = np.abs(a - b) <= DIGITS * scale
    return bool(np.all(near | (a == b) | (np.isnan(a) & np.isnan(b))))


def _short(x: Any) -> str:
    return np.array2string(np.asarray(x), precision=5, threshold=6).replace("\n", "")
