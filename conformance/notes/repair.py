"""The repair of a statement is the smallest change after which it is right."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from conformance.notes.agreement import agrees, by_its_sign, in_other_words, same_left
from conformance.notes.believing import believable, names, renames
from conformance.notes.borrowing import brackets_again
from conformance.notes.change import Change, is_letter, written
from conformance.notes.cursor import Known
from conformance.notes.dearness import CONFIRMED, DEAREST, NEARLY, Target
from conformance.notes.judging import holds
from conformance.notes.lateness import fit, late
from conformance.notes.lines import Line, hollow, in_step, odd
from conformance.notes.misreading import misplaced
from conformance.notes.normal import normal
from conformance.notes.offers import led, offered
from conformance.notes.order import turned
from conformance.notes.pairing import pairs
from conformance.notes.parse import parse
from conformance.notes.shadows import doubly_meant, shadowed
from conformance.notes.tokens import CLOSE, OPEN, Token
from conformance.notes.tree import Node, Unreadable, same, unordered, walk
from conformance.notes.values import Evaluator
from conformance.notes.vocabulary import RELATIONS

WORK = 150_000  # values of parts of formulas, and signs read: the same on every machine, for one statement
GUIDED = 60_000  # as much for what leads to a form of the catalogue
PAIRS = 15_000  # as much for two slips in one statement, of which there are thousands and few are believed
SEVERAL, FEW = 7, 3  # forms that a line may be meant to be; the fewer where nothing says what it is about
VAGUE = 40  # where neither its block nor a heading says what a line is about: a part of that work
LONE, RESEMBLING = 4, 0.9  # a larger part of it for what resembles a form so much that it says so itself
READING = 1  # a sign is read in the time of so many values
LEAST = 0.65  # what the smallest change costs
OTHERWISE = 0.3  # what it costs that another thing is defined, where what is said could be mended
LOSES = 0.6  # what it costs that a name is nowhere any more
OPENED, CLOSED = {*OPEN, r"\begin"}, {*CLOSE, r"\end"}
TIE = 0.04  # costs nearer than that are equal


@dataclass(frozen=True)
class Repair:
    """A change that makes a statement right."""

    change: Change
    target: Target
    row: tuple[Token, ...]
    node: Node
    cost: float


def repairs(
    line: Line, others: Sequence[Node], at: int, targets: Sequence[Target], rest: Sequence[Sequence[Token]] = ()
) -> list[Repair]:
    """The smallest changes that make a line right: one if it is certain, several if they are equally small."""
    search = Search(line, others, at, targets, rest)
    if search.most < LEAST:
        return []
    targets = [trial.target for trial in search.tried if trial.target.dearest >= LEAST]
    sure = any(target.known or target.dearest >= DEAREST for target in targets)
    targets = targets[: SEVERAL if sure else FEW]
    near = [line.alike(target.stated) for target in targets]
    if not sure and max(near, default=0.0) < NEARLY and not any(target.headed for target in targets):
        return []
    readable = line.raw if not line.why else None
    if odd(line.row, rest) or (readable is not None and (shadowed(readable) or late(readable, others))):
        search.otherwise = -TIE * 2
    blind, guided, goals = offered(line.row, targets, [line.filled, *rest] if line.filled else rest)
    blind += list(brackets_again(line.row, rest))
    part = 1 if sure else LONE if near[:1] >= [RESEMBLING] else VAGUE
    guided.sort(key=lambda change: (not change.arrives, change.cost))
    search.through(guided, GUIDED // part)  # what it finds bounds what is sought
    search.through(sorted(blind, key=lambda change: change.cost), WORK // part)
    wrong = search.tried[0].wrong
    every = [c for c in (*guided, *blind) if search.side(c) in wrong | {0}]
    if search.limit >= 2 * LEAST and (sure or max(near, default=0.0) >= CONFIRMED):
        search.through(led(line, targets, rest, blind, goals, search.limit), PAIRS)
    if sure and every and search.limit >= 2 * LEAST:
        for some in pairs(every, line.row, goals, search.limit):
            search.through(some, PAIRS)
    different = {unordered(repair.node): repair for repair in reversed(search.found)}  # what says the same is said once
    return sorted(different.values(), key=lambda repair: repair.cost)


class Search:
    """What was found so far, and what it cost to look for it."""

    def __init__(
        self, line: Line, others: Sequence[Node], at: int, targets: Sequence[Target], rest: Sequence[Sequence[Token]]
    ) -> None:
        self.row, self.others, self.at, self.usual = line.row, others, at, line.usual
        self.rest, self.amiss, self.hollow = rest, line.amiss, line.hollow
        self.apart = line.apart is not None
        self.fit = fit(line.raw, others) if line.raw is not None and not line.why else 0
        self.tried = [t for t in map(Tried, targets) if line.amiss or not t.right or t.misread(line.raw)]
        self.cuts = _cuts(line.row)
        self.most = max((t.target.dearest for t in self.tried), default=0.0)
        self.known: Known = {}
        self.otherwise = OTHERWISE
        self.seen: dict[tuple[str, ...], Repair | None] = {}
        self.found: list[Repair] = []

    def side(self, change: Change) -> int:
        """The side of the statement in which a change begins."""
        return bisect(self.cuts, change.parts[0][0])

    @property
    def limit(self) -> float:
        """What a change may cost to be of use: as much as the best, or as much as anybody believes."""
        return min(self.most, self.found[0].cost + TIE) if self.found else self.most

    def through(self, changes: Iterable[Change], work: int) -> None:
        """Try changes, the likeliest first, until so much work is done."""
        began, read = Evaluator.spent, 0
        for change in changes:
            if Evaluator.spent - began + READING * read > work:
                break
            limit = self.limit
            if change.cost > limit:
                continue
            touched = {bisect(self.cuts, first) for first, _, _ in change.parts}
            able = [
                t for t in self.tried
                if (t.amiss <= touched or 0 in touched)
                and change.cost + t.target.penalty <= min(limit, t.target.dearest)
            ]  # fmt: skip
            if not able:
                continue
            row = change.applied(self.row)
            key = tuple([t.text for t in row])
            if key in self.seen:
                self._cheaper(self.seen[key], change)
                continue
            self.seen[key] = None
            read += len(row)
            made = self._right(row, able, touched)
            if made is not None and self._believable(change, row):
                target, node = made
                cost = change.cost + target.penalty + (self.otherwise if touched == {0} else 0.0)
                cost += LOSES * self._loses(row)
                self.seen[key] = Repair(change, target, tuple(row), node, cost)
                self._keep(self.seen[key])

    def _believable(self, change: Change, row: Sequence[Token]) -> bool:
        """Whether somebody may have slipped so far."""
        named = any(is_letter(written(text)) for _, _, new in change.parts for text in new)
        if self.hollow and (not named or hollow(row)):
            return False  # what is missing beside a 1 has a name
        if not self.amiss and renames(change, self.row, row, self.rest):
            return False
        return believable(change, self.row, row, self.rest)

    def _loses(self, row: Sequence[Token]) -> int:
        """How many names fewer there are."""
        before, after = names([t.text for t in self.row]), names([t.text for t in row])
        return max(0, len(before - after) - len(after - before))

    def _right(self, row: Sequence[Token], able: Sequence[Tried], touched: set[int]) -> tuple[Target, Node] | None:
        """The target that a row is, if it is one, and its tree."""
        try:
            raw = parse(row, self.known)
        except Unreadable:
            return None
        if not _sound(raw) or (0 in touched and doubly_meant(raw)) or turned(raw, self.usual):
            return None
        if self.fit and 0 in touched and fit(raw, self.others) < self.fit:
            return None
        if self.apart and not in_step(raw, self.others):
            able = [trial for trial in able if not trial.target.alone]
        return _right(raw, self.others, self.at, able, touched)

    def _cheaper(self, known: Repair | None, change: Change) -> None:
        """The same row by a smaller change is a smaller repair."""
        if known is not None and change.cost + known.target.penalty < known.cost:
            self.found = [r for r in self.found if r.row != known.row]
            self._keep(replace(known, change=change, cost=change.cost + known.target.penalty))

    def _keep(self, repair: Repair | None) -> None:
        """The smallest repairs are kept, and those that are as small."""
        if repair is not None:
            every = sorted([*self.found, repair], key=lambda r: r.cost)
            self.found = [r for r in every if r.cost <= every[0].cost + TIE]


class Tried:
    """A target, which sides of the statement do not agree with it as they are, and which have to be changed."""

    def __init__(self, target: Target) -> None:
        self.target = target
        node = target.node
        row, leading = target.stated, target.leading
        self.wrong = {
            k for k, side in enumerate(node.parts)
            if k and not agrees(side, row, leading) and not in_other_words(side, node, leading)
        }  # fmt: skip
        if node.parts[0].kind not in ("sym", "apply", "mul", "add") and not same_left(node, row, leading):
            self.wrong.add(0)
        spelled_out = {k for k in self.wrong if not by_its_sign(node.parts[k])}  # a sign is right where those are
        self.amiss = spelled_out or self.wrong

    @property
    def right(self) -> bool:
        """Whether nothing would have to be changed."""
        return not self.wrong and holds(self.target.node, self.target.stated, self.target.leading)

    def misread(self, raw: Node | None) -> bool:
        """Whether nobody would read the statement so."""
        return raw is not None and misplaced(raw, self.target.stated, self.target.leading)


def _cuts(row: Sequence[Token]) -> list[int]:
    """Where the signs between the sides stand."""
    depth = 0
    found = []
    for k, token in enumerate(row):
        depth += (token.text in OPENED) - (token.text in CLOSED)
        if depth == 0 and token.text in RELATIONS:
            found.append(k)
    return found


def _sound(raw: Node) -> bool:
    """Whether a row says of something what it is, and no letter in it means two things."""
    states = raw.kind == "rel" and len(raw.parts) > 1 and not _by_itself(raw)
    return states and not shadowed(raw) and not any(_of_one(n) or _cancels(n) for n in walk(raw))


def _cancels(node: Node) -> bool:
    """Whether something is a factor above a fraction's line, before it or behind it, and below it as well."""
    if node.kind == "div":
        above, below = node.parts
        return same(above, below) or bool(above.kind == "num" and above.value == 0)
    if node.kind == "sqrt":
        return bool(node.parts[0].kind == "pow" and node.parts[0].parts[1].value == 2)
    if node.kind == "apply":
        return any(n.kind == "sym" and n.value == node.value for part in node.parts for n in walk(part))
    if node.kind == "pow":
        base, power = node.parts
        return bool(base.kind == "sqrt" and power.kind == "num" and power.value == 2)
    if node.kind != "mul":
        return False
    factors = list(_factors(node))
    names = [f for f in factors if f.kind == "sym"]
    return any(same(a, b) for f in factors if f.kind == "div" for b in _factors(f.parts[1]) for a in names)


def _factors(node: Node) -> Iterator[Node]:
    if node.kind == "mul":
        for part in node.parts:
            yield from _factors(part)
    else:
        yield node


def _by_itself(raw: Node) -> bool:
    """Whether a function's value is said to be made of that value."""
    left = raw.parts[0]
    asked = left.kind in ("call", "apply") and left.parts
    return bool(asked) and any(n.kind == left.kind and same(n, left) for side in raw.parts[1:] for n in walk(side))


def _of_one(node: Node) -> bool:
    """Whether of a thing and itself it is said which is larger, or by how much, or of one alone."""
    if node.kind == "call" and node.value in ("max", "min") and len(node.parts) == 1:
        return True
    twice = len(node.parts) == 2 and (node.kind == "sub" or (node.kind == "call" and node.value in ("max", "min")))
    return twice and same(*node.parts)


def _right(
    raw: Node, others: Sequence[Node], at: int, tried: Sequence[Tried], touched: set[int]
) -> tuple[Target, Node] | None:
    alone: Node | None = None
    together: Node | None = None
    for trial in tried:
        target = trial.target
        if not target.timed:
            node = normal([raw], timed=False)[0]
        elif target.alone or not others:
            node = alone = alone or normal([raw])[0]
        else:
            node = together = together or normal([*others[:at], raw, *others[at:]])[at]
        first = [side for k, side in enumerate(node.parts) if k and k in touched and k in trial.wrong]
        meant, leading = target.stated, target.leading
        right = all(agrees(side, meant, leading) or in_other_words(side, node, leading) for side in first)
        if right and holds(node, meant, leading) and not misplaced(raw, meant, leading):
            return target, node
    return None
