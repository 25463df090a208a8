"""A badge says in a line how many equations conform, in a drawing that needs no font and no network."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from conformance.certificate.outcomes import by_equation

WIDE, NARROW = "mMwW%@", "iljtfrI1.,:;|!' "
GREEN, YELLOW, RED, GREY = "#2b7a3b", "#8a6100", "#b3261e", "#555"


def badge(data: dict[str, Any], name: str = "gaugeblock") -> str:
    """An SVG of two fields: whose word it is, and the verdict with its denominator."""
    good, all_ = by_equation(data["cells"])
    partial = " (partial)" if data["partial"] else ""
    verdict = f"{good} of {all_} conform{partial}" if all_ else "nothing certified"
    colour = GREY if not all_ else GREEN if good == all_ and not partial else YELLOW if 10 * good >= 9 * all_ else RED
    title = f"{name}, {data['identity']['framework']} {data['identity']['version']}: {verdict}"
    left, right = (_width(text) + 12 for text in (name, verdict))
    fields = "".join(
        f'<text x="{x}" y="14" text-anchor="middle" textLength="{length - 12}" lengthAdjust="spacingAndGlyphs">'
        f"{escape(text)}</text>"
        for text, x, length in ((name, left / 2, left), (verdict, left + right / 2, right))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" '
        f"aria-label={quoteattr(_plain(title))}>"
        f"<title>{escape(_plain(title))}</title>"
        f'<clipPath id="corners"><rect width="{left + right}" height="20" rx="3"/></clipPath>'
        f'<g clip-path="url(#corners)"><rect width="{left}" height="20" fill="#333"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{colour}"/></g>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">{fields}</g></svg>\n'
    )


def _width(text: str) -> int:
    """About how wide a text is in eleven points."""
    return round(sum(9.5 if c in WIDE else 4.2 if c in NARROW else 6.8 for c in text))


def _plain(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(c if c.isprintable() else " " for c in text)
