"""What is claimed about the activations, proved."""

from reference.activations.sigmoid import sigmoid
from reference.number_systems.symbols import Symbols
from tests.proofs import derivative, equal, law, proves

x = Symbols.named("x")


@proves("sigmoid", "opposite arguments give complementary values")
def test_opposite_arguments_give_complementary_values():
    assert equal(*law(sigmoid, "opposite arguments give complementary values")(x))


@proves("sigmoid", "gradient form for x")
def test_the_slope_of_sigmoid_follows_from_its_value():
    (form,) = sigmoid.gradient_forms
    assert equal(form.function(1, x), derivative(sigmoid(x), x))
