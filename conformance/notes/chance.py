"""What is drawn is a number of the standard kind, stretched and moved."""

from __future__ import annotations

from conformance.notes.tree import Node, walk

NORMAL, UNIFORM = ("cal N", "N", "Normal"), ("U", "cal U", "Uniform")


def as_drawn(said: Node) -> Node:
    """W ~ N(m, v), W ~ U(a, b) and Var(W) = v, as W = m + √v z, a + (b - a) u and √v z; Bias[f] defined is a name."""
    left, right = said.parts[0], said.parts[-1]
    if len(said.parts) != 2:
        return said
    listed = right.kind == "mul" and right.parts[1].kind == "tuple"
    if said.value == (r"\sim",) and (listed or right.kind == "apply"):
        law, drawn = (right.parts[0].value, right.parts[1].parts) if listed else (right.value, right.parts)
        if law in NORMAL and len(drawn) == 2:
            return _equal(said, left, _sum(drawn[0], _times(_root(drawn[1]), "z")))
        if law in UNIFORM and len(drawn) == 2:
            wide = Node("sub", None, (drawn[1], drawn[0]), drawn[0].start, drawn[1].end)
            return _equal(said, left, _sum(drawn[0], _times(wide, "u")))
    if said.value == ("=",) and left.kind == "expect" and left.value == "Bias":
        return _equal(said, Node("sym", "Bias", (), left.start, left.end), right)
    spread = said.value == ("=",) and left.kind == "expect" and left.value == "Var"
    letter = spread and left.parts[0].kind == "sym" and len(left.parts[0].value) == 1  # no mean, nor an estimate
    if letter and not any(n.kind == "expect" for n in walk(right)):
        return _equal(said, left.parts[0], _times(_root(right), "z"))
    return said


def _equal(said: Node, left: Node, right: Node) -> Node:
    return Node("rel", ("=",), (left, right), said.start, said.end)


def _root(node: Node) -> Node:
    return Node("sqrt", None, (node,), node.start, node.end)


def _times(node: Node, name: str) -> Node:
    return Node("mul", "", (node, Node("sym", name, (), node.start, node.end)), node.start, node.end)


def _sum(one: Node, other: Node) -> Node:
    return Node("add", None, (one, other), one.start, other.end)
