"""A formula is shown as MathML, which browsers draw and screen readers say; it was rendered once, and is looked up."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path

DATA = Path(__file__).with_name("mathml.json")


def lines(latex: str) -> list[str]:
    """The lines of a formula: what stands between line breaks that are in no environment."""
    found, inside = [""], 0
    for row in latex.strip().splitlines():
        inside += row.count(r"\begin{") - row.count(r"\end{")
        text = row.strip()
        ends = not inside and text.endswith(r"\\")
        found[-1] = f"{found[-1]} {text.removesuffix(chr(92) * 2) if ends else text}".strip()
        if ends:
            found.append("")
    return [line for line in found if line]


def mathml(latex: str) -> str:
    """A formula as HTML, a line below the other; LaTeX as it is where no rendering is known."""
    known = _known()
    return "".join(known.get(line) or f"<code>{escape(line)}</code>" for line in lines(latex))


@cache
def _known() -> dict[str, str]:
    found: dict[str, str] = json.loads(DATA.read_text(encoding="utf-8"))
    return found
