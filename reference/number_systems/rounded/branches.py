"""Choices between uncertain numbers: comparisons with three answers, and the hull of both sides where one is undecided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reference.number_systems.rounded.carrier import Rounded, carried, magnitude, middle
from reference.number_systems.rounded.freedom import not_additive, open_choice
from reference.number_systems.rounded.meeting import candidates, meeting
from reference.number_systems.table import clipped
from reference.number_systems.verdict import Verdict, tally

INF = np.inf


def _gap(a: Any, b: Any) -> tuple[np.ndarray, np.ndarray, Rounded]:
    a, b = meeting(a, b)
    not_additive(a, b)
    gap = np.asarray(middle(a.value - b.value))
    return gap, (a.bound + b.bound) * (1 + 2.0**-50), a


def _comparison(judge: Callable[[Any, Any], tuple[Any, Any]]) -> Callable[..., Any]:
    def rule(a: Any, b: Any) -> Any:
        gap, reach, home = _gap(a, b)
        sure, possible = judge(gap, reach)
        doubt = np.isnan(gap) | (reach == INF)
        sure, possible = sure & ~doubt, possible | doubt
        return sure if np.array_equal(sure, possible) else Verdict(sure, possible, home)

    return rule


def where(condition: Any, yes: Any, no: Any) -> Rounded:
    """One side where the answer is known; else a value with a bound that covers both sides."""
    yes, no = candidates(yes, no)
    known = yes.nonnegative and no.nonnegative
    common = dict(host=yes.host, nonnegative=known or None)
    if not isinstance(condition, Verdict):
        value = np.where(condition, yes.value, no.value)
        err = np.where(condition, yes.bound, no.bound)
        return Rounded(value, err, yes.fmt, exact=(yes.exact and no.exact) or not err.any(), **common)
    likely = condition.sure | (condition.possible & (yes.bound > no.bound))
    value = np.where(likely, yes.value, no.value)
    err = np.where(likely, yes.bound, no.bound)
    open_ = condition.undecided
    hull = (magnitude(yes.value - no.value) + yes.bound + no.bound) * (1 + 2.0**-50)
    tally(int(np.broadcast_to(open_, np.shape(err)).sum()))
    err = np.where(open_, np.where(np.isnan(hull), INF, hull), err)
    return Rounded(value, err, yes.fmt, **common)


def between(nominal: Rounded, one: Any, other: Any) -> Rounded:
    """A bound that reaches from the nominal number to both ends."""
    open_choice()
    nominal, one, other = meeting(nominal, one, other)
    ends = [magnitude(end.value - nominal.value) + end.bound for end in (one, other)]
    err = np.maximum(np.maximum(*ends), nominal.bound) * (1 + 2.0**-50)
    return Rounded(nominal.value, np.where(np.isnan(err), INF, err), nominal.fmt, host=nominal.host)


def _as_loser(x: Rounded, direction: int) -> np.ndarray:
    """How far a number may reach towards winning: one that overflowed the other way reaches no further for that."""
    return x.bound if x.over is None else np.where(x.over & (direction * x.midpoint > 0), INF, x.err)


def _larger(direction: int) -> Callable[..., Rounded]:
    ufunc = np.maximum if direction > 0 else np.minimum

    def rule(a: Any, b: Any) -> Rounded:
        a, b = candidates(a, b)
        not_additive(a, b)
        ea, eb = a.bound, b.bound
        gap = direction * (a.midpoint - b.midpoint)
        reach = (_as_loser(a, direction) + _as_loser(b, direction)) * (1 + 2.0**-50)
        err = np.where(gap > reach, ea, np.where(-gap > reach, eb, np.maximum(ea, eb)))
        err = np.where(reach == INF, INF, err)
        known = (a.nonnegative or b.nonnegative) if direction > 0 else (a.nonnegative and b.nonnegative)
        value = ufunc(a.value, b.value)
        return Rounded(value, err, a.fmt, host=a.host, exact=a.exact and b.exact, nonnegative=known or None)

    return rule


def _extreme(direction: int) -> Callable[..., Rounded]:
    function = np.max if direction > 0 else np.min

    def rule(x: Rounded, axis: Any = None, keepdims: bool = False) -> Rounded:
        (x,) = meeting(x)
        not_additive(x)
        found: Any = function(x.value, axis=axis, keepdims=keepdims)
        value = np.asarray(found) if isinstance(found, np.generic) else found
        err = np.asarray(np.max(x.bound, axis=axis, keepdims=keepdims))
        return Rounded(value, err, x.fmt, host=x.host, exact=x.exact, nonnegative=x.nonnegative or None)

    return rule


def sign(a: Rounded) -> Rounded:
    (a,) = meeting(a)
    not_additive(a)
    x, e = a.midpoint, a.bound
    low, high = np.sign(x - e), np.sign(x + e)
    err = np.where(e == 0, 0.0, np.where(np.isfinite(e), high - low, INF))
    tally(int((err > 0).sum()))
    return Rounded(np.sign(a.value), err, a.fmt, host=a.host, exact=not err.any())


def _position(direction: int) -> Callable[..., Any]:
    function = np.argmax if direction > 0 else np.argmin

    def rule(x: Rounded, axis: Any = None, keepdims: bool = False) -> Any:
        """The position of the largest; where several may be it, the first of the nominal ones and a bound to the others."""
        (x,) = meeting(x)
        not_additive(x)
        if axis is None:
            answer = rule(x.reshape(-1), 0, True)
            return answer.reshape((1,) * x.ndim if keepdims else ())
        point, e, line = x.midpoint, x.bound, axis
        nominal = function(point, axis=line, keepdims=True)
        best = np.take_along_axis(point, nominal, line)
        reach = (e + np.take_along_axis(e, nominal, line)) * (1 + 2.0**-50)
        places = np.moveaxis(
            np.broadcast_to(np.arange(point.shape[line]), np.moveaxis(point, line, -1).shape), -1, line
        )
        open_ = (direction * (best - point) <= reach) & (reach > 0) | (reach == INF)
        last = np.max(np.where(open_, places, nominal), axis=line, keepdims=keepdims)
        err = 1.0 * last - np.min(np.where(open_, places, nominal), axis=line, keepdims=keepdims)
        answer = function(point, axis=line, keepdims=keepdims)
        if not np.any(err):
            return answer
        tally(int(np.sum(err > 0)))
        return Rounded(carried(answer * 1.0, x.fmt), err, x.fmt)

    return rule


RULES: dict[Any, Callable[..., Any]] = {
    np.greater: _comparison(lambda gap, reach: (gap > reach, gap > -reach)),
    np.greater_equal: _comparison(lambda gap, reach: (gap >= reach, gap >= -reach)),
    np.less: _comparison(lambda gap, reach: (gap < -reach, gap < reach)),
    np.less_equal: _comparison(lambda gap, reach: (gap <= -reach, gap <= reach)),
    np.equal: _comparison(lambda gap, reach: ((gap == 0) & (reach == 0), np.abs(gap) <= reach)),
    np.not_equal: _comparison(lambda gap, reach: (np.abs(gap) > reach, (gap != 0) | (reach > 0))),
    np.where: where, np.maximum: _larger(1), np.minimum: _larger(-1), np.max: _extreme(1), np.min: _extreme(-1),
    np.sign: sign, np.argmax: _position(1), np.argmin: _position(-1), np.clip: clipped,
}  # fmt: skip
