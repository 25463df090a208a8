r"""A slip that changes nothing is no slip: operands that commute, a sign inside a square, another bound letter.

The rules, for a reader:

1. Lines whose two sides differ by the same number wherever their letters are drawn, up to a common factor, say one
   thing: a + b and b + a, 2 (a - b)^2 and (b - a)^2 2, a letter of a sum renamed. Letters that are matrices do not
   commute. Of a display of several lines each line is compared with its own.
2. The bracket behind a sum's sign may go where the terms that follow still carry the sum's index.
3. The gradient's time may be t-1, t or t+1 in one whole display: whether g_t is taken at w_t or at w_{t-1} is a
   convention. In half of a display it is a slip. So is whether w_{t+1} comes from w_t or w_t from w_{t-1}: the times
   of one letter may all be moved together.
4. What an expectation is taken over may be named alone, as in E_z for E_{z ~ p(z)}. The base of a logarithm,
   and \ln for \log, are conventions; so are how the sign of a transpose is written, whether
   an index stands under a hat or beside it, and bold type where no letter stands in both types.
5. A letter that is nowhere left cannot be known, and any that stands nowhere else may take its place: whoever renames
   one letter throughout says the same, and so does who renames two. A letter with a label, as in W_{xh}, is one letter.
6. What conventions.py lists.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from itertools import permutations

import numpy as np

from tests.notes.conventions import alike, without_spare
from tests.notes.latex import Formula
from tests.notes.mutator import Mutant, plain
from tests.notes.numbers import Reader, Unread
from tests.notes.slips import NOT_SYMBOLS, SYMBOL, WORDS
from tests.notes.statements import Statement

ZERO = 1e-9  # of numbers near one that are read in double precision
MATRICES = ("attention", "affine", "perceptron", "transformer", "lstm", "gru", "rnn", "residual", "least_squares")
MATRICES += ("graph",)
TRANSPOSED = re.compile(
    r"\^\s*(?:\\top|\\intercal|T|\{\s*(?:\\top|\\intercal|T|\\(?:mathsf|mathrm|rm)\s*\{?T\}?)\s*\})"
)
BOLD = re.compile(r"\\(?:mathbf|boldsymbol|bm)\s*\{\s*([A-Za-z]|\\[a-zA-Z]+)\s*\}")
GRADIENT = re.compile(r"(?<![A-Za-z\\])g_(t(?![a-zA-Z])|\{\s*t\s*(?:[-+]\s*1)?\s*\})")
OVER = re.compile(r"(?<=\\mathbb\{E\})\s*_\s*\{\s*([a-z])\s*\\sim[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
DIFFERENTIAL = re.compile(r"\(\s*(d\s*[a-z])\s*\)(?=\s*\^)|(?<![A-Za-z\\])(d\s*[a-z])(?=\s*\^)")
CHANGE = re.compile(r"\(\s*(\\Delta\s*(?:\\?[a-zA-Z]+)(?:\s*_\s*(?:\w|\{[^{}]*\}))?)\s*\)(?=\s*\^)")
SPLIT = re.compile(r"\\\\|\\begin\{[a-z*]+\}|\\end\{[a-z*]+\}|\\q?quad\b|&|,(?=\s*(?:\\q?quad|\\ ))")


def lines(latex: str) -> list[str]:
    """The equations of a display, one each."""
    text = re.sub(r"&\s*(?=:?=|\\leftarrow)", "", latex)
    return [part.strip(" ,.\n") for part in SPLIT.split(text) if part.strip(" ,.\n")]


def sides(line: str) -> list[str]:
    """What an equals sign stands between, those in limits left alone."""
    f = Formula(line)
    cuts = [t for i, t in enumerate(f.tokens) if t.text in ("=", ":", r"\leftarrow") and f.inside[i] < 0]
    starts = [0, *(t.end for t in cuts)]
    ends = [*(t.start for t in cuts), len(line)]
    return [part for s, e in zip(starts, ends, strict=True) if (part := line[s:e].strip(" ,.\n"))]


def differences(line: str, seed: int, matrices: bool) -> list[np.ndarray]:
    """Each side less the first."""
    left, *rest = sides(line)
    if not rest:
        return []
    values = [Reader(side, seed, matrices).all() for side in rest]
    again = plain(left) in plain(rest[0])  # an update: what is on the left comes later than what is on the right
    reader = Reader(left, seed, matrices)
    values.insert(0, reader.drawn("later " + plain(left)) if again else reader.all())
    return [value - values[0] for value in values[1:]]


def one_line(a: str, b: str, matrices: bool) -> bool:
    """Whether two equations say one thing: the ratio of their differences is one number at every draw."""
    if plain(a) == plain(b) or _one_draw(a, b, matrices):
        return True
    ratios = []
    for seed in range(1, 5):
        first, second = differences(a, seed, matrices), differences(b, seed, matrices)
        if not first or len(first) != len(second):
            return False
        for x, y in zip(first, second, strict=True):
            if x.shape != y.shape or not np.all(np.isfinite(x)):
                return False
            if np.all(np.abs(x) < ZERO) and np.all(np.abs(y) < ZERO):
                continue  # both say what is known of a function, such as tanh
            if not np.all(np.abs(x) > ZERO):
                return False
            ratios.append(np.ravel(y / x))
    every = np.concatenate(ratios) if ratios else np.ones(1)
    return bool(np.all(np.abs(every - every[0]) < ZERO) and np.abs(every[0]) > ZERO)


LAW = re.compile(r"\\sim\s*(\\?[A-Za-z]+(?:\s*\{[A-Za-z]+\})?)")
DRAW = re.compile(r"(.+?)\\sim\s*(.+?)\s*(?:\\left)?\(\s*(.+?),(.+?)\s*(?:\\right)?\)\s*$", re.DOTALL)


def _one_draw(a: str, b: str, matrices: bool) -> bool:
    """Whether two lines draw one thing from one distribution of two parameters."""
    mine, theirs = DRAW.match(a.strip()), DRAW.match(b.strip())
    if mine is None or theirs is None or any(plain(mine[k]) != plain(theirs[k]) for k in (1, 2)):
        return False
    return all(one_line(f"q = {mine[k]}", f"q = {theirs[k]}", matrices) for k in (3, 4))


CONVOLVED = re.compile(r"\(\s*([A-Za-z])\s*(\*|\\ast)\s*([A-Za-z])\s*\)")


def _turned(latex: str, whole: bool) -> str:
    """The display with what a sign convolves in the order of the alphabet, or as one function."""

    def name(m: re.Match[str]) -> str:
        one, other = sorted((m[1], m[3]))
        return f"f_{{{one}{other}}}" if whole else f"({one} {m[2]} {other})"

    return CONVOLVED.sub(name, latex)


def same(a: str, b: str, equation: str = "") -> bool:
    """Whether two displays say one thing, as far as the rules see."""
    a, b = (TRANSPOSED.sub("^T ", re.sub(r"\\ln\b", r"\\log", text)) for text in (a, b))
    a, b = (OVER.sub(r"_\1", re.sub(r"\\cdot\s*(?=\[)", " ", text)) for text in (a, b))
    convolved = [sorted(tuple(sorted((m[1], m[3]))) for m in CONVOLVED.finditer(text)) for text in (a, b)]
    a, b = (_turned(text, convolved[0] == convolved[1]) for text in (a, b))
    a, b = (CHANGE.sub(r"\1", text) for text in (a, b))
    a, b = (DIFFERENTIAL.sub(lambda m: f"{{{m[1] or m[2]}}}", text) for text in (a, b))
    if all(GRADIENT.search(text) for text in (a, b)):
        a, b = _untimed(a), _untimed(b)
    a, b = (re.sub(r"\\(hat|bar|tilde)\s*\{\s*(\w)_(\w)\s*\}", r"\\\1{\2}_\3", text) for text in (a, b))
    a, b = alike(_light(a)), alike(_light(b))
    a, b = without_spare(a, b), without_spare(b, a)
    if LAW.findall(a) != LAW.findall(b):
        return False
    a, b = _unshifted(a), _unshifted(b)
    return any(_one_thing(a, way, equation) for way in _renamed_back(a, b))


def _one_thing(a: str, b: str, equation: str) -> bool:
    """Whether two displays in the same letters say one thing."""
    if plain(a) == plain(b):
        return True
    matrices = any(word in equation for word in MATRICES)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            if r"\begin{cases}" in a:
                return _one_choice(a, b, matrices)
            first, second = lines(a), lines(b)
            if not first or len(first) != len(second):
                return False
            return all(one_line(x, y, matrices) for x, y in zip(first, second, strict=True))
    except (Unread, ArithmeticError, LookupError, RecursionError, TypeError, ValueError):
        return False


CHOICE = re.compile(r"(.*?)\\begin\{cases\}(.*)\\end\{cases\}(.*)", re.DOTALL)
IF = re.compile(r"\\text\{\s*if\s*\}")
ASKED = re.compile(r"(\\leq?|\\geq?|<|>|=)(?![a-zA-Z])")


def _one_choice(a: str, b: str, matrices: bool) -> bool:
    """Whether two displays with cases differ in the order of terms and factors alone."""
    mine, theirs = CHOICE.fullmatch(a), CHOICE.fullmatch(b)
    if mine is None or theirs is None or any(plain(mine[k]) != plain(theirs[k]) for k in (1, 3)):
        return False
    cells = [re.split(r"\\\\|&", IF.sub("", m[2])) for m in (mine, theirs)]
    return len(cells[0]) == len(cells[1]) and all(_one_cell(x, y, matrices) for x, y in zip(*cells, strict=True))


def _one_cell(a: str, b: str, matrices: bool) -> bool:
    if plain(a) == plain(b):
        return True
    first, second = ASKED.split(a), ASKED.split(b)
    if len(first) != len(second) or first[1::2] != second[1::2]:
        return False
    pairs = zip(first[::2], second[::2], strict=True)
    return all(plain(x) == plain(y) or one_line(f"q = {_unwrapped(x)}", f"q = {_unwrapped(y)}", matrices)
               for x, y in pairs)  # fmt: skip


def _unwrapped(text: str) -> str:
    """A part of a condition without the bracket that closes in another."""
    text = text.strip(" .,\n")
    opened, closed = text.count("("), text.count(")")
    return text[1:] if opened > closed and text[0] == "(" else text[:-1] if closed > opened else text


def _light(latex: str) -> str:
    """The display without bold type, where no letter stands in both."""
    bold = {m[1] for m in BOLD.finditer(latex)}
    plain_ones = set(re.findall(r"(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])|\\[A-Za-z]+", BOLD.sub(" ", latex)))
    return latex if bold & plain_ones else re.sub(r"\{ (\S+) \}", r"{\1}", BOLD.sub(r" \1 ", latex))


def _letters(latex: str) -> list[re.Match[str]]:
    """Every letter that names a quantity, with its label; a run of three or more is a word."""
    accented = r"\\(?:hat|tilde|bar|mathbf|boldsymbol|mathcal)\s*\{(?:[a-zA-Z]+|\\[a-zA-Z]+(?:\{\\?[a-zA-Z]+\})?)\}"
    letter = rf"(?P<name>{accented}|\\text\{{[^{{}}]*\}}(?!\s*\()|\\[a-zA-Z]+|[A-Za-z]{{3,}}|[A-Za-z])"
    label = rf"_\s*\{{(?!(?:{WORDS})\}})[a-z]{{2,}}\}}|(?<=[A-Z])_[a-hu-z](?![A-Za-z])"
    words = re.finditer(f"{letter}(?:{label})?", latex)
    return [m for m in words if m["name"] not in NOT_SYMBOLS and (SYMBOL.fullmatch(m["name"]) or m["name"][-1] == "}")]


def _renamed_back(a: str, b: str) -> Iterator[str]:
    """The second display with letters of the first for the one or two letters that only the second has."""
    mine, theirs = {m[0] for m in _letters(a)}, {m[0] for m in _letters(b)}
    lost, new = sorted(mine - theirs), sorted(theirs - mine)
    if len(lost) != len(new) or len(lost) not in (1, 2):
        yield b
        return
    for order in permutations(lost):
        back = dict(zip(new, order, strict=True))
        text = b
        for m in reversed(_letters(b)):
            if m[0] in back:
                name = back[m[0]]
                text = text[: m.start()] + (name + " " if name[-1].isalpha() else name) + text[m.end() :]
        yield text


TIMED = re.compile(
    r"(?P<name>\\(?:hat|tilde|bar|mathbf|boldsymbol)\s*\{\\?[a-zA-Z]+\}|\\[a-zA-Z]+|(?<![A-Za-z\\])[A-Za-z])"
    r"\s*_\s*(?:t(?![a-zA-Z])|\{\s*t\s*(?P<step>[-+]\s*1)?\s*(?P<more>,[^{}]*)?\})"
)


def _unshifted(latex: str) -> str:
    """The display with the earliest time of each letter that has several called t - 1."""
    steps: dict[str, set[int]] = {}
    for m in TIMED.finditer(latex):
        steps.setdefault(m["name"], set()).add(_step(m))
    moved = {name: -1 - min(some) for name, some in steps.items() if len(some) > 1}

    def at_one(m: re.Match[str]) -> str:
        step = _step(m) + moved.get(m["name"], 0)
        return f"{m['name']}_{{t{f'{step:+d}' if step else ''}{m['more'] or ''}}}"

    return TIMED.sub(at_one, latex)


def _step(m: re.Match[str]) -> int:
    return int((m["step"] or "0").replace(" ", ""))


def _untimed(latex: str) -> str:
    """The display without its gradient's time, where that is one throughout."""
    times = {re.sub(r"[{}\s]", "", m[1]) for m in GRADIENT.finditer(latex)}
    return GRADIENT.sub("g", latex) if len(times) == 1 else latex


def counts(mutant: Mutant, dialect: Callable[[str, Statement], bool] | None = None) -> bool:
    """Whether a mutant says something else than its original, and is no catalogued dialect as `dialect` has it."""
    statement = mutant.statement
    if same(statement.latex, mutant.text, statement.equation):
        return False
    return dialect is None or not dialect(mutant.text, statement)
