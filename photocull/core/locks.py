"""Lock files between processes: held by the operating system, so that they die with the process that holds them."""

import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_PAUSE: Final = 0.05
_RANGE: Final = 1 << 30
"""Windows has no shared locks in Python: there each takes one byte of so many, and who wants all takes them all."""


class BusyError(Exception):
    """Another process, or another thread of this one, holds the lock."""


@contextmanager
def held(path: Path, patience: float = 0.0) -> Iterator[None]:
    """Hold the lock while entered; the file is there only as long.

    Args:
        path: the lock file; its folder exists.
        patience: seconds to wait for another holder.

    Raises:
        BusyError: it is held elsewhere.
        OSError: the folder cannot be written.
    """
    handle = _taken(path, time.monotonic() + patience)
    try:
        yield
    finally:
        if sys.platform == "win32":  # there an open file cannot be deleted
            os.close(handle)
            with suppress(OSError):
                path.unlink()
        else:
            with suppress(OSError):
                path.unlink()
            os.close(handle)


def _taken(path: Path, until: float) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        if take(handle, alone=True):
            if _is_still(handle, path):
                return handle
            os.close(handle)  # the holder before us deleted the file that we waited for
            continue
        os.close(handle)
        if time.monotonic() >= until:
            raise BusyError
        time.sleep(_PAUSE)


def _is_still(handle: int, path: Path) -> bool:
    try:
        now = path.stat()
    except OSError:
        return False
    ours = os.fstat(handle)
    return (now.st_dev, now.st_ino) == (ours.st_dev, ours.st_ino)


if sys.platform == "win32":
    import msvcrt

    def take(handle: int, *, alone: bool) -> bool:
        """Lock an open file, shared or alone, without waiting; whether that was possible."""
        for _ in range(1 if alone else 3):  # two that draw the same byte draw again
            with suppress(OSError):
                os.lseek(handle, 0 if alone else random.randrange(_RANGE), os.SEEK_SET)
                msvcrt.locking(handle, msvcrt.LK_NBLCK, _RANGE if alone else 1)
                return True
        return False

else:
    import fcntl

    def take(handle: int, *, alone: bool) -> bool:
        """Lock an open file, shared or alone, without waiting; whether that was possible.

        A file system without locks lets everybody have it: one person's files are seldom changed twice at once.
        """
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True
