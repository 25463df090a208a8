"""What is claimed about perceptrons, networks of them and classifiers, proved."""

from itertools import product

import numpy as np
import pytest
import sympy as sp

from reference.activations.sigmoid import through_the_bend
from reference.linear import affine, approximation, classifier, multilayer, perceptron
from reference.number_systems.exact import Exact
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from tests.proofs import derivative, elements, equal, holds, law, named, proves, proves_forms, rational_points

# Perceptrons -----------------------------------------------------------------------------------------


@proves("perceptron", "a common positive factor of weights and bias changes nothing")
def test_a_perceptron_knows_directions_only():
    generator, f = np.random.default_rng(0), perceptron.perceptron
    sentence = "a common positive factor of weights and bias changes nothing"
    for shapes in ((1, 1), (3, 2)):
        x, w = Symbols.named("x", *shapes), Symbols.named("w", shapes[1])
        b, scale = Symbols.named("b", 1), Symbols.named("s", positive=True)
        scaled, plain = (sp.sympify(elements(side)[0]) for side in law(f, sentence)(x, w, b, scale))
        # Both are 1 where a sum is positive, and the sums differ by the positive factor only.
        sums = [branch.args[0][1].gts - branch.args[0][1].lts for branch in (scaled, plain)]
        assert sp.expand(sums[0] - scale.item() * sums[1]) == 0
    points = [rational_points(generator, *shape) for shape in ((9, 2), (2,), (1,))]
    assert holds(f, sentence, *points, Exact(7) / Exact(3))


@proves("perceptron", "some unit computes the table of two bits")
def test_one_unit_computes_fourteen_of_the_sixteen_tables():
    sentence = "some unit computes the table of two bits"
    found = {table: holds(perceptron.perceptron, sentence, table) for table in product((0, 1), repeat=4)}
    assert [table for table, one in found.items() if not one] == [(0, 1, 1, 0), (1, 0, 0, 1)]


def test_no_unit_at_all_computes_exclusive_or():
    w, b = named(w=(2,), b=(1,))
    p, q, r, s = elements(affine.affine(perceptron.CORNERS, w[None, :], b))
    # Where (p, s) are above 0 and (q, r) are not, or the other way round, the equal sums p + s and q + r would differ.
    assert sp.expand((p + s) - (q + r)) == 0


@proves("logic_gate", "the weights give the gates' tables")
@proves("exclusive_nor", "two layers give the table 1, 0, 0, 1")
def test_the_gates_are_their_tables():
    for gate in perceptron.WEIGHTS:
        assert holds(perceptron.logic_gate, "the weights give the gates' tables", gate=gate)
    assert holds(perceptron.exclusive_nor, "two layers give the table 1, 0, 0, 1")
    p, q = perceptron.CORNERS.T
    assert np.array_equal(perceptron.exclusive_nor.dialects["exclusive or"](p, q), p ^ q)


# Networks --------------------------------------------------------------------------------------------

NETWORK = dict(x=(2, 2), W1=(2, 2), b1=(2,), W2=(1, 2), b2=(1,))


@proves("multilayer_perceptron", "gradient form for x")
@proves("multilayer_perceptron", "gradient form for W1")
@proves("multilayer_perceptron", "gradient form for b1")
@proves("multilayer_perceptron", "gradient form for W2")
def test_backpropagation_is_the_chain_rule():
    network = {name: Symbols.named(name, *shape) for name, shape in NETWORK.items()}
    y = multilayer.multilayer_perceptron(**network)
    dy = Symbols.named("dy", *y.shape)
    taped = gradient(multilayer.multilayer_perceptron, network, list(network), (dy,))
    assert len(multilayer.multilayer_perceptron.gradient_forms) == 4
    for form in multilayer.multilayer_perceptron.gradient_forms:
        backwards = form.function(dy, *network.values())
        assert equal(backwards, derivative(np.sum(y * dy), network[form.wrt]))
        assert equal(backwards, taped[form.wrt])
    last = multilayer.backpropagation(*(network[k] for k in ("x", "W1", "b1", "W2")), dy)[4]
    assert equal(last, derivative(np.sum(y * dy), network["b2"]))


@proves("multilayer_perceptron", "exchanging two hidden units changes nothing")
@proves("backpropagation", "the slopes of several samples add up")
def test_hidden_units_have_no_order_and_samples_add():
    x, W1, b1, W2, b2 = (Symbols.named(name, *shape) for name, shape in NETWORK.items())
    sentence = "exchanging two hidden units changes nothing"
    assert holds(multilayer.multilayer_perceptron, sentence, x, W1, b1, W2, b2)
    dy = Symbols.named("dy", 2, 1)
    assert holds(multilayer.backpropagation, "the slopes of several samples add up", x, W1, b1, W2, dy)


def test_the_parameters_of_a_network_are_those_of_its_layers():
    shapes = {k: v for k, v in NETWORK.items() if k != "x"}
    assert multilayer.multilayer_parameters([2, 2, 1]) == sum(np.prod(s) for s in shapes.values())
    assert multilayer.multilayer_parameters([784, 100, 10]) == 79_510


# Approximation ---------------------------------------------------------------------------------------

CHORD = "between two knots it is the chord: at a part s of the gap, (1 - s) and s of the two values"


@proves("rectifier_interpolant", CHORD)
def test_the_interpolant_is_the_polygon():
    a, values = named(a=(1,), v=(4,))
    gaps = Symbols.named("d", 3, positive=True)
    part, rest = Symbols.named("s", positive=True), Symbols.named("r", positive=True)
    s = part / (part + rest)  # any number between 0 and 1
    for k in range(3):
        assert holds(approximation.rectifier_interpolant, CHORD, a, gaps, values, s, k=k, simplify=sp.simplify)


@proves("rectifier_interpolant", "its error on a gap is at most what the function changes there")
@pytest.mark.parametrize("function", [lambda t: t**3, np.abs, lambda t: 1 / (1 + t**2)], ids=["cubic", "abs", "witch"])
def test_the_interpolant_meets_its_modulus_of_continuity(function):
    # For all functions it follows from the chord: |f(t) - (1-s)v - s w| <= (1-s)|f(t) - v| + s|f(t) - w|.
    gaps = Exact([1, 2, 1]) / Exact([2, 3, 4])
    sentence = "its error on a gap is at most what the function changes there"
    for k, s in product(range(3), range(8)):
        at = Exact(s) / Exact(7)
        assert holds(approximation.rectifier_interpolant, sentence, function, Exact([-1]), gaps, at, k=k)


def test_the_interpolants_error_vanishes_with_its_gaps():
    t = np.linspace(0, 1, 501)
    for K in (4, 16, 64):
        values = np.sqrt(np.arange(K + 1) / K)
        made = approximation.rectifier_interpolant(t, np.zeros(1), np.full(K, 1 / K), values)
        assert np.max(np.abs(made - np.sqrt(t))) <= np.sqrt(1 / K)


@proves("quadratic_network", "three steps apart, its third difference is 0, which of t³ is 6")
@proves("rectifier_interpolant", "a layer of four units goes through four samples of a cubic")
def test_squares_do_not_approximate():
    t, w, b, c = named(t=(), w=(3,), b=(3,), c=(3,))
    sentence = "three steps apart, its third difference is 0, which of t³ is 6"
    assert holds(approximation.quadratic_network, sentence, t, w, b, c)
    x = t.item()
    assert sp.expand((x + 3) ** 3 - 3 * (x + 2) ** 3 + 3 * (x + 1) ** 3 - x**3) == 6
    samples = "a layer of four units goes through four samples of a cubic"
    assert holds(approximation.rectifier_interpolant, samples)


# Classifiers -----------------------------------------------------------------------------------------


@proves("sum_of_distances", "gradient form for W")
@proves("sum_of_distances", "moving the image and the points alike changes nothing")
def test_distances_do_not_depend_on_the_origin_and_pull_with_force_one():
    W, x, points, step = named(W=(2, 2), x=(2,), p=(2, 2), s=(2,))
    sentence = "moving the image and the points alike changes nothing"
    assert holds(classifier.sum_of_distances, sentence, W, x, points, step)
    (form,) = classifier.sum_of_distances.gradient_forms
    assert equal(form.function(1, W, x, points), derivative(classifier.sum_of_distances(W, x, points), W))


@proves("binary_decision", "it is whether the score is positive")
def test_one_half_of_the_probability_is_a_score_of_zero():
    s, q = Symbols.named("s"), sp.Symbol("q", positive=True)  # s = log q reaches every real number
    sides = law(classifier.binary_decision, "it is whether the score is positive")(s)
    for side in sides:
        (one, fires), (zero, otherwise) = side.item().args
        assert (one, zero, otherwise) == (1, 0, True)
        where = fires.subs(s.item(), sp.log(q)).simplify()
        assert sp.solveset(where, q, sp.Interval.open(0, sp.oo)) == sp.Interval.open(1, sp.oo)


@proves("predicted_class", "it is the place of the largest score")
def test_softmax_keeps_the_order_of_the_scores():
    sentence = "it is the place of the largest score"
    every = np.array(list(product((-1.0, 0.0, 1.0, 2.0), repeat=4)))  # every order of four scores, and every tie
    assert holds(classifier.predicted_class, sentence, every)
    x, y, rest = sp.symbols("x y r", positive=True)  # e to two scores, and the sum of the others
    assert sp.factor(x / (x + y + rest) - y / (x + y + rest)) == (x - y) / (x + y + rest)


@proves_forms(through_the_bend)
def test_the_slope_of_a_bend_is_multiplied_in_any_order():
    dh, h = Symbols.named("d", 2), Symbols.named("h", 2)
    first, *others = (form(dh, h) for form in through_the_bend.forms)
    assert all(equal(first, other, simplify=sp.expand) for other in others)
