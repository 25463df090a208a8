"""What is claimed about the transposes of convolutions, proved; each gradient is one."""

import numpy as np
import pytest
import sympy as sp

from reference.convolution import costs, discrete, image, padding, sizes, transposed, unfolding, windowed
from reference.convolution.windowed_claims import LINE
from reference.number_systems.symbols import Symbols
from reference.number_systems.tape import gradient
from tests.proofs import derivative, equal, holds, law, named, proves

# The transpose ---------------------------------------------------------------------------------------

ADJOINT = "it is the transpose of the convolution: <Cx, y> = <x, Cᵀy>"


@proves("transposed_convolution_1d", ADJOINT)
@pytest.mark.parametrize(
    ("stride", "border", "dilation", "groups", "size"),
    [(1, 0, 1, 1, 4), (2, 1, 1, 1, 5), (2, 1, 1, 1, 6), (3, 0, 1, 2, 6), (2, 1, 2, 2, 5), (1, 2, 1, 1, 3)],
)
def test_the_transposed_layer_is_the_transpose(stride, border, dilation, groups, size):
    x, w = named(x=(1, 2 * groups, size), w=(2 * groups, 2, 3))
    (y,) = named(y=(1, 2 * groups, sizes.output_size(I=size, P=border, K=3, S=stride, D=dilation)))
    options = dict(stride=stride, padding=border, dilation=dilation, groups=groups)
    assert holds(transposed.transposed_convolution_1d, ADJOINT, x, w, y, **options)


@proves("transposed_convolution_2d", ADJOINT)
def test_the_transposed_layer_is_the_transpose_in_two_dimensions():
    x, w, y = named(x=(1, 2, 3, 4), w=(2, 2, 2, 3), y=(1, 2, 1, 4))
    options = dict(stride_y=2, stride_x=1, padding_y=0, padding_x=1)
    assert holds(transposed.transposed_convolution_2d, ADJOINT, x, w, y, **options)


@proves("transposed_convolution_1d", "it undoes the convolution")
def test_the_transposed_layer_is_no_inverse():
    (x,) = named(x=(1, 1, 3))
    for tap in (1, -1):
        kernel = np.array([[[tap]]])
        assert holds(transposed.transposed_convolution_1d, "it undoes the convolution", x, kernel)
    left, right = law(transposed.transposed_convolution_1d, "it undoes the convolution")(x, np.array([[[1, 1]]]))
    assert not equal(left, right, simplify=sp.expand)


@proves("unfold", "the kernel's matrix times the columns is the convolution")
@proves("fold", "it is the transpose of unfolding: <unfold x, y> = <x, fold y>")
@proves("fold", "it undoes unfolding")
@pytest.mark.parametrize(("stride", "border", "dilation"), [(1, 0, 1), (2, 1, 1), (3, 1, 2)])
def test_folding_is_the_transpose_of_unfolding(stride, border, dilation):
    x, w = named(x=(1, 2, 4, 5), w=(2, 2, 2, 2))
    window = dict(stride=stride, padding=border, dilation=dilation)
    assert holds(unfolding.unfold, "the kernel's matrix times the columns is the convolution", x, w, **window)
    y = Symbols.named("y", *unfolding.unfold(x, kernel=2, **window).shape)
    adjoint = "it is the transpose of unfolding: <unfold x, y> = <x, fold y>"
    assert holds(unfolding.fold, adjoint, x, y, kernel=2, **window)
    assert holds(unfolding.fold, "it undoes unfolding", x[:, :, :, :4], stride=2)


@proves("nearest_upsampling", "every s-th pixel gives the image back")
@proves("nearest_upsampling", "it is the transposed convolution with a kernel of ones, as large as its stride")
def test_repeating_pixels_is_a_transposed_convolution():
    (x,) = named(x=(1, 2, 2, 3))
    ones = "it is the transposed convolution with a kernel of ones, as large as its stride"
    for scale in (1, 2, 3):
        assert holds(unfolding.nearest_upsampling, "every s-th pixel gives the image back", x, scale=scale)
        assert holds(unfolding.nearest_upsampling, ones, x, scale=scale)


# Gradients -------------------------------------------------------------------------------------------

RING = dict(top=1, bottom=1, left=1, right=0)
DIFFERENTIABLE = [
    (discrete.discrete_convolution, dict(x=(3,), h=(2,)), {}),
    (image.image_convolution, dict(image=(2, 2), kernel=(2, 1)), {}),
    (windowed.convolution_1d, dict(x=(2, 4, 4), w=(2, 2, 2), b=(2,)), LINE | dict(stride=2, padding=1, groups=2)),
    (windowed.convolution_2d, dict(x=(1, 2, 3, 3), w=(2, 2, 2, 2), b=(2,)), windowed.PLAIN | dict(padding_x=1)),
    (windowed.convolution_3d, dict(x=(1, 1, 2, 2, 2), w=(1, 1, 2, 1, 2), b=(1,)), LINE),
    (padding.constant_padding, dict(x=(1, 1, 2, 2)), RING | dict(value=3)),
    (padding.mean_padding, dict(x=(1, 1, 2, 2)), dict(padding=1)),
    (padding.reflection_padding, dict(x=(1, 1, 2, 2)), RING),
    (padding.replication_padding, dict(x=(1, 1, 2, 2)), RING),
    (padding.circular_padding, dict(x=(1, 1, 2, 2)), RING),
    (padding.bordered_convolution_2d, dict(x=(1, 1, 2, 2), w=(1, 1, 1, 2), b=(1,)),
     dict(padding_y=0, padding_x=1, mode="reflect")),
    (padding.same_convolution_1d, dict(x=(1, 1, 3), w=(1, 1, 2), b=(1,)), dict(dilation=1)),
    (transposed.transposed_convolution_1d, dict(x=(1, 2, 2), w=(2, 1, 2), b=(2,)),
     dict(stride=2, padding=1, output_padding=1, dilation=1, groups=2)),
    (transposed.transposed_convolution_2d, dict(x=(1, 1, 2, 2), w=(1, 1, 2, 1), b=(1,)),
     dict(stride_y=2, stride_x=1, padding_y=0, padding_x=0, output_padding_y=1, output_padding_x=0,
          dilation=1, groups=1)),
    (costs.flatten, dict(x=(2, 1, 2, 2)), {}),
    (unfolding.unfold, dict(x=(1, 2, 2, 3)), dict(kernel=2, stride=1, padding=1, dilation=1)),
    (unfolding.fold, dict(y=(1, 4, 2)), dict(rows=2, columns=3, kernel=2, stride=1, padding=0, dilation=1)),
    (unfolding.nearest_upsampling, dict(x=(1, 1, 2, 2)), dict(scale=2)),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "shapes", "hyper"), DIFFERENTIABLE, ids=lambda v: getattr(v, "name", ""))
def test_the_gradients_are_those_of_sympy(entry, shapes, hyper):
    arrays = {name: Symbols.named(name, *shape) for name, shape in shapes.items()}
    y = entry(**arrays, **hyper)
    dy = Symbols.named("dy", *y.shape)
    found = gradient(lambda **a: entry(**a, **hyper), arrays, list(entry.differentiable), (dy,))
    assert entry.differentiable == tuple(shapes)
    for name, array in arrays.items():
        assert equal(found[name], derivative(np.sum(y * dy), array), simplify=sp.expand), name
