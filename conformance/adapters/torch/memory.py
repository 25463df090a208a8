"""What memory holds when it is given out is nobody's business but that of who forgets to fill it."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

PERTURB = -6  # glibc: new memory is filled with the complement of a byte, and freed memory with the byte; 0 is off
ALL_ONES = 255


@contextmanager
def zeroed(device: str) -> Iterator[None]:
    """On a processor under glibc new memory holds zeros but for a rare block; elsewhere it holds what it held.

    glibc 2.36 does not fill a block that reaches its thread's cache while a request looks for one: two to six in
    600,000 allocations, with many freed before, and none where GLIBC_TUNABLES has glibc.malloc.tcache_count=0.
    """
    library = ctypes.CDLL(None) if device == "cpu" else None
    if library is None or not (hasattr(library, "gnu_get_libc_version") and hasattr(library, "mallopt")):
        yield
        return
    library.mallopt(PERTURB, ALL_ONES)
    try:
        yield
    finally:
        library.mallopt(PERTURB, 0)
