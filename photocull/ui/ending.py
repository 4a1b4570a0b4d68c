"""Ctrl-C in the terminal, or being told to end, closes the window, asking nothing: nothing is left half done."""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from PySide6.QtCore import QSocketNotifier


@contextmanager
def ending_at_a_signal(close: Callable[[], object]) -> Iterator[None]:
    """Inside, SIGINT and SIGTERM call ``close`` once, in Qt's loop; a second signal is the system's own.

    Python runs its handlers between two of its own steps, and while Qt waits there are none: so the signal is also
    written into a socket, at which Qt wakes up.
    """
    ours, qts = socket.socketpair()
    for end in (ours, qts):
        end.setblocking(False)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def told(number: int, frame: FrameType | None) -> None:
        restore()
        close()

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def wake() -> None:
        with suppress(BlockingIOError):
            qts.recv(64)

    notifier = QSocketNotifier(qts.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(wake)
    woken = signal.set_wakeup_fd(ours.fileno(), warn_on_full_buffer=False)
    for number in before:
        signal.signal(number, told)
    try:
        yield
    finally:
        restore()
        signal.set_wakeup_fd(woken)
        notifier.setEnabled(False)
        ours.close()
        qts.close()
