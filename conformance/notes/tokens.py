"""LaTeX is a row of tokens; each knows where in the note it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"(?P<said>\\(?:text|textrm|textnormal|mbox|textsf|texttt|operatorname\*?)\s*\{(?:[^{}\\$]|\\[_ ,-])*\}"
    r"|\\(?:mathrm|mathit|mathsf|mathtt|textbf|textit|mathbf|rm|mathop|boldsymbol|bm|mathcal)"
    r"\s*\{\s*[A-Za-z][A-Za-z0-9_ -]+\}"
    r"|\\mathrm\s*(?:\{\s*d\s*\}|\sd(?![A-Za-z]))"
    r"|[\u3040-\u9fff\uac00-\ud7a3\u3131-\u318e]+)"
    r"|:=|\\\\|\\[a-zA-Z]+\*?|\\.|\d+(?:[.,]\d+)*|[A-Za-z]|\s+|.",
    re.DOTALL,
)
THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?")
SAID = re.compile(r"\{(.*)\}|^(?:\\[a-z]+)?\s*([^\\{]+)$", re.DOTALL)
SPACES = frozenset(
    r"\, \; \: \! \> \displaystyle \textstyle \scriptstyle \limits \nolimits ~ \big \Big \bigg \Bigg "
    r"\bigl \bigr \Bigl \Bigr \biggl \biggr \Biggl \Biggr \left \right \middle \mathstrut \nonumber \notag "
    r"\hfill \allowbreak \strut \thinspace \hspace \hline \hskip \#".split()
) | {"\\ "}  # fmt: skip
CHARACTERS = {
    "−": "-", "–": "-", "×": r"\times", "·": r"\cdot", "⋅": r"\cdot", "∑": r"\sum", "∏": r"\prod", "√": r"\sqrt",
    "∇": r"\nabla", "∂": r"\partial", "η": r"\eta", "β": r"\beta", "α": r"\alpha", "γ": r"\gamma", "ε": r"\epsilon",
    "ϵ": r"\epsilon", "θ": r"\theta", "σ": r"\sigma", "μ": r"\mu", "∞": r"\infty", "←": r"\leftarrow", "⊙": r"\odot",
    "λ": r"\lambda", "ρ": r"\rho", "τ": r"\tau", "δ": r"\delta", "Δ": r"\Delta", "ω": r"\omega", "φ": r"\phi",
    "ψ": r"\psi", "π": r"\pi", "ℓ": r"\ell", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "∈": r"\in",
    "∗": "*", "⌊": r"\lfloor", "⌋": r"\rfloor", "⌈": r"\lceil", "⌉": r"\rceil", "‖": r"\|", "∥": r"\|", "∫": r"\int",
    "’": "'", "′": "'", "→": r"\to", "⇒": r"\Rightarrow", "κ": r"\kappa", "ν": r"\nu", "ξ": r"\xi", "ζ": r"\zeta",
}  # fmt: skip
DISTANT = frozenset(["", "=", "+", "-", "&", "(", ")", "[", "]", r"\\", r"\leftarrow"])  # that ask for nothing
WIDE, LABEL, BREAK = r"\quad", r"\label", r"\\"
SAME = {  # commands that say the same
    r"\varepsilon": r"\epsilon", r"\dfrac": r"\frac", r"\cfrac": r"\frac", r"\tfrac": r"\frac", r"\gets": r"\leftarrow",
    r"\ast": "*", r"\lVert": r"\|", r"\rVert": r"\|", r"\Vert": r"\|", r"\lvert": "|", r"\rvert": "|", r"\vert": "|",
    r"\mid": "|", r"\lbrace": r"\{", r"\rbrace": r"\}", r"\lbrack": "[", r"\rbrack": "]", r"\varphi": r"\phi",
    r"\coloneqq": "=", ":=": r"\leftarrow", r"\triangleq": "=", r"\equiv": "=", r"\doteq": "=",
    r"\leq": r"\le", r"\geq": r"\ge",
    r"\leqslant": r"\le", r"\geqslant": r"\ge", r"\neq": r"\ne", r"\circ": r"\odot", r"\bigodot": r"\odot",
    r"\otimes": r"\odot", r"\bullet": r"\cdot", r"\bigcdot": r"\cdot", r"\longrightarrow": r"\to",
    r"\rightarrow": r"\to", r"\longleftarrow": r"\leftarrow", r"\infin": r"\infty", r"\lt": "<", r"\gt": ">",
    r"\iint": r"\int", r"\dots": r"\dots", r"\cdots": r"\dots", r"\ldots": r"\dots", r"\vartheta": r"\theta",
    r"\intercal": r"\top", r"\dbinom": r"\binom", r"\tbinom": r"\binom", r"\bmod": r"\bmod", r"\mod": r"\bmod",
    r"\newline": "\\\\", r"\cr": "\\\\", r"\star": r"\star", r"\vartriangle": r"\Delta", r"\triangle": r"\Delta",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """One sign: what it says, and from where to where it stands; words begin with a quotation mark."""

    text: str
    start: int
    end: int
    gap: bool = False  # something that is not printed stands before it
    source: str = ""  # as it is written in the note

    def __repr__(self) -> str:
        return self.text


def tokens(source: str, start: int = 0) -> list[Token]:
    """What is printed, in order; spaces and sizes of brackets are left out, wide spaces are kept."""
    found: list[Token] = []
    gap = False
    spaces = 0  # two written spaces in a row are as wide as a quad
    delimiter = False  # the dot of \left. is no dot
    for match in TOKEN.finditer(source):
        raw = match.group()
        text = CHARACTERS.get(raw, raw)
        text = SAME.get(text, text)
        if match["said"]:
            found_word = SAID.search(raw)
            assert found_word is not None
            said = (found_word[1] or found_word[2] or "").replace("~", " ").replace("\\,", "").replace("\\", "")
            text = '"' + " ".join(said.split())
        elif "," in text and text[0].isdigit() and not THOUSANDS.fullmatch(text):
            found += _listed(raw, start + match.start(), gap)
            gap = False
            continue
        spaces = spaces + 1 if raw == "\\ " else spaces if raw.isspace() else 0
        if spaces == 2:
            text = WIDE
        if raw.isspace() or text in SPACES:
            delimiter = (delimiter and raw.isspace()) or raw in (r"\left", r"\right", r"\middle")
            gap = True
            continue
        if delimiter and text == ".":
            delimiter = False
            continue
        delimiter = False
        if text in (r"\tag", r"\tag*", r"\label"):
            text = LABEL
        elif text == r"\qquad":
            text = WIDE
        if text in (r"\max", r"\min") and found and found[-1].text == r"\arg":
            arg = found.pop()
            text, begin, gap, raw = '"arg' + text[1:], arg.start, arg.gap, arg.source + raw
        else:
            begin = start + match.start()
        found.append(Token(text, begin, start + match.end(), gap, raw))
        gap = False
    return _without_labels(_without_nothing(found))


def _without_nothing(row: list[Token]) -> list[Token]:
    """Braces with nothing in them keep a distance, where no sign or fraction asks for what they hold."""
    texts = ["", *(t.text for t in row)]
    empty = {
        k for k in range(len(row) - 1)
        if texts[k + 1 : k + 3] == ["{", "}"] and (texts[k] in DISTANT or texts[k][:1].isalnum())
    }  # fmt: skip
    return [t for k, t in enumerate(row) if k not in empty and k - 1 not in empty] if empty else row


def _listed(raw: str, start: int, gap: bool) -> list[Token]:
    """1,2 are two numbers, and 1,024 is one."""
    cut = re.finditer(r"\d+(?:\.\d+)?|[.,]", raw)
    return [Token(m.group(), start + m.start(), start + m.end(), gap and not m.start(), m.group()) for m in cut]


def _without_labels(row: list[Token]) -> list[Token]:
    """Numbers and names of equations are no part of them."""
    if not any(t.text == LABEL for t in row):
        return row
    kept: list[Token] = []
    depth, skipping = 0, False
    for token in row:
        if token.text == LABEL:
            skipping, depth = True, 0
            continue
        if skipping:
            depth += (token.text == "{") - (token.text == "}")
            skipping = depth > 0
            continue
        kept.append(token)
    return kept


OPEN = {
    "{": "}",
    "(": ")",
    "[": "]",
    r"\{": r"\}",
    r"\lfloor": r"\rfloor",
    r"\lceil": r"\rceil",
    r"\langle": r"\rangle",
}
CLOSE = frozenset(OPEN.values())


def partners(row: list[Token]) -> dict[int, int]:
    """For each opening bracket where it closes; what does not close is not in it."""
    found: dict[int, int] = {}
    stack: list[int] = []
    for i, token in enumerate(row):
        if token.text in OPEN:
            stack.append(i)
        elif token.text in CLOSE:
            # half-open intervals such as [0, 1) close with another bracket than they open with; braces never do
            while stack and (OPEN[row[stack[-1]].text] == "}") != (token.text == "}"):
                if token.text != "}":
                    break
                stack.pop()
            if stack and (OPEN[row[stack[-1]].text] == "}") == (token.text == "}"):
                found[stack.pop()] = i
    return found
