"""What the parts of a formula mean in numbers and arrays."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from conformance.notes.proving.given import Outside, Unknown, whole
from conformance.notes.proving.program import Program
from conformance.notes.tree import Node, symbols

CELLS = 12  # of a step function, on either side of 0
FEW = 9  # classes, where no array says how many there are
CONVOLVED, EACH, INNER = r"\star", (r"\odot", "*"), r"\cdot"
OF_ALL: dict[str, Callable[[Any], Any]] = {"max": max, "min": min, "mean": np.mean}
ONE: dict[str, Callable[[Any], Any]] = {
    "ln": np.log, "log2": np.log2, "exp": np.exp, "tanh": np.tanh, "sin": np.sin, "cos": np.cos, "sign": np.sign,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "relu": lambda x: np.maximum(x, 0), "root": np.sqrt,
    "mean": np.mean, "det": np.linalg.det,
}  # fmt: skip


def _together(a: Any, b: Any) -> tuple[Any, Any]:
    """What there is one of for each channel stands beside images of several channels."""
    if np.ndim(a) == 1 and np.ndim(b) > 2:
        return a[:, None, None], b
    if np.ndim(b) == 1 and np.ndim(a) > 2:
        return a, b[:, None, None]
    return a, b


def _add(p: Program, n: Node) -> Any:
    a, b = _together(p.value(n.parts[0]), p.value(n.parts[1]))
    return a + b if n.kind == "add" else a - b


def _mul(p: Program, n: Node) -> Any:
    a, b = p.value(n.parts[0]), p.value(n.parts[1])
    if n.value == CONVOLVED:
        return p.given.functions[CONVOLVED](a, b)
    matrices = 2 in (np.ndim(a), np.ndim(b)) or n.value == INNER
    if np.ndim(a) and np.ndim(b) and n.value not in EACH and matrices:
        return a @ b
    return a * b


def _div(p: Program, n: Node) -> Any:
    a, b = p.value(n.parts[0]), p.value(n.parts[1])
    return np.true_divide(a, b) if not (isinstance(a, int) and isinstance(b, int) and b and a % b == 0) else a // b


def _pow(p: Program, n: Node) -> Any:
    under, power = n.parts
    if under.kind == "sym" and under.value + "²" in p.rows and power.kind == "num" and power.value == 2:
        return p.name(under._replace(value=under.value + "²"))
    base, exponent = p.value(under), p.value(power)
    if np.ndim(base) == 2 and under.kind != "abs":
        if exponent == -1:
            return np.linalg.inv(base)
        return np.diag(np.diag(base) ** exponent)
    return base**exponent if isinstance(exponent, int) and exponent >= 0 else np.power(base, float(exponent))


def _cases(p: Program, n: Node) -> Any:
    fulfilled = [k for k, c in enumerate(n.parts[1::2]) if c.kind != "text" and p.holds(c)]
    if not fulfilled:
        fulfilled = [k for k, c in enumerate(n.parts[1::2]) if c.kind == "text"]
    if len(fulfilled) != 1:
        raise Unknown("none of the cases, or several")
    return p.value(n.parts[2 * fulfilled[0]])


def _where(p: Program, n: Node) -> Any:
    if n.value == "exists":
        try:
            return p.value(n.parts[0])
        except Outside:
            return p.value(n.parts[1])
    return p.value(n.parts[0] if p.holds(n.parts[1]) else n.parts[2])


def _over(p: Program, n: Node) -> Any:
    terms = p.over(n)
    if n.kind in ("max", "min"):
        return (max if n.kind == "max" else min)(terms)
    if not terms:
        return 0 if n.kind == "sum" else 1
    return reduce((lambda a, b: a + b) if n.kind == "sum" else (lambda a, b: a * b), terms)


def _index(p: Program, n: Node) -> Any:
    base, index = n.parts[0], tuple(p.index(part) for part in n.parts[1:])
    return p.element(p.value(base), index)


def _set(p: Program, n: Node) -> list[Any]:
    """Everything of a form for which the conditions hold."""
    body, *conditions = n.parts
    names = tuple(name for name in symbols(n) if name not in p.values and name not in p.bound and name not in p.rows)
    together = reduce(lambda a, b: Node("and", None, (a, b), 0, 0), conditions)
    return p.over(Node("set", names, (None, None, together, body), 0, 0))


def _abs(p: Program, n: Node) -> Any:
    inner = n.parts[0]
    return len(_set(p, inner)) if inner.kind == "set" else abs(p.value(inner))


def _apply(p: Program, n: Node) -> Any:
    name = n.value
    labelled = f"{name}_{n.parts[0].value}" if n.parts else ""
    if labelled in p.given.functions:
        return p.given.functions[labelled](*(p.value(part) for part in n.parts[1:]))
    if name in p.given.functions and name not in p.rows:
        return p.given.functions[name](*(p.value(part) for part in n.parts))
    if name == "sigma" and name not in p.rows and len(n.parts) == 1:
        return ONE["sigmoid"](p.value(n.parts[0]))
    return p.found(name, tuple(p.index(part) for part in n.parts), n)


def _call(p: Program, n: Node) -> Any:
    name = n.value
    if name == "argmax":
        return _argmax(p, n)
    if name in ("max", "min", "mean") and (n.parts[0].kind == "set" or n.parts[-1].kind == "rel"):
        return OF_ALL[name](_set(p, n.parts[0] if len(n.parts) == 1 else n))
    return _named(name, _listed(p, n))


def _named(name: str, found: list[Any]) -> Any:
    if name == "Concat":
        return np.concatenate(found, axis=-1)
    if name in ("max", "min"):
        return reduce(np.maximum if name == "max" else np.minimum, found)
    if name in ("softmax", "logsoftmax"):
        x = found[0] - np.max(found[0], axis=-1, keepdims=True)
        lowered = x - np.log(np.sum(np.exp(x), axis=-1, keepdims=True))
        return np.exp(lowered) if name == "softmax" else lowered
    if name in ONE and len(found) == 1:
        return ONE[name](found[0])
    raise Unknown(f"the function {name}")


def _argmax(p: Program, n: Node) -> Any:
    """The first of the numbers at which something is largest."""
    body = n.parts[0]
    known = {"e", *p.bound, *p.values, *p.rows}
    letter = next(name for name in symbols(body) if name not in known)
    length = p.length(letter, body)
    found = []
    for k in range(p.given.base, p.given.base + (length or FEW)):
        p.bound[letter] = k
        found.append(p.value(body))
    del p.bound[letter]
    return p.given.base + int(np.argmax(found))


def _listed(p: Program, n: Node) -> list[Any]:
    """What a list means in which dots stand for all between the first and the last."""
    found: list[Any] = []
    for k, part in enumerate(n.parts):
        if part.kind == "dots":
            first, last = (p.index(n.parts[j].parts[0]) for j in (k - 1, k + 1))
            found += [p.found(n.parts[k - 1].value, (i,), n.parts[k - 1]) for i in range(first + 1, last)]
        elif k < 2 or n.parts[k - 1].kind != "dots" or p.index(part.parts[0]) > p.index(n.parts[k - 2].parts[0]):
            found.append(p.value(part))
    return found


def _expect(p: Program, n: Node) -> Any:
    """The mean over all that is random, each with its values and their probabilities; f(x) goes with its x."""
    names = [name for name in symbols(n.parts[0]) if isinstance(p.values.get(name), tuple)]
    together: dict[str, list[str]] = {}
    for name in names:
        together.setdefault(name.rpartition("(")[2].rstrip(")"), []).append(name)
    total = 0.0
    for chosen in itertools.product(*(range(len(p.values[group[0]][1])) for group in together.values())):
        places = [(name, k) for group, k in zip(together.values(), chosen, strict=True) for name in group]
        kept, p.bound = p.bound, p.bound | {name: p.values[name][0][k] for name, k in places}
        shares = (p.values[group[0]][1][k] for group, k in zip(together.values(), chosen, strict=True))
        total += math.prod(shares) * p.value(n.parts[0])
        p.bound = kept
    return total


def _integral(p: Program, n: Node) -> Any:
    """Of what is constant on each cell: what is seen in the middle of one holds everywhere in it."""
    cell, total = p.values["Delta"], 0.0
    first, last = (p.value(limit) / cell for limit in n.parts[:2])
    low, high = (int(np.clip(limit, -CELLS, CELLS)) for limit in (first, last))
    for k in range(low, high):
        kept, p.bound = p.bound, p.bound | {n.value: (k + 0.5) * cell}
        total += cell * p.value(n.parts[2])
        p.bound = kept
    return total


def _slope(p: Program, n: Node) -> Any:
    """By a step so small, and imaginary, that nothing cancels."""
    variable, body = n.parts
    if body.kind in ("apply", "sym") and body.value not in p.rows and body.value not in p.values:
        return p.stated("∇", (), n._replace(parts=()))
    was, p.derived = p.derived, (variable.value, tuple(p.index(part) for part in variable.parts))
    try:
        return np.imag(p.value(body)) / 1e-30
    finally:
        p.derived = was


def _part(p: Program, n: Node) -> Any:
    """One of several things that are stated at once."""
    k, count = n.value
    whole_value = p.value(n.parts[0])
    if isinstance(whole_value, tuple):
        return whole_value[k]
    return np.split(whole_value, count, axis=-1)[k]


def _tuple(p: Program, n: Node) -> Any:
    """Numbers in a row make a list; vectors in a row make a longer one."""
    found = [p.value(part) for part in n.parts]
    return np.concatenate(found) if all(np.ndim(x) == 1 for x in found) else np.array(found)


def _matrix(p: Program, n: Node) -> Any:
    found = [p.value(part) for part in n.parts]
    if any(np.ndim(x) for x in found):
        return np.column_stack(found)
    return np.array(found).reshape(n.value)


def _rounded(p: Program, n: Node) -> int:
    x = float(p.value(n.parts[0]))
    near = round(x)
    return near if abs(x - near) < 1e-9 else (math.floor if n.kind == "floor" else math.ceil)(x)


def _primed(p: Program, n: Node) -> Any:
    return p.found(n.value, tuple(p.index(part) for part in n.parts[1:]), n._replace(parts=n.parts[1:]))


MEANINGS: dict[str, Callable[[Program, Node], Any]] = {
    "num": lambda _, n: n.value,
    "sym": lambda p, n: p.name(n),
    "add": _add, "sub": _add, "mul": _mul, "div": _div, "pow": _pow, "cases": _cases, "where": _where,
    "neg": lambda p, n: -p.value(n.parts[0]),
    "sqrt": lambda p, n: np.sqrt(p.value(n.parts[0])),
    "norm": lambda p, n: np.sum(np.abs(p.value(n.parts[0])) ** p.value(n.parts[1])) ** (1 / p.value(n.parts[1])),
    "transpose": lambda p, n: np.transpose(p.value(n.parts[0])),
    "mod": lambda p, n: p.value(n.parts[0]) % p.value(n.parts[1]),
    "binom": lambda p, n: math.comb(*(whole(p.value(part)) for part in n.parts)),
    "holds": lambda p, n: int(p.holds(n.parts[0])),
    "label": lambda p, n: p.value(n.parts[0]),
    "expect": _expect, "int": _integral, "abs": _abs, "index": _index, "apply": _apply, "call": _call,
    "sum": _over, "prod": _over, "max": _over, "min": _over,
    "slope": _slope, "part": _part, "tuple": _tuple, "matrix": _matrix, "floor": _rounded,
    "ceil": _rounded,
    "gradient": lambda p, n: p.stated("∇", (), n._replace(parts=())),
    "partial": lambda p, n: p.found(f"∂/∂{n.parts[1].value}", (), n._replace(parts=())),
    "primed": _primed,
}  # fmt: skip
