"""A counterexample that cannot be made small has thousands of numbers, which a file holds as bytes."""

from __future__ import annotations

import math
from array import array
from base64 import b64decode, b64encode
from typing import Any
from zlib import compress, decompressobj, error

LONG = 256  # numbers, from which on they are packed
MOST = 1 << 24  # numbers that a file may claim to hold
CODES = {"float": "d", "int": "q", "bool": "b"}
TEXTS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def packed(cell: dict[str, Any]) -> dict[str, Any]:
    """The same cell, with the long arrays of its counterexample as bytes: little-endian planes, deflated, base 64."""
    return _each(cell, _pack)


def unpacked(cell: Any) -> Any:
    """What `packed` made of a cell."""
    return _each(cell, _unpack) if isinstance(cell, dict) else cell


def _each(cell: dict[str, Any], change: Any) -> dict[str, Any]:
    example = cell.get("counterexample")
    if not isinstance(example, dict):
        return cell
    values = example.get("values")
    if not isinstance(values, dict) or not any(isinstance(v, dict) for v in values.values()):
        return cell
    changed = {k: change(v) if isinstance(v, dict) else v for k, v in values.items()}
    return cell | {"counterexample": example | {"values": changed}}


def _pack(value: dict[str, Any]) -> dict[str, Any]:
    shape, kind = value.get("shape", []), value.get("kind")
    if kind not in CODES or math.prod(shape) <= LONG or "array" not in value:
        return value
    numbers = value["array"]
    for _ in shape[1:]:
        numbers = [x for row in numbers for x in row]
    try:
        raw = _little(array(CODES[kind], [TEXTS[x] if isinstance(x, str) else x for x in numbers]))
    except (KeyError, OverflowError, TypeError):
        return value
    size = raw.itemsize
    planes = b"".join(raw.tobytes()[i::size] for i in range(size))  # exponents lie beside exponents
    return {"packed": b64encode(compress(planes)).decode(), "kind": kind, "shape": list(shape)}


def _unpack(value: dict[str, Any]) -> dict[str, Any]:
    if "packed" not in value:
        return value
    shape, kind = value.get("shape"), value.get("kind")
    if kind not in CODES or not isinstance(shape, list) or not all(isinstance(n, int) and n > 0 for n in shape):
        raise ValueError(f"a packed array of kind {kind!r} and shape {shape!r}")
    numbers, size = array(CODES[kind]), math.prod(shape)
    wanted = size * numbers.itemsize
    if size > MOST:
        raise ValueError(f"a packed array of {size} numbers")
    try:
        planes = decompressobj().decompress(b64decode(str(value["packed"]), validate=True), wanted + 1)
    except (ValueError, error) as problem:
        raise ValueError(f"a packed array cannot be unpacked: {problem}") from None
    if len(planes) != wanted:
        raise ValueError(f"a packed array of shape {shape} has {len(planes)} bytes")
    raw = bytearray(wanted)
    for i in range(numbers.itemsize):
        raw[i :: numbers.itemsize] = planes[i * size : (i + 1) * size]
    numbers.frombytes(bytes(raw))
    found: Any = [_plain(x, kind) for x in _little(numbers)]
    for n in reversed(shape[1:]):
        found = [found[i : i + n] for i in range(0, len(found), n)]
    return {"array": found, "kind": kind, "shape": shape}


def _plain(x: Any, kind: str) -> Any:
    if kind == "bool":
        return bool(x)
    if isinstance(x, float) and not math.isfinite(x):
        return "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"
    return x


def _little(numbers: array[Any]) -> array[Any]:
    from sys import byteorder

    if byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers
