"""Where an equation may be computed in several forms, so may its derivative."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from typing import TYPE_CHECKING, Any

import numpy as np

from reference import functions
from reference.number_systems.tape.backwards import swept
from reference.number_systems.tape.recording import Tape
from reference.statements import GradientForm, Together

if TYPE_CHECKING:
    from reference.catalogue import Equation, Variant


def either(self: Tape, forms: Sequence[Callable[..., Any]], args: Sequence[Any]) -> Any:
    """The derivatives of the forms are one function in several forms again."""
    values = [self.beneath(a) for a in args]
    made = functions.Either(forms)(*values)
    if not isinstance(made, tuple) and not _free(values):  # nobody beneath has a say
        return Tape(made, [(forms[0](*args), lambda g: g)], self.rank)
    taped = [i for i, a in enumerate(args) if isinstance(a, Tape) and a.rank == self.rank]
    outputs = len(made) if isinstance(made, tuple) else 1
    backwards = [_pullback(form, taped, outputs) for form in forms]
    return _node(made, backwards, values, [args[i] for i in taped], self.rank)


def equation(self: Tape, entry: Equation | Variant, args: Sequence[Any], options: Mapping[str, Any]) -> Any:
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

    def alone(form: GradientForm | Together) -> Callable[..., Any]:
        """A declared form knows one or some of the gradients, and leaves the others out."""
        at = [names.index(name) for name in ((form.wrt,) if isinstance(form.wrt, str) else form.wrt)]

        def some(*numbers: Any) -> tuple[Any, ...]:
            found = called(form.function, *numbers)
            known = dict(zip(at, found if isinstance(form, Together) else (found,), strict=True))
            return tuple(known.get(i) for i in taped)

        return some

    made = called(entry, *values)
    outputs = len(made) if isinstance(made, tuple) else 1
    own = _pullback(lambda *numbers: called(entry.function, *numbers), taped, outputs)
    ways = dict.fromkeys(form.together or form for form in declared)
    return _node(made, [own, *map(alone, ways)], values, [given[names[i]] for i in taped], self.rank)


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
        return tuple(swept(function(*values), cotangents, leaves, rank))

    return backwards


def _node(
    made: Any, backwards: Sequence[Callable[..., Any]], values: Sequence[Any], parents: Sequence[Tape], rank: int
) -> Any:
    """One value or several, whose gradients in all parents are computed together, in one form or another."""
    results = made if isinstance(made, tuple) else (made,)
    last: list[Any] = [None, None]

    def together(shares: _Shares) -> Any:
        if last[0] is not shares:
            cotangents = [
                shares.by_output[k] if k in shares.by_output else np.zeros_like(r) for k, r in enumerate(results)
            ]
            last[:] = shares, functions.Either(backwards)(*cotangents, *values)
        return last[1]

    hub = Tape(0.0, [(p, lambda g, k=k: together(g)[k]) for k, p in enumerate(parents)], rank)  # type: ignore[misc]
    tapes = [Tape(r, [(hub, lambda g, k=k: _Shares({k: g}))], rank) for k, r in enumerate(results)]  # type: ignore[misc]
    return tuple(tapes) if isinstance(made, tuple) else tapes[0]
