"""What convolutions give and cost is also written with labels for the axes, or with a kernel around its middle."""

import numpy as np

from reference.convolution.costs import CHANNELS, convolution_flops, convolution_parameters, dense_flops
from reference.convolution.integral import box_convolution, exponential_convolution, gaussian_convolution
from reference.convolution.sizes import output_size
from reference.convolution.transposed import transposed_convolution_1d
from reference.convolution.windowed import convolution_1d, convolution_2d

PLACES = {"H_{out}": "rows", "W_{out}": "columns"}
BOTH = {"K": ("K", "L")}
AXES = {"k_H": "K", "k_W": "L"}


def one(batch):
    """One sample."""
    return dict(batch=1)


convolution_flops.wording(r"F = 2 H_{out} W_{out} C_{out} C_{in} K^2", symbols=CHANNELS | PLACES | BOTH, given=one)
convolution_flops.wording(r"F = 2 H_{out} W_{out} C_{out} (C_{in} K^2)", symbols=CHANNELS | PLACES | BOTH, given=one)
convolution_flops.wording(r"\text{FLOPs} = 2 H_{out} W_{out} C_{out} C_{in} k_H k_W", symbols=CHANNELS | PLACES | AXES, given=one)
convolution_parameters.wording(r"\text{params} = C_{out} (C_{in} k_H k_W + 1)", symbols=CHANNELS | AXES)
convolution_parameters.wording(r"\text{params} = (F_h F_w C_{in} + 1) C_{out}", symbols=CHANNELS | {"F_h": "K", "F_w": "L"})
dense_flops.wording(r"F = 2 n_{in} n_{out}", given=one)
dense_flops.wording(r"\text{FLOPs} = 2 B n_{in} n_{out}", symbols={"B": "batch"})
output_size.wording(r"O = \left\lceil \frac{I - K + 1}{S} \right\rceil")
output_size.wording(r"O = \left\lceil \frac{I + 2 P - K}{S} \right\rceil + 1", dialect="ceil")
output_size.wording(r"O = \left\lceil \frac{I - K}{S} \right\rceil + 1", dialect="ceil")
output_size.wording(r"W_2 = \left\lfloor \frac{W_1 - F + 2 P}{S} \right\rfloor + 1", symbols={"W_1": "I", "F": "K"})
box_convolution.wording(
    r"(\operatorname{rect} * \operatorname{rect})(t) = \begin{cases} 1 - |t| & |t| \le 1 \\ 0 & |t| > 1 \end{cases}"
)
box_convolution.wording(r"(\operatorname{rect} * \operatorname{rect})(t) = \max(0, 1 - |t|)")
exponential_convolution.wording(r"\int_0^t e^{-a \tau} e^{-b (t - \tau)} \, d\tau = \frac{e^{-a t} - e^{-b t}}{b - a}")


def density(t):
    """The normal density of a mean and a variance, at t."""
    return lambda mean, variance: np.exp(-((t - mean) ** 2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)


gaussian_convolution.wording(
    r"\mathcal{N}(\mu_1, \sigma_1^2) * \mathcal{N}(\mu_2, \sigma_2^2) = \mathcal{N}(\mu_1 + \mu_2, \sigma_1^2 + \sigma_2^2)",
    symbols={r"\mathcal{N}": density, r"\mu_1": lambda: 0.5, r"\mu_2": lambda: -0.5, r"\sigma_1": "a", r"\sigma_2": "b"},
)


def sequence(values):
    """A sequence that is 0 outside."""
    return lambda k: values[k] if 0 <= k < len(values) else 0.0


transposed_convolution_1d.wording(
    r"y_j = \sum_i x_i \, w_{j - S i}",
    symbols={"w": lambda w: sequence(w[0, 0])}, given=lambda w, b: dict(w=w[:, :1], b=0 * b[:1]),
)
convolution_1d.wording(
    r"O_{n,o,x} = b_o + \sum_{c=0}^{C_{in}-1} \sum_{u=0}^{K-1} I_{n,c,x S + u} \, W_{o,c,u}", symbols={"C_{in}": "A"}
)


def middle(x, w, b):
    """One channel, and a kernel of 3 x 3 that is laid with its middle on each place."""
    return dict(x=x[:1, :1], w=np.resize(w, (1, 1, 3, 3)), b=b[:1], padding_y=1, padding_x=1)


def around(w):
    """The kernel, counted from its middle."""
    return lambda u, v: w[0, 0, u + 1, v + 1]


convolution_2d.wording(
    r"H_{i,j} = b + \sum_{u=-\Delta}^{\Delta} \sum_{v=-\Delta}^{\Delta} V_{u,v} X_{i+u,j+v}",
    symbols={"b": lambda b: b[0], "V": around, r"\Delta": lambda: 1, "X": "x"}, given=middle,
)
