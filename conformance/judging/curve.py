"""The worst strain over the size of the input shows where on the number line a framework is weak."""

from __future__ import annotations

import math

import numpy as np

from conformance.evidence import Evidence
from conformance.judging.expected import Expected
from conformance.judging.strain import Strains
from conformance.scenarios.draw import is_elementwise
from reference.catalogue import CATALOGUE

NEAR = 12  # up to this exponent of two each has a bucket of its own; beyond it each doubling of the exponent has one
FAR = (16, 32, 64, 128, 256, 512, 1024)
BUCKETS = (*(-e for e in reversed(FAR)), *range(-NEAR, NEAR + 1), *FAR)
NONE = len(BUCKETS)  # zeros, and what is not finite
LEAST = -1075


def _bucket(exponent: int) -> int:
    """The bucket of an exponent: the nearest, not nearer to zero than the exponent is."""
    size = abs(exponent)
    outer = size if size <= NEAR else next((e for e in FAR if e >= size), FAR[-1])
    return BUCKETS.index(outer if exponent >= 0 else -outer)


TABLE = np.array([_bucket(e) for e in range(LEAST, 1025)], dtype=np.int8)


def drawn_curve(evidence: Evidence, what: Expected, layout: str, found: list[Strains]) -> None:
    """Add one scenario. How its tensors lie hardly moves a strain, so that in other layouts only failures count."""
    worst = max((s.worst for s in found), default=0.0)
    if layout != "contiguous" and worst <= 1:
        return
    whole, lanes = _sizes(what)
    shapes = {s.strain.shape for s in found}
    if lanes is None or len(shapes) != 1 or shapes != {lanes.shape}:
        _raise(evidence.curve, [whole], [worst])
        return
    order, starts, buckets = _sorted(what, lanes)
    strain = found[0].strain
    for other in found[1:]:
        strain = np.maximum(strain, other.strain)
    _raise(evidence.curve, buckets, np.maximum.reduceat(strain.ravel()[order], starts).tolist())


def tidied(curve: dict[str, float]) -> dict[str, float]:
    """In the order of the exponents, with as many digits as a plot can show; none falls back to the bound."""
    return {e: _four(curve[e]) for e in sorted(curve, key=int)}


def _four(strain: float) -> float:
    short = float(f"{strain:.4g}")
    return strain if strain > 1 >= short else short


def _raise(curve: dict[str, float], buckets: list[int], strains: list[float]) -> None:
    for bucket, strain in zip(buckets, strains, strict=True):
        if bucket != NONE:
            key = str(BUCKETS[bucket])
            curve[key] = max(curve.get(key, 0.0), strain)


def _sizes(what: Expected) -> tuple[int, np.ndarray | None]:
    """The bucket of the largest number that goes in, and each lane's where lanes are scenarios; made once."""
    key = "size of the input"
    if key not in what.found:
        arrays = [np.abs(v) for v in what.scenario.values.values() if isinstance(v, np.ndarray) and v.dtype.kind == "f"]
        numbers = [abs(v) for v in what.scenario.values.values() if isinstance(v, float)]
        tops = [float(a.max()) for a in arrays if a.size] or numbers
        with np.errstate(all="ignore"):
            alike = len({a.shape for a in arrays}) == 1 and arrays[0].size > 1
            alike = alike and is_elementwise(CATALOGUE[what.equation].domain)
            lanes = _buckets(np.maximum.reduce(arrays)) if alike else None
        top = max(tops, default=0.0)
        what.found[key] = (int(_buckets(np.array(top))), lanes)
    found: tuple[int, np.ndarray | None] = what.found[key]
    return found


def _buckets(size: np.ndarray) -> np.ndarray:
    exponent = np.frexp(size)[1] - (1 + LEAST)
    return np.where((size > 0) & (size < math.inf), TABLE[exponent.clip(0, len(TABLE) - 1)], np.int8(NONE))


def _sorted(what: Expected, lanes: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """The lanes in the order of their buckets, where each begins, and which it is; made once."""
    key = "lanes by size"
    if key not in what.found:
        flat = lanes.ravel()
        order = np.argsort(flat, kind="stable")
        numbers = np.bincount(flat, minlength=NONE + 1)
        buckets = np.flatnonzero(numbers)
        starts = np.concatenate([[0], np.cumsum(numbers[buckets])[:-1]])
        what.found[key] = (order, starts, buckets.tolist())
    found: tuple[np.ndarray, np.ndarray, list[int]] = what.found[key]
    return found
