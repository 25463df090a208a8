"""The command: the catalogue in a terminal."""

from __future__ import annotations

import argparse
import inspect
import os
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import gaugeblock

if TYPE_CHECKING:
    from reference.catalogue import Claim, Equation, Variant

WIDTH = 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the result is its exit code."""
    parser = argparse.ArgumentParser(
        prog="gaugeblock", description="The reference standard for deep learning, in a terminal."
    )
    parser.add_argument("--version", action="version", version=f"gaugeblock {gaugeblock.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    listing = commands.add_parser("list", help="every equation: its name, its dialects, what it says about the world")
    listing.add_argument("chapter", nargs="?", help="only this chapter, such as optimizers")
    listing.add_argument("--names", action="store_true", help="only the names, one a line")
    explaining = commands.add_parser("explain", help="one equation: formula, code, dialects, sources, laws, proofs")
    explaining.add_argument("name", help="its name, such as adam")
    options = parser.parse_args(arguments)
    try:
        if options.command == "list":
            return _list(options.chapter, names_only=options.names)
        return _explain(options.name)
    except BrokenPipeError:  # somebody looked at the first lines only
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _list(chapter: str | None, *, names_only: bool) -> int:
    from reference.catalogue import CATALOGUE, chapters

    if chapter is not None and chapter not in chapters():
        return _complain(f"no chapter is called {chapter!r}; the chapters are {', '.join(chapters())}")
    entries = [e for e in CATALOGUE.values() if chapter in (None, e.chapter)]
    if names_only:
        print("\n".join(e.name for e in entries))
        return 0
    widest = max(len(e.name) for e in entries)
    current = ""
    for entry in entries:
        if entry.chapter != current:
            print(("\n" if current else "") + entry.chapter)
            current = entry.chapter
        fact = " ".join(_first_line(entry).split())
        print(f"  {entry.name:<{widest}}  {textwrap.shorten(fact, WIDTH - widest - 4, placeholder=' …')}")
        if entry.dialects:
            names = "dialects: " + ", ".join(entry.dialects)
            print(textwrap.fill(names, WIDTH, initial_indent=" " * (widest + 4), subsequent_indent=" " * (widest + 6)))
    dialects, claims = sum(len(e.dialects) for e in entries), sum(len(e.claims) for e in entries)
    print(f"\n{len(entries)} equations, {dialects} dialects, {claims} laws and closed forms")
    return 0


def _explain(name: str) -> int:
    from reference.catalogue import CATALOGUE, UnknownEquation

    try:
        entry = CATALOGUE[name]
    except UnknownEquation as unknown:
        return _complain(str(unknown))
    print(f"{entry.name}  ({entry.chapter})\n")
    print(_wrapped(" ".join((entry.function.__doc__ or "").split())))
    _section("Formula", textwrap.indent(_formula(entry.latex), "  "))
    _section("Code", textwrap.indent(_code(entry), "  "))
    _section("Domain", *(f"  {argument:<12} {kind}" for argument, kind in _domain(entry)))
    _section("Sources", *(_bullet(str(source)) for source in entry.sources))
    for title, variants in (("Dialects", entry.dialects), ("Misprints", entry.misprints)):
        _section(title, *(_variant(variant) for variant in variants.values()))
    for title, claims in (("Laws", entry.laws), ("Closed forms", entry.closed_forms)):
        _section(title, *(_claim(claim) for claim in claims))
    _section("Limits", *(_bullet(f"{x.sentence}: {_arguments(x.given)} gives {_tuple(x.gives)}") for x in entry.limits))
    forms = [
        f"with respect to {form.wrt}" + (f" ({form.facet})" if form.facet else "") for form in entry.gradient_forms
    ]
    _section("Other forms of the gradient that are charged", *(_bullet(form) for form in forms))
    how = {"value": "its values, on frameworks", "proof": "proof alone: no framework has it"}[entry.certified_by]
    _section("Certified by", f"  {how}", f"  proofs: tests/test_{entry.chapter}.py")
    return 0


def _first_line(entry: Equation) -> str:
    return (entry.function.__doc__ or "").strip().splitlines()[0]


def _section(title: str, *lines: str) -> None:
    if lines:
        print(f"\n{title}")
        print("\n".join(lines))


def _wrapped(text: str, indent: str = "", further: str | None = None) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent if further is None else further)


def _bullet(text: str) -> str:
    return _wrapped(text, "  - ", "    ")


def _formula(latex: str) -> str:
    return textwrap.dedent(latex.strip("\n")).strip()


def _code(entry: Equation) -> str:
    source = textwrap.dedent(inspect.getsource(entry.function))
    return source[source.index("def ") :].rstrip()


def _domain(entry: Equation) -> list[tuple[str, str]]:
    rows = [(name, _kind(argument)) for name, argument in entry.domain.items()]
    rows += [(name, f"a size from {low} to {high}") for name, (low, high) in entry.domain.sizes.items()]
    return rows + [("where", relation) for relation in entry.domain.where]


def _kind(argument: Any) -> str:  # noqa: PLR0911 - one sentence a kind
    from reference.domain import Array, Choice, Kind, Labels, Lane, Mask, Simplex

    match argument:
        case Kind(name="integer" | "between"):
            return f"{'an integer' if argument.integer else 'a real'} from {argument.low:g} to {argument.high:g}"
        case Kind():
            return argument.name
        case Choice():
            return "one of " + ", ".join(repr(option) for option in argument.options)
        case Lane():
            return f"{argument.kind.name}, any shape"
        case Array():
            return f"{argument.kind.name}, axes {argument.axes}"
        case Labels():
            return f"class numbers below {argument.below}, axes {argument.axes}"
        case Simplex():
            return f"probabilities along the last of the axes {argument.axes}"
        case Mask():
            return f"booleans, axes {argument.axes}"
    return repr(argument)


def _variant(variant: Variant) -> str:
    lines = [_bullet(f"{variant.name}: {variant.differs}")]
    lines += [textwrap.indent(_formula(variant.latex), "      ")]
    lines += [_wrapped(f"told apart by {_arguments(variant.telling)}", "    ", "      ")]
    return "\n".join(lines + [_wrapped(f"spoken by {source}", "    ", "      ") for source in variant.sources])


def _claim(claim: Claim) -> str:
    text = claim.sentence + (f", when {claim.when}" if claim.when else "") + f" [proved by {claim.by}]"
    lines = [_bullet(text)]
    if claim.outside is not None:
        lines.append(_wrapped(f"false for {_arguments(claim.outside)}", "    ", "      "))
    return "\n".join(lines)


def _arguments(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {_plain(value)}" for name, value in values.items())


def _plain(value: Any) -> str:
    import numpy as np

    if callable(value):
        return getattr(value, "__name__", "a function")
    if isinstance(value, np.ndarray):
        return np.array2string(value, separator=", ", threshold=20).replace("\n", "")
    return repr(value.item() if isinstance(value, np.generic) else value)


def _tuple(values: tuple[Any, ...]) -> str:
    return ", ".join(_plain(value) for value in values)


def _complain(message: str) -> int:
    print(f"gaugeblock: {message}", file=sys.stderr)
    return 2
