"""Which of a formula's names are what its function returns: those of the state, of the gradients, or its last word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.notes.proving.given import labelled
from conformance.notes.proving.left import Definition
from conformance.notes.proving.letters import customary
from conformance.notes.proving.naming import Naming
from conformance.notes.tree import walk


def outputs(
    made: Sequence[Definition], names: Sequence[str], naming: Naming
) -> dict[str, tuple[str, tuple[Any, ...]]]:
    """For each output the name that the formula defines for it, with its number where that belongs to the name."""
    found = _outputs(made, names, naming)
    numbered = {d.label: (d.name, tuple(p.value for p in d.indices)) for d in made}
    return {output: numbered.get(name, (name, ())) for output, name in found.items()}


def _outputs(made: Sequence[Definition], outputs: Sequence[str], naming: Naming) -> dict[str, str]:
    defined = list(dict.fromkeys(name for d in made for name in (d.name, d.label) if name))
    right = [n for d in made for n in walk(d.right)]
    every = {n.value for n in right if n.kind in ("sym", "apply", "primed") and labelled(n) not in naming.meant}
    squared = {n.parts[0].value + "²" for n in right if n.kind == "pow" and n.parts[0].kind == "sym"}
    found: dict[str, str] = {}
    for output in outputs:
        own = naming.of(output)
        slope = naming.of(output[1:]) or output[1:] if output[0] == "d" else ""
        bars = [f"{mark}{name}" for name in customary(slope) if slope for mark in ("∂/∂", "bar ")]
        wanted = [own + "'", own, output + "'", *bars, output]
        name = next((w for w in wanted if w and w in defined and w not in found.values()), "")
        if name:
            found[output] = name
    labels = {d.label for d in made} - {""}
    defined = [name for name in defined if name not in labels]
    if "states" in outputs and "states" not in found and not any(n not in every for n in defined):
        left = [name for name in defined if name not in found.values()]
        found["states"] = left[-1] if left else defined[0]
    roots = [name for name in defined if name not in every | squared | labels and name not in found.values()]
    rest = [o for o in outputs if o not in found]
    if not roots and not found:
        roots = defined[-1:]
    found |= dict(zip(rest, roots, strict=False))
    return found
