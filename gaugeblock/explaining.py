"""One equation as a reader in a terminal wants it: formula, code, dialects, sources, laws, and their proofs."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from types import CodeType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reference.catalogue import Claim, Equation, Variant

WIDTH = 100


def explain(entry: Equation) -> Iterator[str]:
    """The lines about one equation."""
    yield f"{entry.name}  ({entry.chapter})\n"
    yield _wrapped(" ".join((entry.function.__doc__ or "").split()))
    yield from _section("Formula", textwrap.indent(_formula(entry.latex), "  "))
    yield from _section("Code", textwrap.indent(_code(entry), "  "))
    yield from _section("which calls", *_helpers(entry.function))
    yield from _section("Domain", *(f"  {argument:<12} {kind}" for argument, kind in _domain(entry)))
    yield from _section("Sources", *(_bullet(str(source)) for source in entry.sources))
    for title, variants in (("Dialects", entry.dialects), ("Misprints", entry.misprints)):
        yield from _section(title, *(_variant(variant) for variant in variants.values()))
    for title, claims in (("Laws", entry.laws), ("Closed forms", entry.closed_forms)):
        yield from _section(title, *(_claim(claim) for claim in claims))
    yield from _section(
        "Limits", *(_bullet(f"{x.sentence}: {_arguments(x.given)} gives {_tuple(x.gives)}") for x in entry.limits)
    )
    forms = [
        f"with respect to {form.wrt}" + (f" ({form.facet})" if form.facet else "") for form in entry.gradient_forms
    ]
    yield from _section("Other forms of the gradient that are charged", *(_bullet(form) for form in forms))
    how = {"value": "its values, on frameworks", "proof": "proof alone: no framework has it"}[entry.certified_by]
    yield from _section("Certified by", f"  {how}", f"  proofs: tests/test_{entry.chapter}.py")


def _section(title: str, *lines: str) -> Iterator[str]:
    if lines:
        yield f"\n{title}"
        yield from lines


def _wrapped(text: str, indent: str = "", further: str | None = None) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent if further is None else further)


def _bullet(text: str) -> str:
    return _wrapped(text, "  - ", "    ")


LONGEST = 160  # characters of a formula's line


def _formula(latex: str) -> str:
    lines = textwrap.dedent(latex.strip("\n")).strip().splitlines()
    return "\n".join(
        textwrap.fill(line, LONGEST, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
        for line in lines
    )


def _code(entry: Equation) -> str:
    source = textwrap.dedent(inspect.getsource(entry.function))
    return source[source.index("def ") :].rstrip()


def _helpers(function: Any, seen: set[str] | None = None) -> Iterator[str]:
    """The sources of what the code calls in its own chapter or in another: plain helpers and declared freedoms."""
    from reference.functions import Either

    seen = {"_"} if seen is None else seen
    for name in _names(function.__code__):
        value = function.__globals__.get(name)
        if name in seen or not _of_a_chapter(value):
            continue
        seen.add(name)
        if isinstance(value, Either):
            yield textwrap.indent(_assignment(name, value.forms[0]), "  ")
            for form in value.forms:
                yield from _helpers(form, seen)
        elif inspect.isfunction(value):
            yield textwrap.indent(inspect.getsource(value).rstrip(), "  ")
            yield from _helpers(value, seen)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _of_a_chapter(value: Any) -> bool:
    """Whether this is code of a chapter, as opposed to the functions that all chapters share."""
    from reference.catalogue import chapters

    forms = getattr(value, "forms", None)
    module = getattr(forms[0] if forms else value, "__module__", None) or ""
    parts = module.split(".")
    return len(parts) > 1 and parts[0] == "reference" and parts[1] in chapters()


def _assignment(name: str, form: Any) -> str:
    """The statement that declares a freedom under this name."""
    source = inspect.getsource(inspect.getmodule(form) or form)
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
            return ast.get_source_segment(source, node) or ""
    return f"{name} = either(...)"


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
