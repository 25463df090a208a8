"""A case may take a limited time: Python code is interrupted, and a process that hangs below Python is ended."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

GRACE = 5.0  # seconds for Python to be interrupted in
ENDED = 124  # the exit code of a process that was ended for its time


class TimeLimit(BaseException):
    """A case took longer than it may. No framework's `except Exception` can swallow it."""


@contextmanager
def time_limit(seconds: float, last_word: Callable[[], None]) -> Iterator[None]:
    """Interrupt what runs longer; where it cannot be interrupted, write a last word and end the process."""

    def interrupt(_: int, __: FrameType | None) -> None:
        raise TimeLimit(f"took more than {seconds:g} s")

    def end() -> None:
        last_word()
        os._exit(ENDED)

    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    watchdog = threading.Timer(seconds + GRACE, end)
    watchdog.daemon = True
    before = signal.signal(signal.SIGALRM, interrupt)
    watchdog.start()
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        watchdog.cancel()
