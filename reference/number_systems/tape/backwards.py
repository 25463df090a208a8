"""A gradient gathers from the outputs backwards: each node passes on what has come in from all that used it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from reference.number_systems.tape.recording import Tape


def gradient(
    function: Callable[..., Any], arguments: Mapping[str, Any], wrt: Sequence[str], cotangents: Any = None
) -> dict[str, Any]:
    """The gradients of the sum of cotangent times output, one for each named argument.

    `cotangents` has one entry for each output; None stands for an output that the sum leaves out, and nothing at all
    for a single output with a cotangent of ones.
    """
    rank = 1 + max([9, *(v.rank for v in arguments.values() if isinstance(v, Tape))])
    leaves = {name: Tape(arguments[name], rank=rank) for name in wrt}
    made = function(**{**arguments, **leaves})
    return dict(zip(leaves, swept(made, cotangents, list(leaves.values()), rank), strict=True))


def swept(made: Any, cotangents: Any, leaves: Sequence[Tape], rank: int) -> list[Any]:
    """The gradients in the leaves, gathered from the outputs backwards."""
    outputs = made if isinstance(made, tuple) else (made,)
    if cotangents is None:
        first = outputs[0].value if isinstance(outputs[0], Tape) else outputs[0]
        cotangents = (np.ones_like(first),) + (None,) * (len(outputs) - 1)
    sums: dict[int, Any] = {}
    waiting: dict[int, Tape] = {}
    for output, cotangent in zip(outputs, cotangents, strict=True):
        if cotangent is not None and isinstance(output, Tape) and output.rank == rank:
            sums[output.serial] = sums[output.serial] + cotangent if output.serial in sums else cotangent
            waiting[output.serial] = output
    finished: dict[int, Any] = {}
    while waiting:
        serial = max(waiting)
        node, g = waiting.pop(serial), sums.pop(serial)
        finished[serial] = g
        for parent, adjoint in node.parents:
            share = adjoint(g)
            sums[parent.serial] = sums[parent.serial] + share if parent.serial in sums else share
            waiting[parent.serial] = parent
    return [finished.get(leaf.serial, np.zeros_like(leaf.value)) for leaf in leaves]
