"""A note is one more implementation: what it states is held against the catalogue, in numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from conformance.notes.context import mentioned
from conformance.notes.counterexamples import counterexample
from conformance.notes.edits import is_letter
from conformance.notes.forms import Stated, atoms, numbered_name, stated
from conformance.notes.judging import LEAST, Match, candidates, chosen, customary, ease, families, matches, spoken_of
from conformance.notes.lines import Block, Line, block_of
from conformance.notes.match import Leading, leadings, resemblance
from conformance.notes.model import Edit, Finding, Piece
from conformance.notes.notation import affinity
from conformance.notes.patching import edits
from conformance.notes.repair import Repair, Target, repairs
from conformance.notes.tree import Node

FAR = 0.45  # a formula of the catalogue that resembles less than this is not what was meant
TARGETS = 10
READINGS = 3  # of the names, for one row that may be meant
ROWS = 5  # of one equation
ABOUT = 0.6  # of an equation's name: so much of it has to stand around what is called wrong


def judged(text: str, pieces: Sequence[Piece]) -> list[Finding]:
    """What is known about each statement of a note, in its order."""
    found: list[Finding] = []
    seen: dict[tuple[str, str], tuple[int, list[Finding]]] = {}
    for piece in pieces:
        key = (piece.text, " ".join((*piece.headings[-2:], piece.before[-200:], piece.after[:200])))
        if key not in seen:
            seen[key] = piece.start, list(_judged(text, piece))
        origin, known = seen[key]
        found += [_moved(f, piece.start - origin) for f in known]
    return found


def _moved(finding: Finding, by: int) -> Finding:
    def shifted(some: tuple[Edit, ...]) -> tuple[Edit, ...]:
        return tuple(Edit(e.start + by, e.end + by, e.text) for e in some)

    return replace(
        finding, start=finding.start + by, end=finding.end + by, edits=shifted(finding.edits),
        choices=tuple(shifted(c) for c in finding.choices),
    )  # fmt: skip


def _judged(text: str, piece: Piece) -> Iterator[Finding]:
    block = block_of(piece)
    stating = [line for line in block.lines if line.states]
    context = frozenset(name for line in stating for node in line.versions for name in atoms(node))
    found = [(line, matches(line, block.words, context)) for line in stating]
    equation, taken = _family(found, block, context)
    for line in block.lines:
        if line.raw is None:
            yield Finding(line.start, line.end, "no opinion", f"it cannot be read: {line.why}")
        elif not line.states:
            yield Finding(line.start, line.end, "no opinion", "it does not say that something equals something")
        elif (way := taken.get(id(line))) is not None:
            yield _right(line, way)
        else:
            yield _wrong(text, block, line, stating, equation, taken, context)


def _family(
    found: Sequence[tuple[Line, list[Match]]], block: Block, context: frozenset[str]
) -> tuple[str, dict[int, Match]]:
    """The equation under which most of a block is right, and how."""
    best: tuple[float, str, dict[int, Match]] = (-1.0, "", {})
    for place, equation in enumerate(families(block, found)[:5]):
        taken = _consistent(found, equation, block, context)
        mine = [w for w in taken.values() if w.stated.form.equation == equation]
        if not any(spoken_of(w, block.words) for w in mine):
            mine = []
            taken = {key: w for key, w in taken.items() if w.stated.form.equation != equation}
        score = len(mine) + 0.2 * len(taken) + 0.3 * mentioned(equation, block.words) - 0.05 * place
        if score > best[0] + 1e-9:
            best = score, equation, taken
        if len(mine) == len(found):
            break
    return best[1], best[2]


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
        again_of = _again(way, taken)
        if way.stated.form.equation == equation and not _fits(way, led, another=again_of):
            again = [
                w
                for w in matches(line, block.words, context, led)
                if w.stated.form.equation == equation and _fits(w, led)
            ]
            if not again:
                continue  # it would need another reading than the rest of its block
            way = again[0]
        if way.stated.form.equation == equation:
            led |= _reading(way)
        taken[id(line)] = way
    return taken


def _of_the_family(line: Line, equation: str, taken: Mapping[int, Match], led: Mapping[str, str]) -> bool:
    left = _left(line)
    forms = {id(w.stated.form): w.stated.form for w in taken.values() if w.stated.form.equation == equation}
    return any(_namesakes(left, _named(row.left), led) for form in forms.values() for row in form.stated)


def _again(way: Match, taken: Mapping[int, Match]) -> bool:
    """Whether a row stands a second time, about another quantity: one that no row of the form has a name for."""
    twice = any(way.stated.row == t.stated.row and way.stated.form is t.stated.form for t in taken.values())
    left = way.node.parts[0]
    return twice and not (left.kind == "sym" and left.value in {str(r.left.value) for r in way.stated.form.stated})


def _reading(way: Match) -> dict[str, str]:
    return {name: other + "".join(f"_{i}" for i in fixed) for name, (other, fixed, _) in way.leading.names.items()}


def _fits(way: Match, led: Mapping[str, str], *, another: bool = False) -> bool:
    """Whether a reading is that of the rest of the block; the same row again is about other names."""
    mine = _reading(way)
    if another:
        return True
    back = {other: name for name, other in led.items()}
    return all(led.get(name, other) == other and back.get(other, name) == name for name, other in mine.items())


def _right(line: Line, way: Match) -> Finding:
    form = way.stated.form
    if form.lacks:
        return Finding(line.start, line.end, "incomplete", form.lacks, form.equation, form.dialect)
    if form.dialect:
        return Finding(
            line.start,
            line.end,
            "dialect",
            f"it is {form.equation} in the dialect {form.dialect!r}",
            form.equation,
            form.dialect,
        )
    return Finding(line.start, line.end, "right", f"it is {form.equation}", form.equation)


def _wrong(
    text: str,
    block: Block,
    line: Line,
    stating: Sequence[Line],
    equation: str,
    taken: Mapping[int, Match],
    context: frozenset[str],
) -> Finding:
    """What the line should be, if it is known what it is meant to be; no opinion otherwise."""
    family_known = any(w.stated.form.equation == equation for w in taken.values())
    targets = _targets(line, block, equation if family_known else "", taken, context)
    at = next(k for k, other in enumerate(stating) if other is line)
    others = [other.raw for other in stating if other is not line and other.raw is not None]
    rest = [other.row for other in stating if other is not line]
    best = repairs(line, others, at, targets, rest=rest) if targets else []
    if not best or not _credible(best[0], line, block, equation if family_known else ""):
        return Finding(line.start, line.end, "no opinion", "it is no equation of the catalogue")
    first = best[0]
    form = first.target.stated.form
    shown = counterexample(first.target.node, first.target.stated, first.target.leading)
    name = form.equation + (f" in the dialect {form.dialect!r}" if form.dialect else "")
    ways = _distinct(tuple(edits(line.row, repair.change, text) for repair in best))
    if len(ways) > 1:
        return Finding(
            line.start,
            line.end,
            "wrong",
            f"it is not {name}; several repairs are equally small",
            form.equation,
            form.dialect,
            counterexample=shown,
            choices=ways,
        )
    return Finding(
        line.start,
        line.end,
        "wrong",
        f"it is not {name}",
        form.equation,
        form.dialect,
        counterexample=shown,
        edits=ways[0],
    )


def _distinct(ways: tuple[tuple[Edit, ...], ...]) -> tuple[tuple[Edit, ...], ...]:
    return tuple(dict.fromkeys(ways))


def _targets(
    line: Line, block: Block, equation: str, taken: Mapping[int, Match], context: frozenset[str]
) -> list[Target]:
    """The rows of the catalogue that may be meant, the likeliest first, with how the names are read."""
    led: dict[str, str] = {}
    rows_taken: set[tuple[str, int]] = set()
    for way in taken.values():
        if way.stated.form.equation == equation:
            led |= _reading(way)
            rows_taken.add((way.stated.form.latex, way.stated.row))
    scored: list[tuple[float, Target]] = []
    left, primed = _left(line), any(t.text in ("'", r"\prime") for t in line.row)
    for near, row in _meant(line, block, equation):
        mine = row.form.equation == equation
        about = mentioned(row.form.equation, block.words) >= ABOUT
        known = (
            mine
            and _namesakes(left, _named(row.left), led)
            and any(row.form.latex == latex for latex, _ in rows_taken)
        )
        if not mine and mentioned(row.form.equation, block.words) < ABOUT and not _telling(line, row):
            continue
        alike = max(resemblance(shape, row.shape) for shape, _ in line.seen)
        if not known and alike < (LEAST if about else FAR):
            continue
        score = near + 0.3 * mine + 0.3 * known - (0.25 if (row.form.latex, row.row) in rows_taken else 0)
        for k, (_, sight) in enumerate(line.seen):
            ways = leadings(sight, row, led if mine else None, context)[:3]
            ways += leadings(sight, row, led if mine else None, context, by_place=0.3, loose=True)[:2]
            for leading in ways:
                alone = k > 0 or line.needs_nobody
                if k == line.timeless and not primed:
                    continue
                timed = k != line.timeless
                target = Target(row, leading, 0.0, alone, sight.node, known, about or mine, timed)
                scored.append((score + ease(leading, sight), target))
    scored.sort(key=lambda s: -s[0])
    if not scored:
        return []
    top = scored[0][0]
    made: list[Target] = []
    same: set[str] = set()
    often: Counter[tuple[str, int]] = Counter()
    for score, target in scored:
        key = f"{target.stated.node!r}{sorted(target.leading.names.items())}{target.alone}"
        key = re.sub(r", \d+, \d+\)", ")", key)
        row_of = target.stated.form.latex, target.stated.row
        of = target.stated.form.equation, -1
        if key in same or len(made) >= TARGETS or often[row_of] >= READINGS or (
            often[of] >= ROWS and of[0] != equation
        ):
            continue
        same.add(key)
        often.update((row_of, of))
        penalty = 0.8 * (top - score)
        if penalty < 1.2:
            made.append(replace(target, penalty=penalty))
    return made


def _meant(line: Line, block: Block, equation: str) -> list[tuple[float, Stated]]:
    """The rows that a line may be: those that it resembles, and those of its block's equation."""
    found = candidates(line, block.words, 60)
    if equation:
        near = {id(row) for _, row in found}
        found += [
            (max(resemblance(shape, row.shape) for shape, _ in line.seen), row)
            for row in stated() if row.form.equation == equation and id(row) not in near and not row.trivial
        ]  # fmt: skip
    return found


def _namesakes(name: str, other: str, led: Mapping[str, str]) -> bool:
    """Whether a name of a note is that of a formula: as the block has it, or as people write it."""
    if not name or not other:
        return False
    if name in led or other in led.values():
        return led.get(name) == other
    return affinity(name, other) >= 0.6


def _left(line: Line) -> str:
    return _named(line.versions[0].parts[0])


def _named(left: Node) -> str:
    if left.kind != "sym":
        return ""
    return numbered_name(left) if left.parts and all(p.kind == "num" for p in left.parts) else str(left.value)


def _telling(line: Line, row: Stated, leading: Leading | None = None) -> bool:
    """Whether so much is the same that it is no chance, whatever the words say."""
    if leading is not None and not customary(leading, line.seen[0][1]):
        return False
    return not row.weak and len(line.row) >= 18 and max(resemblance(shape, row.shape) for shape, _ in line.seen) >= 0.75


def _credible(repair: Repair, line: Line, block: Block, equation: str) -> bool:
    """Whether the equation is what was meant: its block or its section is about it, or nearly all is the same."""
    row = repair.target.stated
    if any(
        "." in token.text and not any("." in text for text in new)
        for first, last, new in repair.change.parts for token in line.row[first:last]
    ):  # fmt: skip
        return False  # a number that somebody chose is no slip
    alike = max(resemblance(shape, row.shape) for shape, _ in line.seen)
    if repair.target.known:
        return True
    headed = mentioned(row.form.equation, " ".join(block.piece.headings[-2:])) >= ABOUT
    if headed and alike >= LEAST and repair.cost <= 1.35 + 0.02 * max(0, len(line.row) - 20):
        return True  # it stands under its own heading
    if row.weak and (repair.cost > 1.3 or not customary(repair.target.leading, line.seen[0][1])):
        return False
    if alike < FAR or repair.cost > 0.4 + 0.11 * max(len(line.row), len(repair.row)):
        return False
    if equation and row.form.equation == equation:
        return repair.cost <= 2.6
    if mentioned(row.form.equation, block.words) >= ABOUT and customary(repair.target.leading, line.seen[0][1], 0.5):
        return repair.cost <= 1.5 + 1.2 * alike + 0.02 * max(0, len(line.row) - 20)
    written = {t.text for t in line.row}
    new = {t.text for t in repair.row if t.start < 0 and is_letter(t)}
    return new <= written and _telling(line, row, repair.target.leading) and repair.cost <= 1.3


__all__ = ["Stated", "affinity", "judged"]
