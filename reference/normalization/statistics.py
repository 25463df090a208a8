"""What all normalisations share: centring, dividing by the deviation, scale and shift, and the way back."""

import numpy as np

from reference.functions import either, settled

standardise = either(
    lambda x, mean, variance, eps: (x - mean) / np.sqrt(variance + eps),
    lambda x, mean, variance, eps: (x - mean) * (1 / np.sqrt(variance + eps)),
    lambda x, mean, variance, eps: x * (1 / np.sqrt(variance + eps)) - mean * (1 / np.sqrt(variance + eps)),
)
standardise_scale_shift = either(
    lambda x, mean, variance, eps, gamma, beta: gamma * ((x - mean) / np.sqrt(variance + eps)) + beta,
    lambda x, mean, variance, eps, gamma, beta: gamma * ((x - mean) * (1 / np.sqrt(variance + eps))) + beta,
    lambda x, mean, variance, eps, gamma, beta: (x - mean) * (gamma / np.sqrt(variance + eps)) + beta,
    lambda x, mean, variance, eps, gamma, beta: (
        x * (gamma / np.sqrt(variance + eps)) + (beta - mean * (gamma / np.sqrt(variance + eps)))
    ),
    lambda x, mean, variance, eps, gamma, beta: (
        (x * (1 / np.sqrt(variance + eps)) - mean * (1 / np.sqrt(variance + eps))) * gamma + beta
    ),
)
backwards = either(
    lambda dx_hat, x_hat, mean, along, variance, eps: (dx_hat - mean - x_hat * along) / np.sqrt(variance + eps),
    lambda dx_hat, x_hat, mean, along, variance, eps: (dx_hat - mean - x_hat * along) * (1 / np.sqrt(variance + eps)),
)


def moments(x, axes):
    """Mean and variance over some axes; each difference from the mean is finished before it is squared."""
    mean = np.mean(x, axis=axes, keepdims=True)
    return mean, np.mean(settled(x - mean) ** 2, axis=axes, keepdims=True)


def input_gradient(dx_hat, x, axes, eps):
    """The gradient in x: what the mean and the variance of x would pass on is taken out of that of x̂."""
    mean, variance = moments(x, axes)
    x_hat = standardise(x, mean, variance, eps)
    along = np.mean(dx_hat * x_hat, axis=axes, keepdims=True)
    return backwards(dx_hat, x_hat, np.mean(dx_hat, axis=axes, keepdims=True), along, variance, eps)


def standardised(x, axes, eps):
    """x̂: mean 0, and variance σ²/(σ² + ε)."""
    return standardise(x, *moments(x, axes), eps)


def channels(parameter):
    """One number a channel, laid out beside "N C L"."""
    return parameter[None, :, None]
