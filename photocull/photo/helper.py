"""What runs in a helper process: it reads and decodes the files it is told of, and may die of one without a loss.

A file can bring a decoder down or let it run for ever where no exception helps: in C. Started by `keeper`, asked by
`guard`.
"""

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any, Final

from photocull.core.errors import UnreadablePhotoError
from photocull.core.memory import give_back, kept_memory
from photocull.photo import source
from photocull.photo.wire import Message, Words, receive, send

_IDLE: Final = 30.0
"""Seconds without work after which a helper ends, and gives its memory back."""
_PAUSE: Final = 1.0
_BEAT: Final = 0.5
SPARE_BYTES: Final = 768 << 20
"""What a small file's decoder may take beyond what a new helper holds, its libraries included."""
BYTES_PER_BYTE: Final = 1000
MOST_BYTES: Final = 5 << 30
"""What it may take more for each byte of the file, as honest pictures are compressed less than that; and at most: 250
megapixels in the most wasteful of the decoders, JPEG 2000's."""
SPARE_SECONDS: Final = 10
SECONDS_PER_MEGABYTE: Final = 10
MOST_SECONDS: Final = 180
"""Processor time for a file, beside the same for each megabyte of it, and at most: JPEG 2000 takes 18 s for 100
megapixels in 7 MB."""


def main(line: str, tray: str) -> None:
    """Serve until there is nothing to do any more, or nobody to do it for.

    Args:
        line: number of the socket over which orders come; "shared" where it comes through standard input.
        tray: number of the file for pictures; empty where they go over the socket.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work = _shared() if line == "shared" else socket.socket(fileno=int(line))
    _end_with_parent()
    _leave_no_traces()
    with contextlib.suppress(OSError), kept_memory():
        serve(work, int(tray) if tray else None)


def serve(work: socket.socket, tray: int | None) -> None:
    """Do one order after the other.

    Raises:
        OSError: who gave the orders is gone, or gave none for long (`TimeoutError`).
    """
    held = _held_bytes()
    while True:
        order = _next(work)
        if order is None:
            return
        work.settimeout(None)
        answer = _done(order.words, work, held)
        send(work, answer.words, answer.pictures, tray=tray)


def _next(work: socket.socket) -> Message | None:
    """The next order; where none comes at once, free memory goes back to the system meanwhile."""
    work.settimeout(_PAUSE)
    try:
        return receive(work)
    except TimeoutError:
        give_back()
    work.settimeout(_IDLE)
    return receive(work)


def _done(order: Words, work: socket.socket, held: int) -> Message:
    path = Path(order["path"])
    from photocull.photo.errands import ERRANDS, load_decoders

    load_decoders(order["errand"])
    pulse = _Pulse(work) if order["slow"] else None
    source.PULSE.set(pulse)
    try:
        if pulse is not None:
            pulse.begin()  # what it took to start is not the drive's silence
        _set_limits(path, held)
        return ERRANDS[order["errand"]](path, order)
    except UnreadablePhotoError as error:
        return Message(_told(error))
    except MemoryError:
        return Message({"unreadable": source.NO_MEMORY, "errno": None, "memory": True})
    except OSError as error:
        return Message({"fault": error.errno, "why": error.strerror})


def _told(error: UnreadablePhotoError) -> Words:
    cause = error.__cause__
    number = cause.errno if isinstance(cause, OSError) else None
    return {"unreadable": error.sentence, "errno": number, "memory": isinstance(cause, MemoryError)}


class _Pulse:
    """Tells that pieces of a file arrive, and when all of it is there; not oftener than somebody could care."""

    def __init__(self, work: socket.socket) -> None:
        self._work = work
        self._last = time.monotonic()

    def begin(self) -> None:
        """Tell that the file is turned to."""
        send(self._work, {"beat": "reading"})

    def __call__(self, *, whole: bool = False) -> None:
        if whole or time.monotonic() - self._last > _BEAT:
            self._last = time.monotonic()
            send(self._work, {"beat": "decoding" if whole else "reading"})


def _set_limits(path: Path, held: int) -> None:
    """Bound memory and processor time by the file's size, so that a header that lies gets no more than others.

    The system counts what lies in memory of its own (RLIMIT_DATA, Linux) and the time of all threads (RLIMIT_CPU).

    Args:
        held: bytes that the helper held at first; what earlier files left behind counts.
    """
    if sys.platform == "win32":
        return
    import resource

    size = _size(path)
    seconds = min(SPARE_SECONDS + SECONDS_PER_MEGABYTE * size // (1 << 20), MOST_SECONDS)
    _limit(resource.RLIMIT_CPU, int(time.process_time()) + 1 + seconds)
    if held:
        _limit(resource.RLIMIT_DATA, held + SPARE_BYTES + min(BYTES_PER_BYTE * size, MOST_BYTES))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # the errand itself says what is wrong
        return 0


def _limit(which: int, value: int) -> None:
    import resource

    if sys.platform != "win32":
        hard = resource.getrlimit(which)[1]
        resource.setrlimit(which, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _held_bytes() -> int:
    """Memory of this process's own, by the system's count; 0 where it is not limited."""
    if not sys.platform.startswith("linux"):
        return 0
    status = Path("/proc/self/status").read_text("ascii", "replace")
    line = next(line for line in status.splitlines() if line.startswith("VmData:"))
    return int(line.split()[1]) << 10


def _end_with_parent() -> None:
    """Let the system end this process when the other end of standard input closes, be it in the midst of a decoder.

    Unix sends SIGIO, whose effect is the end. Elsewhere a thread waits for it, which a decoder may hold up.
    """
    if sys.platform == "win32":
        threading.Thread(target=_end_after_input, daemon=True).start()
        return
    import fcntl

    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC | os.O_NONBLOCK)
    with contextlib.suppress(BlockingIOError):
        if not os.read(0, 1):  # it had closed before the signal was ordered
            os._exit(0)


def _end_after_input() -> None:
    while os.read(0, 1):
        pass
    os._exit(0)


def _leave_no_traces() -> None:
    """A crash writes no memory image beside the photos, and opens no dialog."""
    if sys.platform == "win32":
        import ctypes

        no_dialogs = 0x8003
        ctypes.windll.kernel32.SetErrorMode(no_dialogs)
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _shared() -> socket.socket:
    """The socket that Windows hands over as bytes through standard input."""
    length = int.from_bytes(sys.stdin.buffer.read(4), "little")
    fromshare: Any = getattr(socket, "fromshare")  # noqa: B009  there on Windows alone
    shared: socket.socket = fromshare(sys.stdin.buffer.read(length))
    return shared
