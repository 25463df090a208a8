"""The gradient that a framework gives lies within the bound that the equation's own derivative derives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
import pytest

from conformance.computing import by_position, computed, gradients, parts
from conformance.judge import strain
from conformance.scenarios.carry import over_bounds
from conformance.scenarios.draw import draw
from reference.catalogue import CATALOGUE, Equation
from reference.number_systems.rounded import Format, Rounded
from reference.number_systems.rounded.format import FORMATS
from reference.number_systems.tape import gradient

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.plan import Case

SCENARIOS = 6
LANES = 32


def applies(case: Case) -> bool:
    """Whether the equation has a derivative and the framework takes one."""
    return bool(CATALOGUE[case.equation].differentiable) and case.adapter.gradient is not None


def test_gradient(case: Case) -> None:
    """Of the equation or one of its dialects, for a random cotangent of every output."""
    entry = CATALOGUE[case.equation]
    fmt = FORMATS[case.dtype]
    generator = np.random.default_rng(crc32(f"gradient of {case.equation}".encode()))
    worst: dict[str, tuple[float, str]] = {}
    for _ in range(SCENARIOS):
        values = draw(entry.domain, generator, lanes=LANES, quantize=fmt.quantize)
        cotangents = [fmt.quantize(generator.normal(size=o.shape)) for o in computed(case, values)]
        found = gradients(case, values, entry.differentiable, cotangents)
        if found is None:
            pytest.skip("the claim's outputs carry no gradient")
        for name, slopes in expected(entry, values, cotangents, fmt).items():
            here = max((strain(found[n], slopes[n]).worst, n) for n in slopes)
            worst[name] = max(worst.get(name, (0.0, "")), here)
    name, (much, argument) = min(worst.items(), key=lambda item: item[1])
    waiver = case.adapter.waiver(str(case), "gradient")
    if waiver is not None and much <= 1:
        pytest.fail(f"{case} passes, so its waiver is out of date: {waiver.reason} ({waiver.url})", pytrace=False)
    if waiver is not None:
        pytest.xfail(f"{waiver.reason} ({waiver.url})")
    if much > 1:
        pytest.fail(
            f"{case}: the gradient with respect to {argument} is off by {much:.4g} times what honest rounding "
            f"explains, even against {name}",
            pytrace=False,
        )


def expected(
    entry: Equation, values: Mapping[str, Any], cotangents: list[np.ndarray], fmt: Format
) -> dict[str, dict[str, Rounded]]:
    """For the equation and each dialect with outputs of these shapes, the gradients and their bounds."""
    carried = over_bounds(entry.domain, values, fmt)
    weights = tuple(Rounded.of(c, fmt) for c in cotangents)
    forms: dict[str, Callable[..., Any]] = {"the equation": entry.function}
    forms |= {name: dialect.function for name, dialect in entry.dialects.items()}
    slopes = {}
    for name, function in forms.items():
        shapes = [np.shape(o) for o in parts(function(**carried))]
        if shapes == [c.shape for c in cotangents]:
            slopes[name] = gradient(function, carried, entry.differentiable, weights)
    if "the equation" in slopes:
        slopes["the equation"] = charged(entry, slopes["the equation"], carried, weights)
    return slopes


def charged(
    entry: Equation, slopes: dict[str, Rounded], carried: Mapping[str, Any], weights: tuple[Rounded, ...]
) -> dict[str, Rounded]:
    """The bounds widened to what the declared forms of a gradient may round."""
    positional, named = by_position(entry, carried)
    widened = dict(slopes)
    for form in entry.gradient_forms:
        other = form.function(*weights, *positional.values(), **named)
        taped = widened[form.wrt]
        widened[form.wrt] = Rounded(taped.value, np.maximum(taped.bound, other.bound), taped.fmt)
    return widened
