"""One function of torch can run on several paths: as it is, compiled, or under flags that change its kernels."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from importlib.util import find_spec
from typing import Any

import torch

from conformance.adapters.contract import EAGER, Claim, Function
from conformance.adapters.torch import optimizers, schedules

COMPILE, TF32, DETERMINISTIC = "compile", "tf32", "deterministic"

# Dynamo was seen to compile no part of these, or nothing but the sizes around them: they hold Python's own numbers,
# loops over an optimizer, a layer of recurrent cells, or a branch on data.
UNCOMPILED = {
    claim.equation for module in (optimizers, schedules) for claim in vars(module).values() if isinstance(claim, Claim)
} | {
    "rnn", "lstm", "gru", "packed_rnn", "bidirectional_rnn", "encoder_decoder", "nearest_upsampling", "mse_gradient",
    "gaussian_nll",
}  # fmt: skip


def compiled(function: Function) -> Function:
    """Compiled once for all sizes above one; where torch has compiled too often it would go on uncompiled, unheard."""
    from torch._dynamo import config

    config.recompile_limit = config.accumulated_recompile_limit = 1_000_000
    config.fail_on_recompile_limit_hit = True
    made: Function = torch.compile(function, dynamic=True)
    return made


@contextmanager
def tensor_cores(*, allowed: bool) -> Iterator[None]:
    """Whether float32 products on CUDA may round their factors to 11 bits: torch itself allows it to convolutions."""
    places: tuple[Any, ...] = (torch.backends.cuda.matmul, torch.backends.cudnn)
    before = [place.allow_tf32 for place in places]
    for place in places:
        place.allow_tf32 = allowed
    try:
        yield
    finally:
        for place, value in zip(places, before, strict=True):
            place.allow_tf32 = value


@contextmanager
def deterministic() -> Iterator[None]:
    """Only kernels that give the same again; what has none raises."""
    before = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(mode=True)
    try:
        with tensor_cores(allowed=False):
            yield
    finally:
        torch.use_deterministic_algorithms(mode=before)


def under(flags: Callable[[], AbstractContextManager[None]]) -> Callable[[Function], Function]:
    """The function, with flags that are set for each call and put back after it."""

    def mode(function: Function) -> Function:
        @wraps(function)
        def flagged(*arguments: Any, **options: Any) -> Any:
            with flags():
                return function(*arguments, **options)

        return flagged

    return mode


if torch.cuda.is_available():
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS repeats itself only with this
    full = under(lambda: tensor_cores(allowed=False))
    MODES: dict[str, Callable[[Function], Function]] = {
        EAGER: full,
        COMPILE: lambda function: full(compiled(function)),
        TF32: under(lambda: tensor_cores(allowed=True)),
        DETERMINISTIC: under(deterministic),
    }
else:
    MODES = {EAGER: lambda function: function, COMPILE: compiled}


def can_compile(device: str) -> bool:
    """Whether there is a compiler for the code that torch writes."""
    if device.startswith("cuda"):
        return find_spec("triton") is not None
    return shutil.which(os.environ.get("CXX", "g++")) is not None


def has(equation: str, device: str, dtype: str, mode: str) -> bool:
    """Whether torch offers an equation there; of an optimizer, its public object is asked."""
    if equation in optimizers.STEPS:
        return optimizers.offered(equation, device, dtype, mode)
    if mode == COMPILE:
        return dtype != "exact" and equation not in UNCOMPILED and can_compile(device)
    if mode == TF32:
        return device.startswith("cuda") and dtype == "float32"
    if mode == DETERMINISTIC:
        return device.startswith("cuda") and dtype != "exact"
    return True
