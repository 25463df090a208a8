"""Generative adversarial networks: what the two players play for."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, Simplex, integer, proper

NOTES = [Note("001_468a25992c418006.md", line=43), Note("003_ad5d26ecc7ac182d.md", line=137)]
GOODFELLOW = Paper("Goodfellow et al. 2014, Generative Adversarial Nets", "equation 1", "https://arxiv.org/abs/1406.2661")
TUTORIAL = Paper("Goodfellow 2016, NIPS 2016 Tutorial: Generative Adversarial Networks", "equations 8 and 13", "https://arxiv.org/abs/1701.00160")
CLAMP = Paper("PyTorch documentation", "torch.nn.BCELoss, the remark on log 0", "https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html")
RADFORD = Paper("Radford, Metz & Chintala 2016, Unsupervised Representation Learning with DCGANs", "Figure 1", "https://arxiv.org/abs/1511.06434")


@equation(
    latex=r"V = \sum_{k=1}^{K} p_k \ln D_k + \sum_{k=1}^{K} q_k \ln (1 - D_k)",
    sources=[GOODFELLOW, *NOTES],
    domain=dict(p=Simplex("K"), q=Simplex("K"), D=Array(proper, "K")),
    outputs=("value",),
    certified_by="proof",
)
def gan_value(p, q, D):
    """Against its best opponent a generator is at its best exactly where it gives the distribution of the data.

    p is the distribution of the data and q that of the generator over K possible samples; D is the discriminator's
    probability that a sample is real.
    """
    return np.sum(p * np.log(D)) + np.sum(q * np.log(1 - D))


@gan_value.law("for positive probabilities no discriminator has a larger value than p/(p + q)")
def _(f, p, q, D):
    """The value is a sum of concave functions of one D each, and there the slope of each of them is 0."""
    best = f(p, q, p / (p + q))
    return np.maximum(best, f(p, q, D)), best


@gan_value.closed_form("for positive probabilities its value at p/(p + q) is 2·JSD(p, q) - ln 4")
def _(f, p, q):
    middle = (p + q) / 2
    divergence = (np.sum(p * np.log(p / middle)) + np.sum(q * np.log(q / middle))) / 2
    return f(p, q, p / (p + q)), 2 * divergence - np.log(4 * np.sum(p))


@gan_value.law("exchanging data and generator, and real and false, changes nothing")
def _(f, p, q, D):
    return f(q, p, 1 - D), f(p, q, D)


gan_value.limit("where both are alike, an undecided discriminator has the value -ln 4",
                given=dict(p=np.array([1.0]), q=np.array([1.0]), D=np.array([0.5])), gives=2 * np.log(0.5))  # fmt: skip


@equation(
    latex=r"L = -\frac{1}{N} \sum_{n=1}^{N} \ln D_n - \frac{1}{M} \sum_{m=1}^{M} \ln (1 - F_m)",
    sources=[GOODFELLOW, *NOTES],
    domain=dict(real=Array(proper, "N"), fake=Array(proper, "M")),
    outputs=("loss",),
)
def gan_discriminator_loss(real, fake):
    """The discriminator's loss is a cross-entropy: it classifies samples into real ones and generated ones.

    `real` and `fake` are the probabilities of being real that it gives to samples of the data and of the generator.
    """
    return -np.mean(np.log(real)) - np.mean(np.log(1 - fake))


@gan_discriminator_loss.dialect(
    "half",
    latex=r"L = -\frac{1}{2N} \sum_{n=1}^{N} \ln D_n - \frac{1}{2M} \sum_{m=1}^{M} \ln (1 - F_m)",
    sources=[TUTORIAL],
    differs="the mean of both parts is taken instead of their sum",
    telling=dict(real=np.array([0.5]), fake=np.array([0.5])),
)
def _(real, fake):
    return -np.mean(np.log(real)) / 2 - np.mean(np.log(1 - fake)) / 2


@gan_discriminator_loss.dialect(
    "clamped",
    latex=r"L = -\frac{1}{N} \sum_{n=1}^{N} \max(\ln D_n, -100) - \frac{1}{M} \sum_{m=1}^{M} \max(\ln (1 - F_m), -100)",
    sources=[CLAMP],
    differs="no logarithm is let below -100, as where a framework's own binary cross-entropy is used",
    telling=dict(real=np.array([2.0**-200]), fake=np.array([0.5])),
)
def clamped_discriminator_loss(real, fake):
    return -np.mean(np.maximum(np.log(real), -100)) - np.mean(np.maximum(np.log1p(-fake), -100))


@gan_discriminator_loss.gradient_form("real")
def _(dloss, real, fake):
    return dloss * ((real - 1) / (real * (1 - real))) / real.size


@gan_discriminator_loss.gradient_form("fake")
def _(dloss, real, fake):
    return dloss * (fake / (fake * (1 - fake))) / fake.size


@gan_discriminator_loss.law("it is minus the value of the two samples' distributions")
def _(f, real, fake):
    p = np.concatenate([0 * real + 1, 0 * fake]) / real.size
    q = np.concatenate([0 * real, 0 * fake + 1]) / fake.size
    return f(real, fake), -gan_value(p, q, np.concatenate([real, fake]))


gan_discriminator_loss.limit("a certain mistake costs without end",
                             given=dict(real=np.array([0.0]), fake=np.array([0.5])), gives=np.inf)  # fmt: skip


@equation(
    latex=r"L = \frac{1}{M} \sum_{m=1}^{M} \ln (1 - F_m)",
    sources=[GOODFELLOW, *NOTES],
    domain=dict(fake=Array(proper, "M")),
    outputs=("loss",),
)
def gan_generator_loss(fake):
    """Where the discriminator is sure, the minimax loss has no slope left for the generator, which then needs it most."""
    return np.mean(np.log(1 - fake))


@gan_generator_loss.dialect(
    "non-saturating",
    latex=r"L = -\frac{1}{M} \sum_{m=1}^{M} \ln F_m",
    sources=[Paper("Goodfellow et al. 2014, Generative Adversarial Nets", "section 3, last paragraph", "https://arxiv.org/abs/1406.2661"), TUTORIAL],
    differs="the generator raises the probability of being taken for real, instead of lowering that of being found out",
    telling=dict(fake=np.array([0.25])),
)
def non_saturating(fake):
    return -np.mean(np.log(fake))


@non_saturating.gradient_form("fake")
def _(dloss, fake):
    return dloss * ((fake - 1) / (fake * (1 - fake))) / fake.size


@gan_generator_loss.dialect(
    "non-saturating and clamped",
    latex=r"L = -\frac{1}{M} \sum_{m=1}^{M} \max(\ln F_m, -100)",
    sources=[CLAMP],
    differs="as the non-saturating loss, with no logarithm below -100",
    telling=dict(fake=np.array([2.0**-200])),
)
def _(fake):
    return -np.mean(np.maximum(np.log(fake), -100))


@equation(
    latex=r"""
        C_i = W 2^{B-1-i}, \quad C_B = 3 \\
        S_i = 4 \cdot 2^i
    """,
    sources=[RADFORD, NOTES[1]],
    domain=dict(width=integer(1, 128), blocks=integer(1, 5)),
    outputs=("channels", "sides"),
    dtype="exact",
)
def dcgan_shapes(*, width, blocks):
    """Each transposed convolution of DCGAN's generator doubles the picture's side and halves its channels.

    With W = 128 and B = 4 it goes from 1024 channels of 4 x 4 to 3 channels of 64 x 64.
    """
    channels = [width * 2 ** (blocks - 1 - i) for i in range(blocks)] + [3]
    return np.array(channels), np.array([4 * 2**i for i in range(blocks + 1)])


@dcgan_shapes.law("a transposed convolution with kernel 4, stride 2 and padding 1 makes each side of the last", by="enumeration")
def _(f, *, width, blocks):
    _, sides = f(width=width, blocks=blocks)
    return sides[1:], (sides[:-1] - 1) * 2 - 2 * 1 + 4


@dcgan_shapes.closed_form("the paper's generator goes from 1024 x 4 x 4 to 3 x 64 x 64", by="enumeration")
def _(f):
    return f(width=128, blocks=4), (np.array([1024, 512, 256, 128, 3]), np.array([4, 8, 16, 32, 64]))


gan_discriminator_loss.wording(r"L = -\frac{1}{m} \sum_{i=1}^{m} \left[ \ln D(x_i) + \ln(1 - D(G(z_i))) \right]",
                               symbols={"D(x_i)": "real", "D(G(z_i))": "fake", "m": ("N", "M")})  # fmt: skip
gan_generator_loss.wording(r"L = \frac{1}{m} \sum_{i=1}^{m} \ln(1 - D(G(z_i)))", symbols={"D(G(z_i))": "fake", "m": "M"})


gan_value.wording(r"V = \mathbb{E}_x[\ln D(x)] + \mathbb{E}_z[\ln(1 - D(G(z)))]",
                  symbols={"D(x)": lambda D, p: (D, p), "D(G(z))": lambda D, q: (D, q)})  # fmt: skip
DRAWN = {"D(G(z))": lambda fake: (fake, np.full(len(fake), 1 / len(fake)))}  # each with the same chance
gan_generator_loss.wording(r"L = \mathbb{E}_z[\ln(1 - D(G(z)))]", symbols=DRAWN)
gan_generator_loss.wording(r"L = -\mathbb{E}_z[\ln D(G(z))]", dialect="non-saturating", symbols=DRAWN)
gan_discriminator_loss.wording(r"L = -\mathbb{E}_x[\ln D(x)] - \mathbb{E}_z[\ln(1 - D(G(z)))]",
                               symbols={"D(x)": "real", "D(G(z))": "fake"})  # fmt: skip
