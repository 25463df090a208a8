"""What a wrong line was meant to be is a row that it resembles, of its block's equation or of what the words name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from conformance.notes.agreement import PLACES, agrees, counted_by, transposed
from conformance.notes.change import is_letter
from conformance.notes.context import mentioned, named_by
from conformance.notes.family import left_of, named, namesakes, reading, reading_of, steps_of
from conformance.notes.forms import Stated, stated
from conformance.notes.habits import Habits, habits
from conformance.notes.judging import LEAST, Match, candidates, customary, ease
from conformance.notes.lines import Block, Line
from conformance.notes.match import Leading, by_analogy, leadings
from conformance.notes.notation import affinity
from conformance.notes.places import GRADIENTS, TIME, offset
from conformance.notes.sights import Sight, sight_of
from conformance.notes.slips import complement
from conformance.notes.tokens import Token
from conformance.notes.tree import Node, walk

FAR = 0.45  # a formula of the catalogue that resembles less than this is not what was meant
ABOUT = 0.6  # of an equation's name: so much of it has to stand around what is called wrong
TARGETS = 10
READINGS = 4  # of the names, for one row that may be meant
ROWS = 5  # of one equation
DEAREST = 4.0  # what costs more is another statement, and no repair of this one
NEARBY = 2.2  # what a repair may cost where words nearby name the equation, and no heading does
OVER = 0.6  # how much a line resembles the one row that is left over for it
ALIKE = 0.75  # how much a line resembles one that stands in its block already
STRIDE = 0.2  # how much less likely a reading is that counts steps otherwise than the rest of the block
SLIP = 1.3  # what one slip costs at most
HEADED = 1.35  # what a slip may cost in a line under its equation's own heading


@dataclass(frozen=True)
class Target:
    """A row of the catalogue that may be meant, and how the note's names are read then."""

    stated: Stated
    leading: Leading
    penalty: float
    alone: bool  # whether the row is compared without its block
    node: Node  # the statement as it was read for that
    known: bool = False  # whether the rest of the block says that this row is meant
    about: bool = False  # whether the words around it, or its block, are about the equation
    dearest: float = DEAREST  # what a repair may cost so that anybody believes it
    closed: bool = False  # whether a repair with a letter that the line does not have is not believed
    timed: bool = True  # whether a prime is a step of time
    known_as: Habits = field(default_factory=dict, compare=False)  # how the block writes what the row speaks of

    @property
    def asked(self) -> tuple[object, ...]:
        """All of it by which one search for repairs of a line differs from another."""
        names = tuple(sorted(self.leading.names.items()))
        way = self.alone, self.known, self.about, self.closed, self.timed, tuple(self.known_as.items())
        return self.stated, names, self.penalty, self.dearest, way


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
    left, primed = left_of(line), any(t.text in ("'", r"\prime") for t in line.row)
    called = named_by(line.word)
    for near, row in _meant(line, block, equation):
        if called and row.form.equation not in called:
            continue
        mine = row.form.equation == equation
        about = mentioned(row.form.equation, block.words) >= ABOUT
        most = held is None or held.get(row.form.latex, 0) == max(held.values(), default=-1)
        over = mine and most and _left_over(row, line, left, rows_taken, led)
        again = mine and most and not over and _again(row, line, left, rows_taken, led)
        known = mine and most and (over or again or namesakes(left, named(row.left), led))
        if (not mine and not about and not _telling(line, row)) or (
            not known and line.alike(row) < (LEAST if about else FAR)
        ):
            continue
        score = near + 0.3 * mine + 0.3 * known - (0.25 if (row.form.latex, row.row) in rows_taken else 0)
        score -= 0.8 * (mine and not said <= {r.text for r in row.form.stated})
        score -= mine and not most and max((held or {}).values(), default=0) > 1  # the block is in another form
        for k, (_, sight) in enumerate(line.seen):
            if k == line.timeless and not primed and not (known and _numbered(row.left)):
                continue
            ways = leadings(sight, row, led if mine else None, context)[:3]
            ways += leadings(sight, row, led if mine else None, context, by_place=0.3, loose=True)[:2]
            alone = k > 0 or line.needs_nobody
            for read in ways:
                if line.raw is not None and transposed(line.raw, row, read):
                    continue
                leading = _otherwise(read, left, row, taken) if over and left else _placed(read, line, row)
                leading = _relabelled(_completed(leading, sight, row), row, line, led)
                named_here = {n: o for n, o in reading(leading).items() if n in sight.atoms or n in led}
                if mine and not again and _contradicts(named_here, led, sight_of(row).atoms):
                    continue
                target = Target(
                    row, _unlabelled(leading, sight.atoms), 0.0, alone, sight.node, known, about or mine,
                    timed=k != line.timeless, known_as=known_as if mine else {},
                )  # fmt: skip
                late = mine and any(steps.get(name, s) != s for name, (_, _, s) in leading.names.items())
                likely = score + ease(leading, sight) - STRIDE * late
                scored += [(likely, stepped) for stepped in _stepped(target, line)]
    return [_bounded(target, line, block, equation) for target in _likeliest(scored, equation)]


def _stepped(target: Target, line: Line) -> list[Target]:
    """A target, and the same where what is defined lost its step of time in the slip: it was another one before."""
    names, left, there = target.leading.names, target.node.parts[0], target.stated.left
    if line.raw is None or left.kind != "sym" or left.parts or left.value not in names or there.kind != "sym":
        return [target]
    last = _times(there)
    if not last:
        return [target]
    other, fixed, shift = names[left.value]
    step = last[0] - (*_times(line.raw.parts[0]), 0)[0]
    if step == shift:
        return [target]
    leading = replace(target.leading, names={**names, left.value: (other, fixed, step)}, readers={})
    return [target, replace(target, leading=leading)]


def _times(name: Node) -> list[int]:
    """How far from now the indices of time are that a name has."""
    return [at[1] for part in name.parts if isinstance(part, Node) and (at := offset(part)) and at[0] == TIME]


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


def _placed(leading: Leading, line: Line, row: Stated) -> Leading:
    """A reading of the indices, too, that stand on the left alone: each is the formula's at the same place."""
    mine = counted_by(line.raw) if line.raw is not None else []
    led = {other for other, _, _ in leading.names.values()}
    new = {
        name: (other, (), 0)
        for name, other in zip(mine, row.counted, strict=False) if name not in leading.names and other not in led
    }  # fmt: skip
    alike = len(mine) == len(row.counted)
    return replace(leading, names={**leading.names, **new}, readers={}) if new and alike else leading


def _completed(leading: Leading, sight: Sight, row: Stated) -> Leading:
    """A reading of what a mended statement may have, too: a gradient taken where it should be, a share as a number."""
    led = {leading.names[name][0] for name in sight.atoms if name in leading.names}
    free = [name for name in row.atoms if name not in led]
    rates = [name for name in free if name.startswith(GRADIENTS) and affinity("∇", name) > 0.5]
    new: dict[str, tuple[str, tuple[object, ...], int]] = {}
    if rates and any(n.kind == "gradient" for n in walk(sight.node)):
        new["∇"] = rates[0], (), 0
    stays = [name for name in free if affinity("0.9", name) > 0.5]
    for n in walk(sight.node):
        if stays and n.kind == "num" and isinstance(n.value, float) and 0 < n.value < 1:
            new |= dict.fromkeys((str(n.value), complement(str(n.value))), (stays[0], (), 0))
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
        if label in PLACES and base not in atoms and name in names:
            names.setdefault(base, names[name])
        if name in names and names[name][0].endswith("²"):  # a deviation is a variance once it is squared
            names.setdefault(name.rstrip("²") + "²", names[name])
    return leading if len(names) == len(leading.names) else replace(leading, names=names, readers={})


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
    if (row.form.latex, row.row) not in rows_taken or not left or left in led or line.alike(row) < ALIKE:
        return False
    free = [other for other in row.form.stated if (other.form.latex, other.row) not in rows_taken]
    return all(line.alike(other) < FAR for other in free)


def _otherwise(leading: Leading, left: str, row: Stated, taken: Mapping[int, Match]) -> Leading:
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


def _contradicts(mine: Mapping[str, str], led: Mapping[str, str], theirs: Sequence[str]) -> bool:
    """Whether names are read otherwise than in the rest of the block, or otherwise than their likes are there."""
    if any(led.get(name, other) != other for name, other in mine.items()):
        return True
    taken = set(led.values())
    if any(name not in led and other in taken for name, other in mine.items()):
        return True
    alike = {by_analogy(other, led): other for other in theirs}
    return any(alike.get(name, other) != other for name, other in mine.items())


def _likeliest(scored: list[tuple[float, Target]], equation: str) -> list[Target]:
    """Each target once, the first few of them, with how much less likely it is than the first."""
    scored.sort(key=lambda s: -s[0])
    made: list[Target] = []
    same: set[tuple[object, ...]] = set()
    often: Counter[object] = Counter()
    for score, target in scored:
        penalty = 0.8 * (scored[0][0] - score)
        if penalty >= 1.2 or len(made) >= TARGETS:
            break
        key = target.stated.text, tuple(sorted(target.leading.names.items())), target.alone, target.timed
        row, of = target.stated.text, target.stated.form
        many = often[row] >= READINGS or (often[of.equation] >= ROWS and of.equation != equation)
        if key not in same and not many:
            same.add(key)
            often.update((row, of.equation))
            made.append(replace(target, penalty=penalty))
    return made


def _meant(line: Line, block: Block, equation: str) -> list[tuple[float, Stated]]:
    """The rows that a line may be: those that it resembles, and those of its block's equation."""
    found = candidates(line, block.words, 60)
    if equation:
        near = {id(row) for _, row in found}
        found += [
            (line.alike(row), row)
            for row in stated() if row.form.equation == equation and id(row) not in near and not row.trivial
        ]  # fmt: skip
    return found


def _telling(line: Line, row: Stated, leading: Leading | None = None) -> bool:
    """Whether so much is the same that it is no chance, whatever the words say."""
    if leading is not None and not customary(leading, line.seen[0][1]):
        return False
    return not row.weak and len(line.row) >= 18 and line.alike(row) >= 0.75


def _bounded(target: Target, line: Line, block: Block, equation: str) -> Target:
    """A target with what a repair towards it may cost: more where its block or its section is about it."""
    row, leading, sight = target.stated, target.leading, line.seen[0][1]
    alike = line.alike(row)
    if target.known or (not row.weak and _half_right(target)):
        return target
    closed = False
    said = mentioned(row.form.equation, block.words) >= ABOUT
    if alike < FAR or (row.weak and not customary(leading, sight, 0.55 if said else 0.65)):
        dearest = 0.0
    elif equation and row.form.equation == equation:
        dearest = 2.6
    elif said and customary(leading, sight, 0.5):
        dearest = 1.5 + 1.2 * alike + 0.02 * max(0, len(line.row) - 20)
    else:
        dearest, closed = SLIP if _telling(line, row, leading) else 0.0, True
    dearest = min(dearest, SLIP) if row.weak else dearest
    if line.why and said:  # something is missing in any case
        return replace(target, dearest=DEAREST, closed=False)
    headed = mentioned(row.form.equation, block.title) >= ABOUT and (not row.weak or customary(leading, sight, 0.7))
    if headed and (alike >= FAR or (alike >= LEAST and customary(leading, sight, 0.5))):  # under its own heading
        dearest, closed = max(dearest, HEADED + 0.02 * max(0, len(line.row) - 20)), False
    if said and customary(leading, sight, 0.5):
        named_there = mentioned(row.form.equation, block.title) >= ABOUT
        dearest, closed = max(dearest, DEAREST if named_there else NEARBY), False
    return replace(target, dearest=dearest, closed=closed)


def _half_right(target: Target) -> bool:
    """Whether one of several sides is right, which shows what the others should be."""
    sides = target.node.parts[1:]
    return len(sides) > 1 and any(s.kind != "dots" and agrees(s, target.stated, target.leading) for s in sides)


def believed(target: Target, line: Line, row: Sequence[Token], cost: float) -> bool:
    """Whether a row is what somebody meant who wrote the line, at what it costs to come from one to the other."""
    if target.known:
        return True
    if cost > min(target.dearest, 0.6 + 0.14 * max(len(line.row), len(row))):
        return False
    if not target.closed:
        return True
    new = {t.text for t in row if t.start < 0 and is_letter(t)}
    return new <= {t.text for t in line.row} and _names(line.row) <= _names(row)


def _names(row: Sequence[Token]) -> set[str]:
    """The letters of a row that are no indices."""
    texts = ["", "", *(t.text for t in row)]
    below = [(texts[k], texts[k + 1]) == ("_", "{") or texts[k + 1] == "_" for k in range(len(row))]
    return {t.text for t, hanging in zip(row, below, strict=True) if is_letter(t) and not hanging}
