"""Ctrl-C in a command that works for long: it ends at the next safe place, and what was done is kept."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from photocull.core.work import CancelToken


@contextmanager
def interrupting(token: CancelToken) -> Iterator[None]:
    """Inside, Ctrl-C cancels the token; the second one is the interpreter's."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        token.cancel()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
