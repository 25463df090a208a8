"""What is claimed about the gradients and forms of the normalisations, proved."""

import numpy as np
import pytest
import sympy as sp

from reference.normalization import batch as batch_file
from reference.normalization import layer as layer_file
from reference.normalization import local_response as local_response_file
from reference.normalization import running as running_file
from reference.normalization import statistics
from reference.normalization.batch import batch_norm, batch_norm_evaluation
from reference.normalization.layer import group_norm, instance_norm, layer_norm, rms_norm
from reference.normalization.local_response import local_response_norm
from reference.normalization.statistics import moments
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from tests.normalization_symbols import (
    BETA,
    CHANNELS,
    COLUMN,
    COLUMN_CHANGE,
    EPS,
    FACTORS,
    GAMMA,
    ROW,
    ROW_CHANGE,
    SCALE,
    SHIFT,
    STATE,
    length_taken,
    roots_taken,
)
from tests.proofs import derivative, elements, equal, proves, proves_forms

POINTS = [
    (batch_norm, dict(x=COLUMN, gamma=GAMMA, beta=BETA), COLUMN_CHANGE, {}),
    (layer_norm, dict(x=ROW, gamma=SCALE, beta=SHIFT), ROW_CHANGE, {}),
    (instance_norm, dict(x=ROW[None], gamma=GAMMA, beta=BETA), ROW_CHANGE[None], {}),
    (group_norm, dict(x=COLUMN[None, :, 0], gamma=SCALE, beta=SHIFT), COLUMN_CHANGE[None, :, 0], dict(groups=1)),
    (rms_norm, dict(x=ROW, gamma=SCALE), ROW_CHANGE, {}),
]


@pytest.mark.parametrize(("entry", "arguments", "change", "options"), POINTS, ids=lambda e: getattr(e, "name", ""))
@proves("batch_norm", "gradient form for x")
@proves("batch_norm", "gradient form for gamma")
@proves("layer_norm", "gradient form for x")
@proves("layer_norm", "gradient form for gamma")
@proves("instance_norm", "gradient form for x")
@proves("instance_norm", "gradient form for gamma")
@proves("group_norm", "gradient form for x")
@proves("group_norm", "gradient form for gamma")
@proves("rms_norm", "gradient form for x")
def test_tape_and_gradient_forms_give_the_derivatives_that_sympy_gives(entry, arguments, change, options):
    options = options | dict(eps=EPS)
    simplify = length_taken if entry is rms_norm else roots_taken(arguments["x"])
    loss = np.sum(change * entry(**arguments, **options))
    taped = gradient(entry, arguments | options, list(arguments), [change])
    for name, array in arguments.items():
        truth = derivative(loss, array)
        assert equal(taped[name], truth, simplify)
        for form in (f for f in entry.gradient_forms if f.wrt == name):
            assert equal(form.function(change, *arguments.values(), **options), truth, simplify)


@proves_forms(batch_file.input_slope)
def test_a_channels_scale_may_be_multiplied_before_or_after():
    x, dy, gamma = Symbols.named("x", 2, 1, 1), Symbols.named("d", 2, 1, 1), Symbols.named("g", 1, 1, 1)
    before, after = (form(dy, gamma, x, EPS) for form in batch_file.input_slope.forms)
    assert equal(before, after, simplify=sp.expand)


@proves_forms(batch_file.scale_slope)
def test_a_channels_deviation_may_divide_each_term_or_their_sum():
    x, dy = Symbols.named("x", 2, 1, 1), Symbols.named("d", 2, 1, 1)
    each, at_the_end = (form(dy, x, EPS) for form in batch_file.scale_slope.forms)
    assert equal(each, at_the_end, simplify=sp.simplify)


@proves("batch_norm_evaluation", "gradient form for gamma")
def test_the_scales_gradient_with_fixed_statistics():
    x, dy = Symbols.named("x", 2, 2, 1), Symbols.named("d", 2, 2, 1)
    state = dict(running_mean=STATE[0], running_variance=Symbols.named("v", 2, positive=True))
    arguments = dict(x=x, gamma=Symbols.named("g", 2), beta=Symbols.named("b", 2), **state)
    loss = np.sum(dy * batch_norm_evaluation(**arguments, eps=EPS))
    (form,) = batch_norm_evaluation.gradient_forms
    made = form.function(dy, *arguments.values(), eps=EPS)
    assert equal(made, derivative(loss, arguments["gamma"]), simplify=sp.expand)
    taped = gradient(batch_norm_evaluation, arguments | dict(eps=EPS), batch_norm_evaluation.differentiable, [dy])
    for name, mine in taped.items():
        assert equal(mine, derivative(loss, arguments[name]), simplify=sp.expand)


def test_two_groups_have_gradients_of_their_own():
    """The gradient form over two groups, each of which then is a row of layer norm."""
    x, dy = Symbols.named("x", 1, 4, 1), Symbols.named("d", 1, 4, 1)
    gamma, beta = Symbols.named("g", 4), Symbols.named("b", 4)
    form = next(f for f in group_norm.gradient_forms if f.wrt == "x")
    made = form.function(dy, x, gamma, beta, groups=2, eps=EPS)
    alone = [form.function(dy[:, k], x[:, k], gamma[k], beta[k], groups=1, eps=EPS) for k in (np.s_[:2], np.s_[2:])]
    assert equal(made, np.concatenate(alone, axis=1), simplify=sp.expand)


def test_the_tape_follows_local_response():
    dy = Symbols.named("d", 1, 4, 1)
    options = dict(size=3, **FACTORS)
    loss = np.sum(dy * local_response_norm(CHANNELS, **options))
    taped = gradient(local_response_norm, dict(x=CHANNELS, **options), ["x"], [dy])["x"]
    at = {s: sp.Rational(3 + n, 7) for n, s in enumerate(sorted(loss.item().free_symbols, key=str))}
    for mine, truth in zip(elements(taped), elements(derivative(loss, CHANNELS)), strict=True):
        assert abs(sp.N((mine - truth).subs(at), 40)) < sp.Float("1e-30")


@pytest.mark.parametrize("freedom", [
    statistics.standardise, statistics.standardise_scale_shift, statistics.backwards, running_file.running,
    layer_file.by_root_mean_square, local_response_file.divided,
])  # fmt: skip
@proves_forms(statistics.standardise)
@proves_forms(statistics.standardise_scale_shift)
@proves_forms(statistics.backwards)
@proves_forms(running_file.running)
@proves_forms(layer_file.by_root_mean_square)
@proves_forms(local_response_file.divided)
def test_frameworks_may_choose_between_these_forms(freedom):
    count = freedom.forms[0].__code__.co_argcount
    symbols = [Symbols.named(f"s{i}", positive=True) for i in range(count)]
    first, *others = (form(*symbols) for form in freedom.forms)
    assert others
    assert all(equal(other, first) for other in others)


def test_moments_are_the_textbook_ones():
    mean, variance = moments(ROW, -1)
    e = elements(ROW)
    assert equal(mean, sum(e) / 3)
    assert equal(variance, sum(s**2 for s in e) / 3 - (sum(e) / 3) ** 2, simplify=sp.expand)
