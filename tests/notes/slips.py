"""A slip changes little: a sign, an index, an exponent, a limit, a number.

Each kind reads the tokens of a formula and gives edits: lists of (first character, last character, replacement).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.notes.latex import ENDS, FUNCTIONS, JOINTS, OPENING, RELATIONS, Formula

Edit = tuple[tuple[int, int, str], ...]
KINDS: dict[str, Callable[[Formula], Iterator[Edit]]] = {}
SYMBOL = re.compile(r"[A-Za-z]|\\(?:hat|tilde|bar|mathbf|boldsymbol|mathcal)\b.*|\\[a-zA-Z]+")
INDEX = re.compile(r"[a-z]")
SUMS = (r"\sum", r"\prod", r"\int", r"\max", r"\min")
WORDS = r"[a-z]|ij|ji|ik|kj|jk|il|nk|nd|nc|nt|tn"  # letters that are indices, not words
NOT_SYMBOLS = FUNCTIONS | set(OPENING) | set(OPENING.values()) | ENDS | JOINTS | RELATIONS
NOT_SYMBOLS |= {r"\sum", r"\prod", r"\int", r"\frac", r"\sqrt", r"\lim", r"\infty", r"\begin", r"\end", r"\pi"}
NOT_SYMBOLS |= {r"\left", r"\right", r"\dots", r"\binom", r"\top", r"\langle", r"\rangle", r"\neq", "e", "E", r"\star"}
NOT_SYMBOLS |= {r"\geq", r"\leq", r"\tfrac", r"\mathbb"}


def kind(name: str) -> Callable[[Callable[[Formula], Iterator[Edit]]], Callable[[Formula], Iterator[Edit]]]:
    """Enter a way to slip under its name."""

    def enter(f: Callable[[Formula], Iterator[Edit]]) -> Callable[[Formula], Iterator[Edit]]:
        KINDS[name] = f
        return f

    return enter


def put(f: Formula, first: int, last: int, text: str) -> tuple[int, int, str]:
    """What replaces the tokens from first through last; a command keeps its distance from a letter."""
    start, end = f.tokens[first].start, f.tokens[last].end
    if re.search(r"\\[a-zA-Z]+$", text) and f.latex[end : end + 1].isalpha():
        text += " "
    if re.search(r"\\[a-zA-Z]+$", f.latex[:start]) and text[:1].isalpha():
        text = " " + text
    return start, end, text


def legend(f: Formula, i: int) -> bool:
    """Whether a token stands in a line that explains letters."""
    place = f.tokens[i].start
    line = f.latex[:place].rpartition("\\\\")[2] + f.latex[place:].partition("\\\\")[0]
    return ":" in line.replace(":=", "").replace("i :", "")


def upright(f: Formula, i: int) -> bool:
    """Whether a token stands on the line, not in a script."""
    return not f.script[i]


def right_hand(f: Formula, i: int) -> bool:
    """Whether a relation comes before the token in its line."""
    line = f.latex[: f.tokens[i].start].rpartition("\\\\")[2]
    return any(r in line for r in ("=", r"\leftarrow", r"\sim"))


def symbol(f: Formula, i: int) -> bool:
    """Whether a token is a quantity's letter."""
    text = f.text(i)
    return bool(SYMBOL.fullmatch(text)) and text not in NOT_SYMBOLS and not text.startswith((r"\left", r"\right"))


def word(f: Formula, i: int) -> str:
    """The run of letters that the token is one of: an index, two, or a word such as min."""
    start, end = f.tokens[i].start, f.tokens[i].end
    before = re.search(r"[A-Za-z]*$", f.latex[:start])
    after = re.match(r"[A-Za-z]*", f.latex[end:])
    return (before[0] if before else "") + f.text(i) + (after[0] if after else "")


@kind("sign")
def sign(f: Formula) -> Iterator[Edit]:
    for i, token in enumerate(f.tokens):
        if token.text not in ("+", "-") or f.script[i] == "_":
            continue
        unary = i == 0 or f.text(i - 1) in ENDS | {"("} or f.tokens[i - 1].bracket in OPENING
        if not unary:
            yield (put(f, i, i, "-" if token.text == "+" else "+"),)
        elif token.text == "-" and f.text(i + 1) != r"\infty":
            yield (put(f, i, i, ""),)
    for i in range(len(f) - 1):
        if f.text(i) in ("=", r"\leftarrow") and f.text(i + 1) not in ("-", "&") and f.script[i] != "_":
            yield ((f.tokens[i].end, f.tokens[i].end, " -"),)


def running(f: Formula, i: int) -> bool:
    """Whether a token is an index: in a subscript, or in a bracket above, and not what a sum runs over."""
    group = f.inside[i]
    in_group = group >= 0 and f.text(group - 1) in ("_", "^")
    bound = f.text(i - 2) in SUMS or (in_group and f.text(group - 2) in SUMS)
    in_place = f.script[i] == "_" or (f.script[i] == "^" and in_group and f.text(group + 1) == "(")
    return in_place and not bound and bool(INDEX.fullmatch(f.text(i))) and bool(re.fullmatch(WORDS, word(f, i)))


@kind("index")
def index(f: Formula) -> Iterator[Edit]:
    letters = {f.text(i) for i in range(len(f)) if f.script[i] == "_" and INDEX.fullmatch(f.text(i))}
    for i in range(len(f)):
        if not running(f, i):
            continue
        in_group = f.inside[i] >= 0 and f.text(f.inside[i] - 1) in ("_", "^")
        if f.text(i + 1) in ("-", "+") and f.text(i + 2) == "1" and in_group:
            yield (put(f, i, i + 2, f.text(i)),)
            yield (put(f, i + 1, i + 1, "+" if f.text(i + 1) == "-" else "-"),)
        elif f.text(i) == "t" and (in_group or f.text(i - 1) == "_"):
            for other in ("t-1", "t+1"):
                yield (put(f, i, i, other if in_group else "{" + other + "}"),)
        else:
            for other in sorted(letters - {f.text(i), "t"})[:3]:
                if {other, f.text(i)} <= set("ijklmnucdr") and f.text(i - 1) != "-":
                    yield (put(f, i, i, other),)


@kind("exponent")
def exponent(f: Formula) -> Iterator[Edit]:
    for i in range(1, len(f) - 1):
        if f.text(i) == "^" and f.text(i - 1) not in (r"\sum", r"\prod", r"\int", "e"):
            last = f.group(i + 1)
            over = f.source(i + 1, last).strip("{} ")
            if re.search(r"\b(sum|prod|int)$", f.latex[: f.tokens[i].start].rpartition("\\")[2].split("_")[0]):
                continue
            if not re.fullmatch(r"2|t|p|k|T|\\top|-1|-1/2|2i/d.*|\\beta|n|3", over):
                continue
            yield (put(f, i, last, ""),)
            if over == "2":
                yield (put(f, i + 1, last, "3"),)
    for i in range(len(f)):
        if upright(f, i) and right_hand(f, i) and symbol(f, i) and not legend(f, i):
            last = f.scripted(i)
            if "^" not in f.source(i, last) and f.tokens[min(last + 1, len(f) - 1)].bracket not in ("(", "["):
                yield ((f.tokens[last].end, f.tokens[last].end, "^2"),)


@kind("limit")
def limit(f: Formula) -> Iterator[Edit]:
    for i in range(len(f)):
        if f.text(i) not in (r"\sum", r"\prod", r"\int"):
            continue
        j = i + 1
        while f.text(j) in ("_", "^"):
            first, last = j + 1, f.group(j + 1)
            inner = (first + 1, last - 1) if f.text(first) == "{" else (first, last)
            if f.text(j) == "^":
                text = f.source(*inner)
                yield (put(f, first, last, "{" + text.removesuffix("-1").removesuffix("- 1") + "}"),)
                yield (put(f, first, last, "{" + text + "-1}"),)
                yield (put(f, first, last, "{" + text + "+1}"),)
            elif f.text(inner[1]) in "01" and f.text(inner[1] - 1) == "=":
                yield (put(f, inner[1], inner[1], "1" if f.text(inner[1]) == "0" else "0"),)
                yield (put(f, inner[1], inner[1], "2"),)
            elif f.text(inner[0]) == "-":
                yield (put(f, inner[0], inner[0], ""),)
                yield (put(f, inner[0], inner[1], "0"),)
            elif f.text(inner[1]) == r"\infty" and "=" in f.source(*inner):
                yield (put(f, inner[1] - 1, inner[1], "0"),)
            j = last + 1


@kind("constant")
def constant(f: Formula) -> Iterator[Edit]:
    for i in range(len(f)):
        number = f.text(i)
        if not re.fullmatch(r"\d+(\.\d+)?", number) or f.script[i] or not right_hand(f, i) or legend(f, i):
            continue
        if "." in number:
            yield (put(f, i, i, number[:-1] + str((int(number[-1]) + 3) % 10)),)
        else:
            yield (put(f, i, i, str(int(number) + 1) if len(number) < 3 else number + "0"),)
            if int(number) in (1, 2):
                yield (put(f, i, i, str(int(number) - 1) if int(number) == 2 else "0"),)


@kind("subscript")
def subscript(f: Formula) -> Iterator[Edit]:
    for i in range(1, len(f)):
        if f.text(i) in ("1", "2") and f.text(i - 1) == "_" and f.tokens[i - 2].bracket not in OPENING.values():
            yield (put(f, i, i, "2" if f.text(i) == "1" else "1"),)
