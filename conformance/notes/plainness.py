"""Gradients, shares and functions have many spellings; each is led to one before rows are compared."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from conformance.notes.places import LETTERS, mapped
from conformance.notes.tree import Node, shown, walk
from conformance.notes.vocabulary import EQUALS

ROUNDING = 1e-12  # of two decimals that were read
COSTS = frozenset(
    ["L", "J", "E", "C", "loss", "cost", "Loss", "Cost", "ell"]
)  # how they depend on what they depend on is not said
SPELLED = frozenset(["gradient", "rel", "partial", "apply", "pow", "slope"])  # what has another, plainer spelling


def _shared_out(row: Node, shares: Sequence[float]) -> Node:
    """0.9 and 0.1 in a row are a share and what it leaves; the share is called by its number."""
    every = set(shares)
    if len(every) != 2 or abs(sum(every) - 1) > ROUNDING:
        return row
    share = shares[0]

    def change(n: Node) -> Node:
        if n.kind != "num" or n.value not in every:
            return n
        named, one = Node("sym", str(share), (), n.start, n.end), Node("num", 1, (), n.start, n.end)
        return named if n.value == share else Node("sub", None, (one, named), n.start, n.end)

    return mapped(row, change)


def plainly(row: Node) -> Node:
    """A row in which gradients are names and brackets calls; costs of which it has several are told apart."""
    taken: dict[str, set[str]] = {}
    shares: list[float] = []
    for n in walk(row):
        if n.kind == "apply":
            taken.setdefault(n.value, set()).add(shown(n))
        elif n.kind == "num" and isinstance(n.value, float) and 0 < n.value < 1:
            shares.append(n.value)
    several = frozenset(name for name, ways in taken.items() if len(ways) > 1)
    plain = _standardised(mapped(row, partial(_plain, told_apart=several)))
    return _shared_out(plain, shares) if shares else plain


def _standardised(row: Node) -> Node:
    """A row in which the mean and the variance of one thing, where it has both, have their usual names."""
    every = list(walk(row))
    lone = [n for n in every if n.kind == "expect" and n.parts[0].kind == "sym" and len(n.parts[0].value) == 1]
    both = {n.parts[0].value for n in lone if n.value == "Var"} & {n.parts[0].value for n in lone if n.value == "E"}
    if len(both) != 1 or any(n.kind == "sym" and n.value in ("mu", "sigma") for n in every):
        return row

    def change(n: Node) -> Node:
        if n.kind != "expect" or n.parts[0].kind != "sym" or n.parts[0].value not in both:
            return n
        mean, spread = Node("sym", "mu", (), n.start, n.end), Node("sym", "sigma", (), n.start, n.end)
        return mean if n.value == "E" else Node("pow", None, (spread, Node("num", 2, (), n.end, n.end)), n.start, n.end)

    return mapped(row, change)


def _of_names(node: Node) -> bool:
    """Whether a function is taken of names alone."""
    return all(p.kind in ("sym", "tuple", "num", "text") for p in node.parts)


def _component(row: Node) -> Node | None:
    """f_j(z) that is defined by z_j is one of several; nothing where it is no component."""
    left, rights = row.parts[0], row.parts[1:]
    names = [p.value for p in left.parts if p.kind == "sym" and not p.parts]
    if len(names) != len(left.parts) or len(names) < 2:
        return None
    inside = {m.value for side in rights for n in walk(side) if n.kind == "sym" for p in n.parts for m in walk(p)}
    values = {n.value for side in rights for n in walk(side) if n.kind == "sym" and n.parts}
    indices = tuple(p for p in left.parts if p.value in inside and p.value in LETTERS)
    if not indices or not {p.value for p in left.parts} - inside <= values:
        return None
    return row._replace(parts=(left._replace(kind="sym", parts=indices), *rights))


def _plain(node: Node, told_apart: frozenset[str] = frozenset()) -> Node:
    """Gradients and derivatives at the weights are names; a labelled part is the part; brackets are calls."""
    if node.kind not in SPELLED:
        return node
    if node.kind == "gradient":
        return _gradient(node)
    if (
        node.kind == "rel"
        and len(node.parts) == 2
        and node.parts[1].kind == "sym"
        and node.parts[0].kind in ("mul", "add")
    ):
        return node._replace(parts=(node.parts[1], node.parts[0]))  # W x = y says what y is
    if node.kind == "rel" and node.parts[0].kind == "apply" and (made := _component(node)) is not None:
        return made
    if node.kind == "rel" and node.parts[0].kind in ("min", "max") and node.value[0] in EQUALS:
        left = node.parts[0]
        while left.kind in ("min", "max"):
            left = left.parts[3]
        return node._replace(parts=(left, *node.parts[1:]))
    if node.kind == "partial":
        over, under = node.parts
        if over.kind in ("sym", "apply") and under.kind == "sym" and _of_names(over):
            return Node("sym", f"∂{over.value}/∂{under.value}", under.parts, node.start, node.end)
        if over.kind in ("call", "pow", "mul", "div", "add", "sub") and under.kind == "sym":
            return Node("slope", None, (under, over), node.start, node.end)
        return node
    if node.kind == "apply" and node.parts and all(p.kind == "sym" for p in node.parts) and node.parts[-1].parts:
        inner = node.parts[-1]  # what is predicted for a sample is counted as the sample is
        if not any(p.kind == "num" for p in inner.parts) and node.value not in ("sigma", "f"):
            name = "_".join((node.value, *(p.value for p in node.parts[:-1])))
            return Node("sym", f"{name}({inner.value})", inner.parts, node.start, node.end)
    if node.kind == "pow" and node.parts[0].kind == "sym" and node.parts[0].value == "e" and not node.parts[0].parts:
        return Node("call", "exp", (node.parts[1],), node.start, node.end)
    if (
        node.kind == "slope"
        and node.parts[0].kind == "sym"
        and node.parts[1].kind in ("sym", "apply")
        and _of_names(node.parts[1])
    ):
        under, over = node.parts
        return Node("sym", f"∂{over.value}/∂{under.value}", under.parts, node.start, node.end)
    if (
        node.kind == "apply"
        and node.value.split(" ")[-1].split("_")[0] in COSTS
        and node.value not in told_apart
        and all(p.kind in ("sym", "tuple") for p in node.parts)
    ):
        return node._replace(kind="sym", parts=())
    if node.kind == "apply" and node.value == "sigma":
        return node._replace(kind="call", value="sigmoid") if len(node.parts) == 1 else node
    return node


def _gradient(node: Node) -> Node:
    """∇L(w_t) is the gradient at t; ∇L elsewhere depends on where that is."""
    arguments = node.parts
    if not arguments:
        return Node("sym", "∇", (), node.start, node.end)
    at = arguments[0]
    if at.kind == "tuple":
        at = at.parts[0]
    if at.kind == "sym":
        return Node("sym", "∇", at.parts, node.start, node.end)
    return node
