"""What ends a command that works for long: Ctrl-C, or the system's word to end; what was done is kept."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Final

from photocull.core.work import CancelToken

_ENDING: Final = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
"""How systems tell a program to end; SIGBREAK is Windows'."""


@contextmanager
def interrupting(token: CancelToken) -> Iterator[None]:
    """Inside, Ctrl-C cancels the token; the second one is the interpreter's."""
    with _stopping(token, [signal.SIGINT]):
        yield


@contextmanager
def ending(token: CancelToken) -> Iterator[list[int]]:
    """As `interrupting`, and whatever else tells a program to end does the same; gives the signals that came."""
    with _stopping(token, [signal.SIGINT, *_ENDING]) as came:
        yield came


@contextmanager
def _stopping(token: CancelToken, numbers: Sequence[int]) -> Iterator[list[int]]:
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield came
        return

    def stop(number: int, frame: FrameType | None) -> None:
        came.append(number)
        token.cancel()
        signal.signal(number, before[number])

    heard = [n for n in numbers if n == signal.SIGINT or signal.getsignal(n) != signal.SIG_IGN]  # as under nohup
    before = {number: signal.signal(number, stop) for number in heard}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
