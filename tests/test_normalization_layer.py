"""What is claimed about the normalisations within a sample, proved."""

import numpy as np
import sympy as sp

from reference.normalization.layer import group_norm, layer_norm, rms_norm
from reference.normalization.local_response import local_response_norm
from reference.number_systems.exact import Exact
from reference.number_systems.symbols import Symbols
from tests.normalization_symbols import (
    CHANNELS,
    EPS,
    FACTORS,
    ROW,
    SCALE,
    SHIFT,
    A,
    C,
    eps_for,
    length_taken,
    roots_taken,
    unrooted,
)
from tests.proofs import equal, law, proves, rational_points

# Layer, instance, group and root mean square ------------------------------------------------------


@proves("layer_norm", "without scale and shift each row has mean 0 and variance σ²/(σ² + ε)")
def test_a_row_leaves_centred():
    sentence = "without scale and shift each row has mean 0 and variance σ²/(σ² + ε)"
    assert equal(*law(layer_norm, sentence)(ROW, eps=EPS), simplify=roots_taken(ROW))


@proves("layer_norm", "scaling and shifting a row changes nothing, if ε is scaled by the square")
def test_the_scale_of_a_row_does_not_matter():
    sentence = "scaling and shifting a row changes nothing, if ε is scaled by the square"
    left, right = law(layer_norm, sentence)(ROW, SCALE, SHIFT, A, C, eps=EPS)
    assert equal(left, right, simplify=roots_taken(ROW))


@proves("layer_norm", "a row does not know the others")
def test_a_row_does_not_know_the_others():
    rows = Symbols.named("x", 2, 3)
    assert equal(*law(layer_norm, "a row does not know the others")(rows, SCALE, SHIFT, eps=EPS))


@proves("group_norm", "a group for each channel is instance norm")
@proves("group_norm", "one group has the statistics of layer norm over channels and places")
def test_group_norm_lies_between_layer_and_instance_norm():
    x = Symbols.named("x", 1, 2, 2)
    gamma, beta = Symbols.named("g", 2), Symbols.named("b", 2)
    sentence = "a group for each channel is instance norm"
    assert equal(*law(group_norm, sentence)(x, gamma, beta, eps=EPS), simplify=sp.expand)
    sentence = "one group has the statistics of layer norm over channels and places"
    assert equal(*law(group_norm, sentence)(x, eps=EPS), simplify=sp.expand)


@proves("rms_norm", "scaling a row changes nothing, if ε is scaled by the square")
def test_the_length_of_a_row_does_not_matter():
    sentence = "scaling a row changes nothing, if ε is scaled by the square"
    assert equal(*law(rms_norm, sentence)(ROW, SCALE, A, eps=EPS), simplify=length_taken)


@proves("rms_norm", "a row of mean 0 becomes what layer norm makes of it")
def test_root_mean_square_is_layer_norm_of_centred_rows():
    x, y = (Symbols.named(n) for n in "xy")
    row = np.stack([x, y, -x - y])[None]
    left, right = law(rms_norm, "a row of mean 0 becomes what layer norm makes of it")(row, SCALE, eps=EPS)
    assert equal(left, right, simplify=unrooted(eps_for(row)))


# Local response -----------------------------------------------------------------------------------


@proves("local_response_norm", "the sign of the input is the sign of the output")
def test_local_response_keeps_signs():
    x = rational_points(np.random.default_rng(1), 2, 4, 3)
    for size in (1, 3, 5):
        sentence = "the sign of the input is the sign of the output"
        assert equal(*law(local_response_norm, sentence)(x, size=size, alpha=Exact(2), beta=2, k=Exact(3)))


@proves("local_response_norm", "the first channel hears no channel beyond half the size")
@proves("local_response_norm", "without α only a constant factor is left")
def test_local_response_is_local():
    for size in (1, 3, 5):
        sentence = "the first channel hears no channel beyond half the size"
        assert equal(*law(local_response_norm, sentence)(CHANNELS, size=size, **FACTORS))
        sentence = "without α only a constant factor is left"
        assert equal(*law(local_response_norm, sentence)(CHANNELS, size=size, **FACTORS | dict(alpha=Symbols(0))))


def test_the_window_is_centred():
    x, k, a = Exact(np.arange(1, 6).reshape(1, 5, 1)), Exact(1), Exact(0.5)
    made = local_response_norm(x, size=3, alpha=a, beta=Exact(1), k=k)
    for i in range(5):
        heard = sum(x[0, j, 0] ** 2 for j in range(max(0, i - 1), min(4, i + 1) + 1))
        assert equal(made[0, i, 0], x[0, i, 0] / (k + a * heard))
