"""What is claimed about the weights that a network begins with, proved."""

from itertools import product

import numpy as np
import sympy as sp

from reference.linear import initialization
from reference.number_systems.exact import Exact
from reference.number_systems.symbols import Symbols
from tests.proofs import holds, named, proves, rational_points


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
