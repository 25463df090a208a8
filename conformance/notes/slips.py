"""Each kind of slip is undone in a way of its own, at one place of a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import combinations, pairwise

from conformance.notes.change import Change, is_letter, one, with_scripts
from conformance.notes.tokens import OPEN, Token
from conformance.notes.vocabulary import ACCENTS, LETTERS, RELATIONS

PLACES = frozenset([*RELATIONS, "(", "{", "[", ",", r"\{", "|", r"\|"])


def named(row: Sequence[Token], texts: list[str], close: dict[int, int], relation: int) -> list[tuple[int, int]]:
    """Where the names of the right side begin and end, with what hangs on them."""
    found = []
    for i, text in enumerate(texts):
        if i <= relation or (i and texts[i - 1] in ("_", "^")):
            continue
        if text in ACCENTS and i + 1 in close:
            found.append((i, with_scripts(texts, close[i + 1] + 1)))
        elif is_letter(row[i]) and not any(a < i < b for a, b in found):
            found.append((i, with_scripts(texts, i + 1)))
    return found[:40]


def exchanged(texts: list[str], named: Sequence[tuple[int, int]], missing: Sequence[str]) -> Iterator[Change]:
    """One name stands where another belongs, be it in the row or missing; or both stand where the other does."""
    written = list(dict.fromkeys(tuple(texts[a:b]) for a, b in named))[:14]
    for a, b in named:
        mine = tuple(texts[a:b])
        for other in written:
            if other != mine and not (len(other) == len(mine) == 1):
                yield one(1.1, a, b, *other)
        if b > a + 1:
            for letter in missing:
                yield one(1.15, a, b, letter)
    for (a, b), (c, d) in combinations(named, 2):
        one_, two = tuple(texts[a:b]), tuple(texts[c:d])
        if one_ != two and b <= c:
            yield Change(1.1, ((a, b, two), (c, d, one_)))


def again(texts: list[str], named: Sequence[tuple[int, int]], close: Mapping[int, int]) -> Iterator[Change]:
    """A name of the row as a factor that is missing elsewhere."""
    counts = {tuple(texts[k + 1 : e]) for k, e in close.items() if k and texts[k - 1] == "}"}  # alone below a fraction
    names = [name for name in dict.fromkeys(tuple(texts[a:b]) for a, b in named) if name not in counts][:8]
    inside = {k for a, b in named for k in range(a + 1, b)}
    heads = ("(", "[", r"\frac", r"\sqrt", r"\sum", r"\log", r"\ln", r"\exp", r"\tanh", r"\sigma")
    starts = [a for a, _ in named] + [k for k, t in enumerate(texts) if t in heads and named and k > named[0][0]]
    ends = [b for _, b in named] + [end + 1 for start, end in close.items() if texts[start] in ("(", "[")]
    for k in sorted({*starts, *ends} - inside)[:40]:
        if texts[k - 1] not in ("_", "^", "{", r"\hat", r"\bar", r"\tilde") and texts[k : k + 1] not in (["_"], ["^"]):
            for name in names:
                yield one(1.2 if k in starts else 1.25, k, k, *name)


def is_index(texts: list[str], opened: dict[int, int], close: dict[int, int], i: int) -> bool:
    """Whether a letter is an index, or a part of one."""
    if i and texts[i - 1] == "_":
        return True
    k = i
    while k > 0 and i - k < 12:
        k -= 1
        if texts[k] == "{" and close.get(k, -1) > i:
            return k > 0 and texts[k - 1] == "_"
        if k in opened:
            k = opened[k]
    return False


def wrapped(texts: list[str], close: dict[int, int], i: int) -> Iterator[Change]:
    """Brackets that are missing: from here to the end of one of the next terms."""
    ends: list[int] = []
    k, signs = i, 0
    while k < len(texts) and k - i < 26:
        text = texts[k]
        if text in ("}", ")", "]", ",", r"\\", *RELATIONS):
            break
        if text in "+-" and k > i:
            signs += 1
            if signs > 1:
                ends.append(k)
        k = close[k] + 1 if k in close else k + 1
        if signs and (
            k >= len(texts)
            or ((_follows(texts, k) or texts[k] == "^") and texts[k - 1] not in ("_", "^", "+", "-", r"\hat", r"\frac"))
        ):
            ends.append(k)
    powers = [end for end in ends[4:] if texts[end : end + 1] == ["^"]]  # where a bracket is missed most
    for end in dict.fromkeys([*ends[:4], *powers[:1]]):
        yield Change(1.15, ((i, i, ("(",)), (end, end, (")",))))


def complement(text: str) -> str:
    """What a decimal lacks to be one; the decimal itself where it is no share."""
    try:
        rest = 1 - Decimal(text)
    except InvalidOperation:
        return text
    return str(rest) if 0 < rest < 1 else text


def _follows(texts: list[str], k: int) -> bool:
    """Whether what stands at a place begins something of its own, and hangs on nothing before it."""
    return texts[k] not in ("_", "^", "{", "(") or (texts[k] == "(" and texts[k - 1] in ("}", ")"))


def signs(texts: list[str], i: int, before: str) -> Iterator[Change]:
    other = "-" if texts[i] == "+" else "+"
    unary = before in PLACES
    if unary:
        yield one(0.95 if before in RELATIONS else 1.0, i, i + 1)
    else:
        yield one(1.0, i, i + 1, other)
        yield one(1.2, i, i + 1)
    left, right = _unit_before(texts, i), _unit_after(texts, i)
    if not unary and left is not None and right is not None:
        yield one(1.3, left, right, *texts[i + 1 : right], texts[i], *texts[left:i])


def _unit_before(texts: list[str], i: int) -> int | None:
    """Where the short term before a sign begins."""
    k = i
    while k > 0 and i - k < 8 and texts[k - 1] not in PLACES | {"+", "-", ")", "]"}:
        k -= 1
    return k if i - k > 0 and "{" not in texts[k:i] and "}" not in texts[k:i] else None


def _unit_after(texts: list[str], i: int) -> int | None:
    k = i + 1
    while k < len(texts) and k - i < 8 and texts[k] not in ("+", "-", ")", "]", "}", "{", "(", "[", ",", *RELATIONS):
        k += 1
    return k if k > i + 1 else None


def scripts(texts: list[str], close: dict[int, int], i: int, times: Sequence[str]) -> Iterator[Change]:
    braced = texts[i + 1] == "{" and i + 1 in close
    end = close[i + 1] + 1 if braced else i + 2
    inside = texts[i + 2 : end - 1] if braced else texts[i + 1 : end]
    if texts[i] == "^":
        yield one(1.0, i, end)
        for b, e in close.items():  # the power belongs to the bracket around it
            if b < i < e and end <= e and texts[b] in ("(", "["):
                yield Change(1.2, ((i, end, ()), (e + 1, e + 1, tuple(texts[i:end]))))
    else:
        yield one(1.1, i, end)
    core = "".join(inside)
    for name in times:
        for other in (name, f"{name}-1", f"{name}+1"):
            if other != core and (
                core[:1] == name or (len(inside) == 1 and inside[0].isalnum()) or core[1:] in ("-1", "+1", "=1")
            ):
                new = (
                    ("{", *([other[0]] if len(other) == 1 else [other[0], other[1], other[2]]), "}")
                    if len(other) > 1
                    else (other,)
                )
                yield one(1.0 if core[:1] == name else 1.05, i + 1, end, *new)
    if texts[i] == "_" and core in ("1", "2"):
        yield one(1.0, i + 1, end, "2" if core == "1" else "1")


def squares(texts: list[str]) -> set[str]:
    """The names of which a square stands in a row, whatever hangs below them."""
    found = set()
    for k, text in enumerate(texts[1:-1], 1):
        if text == "^" and texts[k + 1] == "2":
            last = k - 1
            if texts[last] == "}":
                last = max((j for j in range(k) if texts[j] == "{"), default=0)
            below = last - 1 if texts[last - 1 : last] == ["_"] else k
            found.add(texts[below - 1])
    return found


def ends(texts: list[str], i: int, opened: dict[int, int]) -> bool:
    """Whether something that can have a power ends here."""
    text = texts[i]
    if text in (")", "]") or text == r"\|":
        return True
    if text == "}":
        return i in opened and opened[i] > 0 and texts[opened[i] - 1] in ("_", r"\hat", r"\bar")
    return (len(text) == 1 and text.isalnum()) or text in LETTERS


def other_letters(texts: list[str], i: int, before: str, letters: Sequence[str], relation: int) -> Iterator[Change]:
    for other in letters:
        if other != texts[i]:
            yield one(1.05, i, i + 1, other)
    if before not in ("_", "^") and i > relation:
        if before not in (r"\hat", "{") or texts[i - 2 : i - 1] != [r"\hat"]:
            yield one(1.1, i, i + 1, r"\hat", "{", texts[i], "}")
        yield from units(texts, i, with_scripts(texts, i + 1))


def units(texts: list[str], first: int, last: int) -> Iterator[Change]:
    """A name is there too often, or lacks what would be done with it."""
    whole = texts[first:last]
    yield one(1.25, first, last)
    yield one(1.0, first, last, "(", "1", "-", *whole, ")")
    yield one(1.2, first, last, r"\sqrt", "{", *whole, "}")
    for function in (r"\log", r"\exp"):
        yield one(1.3, first, last, function, "(", *whole, ")")


def fractions(texts: list[str], close: dict[int, int], i: int) -> Iterator[Change]:
    if i + 1 in close and close[i + 1] + 1 in close:
        a, b = i + 1, close[i + 1] + 1
        c, d = b, close[b] + 1
        yield one(1.0, a, d, *texts[c:d], *texts[a:b])
        above = texts[a + 1 : b - 1]
        factor = above == ["1"] and d < len(texts) and texts[d] not in ("+", "-", "}", ")", *RELATIONS)
        yield one(1.8 if factor else 1.15, i, d, *([] if factor else above))
    elif i + 3 <= len(texts) and texts[i + 1] != "{" and texts[i + 2] != "{":
        yield one(1.0, i + 1, i + 3, texts[i + 2], texts[i + 1])


def brackets(texts: list[str], close: dict[int, int], i: int) -> Iterator[Change]:
    if i not in close:
        return
    end = close[i]
    inside = texts[i + 1 : end]
    yield Change(1.1, ((i, i + 1, ()), (end, end + 1, ())))
    if inside[:2] == ["1", "-"] and len(inside) < 12:
        yield one(1.05, i, end + 1, *inside[2:])
    if len(inside) < 40:
        yield one(1.2, i, end + 1, r"\sqrt", "{", *inside, "}")


def terms(texts: list[str], relation: int) -> Iterator[Change]:
    """A term too many, or one that stands twice."""
    depth = 0
    cuts = []
    for i, text in enumerate(texts):
        if text in OPEN:
            depth += 1
        elif text in OPEN.values():
            depth -= 1
        elif depth == 0 and (text in "+-" or text in RELATIONS):
            cuts.append(i)
    cuts.append(len(texts))
    for a, b in pairwise(cuts):
        if texts[a] in "+-" and a > relation and b - a < 30:
            yield one(1.4, a, b)
