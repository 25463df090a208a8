"""Wrong implementations hide in regions: ways of drawing numbers, of which the certificate says what fell where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reference.domain import Kind
from reference.number_systems.rounded import Format

Generator = np.random.Generator
Draw = Callable[[Generator, tuple[int, ...], Format], np.ndarray]


@dataclass(frozen=True)
class Region:
    """A name for the certificate, and a way of drawing reals of any sign."""

    name: str
    draw: Draw


def _ordinary(g: Generator, shape: tuple[int, ...], _: Format) -> np.ndarray:
    return g.normal(size=shape)


def _whole(g: Generator, shape: tuple[int, ...], _: Format) -> np.ndarray:
    """Small integers: sums of them and of their products are exact in every order."""
    return g.integers(-4, 5, size=shape).astype(float)


def _signs(g: Generator, shape: tuple[int, ...]) -> np.ndarray:
    return g.choice([-1.0, 1.0], size=shape)


def _scales(g: Generator, shape: tuple[int, ...], _: Format) -> np.ndarray:
    """Log-uniform from 1e-12 to 1e3, where an ε is neither nothing nor all."""
    return _signs(g, shape) * 10.0 ** g.uniform(-12, 3, size=shape)


def _exponents(g: Generator, shape: tuple[int, ...], fmt: Format) -> np.ndarray:
    """The whole range of exponents, overflow and subnormal numbers included."""
    return _signs(g, shape) * np.ldexp(1 + g.random(shape), g.integers(fmt.lowest - 4, fmt.highest, size=shape))


def _exponential(g: Generator, shape: tuple[int, ...], _: Format) -> np.ndarray:
    """Where exp saturates, underflows and overflows: 50 to 300 on both sides, and the tails that begin near 10."""
    size = np.where(g.random(shape) < 0.5, g.uniform(9, 30, size=shape), g.uniform(50, 300, size=shape))
    return np.asarray(_signs(g, shape) * size)


def _offset(g: Generator, shape: tuple[int, ...], _: Format) -> np.ndarray:
    """A small spread about a large offset, which ruins differences of large numbers."""
    return np.asarray(g.uniform(4e3, 4e4) * g.choice([-1.0, 1.0]) + g.normal(size=shape) * g.choice([1.0, 0.01]))


def _constant(g: Generator, shape: tuple[int, ...], _: Format) -> np.ndarray:
    return np.full(shape, g.choice([0.0, 1.0, -1.0, 0.1, 3e3, float(g.normal())]))


def _one_scale(g: Generator, shape: tuple[int, ...], _: Format) -> np.ndarray:
    """Ordinary numbers, all of them tiny or all large, where a floor under a length or a variance is no floor."""
    return np.asarray(g.normal(size=shape) * 10.0 ** g.uniform(-14, 6))


def _minute(g: Generator, shape: tuple[int, ...], _: Format) -> np.ndarray:
    """Ordinary numbers times 10⁻¹⁴, whose squares a float32 still holds: below every floor that keeps a length or a
    deviation away from 0."""
    return g.normal(size=shape) * 1e-14


def _ties(g: Generator, shape: tuple[int, ...], _: Format) -> np.ndarray:
    return np.asarray(g.choice([-1.0, 0.0, 0.0, 0.5, 2.0], size=shape))


def _zeros(g: Generator, shape: tuple[int, ...], _: Format) -> np.ndarray:
    """Mostly zeros of both signs."""
    return np.where(g.random(shape) < 0.3, g.normal(size=shape), _signs(g, shape) * 0.0)


def _special(g: Generator, shape: tuple[int, ...], fmt: Format) -> np.ndarray:
    """The ends of the format, its neighbours of one, and numbers at which implementations switch their method."""
    ulp = 2.0 ** (1 - fmt.bits)
    pool = [
        0.0, 1.0, 1 + ulp, 1 - ulp / 2, 0.5, 2.0, 3.0, 10.0, 17.0, 20.0, 1e-3, 1e-8, ulp, fmt.smallest,
        2 * fmt.smallest, fmt.smallest / 2, fmt.largest, fmt.largest / 2, np.sqrt(fmt.largest), np.sqrt(fmt.smallest),
        1e19 if fmt.largest > 1e19 else 200.0, 88.7, 104.0, 1e4, 65504.0,
    ]  # fmt: skip
    return np.asarray(_signs(g, shape) * g.choice(pool, size=shape))


def _tiny(g: Generator, shape: tuple[int, ...], fmt: Format) -> np.ndarray:
    """Subnormal numbers and those just above them."""
    return _signs(g, shape) * np.ldexp(g.random(shape), fmt.lowest + g.integers(-3, 5, size=shape))


def _huge(g: Generator, shape: tuple[int, ...], fmt: Format) -> np.ndarray:
    """Numbers whose squares, or whose sums, leave the format."""
    top = np.where(g.random(shape) < 0.5, fmt.highest // 2 + 1, fmt.highest - 1)
    return np.asarray(_signs(g, shape) * np.ldexp(1 + g.random(shape), top - 1))


def _tail(g: Generator, shape: tuple[int, ...], _: Format) -> np.ndarray:
    """Ordinary numbers, the last of each row beyond where exp overflows: where whole registers end, it is alone."""
    x = g.normal(size=shape)
    if shape:
        x[..., -1:] = g.uniform(720, 1000, size=x[..., -1:].shape)
    return x


def _heavy_last(g: Generator, shape: tuple[int, ...], _: Format) -> np.ndarray:
    """Small whole numbers but 0, the last of each row far larger: sums are exact, and where the last is left out it
    shows, even among thousands."""
    x = _signs(g, shape) * g.integers(1, 5, size=shape)
    if shape:
        x[..., -1:] *= g.integers(32, 65, size=x[..., -1:].shape)
    return np.asarray(x)


def _brink(g: Generator, shape: tuple[int, ...], fmt: Format) -> np.ndarray:
    """The numbers next to 0 that no flushing reaches, beside arrays of small whole ones: sums of them lie between 0
    and a threshold that is not quite 0, however near to it that is."""
    if g.random() < 0.2:
        return _whole(g, shape, fmt)
    return np.asarray(_signs(g, shape) * np.ldexp(1 + g.random(shape), fmt.lowest + g.integers(4, 12, size=shape)))


def _spikes(g: Generator, shape: tuple[int, ...], fmt: Format) -> np.ndarray:
    """Small whole numbers; the first, the last and one other of each row are far larger, so that none can be missed.

    Each array has a size of its own for them, so that they do not cancel against another's.
    """
    x = _whole(g, shape, fmt)
    size = 1000 * 8.0 ** g.integers(4)
    for place in (0, -1, int(g.integers(shape[-1]))) if shape and shape[-1] else ():
        x[..., place] = size * g.uniform(1, 2, size=shape[:-1]) * _signs(g, shape[:-1])
    return x


ORDINARY = Region("ordinary", _ordinary)
TAIL = Region("tail", _tail)
HEAVY_LAST = Region("heavy last", _heavy_last)
BRINK = Region("brink", _brink)
MINUTE = Region("minute", _minute)
REGIONS = (
    ORDINARY,
    Region("scales", _scales),
    Region("whole", _whole),
    Region("exponential", _exponential),
    Region("special", _special),
    Region("zeros", _zeros),
    Region("offset", _offset),
    Region("exponents", _exponents),
    Region("constant", _constant),
    Region("ties", _ties),
    Region("tiny", _tiny),
    Region("huge", _huge),
    Region("one scale", _one_scale),
    Region("spikes", _spikes),
)
BY_NAME = {region.name: region for region in (*REGIONS, TAIL, HEAVY_LAST, BRINK, MINUTE)}


def drawn(kind: Kind, region: Region, g: Generator, shape: tuple[int, ...], fmt: Format) -> np.ndarray:
    """Numbers of the format that lie in a set, from a region."""
    x = region.draw(g, shape, fmt)
    finite = np.isfinite(kind.low), np.isfinite(kind.high)
    if finite == (True, True):
        x = _between(kind, x, g, shape, fmt)
    elif finite[0]:
        x = kind.low + np.abs(x)
    x = fmt.quantize(np.where(np.abs(x) > fmt.largest, np.sign(x) * fmt.largest, x))
    return _inside(kind, x, fmt)


def _between(kind: Kind, x: np.ndarray, g: Generator, shape: tuple[int, ...], fmt: Format) -> np.ndarray:
    """Of an interval: its inside, its ends, and numbers very close to both ends."""
    width = kind.high - kind.low
    near = width * 2.0 ** -g.integers(1, min(2 * fmt.bits, -fmt.lowest), size=shape).astype(float)
    way = g.integers(0, 6, size=shape)
    ends = np.where(g.random(shape) < 0.5, kind.low, kind.high)
    uniform = kind.low + width * g.random(shape)
    folded = np.where((x >= kind.low) & (x <= kind.high), x, uniform)
    return np.select(
        [way == 0, way == 1, way == 2, way == 3], [ends, kind.low + near, kind.high - near, uniform], folded
    )


def _inside(kind: Kind, x: np.ndarray, fmt: Format) -> np.ndarray:
    """Moved off an end that does not belong to the set, and back into it where rounding has left it."""
    x = np.clip(x, kind.low, kind.high) if np.isfinite([kind.low, kind.high]).any() else x
    if kind.without_low:
        least = fmt.smallest if kind.low == 0 else kind.low + abs(kind.low) * 2.0 ** (1 - fmt.bits)
        x = np.where(x <= kind.low, least, x)
    if kind.without_high:
        x = np.where(x >= kind.high, kind.high - abs(kind.high) * 2.0**-fmt.bits, x)
    return np.asarray(x)
