"""Who may import whom, read from the imports themselves."""

import ast
import sys
from pathlib import Path

import pytest

from reference.catalogue import chapters

ROOT = Path(__file__).resolve().parent.parent
FILES = [p for folder in ("gaugeblock", "reference", "conformance") for p in sorted((ROOT / folder).rglob("*.py"))]
FRAMEWORKS = {
    "torch",
    "jax",
    "optax",
    "flax",
    "keras",
    "tensorflow",
    "mlx",
    "paddle",
    "tinygrad",
    "onnx",
    "onnxruntime",
    "sklearn",
}
HEAVY = FRAMEWORKS | {"sympy", "flint", "hypothesis", "pytest"}


def imports(path):
    """Every module that a file imports, and whether at its top level."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = set(map(id, tree.body))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) in top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found += [(name, id(node) in top) for name in names]
    return found


def place(path):
    return path.relative_to(ROOT).with_suffix("").parts


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_arrows_point_the_right_way(path):
    here = place(path)
    for name, at_top in imports(path):
        package = name.split(".")[0]
        where = f"{'/'.join(here)} imports {name}"
        if here[0] == "reference":
            assert package not in FRAMEWORKS | {"pytest", "hypothesis", "conformance", "gaugeblock"}, where
            if package == "flint":
                assert here[1] == "number_systems", where
            if package == "sympy":
                assert here[1] == "number_systems" or not at_top, where
            if here[1] in chapters():
                assert not name.startswith("reference.number_systems"), where
        if here[:2] == ("conformance", "adapters"):
            assert package not in {"reference", "flint", "sympy"}, where
            assert package not in FRAMEWORKS - set(here[2:3]), where
        if here[0] == "conformance" and here[-1].startswith("test_"):
            assert package not in FRAMEWORKS, where
        if here[:2] in {("conformance", "certificate"), ("conformance", "export")}:
            own = name.startswith(("conformance.certificate", f"conformance.{here[1]}"))
            assert own or name == "conformance.plan.Plan" or package in sys.stdlib_module_names | {"__future__"}, where
        if here[0] == "gaugeblock":
            assert package not in HEAVY - {"pytest"}, where
        assert name != "gaugeblock.plugin", where


def test_no_chapter_imports_a_later_one_in_a_circle():
    edges = {c: set() for c in chapters()}
    for path in FILES:
        here = place(path)
        if here[0] == "reference" and here[1] in edges:
            for name, _ in imports(path):
                parts = name.split(".")
                if parts[0] == "reference" and parts[1] in edges and parts[1] != here[1]:
                    edges[here[1]].add(parts[1])
    left = dict(edges)
    while left:
        free = [c for c, needs in left.items() if not needs & set(left)]
        assert free, f"these chapters need each other: {left}"
        left = {c: needs for c, needs in left.items() if c not in free}


def test_nothing_chooses_a_tolerance():
    chosen = ("rtol", "atol", "allclose", "assert_close", "isclose", "pytest.approx")
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert not [word for word in chosen if word in text], path
