"""What a wrong line was meant to be is a row that it resembles, of its block's equation or of what the words name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf

from conformance.notes.context import mentioned, named_by
from conformance.notes.dearness import ABOUT, DEAREST, FAR, Target, bounded, telling
from conformance.notes.family import left_of, named, namesakes, reading, reading_of, steps_of
from conformance.notes.fitting import contradicts, mended, otherwise, times
from conformance.notes.forms import Stated, rows_of
from conformance.notes.habits import Habits, habits
from conformance.notes.judging import LEAST, Match, candidates, ease, for_its_change, score_at
from conformance.notes.lines import Block, Line
from conformance.notes.match import Leading, leadings
from conformance.notes.misreading import along_another, as_what_changes, counted_for, exchanged, transposed, unlike
from conformance.notes.notation import exchanged_roles
from conformance.notes.places import GRADIENTS
from conformance.notes.sights import Sight, sight_of
from conformance.notes.tree import Node

TARGETS = 10
WORSE, DEARER = 1.5, 0.8  # so much less likely is no target any more; how much dearer what is as much less likely
READINGS = 4  # of the names, for one row that may be meant
ROWS = 5  # of one equation
OVER = 0.6  # how much a line resembles the one row that is left over for it
ALIKE = 0.75  # how much a line resembles one that stands in its block already
LOOSE = 0.3  # how much it counts where a name stands in a line whose parts may have slipped
BY_ITSELF = 0.3  # how much less likely it is that a line is what it alone tells, where words tell of another
STRIDE = 0.2  # how much less likely a reading is that counts steps otherwise than the rest of the block


def targets(
    line: Line,
    block: Block,
    equation: str,
    taken: Mapping[int, Match],
    context: frozenset[str],
    held: Mapping[str, int] | None = None,
) -> list[Target]:
    """The rows of the catalogue that may be meant, the likeliest first, with how the names are read.

    `held` is how many rows of the block are rows of a form, in any reading.
    """
    led, steps, rows_taken, known_as = _of_the_rest(block, equation, taken)
    said = {w.stated.text for w in taken.values() if w.stated.form.equation == equation}
    scored: list[tuple[float, Target]] = []
    best = -inf
    left, primed = left_of(line), any(t.text in ("'", r"\prime") for t in line.row)
    called = named_by(line.word)
    for near, row in _meant(line, block, equation):
        if called and row.form.equation not in called:
            continue
        if left.startswith("∂") and not named(row.left).startswith(GRADIENTS):
            continue  # how something depends on something is not what it is
        mine = row.form.equation == equation
        about = mentioned(row.form.equation, block.words) >= ABOUT
        most = held is None or held.get(row.form.latex, 0) == max(held.values(), default=-1)
        over = mine and most and _left_over(row, line, left, rows_taken, led)
        again = mine and most and not over and _again(row, line, left, rows_taken, led)
        known = mine and most and (over or again or namesakes(left, named(row.left), led))
        elsewhere = mine and (row.form.latex, row.row) in rows_taken and left and left not in led  # as another line
        if not known and (elsewhere or not _likely(line, row, block, mine=mine, about=about)):
            continue
        score = near + 0.3 * mine + 0.3 * known - (0.25 if (row.form.latex, row.row) in rows_taken else 0)
        score -= 0.8 * (mine and not said <= {r.text for r in row.form.stated})
        score -= mine and not most and max((held or {}).values(), default=0) > 1  # the block is in another form
        for k, sight in enumerate(line.mendable):
            if k == line.timeless and not primed and not (known and _numbered(row.left)):
                continue
            known_names = led if mine else None
            least = best - score - WORSE  # what is read less readily than that is no target beside the best
            by_place = leadings(sight, row, known_names, context, least=score_at(least, sight))
            ways = [(way, ease(way, sight)) for way in _first(by_place, 3, steps if mine else {})]
            least_loosely = score_at(least, sight, LOOSE)
            by_name = leadings(sight, row, known_names, context, by_place=LOOSE, loose=True, least=least_loosely)
            ways += [(way, ease(way, sight, LOOSE)) for way in _first(by_name, 2, steps if mine else {})]
            alone = k > 0 or line.needs_nobody
            for read, eased in ways:
                if _misread(read, line, row, sight, context):
                    continue
                leading = otherwise(read, left, row, taken) if over and left else read
                named_here = {n: o for n, o in reading(leading).items() if n in sight.atoms or n in led}
                if mine and contradicts(named_here, led, () if again else sight_of(row).atoms, again=again):
                    continue
                leading = mended(leading, line, sight, row, led)
                target = Target(
                    row, leading, 0.0, alone, line.as_it_is(sight.node), known, about or mine,
                    timed=k != line.timeless and not (len(block.lines) == 1 and _primed(named_here)),
                    known_as=known_as if mine else {},
                )  # fmt: skip
                late = mine and _late(leading, steps)
                likely = score + eased - STRIDE * late
                scored += [(likely, stepped) for stepped in _stepped(target, line)]
                best = max(best, likely)
    made = [bounded(target, line, block, equation) for target in _likeliest(scored, equation)]
    told = any(target.dearest >= DEAREST for target in made)  # what words tell comes before what resembles it
    return [_beside(target) if told and target.closed and target.dearest else target for target in made]


def _beside(target: Target) -> Target:
    """What a line alone tells, where words tell of another."""
    return replace(target, penalty=target.penalty + BY_ITSELF, dearest=target.dearest + BY_ITSELF)


def _likely(line: Line, row: Stated, block: Block, *, mine: bool, about: bool) -> bool:
    """Whether a line resembles a row so much that it may be meant: less under its name, or where something lacks."""
    headed = about and (line.why or mentioned(row.form.equation, block.title) >= ABOUT)
    return line.alike(row) >= (LEAST if headed else FAR) and (mine or about or telling(line, row))


def _misread(leading: Leading, line: Line, row: Stated, sight: Sight, context: frozenset[str]) -> bool:
    """Whether nobody would read a line so: an index, a slope or a change as another, what is meant as predicted."""
    if line.raw is not None and (transposed(line.raw, row, leading) or along_another(line.raw, leading)):
        return True
    if line.raw is not None and counted_for(line.raw, leading, row):
        return True
    every = reading(leading)
    led = {name: other for name, other in every.items() if name in sight.atoms}
    if exchanged(led) or unlike(led) or as_what_changes(led):
        return True
    return for_its_change(leading, sight, context) or exchanged_roles(every, set(sight.atoms))


def _primed(names: Mapping[str, str]) -> bool:
    """Whether a prime is a part of a name."""
    return any(name.endswith("'") for name in names)


def _late(leading: Leading, steps: Mapping[str, int]) -> bool:
    """Whether a reading counts steps otherwise than the rest of a block."""
    return any(steps.get(name, shift) != shift for name, (_, _, shift) in leading.names.items())


def _first(ways: Sequence[Leading], count: int, steps: Mapping[str, int]) -> list[Leading]:
    """The likeliest readings, and of the others the likeliest that count steps as the rest of a block does."""
    in_step = [way for way in ways[count:] if steps and not _late(way, steps)]
    return [*ways[:count], *in_step[:count]]


def _stepped(target: Target, line: Line) -> list[Target]:
    """A target, and the same where what is defined lost its step of time in the slip: it was another one before."""
    names, left, there = target.leading.names, target.node.parts[0], target.stated.left
    if line.raw is None or left.kind != "sym" or left.value not in names or there.kind != "sym":
        return [target]
    if left.parts and not target.known:
        return [target]
    last = times(there)
    if not last:
        return [target]
    other, fixed, shift = names[left.value]
    step = last[0] - (*times(line.raw.parts[0]), 0)[0]
    if step == shift:
        return [target]
    leading = replace(target.leading, names={**names, left.value: (other, fixed, step)}, readers={})
    return [target, replace(target, leading=leading)]


def _of_the_rest(
    block: Block, equation: str, taken: Mapping[int, Match]
) -> tuple[dict[str, str], dict[str, int], set[tuple[str, int]], Habits]:
    """How the rows of the block's equation read their names and count their steps, which they are, how they write."""
    led: dict[str, str] = {}
    rows_taken: set[tuple[str, int]] = set()
    known_as: Habits = {}
    steps: dict[str, int] = {}
    for other in block.lines:
        way = taken.get(id(other))
        if way is not None and way.stated.form.equation == equation:
            led |= reading_of(way)
            steps |= steps_of(way)
            rows_taken.add((way.stated.form.latex, way.stated.row))
            known_as = habits(way.node, other.row, way.stated, way.leading) | known_as
    return led, steps, rows_taken, known_as


def _numbered(left: Node) -> bool:
    """Whether what a row defines is one of several by its number, and so nothing that changes with time."""
    return left.kind == "sym" and bool(left.parts) and all(p.kind == "num" for p in left.parts)


def _left_over(
    row: Stated, line: Line, left: str, rows_taken: set[tuple[str, int]], led: Mapping[str, str]
) -> bool:
    """Whether no other line is this row of the block's form, and what the line defines another line defines."""
    form, taken = row.form, {number for latex, number in rows_taken if latex == row.form.latex}
    if not taken or row.row in taken or line.alike(row) < OVER:
        return False
    last = all(other.row in taken for other in form.stated if other.row != row.row)
    return (
        not left
        or (last and left in led)
        or any(namesakes(left, named(other.left), led) for other in form.stated if other.row in taken)
    )


def _again(row: Stated, line: Line, left: str, rows_taken: set[tuple[str, int]], led: Mapping[str, str]) -> bool:
    """Whether a row that stands in the block for one quantity stands there for another, too."""
    least = ALIKE if len(row.form.stated) > 1 else LEAST  # one row stands there for one weight after the other
    if (row.form.latex, row.row) not in rows_taken or not left or left in led or line.alike(row) < least:
        return False
    free = [other for other in row.form.stated if (other.form.latex, other.row) not in rows_taken]
    return all(line.alike(other) < FAR for other in free)


def _likeliest(scored: list[tuple[float, Target]], equation: str) -> list[Target]:
    """Each target once, the first few of them, with how much less likely it is than the first."""
    scored.sort(key=lambda s: -s[0])
    made: list[Target] = []
    same: set[tuple[object, ...]] = set()
    often: Counter[object] = Counter()
    for score, target in scored:
        worse = scored[0][0] - score
        if worse >= WORSE or len(made) >= TARGETS:
            break
        row, of = target.stated.says, target.stated.form
        key = of.equation, of.dialect, row, tuple(sorted(target.leading.names.items())), target.alone, target.timed
        many = often[row] >= READINGS or (often[of.equation] >= ROWS and of.equation != equation)
        if key not in same and not many:
            same.add(key)
            often.update((row, of.equation))
            made.append(replace(target, penalty=DEARER * worse))
    return made


def _meant(line: Line, block: Block, equation: str) -> list[tuple[float, Stated]]:
    """The rows that a line may be: those that it resembles, and those of its block's equation."""
    found = candidates(line, block.words, 24)
    if equation:
        near = {id(row) for _, row in found}
        found += [
            (line.alike(row), row)
            for row in rows_of(equation) if id(row) not in near and not row.trivial
        ]  # fmt: skip
    return found
