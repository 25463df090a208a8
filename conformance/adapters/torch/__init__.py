"""What torch computes."""

import platform
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from conformance.adapters.torch.layouts import LAYOUTS as LAYOUTS
from conformance.adapters.torch.layouts import laid_out
from conformance.adapters.torch.memory import zeroed as zeroed
from conformance.adapters.torch.modes import COMPILE
from conformance.adapters.torch.modes import MODES as MODES
from conformance.adapters.torch.modes import has as has
from conformance.adapters.torch.snippets import literal_gradient as literal_gradient
from conformance.adapters.torch.snippets import tensor_literal as literal  # noqa: F401 - a hook
from conformance.adapters.torch.steps import FOREACH, FUSED, LOOP

torch.set_num_threads(1)  # one a worker; more would fight each other

VERSION = torch.__version__
DTYPES = ("float64", "float32", "bfloat16", "float16")
SLOW = (COMPILE,)


def devices() -> list[str]:
    """The processor, and each graphics card."""
    cards = range(torch.cuda.device_count()) if torch.cuda.is_available() else range(0)
    return ["cpu", *("cuda" if card == 0 else f"cuda:{card}" for card in cards)]


def tensor(x: np.ndarray, dtype: str, device: str = "cpu", layout: str = "contiguous") -> Tensor:
    """A tensor of these numbers, which are numbers of the dtype."""
    return laid_out(torch.tensor(x).to(getattr(torch, dtype)).to(device), layout)


def array(x: Tensor) -> np.ndarray:
    """The numbers of a tensor, as float64."""
    return np.asarray(x.detach().cpu().to(torch.float64).numpy())


def dtype_of(x: Tensor) -> str:
    """The dtype's name, without the framework's."""
    return str(x.dtype).removeprefix("torch.")


def gradient(
    f: Callable[..., Any],
    inputs: Mapping[str, Tensor],
    options: Mapping[str, Any],
    wrt: Sequence[str],
    cotangents: Sequence[Tensor],
) -> list[Tensor] | None:
    """What autograd gives for each named input; None where the outputs do not depend on any of them.

    A leaf is a view, not a copy, so that it lies in memory as the input does.
    """
    leaves = {name: x.detach().requires_grad_() if name in wrt else x for name, x in inputs.items()}
    made = f(*leaves.values(), **options)
    outputs = made if isinstance(made, tuple) else (made,)
    reached = [(o, c) for o, c in zip(outputs, cotangents, strict=True) if isinstance(o, Tensor) and o.requires_grad]
    if not reached:
        return None
    ends, sums = zip(*reached, strict=True)
    found = torch.autograd.grad(ends, [leaves[name] for name in wrt], sums, allow_unused=True)
    return [torch.zeros_like(leaves[name]) if g is None else g for name, g in zip(wrt, found, strict=True)]


def absent(error: BaseException) -> bool:
    """A kernel that does not exist says so in words, not by its type."""
    return isinstance(error, NotImplementedError) or "not implemented for" in str(error)


def facts(device: str, dtype: str, mode: str) -> dict[str, Any]:
    """What differs from the defaults, by which a number is rounded to the dtype of the array that it meets.

    On a processor add(other, alpha=number) and x + number do that, and so does _foreach_mul_: 270 times 0.99 is 266 in
    bfloat16, and a rate of 1e-8 is 0 in float16. The fused kernels keep the number in float32. Products of bfloat16
    matrices take subnormal operands and results for zero where the processor has AVX-512 BF16, whose instructions do.
    """
    if dtype not in {"bfloat16", "float16"} or device != "cpu":
        return {}
    found: dict[str, Any] = {"scalar": "float32"} if mode == FUSED else {}
    if dtype == "bfloat16" and mode not in {LOOP, FOREACH, FUSED} and torch.cpu._is_avx512_bf16_supported():  # noqa: SLF001
        found["flushes"] = "both"
    return found


def processor() -> str:
    """Which kernels a processor gets: torch's own by their vectors, oneDNN's by the dtypes that it can multiply."""
    known = torch.ops.mkldnn
    has = {"bfloat16": known._is_mkldnn_bf16_supported(), "float16": known._is_mkldnn_fp16_supported()}  # noqa: SLF001
    multiplies = " ".join(f"{dtype}={'yes' if there else 'no'}" for dtype, there in has.items())
    return f"{platform.machine()} {torch.backends.cpu.get_cpu_capability()} {multiplies}"


def build() -> dict[str, str]:
    """Which torch this is, and what it runs on."""
    shown = torch.__config__.show()
    found = {
        "build": _after("BUILD_TYPE=", shown),
        "commit": str(torch.version.git_version)[:12],
        "BLAS": _after("BLAS_INFO=", shown),
        "oneDNN": _after("MKL-DNN ", shown),
        "threads": str(torch.get_num_threads()),
    }
    if torch.cuda.is_available():
        found |= {"card": torch.cuda.get_device_name(), "CUDA": str(torch.version.cuda)}
        found |= {"cuDNN": str(torch.backends.cudnn.version()), "driver": _driver()}  # type: ignore[no-untyped-call]
    return found


def _after(word: str, shown: str) -> str:
    """What stands behind a word in torch's description of itself."""
    return shown.partition(word)[2].split(",")[0].split("(")[0].split("\n")[0].strip() or "none"


def _driver() -> str:
    """The newest CUDA that the driver can run: torch knows it by no other name."""
    known = getattr(torch._C, "_cuda_getDriverVersion", None)  # noqa: SLF001 - there is no public one
    return str(known()) if known else "unknown"


def synchronize(device: str) -> None:
    """Kernels on a card run after the call that asked for them."""
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)
