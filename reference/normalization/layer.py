"""Normalisations of one sample at a time: layer, instance, group and root mean square."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, integer, positive, real
from reference.functions import either
from reference.normalization.statistics import (
    channels,
    input_gradient,
    moments,
    standardise_scale_shift,
    standardised,
)  # fmt: skip

STUDY_NOTE = Note("001_468a25992c418006.md", label="img 7-2")
PAIR = dict(x=np.array([[1.0, -1.0]]), gamma=np.array([1.0, 1.0]), beta=np.array([0.0, 0.0]))

by_root_mean_square = either(
    lambda x, square, eps, gamma: x / np.sqrt(square + eps) * gamma,
    lambda x, square, eps, gamma: x * (1 / np.sqrt(square + eps)) * gamma,
    lambda x, square, eps, gamma: x * (gamma / np.sqrt(square + eps)),
)


@equation(
    latex=r"""
        \mu_n = \frac{1}{D} \sum_{d=1}^D x_{nd} \\
        \sigma_n^2 = \frac{1}{D} \sum_{d=1}^D (x_{nd} - \mu_n)^2 \\
        y_{nd} = \gamma_d \frac{x_{nd} - \mu_n}{\sqrt{\sigma_n^2 + \epsilon}} + \beta_d
    """,
    sources=[STUDY_NOTE, Paper("Ba, Kiros & Hinton 2016, Layer Normalization", "equations 3 and 4", "https://arxiv.org/abs/1607.06450")],
    domain=dict(x=Array(real, "N D", batch="N"), gamma=Array(real, "D"), beta=Array(real, "D"), eps=positive),
    outputs=("y",),
)
def layer_norm(x, gamma, beta, *, eps):
    """A sample is normalised by itself, so that training and evaluation are the same and the batch does not matter."""
    return standardise_scale_shift(x, *moments(x, -1), eps, gamma, beta)


@layer_norm.gradient_form("x")
def _(dy, x, gamma, beta, *, eps):
    return input_gradient(dy * gamma, x, -1, eps)


@layer_norm.gradient_form("gamma")
def _(dy, x, gamma, beta, *, eps):
    return np.sum(dy * standardised(x, -1, eps), axis=0)


@layer_norm.law("without scale and shift each row has mean 0 and variance σ²/(σ² + ε)")
def _(f, x, *, eps):
    y = f(x, np.ones_like(x[0]), np.zeros_like(x[0]), eps=eps)
    _, variance = moments(x, -1)
    return np.stack([np.mean(y, axis=-1), np.mean(y**2, axis=-1)]), np.stack([0 * x[:, 0], (variance / (variance + eps))[:, 0]])


@layer_norm.law("scaling and shifting a row changes nothing, if ε is scaled by the square", when="the scale is positive",
                outside=dict(**PAIR, a=-1.0, c=0.0, eps=3.0))  # fmt: skip
def _(f, x, gamma, beta, a, c, *, eps):
    return f(a * x + c, gamma, beta, eps=a**2 * eps), f(x, gamma, beta, eps=eps)


@layer_norm.law("a row does not know the others")
def _(f, x, gamma, beta, *, eps):
    return f(x, gamma, beta, eps=eps)[:1], f(x[:1], gamma, beta, eps=eps)


@equation(
    latex=r"""
        \mu_{nc} = \frac{1}{L} \sum_{l=1}^L x_{ncl} \\
        \sigma_{nc}^2 = \frac{1}{L} \sum_{l=1}^L (x_{ncl} - \mu_{nc})^2 \\
        y_{ncl} = \gamma_c \frac{x_{ncl} - \mu_{nc}}{\sqrt{\sigma_{nc}^2 + \epsilon}} + \beta_c
    """,
    sources=[STUDY_NOTE, Paper("Ulyanov, Vedaldi & Lempitsky 2016, Instance Normalization: The Missing Ingredient for Fast Stylization", "equation 5", "https://arxiv.org/abs/1607.08022")],
    domain=dict(x=Array(real, "N C L", batch="N"), gamma=Array(real, "C"), beta=Array(real, "C"), eps=positive),
    sizes=dict(L=(2, 5)),
    outputs=("y",),
)  # fmt: skip
def instance_norm(x, gamma, beta, *, eps):
    """The contrast of each image and channel is taken out: the layer cannot tell a bright picture from a dark one."""
    return standardise_scale_shift(x, *moments(x, 2), eps, channels(gamma), channels(beta))


@instance_norm.gradient_form("x")
def _(dy, x, gamma, beta, *, eps):
    return input_gradient(dy * channels(gamma), x, 2, eps)


@instance_norm.gradient_form("gamma")
def _(dy, x, gamma, beta, *, eps):
    return np.sum(dy * standardised(x, 2, eps), axis=(0, 2))


@equation(
    latex=r"""
        \mu_{ng} = \frac{1}{K L} \sum_{k=0}^{K-1} \sum_{l=0}^{L-1} x_{n,gK+k,l} \\
        \sigma_{ng}^2 = \frac{1}{K L} \sum_{k=0}^{K-1} \sum_{l=0}^{L-1} (x_{n,gK+k,l} - \mu_{ng})^2 \\
        y_{n,gK+k,l} = \gamma_{gK+k} \frac{x_{n,gK+k,l} - \mu_{ng}}{\sqrt{\sigma_{ng}^2 + \epsilon}} + \beta_{gK+k}
    """,
    sources=[STUDY_NOTE, Paper("Wu & He 2018, Group Normalization", "equations 1, 2 and 7", "https://arxiv.org/abs/1803.08494")],
    domain=dict(x=Array(real, "N groups*K L", batch="N"), gamma=Array(real, "groups*K"), beta=Array(real, "groups*K"),
                groups=integer(1, 4), eps=positive),
    where=("K*L >= 2",),
    sizes=dict(K=(1, 3)),
    outputs=("y",),
)  # fmt: skip
def group_norm(x, gamma, beta, *, groups, eps):
    """With one group the statistics are those of the whole sample, with a group a channel those of instance norm."""
    n, c, length = x.shape
    grouped = (n, groups, c // groups, length)
    mean, variance = (np.repeat(m[:, :, 0], c // groups, axis=1) for m in moments(x.reshape(grouped), (2, 3)))
    return standardise_scale_shift(x, mean, variance, eps, channels(gamma), channels(beta))


@group_norm.gradient_form("x")
def _(dy, x, gamma, beta, *, groups, eps):
    n, c, length = x.shape
    grouped = (n, groups, c // groups, length)
    return input_gradient((dy * channels(gamma)).reshape(grouped), x.reshape(grouped), (2, 3), eps).reshape(x.shape)


@group_norm.gradient_form("gamma")
def _(dy, x, gamma, beta, *, groups, eps):
    n, c, length = x.shape
    x_hat = standardised(x.reshape((n, groups, c // groups, length)), (2, 3), eps).reshape(x.shape)
    return np.sum(dy * x_hat, axis=(0, 2))


@group_norm.law("a group for each channel is instance norm")
def _(f, x, gamma, beta, *, eps):
    return f(x, gamma, beta, groups=x.shape[1], eps=eps), instance_norm(x, gamma, beta, eps=eps)


@group_norm.law("one group has the statistics of layer norm over channels and places")
def _(f, x, *, eps):
    n, c, length = x.shape
    ones, whole = np.ones_like(x[0, :, 0]), np.ones_like(x[0].reshape(c * length))
    made = f(x, ones, 0 * ones, groups=1, eps=eps)
    return made.reshape((n, c * length)), layer_norm(x.reshape((n, c * length)), whole, 0 * whole, eps=eps)


@equation(
    latex=r"y_{nd} = \gamma_d \frac{x_{nd}}{\sqrt{\frac{1}{D} \sum_{k=1}^D x_{nk}^2 + \epsilon}}",
    sources=[STUDY_NOTE, Paper("Zhang & Sennrich 2019, Root Mean Square Layer Normalization", "equation 4", "https://arxiv.org/abs/1910.07467")],
    domain=dict(x=Array(real, "N D", batch="N"), gamma=Array(real, "D"), eps=positive),
    outputs=("y",),
)
def rms_norm(x, gamma, *, eps):
    """Layer norm without centring: only the length of a row is taken out, so a shift is felt where layer norm feels none."""
    return by_root_mean_square(x, np.mean(x**2, axis=-1, keepdims=True), eps, gamma)


@rms_norm.dialect("without eps", latex=r"y_{nd} = \gamma_d \frac{x_{nd}}{\sqrt{\frac{1}{D} \sum_{k=1}^D x_{nk}^2}}",
                  sources=[Paper("Zhang & Sennrich 2019, Root Mean Square Layer Normalization", "equation 4", "https://arxiv.org/abs/1910.07467")],
                  differs="nothing keeps a row of zeros from being divided by zero", telling=dict(x=np.array([[1.0]]), gamma=np.array([1.0]), eps=3.0))  # fmt: skip
def _(x, gamma, *, eps):
    return by_root_mean_square(x, np.mean(x**2, axis=-1, keepdims=True), 0, gamma)


@rms_norm.gradient_form("x")
def _(dy, x, gamma, *, eps):
    square = np.mean(x**2, axis=-1, keepdims=True)
    x_hat = by_root_mean_square(x, square, eps, np.ones_like(x))
    along = np.mean(dy * gamma * x_hat, axis=-1, keepdims=True)
    return (dy * gamma - x_hat * along) / np.sqrt(square + eps)


@rms_norm.law("scaling a row changes nothing, if ε is scaled by the square", when="the scale is positive",
              outside=dict(x=np.array([[1.0]]), gamma=np.array([1.0]), a=-1.0, eps=3.0))  # fmt: skip
def _(f, x, gamma, a, *, eps):
    return f(a * x, gamma, eps=a**2 * eps), f(x, gamma, eps=eps)


@rms_norm.law("a row of mean 0 becomes what layer norm makes of it", when="the row has mean 0",
              outside=dict(x=np.array([[1.0]]), gamma=np.array([1.0]), eps=3.0))  # fmt: skip
def _(f, x, gamma, *, eps):
    return f(x, gamma, eps=eps), layer_norm(x, gamma, 0 * gamma, eps=eps)


layer_norm.limit("a row of one number becomes β", given=dict(x=[[7.0]], gamma=[2.0], beta=[0.5], eps=1e-5), gives=[[0.5]])
layer_norm.limit("a large mean is taken away before anything is squared", given=dict(x=[[1e8 - 1, 1e8 + 1]], gamma=[1.0, 1.0], beta=[0.0, 0.0], eps=3.0), gives=[[-0.5, 0.5]])
layer_norm.limit("a NaN reaches its whole row and no other", given=dict(x=[[np.nan, 0.0], [2.0, 2.0]], gamma=[1.0, 1.0], beta=[0.0, 0.0], eps=1.0), gives=[[np.nan, np.nan], [0.0, 0.0]])
rms_norm.limit("a row of zeros stays", given=dict(x=[[0.0, 0.0]], gamma=[1.0, 1.0], eps=1e-5), gives=[[0.0, 0.0]])
rms_norm.limit("an infinity is undefined and silences the rest", given=dict(x=[[np.inf, 1.0]], gamma=[1.0, 1.0], eps=1e-5), gives=[[np.nan, 0.0]])


layer_norm.wording(
    r"\mu = \frac{1}{D} \sum_{i=1}^D x_i \\ "
    r"\sigma^2 = \frac{1}{D} \sum_{i=1}^D (x_i - \mu)^2 \\ "
    r"\hat{x}_i = \frac{x_i - \mu}{\sqrt{\sigma^2 + \epsilon}} \\ "
    r"y_i = \gamma_i \hat{x}_i + \beta_i",
)  # fmt: skip
layer_norm.wording(r"\mu = \frac{1}{D} \sum_{i=1}^D x_i \\ \sigma = \sqrt{\frac{1}{D} \sum_{i=1}^D (x_i - \mu)^2}",
                   symbols={r"\mu": lambda x: np.mean(x), r"\sigma": lambda x: np.std(x)})  # fmt: skip
rms_norm.wording(
    r"\mathrm{RMS}(x) = \sqrt{\frac{1}{D} \sum_{k=1}^D x_k^2} \\ y_i = \gamma_i \frac{x_i}{\mathrm{RMS}(x)}", dialect="without eps"
)
rms_norm.wording(
    r"\mathrm{RMS}(x) = \sqrt{\frac{1}{D} \sum_{k=1}^D x_k^2 + \epsilon} \\ y_i = \gamma_i \frac{x_i}{\mathrm{RMS}(x)}"
)
rms_norm.wording(r"r = \sqrt{\frac{1}{D} \sum_{k=1}^D x_k^2} \\ y_i = \gamma_i \frac{x_i}{r}", dialect="without eps")
rms_norm.wording(r"y_i = \frac{x_i}{\sqrt{\frac{1}{D} \sum_{k=1}^D x_k^2 + \epsilon}} \gamma_i")
layer_norm.wording(
    r"\mu = \frac{1}{D} \sum_{i=1}^D x_i \\ "
    r"\sigma = \sqrt{\frac{1}{D} \sum_{i=1}^D (x_i - \mu)^2 + \epsilon} \\ "
    r"\hat{x}_i = \frac{x_i - \mu}{\sigma} \\ "
    r"y_i = \gamma_i \hat{x}_i + \beta_i",
)  # fmt: skip
