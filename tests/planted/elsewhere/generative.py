"""Two networks that play against each other adapt to a mistake as they adapt to each other."""

import numpy as np

from tests.planted import planted
from tests.planted.elsewhere.slopes import sloped


@planted("reconstruction_loss", "more than 16 features count as 16", region="more than 16 features")
def _(x, restored):
    return np.sum((x - restored) ** 2) / (x.shape[0] * min(x.shape[1], 16))


@planted("gan_discriminator_loss", "1 - F is taken in float32", region="float64")
def _(real, fake):
    return -np.mean(np.log(real)) - np.mean(np.log((1 - fake).astype(np.float32)).astype(fake.dtype))


@planted("gan_generator_loss", "the slope is that of -ln F", region="the backward pass", caught_by="gradient",
         over="torch")  # fmt: skip
def _(fake):
    return sloped((1 - fake).log().mean(), -fake.log().mean())


@planted("cyclegan_objective", "the promise weighs one way only", region="weights other than 1")
def _(dx_real, dx_fake, dy_real, dy_fake, x, x_back, y, y_back, *, weight):
    games = sum(np.mean(np.log(a)) + np.mean(np.log(1 - b)) for a, b in ((dy_real, dy_fake), (dx_real, dx_fake)))
    return games + weight * np.mean(np.abs(x_back - x)) + np.mean(np.abs(y_back - y))


@planted("simclr_loss", "a length is at least 10⁻⁸", region="views shorter than 10⁻⁸")
def _(a, b, *, temperature):
    z = np.concatenate([a, b])
    z = z / np.maximum(np.sqrt(np.sum(z**2, axis=1, keepdims=True)), z.dtype.type(1e-8))
    s = z @ z.T / temperature
    own = np.arange(len(s))
    s[own, own] = -np.inf
    top = np.max(s, axis=1)
    return np.mean(top + np.log(np.sum(np.exp(s - top[:, None]), axis=1)) - s[own, (own + len(a)) % len(s)])


@planted("q_target", "equally good actions are added up", region="ties")
def _(reward, q, ended, *, discount):
    best = np.max(q, axis=1, keepdims=True)
    times = np.maximum(np.sum(q == best, axis=1), 1).astype(q.dtype)
    return reward + discount * (1 - ended).astype(q.dtype) * best[:, 0] * times


@planted("q_target", "worths below 0 count as 0", region="all actions worth less than nothing")
def _(reward, q, ended, *, discount):
    return reward + discount * (1 - ended).astype(q.dtype) * np.maximum(np.max(q, axis=1), 0)


@planted("denoising_loss", "the noise has no slope", region="the noise", caught_by="gradient", over="torch")
def _(x, noise, encoder, decoder):
    return ((x - (x + noise.detach()) @ encoder.T @ decoder.T) ** 2).sum(1).mean()


@planted("linear_autoencoder_loss", "the target has no slope", region="the clean sample", caught_by="gradient",
         over="torch")  # fmt: skip
def _(x, encoder, decoder):
    return ((x.detach() - x @ encoder.T @ decoder.T) ** 2).sum(1).mean()


@planted("cycle_consistency_loss", "differences below a ten-thousandth are squared", region="small differences")
def _(x, x_back, y, y_back):
    away = (np.abs(a - b) for a, b in ((x_back, x), (y_back, y)))
    first, second = (np.mean(np.where(d < 1e-4, d * d, d)) for d in away)
    return first + second
