"""A note's names are led to those of a formula, so that both can be looked at with the same numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import inf

from conformance.notes import arithmetic  # noqa: F401  (gives each kind of node its meaning)
from conformance.notes.forms import Stated
from conformance.notes.notation import affinity
from conformance.notes.places import offset
from conformance.notes.sights import Sight, resemblance, sight_of
from conformance.notes.values import Evaluator
from conformance.notes.world import Reading

BY_PLACE = 1.5  # how much it counts where a name stands, beside how it is written
NAMED = 0.25  # affinity below which a word is no name of a thing
OPTIONS = 4  # names that one name may be led to
CHOICES = 6  # maps that are tried
STEPS = 300  # of a search for them
UNLED = -0.6  # what it counts that a name is led to none
LATE, AMISS = 0.05, 0.15  # how much less likely it is that steps are counted otherwise, or that the left is amiss
NOWHERE: Counter[str] = Counter()


@dataclass(frozen=True)
class Leading:
    """Which name is led to which, with how much the time is shifted, and how readily."""

    names: Mapping[str, tuple[str, tuple[object, ...], int]]
    time: str
    score: float
    forced: float = 0.0  # what is against it
    readers: dict[tuple[Stated, int], Evaluator] = field(default_factory=dict, compare=False, repr=False)

    def reader(self, ref: Stated, seed: int) -> Evaluator:
        """What reads a note's trees so in the world of a formula, at their beginning."""
        found = self.readers.get((ref, seed))
        if found is None:
            found = self.readers[ref, seed] = Evaluator(ref.world(seed), Reading(self.names, self.time))
        found.steps = 0
        return found


def leadings(
    note: Sight, ref: Stated, known: Mapping[str, str] | None = None, context: frozenset[str] = frozenset(),
    *, by_place: float = BY_PLACE, loose: bool = False, least: float = -inf,
) -> list[Leading]:  # fmt: skip
    """The likeliest ways of reading a note's names as those of a formula, best first; those below a score are not."""
    other_sight = sight_of(ref)
    mine, theirs = note.atoms, other_sight.atoms
    if not mine or len(mine) > 14 or len(theirs) > 16 or len(mine) > len(theirs) + 4:
        return []
    given = (note.alone, other_sight.alone) if note.alone and other_sight.alone else None
    if given is not None and given[0] in mine and given[1] in theirs:
        mine = tuple(name for name in mine if name != given[0])
        theirs = tuple(name for name in theirs if name != given[1])
    else:
        given = None
    alike = {other: by_analogy(other, known) for other in theirs} if known else {}
    table: list[list[tuple[float, str]]] = []
    for name in mine:
        options = []
        for other, custom, beside in _likely(note, other_sight)[name]:
            if other not in theirs:
                continue
            score = custom + by_place * beside
            if known and name in known:
                score += 1.5 if known[name] == other else -1.5
            elif known and alike[other] == name:
                score += 1.5
            if name != other and name in ref.form.names and other in context:
                score -= 1.5  # it would be renamed into another that is also there
            options.append((score, other))
        options.sort(reverse=True)
        table.append(options[:OPTIONS])
    made = []
    extra = 0.0 if given is None else 2.2 + 0.3 * affinity(*given)
    apart = _apart_in_time(note, ref)
    for points, taken in _assignments(mine, table, least - extra):
        score = points + extra
        if given is not None:
            taken[given[0]] = given[1]
        led = {name: other_sight.targets.get(other, (other, ())) for name, other in taken.items()}
        given_away = {*mine, *taken.values()}
        free = [other for other in theirs if other not in given_away]
        beyond = _beyond(free, taken, known or {}, alike, other_sight, note.names)
        for shifts in _shifts(note, other_sight, taken, loose=loose):
            late = LATE * sum(map(abs, shifts.values()))
            if apart is not None:
                late = AMISS * (shifts.get(str(note.node.parts[0].value), 0) != apart)
            if score - late >= least:
                names = {name: (base, fixed, shifts.get(name, 0)) for name, (base, fixed) in led.items()}
                made.append(Leading(names | beyond, note.time or "t", score - late))
    made.sort(key=lambda m: -m.score)
    return made[: CHOICES + 2]


@lru_cache(maxsize=1 << 10)
def _likely(note: Sight, ref: Sight) -> Mapping[str, Sequence[tuple[str, float, float]]]:
    """For each name those that it may be led to, with what custom says of that, and what their places say."""
    found: dict[str, list[tuple[str, float, float]]] = {}
    for name in note.atoms:
        here = note.places.get(name, NOWHERE)
        found[name] = [
            (other, affinity(name, other), resemblance(here, ref.places.get(other, NOWHERE)))
            for other in ref.atoms if not _apart(name, other, note, ref) and not _initials(name, other)
        ]  # fmt: skip
    return found


def _apart(name: str, other: str, note: Sight, ref: Sight) -> bool:
    """Whether one name steps or counts, and the other does not."""
    if (name == note.time) != (other == ref.time) and note.time and ref.time:
        return True
    return name != note.time and (name in note.counting) != (other in ref.counting)


def _initials(name: str, other: str) -> bool:
    """Whether a name is that of something by its initials, and of another thing."""
    return len(name) > 2 and name.isupper() and affinity(name, other) < NAMED


def by_analogy(other: str, known: Mapping[str, str]) -> str:
    """What a note would call W_r that calls W_z W_{iz}."""
    base, _, label = other.partition("_")
    for name, like in known.items():
        mine, _, labels = name.partition("_")
        same, _, its = like.partition("_")
        differing = [(a, b) for a, b in zip(its, label, strict=False) if a != b]
        if same == base and len(its) == len(label) and len(differing) == 1 and differing[0][0] in labels:
            return f"{mine}_{labels.replace(*differing[0], 1)}"
    return ""


def _assignments(
    mine: Sequence[str], table: Sequence[Sequence[tuple[float, str]]], least: float
) -> list[tuple[float, dict[str, str]]]:
    """The best ways of giving each name another one of its own, if they are worth that much."""
    order = sorted(range(len(mine)), key=lambda k: -(table[k][0][0] if table[k] else 0))
    rest = [0.0] * (len(order) + 1)
    for k in range(len(order) - 1, -1, -1):
        options = table[order[k]]
        rest[k] = rest[k + 1] + max(options[0][0] if options else UNLED, UNLED)
    if rest[0] < least:
        return []
    search = Assigning([mine[k] for k in order], [table[k] for k in order], rest, least)
    search.go_on(0, 0.0)
    return search.found


class Assigning:
    """A search for the best ways of giving each name another one, of which each is given once."""

    def __init__(
        self, names: Sequence[str], table: Sequence[Sequence[tuple[float, str]]], rest: Sequence[float], least: float
    ) -> None:
        self.names, self.table, self.rest, self.least = names, table, rest, least
        self.found: list[tuple[float, dict[str, str]]] = []
        self.taken: dict[str, str] = {}
        self.used: set[str] = set()
        self.steps = 0

    def go_on(self, k: int, score: float) -> None:
        """Names from one on, where those before it have theirs."""
        self.steps += 1
        if self.steps > STEPS:
            return
        if k == len(self.names):
            self.found.append((score, dict(self.taken)))
            self.found.sort(key=lambda f: -f[0])
            del self.found[CHOICES:]
            return
        name = self.names[k]
        for gain, other in self.table[k]:
            if not self._worthwhile(score + gain + self.rest[k + 1]):
                break
            if other not in self.used:
                self.taken[name] = other
                self.used.add(other)
                self.go_on(k + 1, score + gain)
                self.used.discard(other)
                del self.taken[name]
        if self._worthwhile(score + UNLED + self.rest[k + 1]):
            self.go_on(k + 1, score + UNLED)

    def _worthwhile(self, most: float) -> bool:
        """Whether what can be reached at most is among the best."""
        return most >= self.least and (len(self.found) < CHOICES or most > self.found[-1][0])


def _apart_in_time(note: Sight, ref: Stated) -> int | None:
    """How much later what is defined is so than the formula's is, if both say for which step."""
    left, there = note.node.parts[0], ref.left
    steps = [[at[1] for p in n.parts if (at := offset(p)) and at[0]] for n in (left, there) if n.kind == "sym"]
    if len(steps) < 2 or not all(steps):
        return None
    return steps[1][0] - steps[0][0]


def _beyond(
    free: Sequence[str], taken: Mapping[str, str], known: Mapping[str, str], alike: Mapping[str, str],
    ref: Sight, here: Collection[str],
) -> dict[str, tuple[str, tuple[object, ...], int]]:  # fmt: skip
    """What a note does not name here is named as elsewhere, or as in the formula, if need be in small letters."""
    if not free:
        return {}
    elsewhere = {other: name for name, other in known.items() if name not in taken}
    found: dict[str, tuple[str, tuple[object, ...], int]] = {}
    for other in free:
        base, fixed = ref.targets.get(other, (other, ()))
        found.setdefault(elsewhere.get(other) or alike.get(other) or other, (base, fixed, 0))
        if len(other) == 1 and other.lower() not in here:
            found.setdefault(other.lower(), (base, fixed, 0))
    return {name: way for name, way in found.items() if name not in taken}


def _shifts(note: Sight, ref: Sight, taken: Mapping[str, str], *, loose: bool = False) -> Iterator[dict[str, int]]:
    """How much later the note's time is: by one for all, or for the weights alone."""
    left = note.node.parts[0] if note.node.kind == "rel" else note.node
    if not note.time or not ref.time:
        yield {}
        return
    common = [name for name in note.offsets if name in taken and taken[name] in ref.offsets]
    if not common:
        yield {}
        return
    shifts = {name: max(ref.offsets[taken[name]]) - max(note.offsets[name]) for name in common}
    base = [*common, *([note.time] if note.time in taken else [])]
    tried = []
    for shift in dict.fromkeys((0, min(shifts.values()), max(shifts.values()))):
        if abs(shift) > 1:
            continue
        tried.append(dict.fromkeys(base, shift))
        # the weights alone may be counted one further, since the gradient at w_t makes w_{t+1}
        if left.kind == "sym" and left.value in common:
            tried += [
                dict.fromkeys(base, shift) | {left.value: shift + further}
                for further in (-1, 1)
                if abs(shift + further) <= 1 and (loose or shifts[left.value] == shift + further)
            ]
    yield from {tuple(sorted(t.items())): t for t in tried}.values()
