"""An equation without marks is told by its signs: names, numbers and operators around an equals sign, and no words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.notes.reading import Lines

NAME = r"[A-Za-zΑ-Ωα-ωϵϑφ∂∇Δ][\w']*(?:[₀-₉ₐ-ₜ]+)?"
TOKEN = re.compile(
    rf"[ \t]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|{NAME}|(?:\*\*|[-+*/^·×÷−±(),\[\]{{}}._|√∑∏∫∞²³⁻¹ᵀᵗ₀-₉ₐ-ₜ'′̂]|←)"
)
EQUALS = re.compile(r"(?<![=<>!:~+\-*/^|&%])=(?![=>~])|←")
OPERATES = re.compile(r"[-+*/^·×÷−²³√∑∏]|\w\(")
NAMES = """loss output input grad lr max min exp log sqrt sum mean var std abs softmax sigmoid tanh relu attention alpha
    beta gamma delta epsilon eps eta theta lambda sigma mu rho tau phi psi omega momentum velocity bias weight weights
    cost error pred target mse rmse mae cos sin dot concat argmax argmin floor ceil round norm"""
SENTENCE = """a is in the and or for if so as we of to by on it an are has can let be at then with get set was use no
    not from that when where this its vs etc ie eg per our you all any"""
KNOWN, STOPPED = frozenset(NAMES.split()), frozenset(SENTENCE.split())
LONGEST = 400
SHORT = 3  # letters of a name that is nobody's word
LETTERS, INDICES = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρςστυφχψωϵϑ∂∇", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙₜᵀ"
OPTION = re.compile(r"\s*--?[A-Za-z]\w*(?:[-= \t]+\w+)*\s*=")  # of a command: -D NAME=value
HYPHEN = re.compile(r"(?<=[A-Za-z]{2})-(?=[A-Za-z]{2})")
STRINGS = re.compile(r"""["'$]|://|::|\b(?:import|return|def|class|for|if|lambda)\b|==|<[A-Za-z/]|\s--?\w""")


def equations(text: str, lines: Lines) -> Iterator[tuple[int, int]]:
    """Where equations stand bare in a text in which all else is painted over."""
    for number in range(len(lines)):
        start, end = lines.span(number)
        line = text[start:end]
        if "=" not in line and "←" not in line:
            continue
        if line.startswith(("    ", "\t")) and "\0" not in line and not line.lstrip().startswith(("-", "*", "+")):
            continue  # code, by its indent
        used = 0
        for sign in EQUALS.finditer(line):
            if sign.start() < used:
                continue
            first, last = _left(line, sign.start(), used), _right(line, sign.end())
            first, last = _trimmed(line, first, last)
            if OPTION.match(line, first) or line[sign.start() - 1 : sign.start()] == "(":
                continue
            if first < sign.start() and last > sign.end() and OPERATES.search(line, first, last):
                yield start + first, start + last
                used = last


def is_equation(code: str) -> bool:
    """Whether a span of code says that something is something."""
    if len(code) > LONGEST or "\n" in code or STRINGS.search(code) or OPTION.match(code):
        return False
    signs = HYPHEN.sub("_", code)
    depth = 0
    for place, letter in enumerate(code):
        depth += (letter in "([{") - (letter in ")]}")
        if depth == 0 and EQUALS.match(code, place):
            left, right = code[:place].strip(), code[place + 1 :].strip()
            return bool(left and right and TOKEN.match(left) and (OPERATES.search(signs) or "\\" in code))
    return False


def _right(line: str, at: int) -> int:
    """How far to the right of an equals sign there is nothing but mathematics."""
    after, last = "", at
    limit = min(len(line), at + LONGEST)
    while at < limit:
        sign = EQUALS.match(line, at)
        token = sign or TOKEN.match(line, at)
        if token is None:
            break
        word = token[0]
        if word.strip() and (_stops(word, line, token.end()) or (len(word) > 1 and len(after) > 1 and _glued(after))):
            break
        at = token.end()
        after = word if word.strip() else after
        last = at if word.strip() else last
    return last


def _left(line: str, end: int, least: int) -> int:
    """How far to the left of an equals sign there is nothing but mathematics."""
    tokens: list[re.Match[str]] = []
    at = max(least, end - LONGEST)
    while at < end:  # tokens are read from the left, and whatever is none of them begins anew
        token = TOKEN.match(line, at)
        if token is None:
            tokens, at = [], at + 1
            continue
        word = token[0]
        before = next((t[0] for t in reversed(tokens) if t[0].strip()), "")
        if word.strip() and _stops(word, line, token.end()):
            tokens = []
        else:
            if word[0].isalpha() and len(word) > 1 and _glued(before):
                tokens = []
            tokens.append(token)
        at = token.end()
    return tokens[0].start() if tokens else end


def _glued(before: str) -> bool:
    """Two names of several letters side by side are words."""
    return len(before) > 1 and before[0].isalpha() and before[-1].isalnum()


def _stops(word: str, line: str, end: int) -> bool:
    if not word[0].isalpha():
        return False
    low = word.lower()
    if low in STOPPED:
        return low != "a" or line[end : end + 2].lstrip()[:1] not in tuple("*/^+-=)")
    letters = sum(c.isascii() and c.isalpha() for c in word)
    named = letters <= SHORT or low in KNOWN or "_" in word or line[end : end + 1] in ("(", "[")
    return not named or not all(c.isascii() or c in LETTERS or c in INDICES for c in word)


def _trimmed(line: str, first: int, last: int) -> tuple[int, int]:
    """Without what dangles: the sentence's comma, the star of an emphasis, a bracket whose partner is elsewhere."""
    changed = True
    while changed and first < last:
        changed = False
        while first < last and (line[first].isspace() or line[first] in "*/^,.)]}|_+·×÷'"):
            first, changed = first + 1, True
        while last > first and (line[last - 1].isspace() or line[last - 1] in "*/^,.([{|_+-·×÷−"):
            last, changed = last - 1, True
        inside = line[first:last]
        if inside.count("(") < inside.count(")") and inside.endswith(")"):
            last, changed = last - 1, True
        elif inside.count("(") > inside.count(")") and inside.startswith("("):
            first, changed = first + 1, True
        if inside.startswith("- "):
            first, changed = first + 2, True
    return first, last
