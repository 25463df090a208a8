"""People slip in few ways: a sign, an index, a power, a limit, a letter, a function, a bracket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.notes.change import Change, is_letter, one, with_scripts
from conformance.notes.slips import (
    PLACES,
    again,
    brackets,
    complement,
    ends,
    exchanged,
    fractions,
    is_index,
    named,
    other_letters,
    scripts,
    signs,
    squares,
    terms,
    units,
    wrapped,
)
from conformance.notes.summing import argued, means, summed
from conformance.notes.tokens import Token, partners
from conformance.notes.vocabulary import ACCENTS, RELATIONS

SWAPS = {
    r"\exp": [r"\log"], r"\log": [r"\exp"], r"\ln": [r"\exp"], r"\max": [r"\min"], r"\min": [r"\max"],
    r"\sin": [r"\cos"],
    r"\cos": [r"\sin"], r"\tanh": [r"\sigma"], r"\sum": [r"\prod"], r"\prod": [r"\sum"], r"\lfloor": [r"\lceil"],
    "exp": ["log"], "log": ["exp"], "max": ["min"], "min": ["max"], r"\sigma": [r"\tanh"],
}  # fmt: skip


def changes(row: Sequence[Token], letters: Sequence[str]) -> Iterator[Change]:
    """Every small change of a row, the letters being those that may stand in it."""
    close = partners(list(row))
    opened = {b: a for a, b in close.items()}
    texts = [t.text for t in row]
    relation = next((i for i, t in enumerate(texts) if t in RELATIONS), -1)
    times = [t for t in ("t", "k", "n", "i", "l", "s") if t in texts]
    numbers = ["0", "1", "2"]
    indices = {t for k, t in enumerate(texts) if is_index(texts, opened, close, k)}
    elsewhere = squares(texts)
    for i, text in enumerate(texts):
        index = is_index(texts, opened, close, i)
        before = texts[i - 1] if i else "="
        after = texts[i + 1] if i + 1 < len(texts) else ""
        if text in "+-":
            yield from signs(texts, i, before)
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
        if text == r"\sum" and before != "}":
            yield from means(texts, i, close)
        if text in ("^", "_") and after:
            yield from scripts(texts, close, i, times)
        if ends(texts, i, opened) and after not in ("^", "(") and before != "^" and (not index or before == "_"):
            if texts[max(0, i - 2) : i] != [r"\sqrt", "{"] or after != "}":
                squared = (texts[i - 2] if before == "_" else text) in elsewhere and before != "{" and after != "_"
                # where another of it has that power, it is as likely too much there; it stands behind an index
                yield one(1.0 if squared else 1.15 if after == "_" else 1.1, i + 1, i + 1, "^", "2")
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
            able = [x for x in letters if x in indices] if index else letters
            yield from other_letters(texts, i, before, able, relation)
        if before == "d" and r"\int" in texts[:i] and is_letter(row[i]):
            for other in letters:
                if other != text and texts.count(other) > 1:
                    yield one(0.85, i, i + 1, other)  # what it is integrated over
        if "." in text:
            for other in texts:
                if "." in other and other != text and (rest := complement(other)) not in (text, other):
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
            if text != r"\sigma" or after == "(":  # elsewhere it is a deviation
                yield one(1.0, i, i + 1, other)
        if text in ACCENTS and i + 1 in close:
            yield one(1.1, i, close[i + 1] + 1, *texts[i + 2 : close[i + 1]])
            if before not in ("_", "^") and i > relation:
                yield from units(texts, i, with_scripts(texts, close[i + 1] + 1))
        elif text in ACCENTS:
            yield one(1.1, i, i + 1)
        if text == r"\sqrt" and i + 1 in close:
            inside = texts[i + 2 : close[i + 1]]
            following = texts[close[i + 1] + 1 : close[i + 1] + 2]
            alone = len(inside) == 1 or (before in ("{", *RELATIONS) and following in ([], ["}"], [","]))
            yield one(1.1, i, close[i + 1] + 1, *(inside if alone else ("(", *inside, ")")))
        if text == r"\frac":
            yield from fractions(texts, close, i)
        if text in ("(", "["):
            yield from brackets(texts, close, i)
        if text == "{" and i in close and before not in ("_", "^", r"\sqrt", *ACCENTS) and i:
            yield one(1.2, i, close[i] + 1, "{", r"\sqrt", *texts[i : close[i] + 1], "}")
        if text == "1" and after == "-" and i + 2 < len(texts) and before in ("(", "{"):
            yield one(1.1, i, i + 2)
        if before not in ("(", "_", "^") and text not in ("_", "^", "}", ")"):
            yield from wrapped(texts, close, i)
        if text in RELATIONS and i != relation:
            yield one(1.0, i, i + 1, "-")
            yield one(1.1, i, i + 1, "+")
        if text == r"\lfloor" and i in close:
            yield Change(1.0, ((i, i + 1, (r"\lceil",)), (close[i], close[i] + 1, (r"\rceil",))))
        if text == r"\lceil" and i in close:
            yield Change(1.0, ((i, i + 1, (r"\lfloor",)), (close[i], close[i] + 1, (r"\rfloor",))))
    yield from argued(row, texts)
    yield from summed(row, texts, close, relation)
    yield from terms(texts, relation)
    yield from again(texts, named(row, texts, close, relation), close)
    yield from exchanged(texts, named(row, texts, close, relation), [x for x in letters if x not in texts])
