"""A slip may move what stands in a formula's structure: a term, a factor, a bracket, a root, a fraction's two parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from tests.notes.latex import ENDS, JOINTS, Formula
from tests.notes.slips import Edit, kind, legend, put, right_hand, symbol, upright

OTHER = {r"\exp": r"\log", r"\log": r"\exp", r"\ln": r"\exp", r"\max": r"\min", r"\min": r"\max"}
OTHER |= {r"\sin": r"\cos", r"\cos": r"\sin", r"\tanh": r"\sigma"}


@kind("swap")
def swap(f: Formula) -> Iterator[Edit]:
    places = [
        (i, f.scripted(i))
        for i in range(len(f))
        if upright(f, i) and right_hand(f, i) and symbol(f, i) and f.text(i) != "d" and not legend(f, i)
        if f.atom(i) == f.scripted(i) and f.text(f.scripted(i) + 1) != "["  # not the name of a function
        if f.text(i - 1) != "d"  # nor of a differential
    ]
    for (a, b), (c, d) in pairwise(places):
        if f.source(a, b) != f.source(c, d) and b < c:
            yield (put(f, a, b, f.source(c, d)), put(f, c, d, f.source(a, b)))
    names = sorted({f.source(*p) for p in places})
    for a, b in places:
        others = [n for n in names if n != f.source(a, b)]
        if others:
            yield (put(f, a, b, others[(a * 7 + 3) % len(others)]),)


@kind("dropped term")
def dropped_term(f: Formula) -> Iterator[Edit]:
    for first, last in f.chains():
        terms = f.terms(first, last)
        if len(terms) < 2 or f.script[first] == "_" or not right_hand(f, first) or legend(f, first):
            continue
        for a, b in terms:
            follows = a == first and f.text(b + 1) == "+"
            yield (put(f, a, b + 1 if follows else b, ""),)


@kind("dropped factor")
def dropped_factor(f: Formula) -> Iterator[Edit]:
    for first, last in f.chains():
        if f.script[first] or not right_hand(f, first) or legend(f, first):
            continue
        for a, b in f.terms(first, last):
            factors = f.factors(a, b)
            if len(factors) < 2:
                continue
            for c, d in factors:
                before = f.text(c - 1) in JOINTS and c > a
                after = f.text(d + 1) in JOINTS and d < b and not before
                if "/" in (f.text(c - 1), f.text(d + 1)):
                    continue
                yield (put(f, c - before, d + after, ""),)


@kind("function")
def function(f: Formula) -> Iterator[Edit]:
    for i in range(len(f)):
        text = f.text(i)
        if not right_hand(f, i) or legend(f, i):
            continue
        if text in OTHER and f.script[i] != "_" and not f.text(i + 1).startswith("_"):
            yield (put(f, i, i, OTHER[text] if f.text(i + 1) != r"\sigma" else r"\exp"),)
        elif text == r"\sigma" and f.tokens[min(i + 1, len(f) - 1)].bracket == "(":
            yield (put(f, i, i, r"\tanh"),)


@kind("fraction")
def fraction(f: Formula) -> Iterator[Edit]:
    for i in range(len(f) - 2):
        if f.text(i) in (r"\frac", r"\dfrac") and f.text(i + 1) == "{":
            above, below = (i + 1, f.group(i + 1)), (f.group(i + 1) + 1, f.group(f.group(i + 1) + 1))
            if not re.search(r"\\partial|\{\s*d", f.source(*above)):
                yield (put(f, *above, f.source(*below)), put(f, *below, f.source(*above)))


@kind("root")
def root(f: Formula) -> Iterator[Edit]:
    for i in range(len(f) - 2):
        if f.text(i) == r"\sqrt" and f.text(i + 1) == "{":
            last = f.group(i + 1)
            inner = f.source(i + 2, last - 1)
            long = re.search(r"[-+]", inner) is not None
            yield (put(f, i, last, f"({inner})" if long else inner),)
        if f.text(i) == r"\frac" and f.text(i + 1) == "{":
            below = f.group(i + 1) + 1
            inner = f.source(below + 1, f.group(below) - 1) if f.text(below) == "{" else "1"
            if not re.search(r"\\sqrt|\\partial|^\d$|^d\w*$", inner):
                yield (put(f, below, f.group(below), r"{\sqrt{" + inner + "}}"),)


@kind("complement")
def complement(f: Formula) -> Iterator[Edit]:
    complements = {}
    for i in range(len(f) - 3):
        if f.tokens[i].bracket == "(" and f.text(i + 1) == "1" and f.text(i + 2) == "-" and not f.script[i]:
            last = f.group(i)
            complements[f.source(i + 3, last - 1)] = True
            yield (put(f, i, last, f.source(i + 3, last - 1)),)
    for i in range(len(f)):
        last = f.scripted(i)
        if f.source(i, last) in complements and upright(f, i) and f.text(i - 1) != "-" and symbol(f, i):
            yield (put(f, i, last, f"(1 - {f.source(i, last)})"),)


@kind("bracket")
def bracket(f: Formula) -> Iterator[Edit]:
    for first, last in sorted(f.partner.items()):
        if first > last or f.tokens[first].bracket not in ("(", "[") or f.script[first] or not right_hand(f, first):
            continue
        before, after = f.text(first - 1), f.text(last + 1)
        applied = f.atom(first - 1) == last if first else False
        inner = any(f.text(i) in ("+", "-") and f.inside[i] == first for i in range(first + 2, last))
        bound = before not in ENDS | {"+", "{", "("} or after not in ENDS | {"+", "-", "}", ")", ""}
        if inner and bound and not applied:
            yield (put(f, first, first, ""), put(f, last, last, ""))
