"""Each kind of node has one meaning in numbers."""

from __future__ import annotations

import math
from typing import Any

from conformance.notes.tree import Node
from conformance.notes.values import _VALUE, Evaluator
from conformance.notes.world import Undefined

STEPS = 32  # of an integral: smooth functions that near 0 at both ends are summed to the last digit


def _array(x: Any) -> bool:
    return hasattr(x, "shape") and getattr(x, "shape", ()) != ()


def _mul(e: Evaluator, n: Node) -> Any:
    left, right = n.parts
    inner = left.kind == "transpose" and not e.world.matrices and (e.varies(left) or e.varies(right))
    if inner and e.component is None:
        pairs = zip(e.components(left.parts[0]), e.components(right), strict=True)
        return sum(a * b for a, b in pairs)
    a, b = e.value(left), e.value(right)
    if _array(a) and _array(b) and n.value not in (r"\odot", "*"):
        return a @ b
    return a * b


def _div(e: Evaluator, n: Node) -> Any:
    under = e.value(n.parts[1])
    if _array(under):
        return e.value(n.parts[0]) / under
    if under == 0:
        raise Undefined("nothing is divided by 0")
    return e.value(n.parts[0]) / under


def _pow(e: Evaluator, n: Node) -> Any:
    base = e.value(n.parts[0])
    power = e.value(n.parts[1])
    if _array(base):
        return base**power
    if (base == 0 and power < 0) or abs(power) > 60:
        raise Undefined("a power")
    if base < 0 and power != round(power):
        raise Undefined("a root of what is below 0")
    return base**power


def _finite(x: Any) -> Any:
    """An infinite number stays what it is whatever joins it, so that nobody adds to it."""
    if isinstance(x, float) and math.isinf(x):
        raise Undefined("a sum with an infinite number")
    return x


def _sqrt(e: Evaluator, n: Node) -> Any:
    x = e.value(n.parts[0])
    if _array(x):
        import numpy as np

        if (x < 0).any():
            raise Undefined("a root of what is below 0")
        return np.sqrt(x)
    if x < 0:
        raise Undefined("a root of what is below 0")
    return math.sqrt(x)


def _norm(e: Evaluator, n: Node) -> Any:
    body, order = n.parts
    p = 2.0 if order.kind == "sym" and order.value == "F" else e.value(order)
    if e.varies(body) and e.component is None:
        return sum(abs(x) ** p for x in e.components(body)) ** (1 / p)
    x = e.value(body)
    if _array(x):
        return float((abs(x) ** p).sum() ** (1 / p))
    # the norm of what has no elements here is told from others by its order, and from the thing itself
    return abs(x) * (1.07 + 0.1 * (p - 2))


def _abs(e: Evaluator, n: Node) -> Any:
    inner = n.parts[0]
    if inner.kind == "sym" and inner.value.startswith("cal "):
        return e.name(inner._replace(value=inner.value))
    return abs(e.value(inner))


def _integral(e: Evaluator, n: Node) -> Any:
    low, high, body = n.parts
    if (low is None) != (high is None):
        raise Undefined("an integral with one limit")
    first = e.value(low) if low is not None else -math.inf
    last = e.value(high) if high is not None else math.inf
    a = {-math.inf: -6.0, math.inf: 6.0}.get(first, first)
    b = {math.inf: 6.0, -math.inf: -6.0}.get(last, last)
    was = e.bound.get(n.value)
    total = 0.0
    try:
        for k in range(STEPS + 1):
            e.bound[n.value] = a + (b - a) * k / STEPS
            total += e.value(body) * (0.5 if k in (0, STEPS) else 1.0)
    finally:
        if was is None:
            e.bound.pop(n.value, None)
        else:
            e.bound[n.value] = was
    return total * (b - a) / STEPS


def _expect(e: Evaluator, n: Node) -> Any:
    """Three values of what is random, each with noise above and below."""
    was = e.chance
    body = n.parts[0]
    total, squares = 0.0, 0.0
    try:
        for i in range(3):
            for j in range(2):
                e.chance = (i, j)
                x = e.value(body)
                total += x / 6
                squares += x * x / 6
    finally:
        e.chance = was
    if n.value == "E":
        return total
    if n.value == "Var":
        return squares - total * total
    if n.value == "Bias" and "hat f" in e.world.arity:
        return total - e.world.at("f", ())
    raise Undefined(n.value)


def _slope(e: Evaluator, n: Node) -> Any:
    """By differences on both sides, twice as fine the second time."""
    variable, body = n.parts
    if variable.kind != "sym":
        raise Undefined("a derivative by no name")
    index = tuple(e.index(part) for part in variable.parts)
    if not index and variable.value in e.bound:
        raise Undefined("a derivative by what is bound")
    key = e.reading.led(variable.value, variable, index)
    here = e.world.at(*key)
    if isinstance(here, int):
        raise Undefined("a derivative by what is counted")
    was = e.world.given.get(key)
    outer, e.deriving = e.deriving, True

    def at(x: float) -> Any:
        e.world.given[key] = x
        return e.value(body)

    try:
        h = 1e-3
        wide, narrow = (at(here + h) - at(here - h)) / (2 * h), (at(here + h / 2) - at(here - h / 2)) / h
        h /= 4
        narrower = (at(here + h) - at(here - h)) / (2 * h)
    finally:
        e.deriving = outer
        if was is None:
            e.world.given.pop(key, None)
        else:
            e.world.given[key] = was
    first, second = (4 * narrow - wide) / 3, (4 * narrower - narrow) / 3
    return (16 * second - first) / 15


def _cases(e: Evaluator, n: Node) -> Any:
    pairs = list(zip(n.parts[::2], n.parts[1::2], strict=True))
    found = [e.value(value) for value, condition in pairs if condition.kind != "text" and e.holds(condition)]
    if any(value != found[0] for value in found):
        raise Undefined("two cases at once")
    found += [e.value(value) for value, condition in pairs if condition.kind == "text"]
    if not found:
        raise Undefined("none of the cases")
    return found[0]


def _softmax(e: Evaluator, body: Node, index: Any) -> float:
    inputs = e.components(body)
    top = max(inputs)
    was, e.component = e.component, index
    try:
        one = e.value(body)
    finally:
        e.component = was
    return math.exp(one - top) / sum(math.exp(x - top) for x in inputs)


def _index(e: Evaluator, n: Node) -> Any:
    base = n.parts[0]
    index = e.index(n.parts[-1])
    if base.kind == "call" and base.value in ("softmax", "logsoftmax", "sigmoid"):
        found = _softmax(e, base.parts[0], index)
        return math.log(found) if base.value == "logsoftmax" else found
    if base.kind == "apply":
        return e.world.at(e.reading.led(base.value, base, ())[0], (index,))
    if not e.varies(base):
        return e.value(base)
    was, e.component = e.component, index
    try:
        return e.value(base)
    finally:
        e.component = was


def _gradient(e: Evaluator, n: Node) -> Any:
    """The gradient of a function that nobody knows, where its argument is."""
    inside = e.value(n.parts[0])
    return e.world.curve("∇", (inside,))


def _apply(e: Evaluator, n: Node) -> Any:
    index = tuple(e.index(part) for part in n.parts if part.kind not in ("rel", "tuple", "set"))
    name = e.reading.led(n.value, n, index)[0] if e.reading.names else n.value
    if "hat f" in e.world.arity and name in ("f", "hat f"):
        if any(part.kind != "sym" for part in n.parts):
            raise Undefined("an estimate elsewhere than where it is asked for")
        return e.estimated(name)
    if name == "f" and not e.world.smooth and not e.world.sequence and len(index) == 1:
        return e.world.curve("f", (float(index[0]),))
    return e.world.at(name, index)


def _call(e: Evaluator, n: Node) -> Any:
    from conformance.notes.functions import called

    return called(e, n)


def _where(e: Evaluator, n: Node) -> Any:
    if n.value == "exists" or len(n.parts) != 3:
        raise Undefined("where something exists")
    value, condition, other = n.parts
    return e.value(value) if e.holds(condition) else e.value(other)


def _binom(e: Evaluator, n: Node) -> Any:
    a, b = e.value(n.parts[0]), e.value(n.parts[1])
    if a != int(a) or b != int(b) or a < 0 or b < 0:
        raise Undefined("a binomial coefficient")
    return math.comb(int(a), int(b))


def _transposed(e: Evaluator, n: Node) -> Any:
    x = e.value(n.parts[0])
    return x.T if _array(x) else x


def _floor(e: Evaluator, x: Any) -> Any:
    """Steps hide most differences: outside of indices they are rounded off, as far as a floor of x + 1 is one more."""
    if e.exact:
        return math.floor(x + 1e-12)
    return x - 0.3 - 0.1 * math.sin(2 * math.pi * x)


def _factorial(e: Evaluator, n: Node) -> Any:
    x = e.value(n.parts[0])
    if x != int(x) or not 0 <= x < 20:
        raise Undefined("a factorial")
    return math.factorial(int(x))


_VALUE |= {
    "num": lambda _, n: n.value,
    "sym": lambda e, n: e.name(n),
    "add": lambda e, n: _finite(e.value(n.parts[0])) + _finite(e.value(n.parts[1])),
    "sub": lambda e, n: _finite(e.value(n.parts[0])) - _finite(e.value(n.parts[1])),
    "neg": lambda e, n: -e.value(n.parts[0]),
    "mul": _mul, "div": _div, "pow": _pow, "sqrt": _sqrt, "norm": _norm, "abs": _abs, "int": _integral,
    "sum": lambda e, n: e.over(n), "prod": lambda e, n: e.over(n),
    "max": lambda e, n: e.over(n), "min": lambda e, n: e.over(n),
    "expect": _expect, "slope": _slope, "cases": _cases, "index": _index, "gradient": _gradient, "apply": _apply,
    "call": _call, "where": _where, "binom": _binom, "transpose": _transposed, "factorial": _factorial,
    "floor": lambda e, n: _floor(e, e.value(n.parts[0])),
    "ceil": lambda e, n: -_floor(e, -e.value(n.parts[0])),
    "mod": lambda e, n: e.value(n.parts[0]) % e.value(n.parts[1]),
    "holds": lambda e, n: 1.0 if e.holds(n.parts[0]) else 0.0,
    "label": lambda e, n: e.value(n.parts[0]),
    "tuple": lambda e, n: sum((e.value(part) for part in n.parts[1:]), e.value(n.parts[0])),  # a row of blocks
}  # fmt: skip
