"""Memory that nobody filled holds anything; where that is read, zeros there show that nothing else is wrong."""

import ctypes
import platform

import pytest

torch = pytest.importorskip("torch")

from conformance.adapters.torch.memory import PERTURB, zeroed  # noqa: E402

glibc = platform.libc_ver()[0] == "glibc"


@pytest.mark.skipif(not glibc, reason="only glibc says what new memory holds")
def test_new_memory_holds_zeros_inside_and_what_it_likes_outside():
    with zeroed("cpu"):
        dirty = sum(bool(torch.empty(size).any()) for size in (1, 7, 64, 1000) for _ in range(50))
    assert dirty <= 2  # of 200: glibc leaves a block unfilled once in a long while
    ctypes.CDLL(None).mallopt(PERTURB, 1)
    try:
        assert torch.empty(64).any()
    finally:
        ctypes.CDLL(None).mallopt(PERTURB, 0)


def test_elsewhere_nothing_is_promised_and_nothing_breaks():
    with zeroed("cuda"):
        assert torch.zeros(3).sum() == 0
