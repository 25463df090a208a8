"""What is claimed about linear maps, perceptrons and what is built of them, proved."""

from itertools import permutations, product

import numpy as np
import pytest
import sympy as sp

from reference.functions import one_hot
from reference.linear import (
    affine,
    approximation,
    classifier,
    embedding,
    graph,
    initialization,
    multilayer,
    perceptron,
    systems,
)
from reference.number_systems.exact import Exact
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from tests.proofs import derivative, elements, equal, law, proves, proves_forms, rational_points


def holds(equation, sentence, *args, simplify=sp.expand, **hyper):
    """Whether the two sides of a claim are identical."""
    return equal(*law(equation, sentence)(*args, **hyper), simplify=simplify)


def named(**shapes):
    """Symbols by name, each with its shape."""
    return [Symbols.named(name, *shape) for name, shape in shapes.items()]


# Maps ------------------------------------------------------------------------------------------------


@proves("linear_map", "the image is the combination of the columns, scaled by the inputs")
@proves("linear_map", "it is linear")
def test_a_matrix_combines_its_columns():
    W, a, x, c, y = named(W=(3, 2), a=(), x=(2,), c=(), y=(2,))
    assert holds(affine.linear_map, "the image is the combination of the columns, scaled by the inputs", W, x)
    assert holds(affine.linear_map, "it is linear", W, a, x, c, y)


@proves("linear_map", "there are as many basis vectors as outputs")
def test_a_matrix_has_as_many_basis_vectors_as_columns():
    for n in (1, 2, 3):
        assert holds(affine.linear_map, "there are as many basis vectors as outputs", Symbols.named("W", n, n))
    assert sp.Matrix(Symbols.named("W", 3, 2).value).rank() == 2


@proves("affine", "mixtures stay mixtures")
@proves("affine", "it is linear")
@proves("affine", "opposite corners of a parallelogram have equal sums: why one unit cannot tell the diagonals apart")
def test_affine_maps_keep_mixtures_and_parallelograms():
    a, x, y, u, W, b = named(a=(), x=(2, 2), y=(2, 2), u=(2, 2), W=(2, 2), b=(2,))
    assert holds(affine.affine, "mixtures stay mixtures", a, x, y, W, b)
    assert holds(affine.affine, "it is linear", a, x, W, 0 * b)
    corners = "opposite corners of a parallelogram have equal sums: why one unit cannot tell the diagonals apart"
    assert holds(affine.affine, corners, x, y, u, W, b)


def test_the_two_conventions_are_transposes():
    x, W, b = named(x=(2, 2), W=(2, 2), b=(2,))
    assert equal(affine.affine.dialects["a row for each input"](x, W, b), affine.affine(x, W.T, b))


@proves("affine_stack", "the stack is the one affine map with weights W2 W1 and bias W2 b1 + b2")
@proves("affine_stack", "a stack with rectifiers between is affine too")
def test_a_stack_of_affine_maps_is_one():
    x, W1, b1, W2, b2 = named(x=(2, 2), W=(3, 2), b=(3,), V=(2, 3), c=(2,))
    sentence = "the stack is the one affine map with weights W2 W1 and bias W2 b1 + b2"
    assert holds(affine.affine_stack, sentence, x, W1, b1, W2, b2)
    left, right = law(affine.affine_stack, "a stack with rectifiers between is affine too")(Symbols.named("x", 1, 1))
    (difference,) = (sp.sympify(a) - b for a, b in zip(elements(left), elements(right), strict=True))
    assert sp.simplify(difference.rewrite(sp.Piecewise)) == 0


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


# Systems ---------------------------------------------------------------------------------------------


@proves("least_squares", "it solves the normal equations")
@proves("least_squares", "it solves the equations")
@proves("inconsistency", "it is the squared residual of least squares times det AᵀA")
@proves("inconsistency", "it is 0")
def test_four_equations_in_two_unknowns_are_solved_where_the_rank_stays():
    A, b, c = named(A=(3, 2), b=(3,), c=(2,))
    assert holds(systems.least_squares, "it solves the normal equations", A, b, simplify=sp.cancel)
    assert holds(systems.inconsistency, "it is 0", A, A @ c)
    sentence = "it is the squared residual of least squares times det AᵀA"
    assert holds(systems.inconsistency, sentence, A, b, simplify=sp.cancel)
    four, d = named(A=(4, 2), c=(2,))
    assert holds(systems.least_squares, "it solves the equations", four, four @ d, simplify=sp.cancel)
    assert holds(systems.inconsistency, "it is 0", four, four @ d)


def test_four_equations_in_two_unknowns_have_no_answer_in_general():
    matrix = sp.Matrix(np.concatenate([Symbols.named("A", 4, 2), Symbols.named("b", 4)[:, None]], axis=1).value)
    assert (matrix[:, :2].rank(), matrix.rank()) == (2, 3)


# Graphs ----------------------------------------------------------------------------------------------


@proves("graph_propagation", "both bracketings are equal")
@proves("graph_propagation", "renaming the nodes renames the result")
@proves("graph_propagation", "each node sums over its neighbours, weighted by the edges")
@proves_forms(graph.gathered)
def test_graph_propagation_does_not_depend_on_brackets_or_names():
    A, X, W = named(A=(3, 3), X=(3, 2), W=(2, 2))
    assert holds(graph.graph_propagation, "both bracketings are equal", A, X, W)
    assert holds(graph.graph_propagation, "each node sums over its neighbours, weighted by the edges", A, X, W)
    for order in permutations(range(3)):
        assert holds(graph.graph_propagation, "renaming the nodes renames the result", A, X, W, order=list(order))
    first, second = (form(A, X, W) for form in graph.gathered.forms)
    assert equal(first, second, simplify=sp.expand)


# Embeddings ------------------------------------------------------------------------------------------


@proves("embedding", "it is the one-hot vectors times the table")
@proves("embedding_gradient", "it is the gradient of the lookup: <dy, E[w]> = <dE, E>")
@proves("bert_embedding", "the order of the words does not matter")
def test_a_lookup_is_a_product_with_one_hot_vectors():
    E, dy, T, S, P = named(E=(4, 2), dy=(3, 2), T=(4, 2), S=(2, 2), P=(1, 2))
    words = np.array([2, 0, 2])
    assert holds(embedding.embedding, "it is the one-hot vectors times the table", words, E)
    sentence = "it is the gradient of the lookup: <dy, E[w]> = <dE, E>"
    assert holds(embedding.embedding_gradient, sentence, words, dy, E, padding=1)
    found = gradient(lambda E: embedding.embedding(words, E), dict(E=E), ["E"], (dy,))["E"]
    assert equal(found, embedding.embedding_gradient(words, dy, E, padding=3), simplify=sp.expand)
    alike, sentences = np.concatenate([P] * 3), np.array([0, 1, 1])
    assert holds(embedding.bert_embedding, "the order of the words does not matter", words, sentences, T, alike, S)
    assert np.array_equal(one_hot(words, 4).sum(axis=0), [1, 0, 2, 0])


def test_the_padding_word_learns_nothing():
    dy = Symbols.named("dy", 3, 1)
    dE = embedding.embedding_gradient(np.array([1, 0, 1]), dy, Symbols.named("E", 4, 1), padding=1)
    assert equal(dE, [[dy[1, 0].item()], [0], [0], [0]], simplify=sp.expand)


# First weights ---------------------------------------------------------------------------------------


@proves("signal_variance", "it is E[y²] for independent weights of σ or -σ, y being the weighted sum")
@proves("signal_variance", "half of it is left after a rectifier, which He's doubled variance makes up for")
@proves("signal_variance", "with Var w = 1/n_in the mean square of the signal is kept")
def test_the_variance_of_a_weighted_sum():
    f, deviation = initialization.signal_variance, Symbols.named("s", positive=True)
    for n in (1, 2, 3):
        x = Symbols.named("x", n)
        sentence = "it is E[y²] for independent weights of σ or -σ, y being the weighted sum"
        assert holds(f, sentence, x, deviation=deviation)
        kept = "with Var w = 1/n_in the mean square of the signal is kept"
        assert holds(f, kept, Exact(np.arange(1, n + 1)) if n != 3 else Exact([0, 3, 5, 1]))
        half = "half of it is left after a rectifier, which He's doubled variance makes up for"
        assert holds(f, half, rational_points(np.random.default_rng(n), n), deviation=Exact(2) / Exact(3))


@proves("uniform_weights", "their variance is (h - l)²/12")
@proves("normal_weights", "their variance is σ²")
def test_the_variances_of_the_draws():
    low, high, mean = sp.symbols("l h m", real=True)
    deviation = sp.Symbol("s", positive=True)
    assert holds(initialization.uniform_weights, "their variance is (h - l)²/12", low=low, high=high)
    assert holds(initialization.normal_weights, "their variance is σ²", mean=mean, deviation=deviation)


@proves("xavier_uniform", "at the ends of the interval the square is three times the variance 2/(n_in + n_out)")
@proves("xavier_normal", "with as many outputs as inputs it is LeCun's variance 1/n_in, which keeps the signal")
@proves("he_normal", "their mean square is 2/n_in times that of z")
def test_the_scales_of_xavier_and_he():
    (z,) = named(z=(2,))
    ends = "at the ends of the interval the square is three times the variance 2/(n_in + n_out)"
    for inputs, outputs in product((1, 2, 3), repeat=2):
        assert holds(initialization.xavier_uniform, ends, Symbols([1]), inputs=inputs, outputs=outputs)
        equals = "with as many outputs as inputs it is LeCun's variance 1/n_in, which keeps the signal"
        assert holds(initialization.xavier_normal, equals, z, inputs=inputs)
        assert holds(initialization.he_normal, "their mean square is 2/n_in times that of z", z, inputs=inputs)


@proves("orthogonal_weights", "it keeps the length of every vector")
def test_orthonormal_columns_keep_every_length():
    sentence = "it keeps the length of every vector"
    x = Symbols.named("x", 2)
    for A in ([[1, 2], [2, 1]], [[1, 0], [1, 1], [0, 1]], [[3, -1], [0, 5], [4, 2]]):
        assert holds(initialization.orthogonal_weights, sentence, Symbols(np.array(A)), x, simplify=sp.simplify)
    (A,) = named(A=(2, 2))
    Q = initialization.orthogonal_weights(A)
    assert sp.simplify((Q[:, 0] @ Q[:, 1]).item()) == 0
    assert sp.simplify((Q[:, 0] @ Q[:, 0]).item()) == 1


# Gradients -------------------------------------------------------------------------------------------

WORDS = dict(words=np.array([1, 0, 1]))
DIFFERENTIABLE = [
    (affine.linear_map, dict(W=(2, 3), x=(3,)), {}),
    (affine.affine, dict(x=(2, 3), W=(2, 3), b=(2,)), {}),
    (affine.affine_stack, dict(x=(1, 2), W1=(2, 2), b1=(2,), W2=(1, 2), b2=(1,)), {}),
    (multilayer.multilayer_perceptron, dict(x=(1, 2), W1=(2, 2), b1=(2,), W2=(1, 2), b2=(1,)), {}),
    (classifier.sum_of_distances, dict(W=(2, 1), x=(1,), points=(2, 2)), {}),
    (graph.graph_propagation, dict(A=(2, 2), X=(2, 1), W=(1, 2)), {}),
    (embedding.embedding, dict(E=(2, 2)), WORDS),
    (embedding.bert_embedding, dict(T=(2, 1), P=(3, 1), S=(2, 1)), WORDS | dict(sentences=np.array([0, 0, 1]))),
]


@pytest.mark.parametrize(("entry", "shapes", "rest"), DIFFERENTIABLE, ids=lambda v: getattr(v, "name", ""))
def test_the_gradients_are_those_of_sympy(entry, shapes, rest):
    arrays = {name: Symbols.named(name, *shape) for name, shape in shapes.items()}
    y = entry(**arrays, **rest)
    dy = Symbols.named("dy", *y.shape)
    found = gradient(lambda **a: entry(**a, **rest), arrays, list(entry.differentiable), (dy,))
    assert entry.differentiable == tuple(shapes)
    for name, array in arrays.items():
        assert equal(found[name], derivative(np.sum(y * dy), array)), name
