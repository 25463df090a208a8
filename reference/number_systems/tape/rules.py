"""How each operation of the table is recorded, and how a gradient passes back through it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from reference import functions
from reference.number_systems import contraction
from reference.number_systems.adjoints import ADJOINTS
from reference.number_systems.table import COMPARISONS, LOGIC, clipped, structural_rules
from reference.number_systems.tape.recording import Adjoint, Tape
from reference.number_systems.verdict import Verdict


def _folded(g: Any, shape: tuple[int, ...]) -> Any:
    """The sum over the axes along which an operand of this shape was repeated."""
    if np.shape(g) == shape:
        return g
    lead = np.ndim(g) - len(shape)
    stretched = tuple(range(lead)) + tuple(
        lead + i for i, n in enumerate(shape) if n == 1 and np.shape(g)[lead + i] != 1
    )
    return np.sum(g, axis=stretched, keepdims=True).reshape(shape)


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

RULES: dict[Any, Callable[..., Any]] = {
    **{ufunc: _elementwise(ufunc) for ufunc in ADJOINTS},
    **{f: _undifferentiated(f) for f in UNDIFFERENTIATED},
    **structural_rules(),
    np.sum: _sum, np.mean: _mean, np.max: _extreme(np.max), np.min: _extreme(np.min),
    np.einsum: _einsum, np.matmul: _matmul, np.dot: _dot, np.where: _where,
    np.clip: clipped,
    np.shape: lambda x: x.shape, np.ndim: lambda x: x.ndim, np.size: lambda x: x.size,
}  # fmt: skip
