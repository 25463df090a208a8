"""What is claimed about the normalisations, proved.

ε enters the symbolic proofs as r² - σ², so that the root of σ² + ε is the symbol r: an identity that holds for all r
and all inputs holds for all ε.
"""

import numpy as np
import pytest
import sympy as sp

from reference.normalization import batch as batch_file
from reference.normalization import layer as layer_file
from reference.normalization import local_response as local_response_file
from reference.normalization import statistics
from reference.normalization.batch import (
    batch_norm,
    batch_norm_cumulative,
    batch_norm_evaluation,
    batch_norm_gradient,
    batch_norm_running,
)
from reference.normalization.layer import group_norm, instance_norm, layer_norm, rms_norm
from reference.normalization.local_response import local_response_norm
from reference.normalization.statistics import moments
from reference.number_systems.exact import Exact
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from tests.proofs import derivative, elements, equal, law, proves, proves_forms, rational_points

R = sp.Symbol("r", positive=True)
EPS = Symbols.named("e", positive=True)
A, C = Symbols.named("a", positive=True), Symbols.named("c")
COLUMN, COLUMN_CHANGE = Symbols.named("x", 3, 1, 1), Symbols.named("d", 3, 1, 1)
ROW, ROW_CHANGE = Symbols.named("x", 1, 3), Symbols.named("d", 1, 3)
GAMMA, BETA = Symbols.named("g", 1), Symbols.named("b", 1)
SCALE, SHIFT = Symbols.named("g", 3), Symbols.named("b", 3)


def eps_for(x):
    """The ε that makes the root of variance plus ε the symbol r."""
    mean = sum(elements(x)) / x.size
    return R**2 - sp.expand(sum((e - mean) ** 2 for e in elements(x)) / x.size)


def unrooted(eps):
    """A simplification that puts in this ε and takes the roots, which are then perfect squares."""

    def root(power):
        return sp.powdenest(sp.factor(sp.expand(power.base)) ** power.exp, force=True)

    def simplify(e):
        e = sp.sympify(e).subs(EPS.item(), eps)
        e = e.replace(lambda p: p.is_Pow and p.exp.is_Rational and not p.exp.is_Integer, root)
        return sp.cancel(sp.together(e))

    return simplify


def roots_taken(x):
    return unrooted(eps_for(x))


# Batch --------------------------------------------------------------------------------------------


@proves("batch_norm", "each channel leaves with mean β")
@proves("batch_norm", "each channel leaves with variance γ²σ²/(σ² + ε)")
def test_a_channel_leaves_with_the_mean_and_variance_that_were_asked_for():
    for sentence in ("each channel leaves with mean β", "each channel leaves with variance γ²σ²/(σ² + ε)"):
        left, right = law(batch_norm, sentence)(COLUMN, GAMMA, BETA, eps=EPS)
        assert equal(left, right, simplify=roots_taken(COLUMN))


RESCALED = "scaling and shifting the input changes nothing, if ε is scaled by the square"


@proves("batch_norm", RESCALED)
@proves("batch_norm", "a negative scale flips the sign")
def test_the_scale_of_a_channel_does_not_matter_and_its_sign_does():
    left, right = law(batch_norm, RESCALED)(COLUMN, GAMMA, BETA, A, C, eps=EPS)
    assert equal(left, right, simplify=roots_taken(COLUMN))
    left, right = law(batch_norm, "a negative scale flips the sign")(COLUMN, GAMMA, BETA, eps=EPS)
    assert equal(left, right, simplify=roots_taken(COLUMN))


@proves("batch_norm", "a value alone in its channel becomes β, whatever it was")
def test_a_batch_of_one_forgets_its_input():
    sentence = "a value alone in its channel becomes β, whatever it was"
    x = Symbols.named("x", 1, 2, 1)
    assert equal(*law(batch_norm, sentence)(x, Symbols.named("g", 2), Symbols.named("b", 2), eps=EPS))


@proves("batch_norm_gradient", "the input's gradient sums to zero")
@proves("batch_norm_gradient", "along x̂ only γε(σ² + ε)^(-3/2) of the gradient is left")
def test_no_gradient_shifts_a_channel_and_hardly_any_scales_it():
    sentences = ("the input's gradient sums to zero", "along x̂ only γε(σ² + ε)^(-3/2) of the gradient is left")
    for sentence in sentences:
        left, right = law(batch_norm_gradient, sentence)(COLUMN_CHANGE, COLUMN, GAMMA, eps=EPS)
        assert equal(left, right, simplify=roots_taken(COLUMN))


def test_the_papers_gradient_is_the_derivative():
    loss = np.sum(COLUMN_CHANGE * batch_norm(COLUMN, GAMMA, BETA, eps=EPS))
    made = batch_norm_gradient(COLUMN_CHANGE, COLUMN, GAMMA, eps=EPS)
    for mine, array in zip(made, (COLUMN, GAMMA, BETA), strict=True):
        assert equal(mine, derivative(loss, array), simplify=roots_taken(COLUMN))


@proves("batch_norm_evaluation", "on the batch that the statistics are from it is what training computes")
def test_training_and_evaluation_agree_on_the_batch_itself():
    sentence = "on the batch that the statistics are from it is what training computes"
    x = Symbols.named("x", 2, 2, 1)
    assert equal(*law(batch_norm_evaluation, sentence)(x, Symbols.named("g", 2), Symbols.named("b", 2), eps=EPS))


STATE = (Symbols.named("m", 2), Symbols.named("v", 2))


@proves("batch_norm_running", "a momentum of 1 forgets everything before the batch")
@proves("batch_norm_running", "statistics that never change are approached by the factor 1 - α a batch")
def test_running_statistics_forget_geometrically():
    x = Symbols.named("x", 3, 2, 1)
    sentence = "a momentum of 1 forgets everything before the batch"
    assert equal(*law(batch_norm_running, sentence)(x, *STATE), simplify=sp.expand)
    sentence = "statistics that never change are approached by the factor 1 - α a batch"
    assert equal(*law(batch_norm_running, sentence)(x, *STATE, momentum=A), simplify=sp.expand)


@proves("batch_norm_cumulative", "after two batches it is the average of both")
def test_cumulative_statistics_weigh_all_batches_alike():
    one, two = Symbols.named("x", 2, 1, 1), Symbols.named("y", 2, 1, 1)
    sentence = "after two batches it is the average of both"
    assert equal(*law(batch_norm_cumulative, sentence)(one, two, Symbols.named("s", 1)), simplify=sp.expand)


def test_the_running_variance_is_the_unbiased_estimate():
    """Over all samples of two from a population, drawn with replacement, its mean is the population's variance."""
    population = [sp.Integer(n) for n in (0, 1, 5)]
    zero = Exact([0])
    drawn = [
        batch_norm_running(Exact([[[a]], [[b]]]), zero, zero, momentum=1)[1].item()
        for a in map(int, population)
        for b in map(int, population)
    ]
    mean = sp.Rational(sum(population), 3)
    assert sum(drawn) / len(drawn) == sum((x - mean) ** 2 for x in population) / 3


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


def length_taken(e):
    """As `unrooted`, with ε = r² less the mean square of the row."""
    return unrooted(R**2 - sum(s**2 for s in elements(ROW)) / 3)(e)


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

CHANNELS = Symbols.named("x", 1, 4, 1)
FACTORS = dict(alpha=A, beta=0.75, k=Symbols.named("k", positive=True))


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


# Gradients and forms ------------------------------------------------------------------------------

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
    statistics.standardise, statistics.standardise_scale_shift, statistics.backwards, batch_file.running,
    layer_file.by_root_mean_square, local_response_file.divided,
])  # fmt: skip
@proves_forms(statistics.standardise)
@proves_forms(statistics.standardise_scale_shift)
@proves_forms(statistics.backwards)
@proves_forms(batch_file.running)
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
