"""Two formulas are the same if they have the same value wherever they are looked at."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any

from conformance.notes.tree import Node, walk
from conformance.notes.world import Reading, Undefined, World

INFINITY = 4  # as far as sums without an end go: signals end at 3
LARGEST = 40  # terms of one sum


class Evaluator:
    """The value of a tree in a world, read with somebody's names."""

    spent = 0  # nodes that were looked at by all: a measure of work that is the same on every machine

    def __init__(self, world: World, reading: Reading | None = None) -> None:
        self.world, self.reading = world, reading or Reading()
        self.bound: dict[str, Any] = {}
        self.component: int | None = None  # which element is looked at where a name stands for all of them
        self.chance: tuple[int, int] | None = None
        self.deriving = False
        self.exact = 0  # inside an index or a limit a floor is a whole number
        self.steps = 0
        self.plain: dict[str, Any] = {}  # names alone: the same wherever they are looked at plainly
        self.counted: dict[str, Any] = {}  # the same inside an index, whose name says how much later its time is
        self.counting = 0

    def value(self, node: Node) -> Any:
        self.steps += 1
        Evaluator.spent += 1
        if self.steps > 60000:
            raise Undefined("too much to compute")
        try:
            return _VALUE[node.kind](self, node)
        except KeyError:
            raise Undefined(f"{node.kind} has no value") from None
        except (ZeroDivisionError, OverflowError, ValueError, TypeError, RecursionError) as error:
            raise Undefined(str(error)) from error

    def name(self, node: Node) -> Any:
        name = node.value
        if not node.parts:
            if name in self.bound:
                return self.bound[name]
            if self.chance is None and self.component is None and not self.deriving:
                seen = self.counted if self.counting else self.plain
                found = seen.get(name)
                if found is None:
                    found = seen[name] = self._sought(node)
                return found
        return self._sought(node)

    def _sought(self, node: Node) -> Any:
        """The number of a name that is not bound, where it is looked at now."""
        name = node.value
        index: tuple[Any, ...] = ()
        if node.parts:
            self.counting += 1
            try:
                index = tuple([self.index(part) for part in node.parts])
            finally:
                self.counting -= 1
        target, index = self.reading.led(name, node, index)
        if self.chance is not None and not index:
            found = self._random(target)
            if found is not None:
                return found
        if name.startswith("sigma") and name.endswith("²") and "hat f" in self.world.arity:
            return (0.5 + self.world.number("noise")) ** 2  # the variance of noise is that of the noise there is
        if not node.parts and target == "t" and self.reading.names:
            shift = 0 if self.counting else self.reading.names.get(name, ("", (), 0))[2]
            return self.world.at("t", ()) + shift
        if self.deriving and target in self.world.defined and (target, index) not in self.world.given:
            return self._defined(target, index)
        if self.component is not None and len(index) < self.world.arity.get(target, 0):
            index = (*index, self.component)
        return self.world.at(target, index)

    def _random(self, name: str) -> float | None:
        """What is random takes three values, and noise is as often above as below; what is measured has noise."""
        assert self.chance is not None
        if name in ("t", "y") and "hat f" in self.world.arity:
            noise = self._random("epsilon")
            assert noise is not None
            return float(self.world.at("f", ())) + noise
        if name in ("hat f", "f_hat"):
            return (0.3, 0.9, 1.7)[self.chance[0]] + self.world.number("hat f", self.chance[0])
        if name in ("epsilon", "noise"):
            return (0.5 + self.world.number("noise")) * (-1 if self.chance[1] else 1)
        return None

    def estimated(self, name: str) -> Any:
        """What is estimated, or its estimate, at the one place that is looked at."""
        found = self._random(name) if self.chance is not None else None
        return self.world.at(name, ()) if found is None else found

    def _defined(self, name: str, index: tuple[Any, ...]) -> Any:
        """The value of a name by its formula, so that it can be derived by what stands in it."""
        indices, formula = self.world.defined[name]
        if len(indices) != len(index):
            raise Undefined("indices that are not those of its formula")
        inner = Evaluator(self.world)
        inner.deriving = True
        inner.bound = dict(zip(indices, index, strict=True))
        return inner.value(formula)

    def index(self, node: Node) -> Any:
        self.exact += 1
        try:
            found = self.value(node)
        finally:
            self.exact -= 1
        if isinstance(found, float) and math.isfinite(found):
            near = round(found)
            return near if abs(found - near) < 1e-9 else round(found, 9)
        return found

    def over(self, node: Node) -> Any:
        """A sum, a product or an extremum over what is bound."""
        low, high, condition, body = node.parts
        names = node.value
        if not names:
            names = tuple(dict.fromkeys(
                part.value for n in walk(body) if n.kind == "sym"
                for part in n.parts if part.kind == "sym" and part.value not in self.bound
            ))[:1]  # fmt: skip
            if not names:
                raise Undefined("a sum without an index")
        ranges = [self._range(name, low if k == 0 else None, high, body) for k, name in enumerate(names)]
        kept = {name: self.bound.get(name) for name in names}
        found = None
        try:
            for place in itertools.product(*ranges):
                self.bound.update(zip(names, place, strict=True))
                if condition is not None and condition.kind != "text" and not self.holds(condition):
                    continue
                value = self.value(body)
                found = value if found is None else _FOLD[node.kind](found, value)
        finally:
            for name, was in kept.items():
                if was is None:
                    self.bound.pop(name, None)
                else:
                    self.bound[name] = was
        if found is None:
            if node.kind in ("max", "min"):
                raise Undefined("the largest of nothing")
            return 0.0 if node.kind == "sum" else 1.0
        return found

    def _range(self, name: str, low: Node | None, high: Node | None, body: Node) -> range:
        if low is None and high is None:
            if self.world.sequence:
                return range(-INFINITY, INFINITY + 1)
            return range(1, self._length(name, body) + 1)
        first = self.index(low) if low is not None else 1
        last = self.index(high) if high is not None and not self._unknown(high) else self._length(name, body)
        if first == -math.inf:
            first = -INFINITY
        if last == math.inf:
            last = INFINITY
        if first != round(first) or last != round(last):
            raise Undefined("a sum from or to no whole number")
        first, last = int(first), int(last)
        if last - first > LARGEST:
            raise Undefined("too many terms")
        length = self._length(name, body)
        if first == 0 and last == length - 1 and not self.world.sequence and _plainly(name, body):
            return range(1, length + 1)  # counted from 0 instead of from 1
        return range(first, last + 1)

    def _unknown(self, limit: Node) -> bool:
        """Whether a limit is a name for how many there are that the formula has no name for."""
        names = self.reading.names
        return (
            bool(names)
            and limit.kind == "sym"
            and not limit.parts
            and limit.value not in names
            and limit.value not in self.bound
        )

    def _length(self, name: str, body: Node) -> int:
        for n in walk(body):
            if n.kind != "sym":
                continue
            for p, part in enumerate(n.parts):
                if part.kind == "sym" and part.value == name:
                    target = self.reading.names.get(n.value, (n.value, (), 0))[0] if self.reading.names else n.value
                    if (target, p) in self.world.sizes:
                        return self.world.sizes[target, p]
        return 3

    def holds(self, node: Node) -> bool:
        if node.kind == "and":
            return all(self.holds(part) for part in node.parts)
        if node.kind == "or":
            return any(self.holds(part) for part in node.parts)
        if node.kind == "text":
            return True
        if node.kind != "rel":
            raise Undefined("no condition")
        sides = [self.value(part) for part in node.parts]
        return all(_SIGNS[s](a, b) for s, a, b in zip(node.value, sides, sides[1:], strict=False))

    def components(self, body: Node) -> list[Any]:
        """The elements of what stands for a whole vector."""
        was = self.component
        found = []
        try:
            for k in range(1, self._many(body) + 1):
                self.component = k
                found.append(self.value(body))
        finally:
            self.component = was
        return found

    def varies(self, body: Node) -> bool:
        """Whether a name in it stands for several numbers here."""
        return next(self._whole(body), None) is not None

    def _whole(self, body: Node) -> Iterator[tuple[str, int]]:
        """The names that stand for several numbers, with the place of the index that tells those apart."""
        for n in walk(body):
            if n.kind == "sym":
                target = self.reading.names.get(n.value, (n.value, (), 0))[0] if self.reading.names else n.value
                if len(n.parts) < self.world.arity.get(target, 0):
                    yield target, len(n.parts)

    def _many(self, body: Node) -> int:
        """How many numbers a name stands for here."""
        return next((self.world.sizes[at] for at in self._whole(body) if at in self.world.sizes), 3)


def _plainly(name: str, body: Node) -> bool:
    """Whether a bound name is only an index, alone."""
    inside = 0
    for n in walk(body):
        if n.kind == "sym":
            inside += sum(part.kind == "sym" and part.value == name and not part.parts for part in n.parts)
    return bool(inside == sum(n.kind == "sym" and n.value == name for n in walk(body)))


_FOLD: dict[str, Callable[[Any, Any], Any]] = {
    "sum": lambda a, b: a + b, "prod": lambda a, b: a * b, "max": max, "min": min,
}  # fmt: skip


def _close(a: Any, b: Any) -> bool:
    return bool(abs(a - b) <= 1e-9 * (1 + abs(a)))


_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": _close, r"\ne": lambda a, b: not _close(a, b), "<": lambda a, b: a < b, ">": lambda a, b: a > b,
    r"\le": lambda a, b: a <= b, r"\ge": lambda a, b: a >= b,
}  # fmt: skip

_VALUE: dict[str, Callable[[Evaluator, Node], Any]] = {}
