"""An equation of the catalogue that a formula names is that equation's function."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from reference.catalogue import CATALOGUE
from reference.domain import Array
from reference.entry import Equation

NAMED = {
    "Attention": "scaled_dot_product_attention", "MultiHead": "multi_head_attention", "LayerNorm": "layer_norm",
    "GRU": "gru_cell", "LSTM": "lstm_cell",
}  # fmt: skip
LABELS = {"": ("", "1"), "_1": ("1", ""), "_2": ("2", ""), "'": ("_out", "")}


def equations_in(entry: Equation, arguments: Mapping[str, Any]) -> dict[str, Callable[..., Any]]:
    """For each name of an equation its function; what a formula does not pass on are arguments of the same name."""
    found: dict[str, Callable[..., Any]] = {r"\star": _correlated}
    for said, name in NAMED.items():
        if name == entry.name:
            continue
        for label, endings in LABELS.items():
            made = _applied(CATALOGUE[name], arguments, endings)
            if made is not None:
                found[said + label] = made
    return found


def _applied(equation: Equation, arguments: Mapping[str, Any], endings: tuple[str, ...]) -> Callable[..., Any] | None:
    names = list(inspect.signature(equation.function).parameters)
    rest = {}
    for name in names:
        held = next((name + ending for ending in endings if name + ending in arguments), "")
        if held:
            rest[name] = arguments[held]
    batched = {n for n, a in equation.domain.items() if isinstance(a, Array) and a.batch}

    def applied(*given: Any) -> Any:
        """The function for one sample, or for a batch of them."""
        passed = dict(zip(names, given, strict=False))
        lacking = {n: len(equation.domain.shapes()[n]) - np.ndim(v) for n, v in passed.items() if n in batched}
        missing = max(lacking.values(), default=0)
        whole = {n: np.asarray(v)[(None,) * lacking.get(n, 0)] for n, v in passed.items()}
        made = equation.function(**(rest | whole))
        if not missing:
            return made
        return tuple(part[(0,) * missing] for part in made) if isinstance(made, tuple) else made[(0,) * missing]

    return applied


def _correlated(w: Any, x: Any) -> Any:
    """A kernel over images, as many zeros around them as leave their size as it is."""
    rows, columns = np.shape(w)[-2:]
    function = CATALOGUE["convolution_2d"].function
    return function(
        x, w, np.zeros(len(w)), stride_y=1, stride_x=1, padding_y=rows // 2, padding_x=columns // 2, dilation_y=1,
        dilation_x=1, groups=1,
    )  # fmt: skip
