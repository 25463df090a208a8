"""Small pictures of many numbers, drawn as SVG by hand; the numbers stand beside them in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

LOW, HIGH = -12, 12  # exponents of two of the strain; what lies beyond is shown at the end
CALM = 2  # the highest exponent that is shown where nothing is beyond its bound
STEP, HEIGHT = 5, 16
BOUND = (1 - LOW) * STEP  # strains up to 1 lie left of it


def width(high: int) -> int:
    """How wide a histogram is that ends at an exponent."""
    return (high - LOW + 1) * STEP


def histogram(counts: Mapping[str, int], high: int = HIGH) -> str:
    """The outline of how many strains lie in each power of two, as a path; heights are logarithms."""
    found = [0] * (high - LOW + 1)
    for name, number in counts.items():
        exponent = high if name == "inf" else LOW if name == "0" else int(name)
        found[min(max(exponent, LOW), high) - LOW] += int(number)
    most = max(found, default=0)
    if not most:
        return ""
    heights = [round(HEIGHT * math.log1p(n) / math.log1p(most)) for n in found]
    first = next(i for i, h in enumerate(heights) if h)
    last = max(i for i, h in enumerate(heights) if h)
    path, level = [f"M{first * STEP} {HEIGHT}"], 0
    for i in range(first, last + 1):
        if heights[i] != level or i == first:
            path.append(f"V{HEIGHT - heights[i]}")
            level = heights[i]
        path.append(f"h{STEP}")
    return _short("".join([*path, f"V{HEIGHT}z"]))


def _short(path: str) -> str:
    """Steps on one level are one line."""
    pieces: list[str] = []
    run = 0
    for piece in path.replace("h", " h").replace("V", " V").replace("z", " z").split():
        if piece == f"h{STEP}":
            run += STEP
            continue
        if run:
            pieces.append(f"h{run}")
            run = 0
        pieces.append(piece)
    return " ".join(pieces).replace(" h", "h").replace(" V", "V").replace(" z", "z")


def curve(points: Mapping[str, Any], high: int = HIGH) -> list[tuple[float, float, str]]:
    """Points of the worst strain over the input's size: across and down in percent, and the size.

    Each bucket is as wide as the next, for far out they hold many powers of two.
    """
    found = sorted((int(e), number(s)) for e, s in points.items())
    if len(found) < 2:
        return []
    return [
        (round(100 * i / (len(found) - 1), 1), down(strain, high), f"2{raised(exponent)}")
        for i, (exponent, strain) in enumerate(found)
    ]


def down(strain: float, high: int = HIGH) -> float:
    """How far below the top of a curve's box a strain lies, in percent."""
    return round(100 * (high - level(strain, high)) / (high - LOW), 1)


def raised(exponent: int) -> str:
    """An exponent in small figures."""
    return str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def level(strain: float, high: int = HIGH) -> float:
    """Where a strain stands between the ends of the scale, as an exponent of two."""
    if strain <= 0:
        return LOW
    return min(max(math.log2(strain), LOW), high) if math.isfinite(strain) else high


def number(strain: Any) -> float:
    """A strain as a certificate writes it, which has texts for what is not finite."""
    try:
        return float(strain)
    except (TypeError, ValueError):
        return math.nan


def shown(strain: float) -> str:
    """Three digits; the bound is 1."""
    if math.isnan(strain):
        return ""
    return "∞" if math.isinf(strain) else "0" if strain == 0 else f"{strain:.3g}"
