"""What is claimed about the encoding of positions, proved."""

import sympy as sp

from reference.attention import positions as positions_file
from reference.attention.positions import sinusoidal_positions
from reference.number_systems.symbols import Symbols
from tests.proofs import elements, equal, law, proves, proves_forms

PLACES, OFFSET = Symbols.named("p", 2), Symbols.named("o", 1)
BASE = Symbols.named("b", positive=True)


@proves("sinusoidal_positions", "moving by some places is a rotation of each pair that does not depend on the place")
@proves("sinusoidal_positions", "all places lie on one sphere, whose squared radius is the number of pairs")
@proves("sinusoidal_positions", "the product of two places depends on their distance alone")
def test_a_distance_is_a_rotation():
    for pairs in (1, 2, 3):
        hyper = dict(pairs=pairs, base=BASE)
        sentence = "moving by some places is a rotation of each pair that does not depend on the place"
        left, right = law(sinusoidal_positions, sentence)(PLACES, OFFSET, **hyper)
        assert equal(left, right, simplify=lambda e: sp.expand(sp.expand_trig(sp.expand(e))))
        sentence = "all places lie on one sphere, whose squared radius is the number of pairs"
        assert equal(*law(sinusoidal_positions, sentence)(PLACES, **hyper), simplify=sp.trigsimp)
        sentence = "the product of two places depends on their distance alone"
        left, right = law(sinusoidal_positions, sentence)(PLACES[:1], PLACES[1:], OFFSET, **hyper)
        assert equal(left, right, simplify=whole_angles)


def whole_angles(e):
    """The expression in sines and cosines of single angles, with each sin² replaced by 1 - cos²."""
    e = sp.expand(sp.expand_trig(sp.expand(e)))
    for sine in e.atoms(sp.sin):
        free = sp.Dummy()
        e = sp.expand(e.subs(sine, free))
        e = sp.expand(sp.rem(e, free**2 - (1 - sp.cos(sine.args[0]) ** 2), free)).subs(free, sine)
    return sp.expand(e)


def test_the_slowest_of_two_pairs_has_the_root_of_the_base_as_wavelength():
    made = sinusoidal_positions(Symbols([1]), pairs=2, base=Symbols(10000))
    assert elements(made) == [sp.sin(1), sp.cos(1), sp.sin(sp.Rational(1, 100)), sp.cos(sp.Rational(1, 100))]


@proves_forms(positions_file.angle)
def test_a_frequency_is_an_inverse_wavelength():
    arguments = [Symbols.named(n, positive=True) for n in "pbe"]
    first, *others = (form(*arguments) for form in positions_file.angle.forms)
    assert all(equal(other, first) for other in others)
