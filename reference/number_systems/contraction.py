"""Every product of matrices is a sum over shared indices, written the way np.einsum reads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from string import ascii_letters
from typing import Any


def parsed(spec: str, refuse: Callable[[str], Any]) -> tuple[list[str], str]:
    """The indices of each operand and those of the result."""
    if "->" not in spec or "." in spec:
        refuse(f"np.einsum({spec!r}): name every index, those of the result too")
    inputs, result = spec.replace(" ", "").split("->")
    operands = inputs.split(",")
    if any(len(set(indices)) < len(indices) for indices in [*operands, result]):
        refuse(f"np.einsum({spec!r}): an index twice in one operand (use np.diagonal)")
    return operands, result


def sizes(operands: Sequence[str], shapes: Sequence[tuple[int, ...]]) -> dict[str, int]:
    """The length of each index."""
    return {
        letter: n
        for indices, shape in zip(operands, shapes, strict=True)
        for letter, n in zip(indices, shape, strict=True)
    }


def of_matmul(a: tuple[int, ...], b: tuple[int, ...], refuse: Callable[[str], Any]) -> str:
    """The einsum that `@` means for operands of these shapes."""
    if not a or not b:
        refuse("np.matmul with a number (use *)")
    batch_a, batch_b = a[:-2], b[:-2]
    if batch_a and batch_b and batch_a != batch_b:
        refuse(f"np.matmul of shapes {a} and {b}, whose batch axes differ")
    batch = ascii_letters[3 : 3 + max(len(batch_a), len(batch_b))]
    left = (batch if batch_a else "") + ("ab" if len(a) > 1 else "b")
    right = (batch if batch_b else "") + ("bc" if len(b) > 1 else "b")
    result = batch + ("a" if len(a) > 1 else "") + ("c" if len(b) > 1 else "")
    return f"{left},{right}->{result}"


def of_dot(a: tuple[int, ...], b: tuple[int, ...], refuse: Callable[[str], Any]) -> str:
    """The einsum that np.dot means: the last axis of a with the last but one of b."""
    if not a or not b:
        refuse("np.dot with a number (use *)")
    left = ascii_letters[1 : 1 + len(a) - 1]
    right = ascii_letters[30 : 30 + len(b) - 1]
    inner = right[:-1] + "a" + right[-1:] if len(b) > 1 else "a"
    return f"{left}a,{inner}->{left}{right}"
