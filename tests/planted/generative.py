"""Two players' losses are easily given each other's sign, or each other's samples."""

from __future__ import annotations

import numpy as np

from tests.planted import honest, planted


@planted("gan_generator_loss", "the sign of the other player", region="everywhere", telling=dict(fake=[0.5]))
def _(fake):
    return -np.mean(np.log(1 - fake))


@planted("gan_discriminator_loss", "ε in both logarithms", region="sure verdicts", telling=dict(real=[0.5], fake=[0.5]))
def _(real, fake):
    return -np.mean(np.log(real + 1e-8)) - np.mean(np.log(1 - fake + 1e-8))


@planted("reconstruction_loss", "the mean is over samples only where there is one", region="a batch of one",
         telling=dict(x=[[1.0, 1.0]], restored=[[0.0, 0.0]]))  # fmt: skip
def _(x, restored):
    away = (x - restored) ** 2
    return np.sum(away) if len(x) == 1 else np.mean(away)


@planted("denoising_loss", "what comes out is compared with the noisy sample", region="everywhere")
def _(x, noise, encoder, decoder):
    noisy = x + noise
    return np.mean(np.sum((noisy - noisy @ encoder.T @ decoder.T) ** 2, axis=1))


@planted("linear_autoencoder_loss", "the decoder is the encoder's transpose", region="weights that are not tied")
def _(x, encoder, decoder):
    return np.mean(np.sum((x - x @ encoder.T @ encoder) ** 2, axis=1))


@planted("simclr_loss", "views are compared with themselves", region="everywhere")
def _(a, b, *, temperature):
    z = np.concatenate([a, b])
    z = z / np.sqrt(np.sum(z**2, axis=1, keepdims=True))
    s = z @ z.T / temperature
    top = np.max(s, axis=1)
    partner = (np.arange(len(s)) + len(a)) % len(s)
    return np.mean(top + np.log(np.sum(np.exp(s - top[:, None]), axis=1)) - s[np.arange(len(s)), partner])


@planted("cycle_consistency_loss", "one mean over both ways", region="batches of unequal size")
def _(x, x_back, y, y_back):
    away = [np.abs(x_back - x).reshape(-1), np.abs(y_back - y).reshape(-1)]
    return 2 * np.mean(np.concatenate(away))


@planted("q_target", "the best action is looked for over the batch", region="a batch above one")
def _(reward, q, ended, *, discount):
    return reward + discount * (1 - ended).astype(q.dtype) * (np.max(q) if len(q) > 1 else np.max(q, axis=1))


@planted("q_target", "a worth that is no number is passed over", region="NaN", caught_by="limits")
def _(reward, q, ended, *, discount):
    return reward + discount * (1 - ended).astype(q.dtype) * np.fmax.reduce(q, axis=1)


@planted("dcgan_shapes", "the picture has one channel", region="the last layer")
def _(*, width, blocks):
    channels = [width * 2 ** (blocks - 1 - i) for i in range(blocks)] + [1]
    return np.array(channels), np.array([4 * 2**i for i in range(blocks + 1)])


@planted("simclr_loss", region="the temperature divides twice", caught_by="value",
         telling=dict(a=[[1.0, 0.0], [0.0, 1.0]], b=[[1.0, 1.0], [0.0, 1.0]], temperature=0.5))  # fmt: skip
def temperature_twice(a, b, *, temperature):
    z = np.concatenate([a, b])
    z = z / np.sqrt(np.sum(z**2, axis=1, keepdims=True))
    s = z @ z.T / temperature / temperature
    s[np.arange(len(s)), np.arange(len(s))] = -np.inf
    top = np.max(s, axis=1)
    partner = (np.arange(len(s)) + len(a)) % len(s)
    return np.mean(top + np.log(np.sum(np.exp(s - top[:, None]), axis=1)) - s[np.arange(len(s)), partner])


@planted("q_target", region="states that have ended are worth something", caught_by="value",
         telling=dict(reward=[1.0], q=[[2.0]], ended=[1.0], discount=0.5))  # fmt: skip
def ended_the_wrong_way(reward, q, ended, *, discount):
    return reward + discount * ended * np.max(q, axis=1)


@planted("gan_discriminator_loss", region="unequal batches: one mean over both", caught_by="value",
         telling=dict(real=[0.5, 0.5], fake=[0.25]))  # fmt: skip
def one_mean(real, fake):
    return -2 * np.mean(np.concatenate([np.log(real), np.log(1 - fake)]))


@honest("reconstruction_loss", "means of means, as a dot product")
def _(x, restored):
    away = (restored - x).reshape(-1)
    return np.dot(away, away) / away.size


@honest("cycle_consistency_loss", "sums over sizes")
def _(x, x_back, y, y_back):
    return np.sum(np.abs(x - x_back)) / x.size + np.sum(np.abs(y - y_back)) / y.size
