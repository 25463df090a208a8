"""The chain rule backwards: the gradient of any equation, in whatever numbers it is computed with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from reference import functions
from reference.number_systems import contraction
from reference.number_systems.adjoints import ADJOINTS
from reference.number_systems.table import COMPARISONS, LOGIC, Numbers, clipped, structural_rules
from reference.number_systems.verdict import Verdict

if TYPE_CHECKING:
    from reference.catalogue import Equation, Variant
    from reference.statements import GradientForm

_serial = count()
Adjoint = Callable[[Any], Any]


def _move(x: Any, f: Callable[[Any], Any]) -> Any:
    return x.rearranged(f) if isinstance(x, Numbers) else f(np.asarray(x))


def _scatter(g: Any, index: np.ndarray, shape: tuple[int, ...]) -> Any:
    """Each element of g, added to the place that its index names; index -1 goes nowhere."""
    size = int(np.prod(shape, dtype=int))
    flat = index.ravel()
    if flat.size == size and np.array_equal(np.sort(flat), np.arange(size)):
        back = np.argsort(flat)
        return _move(g, lambda a: a.ravel()[back].reshape(shape))
    if isinstance(g, Numbers):
        return g.scattered(index, size).reshape(shape)  # type: ignore[attr-defined]
    total = np.zeros(size)
    np.add.at(total, flat[flat >= 0], np.asarray(g).ravel()[flat >= 0])
    return total.reshape(shape)


def _folded(g: Any, shape: tuple[int, ...]) -> Any:
    """The sum over the axes along which an operand of this shape was repeated."""
    if np.shape(g) == shape:
        return g
    lead = np.ndim(g) - len(shape)
    stretched = tuple(range(lead)) + tuple(
        lead + i for i, n in enumerate(shape) if n == 1 and np.shape(g)[lead + i] != 1
    )
    return np.sum(g, axis=stretched, keepdims=True).reshape(shape)


class Tape(Numbers):
    """A value and how it was made. Tapes may lie over any other numbers, other tapes too."""

    system: ClassVar[str] = "Tape (no adjoint is known)"
    rank: int = 10  # type: ignore[misc]

    def __init__(self, value: Any, parents: Sequence[tuple[Tape, Adjoint]] = (), rank: int = 10) -> None:
        self.value = value if isinstance(value, Numbers) else np.asarray(value)
        self.parents = tuple(parents)
        self.rank = rank
        self.serial = next(_serial)

    def __repr__(self) -> str:
        return f"Tape({self.value!r})"

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    def lift(self, x: Any) -> Tape:
        return x if isinstance(x, Tape) and x.rank == self.rank else Tape(x, rank=self.rank)

    def rearranged(self, f: Callable[[Any], Any]) -> Tape:
        index = f(np.arange(1, self.size + 1).reshape(self.shape)) - 1  # what f fills in with 0 comes from nowhere
        return Tape(_move(self.value, f), [(self, lambda g: _scatter(g, index, self.shape))], self.rank)

    def joined(self, parts: list[Tape], f: Callable[[Any], Any]) -> Tape:
        beneath = [p.value for p in parts]
        numbers = [v for v in beneath if isinstance(v, Numbers)]
        highest = max(numbers, key=lambda v: v.rank) if numbers else None
        value = f(beneath) if highest is None else highest.joined([highest.lift(v) for v in beneath], f)
        starts = np.cumsum([0] + [p.size for p in parts])
        where = f([start + np.arange(p.size).reshape(p.shape) for start, p in zip(starts, parts, strict=False)])

        def share(start: int, part: Tape) -> Adjoint:
            own = (where >= start) & (where < start + part.size)
            return lambda g: _scatter(g, np.where(own, where - start, -1), part.shape)

        return Tape(value, [(p, share(s, p)) for s, p in zip(starts, parts, strict=False)], self.rank)

    # What `functions` asks ------------------------------------------------------------------------

    def __either__(self, forms: Sequence[Callable[..., Any]], args: Sequence[Any]) -> Any:
        """The derivatives of the forms are one function in several forms again."""
        values = [self.beneath(a) for a in args]
        made = functions.Either(forms)(*values)
        if not isinstance(made, tuple) and not _free(values):  # nobody beneath has a say
            return Tape(made, [(forms[0](*args), lambda g: g)], self.rank)
        taped = [i for i, a in enumerate(args) if isinstance(a, Tape) and a.rank == self.rank]
        outputs = len(made) if isinstance(made, tuple) else 1
        backwards = [_pullback(form, taped, outputs) for form in forms]
        return _node(made, backwards, values, [args[i] for i in taped], self.rank)

    def __equation__(self, entry: Equation | Variant, args: Sequence[Any], options: Mapping[str, Any]) -> Any:
        """An equation within another: its derivative may be computed in any of the forms that it declares."""
        slots = signature(entry.function).parameters
        given = dict(zip(slots, args, strict=False)) | dict(options)
        names = [name for name in slots if name in given]
        values = [self.beneath(given[name]) for name in names]
        taped = [i for i, n in enumerate(names) if isinstance(given[n], Tape) and given[n].rank == self.rank]
        declared = [form for form in entry.gradient_forms if form.wrt in [names[i] for i in taped]]
        if not declared or not _free(values):
            return entry.function(*args, **options)
        keywords = {name for name, slot in slots.items() if slot.kind is slot.KEYWORD_ONLY}

        def called(function: Callable[..., Any], *numbers: Any) -> Any:
            ahead, own = numbers[: len(numbers) - len(names)], numbers[len(numbers) - len(names) :]
            named = dict(zip(names, own, strict=True))
            kept = [x for n, x in named.items() if n not in keywords]
            return function(*ahead, *kept, **{n: x for n, x in named.items() if n in keywords})

        def alone(form: GradientForm) -> Callable[..., Any]:
            """A declared form knows one of the gradients, and leaves the others out."""
            at = names.index(form.wrt)
            return lambda *numbers: tuple(called(form.function, *numbers) if i == at else None for i in taped)

        made = called(entry, *values)
        outputs = len(made) if isinstance(made, tuple) else 1
        own = _pullback(lambda *numbers: called(entry.function, *numbers), taped, outputs)
        return _node(made, [own, *map(alone, declared)], values, [given[names[i]] for i in taped], self.rank)

    def beneath(self, a: Any) -> Any:
        """The value under a tape of this level; anything else is its own value."""
        return a.value if isinstance(a, Tape) and a.rank == self.rank else a

    def between(self, one: Any, other: Any) -> Tape:
        value = functions.between(self.value, self.beneath(one), self.beneath(other))
        return Tape(value, [(self, lambda g: g)], self.rank)

    def settled(self) -> Tape:
        return Tape(functions.settled(self.value), [(self, lambda g: g)], self.rank)

    def shift(self) -> Tape:
        return Tape(functions.shift(self.value), rank=self.rank)

    def constant(self, name: str, argument: int = 0) -> Any:
        return functions.pi(self.value) if name == "pi" else functions.root(argument, self.value)

    def erf(self) -> Tape:
        def adjoint(g: Any) -> Any:
            return g * 2 / np.sqrt(functions.pi(self.value)) * np.exp(-np.square(self.value))

        return Tape(functions.erf(self.value), [(self, adjoint)], self.rank)

    def scattered(self, index: np.ndarray, size: int) -> Tape:
        value = _scatter(self.value, index, (size,))

        def adjoint(g: Any) -> Any:
            if not size:
                return np.zeros_like(self.value)
            taken = _move(g, lambda a: a[np.maximum(index, 0)].reshape(self.shape))
            return np.where(index.reshape(self.shape) >= 0, taken, np.zeros_like(taken))

        return Tape(value, [(self, adjoint)], self.rank)


class _Shares:
    """The cotangents of a node with several outputs, as they come in."""

    def __init__(self, by_output: Mapping[int, Any]) -> None:
        self.by_output = dict(by_output)

    def __add__(self, other: _Shares) -> _Shares:
        total = dict(self.by_output)
        for k, g in other.by_output.items():
            total[k] = total[k] + g if k in total else g
        return _Shares(total)


def _free(values: Sequence[Any]) -> bool:
    """Whether a number system beneath has a say in which form is computed."""
    return any(hasattr(v, "__either__") for v in values)


def _pullback(function: Callable[..., Any], taped: Sequence[int], outputs: int) -> Callable[..., Any]:
    """From cotangents and arguments to the gradients with respect to some of the arguments."""

    def backwards(*numbers: Any) -> tuple[Any, ...]:
        cotangents, values = numbers[:outputs], list(numbers[outputs:])
        rank = 1 + max([9, *(v.rank for v in numbers if isinstance(v, Tape))])
        leaves = [Tape(values[i], rank=rank) for i in taped]
        for i, leaf in zip(taped, leaves, strict=True):
            values[i] = leaf
        return tuple(_swept(function(*values), cotangents, leaves, rank))

    return backwards


def _node(
    made: Any, backwards: Sequence[Callable[..., Any]], values: Sequence[Any], parents: Sequence[Tape], rank: int
) -> Any:
    """One value or several, whose gradients in all parents are computed together, in one form or another."""
    results = made if isinstance(made, tuple) else (made,)
    last: list[Any] = [None, None]

    def together(shares: _Shares) -> Any:
        if last[0] is not shares:
            cotangents = [shares.by_output[k] if k in shares.by_output else np.zeros_like(r) for k, r in enumerate(results)]
            last[:] = shares, functions.Either(backwards)(*cotangents, *values)
        return last[1]

    hub = Tape(0.0, [(p, lambda g, k=k: together(g)[k]) for k, p in enumerate(parents)], rank)  # type: ignore[misc]
    tapes = [Tape(r, [(hub, lambda g, k=k: _Shares({k: g}))], rank) for k, r in enumerate(results)]  # type: ignore[misc]
    return tuple(tapes) if isinstance(made, tuple) else tapes[0]


def _level(args: Sequence[Any]) -> Tape:
    return max((a for a in args if isinstance(a, Tape)), key=lambda a: a.rank)


def _elementwise(ufunc: np.ufunc) -> Callable[..., Any]:
    def rule(*args: Any) -> Any:
        top = _level(args)
        values = [top.beneath(a) for a in args]
        if ufunc is np.power and isinstance(args[1], int) and args[1] == 0:
            return Tape(np.ones_like(values[0]), rank=top.rank)
        o = ufunc(*values)
        parents = []
        for a, adjoint in zip(args, ADJOINTS[ufunc], strict=True):
            if isinstance(a, Tape) and a.rank == top.rank:
                parents.append((a, lambda g, d=adjoint, s=a.shape: _folded(d(g, o, *values), s)))
        return Tape(o, parents, top.rank)

    return rule


def _undifferentiated(function: Callable[..., Any]) -> Callable[..., Any]:
    """Comparisons and positions have no derivative; they are what the numbers beneath say."""

    def rule(*args: Any, **options: Any) -> Any:
        top = _level(args)
        return function(*(top.beneath(a) for a in args), **options)

    return rule


def _broadcast_back(g: Any, x: Tape, axis: Any) -> Any:
    kept = np.sum(np.zeros(x.shape), axis=axis, keepdims=True).shape
    return np.broadcast_to(g.reshape(kept), x.shape)


def _sum(x: Tape, axis: Any = None, keepdims: bool = False) -> Tape:
    value = np.sum(x.value, axis=axis, keepdims=keepdims)
    return Tape(value, [(x, lambda g: _broadcast_back(g, x, axis))], x.rank)


def _mean(x: Tape, axis: Any = None, keepdims: bool = False) -> Tape:
    value = np.mean(x.value, axis=axis, keepdims=keepdims)
    n = x.size // max(int(np.prod(np.shape(value), dtype=int)), 1)
    return Tape(value, [(x, lambda g: _broadcast_back(g / n, x, axis))], x.rank)


def _extreme(function: Callable[..., Any]) -> Callable[..., Any]:
    """The largest takes the whole gradient; equally large ones share it, but any shares are a subgradient."""

    def rule(x: Tape, axis: Any = None, keepdims: bool = False) -> Tape:
        best = function(x.value, axis=axis, keepdims=True)

        def adjoint(g: Any) -> Any:
            best_of_all = np.broadcast_to(best, x.shape)
            reached: Any = (x.value >= best_of_all) if function is np.max else (x.value <= best_of_all)
            whole = _broadcast_back(g, x, axis)
            if isinstance(reached, Verdict):
                reached = reached.possible
            if isinstance(reached, np.ndarray):
                several = np.sum(reached, axis=axis, keepdims=True)
                zero = np.zeros_like(whole)
                if np.all(several == 1):
                    return np.where(reached, whole, zero)
                if np.all(several):
                    share = np.where(several == 1, whole, functions.between(whole / several, zero, whole))
                    return np.where(reached, share, zero)
            ones = np.ones_like(x.value)
            winners = np.where(reached, ones, np.zeros_like(ones))
            return whole * winners / np.sum(winners, axis=axis, keepdims=True)

        return Tape(function(x.value, axis=axis, keepdims=keepdims), [(x, adjoint)], x.rank)

    return rule


def _einsum(spec: str, *args: Any) -> Tape:
    top = _level(args)
    operands, result = contraction.parsed(spec, top.refuse)
    values = [top.beneath(a) for a in args]
    length = contraction.sizes(operands, [np.shape(v) for v in values])

    def share(k: int) -> Adjoint:
        others = [(indices, v) for i, (indices, v) in enumerate(zip(operands, values, strict=True)) if i != k]
        seen = set(result).union(*(set(indices) for indices, _ in others))
        kept = "".join(letter for letter in operands[k] if letter in seen)
        back = ",".join([result, *(indices for indices, _ in others)]) + "->" + kept
        # an index that was only summed over leaves its gradient the same all along it
        thin = tuple(length[letter] if letter in seen else 1 for letter in operands[k])
        full = tuple(length[letter] for letter in operands[k])

        def adjoint(g: Any) -> Any:
            reached = np.einsum(back, g, *(v for _, v in others)).reshape(thin)
            return reached if thin == full else np.broadcast_to(reached, full)

        return adjoint

    parents = [(a, share(k)) for k, a in enumerate(args) if isinstance(a, Tape) and a.rank == top.rank]
    return Tape(np.einsum(spec, *values), parents, top.rank)


def _matmul(a: Any, b: Any) -> Tape:
    return _einsum(contraction.of_matmul(np.shape(a), np.shape(b), _level((a, b)).refuse), a, b)


def _dot(a: Any, b: Any) -> Tape:
    return _einsum(contraction.of_dot(np.shape(a), np.shape(b), _level((a, b)).refuse), a, b)


def _where(condition: Any, yes: Any, no: Any) -> Tape:
    top = _level((yes, no))
    condition = top.beneath(condition)
    value = np.where(condition, top.beneath(yes), top.beneath(no))
    parents = []
    for a, takes in ((yes, True), (no, False)):
        if isinstance(a, Tape) and a.rank == top.rank:

            def adjoint(g: Any, takes: bool = takes, shape: tuple[int, ...] = a.shape) -> Any:
                zero = np.zeros_like(g)
                return _folded(np.where(condition, g, zero) if takes else np.where(condition, zero, g), shape)

            parents.append((a, adjoint))
    return Tape(value, parents, top.rank)


UNDIFFERENTIATED: tuple[Any, ...] = (*COMPARISONS, *LOGIC, np.argmax, np.argmin, np.zeros_like, np.ones_like)

Tape.rules = {
    **{ufunc: _elementwise(ufunc) for ufunc in ADJOINTS},
    **{f: _undifferentiated(f) for f in UNDIFFERENTIATED},
    **structural_rules(),
    np.sum: _sum, np.mean: _mean, np.max: _extreme(np.max), np.min: _extreme(np.min),
    np.einsum: _einsum, np.matmul: _matmul, np.dot: _dot, np.where: _where,
    np.clip: clipped,
    np.shape: lambda x: x.shape, np.ndim: lambda x: x.ndim, np.size: lambda x: x.size,
}  # fmt: skip


def gradient(
    function: Callable[..., Any], arguments: Mapping[str, Any], wrt: Sequence[str], cotangents: Any = None
) -> dict[str, Any]:
    """The gradients of the sum of cotangent times output, one for each named argument.

    `cotangents` has one entry for each output; None stands for an output that the sum leaves out, and nothing at all
    for a single output with a cotangent of ones.
    """
    rank = 1 + max([9, *(v.rank for v in arguments.values() if isinstance(v, Tape))])
    leaves = {name: Tape(arguments[name], rank=rank) for name in wrt}
    made = function(**{**arguments, **leaves})
    return dict(zip(leaves, _swept(made, cotangents, list(leaves.values()), rank), strict=True))


def _swept(made: Any, cotangents: Any, leaves: Sequence[Tape], rank: int) -> list[Any]:
    """The gradients in the leaves, gathered from the outputs backwards."""
    outputs = made if isinstance(made, tuple) else (made,)
    if cotangents is None:
        first = outputs[0].value if isinstance(outputs[0], Tape) else outputs[0]
        cotangents = (np.ones_like(first),) + (None,) * (len(outputs) - 1)
    sums: dict[int, Any] = {}
    waiting: dict[int, Tape] = {}
    for output, cotangent in zip(outputs, cotangents, strict=True):
        if cotangent is not None and isinstance(output, Tape) and output.rank == rank:
            sums[output.serial] = sums[output.serial] + cotangent if output.serial in sums else cotangent
            waiting[output.serial] = output
    finished: dict[int, Any] = {}
    while waiting:
        serial = max(waiting)
        node, g = waiting.pop(serial), sums.pop(serial)
        finished[serial] = g
        for parent, adjoint in node.parents:
            share = adjoint(g)
            sums[parent.serial] = sums[parent.serial] + share if parent.serial in sums else share
            waiting[parent.serial] = parent
    return [finished.get(leaf.serial, np.zeros_like(leaf.value)) for leaf in leaves]
