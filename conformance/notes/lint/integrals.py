"""An integral from a point to itself is 0, and one over a variable that is not in it is only a length."""

from __future__ import annotations

import re

from conformance.notes.lint.tokens import Formula, Group
from conformance.notes.model import Edit, Finding

INFINITY = re.compile(r"(?:[A-Za-z]=)?(\+?|-)\\infty")
GREEK = "alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|kappa|lambda|xi|rho|tau|phi|omega"
SYMBOL = re.compile(rf"[A-Za-z]|\\(?:{GREEK})")
MEASURES = frozenset("stmlpqPQSVAFWBGHN")  # paths, times and measures, of which an integrand need not speak
CONSTANTS = frozenset(["e", "i", "d"])


def equal_limits(formula: Formula) -> list[Finding]:
    r"""\int_{\infty}^{\infty} wants a minus."""
    found = []
    for i in formula.commands((r"\int", r"\sum", r"\prod")):
        scripts, after = formula.scripts(i + 1)
        if set(scripts) != {"_", "^"}:
            continue
        low, high = formula.said(scripts["_"]), formula.said(scripts["^"])
        both = INFINITY.fullmatch(low), INFINITY.fullmatch(high)
        edits: tuple[Edit, ...] = ()
        if both[0] and both[1] and (both[0][1] == "-") == (both[1][1] == "-"):
            edits = _signed(formula, scripts, negative=both[0][1] == "-")
        elif formula.tokens[i] != r"\int" or low != high or not low or _is_zero(formula):
            continue
        kind = {"\\int": "integral", "\\sum": "sum", "\\prod": "product"}[formula.tokens[i]]
        reason = f"both limits of this {kind} are {high}"
        found.append(formula.finding("limits", i, after, reason, *edits))
    return found


def _signed(formula: Formula, scripts: dict[str, Group], *, negative: bool) -> tuple[Edit, ...]:
    """The sign that one of two infinite limits lacks, or has and should not."""
    group = scripts["^" if negative else "_"]
    place = next(k for k in range(*group) if formula.tokens[k] in ((r"-",) if negative else (r"\infty", "+")))
    if negative:
        return (formula.change(place, place + 1, ""),)
    braced = formula.token(formula.back(group[0])) == "{"
    keep = "" if formula.tokens[place] == "+" else r"\infty"
    return (formula.change(place, place + 1, f"-{keep}" if braced else f"{{-{keep}}}"),)


def _is_zero(formula: Formula) -> bool:
    """Whether somebody says that an integral from a point to itself is 0."""
    return "=0" in formula.said((0, len(formula)))


def differentials(formula: Formula) -> list[Finding]:
    r"""The r of ∫ f(γ) g(t - γ) dr is in no factor: the integral runs over γ."""
    integrals = list(formula.commands((r"\int",)))
    found = []
    for number, i in enumerate(integrals):
        _, first = formula.scripts(i + 1)
        stop = integrals[number + 1] if number + 1 < len(integrals) else len(formula)
        d = _differential(formula, first, stop)
        if d < 0:
            continue
        k = formula.skip(d + 1)
        name = formula.tokens[k]
        inside = [t for t in formula.tokens[first:d] if not t.isspace()]
        outside = formula.tokens[:i] + formula.tokens[k + 1 :]
        if name in inside or name in outside or name in MEASURES or not re.fullmatch("[a-z]", name):
            continue
        candidates = _variables(formula, first, d) - set(outside) if r"\dot" not in inside else set()
        if candidates:
            meant = min(candidates)
            reason = f"the integral runs over {name}, which is not in its integrand"
            edits = (formula.change(k, k + 1, meant),) if len(candidates) == 1 else ()
            found.append(formula.finding("differential", i, k + 1, reason, *edits))
    return found


def _differential(formula: Formula, first: int, stop: int) -> int:
    """The d before a single letter that ends an integrand; -1 where there is none."""
    depth = 0
    for k in range(first, stop):
        token = formula.tokens[k]
        depth += (token in ("(", "[", "{", r"\{")) - (token in (")", "]", "}", r"\}"))
        if depth < 0 or token in ("=", r"\\", "&"):
            return -1
        if token != "d" or depth or formula.words[k] or formula.token(formula.back(k)) in ("_", "^"):  # noqa: S105
            continue
        variable = formula.skip(k + 1)
        after = formula.token(variable + 1)
        single = (not after.isalpha() or after == "d") and after not in ("_", "(", "^")
        if SYMBOL.fullmatch(formula.token(variable)) and single:
            return k
    return -1


def _variables(formula: Formula, first: int, last: int) -> set[str]:
    """Symbols that are an argument of more than one function in the integrand: of one alone it may be fixed."""
    found: dict[str, set[int]] = {}
    heads: set[str] = set()
    open_: list[int] = []  # the functions around: each by the token that opens its argument, a mere bracket by -1
    for k in range(first, last):
        token = formula.tokens[k]
        if token in ("(", "["):
            before = formula.token(formula.back(k))
            open_.append(k if before.isalpha() or SYMBOL.fullmatch(before) else -1)
        elif token in (")", "]") and open_:
            open_.pop()
        elif SYMBOL.fullmatch(token) and not formula.words[k]:
            if formula.token(formula.skip(k + 1)) in ("(", "["):
                heads.add(token)
            elif open_ and open_[-1] >= 0:
                found.setdefault(token, set()).add(open_[-1])
    return {symbol for symbol, places in found.items() if len(places) > 1} - heads - CONSTANTS
