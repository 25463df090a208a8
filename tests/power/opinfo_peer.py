"""A framework's own test inputs were chosen for its own kernels; here they are given to the same equations."""

from __future__ import annotations

from functools import cache
from time import process_time
from typing import Any

import numpy as np
import torch
from torch.testing._internal.common_device_type import toleranceOverride
from torch.testing._internal.common_methods_invocations import op_db

from reference.catalogue import CATALOGUE
from tests.harness import adapter
from tests.power.found import Found, Tally, call, largest, told
from tests.power.opinfo_options import Unfit
from tests.power.opinfo_samples import CONVERTED
from tests.power.optiminfo_peer import OPTIMIZERS, walked

MOST = 400  # samples of one operation in one dtype; max_pool2d alone has 1440
SUITES = ("TestCommon", None)  # whose tolerances are for values that are compared


@cache
def operation(name: str) -> Any:
    """The OpInfo of a name, with its variant behind a colon."""
    name, _, variant = name.partition(":")
    return next(op for op in op_db if op.name == name and op.variant_test_name == variant)


@cache
def samples(name: str, dtype: torch.dtype) -> list[Any]:
    """The samples of an operation and those for comparisons with a reference; of very many, some at random."""
    torch.manual_seed(0)
    found = list(operation(name).reference_inputs("cpu", dtype))
    chosen = np.random.default_rng(0).permutation(len(found))[:MOST]
    return [found[i] for i in sorted(chosen)]


def tolerances(name: str, dtype: torch.dtype) -> dict[str, float]:
    """The operation's own tolerances where it overrides the default for this dtype, the widest of them; else none."""
    found: list[Any] = []
    for held in operation(name).decorators:
        own = getattr(held, "decorators", [held])
        if getattr(held, "cls_name", None) in SUITES and getattr(held, "device_type", None) in (None, "cpu"):
            found += [o.d[dtype] for o in own if isinstance(o, toleranceOverride) and dtype in o.d]
    if not found:
        return {}
    return {"atol": max(t.atol for t in found), "rtol": max(t.rtol for t in found)}


def mapped(equation: str) -> str:
    """What an equation corresponds to, in words; empty where there is nothing."""
    if equation in OPTIMIZERS:
        return f"optim.{OPTIMIZERS[equation].__name__}"
    return CONVERTED[equation][0] if equation in CONVERTED else ""


def tried(entry: Any, *, seed: int) -> Found:
    """Each sample that can be converted, in each dtype that both sides have."""
    torch.manual_seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - an implementation may draw from it
    found, tally, start = Found(applies=False), Tally(), process_time()
    name = mapped(entry.equation)
    if not name or entry.random:
        return found
    counted, made = tally.of(entry), adapter(entry)
    failing: list[tuple[int, int, str]] = []
    if entry.equation in OPTIMIZERS:
        for dtype in ("float64", "float32"):
            number, wrong = walked(counted, made, dtype)
            found.tried += number
            failing += wrong
            if failing:
                break
    elif CATALOGUE[entry.equation].dtype != "exact":
        for dtype in made.dtypes:
            _sampled(counted, made, dtype, found, failing)
            if failing:
                break
    found.applies = found.tried > 0
    if failing:
        steps, elements, found.message = min(failing)
        found.caught, found.by, found.elements = True, name, elements
        found.steps = steps if entry.equation in OPTIMIZERS else None
    found.calls, found.seconds = tally.calls, process_time() - start
    found.whole = found.seconds
    return found


def _sampled(entry: Any, made: Any, dtype: str, found: Found, failing: list[Any]) -> None:
    """All samples of one dtype; what lies in memory otherwise, and the gradient, where the framework is torch."""
    name, convert = CONVERTED[entry.equation]
    held = getattr(torch, dtype)
    if held not in operation(name).supported_dtypes("cpu"):
        return
    own = tolerances(name, held)
    for sample in samples(name, held):
        forms = [sample, sample.noncontiguous()] if entry.over == "torch" else [sample]
        for k, form in enumerate(forms):
            try:
                values, want = convert(operation(name).op, form)
            except Unfit:
                continue
            found.tried += 1
            size = largest({n: v for n, v in values.items() if isinstance(v, torch.Tensor)})
            wrong = _differs(entry, made, values, want, own)
            if wrong is None and entry.over == "torch" and dtype == "float64" and k == 0:
                wrong = _gradient(entry, values)
            if wrong is not None:
                failing.append((1, size, wrong))


def _differs(entry: Any, made: Any, values: dict[str, Any], want: Any, own: dict[str, float]) -> str | None:
    """How an implementation is off, or None."""
    given = values
    if entry.over != "torch":
        given = {n: v.detach().numpy().copy() if isinstance(v, torch.Tensor) else v for n, v in values.items()}
    wants = want if isinstance(want, tuple) else (want,)
    try:
        with np.errstate(all="ignore"):
            got = call(entry, given, (entry.modes or ("",))[-1])
        for one, two in zip(got, wants, strict=True):
            one_ = one.detach() if isinstance(one, torch.Tensor) else torch.as_tensor(np.array(one, order="C"))
            torch.testing.assert_close(one_, two.detach(), equal_nan=True, check_dtype=two.is_floating_point(), **own)
    except Exception as error:  # noqa: BLE001 - an error is a failed test
        return told(error)
    return None


def _gradient(entry: Any, values: dict[str, Any]) -> str | None:
    """gradcheck on a sample, as the framework's own tests of gradients do."""
    smooth = [n for n in CATALOGUE[entry.equation].differentiable if values[n].numel()]
    if not smooth or sum(v.numel() for v in values.values() if isinstance(v, torch.Tensor)) > 200:
        return None
    leaves = [values[n].detach().clone().requires_grad_() for n in smooth]
    try:
        torch.autograd.gradcheck(lambda *x: call(entry, values | dict(zip(smooth, x, strict=True)), ""), leaves)
    except Exception as error:  # noqa: BLE001 - an error is a failed test
        return told(error)
    return None
