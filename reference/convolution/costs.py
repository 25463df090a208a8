"""What a layer costs: its parameters and its operations; and flattening, which costs nothing."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.convolution.sizes import output_size
from reference.domain import Array, bit, count, integer, real

STUDY_NOTE = Note("000_301a927e2f22c6c5.md", line=92)
OPERATIONS = Note("000_301a927e2f22c6c5.md", line=93)
FEWER = Note("003_ad5d26ecc7ac182d.md", line=110)
FLATTEN = Note("002_ba28ceac52ab63bb.md", line=74)
TORCH = Paper("PyTorch reference", "torch.nn.Conv2d, variables weight and bias", "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html")
MOLCHANOV = Paper("Molchanov et al. 2017, Pruning Convolutional Neural Networks for Resource Efficient Inference", "appendix A.1", "https://arxiv.org/abs/1611.06440")
HE = Paper("He et al. 2016, Deep Residual Learning for Image Recognition", "table 1, FLOPs (multiply-adds)", "https://arxiv.org/abs/1512.03385")
SMALL = dict(channels=1, kernels=1, K=1, L=1, groups=1, bias=1)
LAYER = dict(channels=count, kernels=count, K=integer(1, 5), L=integer(1, 5), groups=integer(1, 3), bias=bit)


@equation(
    latex=r"p = C' \left( \frac{C}{G} K L + \beta \right)",
    sources=[STUDY_NOTE, FEWER, TORCH],
    domain=LAYER,
    where=("channels % groups == 0", "kernels % groups == 0"),
    outputs=("parameters",),
    dtype="exact",
)
def convolution_parameters(*, channels, kernels, K, L, groups, bias):
    """How many parameters a convolution has does not depend on the size of the image."""
    return kernels * (channels // groups * K * L + bias)


@convolution_parameters.dialect(
    "bytes in float32",
    latex=r"p = 4 C' \left( \frac{C}{G} K L + \beta \right)",
    sources=[STUDY_NOTE],
    differs="the memory that the parameters take, at four bytes each; the notes define the word so",
    telling=SMALL,
)
def _(*, channels, kernels, K, L, groups, bias):
    return 4 * kernels * (channels // groups * K * L + bias)


@convolution_parameters.law(
    "a convolution has fewer weights than the dense layer between the same shapes",
    when="there is more than one place, the kernel fits into the image, and nothing is padded",
    by="enumeration",
    outside=dict(C=1, O=1, I=1, K=1),
)
def _(f, *, C, O, I, K):
    places = output_size(I=I, P=0, K=K, S=1, D=1)
    shared = f(channels=C, kernels=O, K=K, L=K, groups=1, bias=0)
    return int(shared < dense_parameters(inputs=C * I * I, outputs=O * places * places, bias=0)), 1


@equation(
    latex=r"p = n (m + \beta)",
    sources=[STUDY_NOTE, Note("002_ba28ceac52ab63bb.md", line=62)],
    domain=dict(inputs=count, outputs=count, bias=bit),
    outputs=("parameters",),
    dtype="exact",
)
def dense_parameters(*, inputs, outputs, bias):
    """A dense layer is a convolution whose kernel is as large as the image."""
    return outputs * (inputs + bias)


@dense_parameters.dialect(
    "bytes in float32",
    latex=r"p = 4 n (m + \beta)",
    sources=[STUDY_NOTE],
    differs="the memory that the parameters take, at four bytes each",
    telling=dict(inputs=1, outputs=1, bias=0),
)
def _(*, inputs, outputs, bias):
    return 4 * outputs * (inputs + bias)


@dense_parameters.law("it is the count of a convolution whose kernel covers the image", by="enumeration")
def _(f, *, C, O, K, L, bias):
    whole = convolution_parameters(channels=C, kernels=O, K=K, L=L, groups=1, bias=bias)
    return f(inputs=C * K * L, outputs=O, bias=bias), whole


@equation(
    latex=r"F = 2 N H' W' C' \frac{C}{G} K L",
    sources=[OPERATIONS, MOLCHANOV],
    domain=dict(batch=count, rows=count, columns=count) | {k: v for k, v in LAYER.items() if k != "bias"},
    where=("channels % groups == 0", "kernels % groups == 0"),
    outputs=("flops",),
    dtype="exact",
)
def convolution_flops(*, batch, rows, columns, channels, kernels, K, L, groups):
    """Half of a convolution's operations are multiplications. `rows` and `columns` are the output's.

    The bias takes the place of the zero from which each sum starts. Molchanov et al. count it as one multiplication
    and one addition for each kernel.
    """
    return 2 * batch * rows * columns * kernels * (channels // groups) * K * L


@convolution_flops.dialect(
    "multiply-adds",
    latex=r"F = N H' W' C' \frac{C}{G} K L",
    sources=[HE],
    differs="a multiplication and the addition after it are one operation (MAC), although often printed as FLOPs",
    telling=dict(batch=1, rows=1, columns=1, channels=1, kernels=1, K=1, L=1, groups=1),
)
def _(*, batch, rows, columns, channels, kernels, K, L, groups):
    return batch * rows * columns * kernels * (channels // groups) * K * L


@equation(
    latex=r"F = 2 N m n",
    sources=[OPERATIONS, MOLCHANOV],
    domain=dict(batch=count, inputs=count, outputs=count),
    outputs=("flops",),
    dtype="exact",
)
def dense_flops(*, batch, inputs, outputs):
    """A dense layer does one multiplication and one addition for each weight and sample."""
    return 2 * batch * inputs * outputs


@dense_flops.dialect(
    "multiply-adds",
    latex=r"F = N m n",
    sources=[HE],
    differs="a multiplication and the addition after it are one operation (MAC), although often printed as FLOPs",
    telling=dict(batch=1, inputs=1, outputs=1),
)
def _(*, batch, inputs, outputs):
    return batch * inputs * outputs


@convolution_flops.law("each parameter that is no bias is used once at each place", by="enumeration")
def _(f, *, rows, columns, **layer):
    weights = convolution_parameters(**layer, bias=0)
    return f(batch=1, rows=rows, columns=columns, **layer), 2 * rows * columns * weights


@equation(
    latex=r"y_{n,c H W + i W + j} = x_{n,c,i,j}",
    sources=[FLATTEN, Paper("PyTorch reference", "torch.flatten", "https://docs.pytorch.org/docs/stable/generated/torch.flatten.html")],
    domain=dict(x=Array(real, "N C H W", batch="N")),
    outputs=("y",),
)
def flatten(x):
    """An image is a vector once its pixels stand in one row, and which row is a convention: here the last axis runs first."""
    return x.reshape(x.shape[0], -1)


@flatten.dialect(
    "channels last",
    latex=r"y_{n,i W C + j C + c} = x_{n,c,i,j}",
    sources=[Paper("Keras reference", "Flatten, argument data_format", "https://keras.io/api/layers/reshaping_layers/flatten/")],
    differs="the channels of one pixel stay together",
    telling=dict(x=np.arange(4.0).reshape(1, 2, 1, 2)),
)
def _(x):
    return np.moveaxis(x, 1, 3).reshape(x.shape[0], -1)


CHANNELS = {"C_{out}": "kernels", "C_{in}": "channels"}
convolution_parameters.wording(r"p = C_{out} (C_{in} K^2 + 1)", symbols=CHANNELS | {"K": ("K", "L")})
convolution_parameters.wording(r"p = (K \times K \times C_{in} + 1) C_{out}", symbols=CHANNELS | {"K": ("K", "L")})
dense_parameters.wording(r"p = n (m + 1)")


convolution_parameters.wording(r"p = C_{out} (C_{in} K L + 1)", symbols=CHANNELS)
convolution_parameters.wording(r"p = C_{out} (C_{in} K_h K_w + 1)", symbols=CHANNELS | {"K_h": "K", "K_w": "L"})
dense_parameters.wording(r"p = n_{in} n_{out} + n_{out}")
