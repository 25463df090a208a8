"""Memory that nobody filled holds anything; where that is read, zeros there show that nothing else is wrong."""

import ctypes
import os
import platform
import subprocess
import sys

import pytest

torch = pytest.importorskip("torch")

from conformance.adapters.torch.memory import PERTURB, zeroed  # noqa: E402

glibc = platform.libc_ver()[0] == "glibc"


NO_CACHE = "glibc.malloc.tcache_count=0"  # from a thread's cache glibc gives a block out unfilled, once in a long while
ASKED = """
import torch
from conformance.adapters.torch.memory import zeroed
junk = [torch.full((size,), 7.0) for size in (1, 7, 64, 1000) for _ in range(50)]
del junk[::2]
with zeroed("cpu"):
    print(sum(bool(torch.empty(size).any()) for size in (1, 7, 64, 1000) for _ in range(50)))
"""


@pytest.mark.skipif(not glibc, reason="only glibc says what new memory holds")
def test_new_memory_holds_zeros_inside():
    environment = {**os.environ, "GLIBC_TUNABLES": NO_CACHE}
    ran = subprocess.run([sys.executable, "-c", ASKED], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["0"]


@pytest.mark.skipif(not glibc, reason="only glibc says what new memory holds")
def test_new_memory_holds_what_it_likes_outside():
    with zeroed("cpu"):
        pass
    ctypes.CDLL(None).mallopt(PERTURB, 1)
    try:
        assert torch.empty(64).any()
    finally:
        ctypes.CDLL(None).mallopt(PERTURB, 0)


def test_elsewhere_nothing_is_promised_and_nothing_breaks():
    with zeroed("cuda"):
        assert torch.zeros(3).sum() == 0
