"""Claims of torch about generative models: its losses and layers, put together as its users do."""

import torch
from torch import Tensor
from torch.nn import ConvTranspose2d, Sequential
from torch.nn.functional import binary_cross_entropy, cross_entropy, l1_loss, linear, mse_loss, normalize

from conformance.adapters.contract import implements


def judged(probability: Tensor, truth: float) -> Tensor:
    """The cross-entropy of the discriminator's verdict."""
    return binary_cross_entropy(probability, torch.full_like(probability, truth))


@implements("gan_discriminator_loss")
def gan_discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    return judged(real, 1.0) + judged(fake, 0.0)


@implements("gan_generator_loss")
def gan_generator_loss(fake: Tensor) -> Tensor:
    """As DCGAN's tutorial has it: generated samples, labelled as real."""
    return judged(fake, 1.0)


@implements("dcgan_shapes")
def dcgan_shapes(*, width: int, blocks: int) -> tuple[Tensor, Tensor]:
    """Read off a generator that has shapes but no numbers."""
    channels = [width * 2 ** (blocks - 1 - i) for i in range(blocks)]
    layers = [ConvTranspose2d(100, channels[0], 4, bias=False, device="meta")]
    for inward, outward in zip(channels, [*channels[1:], 3], strict=True):
        layers.append(ConvTranspose2d(inward, outward, 4, stride=2, padding=1, bias=False, device="meta"))
    x, shapes = torch.empty(1, 100, 1, 1, device="meta"), []
    for layer in Sequential(*layers):
        x = layer(x)
        shapes.append(x.shape)
    return torch.tensor([s[1] for s in shapes]), torch.tensor([s[2] for s in shapes])


@implements("cycle_consistency_loss")
def cycle_consistency_loss(x: Tensor, x_back: Tensor, y: Tensor, y_back: Tensor) -> Tensor:
    return l1_loss(x_back, x) + l1_loss(y_back, y)


@implements("cyclegan_objective")
def cyclegan_objective(
    dx_real: Tensor, dx_fake: Tensor, dy_real: Tensor, dy_fake: Tensor,
    x: Tensor, x_back: Tensor, y: Tensor, y_back: Tensor, *, weight: float,
) -> Tensor:  # fmt: skip
    games = gan_discriminator_loss.function(dy_real, dy_fake) + gan_discriminator_loss.function(dx_real, dx_fake)
    objective: Tensor = weight * cycle_consistency_loss.function(x, x_back, y, y_back) - games
    return objective


@implements("reconstruction_loss")
def reconstruction_loss(x: Tensor, restored: Tensor) -> Tensor:
    return mse_loss(restored, x)


@implements("linear_autoencoder_loss")
def linear_autoencoder_loss(x: Tensor, encoder: Tensor, decoder: Tensor) -> Tensor:
    restored = linear(linear(x, encoder), decoder)
    return mse_loss(restored, x, reduction="none").sum(1).mean()


@implements("denoising_loss")
def denoising_loss(x: Tensor, noise: Tensor, encoder: Tensor, decoder: Tensor) -> Tensor:
    restored = linear(linear(x + noise, encoder), decoder)
    return mse_loss(restored, x, reduction="none").sum(1).mean()


@implements("simclr_loss")
def simclr_loss(a: Tensor, b: Tensor, *, temperature: float) -> Tensor:
    z = normalize(torch.cat([a, b]), dim=1, eps=0.0)
    itself = torch.eye(len(z), dtype=torch.bool, device=z.device)
    scores = (z @ z.T / temperature).masked_fill(itself, -torch.inf)
    return cross_entropy(scores, torch.arange(len(z), device=z.device).roll(len(a)))


@implements("q_target")
def q_target(reward: Tensor, q: Tensor, ended: Tensor, *, discount: float) -> Tensor:
    """Not discount * (1 - ended): a number times an integer tensor is float32, whatever q is."""
    return reward + discount * q.max(dim=1).values * (1 - ended)
