"""Some statements have a formula's value because of what nobody would write: a thing over itself, one end twice."""

from __future__ import annotations

from functools import lru_cache

from conformance.notes.tree import Node, same, walk

KEPT = 1 << 7  # rows of which it is known what stands in them: one row is read in many ways


@lru_cache(maxsize=KEPT)
def senseless(raw: Node) -> bool:
    """Whether something is divided by itself, or drawn between two ends that are one."""
    return any((n.kind == "div" and same(*n.parts)) or _one_end(n) for n in walk(raw))


def _one_end(node: Node) -> bool:
    """Whether what is drawn evenly from one end on goes no farther: a + (a - a) u."""
    if node.kind != "add" or node.parts[1].kind != "mul":
        return False
    low, width = node.parts[0], node.parts[1].parts[0]
    return width.kind == "sub" and same(*width.parts) and same(width.parts[1], low)
