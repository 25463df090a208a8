"""What is claimed about linear maps and what is built of them without a bend, proved."""

from itertools import permutations

import numpy as np
import pytest
import sympy as sp

from reference.functions import one_hot
from reference.linear import affine, classifier, embedding, graph, multilayer, systems
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from tests.proofs import derivative, elements, equal, holds, law, named, proves, proves_forms

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
