"""One function, many number systems: each says the same, or says clearly that it cannot."""

import flint
import numpy as np
import pytest
import sympy as sp
from numpy.lib.stride_tricks import sliding_window_view

from conformance.scenarios.carry import carried, over_balls, over_bounds
from reference.catalogue import CATALOGUE
from reference.number_systems import table
from reference.number_systems.balls import Balls
from reference.number_systems.exact import Exact
from reference.number_systems.rounded import Rounded
from reference.number_systems.rounded.format import float32, float64
from reference.number_systems.symbols import Symbols
from reference.number_systems.table import Numbers, UnsupportedOperation
from reference.number_systems.tape import Tape
from reference.number_systems.verdict import Verdict
from tests.proofs import digits, sample, small

SYSTEMS = {
    "balls": Balls,
    "exact": Exact,
    "symbols": Symbols,
    "rounded float32": lambda x: Rounded.of(np.asarray(x, dtype=float), float32),
    "rounded float64": lambda x: Rounded.of(np.asarray(x, dtype=float), float64),
    "tape": lambda x: Tape(np.asarray(x, dtype=float)),
    "tape over balls": lambda x: Tape(Balls(x)),
}

X = np.array([[0.5, -1.0, 2.0], [3.0, 0.25, -2.5]])
Y = np.array([[1.0, 2.0, 0.5], [-1.0, 4.0, 2.0]])
POSITIVE = np.abs(X)

SIMPLE = (
    np.negative, np.positive, np.absolute, np.square, np.sign, np.exp, np.expm1, np.tanh, np.sin, np.cos,
)  # fmt: skip

CALLS = {
    **{f: lambda f, n: f(n(POSITIVE), 2) for f in (np.power,)},
    **{f: lambda f, n: f(n(X), n(Y)) for f in (np.add, np.subtract, np.multiply, np.divide, np.maximum, np.minimum)},
    **{f: lambda f, n: f(n(X), n(Y)) for f in table.COMPARISONS},
    **{f: lambda f, n: f(n(X)) for f in SIMPLE},
    **{f: lambda f, n: f(n(POSITIVE)) for f in (np.sqrt, np.log, np.log1p)},
    **{f: lambda f, n: f(n(X) > n(Y), n(X) > 0) for f in table.LOGIC if f.nin == 2},
    **{f: lambda f, n: f(n(X) > n(Y)) for f in table.LOGIC if f.nin == 1},
    **{f: lambda f, n: f(n(X), axis=1) for f in table.REDUCTIONS},
    np.einsum: lambda f, n: f("ij,kj->ik", n(X), n(Y)),
    np.matmul: lambda f, n: f(n(X), n(Y.T)),
    np.dot: lambda f, n: f(n(X), n(Y[0])),
    np.reshape: lambda f, n: f(n(X), (3, 2)), np.ravel: lambda f, n: f(n(X)), np.transpose: lambda f, n: f(n(X)),
    np.swapaxes: lambda f, n: f(n(X), 0, 1), np.moveaxis: lambda f, n: f(n(X), 0, 1),
    np.expand_dims: lambda f, n: f(n(X), 1),
    np.squeeze: lambda f, n: f(n(X[:1])), np.broadcast_to: lambda f, n: f(n(X[0]), (4, 3)),
    np.concatenate: lambda f, n: f([n(X), n(Y), np.ones((1, 3))]), np.stack: lambda f, n: f([n(X), n(Y)], axis=1),
    np.pad: lambda f, n: f(n(X), ((1, 0), (2, 1))), np.flip: lambda f, n: f(n(X), axis=1),
    np.roll: lambda f, n: f(n(X), 2),
    np.repeat: lambda f, n: f(n(X), 2, axis=0), np.tile: lambda f, n: f(n(X), (2, 1)),
    np.take: lambda f, n: f(n(X), np.array([2, 0, 0]), axis=1),
    np.take_along_axis: lambda f, n: f(n(X), np.array([[2, 0], [1, 1]]), axis=1),
    np.diagonal: lambda f, n: f(n(X)), sliding_window_view: lambda f, n: f(n(X), (2, 2)),
    np.where: lambda f, n: f(X > 0, n(X), n(Y)), np.clip: lambda f, n: f(n(X), -1, 1),
    np.zeros_like: lambda f, n: f(n(X)), np.ones_like: lambda f, n: f(n(X)),
    np.shape: lambda f, n: f(n(X)), np.ndim: lambda f, n: f(n(X)), np.size: lambda f, n: f(n(X)),
}  # fmt: skip

# What has no meaning in a system, and is refused there by name
REFUSED = {
    "exact": {np.sqrt, np.exp, np.expm1, np.log, np.log1p, np.tanh, np.sin, np.cos},
    "symbols": {np.argmax, np.argmin},
}


def plain(x):
    """The result as float64, whatever system it is of."""
    match x:
        case Tape():
            return plain(x.value)
        case Rounded():
            return x.midpoint
        case Verdict():
            assert not x.undecided.any()
            return x.sure
        case Balls():
            return x.midpoints()
        case Numbers():
            return np.array(
                [
                    float(sp.N(e, 30)) if not isinstance(e, sp.logic.boolalg.Boolean) else bool(e)
                    for e in x.value.ravel()
                ]
            ).reshape(x.shape)
        case _:
            return np.asarray(x)


def test_every_function_of_the_table_has_a_call_here():
    assert set(CALLS) == set(table.TABLE)


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("function", table.TABLE, ids=table.name_of)
def test_the_function_means_the_same_in_every_system(function, system):
    call, make = CALLS[function], SYSTEMS[system]
    if function in REFUSED.get(system, ()):
        with pytest.raises(UnsupportedOperation, match=table.name_of(function).replace(".", r"\.")):
            call(function, make)
        return
    expected = np.asarray(call(function, np.asarray))
    found = plain(call(function, make))
    assert found.shape == expected.shape
    # four significant places: the bounds themselves are tested elsewhere, this is about meaning
    assert np.array_equal(np.round(found.astype(float), 4), np.round(expected.astype(float), 4))


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(
    ("name", "attempt"),
    {
        r"np\.arctan": np.arctan,
        r"np\.var": np.var,
        r"np\.prod": np.prod,
        r"np\.add\.reduce": np.add.reduce,
        r"np\.sort": np.sort,
        "plain number": float,
        "plain number.*": lambda x: np.asarray(x),
        r"np\.add with out=": lambda x: np.add(x, x, out=np.zeros((2, 3))),
        "constant_values=": lambda x: np.pad(x, 1, constant_values=3),
    }.items(),
)
def test_anything_else_is_refused_by_the_name_of_the_operation_and_of_the_system(system, name, attempt):
    x = SYSTEMS[system](X)
    with pytest.raises(UnsupportedOperation, match=name) as refusal:
        attempt(x)
    assert type(x).system in str(refusal.value)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_number_without_dimensions_stays_in_its_system(system):
    make = SYSTEMS[system]
    root = np.sum(make(POSITIVE)) * make(np.array(2.0))
    assert isinstance(root, Numbers)
    assert root.shape == ()
    assert isinstance(np.maximum(root, 0), Numbers)
    assert isinstance(make(X)[0, 1], Numbers)


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=lambda e: e.name)
def test_every_equation_says_the_same_in_every_system(entry):
    generator = np.random.default_rng(11)
    for _ in range(3):
        values = sample(entry.domain, generator, lanes=3, fmt=float32)
        with np.errstate(all="ignore"):
            doubles = parts(entry(**values))
            taped = parts(entry(**carried(entry.domain, values, Tape, lambda x: x)))
        truth = parts(entry(**over_balls(entry.domain, values)))
        for fmt in (float32, float64):
            bounded = parts(entry(**over_bounds(entry.domain, values, fmt)))
            for b, t in zip(bounded, truth, strict=True):
                assert agrees(b, t), (entry.name, fmt.name)
        # float64 itself is an honest machine: what NumPy computes lies within float64's bounds
        for b, t, d in zip(bounded, truth, doubles, strict=True):
            assert within_bound(b, t, d), (entry.name, b, d)
        for b, t, x in zip(bounded, truth, taped, strict=True):
            assert within_bound(b, t, plain(x)), (entry.name, b, x)


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=lambda e: e.name)
def test_every_equation_can_be_written_in_symbols_and_those_over_the_rationals_in_fractions(entry):
    values = sample(small(entry.domain), np.random.default_rng(5), lanes=2)
    reals = small(entry.domain).real_arrays()
    values = {k: np.round(4 * v) / 4 if k in reals else v for k, v in values.items()}
    values = {
        k: max(v, 0.25) if isinstance(v, float) and getattr(entry.domain[k], "low", None) == 0 else v
        for k, v in values.items()
    }
    truth = parts(entry(**over_balls(entry.domain, values)))
    defined = all(x.is_finite() for t in truth if isinstance(t, Balls) for x in t.value.ravel())
    if not (defined and all(_fits(entry.domain[k], v) for k, v in values.items())):
        values = sample(small(entry.domain), np.random.default_rng(5), lanes=2)
        truth = parts(entry(**over_balls(entry.domain, values)))
    for make in (digits, Exact):  # sixty digits for symbols, so that the expressions of whole networks stay small
        try:
            made = parts(entry(**carried(entry.domain, values, make, make)))
        except UnsupportedOperation:
            continue
        except ZeroDivisionError:
            continue
        for m, t in zip(made, truth, strict=True):
            if not isinstance(m, Numbers) or not isinstance(t, Balls):
                continue
            for element, ball in zip(m.value.ravel(), t.value.ravel(), strict=True):
                value = sp.sympify(element)
                if value.has(sp.Dummy) or value.has(sp.nan, sp.zoo, sp.oo):
                    value = value.subs(dict.fromkeys(value.free_symbols, 0))
                number = sp.N(value, 50)
                if number.is_real:
                    assert ball.overlaps(_ball(number)), (entry.name, element, ball)


def _fits(argument, value):
    kind = getattr(argument, "kind", argument)
    return not hasattr(kind, "holds") or bool(np.all([kind.holds(x) for x in np.ravel(value)]))


def _ball(number):
    middle = flint.arb(str(number))
    return middle + flint.arb(0, 1e-40) * (1 + abs(middle))


def parts(made):
    return made if isinstance(made, tuple) else (made,)


def agrees(bounded, truth):
    """Whether the nominal value of a bounded result lies within the bound around the truth."""
    if not isinstance(bounded, Rounded):
        return isinstance(bounded, Numbers) or np.array_equal(plain(truth), np.asarray(bounded))
    return within_bound(bounded, truth, bounded.midpoint)


def within_bound(bounded, truth, computed):
    if not isinstance(bounded, Rounded):
        return True
    if not isinstance(truth, Balls):
        truth = Balls(np.broadcast_to(np.asarray(truth, dtype=float), bounded.shape))
    finite = np.isfinite(bounded.bound) & np.isfinite(bounded.midpoint)
    computed = np.broadcast_to(np.asarray(computed, dtype=float), bounded.shape)
    error = np.array(
        [
            float(abs(t - float(c)).lower()) if np.isfinite(c) and t.is_finite() else np.inf
            for t, c in zip(truth.value.ravel(), computed.ravel(), strict=True)
        ]
    )
    return bool((error.reshape(bounded.shape) <= bounded.bound)[finite].all())
