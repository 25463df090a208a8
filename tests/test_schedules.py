"""What is claimed about the schedules, proved."""

from fractions import Fraction

import sympy as sp

from reference.number_systems.exact import Exact
from reference.number_systems.symbols import Symbols
from reference.schedules.cycles import cosine_annealing, cosine_restarts, cyclic_rate, one_cycle
from reference.schedules.decays import (
    chained_rate,
    exponential_decay,
    falling,
    inverse_time_decay,
    multiplicative_decay,
    multistep_decay,
    polynomial_decay,
    scaled,
    step_decay,
)
from reference.schedules.epochs import training_iterations, updates_per_epoch
from reference.schedules.plateau import reduce_on_plateau
from reference.schedules.warmups import linear_warmup
from tests.proofs import equal, law, proves, proves_forms

lr, top, gamma, low, start, end = (
    Symbols.named(s, positive=True) for s in ("lr", "top", "gamma", "low", "start", "end")
)


@proves_forms(scaled)
def test_a_power_is_the_chain_of_its_factors():
    closed, chained = scaled.forms
    assert all(equal(closed(lr, gamma, n), chained(lr, gamma, n)) for n in range(6))


@proves_forms(falling)
def test_the_share_that_is_left_is_divided_first_or_last_or_taken_from_one():
    left, total, power = (Symbols.named(s, positive=True) for s in ("left", "total", "power"))
    first, last, printed = (form(lr, left, total, power) for form in falling.forms)
    assert equal(first, last)
    assert equal(first, printed)


@proves("updates_per_epoch", "1000 samples make 10 batches of 100 and 100 batches of 10")
def test_the_notes_count_of_updates():
    assert equal(*law(updates_per_epoch, "1000 samples make 10 batches of 100 and 100 batches of 10")())


@proves("updates_per_epoch", "leaving out the last batch changes nothing")
def test_the_last_batch_is_whole_exactly_where_the_batch_size_divides():
    sides = law(updates_per_epoch, "leaving out the last batch changes nothing")
    for samples in range(1, 30):
        for batch in range(1, 30):
            kept, dropped = sides(samples=samples, batch=batch)
            assert (kept == dropped) == (samples % batch == 0)
            assert kept == len(range(0, samples, batch))


@proves("training_iterations", "10 epochs of 1000 samples in batches of 10 are 10 cycles of 100 updates")
def test_the_notes_count_of_iterations():
    assert equal(*law(training_iterations, "10 epochs of 1000 samples in batches of 10 are 10 cycles of 100 updates")())


@proves("training_iterations", "5 samples in batches of 2 are 3 updates an epoch, the last with one sample")
def test_the_smaller_batch_counts_too():
    sides = law(training_iterations, "5 samples in batches of 2 are 3 updates an epoch, the last with one sample")
    assert all(equal(*sides(epochs=epochs)) for epochs in (1, 2, 5))


@proves("step_decay", "the next rate is γ times this one where S divides the next epoch, else the same")
def test_the_staircase_goes_down_at_multiples():
    sides = law(step_decay, "the next rate is γ times this one where S divides the next epoch, else the same")
    assert all(equal(*sides(lr, epoch=t, size=s, gamma=gamma)) for t in range(7) for s in (1, 2, 3))


@proves("multistep_decay", "milestones at all multiples of S are the staircase")
def test_the_staircase_is_a_list_of_milestones():
    sides = law(multistep_decay, "milestones at all multiples of S are the staircase")
    assert all(equal(*sides(lr, epoch=t, size=s, gamma=gamma)) for t in range(7) for s in (1, 2, 3))


@proves("exponential_decay", "the next rate is γ times this one")
@proves("exponential_decay", "the rates up to epoch t add up to η₀(1 - γᵗ⁺¹)/(1 - γ)")
def test_exponential_decay_is_a_geometric_sequence():
    for claim in exponential_decay.claims:
        assert all(equal(*claim(lr, epoch=t, gamma=gamma), sp.expand) for t in range(6))


@proves("inverse_time_decay", "the inverse of the rate grows by δ/η₀ an epoch")
def test_the_inverse_of_the_rate_is_a_line():
    t = sp.Symbol("t", integer=True, nonnegative=True)
    assert equal(*law(inverse_time_decay, "the inverse of the rate grows by δ/η₀ an epoch")(lr, epoch=t, decay=gamma))


def test_the_inverse_time_rates_meet_robbins_and_monros_conditions():
    t = sp.Symbol("t", integer=True)
    rate = inverse_time_decay(1, epoch=t, decay=1)
    assert sp.Sum(rate, (t, 0, sp.oo)).is_convergent() == sp.false
    assert sp.Sum(rate**2, (t, 0, sp.oo)).is_convergent() == sp.true


@proves("polynomial_decay", "with p = 1 the steps down are equal")
def test_the_first_power_is_a_straight_line():
    sides = law(polynomial_decay, "with p = 1 the steps down are equal")
    for total in (1, 2, 5):
        assert all(equal(*sides(lr, epoch=t, total=Exact(total).item(), power=1)) for t in range(total))


@proves("multiplicative_decay", "equal factors are the exponential decay")
def test_equal_factors_are_the_exponential_decay():
    sides = law(multiplicative_decay, "equal factors are the exponential decay")
    for epochs in range(4):
        assert equal(*sides(lr, Symbols.of([gamma.item()] * epochs) if epochs else gamma.reshape(1)[:0], gamma=gamma))


@proves("chained_rate", "it is one schedule with the products of the factors")
def test_chained_schedules_multiply():
    first, second = Symbols.named("a", 3, positive=True), Symbols.named("b", 3, positive=True)
    assert equal(*law(chained_rate, "it is one schedule with the products of the factors")(lr, first, second))


@proves("linear_warmup", "it starts at φη₀ and ends at ψη₀")
def test_a_line_has_two_ends():
    sides = law(linear_warmup, "it starts at φη₀ and ends at ψη₀")
    assert all(equal(*sides(lr, total=total, start=start, end=end)) for total in (1, 4))


@proves("linear_warmup", "the next rate is this one times 1 + (ψ - φ)/(φT + (ψ - φ)t)")
def test_the_chained_form_of_the_line():
    sides = law(linear_warmup, "the next rate is this one times 1 + (ψ - φ)/(φT + (ψ - φ)t)")
    assert all(equal(*sides(lr, epoch=t, total=5, start=start, end=end)) for t in range(5))


@proves("cosine_annealing", "the rates at t and T - t lie equally far from the middle")
def test_the_cosine_is_symmetric():
    total, t = sp.symbols("T t", integer=True, positive=True)
    sides = law(cosine_annealing, "the rates at t and T - t lie equally far from the middle")
    assert equal(*sides(lr, epoch=t, total=total, low=low))


@proves("cosine_annealing", "the next distance from the lowest rate is this one times the quotient of their 1 + cos")
def test_the_chained_form_of_the_cosine():
    total, t = sp.symbols("T t", integer=True, positive=True)
    sentence = "the next distance from the lowest rate is this one times the quotient of their 1 + cos"
    sides = law(cosine_annealing, sentence)
    assert equal(*sides(lr, epoch=t, total=total, low=low))


@proves("cosine_restarts", "the i-th restart comes after T₀(1 + f + ... + fⁱ⁻¹) epochs and gives the first rate back")
def test_restarts_give_the_first_rate_back():
    sentence = "the i-th restart comes after T₀(1 + f + ... + fⁱ⁻¹) epochs and gives the first rate back"
    for first in (1, 2, 5):
        for factor in (1, 2, 3):
            sides = law(cosine_restarts, sentence)
            assert all(equal(*sides(lr, first=first, factor=factor, low=low, i=i)) for i in range(4))


@proves("cyclic_rate", "over whole cycles the mean is the mean of both rates")
def test_the_mean_of_a_triangle_is_its_middle():
    sides = law(cyclic_rate, "over whole cycles the mean is the mean of both rates")
    for up in (1, 2, 3):
        for down in (1, 4):
            for begin in (0, 2):
                whole = dict(start=begin, epochs=2 * (up + down), up=Fraction(up), down=Fraction(down))
                assert equal(*sides(Exact(1), Exact(Fraction(9, 2)), **whole))


@proves("one_cycle", "it begins at top/div, reaches the top at step W and ends at top/(div·final)")
def test_the_one_cycle_has_three_corners():
    sides = law(one_cycle, "it begins at top/div, reaches the top at step W and ends at top/(div·final)")
    assert all(equal(*sides(top, warm=warm, total=9, div=start, final=end)) for warm in (1, 4, 7))


@proves("one_cycle", "after a third of the rise it has risen by a quarter of it")
def test_the_rise_is_a_cosine():
    sides = law(one_cycle, "after a third of the rise it has risen by a quarter of it")
    assert all(equal(*sides(top, third=third, total=9, div=start, final=end)) for third in (1, 2))


@proves("reduce_on_plateau", "a loss that never gets better lowers the rate once in P + 1 epochs")
def test_a_plateau_lowers_the_rate_at_regular_intervals():
    sides = law(reduce_on_plateau, "a loss that never gets better lowers the rate once in P + 1 epochs")
    half = Fraction(1, 2)
    for patience in range(4):
        for epochs in range(9):
            losses = [Exact(1 + n % 3) for n in range(epochs)]
            assert equal(*sides(Exact(1), Exact(2), losses, patience=patience, factor=half, threshold=half))
