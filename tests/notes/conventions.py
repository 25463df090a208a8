r"""What writers do in one way or the other and mean the same by.

1. With an arrow, what is new may be called as what it was: w_t \leftarrow w_t - g and w_{t+1} \leftarrow w_t - g.
2. What a sum numbers may begin with nought or with one, where its number is used for nothing but telling one from
   the other: \sum_{i=0}^{N-1} x_i and \sum_{i=1}^{N} x_i, but not a sum of i x_i, or of x_{i+1}.
3. The bracket of an expectation may go where a norm alone follows.
4. Of two letters that are only ever added to each other one may go: nobody can tell b + c from a bias of its own.
"""

from __future__ import annotations

import re

from tests.notes.latex import Formula

INDEXED = r"(?P<name>\\?[a-zA-Z]+)_(?:\{\s*(?P<braced>[a-z])\s*\}|(?P<plain>[a-z]))"
ARROW = re.compile(INDEXED + r"\s*(?P<arrow>&?\s*\\leftarrow)")
FROM_NOUGHT = re.compile(r"\\sum_\{\s*([a-z])\s*=\s*0\s*\}\s*\^\s*\{\s*([A-Za-z])\s*-\s*1\s*\}")
NORM = r"\\\|(?:(?!\\\|).)*\\\|(?:_\w)?(?:\^\w)?"
OF_NORM = re.compile(rf"(\\mathbb\{{E\}}(?:_(?:\w|\{{[^{{}}]*\}}))?)\s*({NORM})(?=\s*(?:[-+.,]|$))")


def alike(latex: str) -> str:
    """The display as it would be with every choice taken in one way."""
    text = re.sub(r"\\(?:left|right)(?![a-zA-Z])\s*(?=\[|\])", "", latex)
    text = OF_NORM.sub(r"\1 [ \2 ]", text)
    return _from_one(ARROW.sub(lambda m: _later(m, text), text))


def _later(m: re.Match[str], text: str) -> str:
    """The left of an arrow, one step later where its right has it as it is called."""
    index = m["braced"] or m["plain"]
    line = re.split(r"\\\\", text[m.end() :])[0]
    same = re.compile(rf"(?<![A-Za-z\\]){re.escape(m['name'])}_(?:{index}(?![a-zA-Z])|\{{\s*{index}\s*\}})")
    return f"{m['name']}_{{{index}+1}} {m['arrow']}" if index == "t" and same.search(line) else m[0]


def _from_one(text: str) -> str:
    """The display with what only tells one from the other numbered from one."""
    for m in reversed(list(FROM_NOUGHT.finditer(text))):
        index, last = m[1], m[2]
        rest = text[: m.start()] + text[m.end() :]
        letter = re.compile(rf"(?<![A-Za-z\\]){index}(?![A-Za-z])")
        telling = re.compile(rf"_\s*{index}(?![a-zA-Z])|[_^]\s*\{{\s*\(?\s*{index}\s*\)?\s*\}}")
        if len(letter.findall(rest)) == len(telling.findall(rest)):
            text = f"{text[: m.start()]}\\sum_{{{index}=1}}^{{{last}}}{text[m.end() :]}"
    return text


def without_spare(one: str, other: str) -> str:
    """The first display without a letter that the second lacks, where it was only ever added to one that both have."""
    f = Formula(one)
    shown = re.sub(r"\s", "", other)
    for chain in f.chains():
        terms = [(first, last, _letter(f, first, last)) for first, last in f.terms(*chain)]
        single = [(a, b, name) for a, b, name in terms if name and re.sub(r"\s", "", one).count(name) == 1]
        kept = [t for t in single if shown.count(t[2]) == 1]
        spare = [t for t in single if t[2] not in shown and f.text(t[0]) == "+"]
        if kept and len(spare) == 1:
            first, last, _ = spare[0]
            return one[: f.tokens[first].start] + one[f.tokens[last].end :]
    return one


def _letter(f: Formula, first: int, last: int) -> str:
    """The one letter, with what hangs on it, that a term with a plus consists of."""
    at = first + (f.text(first) == "+")
    if f.text(first) == "-" or not re.fullmatch(r"[A-Za-z]|\\[a-zA-Z]+", f.text(at)) or f.scripted(at) != last:
        return ""
    return re.sub(r"\s", "", f.source(at, last))
