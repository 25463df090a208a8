"""A note has manners of its own: fractions in a line, limits above first, no steps of time, conditions in brackets."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.notes.items import closing, grouped, parts_of
from conformance.notes.spelling import group
from conformance.notes.vocabulary import RELATIONS


def conditioned(goal: Sequence[str], row: Sequence[str]) -> list[str]:
    """Cases whose conditions stand in brackets if those of a row do."""
    cells = [k for k, t in enumerate(row[:-1]) if t == "&"]
    if r"\begin" not in row or not cells or any(row[k + 1] != "(" for k in cells):
        return list(goal)
    made: list[str] = []
    inside = False
    for text in goal:
        if inside and text in (r"\\", r"\end"):
            made.append(")")
            inside = False
        made.append(text)
        if text == "&":
            made.append("(")
            inside = True
    return made


def sides(goal: Sequence[str], row: Sequence[str]) -> list[list[str]]:
    """Of several sides the first with each other one, where a row has two."""
    parts = parts_of(goal)
    if sum(t in RELATIONS for _, sign in parts_of(row) for t in sign) != 1 or len(parts) < 3:
        return []
    if any(sign and sign[0] not in RELATIONS for _, sign in parts):
        return []
    (left, sign), *others = parts
    return [[*left, *sign, *other] for other, _ in others]


def among(goal: Sequence[str], row: Sequence[str]) -> list[list[str]]:
    """A formula's one side in the place of each of the several that a row has."""
    here, there = parts_of(row), parts_of(goal)
    if len(here) < 3 or len(there) != 2 or any(sign and sign[0] not in RELATIONS for _, sign in (*here, *there)):
        return []
    ways = []
    for k in range(1, len(here)):
        sides = [*here[:k], (there[1][0], here[k][1]), *here[k + 1 :]]
        ways.append([text for side, sign in sides for text in (*side, *sign)])
    return ways


def opened(goal: Sequence[str]) -> list[list[str]]:
    """What is taken off in brackets, without them."""
    ways = []
    for k in range(len(goal) - 1):
        if goal[k] == "-" and goal[k + 1] == "(":
            end = closing(goal, k + 1)
            inside = [{"+": "-", "-": "+"}.get(i[0], i[0]) if len(i) == 1 else i for i in grouped(goal[k + 2 : end])]
            if goal[end + 1 : end + 2] != ["^"] and {"+", "-"} & set(goal[k + 2 : end]) and inside[0] not in ("+", "-"):
                flat = [text for i in inside for text in ([i] if isinstance(i, str) else i)]
                ways.append([*goal[: k + 1], *flat, *goal[end + 1 :]])
    return ways


def turned(goal: Sequence[str], row: Sequence[str]) -> list[list[str]]:
    """A formula of which a row has the sign in a bracket, and not before it."""
    relation = next((k for k, t in enumerate(goal) if t in RELATIONS), -1)
    here = next((k for k, t in enumerate(row) if t in RELATIONS), -1)
    if relation < 0 or here < 0 or goal[relation + 1 : relation + 2] != ["-"] or row[here + 1 : here + 2] == ["-"]:
        return []
    first = next((k for k in range(relation, len(goal)) if goal[k] == "("), -1)
    if first < 0:
        return []
    end = closing(goal, first)
    inside = [{"+": "-", "-": "+"}.get(i[0], i[0]) if len(i) == 1 else i for i in grouped(goal[first + 1 : end])]
    if not {"+", "-"} & {i for i in inside if isinstance(i, str)} or goal[end + 1 : end + 2] == ["^"]:
        return []
    flat = [text for i in inside for text in ([i] if isinstance(i, str) else i)]
    signed = flat[1:] if flat[0] == "+" else flat if flat[0] == "-" else ["-", *flat]
    return [[*goal[: relation + 1], *goal[relation + 2 : first], "(", *signed, *goal[end:]]]


def exponentials(goal: Sequence[str]) -> list[str]:
    """Powers of e as values of a function, as a row has them."""
    made: list[str] = []
    k = 0
    while k < len(goal):
        if goal[k : k + 2] == ["e", "^"] and k + 2 < len(goal):
            inside, k = group(list(goal), k + 2)
            made += [r"\exp", "(", *exponentials(inside), ")"]
        else:
            made.append(goal[k])
            k += 1
    return made


def timed(texts: Sequence[str]) -> bool:
    """Whether something has an index of time."""
    return any(
        texts[k] == "_" and "t" in (texts[k + 1], *texts[k + 2 : k + 3][: texts[k + 1] == "{"])
        for k in range(len(texts) - 1)
    )


def untimed(goal: Sequence[str], *, arrow: bool) -> list[str]:
    """An update in which the new takes the place of the old, which needs no steps of time."""
    made: list[str] = []
    k = 0
    while k < len(goal):
        if goal[k] == "_" and k + 1 < len(goal):
            inside, end = group(list(goal), k + 1)
            if "".join(inside) in ("t", "t-1", "t+1"):
                k = end
                continue
        made.append(r"\leftarrow" if arrow and goal[k] == "=" and r"\leftarrow" not in made else goal[k])
        k += 1
    return made


def unprimed(goal: Sequence[str], row: Sequence[str]) -> list[str]:
    """An update of which a row has no primes: what is new takes the place of what was there."""
    named = {goal[k] for k in range(len(goal)) if goal[k + 1 : k + 2] != ["'"]}
    return list(goal) if "'" in row else [t for k, t in enumerate(goal) if t != "'" or goal[k - 1] not in named]


def unlimited(goal: Sequence[str], row: Sequence[str]) -> list[str]:
    """Sums without their limits, if all those of a row go without."""
    limits = [_limits(row, k) for k, t in enumerate(row) if t in (r"\sum", r"\prod")]
    if not limits or any(len(below) != 1 or above for below, above, _ in limits):
        return list(goal)
    made: list[str] = []
    k = 0
    while k < len(goal):
        made.append(goal[k])
        below, _, end = _limits(goal, k) if goal[k] in (r"\sum", r"\prod") else ([], [], k + 1)
        made += ["_", below[0]] if below else []
        k = end
    return made


def _limits(texts: Sequence[str], k: int) -> tuple[list[str], list[str], int]:
    """What stands below and above a sum's sign, and where the term begins."""
    below: list[str] = []
    above: list[str] = []
    end = k + 1
    while end + 1 < len(texts) and texts[end] in ("_", "^"):
        inside, after = group(list(texts), end + 1)
        below, above = (inside, above) if texts[end] == "_" else (below, inside)
        end = after
    return below, above, end


def transposed(goal: Sequence[str], row: Sequence[str]) -> list[str]:
    """Products of vectors with the sign of a transpose, if a row has it and no dot."""
    sign = next((row[k + 1] for k, t in enumerate(row[:-1]) if t == "^" and row[k + 1] in (r"\top", "T")), "")
    if not sign or r"\cdot" in row:
        return list(goal)
    return [text for t in goal for text in (["^", sign] if t == r"\cdot" else [t])]


def dated(goal: Sequence[str]) -> list[str]:
    """What is primed as what it is at t, and what it was before as what it is at t - 1."""
    primed = {goal[_name_before(goal, k)] for k, t in enumerate(goal) if t == "'"}
    made: list[str] = []
    k = 0
    while k < len(goal):
        made.append(goal[k])
        k += 1
        if made[-1] in primed and made[-2:-1] not in (["_"], ["^"]):
            if goal[k : k + 2] == ["_", "t"]:
                k += 2
            elif goal[k : k + 1] == ["_"]:
                continue
            now = goal[k : k + 1] == ["'"]
            made += ["_", "t"] if now else ["_", "{", "t", "-", "1", "}"]
            k += now
    return made


def _name_before(goal: Sequence[str], k: int) -> int:
    """Where the name stands that a prime hangs on, with or without an index between them."""
    return k - 3 if goal[k - 2 : k - 1] == ["_"] else k - 1


def counted_above(goal: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Samples numbered above in brackets, as rows number them that number none below."""
    padded = [[*row, "", "", "", ""] for row in rows]
    every = [some for row in padded for some in zip(row, row[1:], row[2:], row[3:], row[4:], strict=False)]
    above = {some[3] for some in every if some[:3] == ("^", "{", "(") and some[4] == ")"}
    below = {some[2] for some in every if some[:2] == ("_", "{") and some[3] == "}"}
    below |= {some[1] for some in every if some[0] == "_"}
    made: list[str] = []
    k = 0
    while k < len(goal):
        inside, end = group(list(goal), k + 1) if goal[k] == "_" and k + 1 < len(goal) else ([], k)
        if len(inside) == 1 and inside[0] in above - below:
            made += ["^", "{", "(", *inside, ")", "}"]
            k = end
        else:
            made.append(goal[k])
            k += 1
    return made


def above_first(goal: Sequence[str]) -> list[str]:
    """Sums with what stands above them first, as a row has them."""
    made: list[str] = []
    k = 0
    while k < len(goal):
        made.append(goal[k])
        k += 1
        if made[-1] in (r"\sum", r"\prod") and goal[k : k + 1] == ["_"]:
            below, after = group(list(goal), k + 1)
            if goal[after : after + 1] == ["^"]:
                above, end = group(list(goal), after + 1)
                made += [*_braced("^", above, goal[after + 1]), *_braced("_", below, goal[k + 1])]
                k = end
    return made


def _braced(sign: str, inside: Sequence[str], first: str) -> list[str]:
    return [sign, "{", *inside, "}"] if first == "{" else [sign, *inside]


def in_line(goal: Sequence[str]) -> list[str]:
    """Fractions with a stroke, as a row has them that has no others."""
    made: list[str] = []
    k = 0
    while k < len(goal):
        if goal[k] != r"\frac" or goal[k + 1 : k + 2] != ["{"]:
            made.append(goal[k])
            k += 1
            continue
        above, k = group(list(goal), k + 1)
        below, k = group(list(goal), k)
        for part, stroke in ((in_line(above), ["/"]), (in_line(below), [])):
            made += (["(", *part, ")"] if {"+", "-"} & set(part) else part) + stroke
    return made
