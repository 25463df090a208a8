"""A counterexample as a program: plain code of the framework that runs on its own and shows what is off."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from conformance.calling.computing import INTEGERS, Misshapen, Raised, arguments, computed
from conformance.counterexample.replay import encoded
from conformance.counterexample.shrink import Small
from conformance.judging.expected import expected
from conformance.judging.strain import letter, strains
from conformance.plan import Case
from reference.number_systems.rounded import Rounded

MOST = 40  # numbers that are written out


def counterexample(case: Case, small: Small, form: str) -> dict[str, Any]:
    """The input, what came, what was due, how far it may be off, and a program that shows it."""
    what = expected(case, small.values)
    try:
        got = computed(case, small.values, small.layout)
    except (Raised, Misshapen) as error:
        got, says = (), str(error)
    else:
        found = [strains(g, w) for g, w in zip(got, what.outputs(form), strict=True)]
        at = max(range(len(found)), key=lambda i: found[i].worst)
        one, place = found[at], found[at].place
        want = what.outputs(form)[at]
        exact, bound = (
            (want.midpoint, want.bound) if isinstance(want, Rounded) else (np.asarray(want), np.zeros(np.shape(want)))
        )
        exact, bound = exact[place], bound[place]
        name = case.entry.outputs[at]
        says = (
            f"{name}{list(place) or ''} is {float(got[at][place])!r}, want {float(exact)!r} ± {float(bound):.3g}: "
            f"strain {one.worst:.4g} ({letter(one.worst)})"
        )
    return {
        "values": encoded(small.values),
        "layout": small.layout,
        "form": form,
        "says": says + (f"; {small.note}" if small.note else ""),
        "elements": max((np.size(v) for v in small.values.values() if isinstance(v, np.ndarray)), default=0),
        "snippet": snippet(case, small.values, small.layout, says),
    }


def snippet(case: Case, values: Mapping[str, Any], layout: str, says: str) -> str:
    """A program of the framework's own calls: the adapter's, where it writes one, else the claim's source."""
    claim = case.adapter.claims[case.equation]
    own = getattr(claim.function, "snippet", None)
    if own is not None:
        with suppress(Exception):  # a snippet that cannot be written must not hide the finding
            lines = list(own(case.dtype, case.device, case.mode, values, layout))
            return "\n".join([*lines, _comment(says)])
    return "\n".join([*_program(case, values, layout), _comment(says)])


def _comment(says: str) -> str:
    return "# " + " ".join(says.split())


def gradient_program(
    case: Case, values: Mapping[str, Any], layout: str, cotangents: Sequence[np.ndarray], says: str
) -> str:
    """The same with the framework's own way to differentiate, where the adapter writes one."""
    lines = _program(case, values, layout)
    backward = getattr(case.adapter.head, "literal_gradient", None)
    if backward is not None and lines and lines[-1].startswith("print("):
        weights = [_literal(case, c, "contiguous") for c in cotangents]
        lines = [*lines[:-1], *backward(lines[-1][6:-1], list(case.entry.differentiable), weights)]
    return "\n".join([*lines, _comment(says)])


def _program(case: Case, values: Mapping[str, Any], layout: str) -> list[str]:
    claim = case.adapter.claims[case.equation]
    function = inspect.unwrap(claim.function)
    try:
        body = _without_decorators(textwrap.dedent(inspect.getsource(function)))
        module = Path(inspect.getfile(function)).read_text(encoding="utf-8")
    except (OSError, TypeError):
        return [f"# {case.equation} of {values}"]
    used = list(_needed(module, body, getattr(function, "__name__", "f")))
    if hasattr(case.adapter.head, "literal"):
        used = list(dict.fromkeys([f"import {case.adapter.name}", *used]))
    positional, named = arguments(case, values, layout) if not claim.steps else (dict(values), {})
    calls = [f"{n}={v!r}" for n, v in named.items()]
    given = [f"{n} = {_literal(case, values[n], layout)}" for n in positional]
    call = f"print({function.__name__}({', '.join([*positional, *calls])}))"
    return [*used, *body.splitlines(), *given, call]


def _literal(case: Case, value: Any, layout: str) -> str:
    """An argument as the framework's own code: the adapter's way to write it, else NumPy's."""
    if not isinstance(value, np.ndarray):
        return repr(value)
    dtype = case.dtype if value.dtype.kind == "f" else INTEGERS[value.dtype.kind]
    write = getattr(case.adapter.head, "literal", None)
    if write is not None:
        return str(write(value, dtype, case.device, layout))
    numbers = np.array2string(value, separator=", ", threshold=MOST, floatmode="unique", max_line_width=10_000)
    return f"np.array({numbers}, dtype=np.{dtype})".replace("\n", "").replace("nan", "np.nan").replace("inf", "np.inf")


def _without_decorators(source: str) -> str:
    """A function's text from its `def` on, without its docstring."""
    lines = source.splitlines()
    tree = ast.parse(source).body[0]
    lines = lines[tree.lineno - 1 :]
    if isinstance(tree, ast.FunctionDef) and ast.get_docstring(tree) and len(tree.body) > 1:
        doc = tree.body[0]
        start, end = doc.lineno - tree.lineno, (doc.end_lineno or doc.lineno) - tree.lineno
        lines = lines[:start] + lines[end + 1 :]
    return "\n".join(lines)


@cache
def _needed(module: str, body: str, name: str) -> tuple[str, ...]:
    """The imports and the definitions of a module that a piece of code uses, directly or through each other."""
    tree = ast.parse(module)
    wanted = _names(body) - {name}
    keep: dict[int, str] = {}
    for _ in range(4):  # definitions may use further ones
        for node in tree.body:
            if node.lineno in keep:
                continue
            text = ast.get_source_segment(module, node) or ""
            if isinstance(node, ast.Import | ast.ImportFrom):
                parts = [a for a in node.names if (a.asname or a.name).split(".")[0] in wanted]
                if parts and not (
                    isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("conformance", "gaugeblock"))
                ):
                    keep[node.lineno] = ast.unparse(_only(node, parts))
            elif isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in wanted and not node.decorator_list:
                keep[node.lineno] = _without_decorators(text)
                wanted |= _names(text)
            elif isinstance(node, ast.Assign) and {t.id for t in node.targets if isinstance(t, ast.Name)} & wanted:
                keep[node.lineno] = text
                wanted |= _names(text)
    return tuple(keep[line] for line in sorted(keep))


def _only(node: ast.Import | ast.ImportFrom, parts: list[ast.alias]) -> ast.Import | ast.ImportFrom:
    return ast.Import(names=parts) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, parts, node.level)


def _names(code: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(textwrap.dedent(code))) if isinstance(node, ast.Name)}
