"""People slip in few ways: a sign, an index, a power, a limit, a letter, a function, a bracket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import combinations, pairwise

from conformance.notes.tokens import OPEN, Token, partners
from conformance.notes.vocabulary import ACCENTS, LETTERS, RELATIONS

SWAPS = {
    r"\exp": [r"\log"], r"\log": [r"\exp"], r"\ln": [r"\exp"], r"\max": [r"\min"], r"\min": [r"\max"],
    r"\sin": [r"\cos"],
    r"\cos": [r"\sin"], r"\tanh": [r"\sigma"], r"\sum": [r"\prod"], r"\prod": [r"\sum"], r"\lfloor": [r"\lceil"],
    "exp": ["log"], "log": ["exp"], "max": ["min"], "min": ["max"], r"\sigma": [r"\tanh"],
}  # fmt: skip
PLACES = frozenset([*RELATIONS, "(", "{", "[", ",", r"\{", "|", r"\|"])


@dataclass(frozen=True)
class Change:
    """Tokens from one place to another are replaced by others; how far that is from what was written."""

    cost: float
    parts: tuple[tuple[int, int, tuple[str, ...]], ...]
    guided: bool = False  # towards a form of the catalogue

    def applied(self, row: Sequence[Token]) -> list[Token]:
        made = list(row)
        for first, last, new in sorted(self.parts, reverse=True):
            made[first:last] = map(written, new)
        return made


@cache
def written(text: str) -> Token:
    """A token that stands in no note."""
    return Token(text, -1, -1, source=text)


def one(cost: float, first: int, last: int, *new: str) -> Change:
    return Change(cost, ((first, last, new),))


def is_letter(token: Token) -> bool:
    text = token.text
    return (len(text) == 1 and text.isalpha() and text.isascii()) or (
        text in LETTERS and text not in (r"\infty", r"\partial")
    )


def changes(row: Sequence[Token], letters: Sequence[str]) -> Iterator[Change]:
    """Every small change of a row, the letters being those that may stand in it."""
    close = partners(list(row))
    opened = {b: a for a, b in close.items()}
    texts = [t.text for t in row]
    relation = next((i for i, t in enumerate(texts) if t in RELATIONS), -1)
    times = [t for t in ("t", "k", "n", "i", "l", "s") if t in texts]
    numbers = ["0", "1", "2"]
    indices = {t for k, t in enumerate(texts) if _inside(texts, opened, close, k)}
    for i, text in enumerate(texts):
        index = _inside(texts, opened, close, i)
        before = texts[i - 1] if i else "="
        after = texts[i + 1] if i + 1 < len(texts) else ""
        if text in "+-":
            yield from _signs(texts, i, before)
        elif (
            i > relation
            and relation >= 0
            and before in PLACES
            and text not in ("}", ")", "]")
            and not (before == "{" and i > 1 and texts[i - 2] == "_")
        ):
            yield one(1.05, i, i, "-")
        if text == r"\infty" and before != "-":
            yield one(0.9, i, i, "-")
        if text in ("^", "_") and after:
            yield from _scripts(texts, close, i, times)
        if _ends(texts, i, opened) and after not in ("^", "(") and before != "^":
            yield one(1.1, i + 1, i + 1, "^", "2")
            if "t" in texts:
                yield one(1.15, i + 1, i + 1, "^", "t")
            if after in times and is_letter(row[i]) and not row[i + 1].gap and before not in ("_", "^") and not index:
                yield one(0.7, i + 1, i + 1, "_")  # an index that slipped onto the line
            if after != "_" and is_letter(row[i]) and before != "_":
                for name in times:
                    yield one(1.2, i + 1, i + 1, "_", name)
        if is_letter(row[i]) and i > relation >= 0 and before not in ("_", "^"):
            last = with_scripts(texts, i + 1)
            if texts[last : last + 1] == ["("] and last in close:  # a function's value as a name is
                yield Change(1.15, ((i, i, ("(", "1", "-")), (close[last] + 1, close[last] + 1, (")",))))
        if is_letter(row[i]):
            yield from _letters(texts, i, before, [x for x in letters if x in indices] if index else letters, relation)
        if before == "d" and r"\int" in texts[:i] and is_letter(row[i]):
            for other in letters:
                if other != text and texts.count(other) > 1:
                    yield one(0.85, i, i + 1, other)  # what it is integrated over
        if "." in text:
            for other in texts:
                if "." in other and other != text and (rest := _complement(other)) not in (text, other):
                    yield one(1.0, i, i + 1, rest)
        if text.isdigit():
            for number in numbers:
                above = "^" in texts[max(0, i - 2) : i]
                idle = (number == "0" and before in ("+", "-")) or (number in ("0", "1") and above)
                if number != text and not idle:
                    yield one(1.0, i, i + 1, number)
            if before in ("+", "-"):
                limit = after == "}" and texts[opened.get(i + 1, 0) - 1] in ("^", "_")
                yield one(0.95 if index or limit else 1.1, i - 1, i + 1)  # a step more often than a term
            elif before not in ("_", "^") and not (before == "{" and after == "}"):
                yield one(1.2, i, i + 1)
        for other in SWAPS.get(text, ()):
            yield one(1.0, i, i + 1, other)
        if text in ACCENTS and i + 1 in close:
            yield one(1.1, i, close[i + 1] + 1, *texts[i + 2 : close[i + 1]])
            if before not in ("_", "^") and i > relation:
                yield from _units(texts, i, with_scripts(texts, close[i + 1] + 1))
        elif text in ACCENTS:
            yield one(1.1, i, i + 1)
        if text == r"\sqrt" and i + 1 in close:
            inside = texts[i + 2 : close[i + 1]]
            following = texts[close[i + 1] + 1 : close[i + 1] + 2]
            alone = len(inside) == 1 or (before in ("{", *RELATIONS) and following in ([], ["}"], [","]))
            yield one(1.1, i, close[i + 1] + 1, *(inside if alone else ("(", *inside, ")")))
        if text == r"\frac":
            yield from _fractions(texts, close, i)
        if text in ("(", "["):
            yield from _brackets(texts, close, i)
        if text == "{" and i in close and before not in ("_", "^", r"\sqrt", *ACCENTS) and i:
            yield one(1.2, i, close[i] + 1, "{", r"\sqrt", *texts[i : close[i] + 1], "}")
        if text == "1" and after == "-" and i + 2 < len(texts) and before in ("(", "{"):
            yield one(1.1, i, i + 2)
        if before not in ("(", "_", "^"):
            yield from _wrapped(texts, close, i)
        if text in RELATIONS and i != relation:
            yield one(1.0, i, i + 1, "-")
            yield one(1.1, i, i + 1, "+")
        if text == r"\lfloor" and i in close:
            yield Change(1.0, ((i, i + 1, (r"\lceil",)), (close[i], close[i] + 1, (r"\rceil",))))
        if text == r"\lceil" and i in close:
            yield Change(1.0, ((i, i + 1, (r"\lfloor",)), (close[i], close[i] + 1, (r"\rfloor",))))
    yield from _terms(texts, relation)
    yield from _exchanged(texts, _named(row, texts, close, relation), [x for x in letters if x not in texts])


def _named(row: Sequence[Token], texts: list[str], close: dict[int, int], relation: int) -> list[tuple[int, int]]:
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


def _exchanged(texts: list[str], named: Sequence[tuple[int, int]], missing: Sequence[str]) -> Iterator[Change]:
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


def _inside(texts: list[str], opened: dict[int, int], close: dict[int, int], i: int) -> bool:
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


def _wrapped(texts: list[str], close: dict[int, int], i: int) -> Iterator[Change]:
    """Brackets that are missing: from here to the end of one of the next terms."""
    ends: list[int] = []
    k, signs = i, 0
    while k < len(texts) and k - i < 26 and len(ends) < 4:
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
            or (_follows(texts, k) and texts[k - 1] not in ("_", "^", "+", "-", r"\hat", r"\frac"))
        ):
            ends.append(k)
    for end in dict.fromkeys(ends):
        yield Change(1.15, ((i, i, ("(",)), (end, end, (")",))))


def _complement(text: str) -> str:
    """What a decimal lacks to be one; the decimal itself where it is no share."""
    try:
        rest = 1 - Decimal(text)
    except InvalidOperation:
        return text
    return str(rest) if 0 < rest < 1 else text


def _follows(texts: list[str], k: int) -> bool:
    """Whether what stands at a place begins something of its own, and hangs on nothing before it."""
    return texts[k] not in ("_", "^", "{", "(") or (texts[k] == "(" and texts[k - 1] in ("}", ")"))


def _signs(texts: list[str], i: int, before: str) -> Iterator[Change]:
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


def _scripts(texts: list[str], close: dict[int, int], i: int, times: Sequence[str]) -> Iterator[Change]:
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


def _ends(texts: list[str], i: int, opened: dict[int, int]) -> bool:
    """Whether something that can have a power ends here."""
    text = texts[i]
    if text in (")", "]") or text == r"\|":
        return True
    if text == "}":
        return i in opened and opened[i] > 0 and texts[opened[i] - 1] in ("_", r"\hat", r"\bar")
    return (len(text) == 1 and text.isalnum()) or text in LETTERS


def _letters(texts: list[str], i: int, before: str, letters: Sequence[str], relation: int) -> Iterator[Change]:
    for other in letters:
        if other != texts[i]:
            yield one(1.05, i, i + 1, other)
    if before not in ("_", "^") and i > relation:
        if before not in (r"\hat", "{") or texts[i - 2 : i - 1] != [r"\hat"]:
            yield one(1.1, i, i + 1, r"\hat", "{", texts[i], "}")
        yield from _units(texts, i, with_scripts(texts, i + 1))


def with_scripts(texts: list[str], end: int) -> int:
    """Where the first index or power behind a name ends."""
    if texts[end : end + 1] not in (["_"], ["^"]) or end + 1 >= len(texts):
        return end
    depth, unit = 0, end + 1
    while unit < len(texts):
        depth += (texts[unit] == "{") - (texts[unit] == "}")
        unit += 1
        if depth == 0:
            break
    return unit


def _units(texts: list[str], first: int, last: int) -> Iterator[Change]:
    """A name is there too often, or lacks what would be done with it."""
    whole = texts[first:last]
    yield one(1.25, first, last)
    yield one(1.15, first, last, "(", "1", "-", *whole, ")")
    yield one(1.2, first, last, r"\sqrt", "{", *whole, "}")
    for function in (r"\log", r"\exp"):
        yield one(1.3, first, last, function, "(", *whole, ")")


def _fractions(texts: list[str], close: dict[int, int], i: int) -> Iterator[Change]:
    if i + 1 in close and close[i + 1] + 1 in close:
        a, b = i + 1, close[i + 1] + 1
        c, d = b, close[b] + 1
        yield one(1.0, a, d, *texts[c:d], *texts[a:b])
        above = texts[a + 1 : b - 1]
        factor = above == ["1"] and d < len(texts) and texts[d] not in ("+", "-", "}", ")", *RELATIONS)
        yield one(1.8 if factor else 1.15, i, d, *([] if factor else above))
    elif i + 3 <= len(texts) and texts[i + 1] != "{" and texts[i + 2] != "{":
        yield one(1.0, i + 1, i + 3, texts[i + 2], texts[i + 1])


def _brackets(texts: list[str], close: dict[int, int], i: int) -> Iterator[Change]:
    if i not in close:
        return
    end = close[i]
    inside = texts[i + 1 : end]
    yield Change(1.1, ((i, i + 1, ()), (end, end + 1, ())))
    if inside[:2] == ["1", "-"] and len(inside) < 12:
        yield one(1.05, i, end + 1, *inside[2:])
    if len(inside) < 40:
        yield one(1.2, i, end + 1, r"\sqrt", "{", *inside, "}")


def _terms(texts: list[str], relation: int) -> Iterator[Change]:
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
