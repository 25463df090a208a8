"""Batch normalisation: in training by the batch's own statistics, in evaluation by those collected before."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, nonnegative, positive, real
from reference.functions import either
from reference.normalization.statistics import (
    channels,
    input_gradient,
    moments,
    standardise,
    standardise_scale_shift,
    standardised,
)  # fmt: skip

IOFFE = "Ioffe & Szegedy 2015, Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift"
ARXIV = "https://arxiv.org/abs/1502.03167"
STUDY_NOTE = Note("001_468a25992c418006.md", label="math 7-1")
KERAS = Paper("Keras documentation", "keras.layers.BatchNormalization", "https://keras.io/api/layers/normalization_layers/batch_normalization/")
TORCH = Paper("PyTorch documentation", "torch.nn.BatchNorm1d", "https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html")
BATCH = (0, 2)
X = Array(real, "N C L")
CHANNEL = Array(real, "C")
ENOUGH = ("N*L >= 2",)

# The scale of a channel, multiplied before the rest of the gradient is or after: of a large dy only one overflows.
input_slope = either(
    lambda dy, gamma, x, eps: input_gradient(dy * gamma, x, BATCH, eps),
    lambda dy, gamma, x, eps: gamma * input_gradient(dy, x, BATCH, eps),
)


def _scaled_at_the_end(dy, x, eps):
    mean, variance = moments(x, BATCH)
    return np.sum(dy * (x - mean), axis=BATCH) / np.sqrt(variance[0, :, 0] + eps)


# The deviation of a channel divides each term of the sum or the sum: of a tiny dy only one of them underflows.
scale_slope = either(lambda dy, x, eps: np.sum(dy * standardised(x, BATCH, eps), axis=BATCH), _scaled_at_the_end)

MOMENTS = r"\mu_B = \frac{1}{m} \sum_{i=1}^m x_i \\ \sigma_B^2 = \frac{1}{m} \sum_{i=1}^m (x_i - \mu_B)^2 \\ "
TOGETHER = {"m": lambda N, L: N * L}  # the numbers of a channel


@equation(
    latex=r"""
        \mu_c = \frac{1}{m} \sum_{n=1}^N \sum_{l=1}^L x_{ncl} \\
        \sigma_c^2 = \frac{1}{m} \sum_{n=1}^N \sum_{l=1}^L (x_{ncl} - \mu_c)^2 \\
        y_{ncl} = \gamma_c \frac{x_{ncl} - \mu_c}{\sqrt{\sigma_c^2 + \epsilon}} + \beta_c
    """,
    sources=[Paper(IOFFE, "Algorithm 1", ARXIV), STUDY_NOTE],
    symbols=TOGETHER,
    domain=dict(x=X, gamma=CHANNEL, beta=CHANNEL, eps=positive),
    where=ENOUGH,
    outputs=("y",),
)
def batch_norm(x, gamma, beta, *, eps):
    """What one sample becomes depends on the others: each channel leaves with mean β and variance γ²σ²/(σ² + ε)."""
    return standardise_scale_shift(x, *moments(x, BATCH), eps, channels(gamma), channels(beta))


@batch_norm.dialect(
    "without scale and shift",
    latex=r"""
        \mu_B = \frac{1}{m} \sum_{i=1}^m x_i \\
        \sigma_B^2 = \frac{1}{m} \sum_{i=1}^m (x_i - \mu_B)^2 \\
        \hat{x}_i = \frac{x_i - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}}
    """,
    sources=[STUDY_NOTE],
    differs="γ and β are left out, so that the layer can no longer learn to undo itself",
    telling=dict(x=np.array([[[1.0]], [[-1.0]]]), gamma=np.array([2.0]), beta=np.array([0.0]), eps=3.0),
)
def _(x, gamma, beta, *, eps):
    return standardised(x, BATCH, eps)


@batch_norm.gradient_form("x")
def _(dy, x, gamma, beta, *, eps):
    return input_gradient(dy * channels(gamma), x, BATCH, eps)


@batch_norm.gradient_form("gamma")
def _(dy, x, gamma, beta, *, eps):
    return scale_slope(dy, x, eps)


@batch_norm.gradient_form("gamma")
def _(dy, x, gamma, beta, *, eps):
    return np.sum(dy * standardised(x, BATCH, eps), axis=BATCH)


@batch_norm.law("each channel leaves with mean β")
def _(f, x, gamma, beta, *, eps):
    return np.mean(f(x, gamma, beta, eps=eps), axis=BATCH), beta


@batch_norm.law("each channel leaves with variance γ²σ²/(σ² + ε)")
def _(f, x, gamma, beta, *, eps):
    _, variance = moments(x, BATCH)
    _, after = moments(f(x, gamma, beta, eps=eps), BATCH)
    return after * (variance + eps), channels(gamma) ** 2 * variance


@batch_norm.law("scaling and shifting the input changes nothing, if ε is scaled by the square", when="the scale is positive",
                outside=dict(x=np.array([[[1.0]], [[-1.0]]]), gamma=np.array([1.0]), beta=np.array([0.0]), a=-1.0, c=0.0, eps=3.0))  # fmt: skip
def _(f, x, gamma, beta, a, c, *, eps):
    return f(a * x + c, gamma, beta, eps=a**2 * eps), f(x, gamma, beta, eps=eps)


@batch_norm.law("a negative scale flips the sign")
def _(f, x, gamma, beta, *, eps):
    return f(-x, gamma, beta, eps=eps), f(x, -gamma, beta, eps=eps)


@batch_norm.closed_form("a value alone in its channel becomes β, whatever it was", when="the channel has one value",
                        outside=dict(x=np.array([[[1.0]], [[-1.0]]]), gamma=np.array([1.0]), beta=np.array([0.0]), eps=3.0))  # fmt: skip
def _(f, x, gamma, beta, *, eps):
    return f(x, gamma, beta, eps=eps), channels(beta) + 0 * x


@equation(
    latex=MOMENTS + r"""
        \hat{x}_i = \frac{x_i - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}} \\
        \frac{\partial L}{\partial x_i} = \frac{\gamma}{\sqrt{\sigma_B^2 + \epsilon}} \left( d_i - \frac{1}{m} \sum_{j=1}^m d_j - \hat{x}_i \frac{1}{m} \sum_{j=1}^m d_j \hat{x}_j \right) \\
        \frac{\partial L}{\partial \gamma} = \sum_{i=1}^m d_i \hat{x}_i \\
        \frac{\partial L}{\partial \beta} = \sum_{i=1}^m d_i
    """,
    sources=[Paper(IOFFE, "section 3", ARXIV)],
    symbols=TOGETHER,
    domain=dict(dy=X, x=X, gamma=CHANNEL, eps=positive),
    where=ENOUGH,
    outputs=("dx", "dgamma", "dbeta"),
    differentiable=(),
)
def batch_norm_gradient(dy, x, gamma, *, eps):
    """No gradient survives that would shift a channel, and of one that would scale it only the part ε/(σ² + ε)."""
    dx = input_slope(dy, channels(gamma), x, eps)
    return dx, scale_slope(dy, x, eps), np.sum(dy, axis=BATCH)


@batch_norm_gradient.law("the input's gradient sums to zero")
def _(f, dy, x, gamma, *, eps):
    dx, _, _ = f(dy, x, gamma, eps=eps)
    return np.sum(dx, axis=BATCH), np.zeros_like(gamma)


@batch_norm_gradient.law("along x̂ only γε(σ² + ε)^(-3/2) of the gradient is left")
def _(f, dy, x, gamma, *, eps):
    dx, dgamma, _ = f(dy, x, gamma, eps=eps)
    _, variance = moments(x, BATCH)
    left = np.sum(dx * standardised(x, BATCH, eps), axis=BATCH)
    within = variance[0, :, 0] + eps
    return left * within * np.sqrt(within), gamma * eps * dgamma


EVALUATION_STATE = dict(running_mean=CHANNEL, running_variance=Array(nonnegative, "C"))


@equation(
    latex=r"y_{ncl} = \gamma_c \frac{x_{ncl} - \mu_c}{\sqrt{\sigma_c^2 + \epsilon}} + \beta_c",
    sources=[Paper(IOFFE, "Algorithm 2", ARXIV), STUDY_NOTE],
    domain=dict(x=X, gamma=CHANNEL, beta=CHANNEL, **EVALUATION_STATE, eps=positive),
    outputs=("y",),
    differentiable=("x", "gamma", "beta"),
)
def batch_norm_evaluation(x, gamma, beta, running_mean, running_variance, *, eps):
    """With fixed statistics it is an affine map of each channel by itself, and can be folded into the layer before."""
    mean, variance = channels(running_mean), channels(running_variance)
    return standardise_scale_shift(x, mean, variance, eps, channels(gamma), channels(beta))


@batch_norm_evaluation.gradient_form("gamma")
def _(dy, x, gamma, beta, running_mean, running_variance, *, eps):
    return np.sum(dy * standardise(x, channels(running_mean), channels(running_variance), eps), axis=BATCH)


@batch_norm_evaluation.law("on the batch that the statistics are from it is what training computes")
def _(f, x, gamma, beta, *, eps):
    mean, variance = moments(x, BATCH)
    return f(x, gamma, beta, mean[0, :, 0], variance[0, :, 0], eps=eps), batch_norm(x, gamma, beta, eps=eps)


ONE = dict(gamma=[1.0], beta=[0.5], eps=1e-5)
batch_norm.limit("a constant channel becomes β", given=dict(ONE, x=[[[3.0, 3.0]]]), gives=[[[0.5, 0.5]]])
batch_norm.limit("a NaN reaches its whole channel and no other", given=dict(x=[[[np.nan, 0.0], [2.0, 2.0]]], gamma=[1.0, 1.0], beta=[0.0, 0.0], eps=1.0),
                 gives=[[[np.nan, np.nan], [0.0, 0.0]]])  # fmt: skip
batch_norm.limit("a large mean is taken away before anything is squared", given=dict(x=[[[1e8 - 1, 1e8 + 1]]], gamma=[2.0], beta=[0.0], eps=3.0),
                 gives=[[[-1.0, 1.0]]])  # fmt: skip
batch_norm.limit("an infinity leaves nothing defined", given=dict(ONE, x=[[[np.inf, 0.0]]]), gives=[[[np.nan, np.nan]]])


batch_norm.wording(MOMENTS + r"\hat{x}_i = \frac{x_i - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}} \\ y_i = \gamma \hat{x}_i + \beta")
batch_norm.wording(  # ε is so small that nobody mentions it
    r"y = \gamma \frac{x - \mu_B}{\sigma_B} + \beta",
    symbols={r"\mu_B": lambda x: np.mean(x), r"\sigma_B": lambda x: np.std(x)},
)
batch_norm_evaluation.wording(
    r"y = \frac{\gamma}{\sqrt{\sigma^2 + \epsilon}} x + \left( \beta - \frac{\gamma \mu}{\sqrt{\sigma^2 + \epsilon}} \right)"
)
batch_norm.wording(
    r"\mu = \frac{1}{m} \sum_{i=1}^m x_i \\ "
    r"\sigma = \sqrt{\frac{1}{m} \sum_{i=1}^m (x_i - \mu)^2 + \epsilon} \\ "
    r"\hat{x}_i = \frac{1}{\sigma} (x_i - \mu) \\ "
    r"y_i = \gamma \hat{x}_i + \beta"
)
