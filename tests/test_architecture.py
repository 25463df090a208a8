"""What is claimed about architectures, proved."""

import numpy as np
import pytest
import sympy as sp

from reference.architecture import alexnet, lenet, residual, resnet, vgg
from reference.number_systems.exact import Exact
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from tests.proofs import derivative, equal, law, proves, rational_points


def holds(equation, sentence, *args, simplify=sp.simplify, **hyper):
    """Whether the two sides of a claim are identical."""
    return equal(*law(equation, sentence)(*args, **hyper), simplify=simplify)


# Counts ----------------------------------------------------------------------------------------------


@proves("lenet_5_parameters", "they are 61,706, the first layer having 156")
@proves("lenet_5_parameters", "in colour they are 300 more, 62,006")
@proves("lenet_5_shapes", "400 numbers reach the dense layers")
def test_lenet():
    assert holds(lenet.lenet_5_parameters, "they are 61,706, the first layer having 156")
    assert holds(lenet.lenet_5_parameters, "in colour they are 300 more, 62,006")
    assert np.sum(lenet.lenet_5_parameters(channels=3)) == 62_006
    published = lenet.lenet_5_parameters.dialects["as published"](channels=1)
    assert list(published) == [156 + 12, 1516 + 32, 48_120, 10_164, 0]
    assert np.sum(published) == 60_000
    shapes = lenet.lenet_5_shapes(channels=3, side=32)
    assert [tuple(s) for s in shapes] == [(3, 32, 32), (6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (400, 1, 1)]
    for side in range(28, 41):
        assert holds(lenet.lenet_5_shapes, "400 numbers reach the dense layers", side=side) == (32 <= side < 36)


@proves("alexnet_parameters", "they are 60,965,224")
@proves("alexnet_parameters", "more than nine tenths of them are in the dense layers")
@proves("alexnet_sides", "the first layer has the 55 x 55 places that the paper draws")
def test_alexnet():
    assert holds(alexnet.alexnet_parameters, "they are 60,965,224")
    assert np.sum(alexnet.alexnet_parameters.dialects["one tower"](classes=1000)) == 61_100_840
    dense = "more than nine tenths of them are in the dense layers"
    assert all(holds(alexnet.alexnet_parameters, dense, classes=classes) for classes in (1, 10, 1000))
    # Beyond that their share only grows with the classes, which add to the dense layers alone.
    assert list(alexnet.alexnet_sides(side=227)) == [227, 55, 27, 27, 13, 13, 13, 13, 6]
    for side in range(220, 236):
        drawn = "the first layer has the 55 x 55 places that the paper draws"
        assert holds(alexnet.alexnet_sides, drawn, side=side) == (227 <= side < 231)


@proves("vgg_parameters", "they are the numbers that the paper rounds to 133, 133, 134, 138 and 144 million")
@proves("vgg_parameters", "the configurations have 11, 13, 16, 16 and 19 layers with weights")
@proves("vgg_shapes", "the dense layers get 7 x 7 places of 512 channels")
@pytest.mark.parametrize("configuration", vgg.CONFIGURATIONS)
def test_vgg(configuration):
    rounds = "they are the numbers that the paper rounds to 133, 133, 134, 138 and 144 million"
    assert holds(vgg.vgg_parameters, rounds, configuration=configuration)
    deep = "the configurations have 11, 13, 16, 16 and 19 layers with weights"
    assert holds(vgg.vgg_parameters, deep, configuration=configuration)
    for side in (223, 224, 255, 256):
        seven = "the dense layers get 7 x 7 places of 512 channels"
        assert holds(vgg.vgg_shapes, seven, configuration=configuration, side=side) == (224 <= side < 256)


def test_the_block_of_the_notes_keeps_224_and_widens_to_64():
    assert tuple(vgg.vgg_shapes(configuration="D", side=224)[1]) == (64, 112, 112)
    assert vgg.DEPTHS["D"] == (2, 2, 3, 3, 3)


@proves("resnet_parameters", "they are 11,689,512; 21,797,672; 25,557,032; 44,549,160 and 60,192,808")
@proves("resnet_sides", "each halving rounds up")
def test_resnet():
    totals = "they are 11,689,512; 21,797,672; 25,557,032; 44,549,160 and 60,192,808"
    for depth, blocks in resnet.STAGES.items():
        assert holds(resnet.resnet_parameters, totals, depth=depth)
        assert 2 + (3 if depth in resnet.BOTTLENECK else 2) * sum(blocks) == depth
    assert all(holds(resnet.resnet_sides, "each halving rounds up", side=side) for side in range(1, 257))
    assert list(resnet.resnet_sides(side=224)) == [224, 112, 56, 56, 28, 14, 7]


# Residual connections --------------------------------------------------------------------------------

SHAPES = dict(x=(1, 2), W1=(2, 2), b1=(2,), W2=(2, 2), b2=(2,))


@proves("residual", "it is the identity")
@proves("residual", "its Jacobian is the identity plus that of F")
@proves("residual", "two blocks in a row add to the input what each of them adds")
@proves("residual", "gradient form for x")
@proves("residual", "gradient form for W1")
@proves("residual", "gradient form for b1")
@proves("residual", "gradient form for W2")
def test_the_jacobian_of_a_residual_connection_is_the_identity_and_more():
    arrays = {name: Symbols.named(name, *shape) for name, shape in SHAPES.items()}
    x, W1, b1, W2, b2 = arrays.values()
    assert holds(residual.residual, "it is the identity", x, W1, b1, 0 * W2, 0 * b2)
    assert holds(residual.residual, "its Jacobian is the identity plus that of F", x, W1, b1, W2, b2)
    narrow = [Symbols.named(n, *s) for n, s in dict(x=(1, 1), W1=(1, 1), b1=(1,), W2=(1, 1), b2=(1,)).items()]
    adds = "two blocks in a row add to the input what each of them adds"
    assert holds(residual.residual, adds, *narrow, simplify=sp.expand)
    dy = Symbols.named("dy", 1, 2)
    loss = np.sum(residual.residual(**arrays) * dy)
    assert [form.wrt for form in residual.residual.gradient_forms] == ["x", "W1", "b1", "W2"]
    for form in residual.residual.gradient_forms:
        assert equal(form.function(dy, *arrays.values()), derivative(loss, arrays[form.wrt]))


@proves("basic_block", "with weights of 0 it is the identity")
@proves("bottleneck_block", "if the middle kernel is a single tap in its centre, pixels do not see each other")
def test_blocks_without_weights_pass_and_blocks_of_points_see_points():
    generator = np.random.default_rng(0)
    x = np.abs(rational_points(generator, 1, 2, 2, 3))
    assert holds(residual.basic_block, "with weights of 0 it is the identity", x, channels=3)
    shapes = [(1, 2, 2, 3), (2, 2, 1, 1), (2,), (2, 2, 1, 1), (2,), (2, 2, 1, 1), (2,)]
    sentence = "if the middle kernel is a single tap in its centre, pixels do not see each other"
    assert holds(residual.bottleneck_block, sentence, *(rational_points(generator, *s) for s in shapes))


# Gradients -------------------------------------------------------------------------------------------

BLOCKS = [
    (residual.residual, SHAPES),
    (residual.basic_block, dict(x=(1, 1, 2, 1), w1=(1, 1, 3, 3), b1=(1,), w2=(1, 1, 3, 3), b2=(1,))),
    (residual.bottleneck_block,
     dict(x=(1, 1, 1, 2), w1=(1, 1, 1, 1), b1=(1,), w2=(1, 1, 3, 3), b2=(1,), w3=(1, 1, 1, 1), b3=(1,))),
]  # fmt: skip


def test_the_gradient_of_a_residual_connection_is_that_of_sympy():
    entry, shapes = BLOCKS[0]
    arrays = {name: Symbols.named(name, *shape) for name, shape in shapes.items()}
    dy = Symbols.named("dy", 1, 2)
    found = gradient(entry, arrays, list(shapes), (dy,))
    assert all(equal(found[n], derivative(np.sum(entry(**arrays) * dy), a)) for n, a in arrays.items())


@pytest.mark.parametrize(("entry", "shapes"), BLOCKS[1:], ids=lambda v: getattr(v, "name", ""))
@pytest.mark.parametrize("seed", [0, 2, 3])
def test_the_gradients_of_the_blocks_are_those_of_sympy(entry, shapes, seed):
    # The derivative of max(0, s) is a step; away from s = 0, at random fractions, both sides are exact numbers.
    generator = np.random.default_rng(seed)
    arrays = {name: Symbols.named(name, *shape) for name, shape in shapes.items()}
    numbers = {name: rational_points(generator, *shape) for name, shape in shapes.items()}
    pairs = zip(arrays.values(), numbers.values(), strict=True)
    at = {s: sp.Rational(v) for a, n in pairs for s, v in zip(a.value.ravel(), n.value.ravel(), strict=True)}
    y = entry(**arrays)
    cotangent = np.arange(1, y.size + 1).reshape(y.shape)
    found = gradient(entry, numbers, list(shapes), (Exact(cotangent),))
    assert any(v != 0 for v in found["x"].value.ravel())
    for name, array in arrays.items():
        slopes = derivative(np.sum(y * cotangent), array).value.ravel()
        assert equal(found[name], [slope.subs(at) for slope in slopes]), name
