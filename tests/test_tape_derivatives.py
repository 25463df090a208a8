"""The tape's gradient is the derivative: SymPy says the same for all values."""

import inspect

import numpy as np
import pytest
import sympy as sp
from flint import arb

from conformance.scenarios.carry import carried, over_balls
from reference.catalogue import CATALOGUE
from reference.functions import erf, settled, shift, windows
from reference.number_systems.balls import Balls
from reference.number_systems.symbols import Symbols
from reference.number_systems.table import UnsupportedOperation
from reference.number_systems.tape import ADJOINTS, Tape, gradient
from tests.proofs import derivative, digits, equal, sample, small, within

FUNCTIONS = {
    "sums and products": lambda x, y: np.sum(x * y - y / x + 3 * x),
    "powers": lambda x, y: np.sum(x**3 + y**-2 + np.square(x) + x**0 + x**1),
    "a real power": lambda x, y: np.sum(np.power(x, y)),
    "roots and logarithms": lambda x, y: np.sum(np.sqrt(x) * np.log(y) + np.log1p(x)),
    "exponentials": lambda x, y: np.sum(np.exp(x) * np.expm1(y)),
    "waves": lambda x, y: np.sum(np.sin(x) * np.cos(y) + np.tanh(x) + erf(y)),
    "matrix products": lambda x, y: np.sum((x @ y.T) * np.einsum("ij,kj->ki", y, x).T),
    "an index that only one operand has": lambda x, y: np.sum(np.einsum("ij,kl->il", x, y)),
    "means": lambda x, y: np.mean(x * np.mean(y, axis=0)) + np.sum((x - np.mean(x)) ** 2),
    "broadcasting": lambda x, y: np.sum(x * y[:1] + y[:, :1]),
    "moving": lambda x, y: np.sum(np.roll(np.flip(x, axis=1), 1) * np.transpose(y).reshape(2, 2)),
    "joining": lambda x, y: np.sum(np.concatenate([x, y, x])[1:4] ** 2) + np.sum(np.stack([x, y])[1] * x),
    "padding and windows": lambda x, y: np.sum(np.einsum("abij,ij->ab", windows(np.pad(x, 1), (2, 2)), y) ** 2),
    "repeated indices": lambda x, y: np.sum(x[np.array([0, 1, 1])] * y[np.array([1, 1, 0])]),
    "a settled sum": lambda x, y: np.sum(settled(x + y) * x),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_reverse_mode_over_symbols_is_the_derivative(name):
    x, y = Symbols.named("x", 2, 2, positive=True), Symbols.named("y", 2, 2, positive=True)
    f = FUNCTIONS[name]
    g = gradient(f, {"x": x, "y": y}, ["x", "y"])
    whole = f(x, y)
    assert equal(g["x"], derivative(whole, x))
    assert equal(g["y"], derivative(whole, y))


def test_every_adjoint_is_exercised_or_piecewise():
    assert {np.maximum, np.minimum, np.absolute, np.sign, np.negative, np.positive} <= set(ADJOINTS)


@pytest.mark.parametrize(
    ("f", "x", "slope"),
    [
        (lambda x: np.maximum(x, 1), [0.0, 1.0, 2.0], [0.0, 0.5, 1.0]),
        (lambda x: np.minimum(x, 1), [0.0, 1.0, 2.0], [1.0, 0.5, 0.0]),
        (lambda x: np.max(x), [2.0, 2.0, 1.0], [0.5, 0.5, 0.0]),
        (lambda x: np.min(x), [2.0, 1.0, 3.0], [0.0, 1.0, 0.0]),
        (lambda x: np.abs(x), [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]),
        (lambda x: np.sign(x), [-2.0, 0.0, 2.0], [0.0, 0.0, 0.0]),
        (lambda x: -(+x), [1.0, 2.0, 3.0], [-1.0, -1.0, -1.0]),
        (lambda x: np.where(x > 1, x**2, 0 * x), [0.0, 1.0, 2.0], [0.0, 0.0, 4.0]),
        (lambda x: np.clip(x, 0.5, 1.5), [0.0, 1.0, 2.0], [0.0, 1.0, 0.0]),
        (lambda x: x - shift(np.max(x)), [1.0, 2.0, 3.0], [1.0, 1.0, 1.0]),
    ],
)
def test_kinks_and_choices_have_the_stated_slope(f, x, slope):
    assert np.array_equal(gradient(f, {"x": np.array(x)}, ["x"])["x"], slope)


def test_the_tape_knows_the_second_derivative():
    x = Symbols.named("x", 2)
    first = lambda x: gradient(lambda x: np.sum(x**3 * np.exp(x)), {"x": x}, ["x"])["x"]  # noqa: E731
    second = gradient(first, {"x": x}, ["x"])["x"]
    assert equal(second, Symbols.of(np.array([sp.diff(s**3 * sp.exp(s), s, 2) for s in x.value], dtype=object)))


def test_an_output_without_a_cotangent_is_left_out():
    x = np.array([1.0, 2.0])
    g = gradient(lambda x: (x**2, x**3), {"x": x}, ["x"], (None, np.ones(2)))
    assert np.array_equal(g["x"], 3 * x**2)


def test_an_unused_argument_has_a_gradient_of_zeros():
    assert np.array_equal(gradient(lambda x, y: np.sum(x), {"x": np.ones(2), "y": np.ones(3)}, ["y"])["y"], np.zeros(3))


def test_an_operation_without_an_adjoint_is_an_error_not_a_constant():
    with pytest.raises(UnsupportedOperation, match=r"np\.arctan.*Tape"):
        gradient(lambda x: np.sum(np.arctan(x)), {"x": np.ones(2)}, ["x"])


def test_the_gradient_of_a_long_recurrence_does_not_hit_a_recursion_limit():
    def recurrence(x):
        for _ in range(3000):
            x = x * 0.999
        return np.sum(x)

    assert gradient(recurrence, {"x": np.ones(1)}, ["x"])["x"][0] < 1


DIFFERENTIABLE = [e for e in CATALOGUE.values() if e.differentiable]


@pytest.mark.parametrize("entry", DIFFERENTIABLE, ids=lambda e: e.name)
def test_the_gradient_over_balls_is_what_sympy_derives(entry):
    """Along one coordinate of each argument: everything else is a number, so that whole networks stay small."""
    generator = np.random.default_rng(3)
    while True:
        values = sample(small(entry.domain), generator, lanes=2)
        made = entry(**over_balls(entry.domain, values))
        outputs = made if isinstance(made, tuple) else (made,)
        if all(x.is_finite() for o in outputs if isinstance(o, Balls) for x in o.value.ravel()):
            break  # where nothing is undefined, such as the average over nothing
    wrt = [name for name in entry.differentiable if values[name].size]
    tapes = gradient(entry.function, over_balls(entry.domain, values), wrt)
    numbers = carried(entry.domain, values, digits, Symbols)
    for name in wrt:
        place = tuple(int(generator.integers(n)) for n in values[name].shape)
        ball = tapes[name].value[place]
        if not ball.is_finite():
            continue
        s = sp.Symbol("s", real=True)
        moving = numbers[name].value.copy()
        moving[place] = s
        with within():
            made = entry(**(numbers | {name: Symbols.of(moving)}))
            whole = sp.Add(*(made[0] if isinstance(made, tuple) else made).value.ravel())
            slope = sp.diff(whole, s).subs(dict.fromkeys(whole.atoms(sp.Dummy), 0))
            exact = sp.N(slope.subs(s, sp.Float(float(values[name][place]), 60)).doit(), 40)
        # SymPy computed with sixty digits; the ball is far narrower than the forty that are compared
        assert ball.overlaps(arb(str(exact)) + arb(0, 1e-30) * (1 + abs(arb(str(exact))))), (
            entry.name,
            name,
            ball,
            exact,
        )


STATED = [stated for entry in CATALOGUE.values() for stated in (entry, *entry.dialects.values())]
WITH_FORMS = [(stated, form) for stated in STATED for form in stated.gradient_forms]
DOMAINS = {id(stated): entry.domain for entry in CATALOGUE.values() for stated in (entry, *entry.dialects.values())}


@pytest.mark.parametrize(("entry", "form"), WITH_FORMS, ids=lambda x: getattr(x, "name", None) or x.wrt)
def test_every_gradient_form_encloses_the_same_number_as_the_tape(entry, form):
    generator = np.random.default_rng(4)
    for _ in range(3):
        values = over_balls(DOMAINS[id(entry)], sample(DOMAINS[id(entry)], generator, lanes=3))
        made = entry(**values)
        outputs = made if isinstance(made, tuple) else (made,)
        cotangents = tuple(Balls(generator.normal(size=o.shape)) for o in outputs)
        keywords = {n for n, p in inspect.signature(entry.function).parameters.items() if p.kind is p.KEYWORD_ONLY}
        positional = [v for n, v in values.items() if n not in keywords]
        direct = form.function(*cotangents, *positional, **{n: values[n] for n in values if n in keywords})
        taped = gradient(entry.function, values, [form.wrt], cotangents)[form.wrt]
        assert taped.overlaps(direct).all(), (entry.name, form.wrt)


def test_a_tape_over_a_tape_belongs_to_the_outer_one():
    inner = Tape(np.ones(2))
    outer = Tape(inner, rank=11)
    assert (outer * inner).rank == 11
