"""Sinusoidal positions: a place written in angles, so that a distance becomes a rotation."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, between, integer, nonnegative
from reference.functions import either

TELLING = dict(position=np.array([1.0]), pairs=2, base=4.0)

angle = either(
    lambda position, base, exponent: position / base**exponent,
    lambda position, base, exponent: position * base**-exponent,
    lambda position, base, exponent: position * np.exp(-exponent * np.log(base)),
)


def angles(position, pairs, base, last):
    """Each place times the frequency of each pair, from 1 down to 1/base at index `last`."""
    wavelength = base * np.ones_like(position[:1])
    exponent = np.arange(pairs) * np.ones_like(position[:1]) / last
    return angle(position[:, None], wavelength, exponent)


@equation(
    latex=r"""
        P_{p, 2i} = \sin\left( \frac{p}{b^{2i/d}} \right) \\
        P_{p, 2i+1} = \cos\left( \frac{p}{b^{2i/d}} \right)
    """,
    sources=[
        Note("003_ad5d26ecc7ac182d.md", line=158),
        Paper("Vaswani et al. 2017, Attention Is All You Need", "section 3.5", "https://arxiv.org/abs/1706.03762"),
    ],
    domain=dict(position=Array(nonnegative, "T", batch="T"), pairs=integer(1, 4), base=between(2, 10000)),
    outputs=("encoding",),
    symbols={"p": "position", "d": lambda pairs: 2 * pairs},
)
def sinusoidal_positions(position, *, pairs, base):
    """Moving by k places turns each pair by an angle that depends on k alone, so distances are linear to read off."""
    a = angles(position, pairs, base, pairs)
    return np.stack([np.sin(a), np.cos(a)], axis=-1).reshape((position.shape[0], 2 * pairs))


@sinusoidal_positions.dialect(
    "halves",
    latex=r"P_{p, i} = \sin\left( \frac{p}{b^{2i/d}} \right) \\ P_{p, d/2+i} = \cos\left( \frac{p}{b^{2i/d}} \right)",
    sources=[Paper("RoFormer in Hugging Face transformers", "RoFormerSinusoidalPositionalEmbedding", "https://huggingface.co/docs/transformers/model_doc/roformer")],
    differs="all sines come first and all cosines after, instead of taking turns",
    telling=TELLING,
)
def _(position, *, pairs, base):
    a = angles(position, pairs, base, pairs)
    return np.concatenate([np.sin(a), np.cos(a)], axis=-1)


@sinusoidal_positions.dialect(
    "halves, the last wavelength reached",
    latex=r"P_{p, i} = \sin\left( \frac{p}{b^{i/(d/2 - 1)}} \right) \\ P_{p, d/2+i} = \cos\left( \frac{p}{b^{i/(d/2 - 1)}} \right)",
    sources=[Paper("tensor2tensor", "layers/common_attention.py, get_timing_signal_1d", "https://github.com/tensorflow/tensor2tensor")],
    differs="sines before cosines, and the exponent runs up to 1, so that the slowest angle is p/b itself",
    telling=TELLING,
)
def _(position, *, pairs, base):
    a = angles(position, pairs, base, max(pairs - 1, 1))
    return np.concatenate([np.sin(a), np.cos(a)], axis=-1)


@sinusoidal_positions.law("moving by some places is a rotation of each pair that does not depend on the place")
def _(f, position, offset, *, pairs, base):
    here, turn = (f(p, pairs=pairs, base=base).reshape((-1, pairs, 2)) for p in (position, offset))
    sine = here[..., 0] * turn[..., 1] + here[..., 1] * turn[..., 0]
    cosine = here[..., 1] * turn[..., 1] - here[..., 0] * turn[..., 0]
    there = f(position + offset, pairs=pairs, base=base).reshape((-1, pairs, 2))
    return there, np.stack([sine, cosine], axis=-1)


@sinusoidal_positions.law("all places lie on one sphere, whose squared radius is the number of pairs")
def _(f, position, *, pairs, base):
    return np.sum(f(position, pairs=pairs, base=base) ** 2, axis=-1), pairs * np.ones_like(position)


@sinusoidal_positions.law("the product of two places depends on their distance alone")
def _(f, p, q, offset, *, pairs, base):
    def product(a, b):
        return np.sum(f(a, pairs=pairs, base=base) * f(b, pairs=pairs, base=base), axis=-1)

    return product(p + offset, q + offset), product(p, q)


sinusoidal_positions.limit("at place 0 all sines are 0 and all cosines 1", given=dict(position=[0.0], pairs=2, base=10000.0), gives=[[0.0, 1.0, 0.0, 1.0]])
sinusoidal_positions.limit("there is no place at infinity", given=dict(position=[np.inf], pairs=1, base=10000.0), gives=[[np.nan, np.nan]])


sinusoidal_positions.wording(
    r"P_{p, 2i} = \sin\left( \frac{p}{10000^{2i/d}} \right) \\ "
    r"P_{p, 2i+1} = \cos\left( \frac{p}{10000^{2i/d}} \right)",
)  # fmt: skip
