"""How far one output of a stack of convolutions sees."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.convolution.sizes import transposed_output_size
from reference.domain import Array, integer

STUDY_NOTE = Note("002_ba28ceac52ab63bb.md", line=193)
VGG = Paper("Simonyan & Zisserman 2015, Very Deep Convolutional Networks for Large-Scale Image Recognition", "section 2.3", "https://arxiv.org/abs/1409.1556")


@equation(
    latex=r"r = 1 + \sum_{l=1}^{L} (k_l - 1) \, d_l \prod_{i=1}^{l-1} s_i",
    sources=[STUDY_NOTE, Paper("Araujo, Norris & Sim 2019, Computing Receptive Fields of Convolutional Neural Networks", "equation 2", "https://distill.pub/2019/computing-receptive-fields/")],
    domain=dict(kernels=Array(integer(1, 4), "L"), strides=Array(integer(1, 3), "L"), dilations=Array(integer(1, 2), "L")),
    outputs=("field",),
    dtype="exact",
)  # fmt: skip
def receptive_field(kernels, strides, dilations):
    """What a layer sees further than the one before is multiplied by all strides below it.

    The field is the distance from the first to the last input that matters, both included, along one axis.
    """
    field, jump = 1, 1
    for k, s, d in zip(kernels, strides, dilations, strict=True):
        field, jump = field + (k - 1) * d * jump, jump * s
    return field


@receptive_field.dialect(
    "without the strides",
    latex=r"r = 1 + \sum_{l=1}^{L} (k_l - 1) \, d_l",
    sources=[VGG],
    differs="the kernels' reaches are only added, as if no layer skipped a place",
    telling=dict(kernels=np.array([1, 2]), strides=np.array([2, 1]), dilations=np.array([1, 1])),
)
def _(kernels, strides, dilations):
    field = 1
    for k, d in zip(kernels, dilations, strict=True):
        field = field + (k - 1) * d
    return field


@receptive_field.closed_form(
    "N layers of 3 x 3 see 2N + 1",
    when="no stride, no dilation",
    by="enumeration",
    outside=dict(N=2, stride=2, dilation=1),
)
def _(f, *, N, stride, dilation):
    threes, strides, dilations = (np.full(N, n) for n in (3, stride, dilation))
    return f(threes, strides, dilations), 2 * N + 1


@receptive_field.law(
    "N layers of 3 x 3 have fewer weights than one layer that sees as much: 9NC² < (2N + 1)²C²",
    when="N >= 2",
    by="enumeration",
    outside=dict(N=1, C=1),
)
def _(f, *, N, C):
    side = f(np.full(N, 3), np.ones(N, dtype=int), np.ones(N, dtype=int))
    return int(side**2 * C**2 > 9 * N * C**2), 1


@receptive_field.law("it is the size of the input from which exactly one output comes", by="enumeration")
def _(f, kernels, strides, dilations):
    size = 1
    for k, s, d in reversed(list(zip(kernels, strides, dilations, strict=True))):
        size = transposed_output_size(I=size, P=0, K=k, S=s, D=d, A=0)
    return f(kernels, strides, dilations), size


receptive_field.wording(r"r = 1 + \sum_{l=1}^{L} (k_l - 1) \prod_{i=1}^{l-1} s_i")
receptive_field.wording(r"r_0 = 1 \\ r_l = r_{l-1} + (k_l - 1) \prod_{i=1}^{l-1} s_i")
