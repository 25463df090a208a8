"""The rows of a block are about one equation, and one reading of their names fits all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from conformance.notes.context import mentioned
from conformance.notes.forms import numbered_name, rows_of
from conformance.notes.judging import Match, chosen, families, matches, spoken_of
from conformance.notes.lines import Block, Line
from conformance.notes.match import Leading
from conformance.notes.notation import affinity
from conformance.notes.tree import Node, walk

NEARER = 0.19  # what it counts that wrong lines resemble rows that are left over: less than one line more that is right


def family(
    found: Sequence[tuple[Line, list[Match]]], block: Block, context: frozenset[str]
) -> tuple[str, dict[int, Match]]:
    """The equation under which most of a block is right, and how."""
    best: tuple[float, str, dict[int, Match]] = (-1.0, "", {})
    for place, equation in enumerate(families(block, found)[:5]):
        taken = _consistent(found, equation, block, context)
        mine = [w for w in taken.values() if w.stated.form.equation == equation]
        rows = {w.stated.text for w in mine}
        if not any(spoken_of(w, block.words) for w in mine) and not (len(rows) == len(found) > 1):
            mine = []
            taken = {key: w for key, w in taken.items() if w.stated.form.equation != equation}
        said = 0.3 * mentioned(equation, block.words) + 0.4 * (mentioned(equation, block.title) == 1)
        score = len(mine) + 0.2 * len(taken) + said - 0.05 * place + NEARER * _nearness(found, mine, taken)
        if score > best[0] + 1e-9:
            best = score, equation, taken
        if len(mine) == len(found):
            break
    return best[1], best[2]


def kin(
    found: Sequence[tuple[Line, list[Match]]], equation: str, held: int, block: Block, context: frozenset[str]
) -> list[tuple[str, dict[int, Match]]]:
    """Other equations under which as much of a block is right, and how: they share the rows that are right."""
    ways = [
        (other, _consistent(found, other, block, context)) for other in families(block, found)[:5] if other != equation
    ]
    return [
        (other, taken) for other, taken in ways
        if sum(w.stated.form.equation == other for w in taken.values()) == held
    ]  # fmt: skip


def _nearness(found: Sequence[tuple[Line, list[Match]]], mine: Sequence[Match], taken: Mapping[int, Match]) -> float:
    """How much the lines that are not right resemble rows that are left over for them."""
    used = {w.stated.text for w in mine}
    equations = {w.stated.form.equation for w in mine}
    rows = [row for equation in sorted(equations) for row in rows_of(equation)]
    forms = {id(r.form): r.form for r in rows if r.text in used}.values()
    free = [row for form in forms for row in form.stated if row.text not in used]
    astray = [line for line, _ in found if id(line) not in taken]
    return sum(max((line.alike(row) for row in free), default=0.0) for line in astray) / max(1, len(astray))


def _consistent(
    found: Sequence[tuple[Line, list[Match]]], equation: str, block: Block, context: frozenset[str]
) -> dict[int, Match]:
    """For each line the way in which it is right, where one reading of the names fits all of them."""
    dialects: dict[str, float] = {}
    for _, ways in found:
        for name in {w.stated.form.dialect for w in ways if w.stated.form.equation == equation}:
            dialects[name] = dialects.get(name, 0.0) + 0.5
    taken: dict[int, Match] = {}
    led: dict[str, str] = {}
    steps: dict[str, int] = {}
    order = sorted(
        (f for f in found if f[1]),
        key=lambda f: (all(w.stated.form.equation != equation for w in f[1]), -f[1][0].score),
    )
    for line, ways in order:
        way = chosen(
            [w for w in ways if w.stated.form.equation == equation or spoken_of(w, block.words)], equation, dialects
        )
        if way is None:
            continue
        if way.stated.form.equation != equation and _of_the_family(line, equation, taken, led):
            continue  # what it defines is what a row of its block's equation defines
        if way.stated.form.equation != equation and _displaces(way, led):
            continue
        again_of = _again(way, taken)
        if way.stated.form.equation == equation and not (
            _fits(way, led, another=again_of) and in_step(way, steps)
        ):
            again = [
                w
                for w in matches(line, block.words, context, led)
                if w.stated.form.equation == equation and _fits(w, led) and in_step(w, steps)
            ]
            if not again:
                continue  # it would need another reading than the rest of its block
            way = again[0]
        if way.stated.form.equation == equation:
            led |= reading_of(way)
            steps |= steps_of(way)
        taken[id(line)] = way
    return _of_one_dialect(found, equation, taken, led)


def _of_one_dialect(
    found: Sequence[tuple[Line, list[Match]]], equation: str, taken: dict[int, Match], led: Mapping[str, str]
) -> dict[int, Match]:
    """Without the lines that are right in another dialect than most, where that one says otherwise."""
    mine = [
        (line, {w.stated.form.dialect for w in ways if w.stated.form.equation == equation})
        for line, ways in found if id(line) in taken and taken[id(line)].stated.form.equation == equation
    ]  # fmt: skip
    counts = Counter(name for _, some in mine for name in some)
    if not counts or max(counts.values()) == len(mine):
        return taken
    every = rows_of(equation)
    out: dict[str, list[int]] = {}
    for dialect in counts:
        rows = [row for row in every if row.form.dialect == dialect]
        out[dialect] = []
        for line, some in mine:
            theirs = {row.text for row in every if row.form.dialect in some}
            against = (row for row in rows if row.text not in theirs and namesakes(left_of(line), named(row.left), led))
            if dialect not in some and any(against):
                out[dialect].append(id(line))
    for line_of in min(out.values(), key=len):
        del taken[line_of]
    return taken


def _of_the_family(line: Line, equation: str, taken: Mapping[int, Match], led: Mapping[str, str]) -> bool:
    left = left_of(line)
    forms = {id(w.stated.form): w.stated.form for w in taken.values() if w.stated.form.equation == equation}
    return any(namesakes(left, named(row.left), led) for form in forms.values() for row in form.stated)


def _displaces(way: Match, led: Mapping[str, str]) -> bool:
    """Whether a name takes the place of another that the block has there, or has a place of its own in it."""
    own = {name for name, other in led.items() if name == other}
    return any(name != other and (name in own or other in own) for name, other in reading_of(way).items())


def _again(way: Match, taken: Mapping[int, Match]) -> bool:
    """Whether a row stands a second time, about another quantity: one that no row of the form has a name for."""
    twice = any(way.stated.row == t.stated.row and way.stated.form is t.stated.form for t in taken.values())
    left = way.node.parts[0]
    return twice and not (left.kind == "sym" and left.value in {str(r.left.value) for r in way.stated.form.stated})


def steps_of(way: Match) -> dict[str, int]:
    """How many steps the note counts each of its names later than the formula does, of those that are counted here."""
    counted = {
        n.value for n in walk(way.node) if n.kind == "sym" for p in n.parts
        if any(m.kind == "sym" and m.value == way.leading.time for m in walk(p))
    }  # fmt: skip
    return {name: shift for name, (_, _, shift) in way.leading.names.items() if name in counted}


def in_step(way: Match, steps: Mapping[str, int]) -> bool:
    """Whether a line counts the steps of its names as the lines before it do."""
    return all(steps.get(name, shift) == shift for name, shift in steps_of(way).items())


def reading_of(way: Match) -> dict[str, str]:
    return reading(way.leading)


def reading(leading: Leading) -> dict[str, str]:
    """Which name of a note is which of a formula."""
    return {name: other + "".join(f"_{i}" for i in fixed) for name, (other, fixed, _) in leading.names.items()}


def _fits(way: Match, led: Mapping[str, str], *, another: bool = False) -> bool:
    """Whether a reading is that of the rest of the block; the same row again is about other names."""
    mine = reading_of(way)
    if another:
        return all(led.get(name, other) == other for name, other in mine.items())
    back = {other: name for name, other in led.items()}
    return all(led.get(name, other) == other and back.get(other, name) == name for name, other in mine.items())


def namesakes(name: str, other: str, led: Mapping[str, str]) -> bool:
    """Whether a name of a note is that of a formula: as the block has it, or as people write it."""
    if not name or not other:
        return False
    if name in led or other in led.values():
        return led.get(name) == other
    return affinity(name, other) >= 0.6


def left_of(line: Line) -> str:
    """The name of what a line defines; one that has a number keeps it, whatever stands on the right."""
    left = line.raw.parts[0] if line.raw is not None and line.raw.kind == "rel" else line.versions[0].parts[0]
    numbered = left.kind == "sym" and left.parts and all(p.kind == "num" for p in left.parts)
    return named(left if numbered else line.versions[0].parts[0])


def named(left: Node) -> str:
    if left.kind != "sym":
        return ""
    return numbered_name(left) if left.parts and all(p.kind == "num" for p in left.parts) else str(left.value)
