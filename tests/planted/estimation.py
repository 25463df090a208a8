"""Means under a distribution are taken for plain means, which agree where all outcomes are alike."""

from __future__ import annotations

import numpy as np

from tests.planted import honest, planted


@planted("bias_variance", "the variance is that of a sample", region="everywhere",
         telling=dict(truth=0.0, predictions=[0.0, 1.0], p=[0.5, 0.5], noise=[0.0], q=[1.0]))  # fmt: skip
def _(truth, predictions, p, noise, q):
    centre, k = np.sum(p * predictions), max(len(p) - 1, 1)
    return (truth - centre) ** 2, np.sum(p * (centre - predictions) ** 2) * len(p) / k, np.sum(q * noise**2)


@planted("bias_variance", "the noise has its mean taken away", region="noise with a mean",
         telling=dict(truth=0.0, predictions=[0.0], p=[1.0], noise=[1.0], q=[1.0]))  # fmt: skip
def _(truth, predictions, p, noise, q):
    centre = np.sum(p * predictions)
    variance = np.sum(p * (centre - predictions) ** 2)
    return (truth - centre) ** 2, variance, np.sum(q * (noise - np.sum(q * noise)) ** 2)


@planted("bias_variance", "the variance is E[f²] - E[f]²", region="an offset",
         telling=dict(truth=0.0, predictions=[1e8, 1e8 + 1], p=[0.5, 0.5], noise=[0.0], q=[1.0]))  # fmt: skip
def _(truth, predictions, p, noise, q):
    centre = np.sum(p * predictions)
    return (truth - centre) ** 2, np.sum(p * predictions**2) - centre**2, np.sum(q * noise**2)


@planted("bias_variance", "the bias is not squared where it is below one", region="small biases",
         telling=dict(truth=0.5, predictions=[0.0], p=[1.0], noise=[0.0], q=[1.0]))  # fmt: skip
def _(truth, predictions, p, noise, q):
    centre = np.sum(p * predictions)
    bias = np.abs(truth - centre)
    return np.where(bias < 1, bias, bias**2), np.sum(p * (centre - predictions) ** 2), np.sum(q * noise**2)


@planted("bias_variance", region="the variance is unweighted", caught_by="value",
         telling=dict(truth=0.0, predictions=[0.0, 1.0], p=[0.25, 0.75], noise=[0.0], q=[1.0]))  # fmt: skip
def unweighted(truth, predictions, p, noise, q):
    centre = np.sum(p * predictions)
    return (truth - centre) ** 2, np.mean((centre - predictions) ** 2), np.sum(q * noise**2)


@honest("bias_variance", "dot products")
def _(truth, predictions, p, noise, q):
    away = predictions - p @ predictions
    return (p @ predictions - truth) ** 2, p @ (away * away), q @ (noise * noise)
