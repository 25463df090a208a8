"""Small pictures of many numbers, drawn as SVG by hand; the numbers stand beside them in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

LOW, HIGH = -12, 12  # exponents of two of the strain; what lies beyond is shown at the end
STEP, HEIGHT = 5, 16
WIDTH = (HIGH - LOW + 1) * STEP
BOUND = (-LOW + 0.5) * STEP  # strains up to 1 lie left of it


def histogram(counts: Mapping[str, int]) -> str:
    """The outline of how many strains lie in each power of two, as a path; heights are logarithms."""
    found = [0] * (HIGH - LOW + 1)
    for name, number in counts.items():
        exponent = HIGH if name == "inf" else LOW if name == "0" else int(name)
        found[min(max(exponent, LOW), HIGH) - LOW] += int(number)
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


def curve(points: Mapping[str, Any]) -> list[tuple[float, float, str]]:
    """Points of the worst strain over the input's size: across in percent, down in percent, and what they say."""
    exponents = sorted((int(e), number(s)) for e, s in points.items())
    if len(exponents) < 2:
        return []
    least, most = exponents[0][0], exponents[-1][0]
    found = []
    for exponent, strain in exponents:
        across = 100 * (exponent - least) / (most - least)
        down = 100 * (HIGH - level(strain)) / (HIGH - LOW)
        found.append((round(across, 1), round(down, 1), f"2^{exponent}: {shown(strain)}"))
    return found


def level(strain: float) -> float:
    """Where a strain stands between the ends of the scale, as an exponent of two."""
    if strain <= 0:
        return LOW
    return min(max(math.log2(strain), LOW), HIGH) if math.isfinite(strain) else HIGH


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
