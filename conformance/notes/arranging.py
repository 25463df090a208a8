"""A formula of the catalogue is written in the order and in the manner of the note."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from difflib import SequenceMatcher

from conformance.notes.change import is_letter, with_scripts, written
from conformance.notes.items import BARS, grouped, parts_of
from conformance.notes.manners import (
    above_first,
    conditioned,
    counted_above,
    dated,
    exponentials,
    in_line,
    opened,
    sides,
    timed,
    transposed,
    turned,
    unlimited,
    unprimed,
    untimed,
)
from conformance.notes.spelling import group
from conformance.notes.tokens import Token

SUMS = (r"\sum", r"\prod")
SIGNS = ("+", "-")
LONGEST = 10  # signs of one name with its index
JOINED = (r"\tanh", r"\sigma")  # functions whose values are factors
JOINTS = (r"\odot", "*", r"\cdot", r"\times")


def arrangements(
    goal: Sequence[str], row: Sequence[Token], rest: Sequence[Sequence[Token]] = ()
) -> list[list[str]]:
    """A formula with its terms, fractions and limits as a row has them, and with steps of time if its block has any.

    The second has its terms in the other order, if there is one: a slip may hide which of them is which.
    """
    made = list(goal)
    texts = [t.text for t in row]
    if r"\exp" in texts and "e" not in texts:
        made = exponentials(made)
    if "/" in texts and r"\frac" not in texts:
        made = in_line(made)
    if any(a in SUMS and b == "^" for a, b in itertools.pairwise(texts)):
        made = above_first(made)
    made = transposed(unlimited(made, texts), texts)
    made = counted_above(made, [texts, *([t.text for t in other] for other in rest)])
    made = max([made, *sides(made, texts)], key=lambda way: _shared(way, texts) - 0.1 * len(way))
    made = max([made, *_fractions(made), *opened(made)], key=lambda way: _shared(way, texts))
    made = _joined(made, texts, [[t.text for t in other] for other in rest])
    every = [*texts, *(t.text for other in rest for t in other)]
    if not any(timed([t.text for t in some]) for some in (row, *rest)):
        made = unprimed(untimed(made, arrow=r"\leftarrow" in texts), every)
    elif "'" in made and "'" not in every:
        made = dated(made)
    if sum(len(t) == 1 and t.islower() for t in texts) > 1 and not any(len(t) == 1 and t.isupper() for t in every):
        made = [t.lower() if len(t) == 1 and t.isupper() and t.lower() not in texts else t for t in made]
    made = conditioned(made, texts)
    made = max([made, *turned(made, texts)], key=lambda way: _shared(in_order(way, texts), texts))
    ordered = in_order(made, texts)
    if ordered == made:
        return [made]
    return [ordered, made] if _shared(ordered, texts) > _shared(made, texts) else [made, ordered]


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many signs two rows have in common, in one order."""
    return sum(b.size for b in SequenceMatcher(None, list(other), list(one), autojunk=False).get_matching_blocks())


def in_order(goal: Sequence[str], row: Sequence[str]) -> list[str]:
    """The terms of each sum in the order in which a row has them."""
    made: list[str] = []
    for part, sign in parts_of(goal):
        made += [*_terms_in_order(part, row), *sign]
    return made


def _terms_in_order(texts: Sequence[str], row: Sequence[str]) -> list[str]:
    """One sum, and all sums in its brackets."""
    terms: list[tuple[str, list[str]]] = [("+", [])]
    items = grouped(texts)
    for k, item in enumerate(items):
        if item[0] in SIGNS and (k == 0 or items[k - 1][0] not in ("^", "_", *SIGNS)):
            terms.append((item[0], []))
        else:
            even = items[k + 1 : k + 3] in ([["^"], ["2"]], [["^"], ["{", "2", "}"]]) or item[0] in BARS
            terms[-1][1].extend(_inside(item, row, even=even))
    terms = [t for t in terms if t[1]]
    if len(terms) > 1:
        terms.sort(key=lambda t: _place(t[1], row))
    made: list[str] = []
    for k, (sign, term) in enumerate(terms):
        made += [*([sign] if k or sign == "-" else []), *term]
    return made


def _inside(item: Sequence[str], row: Sequence[str], *, even: bool) -> list[str]:
    """A group with its inside in order; where only the size matters a difference may be taken the other way round."""
    if len(item) < 3:
        return list(item)
    inside = in_order(item[1:-1], row)
    if even and inside[0] == "-":
        flipped = [{"+": "-", "-": "+"}.get(i[0], i[0]) if len(i) == 1 else i for i in grouped(inside)]
        inside = [text for i in flipped[1:] for text in ([i] if isinstance(i, str) else i)]
    return [item[0], *inside, item[-1]]


def _place(term: Sequence[str], row: Sequence[str]) -> int:
    """Where in a row a term stands, as far as it does."""
    found = SequenceMatcher(None, list(row), list(term), autojunk=False).find_longest_match()
    return found.a - found.b if found.size else len(row)


def _fractions(goal: Sequence[str]) -> list[list[str]]:
    """A factor before a fraction as a part of what stands above, alone there or with what is there."""
    ways = []
    for k in range(1, len(goal)):
        first_of = _name_before(goal, k)
        if goal[k] != r"\frac" or goal[k + 1 : k + 2] != ["{"] or first_of == k:
            continue
        factor = goal[first_of:k]
        above, after = group(list(goal), k + 1)
        below, end = group(list(goal), after)
        whole = ["(", *above, ")"] if set(SIGNS) & set(above) else above
        first, last = list(goal[:first_of]), list(goal[end:])
        ways.append([*first, r"\frac", "{", *factor, "}", "{", *below, "}", *whole, *last])
        ways.append([*first, r"\frac", "{", *factor, *whole, "}", "{", *below, "}", *last])
        ways.append([*first, *goal[k:end], *factor, *last])
    return ways


def _name_before(texts: Sequence[str], k: int) -> int:
    """Where the name begins that ends at a place, with what hangs on it; the place itself if none does."""
    for first in range(k - 1, max(-1, k - LONGEST), -1):
        hangs = first and texts[first - 1] in ("_", "^", "{")
        if is_letter(written(texts[first])) and not hangs and with_scripts(list(texts), first + 1) == k:
            return first
    return k


def _joined(goal: Sequence[str], row: Sequence[str], rest: Sequence[Sequence[str]]) -> list[str]:
    """A formula with the sign between factors that a row has between all of its own."""
    used = [t for texts in (row, *rest) for t in texts if t in JOINTS]
    if not used:
        return list(goal)
    between = [t for texts in (row, *rest) for t, after in itertools.pairwise(texts) if t in JOINTS and after != "["]
    sign = max(dict.fromkeys(between or used), key=(between or used).count)
    made = [sign if t == r"\odot" else t for t in goal]
    before = [texts[k - 1] for texts in (row, *rest) for k, t in enumerate(texts) if t == "[" and k]
    if before and all(t in JOINTS for t in before):  # between a matrix and what it is taken of
        made = [t for k, text in enumerate(made) for t in ((before[0], text) if _opens(made, k) else (text,))]
    bare = [_bare_products(texts) for texts in (row, *rest)]
    told = (row, *rest) if not bare[0] else (row,)  # where it has no product, the others tell
    if not all(all(some.values()) for some in bare[: len(told)]) or not any(t in JOINTS for some in told for t in some):
        return made
    matrices = any(map(any, (some.values() for some in bare)))  # which stand before what they are taken of
    between_names = _bare_products(made)
    found: list[str] = []
    for k, text in enumerate(made):
        found.append(text)
        if k in between_names and not (matrices and between_names[k]):
            found.append(sign)
    return found


def _opens(texts: Sequence[str], k: int) -> bool:
    """Whether a square bracket opens right behind a name."""
    return texts[k] == "[" and k > 0 and (texts[k - 1] == "}" or is_letter(written(texts[k - 1])))


def _begins(text: str) -> bool:
    """Whether a name begins with a sign."""
    return is_letter(written(text)) or text in (r"\hat", r"\tilde", r"\bar")


def _bare_products(texts: Sequence[str]) -> dict[int, bool]:
    """Where a name ends that another one follows with nothing between them, and whether it may be a matrix."""
    found: dict[int, bool] = {}
    k = 0
    while k < len(texts):
        if texts[k] == ")" and k + 1 < len(texts) and _begins(texts[k + 1]):
            found[k] = False
        if texts[k] in ("_", "^"):
            k = group(list(texts), k + 1)[1]  # letters below and above are no factors
            continue
        if not is_letter(written(texts[k])):
            k += 1
            continue
        end = with_scripts(list(texts), k + 1)
        if end < len(texts) and (_begins(texts[end]) or texts[end] in JOINED):
            found[end - 1] = len(texts[k]) == 1 and texts[k].isupper()
        k = end
    return found


